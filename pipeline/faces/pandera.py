"""Table specs as pandera schemas (polars backend): types, keys, terms, forms, references and the rules across rows.

Every check is named ``kind`` or ``kind:name`` so that a failure can be told apart; :mod:`pipeline.check` turns failures into
complaints. Frames are eager: on a LazyFrame pandera would skip every check of values without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandera.polars as pa
import polars as pl

from pipeline.faces.arrow import polars_schema
from pipeline.language import Rule
from pipeline.tables import INDEX, ColumnSpec, TableSpec


def pandera_schema(table: TableSpec, frames: Mapping[str, pl.DataFrame], rules: Iterable[Rule] = ()) -> pa.DataFrameSchema:
    """The schema that judges one table among the others; ``frames`` are the tables that its references point into."""
    types = polars_schema(table)
    columns = {
        column.name: pa.Column(
            types[column.name],
            nullable=not column.required,
            unique=column.unique and column.required,
            checks=list(_checks(column, frames)),
            title=column.title,
            description=column.description,
        )
        for column in table.columns
    }
    row_checks = [pa.Check(_holds(rule.holds, frames), name=f"rule:{rule.name}") for rule in rules]
    return pa.DataFrameSchema(
        columns,
        checks=row_checks,
        unique=list(table.key) if len(table.key) > 1 else None,
        strict=True,
        ordered=True,
        name=table.name,
        title=table.title,
        description=table.description,
    )


def _checks(column: ColumnSpec, frames: Mapping[str, pl.DataFrame]) -> Iterable[pa.Check]:
    if column.unique and not column.required:  # to pandera two missing values would be the same
        yield pa.Check(_differ, name="unique")
    if column.terms:
        yield pa.Check.isin(list(column.terms), error="term")
    if column.pattern:
        yield pa.Check.str_matches(f"^(?:{column.pattern})$", error="form")
    if column.among:
        yield pa.Check(_starts_with(column.among), name="among")
    if column.reference:
        table, key = column.reference
        yield pa.Check(_is_in(living(frames, table)[key]), name="reference")


def living(frames: Mapping[str, pl.DataFrame], table: str) -> pl.DataFrame:
    """The rows that a reference may mean: the index also knows what is retired, and nothing may refer to that."""
    frame = frames[table]
    return frame.filter(pl.col("why_retired").is_null()) if table == INDEX else frame


def _differ(data: pa.PolarsData) -> pl.LazyFrame:
    column = pl.col(data.key or "*")
    return data.lazyframe.select(column.is_null() | ~column.is_duplicated())


def _is_in(keys: pl.Series) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(pl.col(data.key or "*").is_in(keys.implode()))


def _starts_with(tables: tuple[str, ...]) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(pl.col(data.key or "*").str.split("/").list.first().is_in(list(tables)))


def _holds(
    holds: Callable[[Mapping[str, pl.DataFrame]], pl.Series], frames: Mapping[str, pl.DataFrame]
) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: pl.LazyFrame({"holds": holds(frames).fill_null(True)})
