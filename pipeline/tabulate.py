"""Rows to tables: what the batches hold becomes one frame for each published table; generated, derived and computed ones are added.

Where a row was written is looked up late: a row knows its record, whose file is read once more when somebody has to complain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from pipeline.faces.arrow import polars_schema
from pipeline.language import Package
from pipeline.origins import Origins
from pipeline.problems import Names
from pipeline.records import Records, Retired
from pipeline.rows import rows_of
from pipeline.tables import FIELDS, INDEX, VOCABULARIES, TableSpec, tables_of, tables_of_rows, vocabularies_of

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Mapping[str, "pa.Table"]
"""The rows of one batch, by table."""


@dataclass(frozen=True)
class Tabulated:
    """The tables of a package as polars frames, and for each row of a table where it came from."""

    specs: Mapping[str, TableSpec]
    frames: Mapping[str, pl.DataFrame]
    origins: Origins
    known: dict[tuple[str, str, tuple[str, ...]], Names] = field(default_factory=dict, compare=False, repr=False)

    def names(self, table: str, key: str, among: tuple[str, ...] = ()) -> Names:
        """What a reference to that column may be: its living values, those of some tables only where ``among`` names them."""
        if (table, key, among) not in self.known:
            frame = self.frames[table]
            values = (frame.filter(pl.col("why_retired").is_null()) if table == INDEX else frame)[key].to_list()
            self.known[table, key, among] = Names(v for v in values if not among or v.partition("/")[0] in among)
        return self.known[table, key, among]


def tabulate(package: Package, records: Records) -> Tabulated:
    """Turn accepted records into one frame for each published table."""
    return assemble(package, [rows_of(tables_of_rows(package.records), records.accepted)], records)


def assemble(package: Package, batches: Iterable[Rows], records: Records, mixed: bool = False) -> Tabulated:
    """Put the rows of all batches together, in their order, and compute what follows from them.

    mixed: a table has records in its folder and in its one file too, so that its rows have still to be brought in order.
    """
    specs, filled = tables_of(package), tables_of_rows(package.records)
    parts = list(batches)
    frames = {name: _frame(spec, [part[name] for part in parts if name in part]) for name, spec in filled.items()}
    if mixed:
        frames = {name: _in_order(package, filled[name], frame) for name, frame in frames.items()}
    frames[INDEX] = _index(package, specs[INDEX], frames, records.retired)
    frames[VOCABULARIES] = _terms(package, specs[VOCABULARIES])
    frames[FIELDS] = _fields(specs)
    for derived in package.derived:
        frames[derived.table] = frames[derived.table].with_columns(derived.compute(frames).alias(derived.column.name))
    for report in package.reports:
        frames[report.name] = report.compute(frames).select(
            pl.col(name).cast(kind) for name, kind in polars_schema(specs[report.name]).items()
        )
    frames = {name: frames[name] for name in specs}
    return Tabulated(specs, frames, Origins(package, records.root, specs, frames))


def _frame(spec: TableSpec, parts: Sequence[pa.Table]) -> pl.DataFrame:
    import pyarrow as pa

    if not parts:
        return pl.DataFrame(schema=polars_schema(spec))
    frame = pl.from_arrow(pa.concat_tables(parts))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _in_order(package: Package, spec: TableSpec, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of their records: by table, then by the id of the root; those of one record stay as they are."""
    order = {model.table.name: number for number, model in enumerate(package.records)}
    parts = pl.col(spec.owner).str.split("/").list
    table = parts.first().replace_strict(order, default=0, return_dtype=pl.Int64)  # a bare id has no table: all rows are of one
    return frame.sort(table, parts.last().str.split(".").list.first(), maintain_order=True)


def _index(package: Package, spec: TableSpec, frames: Mapping[str, pl.DataFrame], retired: Mapping[str, Retired]) -> pl.DataFrame:
    """Every record of every table, then every address that was retired."""
    types = polars_schema(spec)
    parts = []
    for model in package.records:
        name = model.table.name
        frame = frames[name]
        here = {"address": pl.concat_str(pl.lit(f"{name}/"), pl.col("id")), "table": pl.lit(name, pl.String)}
        here |= {column: pl.col(column) for column in types if column in frame.columns}
        parts.append(frame.select(here.get(column, pl.lit(None, kind)).alias(column) for column, kind in types.items()))
    gone: list[dict[str, str | None]] = [
        {
            "address": address,
            "table": address.partition("/")[0],
            "id": address.partition("/")[2],
            "label": address,
            "replaced_by": entry.replaced_by,
            "why_retired": entry.why,
        }
        for address, entry in sorted(retired.items())
    ]
    return pl.concat([*parts, pl.DataFrame(gone, schema=types)])


def _terms(package: Package, spec: TableSpec) -> pl.DataFrame:
    rows = [
        {"vocabulary": vocabulary.name, "term": term, "definition": definition}
        for vocabulary in vocabularies_of(package).values()
        for term, definition in vocabulary.terms.items()
    ]
    return pl.DataFrame(rows, schema=polars_schema(spec))


def _fields(specs: Mapping[str, TableSpec]) -> pl.DataFrame:
    rows = [
        {
            "table": spec.name,
            "field": column.name,
            "type": column.type,
            "required": column.required,
            "unit": column.unit,
            "vocabulary": column.vocabulary,
            "refers_to": ".".join(column.reference) if column.reference else None,
            "description": column.description,
        }
        for spec in specs.values()
        for column in spec.columns
    ]
    return pl.DataFrame(rows, schema=polars_schema(specs[FIELDS]))
