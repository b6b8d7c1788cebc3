"""A folder of JSON Lines, one file for each table of records and each report: an object a line, nested as a curator writes it.

Under a record stand its columns, then, under the names of its fields, what repeats: the ids or addresses that it lists, its parts as
objects with their columns, and the records of its tree, in order, each in the same form. Every object has every key: what is missing is
null, a list may be empty. Values are those of the tables, inherited ones at each record of a tree. What is in no record (reports,
the index, vocabularies, fields) is one flat object a row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.exports.published import Published
from pipeline.fields import FieldSpec, fields_of
from pipeline.language import TreeRecord
from pipeline.tables import INDEX, TableSpec, link_name, target_column

Row = dict[str, Any]


def write(published: Published, folder: Path) -> None:
    """Make the folder ``<name>-jsonl``."""
    target = folder / f"{published.package.name}-jsonl"
    target.mkdir()
    nested = _Nested(published)
    for table in published.tables:
        if table.kind in ("part", "link"):
            continue
        objects = nested.records(table) if table.model else published.frames[table.name].iter_rows(named=True)
        with (target / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{json.dumps(each, ensure_ascii=False, default=date.isoformat)}\n" for each in objects)


class _Nested:
    """Gathers what hangs on each record: rows by table, column and the value that refers to their owner."""

    def __init__(self, published: Published) -> None:
        self.published = published
        self._groups: dict[tuple[str, str], Mapping[str | None, list[Row]]] = {}

    def records(self, table: TableSpec) -> Iterator[Row]:
        """The records of a table, in a tree its root."""
        tree = table.model is not None and issubclass(table.model, TreeRecord)
        for row in self.published.frames[table.name].iter_rows(named=True):
            if not (tree and row["depth"]):
                yield self._record(table, row)

    def _record(self, table: TableSpec, row: Row) -> Row:
        assert table.model is not None
        nested = dict(row)
        for field in fields_of(table.model):
            if field.kind == "tree":
                children = sorted(self._rows(table.name, "parent", row["id"]), key=lambda child: child["ordinal"])
                nested[field.name] = [self._record(table, child) for child in children]
            elif field.part is not None:
                nested[field.name] = list(self._parts(table, field, row["id"]))
            elif field.many:
                column = target_column(table.model.table, field)
                nested[field.name] = [link[column] for link in self._rows(link_name(table.model.table, field), table.one, row["id"])]
        return nested

    def _parts(self, table: TableSpec, field: FieldSpec, name: str) -> Iterator[Row]:
        """The rows of a part under one field of a record, without the columns that say of which record and field they are."""
        assert field.part is not None
        spec = self.published.specs[field.part.table.name]
        owner = spec.columns[1]
        assert owner.reference is not None
        listed = field.part.listed_under.name if field.part.listed_under else None
        for row in self._rows(spec.name, owner.name, f"{table.name}/{name}" if owner.reference[0] == INDEX else name):
            if listed is None or row[listed] == (field.term or field.name):
                yield {column: value for column, value in row.items() if column not in (owner.name, listed)}

    def _rows(self, table: str, column: str, value: str) -> list[Row]:
        if (table, column) not in self._groups:
            groups = defaultdict(list)
            for row in self.published.frames[table].iter_rows(named=True):
                groups[row[column]].append(row)
            self._groups[table, column] = groups
        return self._groups[table, column].get(value, [])
