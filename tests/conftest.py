"""What the tests share: a small library to build, as its curator would have written it."""

from __future__ import annotations

import os
import tempfile

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="cache-")  # the tests leave the user's cache alone
os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the tests run in as many processes as there are cores; before polars is imported

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # others may be working on it
settings.load_profile("any machine")

CRUSOE = """\
label: Robinson Crusoe
genre: novel
pages: 300
writer: [authors/defoe]
readers: [defoe]
translators: [{who: authors/defoe, note: "NA"}]
mentions:
  - {book: crusoe, at: ¶1, fields: [pages, genre], words: [he went, away]}
chapters:
  - key: start
    label: Start in life
    mentions: [{book: crusoe}]
    chapters:
      - {key: sea, label: At sea, pages: 10}
  - {key: end, label: The end}
"""
DEFOE = "defoe: {label: Daniel Defoe, born: 1660~, initials: DD}\n"

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a fresh folder and give the folder."""

    def into(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return tmp_path

    return into


RECORDS = {"raw/books/crusoe.yaml": CRUSOE, "raw/authors.yaml": DEFOE}


@pytest.fixture
def library(write: Write) -> Path:
    """A folder with the raw records of the library."""
    return write(RECORDS)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all tests of a module, none of which changes it."""
    root = tmp_path_factory.mktemp("shelf")
    for name, text in RECORDS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return root
