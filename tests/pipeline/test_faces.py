"""The renditions that every build writes: CSVW, Croissant and SQL for DuckDB, read as their readers would."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.faces.croissant import croissant
from pipeline.faces.csvw import csvw
from pipeline.faces.sql import labelled, literal, quoted
from pipeline.faces.table_schema import descriptor
from pipeline.journey import build
from pipeline.publish import CROISSANT, CSV, CSVW, DUCKDB
from pipeline.tables import ColumnSpec, TableSpec, tables_of
from pipeline.verify import verify
from pipeline.views import views_of
from tests.library import LIBRARY

TABLES = tables_of(LIBRARY)
ALL = {**TABLES, **views_of(LIBRARY, TABLES)}


@pytest.fixture(scope="module")
def built(untouched: Path) -> Path:
    """A library that is published, and that no test changes."""
    assert build(LIBRARY, untouched)[0].problems == []
    return untouched


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", [CSVW, CROISSANT, DUCKDB])
def test_a_changed_byte_in_a_rendition_is_found(library: Path, file: str) -> None:
    build(LIBRARY, library)
    path = library / file
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    assert [(problem.file, problem.rule) for problem in verify(LIBRARY, library)] == [(file, "wrong-hash")]


def test_csvw_describes_every_csv_column_by_column(built: Path) -> None:
    tables = {table["url"]: table for table in loaded(built / CSVW)["tables"]}
    assert set(tables) == {path.name for path in (built / CSV).glob("*.csv")}
    for url, table in tables.items():
        header = (built / CSV / url).read_text(encoding="utf-8").splitlines()[0].split(",")
        columns = table["tableSchema"]["columns"]
        assert [column["name"] for column in columns] == header
        assert [column["titles"][0] for column in columns] == header
        assert set(table["tableSchema"]["primaryKey"]) <= set(header)


def test_csvw_has_types_keys_references_and_vocabularies() -> None:
    tables = {table["url"]: table["tableSchema"] for table in csvw(LIBRARY, ALL)["tables"]}
    columns = {column["name"]: column for column in tables["books.csv"]["columns"]}
    assert columns["ordinal"]["datatype"] == "integer"
    assert columns["price"]["datatype"] == "double"
    assert columns["lost"]["datatype"] == {"base": "boolean", "format": "true|false"}
    assert {column["name"]: column["datatype"] for column in tables["authors.csv"]["columns"]}["born_start"] == "date"
    assert columns["genre"]["datatype"] == {"base": "string", "format": "^(?:novel|essay)$"}
    assert (columns["id"]["required"], columns["pages"]["required"]) == (True, False)
    assert tables["book_readers.csv"]["primaryKey"] == ["book", "reader"]
    assert tables["credits.csv"]["foreignKeys"] == [
        {"columnReference": "record", "reference": {"resource": "records.csv", "columnReference": "address"}},
        {"columnReference": "who", "reference": {"resource": "records.csv", "columnReference": "address"}},
    ]
    assert "foreignKeys" not in tables["flat_books.csv"]


def test_csvw_takes_a_term_for_what_it_says_and_not_for_a_pattern() -> None:
    column = ColumnSpec("mark", "string", "A mark.", terms=("a.b", "c+"))
    (table,) = csvw(LIBRARY, {"marks": TableSpec("marks", "entity", "Marks.", (column,), ("mark",))})["tables"]
    form = table["tableSchema"]["columns"][0]["datatype"]["format"]
    assert [text for text in ("a.b", "c+", "axb", "cc", "a.b ") if re.search(form, text)] == ["a.b", "c+"]


def test_croissant_knows_every_file_and_where_each_column_is_found(built: Path) -> None:
    content = loaded(built / CROISSANT)
    files = {file["@id"]: file for file in content["distribution"]}
    for file in files.values():
        path = built / "dataset" / file["contentUrl"]
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert file["contentSize"] == f"{path.stat().st_size} B"
    for table in content["recordSet"]:
        assert {field["source"]["fileObject"]["@id"] for field in table["field"]} <= files.keys()
        names = [field["source"]["extract"]["column"] for field in table["field"]]
        assert names == [column.name for column in ALL[table["name"]].columns]
        assert {key["@id"] for key in table["key"]} <= {field["@id"] for field in table["field"]}
    assert {table["name"] for table in content["recordSet"]} == set(ALL)


def test_croissant_of_a_release_has_its_date_and_how_to_cite_it(built: Path) -> None:
    content = loaded(built / CROISSANT)
    assert content["isLiveDataset"] is True
    assert "datePublished" not in content
    released = replace(LIBRARY, version="1.0.0", released="2026-11-22", homepage="https://example.org/", temporal="1719", spatial="London")
    content = croissant(released, ALL, descriptor(released, ALL, built), "dataset", "@misc{library}")
    assert content["datePublished"] == "2026-11-22"
    assert [content[name] for name in ("citeAs", "url", "temporalCoverage", "spatialCoverage")] == [
        *("@misc{library}", "https://example.org/", "1719", "London")
    ]
    group = csvw(released, ALL)
    assert group["dc:issued"] == {"@value": "2026-11-22", "@type": "xsd:date"}
    assert group["dcat:landingPage"] == {"@id": "https://example.org/"}


def views(built: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"SET file_search_path = {literal(str(built / 'dataset'))}")
    connection.execute((built / DUCKDB).read_text(encoding="utf-8"))
    return connection


def test_the_views_of_duckdb_hold_the_rows_of_every_table(built: Path) -> None:
    with views(built) as connection:
        for name in TABLES:
            rows = connection.execute(f"FROM {quoted(name)}").fetchall()
            assert rows == pl.read_parquet(built / f"dataset/parquet/{name}.parquet").rows(), name


def test_the_views_of_duckdb_explain_themselves_and_have_labels(built: Path) -> None:
    with views(built) as connection:
        comments = dict(connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
        assert comments["books"] == "One work, or one chapter of it."
        assert comments["book_readers_labelled"].endswith("With the labels of what it refers to.")
        columns = connection.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'books' AND column_name = 'pages'")
        assert columns.fetchall() == [("How long it is.",)]
        rows = connection.execute("SELECT id, parent, parent_label, sequel_to_label FROM books_labelled ORDER BY id").fetchall()
        assert rows[-1] == ("crusoe.start", "crusoe", "Robinson Crusoe", None)
        assert len(rows) == 4
        assert connection.execute("SELECT book_label, reader_label FROM book_readers_labelled").fetchall() == [
            ("Robinson Crusoe", "Daniel Defoe")
        ]


def test_a_table_that_refers_to_nothing_has_no_labels() -> None:
    assert labelled(TABLES["authors"], TABLES) is None
    column = ColumnSpec("term", "string", "A term.", reference=("vocabularies", "term"))  # a table without labels
    assert labelled(TableSpec("uses", "part", "Uses.", (column,), ("term",)), TABLES) is None


def test_names_and_texts_are_quoted_as_sql_wants_them() -> None:
    assert (quoted('a"b'), literal("it's")) == ('"a""b"', "'it''s'")
