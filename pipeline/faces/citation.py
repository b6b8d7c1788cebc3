"""The package as CITATION.cff 1.2.0, so that GitHub, Zotero and Zenodo show how to cite it."""

from __future__ import annotations

from pipeline.language import Package


def citation_cff(package: Package) -> str:
    """CITATION.cff as text. Authors are entities: the contributors as the descriptor names them."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this dataset, please cite it with the exact version that you used.",
        "type: dataset",
        f"title: {_quoted(package.title)}",
        f"version: {_quoted(package.version)}",
        *([f"date-released: {package.released}"] if package.released else []),
        f"abstract: {_quoted(package.description)}",
        "authors:",
        *(f"  - name: {_quoted(str(contributor['title']))}" for contributor in package.contributors),
        "keywords:",
        *(f"  - {_quoted(keyword)}" for keyword in package.keywords),
        f"license: {package.licenses[0].name}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
