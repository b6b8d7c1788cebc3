"""Citations: of the dataset, of one of its tables, or of one record, always with the exact version.

A year stands in a citation only where the descriptor gives a date of release (``created``); no clock is read. A working version
(``+dev``) says of itself that it is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secgov._dataset import Dataset
from secgov._errors import unknown
from secgov._index import label_of

UNRELEASED = "unreleased working version, not for citation"


def cite(dataset: Dataset, what: str | None = None, style: str = "apa") -> str:
    """How to cite the whole, a table or a record, in one of the styles; see :func:`secgov.cite`."""
    if style not in STYLES:
        raise unknown("style", style, STYLES)
    return STYLES[style](_work(dataset, what))


@dataclass(frozen=True)
class _Work:
    """What is cited, a data set or a part of one. ``container`` is then the title of the whole; ``where`` names version and part."""

    key: str
    kind: str
    title: str
    container: str | None
    where: str
    version: str
    authors: tuple[tuple[str, str], ...]
    year: str | None
    url: str | None
    unreleased: bool

    @property
    def note(self) -> str:
        """The version and the part of it, and the warning that a working version carries."""
        return f"{self.where}; {UNRELEASED}" if self.unreleased else self.where


def _work(dataset: Dataset, what: str | None) -> _Work:
    package = dataset.package
    edition = f"{package.name} {package.version}"
    if what is None:
        kind, title, where = "Data set", package.title, f"Version {package.version}"
    elif "/" in what:
        kind, title, where = "Record", label_of(dataset, what), f"{edition}, {what}"
    else:
        kind, title, where = "Table", dataset.table(what).title, f"{edition}, table {what}"
    unreleased = "+dev" in package.version
    return _Work(
        key=re.sub(r"[^A-Za-z0-9.]+", "-", f"{edition} {what or ''}".strip()),
        kind=kind,
        title=title,
        container=None if what is None else package.title,
        where=where,
        version=package.version,
        authors=tuple(_author(contributor) for contributor in package.contributors),
        year=package.created[:4] if package.created and not unreleased else None,
        url=package.homepage,
        unreleased=unreleased,
    )


def _author(contributor: Mapping[str, Any]) -> tuple[str, str]:
    """Family and given name of a person; of a body, whose name is never inverted, its name and nothing."""
    family = contributor.get("familyName")
    return (family, contributor.get("givenName", "")) if family else (contributor["title"], "")


# ------------------------------------------------------------------------------------------------------------ styles


def _apa(work: _Work) -> str:
    """APA, 7th edition, as plain text."""
    names = [f"{family}, {' '.join(f'{part[0]}.' for part in given.split())}" if given else family for family, given in work.authors]
    authors = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    head = f"{authors.rstrip('.')}. ({work.year or 'n.d.'}). {work.title}"
    url = f" {work.url}" if work.url else ""
    part = f" [{work.kind}]. In {work.container}" if work.container else ""
    return f"{head}{part} ({work.note}) [Data set].{url}"


def _bibtex(work: _Work) -> str:
    """A BibTeX entry that classic styles understand: they know no @dataset and show no ``version``."""
    names = [f"{_tex(family)}, {_tex(given)}" if given else f"{{{_tex(family)}}}" for family, given in work.authors]
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_tex(work.title)}}}",
        "howpublished": _tex(f"{work.kind} in {work.container} [Data set]" if work.container else work.kind),
        "year": work.year,
        "version": _tex(work.version),
        "note": _tex(work.note),
        "url": work.url and work.url.translate(_IN_URL),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{work.key},", *lines, "}"])


_SPELT = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX = str.maketrans({**_SPELT, **{sign: f"\\{sign}" for sign in "{}$&#_%"}})
_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # a url is taken verbatim, up to its closing brace


def _tex(text: str) -> str:
    return _one_line(text).translate(_TEX)


def _csl_json(work: _Work) -> str:
    """CSL-JSON, as Zotero, Pandoc and citeproc read it: a list of one item."""
    item: dict[str, Any] = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "container-title": work.container,
        "author": [{"family": family, "given": given} if given else {"literal": family} for family, given in work.authors],
        "issued": {"date-parts": [[int(work.year)]]} if work.year else None,
        "version": work.version,
        "note": work.note,
        "URL": work.url,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2)


def _ris(work: _Work) -> str:
    """RIS: one tag a line, so a value is one line; an author may not hold an asterisk."""
    tags = [
        ("TY", "DATA"),
        ("ID", work.key),
        *(("AU", (f"{family}, {given}" if given else family).replace("*", "")) for family, given in work.authors),
        ("TI", work.title),
        ("T2", work.container),
        ("PY", work.year),
        ("ET", work.version),
        ("N1", work.note),
        ("UR", work.url),
    ]
    return "\n".join([*(f"{tag}  - {_one_line(value)}" for tag, value in tags if value), "ER  - "])


def _one_line(text: str) -> str:
    return " ".join(text.split())


STYLES = {"apa": _apa, "bibtex": _bibtex, "csl-json": _csl_json, "ris": _ris}
"""The styles by name; the first is the one that is taken where none is asked for."""
