"""Citations for reading and for reference managers: APA, BibTeX, CSL-JSON and RIS."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from secgov._work import Author, Work


def apa(work: Work) -> str:
    """APA, 7th edition, as plain text."""
    names = [_initials(author) for author in work.authors]
    authors = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    head = f"{authors.rstrip('.')}. ({work.year or 'n.d.'}). {work.title}"
    link = f"https://doi.org/{quote(work.doi, safe='/:;()')}" if work.doi else work.homepage
    inside = f" [{work.kind}]. In {work.container}" if work.container else ""
    return f"{head}{inside} ({work.note}) [Data set].{f' {link}' if link else ''}"


def _initials(author: Author) -> str:
    return f"{author.family}, {' '.join(f'{name[0]}.' for name in author.given.split())}" if author.given else author.family


def bibtex(work: Work) -> str:
    """A BibTeX entry that classic styles understand: they know no @dataset and show no ``version``."""
    fields = {
        "author": " and ".join(_tex(author.name) if author.given else f"{{{_tex(author.name)}}}" for author in work.authors),
        "title": f"{{{_tex(work.title)}}}",
        "howpublished": _tex(f"{work.kind} in {work.container} [Data set]" if work.container else work.kind),
        "year": work.year,
        "version": _tex(work.version),
        "note": _tex(work.note),
        "doi": work.doi and work.doi.translate(_VERBATIM),
        "url": work.homepage and work.homepage.translate(_VERBATIM),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{work.key},", *lines, "}"])


_SPELT = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX = str.maketrans({**_SPELT, **{sign: f"\\{sign}" for sign in "{}$&#_%"}})
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # an address is taken verbatim, up to its closing brace


def _tex(text: str) -> str:
    return one_line(text).translate(_TEX)


def csl_json(work: Work) -> str:
    """CSL-JSON, as Zotero, Pandoc and citeproc read it: a list of one item."""
    item: dict[str, Any] = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "container-title": work.container,
        "author": [{"family": each.family, "given": each.given} if each.given else {"literal": each.name} for each in work.authors],
        "issued": {"date-parts": [[int(work.year)]]} if work.year else None,
        "version": work.version,
        "note": work.note,
        "DOI": work.doi,
        "URL": work.homepage,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2)


def ris(work: Work) -> str:
    """RIS: one tag a line, so a value is one line; an author may not hold an asterisk."""
    tags = [
        ("TY", "DATA"),
        ("ID", work.key),
        *(("AU", author.name.replace("*", "")) for author in work.authors),
        ("TI", work.title),
        ("T2", work.container),
        ("PY", work.year),
        ("ET", work.version),
        ("N1", work.note),
        ("DO", work.doi),
        ("UR", work.homepage),
    ]
    return "\n".join([*(f"{tag}  - {one_line(value)}" for tag, value in tags if value), "ER  - "])


def one_line(text: str) -> str:
    """The text with every line break and run of white space as one blank."""
    return " ".join(text.split())


TEXTS = {"apa": apa, "bibtex": bibtex, "csl-json": csl_json, "ris": ris}
"""The styles in which anything can be cited."""
