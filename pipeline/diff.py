"""Two snapshots compared: what changed in the schema, and which rows, by key.

Flat views and the Parquet twins follow from the tables and are not compared row by row. A table or field that was renamed shows as
one removed and one added: nothing in the data says that they are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.snapshot import Snapshot
from pipeline.tables import INDEX


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of the package, a table, a field or a constraint.

    ``kind`` is package, table, field, order, type, format, constraint, term, key, reference or description; ``change`` is added,
    removed, changed, tightened or loosened.
    """

    kind: str
    change: str
    table: str
    field: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell, or one added or removed row (then ``field`` is empty)."""

    change: str
    table: str
    key: str
    field: str = ""
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Difference:
    """All that differs between two snapshots; ``replaced`` maps retired addresses to what took their place, if anything."""

    old: str
    new: str
    schema: tuple[SchemaChange, ...]
    rows: tuple[Change, ...]
    replaced: Mapping[str, str | None]

    def __bool__(self) -> bool:
        return bool(self.schema or self.rows)


def compare(old: Snapshot, new: Snapshot) -> Difference:
    """Everything that changed from the one to the other, in a stable order."""
    schema = list(_package(old.descriptor, new.descriptor))
    rows: list[Change] = []
    for table in [*old.resources, *(name for name in new.resources if name not in old.resources)]:
        if table not in new.resources:
            schema.append(SchemaChange("table", "removed", table, ""))
        elif table not in old.resources:
            schema.append(SchemaChange("table", "added", table, ""))
        else:
            schema += _table(table, old.resources[table], new.resources[table])
            if not _is_view(new, table) and _key(old, table) == _key(new, table):
                rows += _rows(table, _key(new, table), old.frame(table), new.frame(table))
    return Difference(old.version, new.version, tuple(schema), tuple(rows), _replaced(old, new))


def _is_view(snapshot: Snapshot, table: str) -> bool:
    """Whether a table only shows what stands in others."""
    return bool(snapshot.resources[table].get("kind") == "view")


def _key(snapshot: Snapshot, table: str) -> list[str]:
    return list(snapshot.resources[table]["schema"]["primaryKey"])


def _replaced(old: Snapshot, new: Snapshot) -> dict[str, str | None]:
    """The addresses that were retired between the two."""

    def retired(snapshot: Snapshot) -> dict[str, str | None]:
        if INDEX not in snapshot.resources:
            return {}
        return dict(snapshot.frame(INDEX).filter(pl.col("why_retired").is_not_null()).select("address", "replaced_by").iter_rows())

    before = retired(old)
    return {address: instead for address, instead in retired(new).items() if address not in before}


# ------------------------------------------------------------------------------------------------------------ schema

_DESCRIPTIVE = ("title", "description", "homepage", "keywords", "licenses", "contributors", "sources", "included", "excluded")


def _package(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaChange]:
    if old["name"] != new["name"]:
        yield SchemaChange("package", "changed", "", "name", old["name"], new["name"])
    for name in _DESCRIPTIVE:
        if old.get(name) != new.get(name):
            yield SchemaChange("description", "changed", "", name)


def _table(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaChange]:
    before = {field["name"]: field for field in old["schema"]["fields"]}
    after = {field["name"]: field for field in new["schema"]["fields"]}
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield SchemaChange("field", "removed", table, name)
        elif name not in before:
            yield SchemaChange("field", "added", table, name)
        else:
            yield from _field(table, before[name], after[name])
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield SchemaChange("order", "changed", table, "")
    for kind, part in (("key", "primaryKey"), ("reference", "foreignKeys")):
        if old["schema"].get(part) != new["schema"].get(part):
            yield SchemaChange(kind, "changed", table, "", _short(old["schema"].get(part)), _short(new["schema"].get(part)))
    if any(old.get(name) != new.get(name) for name in ("title", "description")):
        yield SchemaChange("description", "changed", table, "")


def _field(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaChange]:
    name = new["name"]
    for kind in ("type", "format"):
        if old.get(kind) != new.get(kind):
            yield SchemaChange(kind, "changed", table, name, _short(old.get(kind)), _short(new.get(kind)))
    before, after = old.get("constraints", {}), new.get("constraints", {})
    for kind in ("required", "unique"):
        if bool(before.get(kind)) != bool(after.get(kind)):
            yield SchemaChange("constraint", "tightened" if after.get(kind) else "loosened", table, name, "", kind)
    if before.get("pattern") != after.get("pattern"):
        loosened = "pattern" not in after  # whether one pattern is wider than another is not decided: it is taken to be narrower
        change = "loosened" if loosened else "tightened"
        yield SchemaChange("constraint", change, table, name, _short(before.get("pattern")), _short(after.get("pattern")))
    yield from _terms(table, name, before.get("enum"), after.get("enum"))
    if any(
        old.get(key) != new.get(key) for key in ("title", "description", "example", "unit", "vocabulary", "deprecated", "deprecatedTerms")
    ):
        yield SchemaChange("description", "changed", table, name)


def _terms(table: str, name: str, old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[SchemaChange]:
    if old is None or new is None:
        if old != new:
            yield SchemaChange("constraint", "tightened" if old is None else "loosened", table, name, "", "vocabulary")
        return
    for term in [*old, *(term for term in new if term not in old)]:
        if term not in new:
            yield SchemaChange("term", "removed", table, name, term)
        elif term not in old:
            yield SchemaChange("term", "added", table, name, "", term)


def _short(value: object) -> str:
    return "" if value is None else str(value)


# -------------------------------------------------------------------------------------------------------------- rows


_ROW = "/row"  # no column is called so


def _rows(table: str, key: list[str], old: pl.DataFrame, new: pl.DataFrame) -> Iterator[Change]:
    """Removed and changed rows in the old order, then added ones in the new order."""
    shared = [name for name in old.columns if name in new.columns and name not in key]
    marks = old.with_row_index(_ROW).join(new, on=key, how="left", suffix="/new", maintain_order="left", nulls_equal=True)
    gone = old.with_row_index(_ROW).join(new, on=key, how="anti", maintain_order="left", nulls_equal=True)
    found: list[tuple[int, int, Change]] = [
        (row[_ROW], -1, Change("removed", table, _name(key, row))) for row in gone.iter_rows(named=True)
    ]
    kept = marks.filter(~pl.col(_ROW).is_in(gone[_ROW].implode()))
    for position, name in enumerate(shared):
        differs = kept.filter(pl.col(name).ne_missing(pl.col(f"{name}/new")))
        found += [
            (row[_ROW], position, Change("changed", table, _name(key, row), name, row[f"{name}/old"], row[f"{name}/new"]))
            for row in differs.rename({name: f"{name}/old"}).iter_rows(named=True)
        ]
    yield from (change for *_, change in sorted(found, key=lambda item: item[:2]))
    for row in new.join(old, on=key, how="anti", maintain_order="left", nulls_equal=True).iter_rows(named=True):
        yield Change("added", table, _name(key, row))


def _name(key: list[str], row: Mapping[str, Any]) -> str:
    """One text for a key: its value, or its values with a blank between them."""
    return " ".join(str(row[name]) for name in key)
