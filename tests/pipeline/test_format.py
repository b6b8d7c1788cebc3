"""The common layout: white space and quoting only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.format import format_files, format_text
from pipeline.read import read
from tests.conftest import Write

UNTIDY = """\
# why this record is here
label:   Robinson   # his name
mentions:
- {book: crusoe,   at: ¶1}
# another
- book: crusoe
  at:    "¶2"
genre: novel


"""
TIDY = """\
# why this record is here
label: Robinson     # his name
mentions:
  - {book: crusoe, at: ¶1}
# another
  - book: crusoe
    at: "¶2"
genre: novel
"""


def test_space_changes_and_comments_quotes_and_order_stay() -> None:
    assert format_text(UNTIDY) == TIDY
    assert format_text(TIDY) == TIDY


def test_files_are_rewritten_and_named(write: Write) -> None:
    root = write({"raw/books/a.yaml": UNTIDY, "raw/books/b.yaml": TIDY})
    assert format_files(root, write=False) == (["raw/books/a.yaml"], [])
    assert (root / "raw/books/a.yaml").read_text() == UNTIDY
    assert format_files(root, write=True) == (["raw/books/a.yaml"], [])
    assert (root / "raw/books/a.yaml").read_text() == TIDY
    assert format_files(root, write=True) == ([], [])


def test_a_file_that_cannot_be_read_is_reported_and_left_alone(write: Write) -> None:
    root = write({"raw/books/a.yaml": "label: [\n"})
    changed, problems = format_files(root, write=True)
    assert changed == []
    assert [(problem.file, problem.rule) for problem in problems] == [("raw/books/a.yaml", "yaml-syntax")]
    assert (root / "raw/books/a.yaml").read_text() == "label: [\n"


def test_a_layout_that_would_change_a_value_is_not_written(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root: Path = write({"raw/books/a.yaml": UNTIDY})
    monkeypatch.setattr("pipeline.format.format_text", lambda text: text.replace("novel", "essay"))
    changed, problems = format_files(root, write=True)
    assert changed == []
    assert [problem.rule for problem in problems] == ["cannot-format"]
    assert (root / "raw/books/a.yaml").read_text() == UNTIDY


VALUES = st.recursive(
    st.text(alphabet="abc 'é中:#-\"0", min_size=1, max_size=20).filter(str.strip) | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, min_size=1, max_size=4))
def test_the_layout_of_any_record_keeps_its_values_and_is_stable(value: dict[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False)  # any JSON is YAML
    formatted = format_text(text)
    assert read(formatted.encode()).value == read(text.encode()).value == value
    assert format_text(formatted) == formatted


def test_a_long_address_stays_beside_its_key() -> None:
    text = f"url: https://example.org/{'a' * 150}\nmentions:\n  - book: {'b' * 120}\n"
    assert format_text(text) == text
