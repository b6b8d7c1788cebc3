"""Records to tables: each record becomes the rows that its annotations say, and every row remembers where it was written.

Rows stand in the order of records (by id) and, within a record, in the curator's order; a tree is walked from the root, parents
before their parts. A part's id is made of its record's address and its key fields, so that it survives re-ordering; where two
parts of a record have the same key, the second is told apart by ``~2``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from pydantic import BaseModel

from pipeline.edtf import Edtf
from pipeline.faces.arrow import polars_schema
from pipeline.fields import FieldSpec, fields_of
from pipeline.language import Package, Part, Record, TreeRecord
from pipeline.problems import Path
from pipeline.records import RAW, RETIRED, Checked, Records
from pipeline.tables import FIELDS, INDEX, VOCABULARIES, TableSpec, link_name, tables_of, target_column, vocabularies_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was written; ``stated`` has, for a field that was inherited, where the ancestor states it."""

    file: str
    path: Path
    stated: Mapping[str, Path] = field(default_factory=dict)

    def of(self, name: str | None) -> Path:
        """The path of one field of the row, or of the row itself."""
        if name is None:
            return self.path
        return self.stated.get(name, (*self.path, name))


@dataclass(frozen=True, slots=True)
class Tabulated:
    """The tables of a package as polars frames, and for each row of a table where it came from."""

    specs: Mapping[str, TableSpec]
    frames: Mapping[str, pl.DataFrame]
    origins: Mapping[str, list[Origin]]


def tabulate(package: Package, records: Records) -> Tabulated:
    """Turn accepted records into one frame for each published table, derived columns included."""
    specs = tables_of(package)
    sheet = _Sheet(specs)
    for checked in records.accepted:
        sheet.add_root(checked)
    for address, retired in sorted(records.retired.items()):
        table, _, name = address.partition("/")
        row = {
            "address": address,
            "table": table,
            "id": name,
            "label": address,
            "replaced_by": retired.replaced_by,
            "why_retired": retired.why,
        }
        sheet.add(INDEX, row, Origin(f"{RAW}/{RETIRED}.yaml", (address,)))
    for vocabulary in vocabularies_of(package).values():
        for term, definition in vocabulary.terms.items():
            sheet.add(VOCABULARIES, {"vocabulary": vocabulary.name, "term": term, "definition": definition}, Origin("", ()))
    for spec in specs.values():
        for column in spec.columns:
            sheet.add(FIELDS, {"table": spec.name, "field": column.name} | _description(column), Origin("", ()))
    frames = {
        name: pl.DataFrame({column: sheet.columns[name][column] for column in polars_schema(spec)}, schema=polars_schema(spec))
        for name, spec in specs.items()
    }
    for derived in package.derived:
        frames[derived.table] = frames[derived.table].with_columns(derived.compute(frames).alias(derived.column.name))
    written = dict(zip(frames[INDEX]["address"].to_list(), sheet.origins[INDEX], strict=True))
    for report in package.reports:
        frames[report.name] = report.compute(frames).select(
            pl.col(name).cast(kind) for name, kind in polars_schema(specs[report.name]).items()
        )
        sheet.origins[report.name] = [_origin(specs[report.name], row, written) for row in frames[report.name].iter_rows(named=True)]
    return Tabulated(specs, frames, sheet.origins)


def _origin(spec: TableSpec, row: Row, written: Mapping[str, Origin]) -> Origin:
    """Where to point for a row of a report, which nobody wrote: to the first record that it refers to and that is there."""
    for column in spec.columns:
        if column.reference and row[column.name]:
            table = column.reference[0]
            address = row[column.name] if table == INDEX else f"{table}/{row[column.name]}"
            if address in written:
                return written[address]
    return Origin("", ())


def _description(column: Any) -> Row:
    return {
        "type": column.type,
        "required": column.required,
        "unit": column.unit,
        "vocabulary": column.vocabulary,
        "refers_to": ".".join(column.reference) if column.reference else None,
        "description": column.description,
    }


class _Sheet:
    """Collects rows, column by column."""

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self.columns: dict[str, dict[str, list[Any]]] = {name: {column.name: [] for column in spec.columns} for name, spec in specs.items()}
        self.origins: dict[str, list[Origin]] = {name: [] for name in specs}
        self._part_ids: dict[str, dict[str, int]] = {}

    def add(self, table: str, row: Row, origin: Origin) -> None:
        for name, values in self.columns[table].items():
            values.append(row.get(name))
        self.origins[table].append(origin)

    def add_root(self, checked: Checked) -> None:
        entry = checked.entry
        place = {"parent": None, "ordinal": None, "depth": 0}
        self._add(checked.record, entry.id, entry.id, place, Origin(entry.file, entry.path), {})

    def _add(self, record: Record, root: str, name: str, place: Row, origin: Origin, above: Mapping[str, Any]) -> None:
        """One record and all that hangs on it; ``above`` has the values of the parent that a child may inherit."""
        table = type(record).table
        address = f"{table.name}/{name}"
        row: Row = {"id": name, **place} if isinstance(record, TreeRecord) else {"id": name}
        stated = {}
        values: dict[str, Any] = {}
        for spec in fields_of(type(record)):
            value = getattr(record, spec.name)
            if spec.inherit and value is None:
                if spec.name in above:
                    value, stated[spec.name] = above[spec.name]
                else:
                    value = spec.fallback
            values[spec.name] = value
            if spec.kind not in ("part", "tree") and not spec.many and spec.name != "key":
                row.update(_cells(spec, value))
        here = Origin(origin.file, origin.path, stated)
        self.add(table.name, row, here)
        self.add(INDEX, row | {"address": address, "table": table.name}, here)
        for spec in fields_of(type(record)):
            for position, item in enumerate(values[spec.name] or () if spec.many else ()):
                item_origin = Origin(origin.file, (*here.of(spec.name), position))
                if spec.part is not None:
                    self._add_part(item, spec, table.one, name, address, item_origin)
                elif spec.reference is not None:
                    self.add(link_name(table, spec), {table.one: name, target_column(table, spec): item}, item_origin)
                elif spec.kind == "tree":
                    below = {s.name: (values[s.name], here.of(s.name)) for s in fields_of(type(record)) if s.inherit}
                    inner = {"parent": name, "ordinal": position + 1, "depth": place["depth"] + 1}
                    self._add(item, root, f"{root}.{item.key}", inner, item_origin, below)

    def _add_part(self, part: Part, listed: FieldSpec, one: str, name: str, address: str, origin: Origin) -> None:
        table = type(part).table
        row: Row = {one: name} if table.owner else {"record": address}
        if part.listed_under:
            row[part.listed_under.name] = listed.term or listed.name
        for variant in _variants(part):
            full = row | variant
            key = ":".join([address, *(str(full[field]) for field in table.key if full[field] is not None)])
            seen = self._part_ids.setdefault(table.name, {})
            seen[key] = seen.get(key, 0) + 1
            full["id"] = key if seen[key] == 1 else f"{key}~{seen[key]}"
            self.add(table.name, full, origin)


def _cells(spec: FieldSpec, value: Any) -> Iterator[tuple[str, Any]]:
    """The columns of one field: name and value."""
    if spec.kind == "date":
        date: Edtf | None = value
        yield spec.name, date and date.text
        yield f"{spec.name}_start", date and date.start
        yield f"{spec.name}_end", date and date.end
        yield f"{spec.name}_precision", date and date.precision
    elif spec.kind == "words":
        first, last = value or (None, None)
        yield f"{spec.name}_first", first
        yield f"{spec.name}_last", last
    else:
        yield spec.name, value


def _variants(part: BaseModel) -> Iterator[Row]:
    """The rows of one part: one, or one for each value of the field that is published value by value."""
    row: Row = {}
    each: tuple[str, list[Any]] | None = None
    for spec in fields_of(type(part)):
        value = getattr(part, spec.name)
        if spec.each:
            each = (spec.each, value)
        else:
            row.update(_cells(spec, value))
    if each is None:
        yield row
    else:
        name, values = each
        for value in values or [None]:
            yield row | {name: value}
