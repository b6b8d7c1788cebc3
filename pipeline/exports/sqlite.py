"""One SQLite database: every table with its keys, views with labels, and all that is known about the columns.

- Each published table under its name; types TEXT, INTEGER (a boolean is 0 or 1) and REAL; a date is text (``2024-09-11``), as SQLite's
  own functions want it. Primary keys, and foreign keys with an index each.
- ``vocabulary_<name>``: the terms of a vocabulary in their order, with definitions; a column of terms refers to it.
- ``<table>_labelled``: a view of a table that has references, with a column ``<column>_label`` after each.
- ``metadata`` (what it is, version, licence, how to cite), ``metadata_tables`` (what each table is); the published table of fields
  describes every column.

Beside it lies ``<name>.datasette.json``, which gives the same descriptions to Datasette. The bytes follow from the rows and the
version of SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.exports.published import Published
from pipeline.faces.sql import LABEL, LABELLED, labelled, literal, quoted
from pipeline.ledger import as_text
from pipeline.tables import ColumnSpec, TableSpec

_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT"}


def write(published: Published, folder: Path) -> None:
    """Make ``<name>.sqlite`` and ``<name>.datasette.json``."""
    name = published.package.name
    try:
        with closing(sqlite3.connect(folder / f"{name}.sqlite", isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("BEGIN")
            for statement in _schema(published):
                database.execute(statement)
            _fill(database, published)
            database.execute("COMMIT")
            database.execute("VACUUM")
    except sqlite3.OperationalError as error:  # a full disk, to SQLite
        raise OSError(f"{name}.sqlite cannot be written: {error}") from error
    (folder / f"{name}.datasette.json").write_text(as_text(_datasette(published)), encoding="utf-8", newline="\n")


def vocabulary_table(vocabulary: str) -> str:
    """The table that holds the terms of a vocabulary."""
    return f"vocabulary_{vocabulary.replace('-', '_')}"


def _schema(published: Published) -> Iterator[str]:
    yield "CREATE TABLE metadata (\n  item TEXT PRIMARY KEY NOT NULL,\n  value TEXT NOT NULL\n)"
    yield (
        'CREATE TABLE metadata_tables (\n  "table" TEXT PRIMARY KEY NOT NULL,\n  kind TEXT NOT NULL,\n  title TEXT NOT NULL,\n'
        "  description TEXT NOT NULL,\n  rows INTEGER NOT NULL\n)"
    )
    for vocabulary in published.vocabularies:
        columns = "term TEXT PRIMARY KEY NOT NULL,\n  place INTEGER NOT NULL,\n  definition TEXT NOT NULL"
        yield f"CREATE TABLE {quoted(vocabulary_table(vocabulary))} (\n  {columns}\n)"
    for table in published.tables:
        yield _create(table, published)
    for table in published.tables:
        for column in table.columns:
            if column.reference and (column.name,) != table.key:
                index = quoted(f"{table.name}_by_{column.name}")
                yield f"CREATE INDEX {index} ON {quoted(table.name)} ({quoted(column.name)})"
        if query := labelled(table, published.specs):
            yield f"CREATE VIEW {quoted(table.name + LABELLED)} AS\n{query}"


def _create(table: TableSpec, published: Published) -> str:
    lines = [_column(column, table, published) for column in table.columns]
    lines.append(f"PRIMARY KEY ({', '.join(quoted(name) for name in table.key)})")
    for column in table.columns:
        target = column.reference or _terms_of(column, published)
        if target:
            lines.append(f"FOREIGN KEY ({quoted(column.name)}) REFERENCES {quoted(target[0])} ({quoted(target[1])})")
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _column(column: ColumnSpec, table: TableSpec, published: Published) -> str:
    name = quoted(column.name)
    words = [name, _TYPES[column.type]]
    if column.required:
        words.append("NOT NULL")
    if column.unique and (column.name,) != table.key:
        words.append("UNIQUE")
    if column.type == "boolean":
        words.append(f"CHECK ({name} IN (0, 1))")
    if _terms_of(column, published) and len(column.terms) < len(published.vocabularies[str(column.vocabulary)].terms):
        words.append(f"CHECK ({name} IN ({', '.join(literal(term) for term in column.terms)}))")  # not every term of its vocabulary
    return " ".join(words)


def _terms_of(column: ColumnSpec, published: Published) -> tuple[str, str] | None:
    """The table and column that hold the terms of a column, if it has any."""
    if column.terms and column.vocabulary in published.vocabularies:
        return vocabulary_table(str(column.vocabulary)), "term"
    return None


def _fill(database: sqlite3.Connection, published: Published) -> None:
    database.executemany("INSERT INTO metadata VALUES (?, ?)", published.about.items())
    tables = [(t.name, t.kind, t.title, t.description, published.frames[t.name].height) for t in published.tables]
    database.executemany("INSERT INTO metadata_tables VALUES (?, ?, ?, ?, ?)", tables)
    for vocabulary in published.vocabularies.values():
        terms = [(term, place, definition) for place, (term, definition) in enumerate(vocabulary.terms.items(), 1)]
        database.executemany(f"INSERT INTO {quoted(vocabulary_table(vocabulary.name))} VALUES (?, ?, ?)", terms)
    for table in published.tables:
        frame = published.frames[table.name].with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
        database.executemany(f"INSERT INTO {quoted(table.name)} VALUES ({', '.join('?' * frame.width)})", frame.iter_rows())


def _datasette(published: Published) -> dict[str, Any]:
    package = published.package
    tables: dict[str, Any] = {}
    for table in published.tables:
        columns = {column.name: column.description for column in table.columns}
        tables[table.name] = {"description": table.description, "columns": columns}
        if LABEL in columns:
            tables[table.name]["label_column"] = LABEL
    for vocabulary in published.vocabularies.values():
        tables[vocabulary_table(vocabulary.name)] = {"description": vocabulary.description, "label_column": "term"}
    return {
        "title": f"{package.title}, version {package.version}",
        "description": package.description,
        "license": package.licenses[0].title,
        "license_url": package.licenses[0].path,
        "source": published.about["how to cite"],
        "databases": {package.name: {"tables": tables}},
    }
