"""Frames by table, each made when somebody asks for it; a large one is held in a file.

A million records take more memory than a build should have.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, chain, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipeline.faces.arrow import polars_schema
from pipeline.tables import INDEX, TableSpec

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 2**23
"""What has more bytes than these is put into a file, so many at a time: a few of the tables of a hundred thousand records."""

_ROWS = 2**16
"""So many rows of a frame that was computed are put into a file at a time."""


class Tables(Mapping[str, pl.DataFrame]):
    """Frames by table, each looked up when it is asked for; under ``table.column`` what a reference to that column may be.

    asked: gets the names of what is asked for, in that order.
    """

    def __init__(self, names: Iterable[str], frame_of: Callable[[str], pl.DataFrame], asked: dict[str, None] | None = None) -> None:
        self.names, self.frame_of, self.asked = tuple(names), frame_of, asked

    def __getitem__(self, name: str) -> pl.DataFrame:
        table, _, column = name.partition(".")
        if table not in self.names:
            raise KeyError(name)
        if self.asked is not None:
            self.asked[name] = None
        frame = self.frame_of(table)
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


def frame_of(spec: TableSpec, parts: Iterable[pa.Table]) -> pl.DataFrame:
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
            return in_a_file(chain(several, pieces))


def held(frame: pl.DataFrame, lengths: Sequence[int] = ()) -> pl.DataFrame:
    """The same frame; a large one in a file, cut where those of ``lengths`` end, or anywhere."""
    import pyarrow as pa

    if frame.estimated_size() < LARGE and len(lengths) < 2:
        return frame
    ends = accumulate(lengths) if lengths else range(_ROWS, frame.height + _ROWS, _ROWS)
    slices = (frame.slice(start, end - start) for start, end in pairwise(chain([0], ends)))
    # A text is copied on its way: a view of it would bring all texts that were ever made with it.
    plain = (part.to_arrow(compat_level=pl.CompatLevel.oldest()) for part in slices)
    views = [field.with_type(pa.string_view()) if field.type == pa.large_string() else field for field in frame[:0].to_arrow().schema]
    return in_a_file(part.cast(pa.schema(views)) for part in plain)


def _pieces(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows, so many together as make a large frame."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += part.get_total_buffer_size()  # nbytes looks at every text
        if size >= LARGE:
            yield pa.concat_tables(waiting)
            waiting, size = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def in_a_file(pieces: Iterator[pa.Table]) -> pl.DataFrame:
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


def sha256_of(frame: pl.DataFrame) -> str:
    """The sha256 of a frame: of its types, and of its rows as CSV, which do not depend on the pieces that it lies in memory in."""
    hashed = _Hashed()
    hashed.write(repr(frame.schema).encode())
    frame.write_csv(hashed)  # type: ignore[call-overload] # whatever can be written to will do
    return hashed.sha256.hexdigest()


class _Hashed:
    """A file of which only the hash is kept."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        return len(content)
