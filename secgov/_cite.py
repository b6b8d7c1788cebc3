"""Citations: of the dataset, of one of its tables, or of one record, always with the exact version; and the files that carry them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from secgov._dataset import Dataset
from secgov._deposit import DEPOSITS, cff, datacite, zenodo
from secgov._descriptor import package_of
from secgov._errors import UnknownName, unknown
from secgov._index import label_of
from secgov._styles import TEXTS, bibtex, csl_json, ris
from secgov._work import Work, part, whole

STYLES = {**TEXTS, **DEPOSITS}
"""The styles by name; the first is the one that is taken where none is asked for."""


def cite(dataset: Dataset, what: str | None = None, style: str = "apa") -> str:
    """How to cite the whole, a table or a record, in one of the styles; see :func:`secgov.cite`."""
    if style not in STYLES:
        raise unknown("style", style, STYLES)
    if what is not None and style in DEPOSITS:
        raise UnknownName(f"the style '{style}' is for the whole dataset; for a table or a record there is {', '.join(TEXTS)}")
    return STYLES[style](_work(dataset, what))


def _work(dataset: Dataset, what: str | None) -> Work:
    work = whole(dataset.package, dataset.doi)
    if what is None:
        return work
    if "/" in str(what):
        return part(work, "Record", label_of(dataset, what), what)
    return part(work, "Table", dataset.table(what).title, f"table {what}")


def citer(descriptor: Mapping[str, Any], doi: str | None = None) -> Callable[[str | None, str | None], dict[str, str]]:
    """Given an address and its label, or neither for the whole: every form of citation by style; see :func:`secgov.citer`."""
    work = whole(package_of(descriptor), doi)

    def cited(address: str | None = None, label: str | None = None) -> dict[str, str]:
        if address is None:
            styles = {name: style for name, style in STYLES.items() if work.day or style is not datacite}
            return {name: style(work) for name, style in styles.items()}
        return {name: style(part(work, "Record", label or address, address)) for name, style in TEXTS.items()}

    return cited


def citations(descriptor: Mapping[str, Any], doi: str | None = None) -> dict[str, str]:
    """The files that say how to cite a dataset, by their path below its root; see :func:`secgov.citations`."""
    work = whole(package_of(descriptor), doi)
    folder = f"dataset/citation/{work.name}"
    texts = {
        "CITATION.cff": cff(work),
        ".zenodo.json": zenodo(work),
        f"{folder}.bib": bibtex(work),
        f"{folder}.ris": ris(work),
        f"{folder}.csl.json": csl_json(work),
    }
    if work.day:
        texts["dataset/citation/datacite.json"] = datacite(work)
    return {path: f"{text}\n" for path, text in texts.items()}
