"""The record stage, one batch of files at a time: files in, rows and complaints out.

A worker reads, judges and turns into rows one batch and hands back Arrow streams; models never leave it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

from pipeline.cache import Cache, digest
from pipeline.files import Batch, contents
from pipeline.language import Record
from pipeline.locate import locate
from pipeline.records import Records, judge
from pipeline.rows import Packed, pack, rows_of, unpack
from pipeline.tables import TableSpec, tables_of_rows

if TYPE_CHECKING:
    import pyarrow as pa

IN_MEMORY = 2**26
"""So many bytes of rows are held in memory until the tables are put together."""


@dataclass(slots=True)
class Result:
    """What came of one batch: its rows, how many records they are of, and everything that is wrong.

    key: where the cache has the rows, of which only the places are in here then.
    """

    rows: Packed
    count: int
    records: Records
    key: str | None = None


Models = tuple[type[Record], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What every batch needs to be worked on: the models, the retired addresses, where raw/ lies, and the cache if there is one."""

    models: Models
    retired: frozenset[str]
    root: Path
    store: Cache | None = None

    def __call__(self, batch: Batch) -> Result:
        """Read, judge and turn into rows one batch; where nothing is wrong the cache keeps what came of it."""
        content = contents(self.root, batch)
        result = self.judged(batch, content)
        if self.store is not None and result.records == Records():
            key = self.key(self.store, batch, digest(content))
            self.store.keep(key, result.rows.content)
            self.store.keep_note(f"{key}.n", [result.count, result.rows.places])
            result.key, result.rows = key, Packed(b"", result.rows.places)
        return result

    def key(self, store: Cache, batch: Batch, seen: str) -> str:
        """Where that cache keeps what comes of a batch; ``seen`` is the digest of its files' bytes."""
        gone = sorted(address for address in self.retired if address.startswith(f"{batch.table}/"))
        return store.key(batch.table, "/".join(batch.ids), "/".join(sorted(batch.taken)), "".join(gone), seen)

    def before(self, batch: Batch, seen: str | None) -> Result | None:
        """What came of a batch of the same bytes before, if the cache has it."""
        if self.store is None or seen is None:
            return None
        key = self.key(self.store, batch, seen)
        match self.store.note(f"{key}.n"):
            case [int(count), dict(places)] if self.store.has(key):
                return Result(Packed(b"", places), count, Records(), key)
        return None

    def judged(self, batch: Batch, content: list[bytes]) -> Result:
        """Read, judge and turn into rows. Of the addresses in the batch those are kept that are in no row, or are retired.

        Where something is wrong is looked up here too: of ten thousand bad records the positions take seconds, which can be shared out.
        """
        model = next(model for model in self.models if model.table.name == batch.table)
        records = judge(model, batch, content)
        rows, count = rows_of(_tables(self.models), records.accepted), len(records.accepted)
        left = records.claimed & self.retired
        if records.complaints or records.problems:
            accepted = rows[batch.table]["id"].to_pylist() if count else []
            left |= records.claimed.difference(f"{batch.table}/{name}" for name in accepted)
        problems = records.problems + locate(self.root, records.complaints, records.documents)
        return Result(pack(rows), count, Records(problems=problems, claimed=left, unread=records.unread))

    def kept(self, batch: Batch, key: str, table: str, start: int, end: int, check: str) -> bytes:
        """The rows of one table of a batch, from the cache; made again if the cache has lost them, or has something else."""
        with suppress(OSError):
            if self.store is not None and sha256(content := self.store.piece(key, start, end)).hexdigest() == check:
                return content
        whole = contents(self.root, batch)
        if self.store is not None and self.key(self.store, batch, digest(whole)) != key:
            raise OSError(f"{batch.files()[0]}, or one of the {len(batch.ids)} files from there on, was changed while it was read")
        content, places = self.judged(batch, whole).rows
        return content[slice(*places[table][:2])]


class Collected:
    """The rows of all batches, by table. Those that no cache has lie in a file that goes with this object; a small one in memory only."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.parts: dict[str, list[Callable[[], bytes]]] = defaultdict(list)
        self.digests: dict[str, list[str]] = defaultdict(list)
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed, and gone, with this object
        finalize(self, self.file.close)
        self.reading = threading.Lock()

    def add(self, batch: Batch, result: Result) -> None:
        """Take in what came of one batch."""
        before = self.file.tell()
        self.file.write(result.rows.content)
        for table, place in result.rows.places.items():
            self.digests[table].append(place[2])
            if result.key is None:
                self.parts[table].append(partial(self._piece, before + place[0], before + place[1]))
            else:
                self.parts[table].append(partial(self.task.kept, batch, result.key, table, *place))

    def __getitem__(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table, batch by batch."""
        return (unpack(part()) for part in self.parts.get(table, ()))

    def digest(self, table: str) -> str:
        """A digest of the rows of a table, which are not read for it."""
        return digest(self.digests.get(table, ()))

    def _piece(self, start: int, end: int) -> bytes:
        with self.reading:
            self.file.seek(start)
            return self.file.read(end - start)


@cache
def _tables(models: Models) -> dict[str, TableSpec]:
    return tables_of_rows(models)
