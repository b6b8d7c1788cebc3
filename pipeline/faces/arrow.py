"""Table specs as Arrow schemas (what Parquet is written with, what workers hand over) and as polars schemas (what the stages work on)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.tables import TableSpec

if TYPE_CHECKING:
    import polars as pl

_ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}


def polars_schema(table: TableSpec) -> pl.Schema:
    """Column name → polars type, in order."""
    import polars as pl  # not at the top: worker processes are forked from one that has not loaded it

    kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
    return pl.Schema({column.name: kinds[column.type] for column in table.columns})


def plain_schema(table: TableSpec) -> pa.Schema:
    """Column name and Arrow type alone; texts as views, which polars takes over without a copy."""
    types = _ARROW | {"string": pa.string_view()}
    return pa.schema([(column.name, types[column.type]) for column in table.columns])


def arrow_schema(table: TableSpec) -> pa.Schema:
    """The Arrow schema with title, description, unit and vocabulary in the metadata of table and fields."""
    fields = []
    for column in table.columns:
        metadata = {"title": column.title, "description": column.description}
        if column.unit:
            metadata["unit"] = column.unit
        if column.vocabulary:
            metadata["vocabulary"] = column.vocabulary
        fields.append(pa.field(column.name, _ARROW[column.type], nullable=not column.required, metadata=metadata))
    return pa.schema(fields, metadata={"title": table.title, "description": table.description})
