"""What was published, read back for the pages: typed rows, the label of every address, and who refers to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.faces.table_schema import DESCRIPTOR, as_described
from pipeline.fields import fields_of
from pipeline.language import Package, Part, Vocabulary
from pipeline.places import CSV
from pipeline.publish import read_csv
from pipeline.site.values import Section
from pipeline.tables import INDEX, ColumnSpec, TableSpec, tables_of, vocabularies_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Published:
    """The tables of one published version. ``package`` has the version that the descriptor gives."""

    package: Package
    descriptor: Mapping[str, Any]
    specs: Mapping[str, TableSpec]
    rows: Mapping[str, list[Row]]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of every address, retired ones too."""
        return {row["address"]: row["label"] for row in self.rows[INDEX]}

    @cached_property
    def retired(self) -> dict[str, Row]:
        """The addresses that were retired."""
        return {row["address"]: row for row in self.rows[INDEX] if row["why_retired"] is not None}

    @cached_property
    def vocabularies(self) -> dict[str, Vocabulary]:
        """Every vocabulary, by name."""
        return vocabularies_of(self.package)

    @cached_property
    def entities(self) -> list[TableSpec]:
        """The tables whose rows are records."""
        return [spec for spec in self.specs.values() if spec.kind == "entity"]

    @cached_property
    def parts(self) -> dict[str, type[Part]]:
        """The model of each table of parts."""
        fields = (field for model in self.package.records for field in fields_of(model))
        return {field.part.table.name: field.part for field in fields if field.part is not None}

    @cached_property
    def trees(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of each table of trees, by the id of their root."""
        found: dict[str, dict[str, list[Row]]] = {}
        for spec in self.entities:
            if is_tree(spec):
                families = found.setdefault(spec.name, {})
                for row in self.rows[spec.name]:
                    families.setdefault(row["id"].partition(".")[0], []).append(row)
        return found

    @cached_property
    def evidence(self) -> str | None:
        """The table of parts that says where things are said, field by field, if the package has one."""
        if (anchors := self.package.anchors) is None:
            return None
        for name, part in self.parts.items():
            if {anchors.source, anchors.locator} <= part.model_fields.keys() and not part.listed_under and self.grouped_by(name):
                return name
        return None

    def owns(self, section: Section) -> bool:
        """Whether a section has rows that belong to the record, and not such as only name it."""
        return section.column == owner_column(self.specs[section.table]).name

    def grouped_by(self, table: str) -> str | None:
        """The column by which the rows of a part are grouped: the field they are listed under, or that they are about."""
        part = self.parts.get(table)
        if part is None:
            return None
        return part.listed_under.name if part.listed_under else next((field.each for field in fields_of(part) if field.each), None)

    @cached_property
    def uses(self) -> dict[str, dict[tuple[str, str], list[Row]]]:
        """Address → (table, column) → the rows of that table that name it in that column."""
        found: dict[str, dict[tuple[str, str], list[Row]]] = {}
        for spec in self.specs.values():
            for column in spec.columns:
                if column.reference and spec.kind != "generated":
                    for row in self.rows[spec.name]:
                        if row[column.name] is not None:
                            found.setdefault(address_in(column, row), {}).setdefault((spec.name, column.name), []).append(row)
        return found

    def owner(self, spec: TableSpec, row: Row) -> str:
        """The address of the record that a row is, or belongs to."""
        if spec.kind == "entity":
            return f"{spec.name}/{row['id']}"
        return address_in(owner_column(spec), row)


TREE = ("parent", "ordinal", "depth")


def is_tree(spec: TableSpec) -> bool:
    """Whether the rows of a table stand in trees."""
    return spec.kind == "entity" and set(TREE) <= {column.name for column in spec.columns}


def owner_column(spec: TableSpec) -> ColumnSpec:
    """The column of a part, link or report that says whose row it is: the first that refers to anything."""
    return next(column for column in spec.columns if column.reference)


def address_in(column: ColumnSpec, row: Row) -> str:
    """The address that a reference column holds, written as a bare id or not."""
    assert column.reference is not None
    value = str(row[column.name])
    return value if column.reference[0] == INDEX else f"{column.reference[0]}/{value}"


def read_published(package: Package, root: Path) -> Published:
    """The tables below ``root``, which were verified."""
    content = json.loads((root / DESCRIPTOR).read_bytes())
    specs = tables_of(package)
    frames = {name: read_csv(root / CSV / f"{name}.csv", spec) for name, spec in specs.items()}
    rows: dict[str, list[Row]] = {name: list(frame.iter_rows(named=True)) for name, frame in frames.items()}
    return Published(as_described(package, content), content, specs, rows)
