"""Table specs as pandera schemas (polars backend): types, keys, terms, forms, references and the rules across rows.

What a column must be is written once, as expressions that are true where it is right. They are judged in two ways.
:func:`pandera_schema` has a check for each, named ``kind`` or ``kind:name``, so that a failure can be told apart and
:mod:`pipeline.check` can turn it into a complaint. :func:`summary_schema` puts all of a table into one check, which answers whether
there is any failure: pandera takes five milliseconds for a check and a third of one for a column, and there are four hundred columns.

Frames are eager: on a LazyFrame pandera would skip every check of values without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import pandera.polars as pa
import polars as pl

from pipeline.faces.arrow import polars_schema
from pipeline.language import Rule
from pipeline.tables import INDEX, ColumnSpec, TableSpec

Frames = Mapping[str, pl.DataFrame]


def pandera_schema(table: TableSpec, frames: Frames, rules: Iterable[Rule] = (), excused: Collection[str] = ()) -> pa.DataFrameSchema:
    """The schema that judges one table among the others; ``frames`` are the tables that its references point into, and what these may be.

    excused: addresses of records that are in no table, and may be referred to all the same.
    """
    types = polars_schema(table)
    columns = {
        column.name: pa.Column(
            types[column.name],
            nullable=not column.required,
            unique=column.unique and column.required,
            checks=[pa.Check(_selected(right), name=name) for name, right in _conditions(column, frames, excused)],
            title=column.title,
            description=column.description,
        )
        for column in table.columns
    }
    row_checks = [pa.Check(_holds(rule, frames), name=f"rule:{rule.name}") for rule in rules]
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


def summary_schema(table: TableSpec, frames: Frames, rules: Iterable[Rule] = (), excused: Collection[str] = ()) -> pa.DataFrameSchema:
    """The schema that says whether :func:`pandera_schema` would find anything: the same types and conditions, in one check."""
    return pa.DataFrameSchema(checks=pa.Check(_summary(table, frames, list(rules), excused)), name=table.name)


def _summary(table: TableSpec, frames: Frames, rules: list[Rule], excused: Collection[str]) -> Callable[[pa.PolarsData], bool]:
    """Whether everything is right."""

    def summed(data: pa.PolarsData) -> bool:
        if data.lazyframe.collect_schema() != polars_schema(table):
            return False
        right = [pl.lit(True)]  # of a table may be asked nothing
        right += [expression.all() for column in table.columns for _, expression in _conditions(column, frames, excused)]
        for column in table.columns:
            this = pl.col(column.name)
            if column.required:
                right.append(this.is_not_null().all())
                if column.type == "number":
                    right.append(this.is_not_nan().all())
                if column.unique:
                    right.append(this.n_unique() == pl.len())
        if len(table.key) > 1:
            right.append(pl.struct(table.key).n_unique() == pl.len())
        right += [pl.lit(_answers(rule, frames).all()) for rule in rules]
        return bool(data.lazyframe.select(pl.all_horizontal(right)).collect().item())

    return summed


def _conditions(column: ColumnSpec, frames: Frames, excused: Collection[str]) -> Iterator[tuple[str, pl.Expr]]:
    """What must hold for each value of a column that is not missing: the name of the check, and true where it is right."""
    this = pl.col(column.name)
    if column.unique and not column.required:  # to pandera two missing values would be the same
        yield "unique", this.is_null() | ~this.is_duplicated()
    if column.terms:
        yield "term", this.is_in(list(column.terms))
    if column.pattern:
        yield "form", this.str.contains(f"^(?:{column.pattern})$")
    if column.among:
        yield "among", this.str.split("/").list.first().is_in(list(column.among))
    if column.reference:
        table, key = column.reference
        there = frames[f"{table}.{key}"].to_series()
        home = "" if table == INDEX else f"{table}/"
        if also := [address.removeprefix(home) for address in excused if address.startswith(home)]:
            there = pl.concat([there, pl.Series(also, dtype=there.dtype)])
        yield "reference", this.is_in(there.implode())


def _selected(right: pl.Expr) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(right)


def _holds(rule: Rule, frames: Frames) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: pl.LazyFrame({"holds": _answers(rule, frames).fill_null(True)})


def _answers(rule: Rule, frames: Frames) -> pl.Series:
    """What a rule says of each row of its table; a rule that says it of others is a mistake in the package and not in its data."""
    answers, rows = rule.holds(frames), frames[rule.table].height
    if len(answers) != rows:
        raise TypeError(f"the rule {rule.name} answers for {len(answers)} rows of {rule.table}, which has {rows}")
    return answers
