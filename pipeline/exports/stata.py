"""A folder of Stata files (format 118, Stata 14 or later), one for each table and flat view, with ``variables.csv`` that explains them.

A term of a vocabulary is a number from 1 with a value label; the numbers follow the order of the vocabulary and may change from version
to version, the labels do not. Booleans are 0 and 1, labelled too; dates are Stata's (``%td``). Stata has no missing text: what is
missing is empty.
A variable is named as the column is, within 32 characters by the rule of :mod:`pipeline.exports.names`; its label is the column's
description as far as 80 characters go, and ``variables.csv`` has it whole.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Hashable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from pipeline.exports.names import fitted
from pipeline.exports.published import Published, Unfit, check_exact
from pipeline.tables import ColumnSpec, TableSpec

NAME, LABEL = 32, 80
_WORDS = "_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _se _skip str strL using with"
RESERVED = {*_WORDS.split(), *(f"str{length}" for length in range(1, 2046))}
"""Words that cannot name a variable."""
_STAMP = datetime(1980, 1, 1)  # noqa: DTZ001 - no moment is meant
LARGEST = float.fromhex("0x1.fffffffffffffp+1022")
"""The numbers above it mean in Stata that there is none."""
_TRUTH = {0: "false", 1: "true"}


def write(published: Published, folder: Path) -> None:
    """Make the folder ``<name>-stata``."""
    target = folder / f"{published.package.name}-stata"
    target.mkdir()
    explained = [("file", "variable", "table", "column", "type", "vocabulary", "description")]
    for table in published.specs.values():
        names = fitted([column.name for column in table.columns], NAME, RESERVED)
        _write_table(table, published, names, target / f"{table.name}.dta")
        for column in table.columns:
            facts = (table.name, column.name, column.type, column.vocabulary or "", column.description)
            explained.append((f"{table.name}.dta", names[column.name], *facts))
    with (target / "variables.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(explained)


def _write_table(table: TableSpec, published: Published, names: dict[str, str], path: Path) -> None:
    frame = published.frames[table.name]
    check_exact(table.name, frame, "Stata")
    for name in frame.select(pl.col(pl.Float64)).columns:
        for row in (frame[name] > LARGEST).arg_true():
            raise Unfit(table.name, row, f"{name} is {frame[name][row]}, and Stata holds no number above {LARGEST:.3g}")
    columns = {names[column.name]: _series(column, frame[column.name]) for column in table.columns}
    dates: dict[Hashable, Any] = {names[column.name]: "td" for column in table.columns if column.type == "date"}
    labels: dict[Hashable, Any] = {names[column.name]: labelled for column in table.columns if (labelled := _labels(column))}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what pandas would change and say so is not to be changed at all
        try:
            pd.DataFrame(columns).to_stata(
                path,
                write_index=False,
                version=118,
                time_stamp=_STAMP,
                data_label=_within(f"{published.package.name} {published.package.version}: {table.name}"),
                variable_labels={names[column.name]: _within(column.description) for column in table.columns},
                convert_dates=dates,
                value_labels=labels,
                byteorder="little",
            )
        except (ValueError, Warning) as error:
            raise Unfit(table.name, -1, f"Stata cannot hold the table: {error}") from error  # at the line of names: it is no row's


def _labels(column: ColumnSpec) -> dict[int, str]:
    """What the numbers of a column stand for, where they stand for something."""
    return _TRUTH if column.type == "boolean" else dict(enumerate(column.terms, 1))


def _series(column: ColumnSpec, values: pl.Series) -> pd.Series:
    listed = values.to_list()
    if column.terms:
        codes = {term: code for code, term in enumerate(column.terms, 1)}
        return pd.Series([codes.get(term) for term in listed], dtype="Int16")
    if column.type == "date":
        return pd.Series(listed, dtype="datetime64[s]")
    if column.type == "string":
        return pd.Series(["" if value is None else value for value in listed], dtype=object)
    return pd.Series(listed, dtype={"integer": "Int64", "number": "Float64", "boolean": "Int8"}[column.type])


def _within(text: str) -> str:
    """The text as far as a label goes."""
    return text if len(text) <= LABEL else f"{text[: LABEL - 1].rstrip()}…"
