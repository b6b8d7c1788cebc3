"""Tabulating: every record becomes its rows, and every row knows where it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.faces.arrow import polars_schema
from pipeline.journey import check
from pipeline.language import Derived, Frames, Report
from pipeline.records import Checked, Entry, Records, read_records
from pipeline.rows import Origin
from pipeline.tables import ColumnSpec, tables_of
from pipeline.tabulate import Tabulated, tabulate
from tests.conftest import DEFOE, Write
from tests.library import LIBRARY, Book

MOLL = "label: Moll Flanders\ngenre: novel\nwriter: [authors/defoe]\n"


def rows(tabulated: Tabulated, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return tabulated.frames[table].select(columns).rows()


@pytest.fixture
def crusoe(library: Path) -> Tabulated:
    return tabulate(LIBRARY, read_records(LIBRARY, library))


def of(text: str, write: Write, files: Mapping[str, str] | None = None) -> Tabulated:
    records = read_records(LIBRARY, write({"raw/books/moll.yaml": MOLL + text, "raw/authors.yaml": DEFOE, **(files or {})}))
    assert records.complaints == records.problems == []
    return tabulate(LIBRARY, records)


# ---------------------------------------------------------------------------------------------------------- rows


def test_a_tree_is_walked_from_the_root_parents_before_their_parts(crusoe: Tabulated) -> None:
    assert rows(crusoe, "books", "id", "parent", "ordinal", "depth") == [
        ("crusoe", None, None, 0),
        ("crusoe.start", "crusoe", 1, 1),
        ("crusoe.sea", "crusoe.start", 1, 2),
        ("crusoe.end", "crusoe", 2, 1),
    ]


def test_a_part_of_a_tree_has_what_its_parent_has_unless_it_says_otherwise(write: Write) -> None:
    found = of(
        "chapters:\n"
        "  - {key: one, label: One, genre: essay, writer: [], chapters: [{key: two, label: Two}]}\n"
        "  - {key: three, label: Three}\n",
        write,
    )
    assert rows(found, "books", "id", "genre") == [("moll", "novel"), ("moll.one", "essay"), ("moll.two", "essay"), ("moll.three", "novel")]
    assert rows(found, "credits", "record") == [("books/moll",), ("books/moll.three",)]  # an empty list is a statement too


def test_what_is_not_inherited_stays_empty(crusoe: Tabulated) -> None:
    assert rows(crusoe, "books", "pages") == [(300,), (None,), (10,), (None,)]
    assert rows(crusoe, "mentions", "record") == [("books/crusoe",), ("books/crusoe",), ("books/crusoe.start",)]


def test_a_date_is_four_columns_and_a_passage_two(crusoe: Tabulated) -> None:
    columns = ("born", "born_start", "born_end", "born_precision")
    assert rows(crusoe, "authors", *columns) == [("1660~", date(1660, 1, 1), date(1660, 12, 31), "approximate")]
    assert rows(crusoe, "mentions", "words_first", "words_last")[1:] == [("he went", "away"), (None, None)]


def test_a_date_that_is_not_known_is_four_empty_cells(write: Write) -> None:
    found = of("", write, {"raw/authors/behn.yaml": "label: Behn\n"})
    assert rows(found, "authors", "born", "born_start", "born_end", "born_precision")[0] == (None, None, None, None)


def test_a_list_of_values_within_a_part_is_a_row_for_each(crusoe: Tabulated) -> None:
    assert rows(crusoe, "mentions", "id", "field", "at") == [
        ("books/crusoe:pages:crusoe", "pages", "¶1"),
        ("books/crusoe:genre:crusoe", "genre", "¶1"),
        ("books/crusoe.start:crusoe", None, None),
    ]


def test_a_part_says_under_which_field_it_was_listed(crusoe: Tabulated) -> None:
    assert rows(crusoe, "credits", "record", "share", "who", "note")[:3] == [
        ("books/crusoe", "writer", "authors/defoe", None),
        ("books/crusoe", "translator", "authors/defoe", "NA"),
        ("books/crusoe.start", "writer", "authors/defoe", None),
    ]


def test_a_list_of_references_is_a_link_table(crusoe: Tabulated) -> None:
    assert crusoe.frames["book_readers"].to_dicts() == [{"book": "crusoe", "reader": "defoe"}]


def test_two_parts_of_one_key_are_told_apart_in_the_order_of_the_curator(write: Write) -> None:
    found = of("mentions:\n  - {book: moll, at: a}\n  - {book: moll, at: b, fields: [pages]}\n  - {book: moll, at: c}\n", write)
    assert rows(found, "mentions", "id", "at") == [
        ("books/moll:moll", "a"),
        ("books/moll:pages:moll", "b"),
        ("books/moll:moll~2", "c"),
    ]


def test_the_id_of_a_part_does_not_depend_on_its_place(write: Write) -> None:
    one, two = "{book: moll, at: a}", "{book: moll, at: b, fields: [pages]}"
    found = [set(rows(of(f"mentions: [{order}]\n", write), "mentions", "id", "at")) for order in (f"{one}, {two}", f"{two}, {one}")]
    assert found[0] == found[1]


def test_the_index_has_every_record_and_what_is_retired(write: Write) -> None:
    retired = "authors/foe: {replaced_by: authors/defoe, why: one person}\nauthors/anon: {why: nobody}\n"
    found = of("chapters: [{key: one, label: One}]\n", write, {"raw/retired.yaml": retired})
    assert rows(found, "records", "address", "table", "id", "label", "replaced_by", "why_retired") == [
        ("books/moll", "books", "moll", "Moll Flanders", None, None),
        ("books/moll.one", "books", "moll.one", "One", None, None),
        ("authors/defoe", "authors", "defoe", "Daniel Defoe", None, None),
        ("authors/anon", "authors", "anon", "authors/anon", None, "nobody"),
        ("authors/foe", "authors", "foe", "authors/foe", "authors/defoe", "one person"),
    ]


def test_the_codebook_is_two_tables(crusoe: Tabulated) -> None:
    assert ("genre", "essay", "A short argument.") in crusoe.frames["vocabularies"].rows()
    fields = {(row["table"], row["field"]): row for row in crusoe.frames["fields"].iter_rows(named=True)}
    assert {name: [column.name for column in spec.columns] for name, spec in crusoe.specs.items()} == {
        name: [field for table, field in fields if table == name] for name in crusoe.specs
    }
    assert fields["books", "pages"] | {"description": None} == {
        "table": "books",
        "field": "pages",
        "type": "integer",
        "required": False,
        "unit": "pages",
        "vocabulary": None,
        "refers_to": None,
        "description": None,
    }
    assert fields["book_readers", "reader"]["refers_to"] == "authors.id"
    assert fields["authors", "born_precision"]["vocabulary"] == "precision"


def test_a_derived_column_is_computed_from_the_tables(library: Path) -> None:
    def long(frames: Mapping[str, pl.DataFrame]) -> pl.Series:
        return frames["books"]["pages"] > 100

    package = replace(LIBRARY, derived=(Derived("books", ColumnSpec("long", "boolean", "Whether it is long."), long),))
    found = tabulate(package, read_records(package, library))
    assert rows(found, "books", "id", "long")[0] == ("crusoe", True)
    assert found.frames["books"].columns[-1] == "long"


def test_without_records_every_table_is_there_and_empty() -> None:
    found = tabulate(LIBRARY, Records())
    assert {name for name, frame in found.frames.items() if frame.height} == {"vocabularies", "fields"}
    assert found.frames.keys() == tables_of(LIBRARY).keys()
    assert all(frame.schema == polars_schema(found.specs[name]) for name, frame in found.frames.items())


def test_every_frame_has_the_columns_of_its_table_and_an_origin_for_each_row(crusoe: Tabulated) -> None:
    for name, spec in crusoe.specs.items():
        assert crusoe.frames[name].schema == polars_schema(spec)
        assert len(crusoe.origins[name]) == crusoe.frames[name].height


# ------------------------------------------------------------------------------------------------------- origins


def test_a_row_knows_its_file_and_the_path_in_it(crusoe: Tabulated) -> None:
    assert [(origin.file, origin.path) for origin in crusoe.origins["books"]] == [
        ("raw/books/crusoe.yaml", ()),
        ("raw/books/crusoe.yaml", ("chapters", 0)),
        ("raw/books/crusoe.yaml", ("chapters", 0, "chapters", 0)),
        ("raw/books/crusoe.yaml", ("chapters", 1)),
    ]
    assert [(origin.file, origin.path) for origin in crusoe.origins["authors"]] == [("raw/authors.yaml", ("defoe",))]
    assert [origin.path for origin in crusoe.origins["mentions"]] == [("mentions", 0), ("mentions", 0), ("chapters", 0, "mentions", 0)]
    assert [origin.path for origin in crusoe.origins["book_readers"]] == [("readers", 0)]


def test_what_was_inherited_is_pointed_at_where_it_is_stated(crusoe: Tabulated) -> None:
    sea = crusoe.origins["books"][2]
    assert sea.of("genre") == ("genre",)
    assert sea.of("pages") == ("chapters", 0, "chapters", 0, "pages")
    assert sea.of(None) == ("chapters", 0, "chapters", 0)
    assert [origin.path for origin in crusoe.origins["credits"]] == [("writer", 0), ("translators", 0), *[("writer", 0)] * 3]


def test_what_is_retired_is_pointed_at_in_its_file(write: Write) -> None:
    found = of("", write, {"raw/retired.yaml": "authors/anon: {why: nobody}\n"})
    assert found.origins["records"][-1] == Origin("raw/retired.yaml", ("authors/anon",))


# -------------------------------------------------------------------------------------------------------- forest

TREES = st.recursive(st.just([]), lambda below: st.lists(below, max_size=4), max_leaves=20)


def chapters(shape: list[Any], numbers: Iterator[int]) -> list[dict[str, Any]]:
    return [{"key": f"c{next(numbers)}", "label": "A chapter", "chapters": chapters(below, numbers)} for below in shape]


@given(TREES)
@settings(max_examples=50, deadline=None)
def test_whatever_the_tree_its_rows_are_a_forest_in_order(shape: list[Any]) -> None:
    value = {"label": "A book", "genre": "novel", "writer": ["authors/defoe"], "chapters": chapters(shape, count())}
    record = Book.model_validate(json.loads(json.dumps(value)))
    found = tabulate(LIBRARY, Records(accepted=[Checked(Entry("raw/books/b.yaml", (), "books", "b"), record)]))
    depth: dict[str | None, int] = {None: -1}
    parts: dict[str, int] = {}
    for row in found.frames["books"].iter_rows(named=True):
        assert row["depth"] == depth[row["parent"]] + 1  # the parent stands above
        assert row["id"] not in depth
        depth[row["id"]] = row["depth"]
        if row["parent"] is not None:
            parts[row["parent"]] = parts.get(row["parent"], 0) + 1
            assert row["ordinal"] == parts[row["parent"]]
        assert row["genre"] == "novel"
    assert len(depth) - 2 == json.dumps(value).count('"key"')


def test_a_report_that_refers_to_a_refused_record_is_no_second_problem(write: Write) -> None:
    def loans(frames: Frames) -> pl.DataFrame:
        return pl.DataFrame({"id": ["1"], "who": ["ghost"]})

    columns = (ColumnSpec("id", "string", "The key."), ColumnSpec("who", "string", "Who.", reference=("authors", "id")))
    package = replace(LIBRARY, reports=(Report("loans", "loan", "Who borrowed.", columns, ("id",), loans),))
    root = write({"raw/authors.yaml": DEFOE + "ghost: {lable: x}\n"})
    assert [problem.rule for problem in check(package, root).problems] == ["missing-field", "unknown-field"]
