"""A blank card: what it asks for is what a record needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.journey import check
from pipeline.language import Rule
from pipeline.template import new_record, template
from tests.library import LIBRARY, Author, Book


def test_a_card_asks_for_what_is_required_and_offers_the_rest() -> None:
    text = template(Book, "books/moll")
    before, after = text.split("# ---- what may be left out")
    assert [line for line in before.splitlines() if line and not line.startswith("#")] == ["label:", "genre:", "writer:"]
    assert "# What sort of book it is. One of: novel, essay." in before
    assert "# pages: 240" in after
    assert "# translators: [authors/defoe]" in after
    assert "#   - key: its-name" in after
    assert [line for line in after.splitlines() if line and not line.startswith("#")] == []


def test_a_card_asks_for_what_a_rule_demands(library: Path) -> None:
    demanding = Rule("unread", "books", "Nobody read it.", lambda frames: frames["books"]["label"].is_not_null(), demands="pages")
    path = new_record(replace(LIBRARY, rules=(demanding,)), "books", "moll", library)
    before, after = path.read_text().split("# ---- what may be left out")
    assert "\npages: 240\n" in before
    assert "pages: 240" not in after


def test_a_card_as_it_is_says_where_to_write(library: Path) -> None:
    path = new_record(LIBRARY, "books", "moll", library)
    assert path == library / "raw/books/moll.yaml"
    problems = check(LIBRARY, library).problems
    assert {problem.rule for problem in problems} == {"empty-value"}
    lines = path.read_text().splitlines()
    assert [lines[problem.line - 1] for problem in problems] == ["label:", "genre:", "writer:"]


def test_a_card_filled_in_passes(library: Path) -> None:
    path = new_record(LIBRARY, "books", "moll", library)
    text = path.read_text()
    for field, value in {"label": "Moll Flanders", "genre": "novel", "writer": "[authors/defoe]"}.items():
        text = text.replace(f"\n{field}:\n", f"\n{field}: {value}\n")
    path.write_text(text.replace("# pages: 240", "pages: 240"))
    assert check(LIBRARY, library).problems == []


@pytest.mark.parametrize(("table", "name"), [("books", "crusoe"), ("authors", "defoe")])
def test_a_record_that_is_there_is_not_overwritten(library: Path, table: str, name: str) -> None:
    with pytest.raises(FileExistsError):
        new_record(LIBRARY, table, name, library)


def test_a_table_with_nothing_required_but_a_label_has_a_short_card() -> None:
    assert template(Author, "authors/swift").count("\nlabel:\n") == 1
