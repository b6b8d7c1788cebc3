"""Flat views: for each lead table one wide table with labels joined in, for people who open one file in a spreadsheet.

A view is derived and says so: it has every column of its table, beside each reference the label of what it refers to, and
for each thing that repeats (links, and parts that say under which field they stand) one column of labels joined by ``; ``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipeline.fields import FieldSpec, fields_of
from pipeline.language import Package, Part
from pipeline.tables import ColumnSpec, TableSpec, link_name, target_column

BETWEEN = "; "


def views_of(package: Package, specs: Mapping[str, TableSpec]) -> dict[str, TableSpec]:
    """The spec of each flat view, by name (``flat_<table>``)."""
    return {f"flat_{spec.name}": _view(spec) for spec in specs.values() if spec.lead}


def _view(spec: TableSpec) -> TableSpec:
    columns = [ColumnSpec("address", "string", f"The address of the {spec.one}: what it is cited by.", required=True, unique=True)]
    for column in spec.columns:
        columns.append(replace(column, reference=None, among=(), unique=False))
        if column.reference and column.name != "id":
            columns.append(ColumnSpec(f"{column.name}_label", "string", f"The label of {column.name}."))
    for field in _repeated(spec):
        name = field.term or field.name
        columns.append(ColumnSpec(name, "string", f"The labels of all entries under {field.name}, joined by '{BETWEEN.strip()}'."))
    description = f"Derived: {spec.name} with labels joined in, one row for each {spec.one}. Use the tables themselves for joins."
    return TableSpec(f"flat_{spec.name}", "view", description, tuple(columns), ("address",), spec.one)


def _repeated(spec: TableSpec) -> Iterator[FieldSpec]:
    assert spec.model is not None
    for field in fields_of(spec.model):
        if field.many and (field.reference or (field.part and field.part.listed_under)):
            yield field


def view_frame(spec: TableSpec, specs: Mapping[str, TableSpec], frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows of a view of one lead table, in the order of that table."""
    assert spec.model is not None
    frame = frames[spec.name]
    addresses = frame.select(address=pl.concat_str(pl.lit(f"{spec.name}/"), pl.col("id")))
    referring = [column for column in spec.columns if column.reference and column.name != "id"]
    # Each is looked up by itself: to join all that there is would make all of it anew.
    added = [addresses["address"], *(_labels(frame, column, frames).alias(f"{column.name}_label") for column in referring)]
    for field in _repeated(spec):
        name = field.term or field.name
        if field.part is not None:
            entries = _listed(field, field.part, specs, frames)
            found = addresses.join(entries, left_on="address", right_on="record", how="left", maintain_order="left")
        else:
            link = specs[link_name(spec.model.table, field)]
            rows = frames[link.name]
            labelled = rows.with_columns(label=_labels(rows, link[target_column(spec.model.table, field)], frames))
            entries = _joined(labelled, spec.one, name)
            found = frame.select("id").join(entries, left_on="id", right_on=spec.one, how="left", maintain_order="left")
        added.append(found[name])
    return frame.hstack(added).select(column.name for column in _view(spec).columns)


def _labels(frame: pl.DataFrame, column: ColumnSpec, frames: Mapping[str, pl.DataFrame]) -> pl.Series:
    """For each row the label of what a column refers to."""
    assert column.reference is not None
    table, key = column.reference
    labels = frames[table].select(pl.col(key).alias(column.name), "label")
    return frame.select(column.name).join(labels, on=column.name, how="left", maintain_order="left")["label"]


def _listed(field: FieldSpec, part: type[Part], specs: Mapping[str, TableSpec], frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Parts listed under one field: their labels, or where one names no record the term that it has instead."""
    assert part.listed_under is not None
    assert part.shorthand is not None
    spec = specs[part.table.name]
    term = field.term or field.name
    rows = frames[spec.name].filter(pl.col(part.listed_under.name) == term)
    labelled = rows.with_columns(label=_labels(rows, spec[part.shorthand], frames))
    terms = [column.name for column in spec.columns if column.terms and column.name != part.listed_under.name]
    return _joined(labelled.with_columns(label=pl.coalesce("label", *terms)), "record", term)


def _joined(frame: pl.DataFrame, by: str, name: str) -> pl.DataFrame:
    return frame.group_by(by, maintain_order=True).agg(pl.col("label").str.join(BETWEEN).alias(name))
