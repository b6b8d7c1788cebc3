"""The package as one line that a reader can put under a text. The styles of reference managers are made by whoever publishes."""

from __future__ import annotations

from pipeline.language import Package


def citation(package: Package, doi: str | None = None, emphasis: str = "") -> str:
    """Who, what, which version, under which licence; ``emphasis`` is put on both sides of the title."""
    people = ", ".join(str(contributor["title"]) for contributor in package.contributors)
    year = f" ({package.released[:4]})" if package.released else ""
    link = f" https://doi.org/{doi}" if doi else ""
    return f"{people}{year}. {emphasis}{package.title}{emphasis}. Version {package.version}. {package.licenses[0].title}.{link}"
