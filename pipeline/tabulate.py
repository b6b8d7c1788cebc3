"""Rows to tables: what the batches hold becomes one frame for each published table; generated, derived and computed ones are added.

Each table knows what it was made of, so that what came of it before can be told from what is made of it now. Where a row was written is
looked up late: a row knows its record, whose file is read once more when somebody has to complain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from pipeline.cache import Cache, digest
from pipeline.faces.arrow import polars_schema
from pipeline.frames import Holder, Tables, frame_of, held, sha256_of
from pipeline.language import Package
from pipeline.origins import Origins
from pipeline.problems import Names
from pipeline.records import Records, Retired
from pipeline.rows import rows_of
from pipeline.tables import FIELDS, INDEX, VOCABULARIES, TableSpec, tables_of, tables_of_rows, vocabularies_of
from pipeline.traces import Traces

if TYPE_CHECKING:
    import pyarrow as pa


class Rows(Protocol):
    """The rows of every batch, in the order of the batches."""

    def __getitem__(self, table: str) -> Iterable[pa.Table]:
        """Those of one table."""

    def digest(self, table: str) -> str:
        """A digest of those of one table, which are not made for it."""


@dataclass(frozen=True)
class Tabulated:
    """The tables of a package as polars frames, and for each row of a table where it came from."""

    specs: Mapping[str, TableSpec]
    frames: Tables
    origins: Origins
    traces: Traces
    known: dict[tuple[str, str, tuple[str, ...]], Names] = field(default_factory=dict, compare=False, repr=False)

    def names(self, table: str, key: str, among: tuple[str, ...] = ()) -> Names:
        """What a reference to that column may be: its living values, those of some tables only where ``among`` names them."""
        if (table, key, among) not in self.known:
            values = self.frames[f"{table}.{key}"].to_series().to_list()
            self.known[table, key, among] = Names(v for v in values if not among or v.partition("/")[0] in among)
        return self.known[table, key, among]

    def once(self, what: str, make: Callable[[Tables], Any], stands: Callable[[Any], bool]) -> Any:
        """What ``make`` gives of the tables, or gave before of the same; see :class:`Traces`."""
        return self.traces.outcome(what, lambda asked: make(Tables(self.specs, self.frames.frame_of, asked)), stands)


def tabulate(package: Package, records: Records) -> Tabulated:
    """Turn accepted records into one frame for each published table."""
    rows = {name: [table] for name, table in rows_of(tables_of_rows(package.records), records.accepted).items()}
    return assemble(package, _Few(rows), records)


class _Few(dict[str, list["pa.Table"]]):
    """The rows of records that are at hand, which no cache knows."""

    def __missing__(self, table: str) -> list[pa.Table]:
        return []

    def digest(self, table: str) -> str:
        raise AssertionError(f"nothing is noted of {table}")


def assemble(package: Package, rows: Rows, records: Records, mixed: bool = False, store: Cache | None = None) -> Tabulated:
    """Put the rows of all batches together, in their order, and compute what follows from them: each table when it is asked for.

    mixed: a table has records in its folder and in its one file too, so that its rows have still to be brought in order.
    store: the cache that knows what came of the same tables before.
    """
    assembly = _Assembly(package, rows, records, mixed, store)
    origins = Origins(package, records.root, assembly.specs, assembly.frames)
    return Tabulated(assembly.specs, assembly.frames, origins, assembly.traces)


_ROWS_OF, _RETIRED = "rows of ", "what is retired"
"""What a table is made of besides other tables: the rows that curators wrote, and the addresses that are gone."""


class _Assembly:
    """Makes each table when it is asked for, and knows what each was made of.

    made_of: for each table that was made, what was looked at for it, in that order.
    """

    def __init__(self, package: Package, rows: Rows, records: Records, mixed: bool, store: Cache | None) -> None:
        self.package, self.rows, self.retired, self.mixed = package, rows, records.retired, mixed
        self.specs, self.filled = tables_of(package), tables_of_rows(package.records)
        self.reports = {report.name: report for report in package.reports}
        self.made_of: dict[str, dict[str, None]] = {}
        self.frames = Tables(self.specs, Holder(self.make))
        self.traces = Traces(self.digest_of, store, str(records.root.resolve()))

    def make(self, name: str) -> pl.DataFrame:
        """The frame of a table, with its derived columns; each sees its own table as far as that is made."""
        asked: dict[str, None] = {}
        frame = self.made(name, asked)
        for derived in self.package.derived:
            if derived.table == name:
                seen = Tables(self.filled, lambda other, frame=frame: frame if other == name else self.frames[other], asked)  # type: ignore[misc]
                column = derived.compute(seen).alias(derived.column.name)
                frame = frame.with_columns(held(column.to_frame(), frame.get_column(frame.columns[0]).chunk_lengths()))
        self.made_of[name] = {other: None for other in asked if other.partition(".")[0] != name}
        return frame

    def made(self, name: str, asked: dict[str, None]) -> pl.DataFrame:
        """The same without derived columns."""
        spec = self.specs[name]
        if name in self.filled:
            asked[_ROWS_OF + name] = None
            frame = frame_of(self.filled[name], self.rows[name])
            return held(_in_order(self.package, self.filled[name], frame)) if self.mixed else frame
        if name in self.reports:
            others = [other for other in self.specs if other not in self.reports]
            found = self.reports[name].compute(Tables(others, self.frames.frame_of, asked))
            return held(found.select(pl.col(column).cast(kind) for column, kind in polars_schema(spec).items()))
        if name == INDEX:
            asked[_RETIRED] = None
            return held(_index(self.package, spec, Tables(self.specs, self.frames.frame_of, asked), self.retired))
        return _terms(self.package, spec) if name == VOCABULARIES else _fields(self.specs)

    def digest_of(self, name: str) -> str:
        """Of what is looked at: a table, ``table.column``, the rows that curators wrote, or what is retired."""
        if name == _RETIRED:
            return digest(f"{address} {entry}" for address, entry in sorted(self.retired.items()))
        if name.startswith(_ROWS_OF):
            return digest([str(self.mixed), self.rows.digest(name.removeprefix(_ROWS_OF))])
        if name in self.filled and len(self.specs[name].columns) == len(self.filled[name].columns):  # nothing is derived
            return self.traces.digest(_ROWS_OF + name)
        return str(self.traces.outcome(f"digest of {name}", partial(self.made_digest, name), lambda made: isinstance(made, str)))

    def made_digest(self, name: str, asked: dict[str, None]) -> str:
        """The digest of a table that is computed, for which it is made."""
        table, _, column = name.partition(".")
        frame = self.frames[name]
        if column:
            asked[table] = None
            return sha256_of(frame)
        asked |= self.made_of[name]
        if name not in self.filled:
            return sha256_of(frame)
        return digest([self.traces.digest(_ROWS_OF + name), sha256_of(frame.drop(column.name for column in self.filled[name].columns))])


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
