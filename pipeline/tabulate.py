"""Rows to tables: what the batches hold becomes one frame for each published table; generated, derived and computed ones are added.

A table is put together when somebody asks for it, and a large one is held in a file: a million records take more memory than a build
should have. Where a row was written is looked up late too: a row knows its record, whose file is read once more when somebody has to
complain.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, chain, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from pipeline.cache import Cache, digest
from pipeline.faces.arrow import polars_schema
from pipeline.language import Package
from pipeline.origins import Origins
from pipeline.problems import Names
from pipeline.records import Records, Retired
from pipeline.rows import rows_of
from pipeline.tables import FIELDS, INDEX, VOCABULARIES, TableSpec, tables_of, tables_of_rows, vocabularies_of
from pipeline.traces import Traces

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 2**23
"""What has more bytes than these is put into a file, so many at a time: a few of the tables of a hundred thousand records."""

_ROWS = 2**16
"""So many rows of a frame that was computed are put into a file at a time."""

_ROWS_OF, _RETIRED = "rows of ", "what is retired"
"""What is looked at besides tables."""


class Rows(Protocol):
    """The rows of every batch, in the order of the batches."""

    def __getitem__(self, table: str) -> Iterable[pa.Table]:
        """Those of one table."""

    def digest(self, table: str) -> str:
        """A digest of those of one table, which are not made for it."""


class Tables(Mapping[str, pl.DataFrame]):
    """Frames by table, each looked up when it is asked for; under ``table.column`` what a reference to that column may be.

    asked: gets the names of what is asked for.
    """

    def __init__(self, names: Iterable[str], look: Callable[[str], pl.DataFrame], asked: set[str] | None = None) -> None:
        self.names, self.look, self.asked = tuple(names), look, asked

    def __getitem__(self, name: str) -> pl.DataFrame:
        table, _, column = name.partition(".")
        if table not in self.names:
            raise KeyError(name)
        if self.asked is not None:
            self.asked.add(name)
        frame = self.look(table)
        if not column:
            return frame
        if table == INDEX:  # it also knows what is retired, and nothing may refer to that
            frame = frame.filter(pl.col("why_retired").is_null())
        return frame.select(column)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Holder:
    """Makes frames when they are first asked for, each once, and holds them."""

    def __init__(self, make: Callable[[str], pl.DataFrame]) -> None:
        self.make = make
        self.held: dict[str, pl.DataFrame] = {}
        self.making: dict[str, threading.RLock] = {}

    def __call__(self, table: str) -> pl.DataFrame:
        """The frame of a table."""
        with self.making.setdefault(table, threading.RLock()):  # no table waits for one that waits for it: neither could be made
            if table not in self.held:
                self.held[table] = self.make(table)
            return self.held[table]


def _held(frame: pl.DataFrame, lengths: Sequence[int] = ()) -> pl.DataFrame:
    """The same frame; a large one in a file, cut where those of ``lengths`` end, or anywhere."""
    import pyarrow as pa

    if frame.estimated_size() < LARGE and len(lengths) < 2:
        return frame
    ends = accumulate(lengths) if lengths else range(_ROWS, frame.height + _ROWS, _ROWS)
    slices = (frame.slice(start, end - start) for start, end in pairwise(chain([0], ends)))
    # A text is copied on its way: a view of it would bring all texts that were ever made with it.
    plain = (part.to_arrow(compat_level=pl.CompatLevel.oldest()) for part in slices)
    views = [field.with_type(pa.string_view()) if field.type == pa.large_string() else field for field in frame[:0].to_arrow().schema]
    return _mapped(part.cast(pa.schema(views)) for part in plain)


def _mapped(pieces: Iterator[pa.Table]) -> pl.DataFrame:
    """One frame of all pieces, in a file that has no name any more: of ten such frames few are in memory."""
    import pyarrow as pa

    first = next(pieces)
    descriptor, name = tempfile.mkstemp(suffix=".arrow")
    os.close(descriptor)
    try:
        with pa.OSFile(name, "wb") as file, pa.ipc.new_file(file, first.schema) as writer:
            for piece in chain([first], pieces):
                writer.write_table(piece.combine_chunks())
        mapped = pl.from_arrow(pa.ipc.open_file(pa.memory_map(name)).read_all(), rechunk=False)
    finally:
        with suppress(PermissionError):  # Windows removes no file that is open
            Path(name).unlink()
    assert isinstance(mapped, pl.DataFrame)
    return mapped


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
        return self.traces.outcome(what, lambda asked: make(Tables(self.specs, self.frames.__getitem__, asked)), stands)


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
    specs, filled = tables_of(package), tables_of_rows(package.records)
    reports = {report.name: report for report in package.reports}
    looked_at: dict[str, set[str]] = {}

    def make(name: str) -> pl.DataFrame:
        looked_at[name] = asked = {_ROWS_OF + name} if name in filled else set()
        frame = made(name, asked)

        def seen(other: str) -> pl.DataFrame:
            return frame if other == name else frames[other]

        for derived in package.derived:
            if derived.table == name:  # it sees its own table as far as that is made
                column = derived.compute(Tables(filled, seen, asked)).alias(derived.column.name)
                frame = frame.with_columns(_held(column.to_frame(), frame.get_column(frame.columns[0]).chunk_lengths()))
        asked.discard(name)
        return frame

    def made(name: str, asked: set[str]) -> pl.DataFrame:
        if name in filled:
            frame = _frame(filled[name], rows[name])
            return _held(_in_order(package, filled[name], frame)) if mixed else frame
        if name in reports:
            columns = polars_schema(specs[name]).items()
            found = reports[name].compute(Tables([other for other in specs if other not in reports], look, asked))
            return _held(found.select(pl.col(column).cast(kind) for column, kind in columns))
        if name == INDEX:
            asked.add(_RETIRED)
            return _held(_index(package, specs[name], Tables(specs, look, asked), records.retired))
        return _terms(package, specs[name]) if name == VOCABULARIES else _fields(specs)

    def digested(name: str) -> str:
        """Of a table, of what a reference to a column of it may be, of the rows that curators wrote, or of what is retired."""
        if name == _RETIRED:
            return digest([f"{address} {entry}" for address, entry in sorted(records.retired.items())])
        table, _, column = name.removeprefix(_ROWS_OF).partition(".")
        if name.startswith(_ROWS_OF):
            return digest([str(mixed), rows.digest(table)])
        if table not in specs or (column and column not in polars_schema(specs[table])):  # a damaged note
            return ""
        if table in filled and not column and len(specs[table].columns) == len(filled[table].columns):
            return traces.digest(_ROWS_OF + table)
        return str(traces.outcome(f"digest {name}", partial(remade, name, table), lambda made: isinstance(made, str)))

    def remade(name: str, table: str, asked: set[str]) -> str:
        if name != table:
            asked.add(table)
            return sha256_of(frames[name])
        frame = frames[table]
        asked |= looked_at[table]
        if table not in filled:
            return sha256_of(frame)
        return digest([traces.digest(_ROWS_OF + table), sha256_of(frame.drop(column.name for column in filled[table].columns))])

    look = Holder(make)
    frames = Tables(specs, look)
    traces = Traces(digested, store, str(records.root.resolve()))
    return Tabulated(specs, frames, Origins(package, records.root, specs, frames), traces)


def sha256_of(frame: pl.DataFrame) -> str:
    """The sha256 of a frame as CSV, which does not depend on the pieces that it lies in memory in."""
    hashed = _Hashed()
    frame.write_csv(hashed)  # type: ignore[call-overload] # whatever can be written to will do
    return hashed.sha256.hexdigest()


class _Hashed:
    """A file of which only the hash is kept."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        return len(content)


def _frame(spec: TableSpec, parts: Iterable[pa.Table]) -> pl.DataFrame:
    """The rows of a table; many go straight into a file."""
    pieces = _pieces(parts)
    match list(islice(pieces, 2)):
        case []:
            return pl.DataFrame(schema=polars_schema(spec))
        case [piece]:
            frame = pl.from_arrow(piece.combine_chunks())
            assert isinstance(frame, pl.DataFrame)
            return frame
        case several:
            return _mapped(chain(several, pieces))


def _pieces(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows, so many together as make a large frame."""
    import pyarrow as pa

    held: list[pa.Table] = []
    size = 0
    for part in parts:
        held.append(part)
        size += part.get_total_buffer_size()  # nbytes looks at every text
        if size >= LARGE:
            yield pa.concat_tables(held)
            held, size = [], 0
    if held:
        yield pa.concat_tables(held)


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
