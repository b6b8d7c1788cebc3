"""The formats of other programs, read back by readers that are not ours: same rows, same values, whatever is in them."""

from __future__ import annotations

import json
import math
import resource
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.io.stata import StataReader

from pipeline.export import FORMATS, export
from pipeline.exports import excel, jsonl, sqlite, stata
from pipeline.exports.names import fitted
from pipeline.exports.published import Published, Unfit, read_published
from pipeline.faces.citation import citation
from pipeline.journey import build
from pipeline.language import Column, Derived, Record, Ref, Table
from pipeline.read import FORBIDDEN
from pipeline.tables import ColumnSpec, TableSpec, tables_of
from tests.library import LIBRARY

TABLES = list(tables_of(LIBRARY))
HARD = [
    "NA",
    "=1+1",
    "@SUM(A1)",
    "https://example.org/?a=b",
    "_x0041_",
    " before and after ",
    "né à Zürich — “quoted”, 'it''s'",
    "笛福的小说",
    "كتاب عن البحر",
    "Книга о море",
    "007",
    "TRUE",
    "2024-09-11",
    "a\\b\tc",
    "😀 beyond the first plane",
    "ع" * 1500,
]
"""Texts that some program or other takes for something else, or cannot spell."""


@pytest.fixture(scope="module")
def built(untouched: Path) -> Path:
    """A library that is published, and that no test changes."""
    assert build(LIBRARY, untouched)[0].problems == []
    return untouched


@pytest.fixture(scope="module")
def published(built: Path) -> Published:
    return read_published(LIBRARY, built)


@pytest.fixture(scope="module")
def hard(published: Published) -> Published:
    """The library with a note on a book for every hard text, and numbers and dates at their limits."""
    note = published.frames["credits"].row(0, named=True)
    rows = [note | {"id": f"{number}", "note": text} for number, text in enumerate(HARD)] + [note | {"id": "none", "note": None}]
    schema = published.frames["credits"].schema
    books = published.frames["books"].with_columns(
        pages=pl.Series([2**53 - 1, -1, None, 0]), price=pl.Series([1 / 3, -0.5, None, 1e300]), lost=pl.Series([True, False, True, False])
    )
    author = published.frames["authors"].row(0, named=True)
    days = [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(2024, 2, 29), date(9999, 12, 31), None]
    authors = [author | {"id": f"{number}", "born_start": day, "initials": None} for number, day in enumerate(days)]
    frames = {
        **published.frames,
        "credits": pl.DataFrame(rows, schema=schema),
        "books": books,
        "authors": pl.DataFrame(authors, schema=published.frames["authors"].schema),
        "book_readers": published.frames["book_readers"].clear(),
    }
    return replace(published, frames=frames)


def with_column(published: Published, table: str, column: str, value: Any) -> Published:
    """What is published with one value in all rows of a column."""
    frame = published.frames[table].with_columns(pl.lit(value).alias(column))
    return replace(published, frames={**published.frames, table: frame})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------------------ the stage


def test_every_format_is_made_and_the_same_bytes_again(built: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = []
    for _ in range(2):
        to = tmp_path_factory.mktemp("exports") / "below"
        paths, problems = export(LIBRARY, built, to)
        assert problems == []
        names = ["library-jsonl", "library-stata", "library.datasette.json", "library.sqlite", "library.xlsx"]
        assert [path.name for path in paths] == names == sorted(path.name for path in to.iterdir())
        made.append(files(to))
    assert made[0] == made[1]
    assert len(made[0]) == 3 + len(TABLES) + 2 + len(TABLES) - 3  # .dta of all, a view and variables.csv; no .jsonl of parts and links


def test_a_folder_that_is_there_is_replaced_whole(built: Path, tmp_path: Path) -> None:
    stale = tmp_path / "to/library-jsonl/scrolls.jsonl"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert export(LIBRARY, built, tmp_path / "to", ["jsonl"])[1] == []
    assert not stale.exists()
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["library-jsonl"]


def test_a_mixture_is_refused(library: Path, tmp_path: Path) -> None:
    build(LIBRARY, library)
    path = library / "dataset/parquet/books.parquet"
    path.write_bytes(path.read_bytes() + b"0")
    made, problems = export(LIBRARY, library, tmp_path / "to")
    assert made == []
    assert {problem.file for problem in problems} == {"dataset/parquet/books.parquet"}
    assert [problem.rule for problem in problems] == ["wrong-hash", "wrong-size"]
    assert not (tmp_path / "to").exists()


def test_tables_of_another_schema_are_refused(built: Path, tmp_path: Path) -> None:
    more = Derived("books", ColumnSpec("more", "string", "More."), lambda frames: frames["books"]["label"])
    _, problems = export(replace(LIBRARY, derived=(more,)), built, tmp_path / "to")
    assert [problem.message for problem in problems] == ["the descriptor's schema of books is not the one in schemas/; run build.py"]


def test_what_a_format_cannot_hold_is_said_where_it_stands_and_nothing_is_made(library: Path, tmp_path: Path) -> None:
    book = library / "raw/books/crusoe.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("pages: 10}", f"pages: {2**53}}}"), encoding="utf-8")
    assert build(LIBRARY, library)[0].problems == []
    made, problems = export(LIBRARY, library, tmp_path / "to")
    assert made == []
    assert [str(problem) for problem in problems] == [
        f"dataset/csv/books.csv:4:1  does-not-fit  pages is {2**53}, which Excel would round; it holds whole numbers below 2^53"
    ]
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_disk_that_is_full_is_an_error_of_the_system_and_leaves_nothing(built: Path, tmp_path: Path, form: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))  # no file may be longer
    try:
        with pytest.raises(OSError, match=r"cannot be written|File too large"):
            export(LIBRARY, built, tmp_path / "to", [form])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "to").iterdir()) == []
    assert export(LIBRARY, built, tmp_path / "to", [form])[1] == []


# -------------------------------------------------------------------------------------------------------------- SQLite


def opened(published: Published, folder: Path) -> closing[sqlite3.Connection]:
    sqlite.write(published, folder)
    return closing(sqlite3.connect(folder / "library.sqlite"))


@pytest.mark.parametrize("table", TABLES)
def test_sqlite_holds_every_row_and_value(hard: Published, tmp_path: Path, table: str) -> None:
    with opened(hard, tmp_path) as database:
        rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
    want = hard.frames[table].with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
    assert rows == want.rows()


def test_sqlite_is_sound_and_has_every_key(published: Published, tmp_path: Path) -> None:
    with opened(published, tmp_path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in published.tables:
            columns = database.execute(f'PRAGMA table_info("{table.name}")').fetchall()
            assert [name for _, name, *_ in columns] == [column.name for column in table.columns]
            assert [bool(required) for _, _, _, required, *_ in columns] == [column.required for column in table.columns]
            key = sorted((place, name) for _, name, _, _, _, place in columns if place)
            assert tuple(name for _, name in key) == table.key
            foreign = {(row[3], row[2], row[4]) for row in database.execute(f'PRAGMA foreign_key_list("{table.name}")')}
            wanted = {(column.name, *column.reference) for column in table.columns if column.reference}
            terms = {(c.name, sqlite.vocabulary_table(str(c.vocabulary)), "term") for c in table.columns if c.terms}
            assert foreign == wanted | terms


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE books SET genre = 'poem'", "FOREIGN KEY"),
        ("UPDATE books SET sequel_to = 'nowhere'", "FOREIGN KEY"),
        ("UPDATE books SET lost = 2", "CHECK"),
        ("UPDATE books SET label = NULL", "NOT NULL"),
        ("UPDATE books SET id = 'crusoe'", "UNIQUE"),
        ("INSERT INTO authors (id, label, initials) VALUES ('dd', 'Dora Doe', 'DD')", "UNIQUE"),
    ],
)
def test_sqlite_refuses_what_the_schema_refuses(published: Published, tmp_path: Path, statement: str, message: str) -> None:
    with opened(published, tmp_path) as database:
        database.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=message):
            database.execute(statement)


def test_sqlite_refuses_a_term_that_the_column_does_not_take(published: Published, tmp_path: Path) -> None:
    books = published.specs["books"]
    narrower = replace(books, columns=tuple(replace(c, terms=c.terms[:1]) if c.name == "genre" else c for c in books.columns))
    other = replace(published, specs={**published.specs, "books": narrower})
    with opened(other, tmp_path) as database, pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        database.execute("UPDATE books SET genre = 'essay'")


def test_sqlite_has_labels_vocabularies_and_metadata(published: Published, tmp_path: Path) -> None:
    with opened(published, tmp_path) as database:
        assert database.execute("SELECT * FROM book_readers_labelled").fetchall() == [
            ("crusoe", "Robinson Crusoe", "defoe", "Daniel Defoe")
        ]
        assert database.execute("SELECT * FROM vocabulary_genre").fetchall() == [
            ("novel", 1, "A long story."),
            ("essay", 2, "A short argument."),
        ]
        metadata = dict(database.execute("SELECT item, value FROM metadata"))
        assert metadata["version"] == "0.0.0+dev"
        assert metadata["licence"] == "CC0"
        assert metadata["how to cite"] == "The library. A library. Version 0.0.0+dev. CC0."
        assert ("books", 4) in database.execute('SELECT "table", rows FROM metadata_tables').fetchall()
        for (view,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            assert (
                database.execute(f'SELECT count(*) FROM "{view}"').fetchone()[0] == published.frames[view.removesuffix("_labelled")].height
            )


def test_datasette_is_told_of_tables_and_columns_that_are_there(published: Published, tmp_path: Path) -> None:
    with opened(published, tmp_path) as database:
        told = json.loads((tmp_path / "library.datasette.json").read_text(encoding="utf-8"))
        (tables,) = (each["tables"] for each in told["databases"].values())
        for name, about in tables.items():
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')}
            assert about.get("columns", {}).keys() <= columns
            assert {about[key] for key in ("label_column",) if key in about} <= columns
    assert told["license_url"].startswith("https://")


# --------------------------------------------------------------------------------------------------------------- Excel


def workbook(published: Published, folder: Path) -> openpyxl.Workbook:
    excel.write(published, folder)
    return openpyxl.load_workbook(folder / "library.xlsx")


def cell(value: Any) -> Any:
    """A published value as a cell of a workbook has it."""
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day) if value >= date(1900, 3, 1) else value.isoformat()  # noqa: DTZ001
    return value


def test_a_workbook_holds_every_row_and_value_and_no_formula(hard: Published, tmp_path: Path) -> None:
    book = workbook(hard, tmp_path)
    for name, spec in hard.specs.items():
        sheet = book[name]
        header, *rows = sheet.iter_rows()
        assert [each.value for each in header] == [column.name for column in spec.columns]
        for cells, row in zip(rows, hard.frames[name].iter_rows(), strict=True):
            for found, value in zip(cells, row, strict=True):
                assert found.data_type != "f"
                assert found.hyperlink is None
                if isinstance(value, float):
                    assert math.isclose(found.value, value, rel_tol=1e-15)
                else:
                    assert found.value == cell(value)
                    assert type(found.value) is type(cell(value))
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_a_workbook_says_first_what_it_is_and_explains_every_column(published: Published, tmp_path: Path) -> None:
    book = workbook(published, tmp_path)
    tables = ["flat_books", *TABLES]
    assert book.sheetnames == ["READ ME", "DATA DICTIONARY", *tables]
    texts = [each.value for row in book["READ ME"].iter_rows() for each in row if each.value is not None]
    for said in ("A library", "0.0.0+dev", "a working version: not to be cited", citation(LIBRARY), "flat_books"):
        assert said in texts
    rows = list(book["DATA DICTIONARY"].iter_rows(values_only=True))
    assert [row[:2] for row in rows[1:]] == [(name, column.name) for name in tables for column in published.specs[name].columns]
    assert rows[0][-1] == "description"


def test_a_workbook_of_a_release_is_dated_by_it(published: Published, tmp_path: Path) -> None:
    released = replace(published.package, version="1.0.0", released="2026-11-22")
    book = workbook(replace(published, package=released, doi="10.1/x"), tmp_path)
    assert book.properties.created == datetime(2026, 11, 22)  # noqa: DTZ001
    assert book.properties.description == "The library (2026). A library. Version 1.0.0. CC0. https://doi.org/10.1/x"


@pytest.mark.parametrize(("length", "fits"), [(excel.MOST_CHARACTERS, True), (excel.MOST_CHARACTERS + 1, False)])
def test_a_text_that_no_cell_holds_is_refused_and_not_cut(published: Published, tmp_path: Path, length: int, fits: bool) -> None:
    text = "😀" * (length // 2) + "x" * (length % 2)  # Excel counts such a sign as two
    long = with_column(published, "books", "label", text)
    if fits:
        assert workbook(long, tmp_path)["books"]["E2"].value == text
    else:
        with pytest.raises(Unfit, match="label has 32,768 characters, and a cell of a workbook holds 32,767"):
            excel.write(long, tmp_path)


def test_more_rows_than_a_sheet_holds_are_refused(published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 3)
    with pytest.raises(Unfit, match="books has 4 rows, and a sheet holds 3"):
        excel.write(published, tmp_path)


# --------------------------------------------------------------------------------------------------------------- any text


def any_text() -> st.SearchStrategy[str]:
    """What a reader of records lets through: no control characters, no halves of signs, no white space at the ends."""
    signs = st.characters(exclude_categories=["Cs", "Cc"]).filter(lambda sign: not FORBIDDEN.search(sign))
    return st.text(signs, max_size=40).map(str.strip).filter(bool)


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(any_text(), min_size=4, max_size=4))
def test_any_text_comes_back_from_every_format_as_it_was(
    published: Published, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    frame = published.frames["books"].with_columns(label=pl.Series(texts))
    some = ("books", "records", "authors", "credits", "mentions", "book_readers", "vocabularies")
    other = replace(published, specs={name: published.specs[name] for name in some}, frames={**published.frames, "books": frame})
    with opened(other, folder) as database:
        assert [label for (label,) in database.execute("SELECT label FROM books ORDER BY rowid")] == texts
    assert [row[0].value for row in workbook(other, folder)["books"]["E2:E5"]] == texts
    stata.write(other, folder)
    assert list(pd.read_stata(folder / "library-stata/books.dta")["label"]) == texts
    jsonl.write(other, folder)
    lines = [each["label"] for line in objects(folder, "books") for each in walk(line) if "chapters" in each]
    assert sorted(lines) == sorted(texts)


# --------------------------------------------------------------------------------------------------------------- Stata


def read_stata(path: Path, spec: TableSpec) -> list[tuple[Any, ...]]:
    """The rows as pandas reads them, in the terms of the published tables."""
    frame = pd.read_stata(path)
    columns = []
    for column, name in zip(spec.columns, frame.columns, strict=True):
        values = [None if value == "" or pd.isna(value) else value for value in frame[name]]
        convert: Mapping[str, Any] = {"integer": int, "boolean": {"true": True, "false": False}.get, "date": pd.Timestamp.date}
        columns.append([value if value is None or column.type not in convert else convert[column.type](value) for value in values])
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("table", [*TABLES, "flat_books"])
def test_stata_files_hold_every_row_and_value(hard: Published, tmp_path: Path, table: str) -> None:
    stata.write(hard, tmp_path)
    assert read_stata(tmp_path / f"library-stata/{table}.dta", hard.specs[table]) == hard.frames[table].rows()


def test_stata_files_have_labels_for_variables_and_values(published: Published, tmp_path: Path) -> None:
    stata.write(published, tmp_path)
    with StataReader(tmp_path / "library-stata/books.dta") as reader:
        reader.read()
        assert reader.variable_labels()["pages"] == "How long it is."
        assert reader.value_labels()["genre"] == {1: "novel", 2: "essay"}
        assert reader.value_labels()["lost"] == {0: "false", 1: "true"}
        assert reader.data_label == "library 0.0.0+dev: books"
        assert reader.time_stamp == "01 Jan 1980 00:00"
        assert max(len(label) for label in reader.variable_labels().values()) <= stata.LABEL
    explained = pd.read_csv(tmp_path / "library-stata/variables.csv", keep_default_na=False)
    assert len(explained) == sum(len(spec.columns) for spec in published.specs.values())
    row = explained.query("file == 'book_readers.dta' and variable == 'reader'").iloc[0]
    assert row["description"] == "Who is known to have read it."


def test_a_long_or_reserved_name_of_a_column_is_replaced_by_rule(published: Published, tmp_path: Path) -> None:
    renamed = {"label": "in", "pages": "number_of_pages_in_the_first_edition", "lost": "lost-for-ever"}
    books = published.specs["books"]
    columns = tuple(replace(column, name=renamed.get(column.name, column.name)) for column in books.columns)
    specs = {**published.specs, "books": replace(books, columns=columns)}
    stata.write(replace(published, specs=specs, frames={**published.frames, "books": published.frames["books"].rename(renamed)}), tmp_path)
    names = list(pd.read_stata(tmp_path / "library-stata/books.dta").columns)
    assert {"in_", "number_of_pages_in_the_firs_e16d", "lost_for_ever"} <= set(names)
    variables = pd.read_csv(tmp_path / "library-stata/variables.csv", keep_default_na=False).query("file == 'books.dta'")
    assert list(variables["variable"]) == names
    assert set(renamed.values()) <= set(variables["column"])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("pages", -(2**53), "pages is -9007199254740992, which Stata would round"),
        ("price", 1e308, r"price is 1e\+308, and Stata holds no number above 8\.99e\+307"),
    ],
)
def test_a_number_that_stata_cannot_hold_is_refused_and_its_row_named(
    published: Published, tmp_path: Path, column: str, value: Any, message: str
) -> None:
    with pytest.raises(Unfit, match=f"^{message}") as caught:
        stata.write(with_column(published, "books", column, pl.Series([None, type(value)(1), value, value])), tmp_path)
    assert caught.value.row == 2


def test_the_largest_number_of_stata_comes_back(published: Published, tmp_path: Path) -> None:
    stata.write(with_column(published, "books", "price", stata.LARGEST), tmp_path)
    assert set(pd.read_stata(tmp_path / "library-stata/books.dta")["price"]) == {stata.LARGEST}


def test_what_pandas_would_change_with_a_warning_is_refused(published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stata, "fitted", lambda names, *_: {name: f"{name}-" for name in names})
    with pytest.raises(Unfit, match="Stata cannot hold the table: \nNot all pandas column names were valid Stata variable names") as caught:
        stata.write(published, tmp_path)
    assert caught.value.row == -1  # the line of names


NAMES = st.lists(st.from_regex(r"[a-z0-9_-]{1,60}", fullmatch=True), unique=True, max_size=8)


@given(names=NAMES)
def test_fitted_names_are_legal_different_and_the_same_whatever_else_there_is(names: list[str]) -> None:
    try:
        found = fitted(names, 32, stata.RESERVED)
    except ValueError as error:
        assert "cannot be told from another name within 32 characters" in str(error)  # noqa: PT017
        return
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    for name, short in found.items():
        assert len(short) <= 32
        assert short.isidentifier()
        assert short not in stata.RESERVED
        assert fitted([name], 32, stata.RESERVED) == {name: short}


def test_names_that_would_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="'a-b' cannot be told from another name within 32 characters"):
        fitted(["a_b", "a-b"], 32)


# ---------------------------------------------------------------------------------------------------------- JSON Lines


def objects(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"library-jsonl/{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_json_lines_have_a_record_as_it_was_written(published: Published, tmp_path: Path) -> None:
    jsonl.write(published, tmp_path)
    (crusoe,) = objects(tmp_path, "books")
    assert [key for key in crusoe if isinstance(crusoe[key], list)] == ["writer", "translators", "readers", "mentions", "chapters"]
    assert crusoe["readers"] == ["defoe"]
    assert [(credit["who"], credit["note"]) for credit in crusoe["translators"]] == [("authors/defoe", "NA")]
    assert "share" not in crusoe["writer"][0]
    assert [mention["field"] for mention in crusoe["mentions"]] == ["pages", "genre"]
    start, end = crusoe["chapters"]
    assert (start["id"], end["id"], start["chapters"][0]["id"]) == ("crusoe.start", "crusoe.end", "crusoe.sea")
    assert (start["readers"], start["sequel_to"], start["genre"]) == ([], None, "novel")
    assert list(crusoe) == list(end)
    assert objects(tmp_path, "authors")[0]["born_start"] == "1660-01-01"


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in an object."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from walk(each)


def test_json_lines_hold_every_record_and_part_once(hard: Published, tmp_path: Path) -> None:
    jsonl.write(hard, tmp_path)
    everything = [each for table in ("books", "authors") for line in objects(tmp_path, table) for each in walk(line)]
    for table in ("books", "authors", "mentions", "credits"):
        rows = {row["id"]: row for row in hard.frames[table].iter_rows(named=True)}
        found = [each for each in everything if each["id"] in rows and set(each) & {"at", "who", "label"} & set(hard.frames[table].columns)]
        assert sorted(each["id"] for each in found) == sorted(rows)
        for each in found:
            same = {key: value.isoformat() if isinstance(value, date) else value for key, value in rows[each["id"]].items() if key in each}
            assert {key: each[key] for key in same} == same
    assert "笛福的小说" in (tmp_path / "library-jsonl/books.jsonl").read_text(encoding="utf-8")  # as people read it
    assert objects(tmp_path, "vocabularies") == list(hard.frames["vocabularies"].iter_rows(named=True))
    assert {path.stem for path in (tmp_path / "library-jsonl").iterdir()} == {"books", "authors", "records", "vocabularies", "fields"}


class House(Record):
    """One publisher; its parent is another, and neither is a part of a tree."""

    table = Table("houses", "house")
    parent: Annotated[str, Ref("houses")] | None = Column("Who owns it.", default=None)


def test_a_parent_that_is_no_tree_hides_nobody(library: Path, tmp_path: Path) -> None:
    package = replace(LIBRARY, records=(*LIBRARY.records, House))
    (library / "raw/houses.yaml").write_text("penguin: {label: Penguin}\npuffin: {label: Puffin, parent: penguin}\n", encoding="utf-8")
    assert build(package, library)[0].problems == []
    jsonl.write(read_published(package, library), tmp_path)
    assert [(house["id"], house["parent"]) for house in objects(tmp_path, "houses")] == [("penguin", None), ("puffin", "penguin")]


def test_json_lines_are_read_by_duckdb_and_polars(published: Published, tmp_path: Path) -> None:
    jsonl.write(published, tmp_path)
    path = tmp_path / "library-jsonl/books.jsonl"
    with duckdb.connect() as connection:
        query = "SELECT label, c.label FROM (SELECT label, unnest(chapters) AS c FROM read_json(?, format = 'newline_delimited'))"
        assert connection.execute(query, [str(path)]).fetchall() == [("Robinson Crusoe", "Start in life"), ("Robinson Crusoe", "The end")]
    assert pl.read_ndjson(path)["chapters"].list.len().to_list() == [2]
