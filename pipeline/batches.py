"""The record stage in batches, and in as many processes as there are cores: files in, rows and complaints out.

:func:`run` gives the same results in the same order for any number of processes and however they are started. A worker reads, judges
and turns into rows one batch of files at a time and hands back Arrow streams; models never leave it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import finalize
from zlib import crc32

from pipeline.cache import Cache, digest
from pipeline.language import Record
from pipeline.records import Batch, Records, contents, judge
from pipeline.rows import Packed, pack, rows_of, unpack
from pipeline.tables import TableSpec, tables_of_rows

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 512
"""How many files a batch has, about: it costs a few milliseconds to hand one over, and some fifty to read one."""

USUAL = 2**10
"""So many bytes a file of one record has, about."""

SMALL = 4 * BATCH
"""So many files of that size are read in less time than it takes to start a process."""

IN_MEMORY = 2**26
"""So many bytes of rows are held in memory until the tables are put together."""


@dataclass(slots=True)
class Result:
    """What came of one batch: its rows, how many records they are of, and everything that is wrong.

    key:    where the cache has the rows, of which only the places are in here then.
    is_new: whether they were made just now.
    """

    rows: Packed
    count: int
    records: Records
    key: str | None = None
    is_new: bool = True


Models = tuple[type[Record], ...]


def cut(batches: Iterable[Batch], root: Path) -> tuple[list[Batch], int]:
    """Batches small enough to share out, and to how many files of the usual size all of them come.

    Where a batch ends depends on the ids in it, so that a new file changes one batch and no other. The larger a file is, the likelier is
    it the last of its batch; where there are many files they are taken to be small.
    """
    small, whole = [], 0
    for batch in batches:
        start, sizes = 0, _sizes(batch, root)
        whole += sum(sizes) // USUAL
        for place, (name, size) in enumerate(zip(batch.ids, sizes, strict=False), start=1):
            if crc32(name.encode()) % max(BATCH * USUAL // size, 1) == 0 or place - start == 4 * BATCH:
                small.append(Batch(batch.table, batch.ids[start:place]))
                start = place
        if start < len(batch.ids) or not batch.ids:
            small.append(replace(batch, ids=batch.ids[start:]))
    return small, whole


def _sizes(batch: Batch, root: Path) -> list[int]:
    """The bytes of each file of a batch, no less than usual; where there are many files they are not looked at."""
    if len(batch.ids) >= SMALL:
        return [USUAL] * len(batch.ids)
    return [max((root / file).stat().st_size, USUAL) for file in batch.files()]


@dataclass(frozen=True, slots=True)
class Task:
    """What every batch needs to be worked on: the models, the retired addresses, where raw/ lies, and the cache if there is one."""

    models: Models
    retired: frozenset[str]
    root: Path
    store: Cache | None = None

    def __call__(self, batch: Batch) -> Result:
        """Read, judge and turn into rows one batch, unless the cache has what came of the same bytes."""
        content = contents(self.root, batch)
        if self.store is None:
            return self.judged(batch, content)
        gone = sorted(address for address in self.retired if address.startswith(f"{batch.table}/"))
        key = self.store.key(batch.table, *batch.ids, *sorted(batch.taken), *gone, digest(content))
        if (known := self.store.note(f"{key}.n")) is not None and self.store.has(key):
            count, places = known
            return Result(Packed(b"", places), count, Records(), key, is_new=False)
        result = self.judged(batch, content)
        if result.records == Records():
            self.store.keep(key, result.rows.content)
            self.store.keep_note(f"{key}.n", [result.count, result.rows.places])
            result.key, result.rows = key, Packed(b"", result.rows.places)
        return result

    def judged(self, batch: Batch, content: list[bytes]) -> Result:
        """Read, judge and turn into rows. Of the addresses in the batch those are kept that are in no row, or are retired."""
        model = next(model for model in self.models if model.table.name == batch.table)
        records = judge(model, batch, content)
        rows, count = rows_of(_tables(self.models), records.accepted), len(records.accepted)
        left = records.claimed & self.retired
        if records.complaints or records.problems:
            accepted = rows[batch.table]["id"].to_pylist() if count else []
            left |= records.claimed.difference(f"{batch.table}/{name}" for name in accepted)
        return Result(pack(rows), count, replace(records, accepted=[], claimed=left))

    def kept(self, batch: Batch, key: str, table: str, start: int, end: int, check: int) -> bytes:
        """The rows of one table of a batch, from the cache; made again if the cache has lost them, or has something else."""
        with suppress(OSError):
            if self.store is not None and crc32(content := self.store.piece(key, start, end)) == check:
                return content
        content, places = self.judged(batch, contents(self.root, batch)).rows
        return content[slice(*places[table][:2])]


class Collected:
    """The rows of all batches, by table. Those that no cache has lie in a file that goes with this object; a small one in memory only."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.parts: dict[str, list[Callable[[], bytes]]] = defaultdict(list)
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed, and gone, with this object
        finalize(self, self.file.close)
        self.reading = threading.Lock()

    def add(self, batch: Batch, result: Result) -> None:
        """Take in what came of one batch."""
        before = self.file.tell()
        self.file.write(result.rows.content)
        for table, place in result.rows.places.items():
            if result.key is None:
                self.parts[table].append(partial(self._piece, before + place[0], before + place[1]))
            else:
                self.parts[table].append(partial(self.task.kept, batch, result.key, table, *place))

    def __getitem__(self, table: str) -> list[pa.Table]:
        """The rows of a table, batch by batch."""
        return [unpack(part()) for part in self.parts.get(table, ())]

    def _piece(self, start: int, end: int) -> bytes:
        with self.reading:
            self.file.seek(start)
            return self.file.read(end - start)


@cache
def _tables(models: Models) -> dict[str, TableSpec]:
    return tables_of_rows(models)


@contextmanager
def workers(jobs: int | None, amount: int, cluster: str | None = None) -> Iterator[Executor | None]:
    """Who reads the files: ``jobs`` processes, or as many as there are cores; nobody else where there is little to do.

    cluster: ``dask://host:port`` for the workers of a Dask cluster instead; the library ``distributed`` has to be there.
    """
    if cluster is not None:
        from distributed import Client

        with Client(cluster.replace("dask://", "tcp://", 1), set_as_default=False) as client:
            yield client.get_executor()
        return
    if jobs is None:
        jobs = 1 if amount < SMALL else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context(_start()), initializer=_settle) as pool:
        yield pool


def run(do: Task, batches: Sequence[Batch], executor: Executor | None) -> Iterator[Result]:
    """The result of every batch, in the order of the batches; with an executor it is under way when this returns."""
    return _one_by_one(do, batches) if executor is None else executor.map(do, batches)


def _one_by_one(do: Task, batches: Sequence[Batch]) -> Iterator[Result]:
    """Records hold no cycles, and looking for some in a hundred thousand of them costs a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield from map(do, batches)
    finally:
        if was:
            gc.enable()


def _start() -> str:
    """Forked processes need not import anything again, which brings half a second; safe until polars has started its threads."""
    is_safe = "polars._plr" not in sys.modules and threading.active_count() == 1
    return "fork" if sys.platform == "linux" and is_safe else "spawn"


def _settle() -> None:
    """Make ready a process that does nothing but this."""
    gc.freeze()
    gc.disable()
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _NoPandas())


class _NoPandas(Loader):
    """pyarrow imports pandas when it is first given a list, only to see whether it is one of pandas': 0.4 s in every process."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == "pandas" else None

    def create_module(self, spec: ModuleSpec) -> None:
        raise ImportError(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        raise AssertionError("never made")
