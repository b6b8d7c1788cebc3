"""Sites to look at: of the library, plain and with pictures, and one whose curator was hostile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.explorer import Explorer, Matrix, Network, Timeline, Way, Years
from pipeline.journey import build
from pipeline.language import Package
from pipeline.problems import FORMATS
from pipeline.site import site
from secgov import citations, citer
from secgov.figures import figures_of
from tests.library import LIBRARY

WRITER, READER = Way("who", "credits", ("share", "writer")), Way("reader", "book_readers")
SHELVES = Explorer(
    plots=(
        Years("years", "Births", "When authors were born.", (("authors", "born"),)),
        Matrix("read", "Who is read by whom", "Writers and readers.", "books", WRITER, READER, whole=True),
        Matrix("kinds", "Kinds", "Writers and what they write.", "books", WRITER, Way("genre")),
    ),
    network=Network(
        "network", "Writers and readers", "Through the kind.", "books", (("By", WRITER), ("Kind", Way("genre")), ("For", READER))
    ),
    timeline=Timeline("timeline", "Lives", "Authors and their books.", "authors", "born", "books", WRITER),
    sections=(("credits", "record", "By whom"), ("book_readers", "reader", "What it has read")),
    columns=(("books", ("label", "writer", "genre", "reader")),),
)
PICTURED = replace(LIBRARY, explorer=SHELVES)


def made(package: Package, root: Path, to: Path | None = None) -> Path:
    """Build what is in ``root`` and write its site; the folder of the site."""
    outcome, _ = build(package, root, citations=citations)
    assert FORMATS["text"](outcome.problems) == ""
    target = to or root / "site"
    assert site(package, root, target, citer, figures_of).problems == []
    return target


@pytest.fixture
def plain(library: Path) -> Path:
    """The site of a package that says nothing of how it wants to be shown."""
    return made(LIBRARY, library)


@pytest.fixture
def pictured(library: Path) -> Path:
    """The site of a package with pictures."""
    return made(PICTURED, library)


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7*70007 }}{% raw %}&amp;<b>javascript:alert(3)"
"""What stands in every text field of the hostile package."""


def hostile_files() -> dict[str, str]:
    """Records with markup and script in every text field that there is."""
    evil = "'" + HOSTILE.replace("'", "''") + "'"
    return {
        "raw/books/evil.yaml": f"label: {evil}\ngenre: novel\nreaders: [evil]\ndigest: {evil}\n"
        f"writer: [{{who: authors/evil, note: {evil}}}]\n"
        f"mentions:\n  - {{book: evil, at: {evil}, fields: [pages], words: ['<script>alert(4)</script>', '<b>']}}\npages: 3\n"
        f"chapters:\n  - {{key: one, label: {evil}}}\n",
        "raw/authors.yaml": f"evil: {{label: {evil}, born: '1660'}}\n",
        "raw/retired.yaml": f"authors/gone: {{why: {evil}, replaced_by: authors/evil}}\n",
    }


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """The site of a package whose curator wrote markup and script wherever there was room."""
    for name, text in hostile_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    title = HOSTILE
    return made(replace(PICTURED, title=title, description=title, included=(title,)), tmp_path)
