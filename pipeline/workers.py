"""Who does the work: as many processes as there are cores, or a Dask cluster, or nobody else where there is little to do.

:func:`run` gives the same results in the same order for any number of processes and however they are started.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from pipeline.files import SMALL

if TYPE_CHECKING:
    from concurrent.futures import Executor

Work = TypeVar("Work")
Made = TypeVar("Made")


@contextmanager
def workers(jobs: int | None, amount: int, cluster: str | None = None) -> Iterator[Executor | None]:
    """Who reads so many files: ``jobs`` processes, or as many as there are cores; nobody else where there are few.

    cluster: ``dask://host:port`` for the workers of a Dask cluster instead; the library ``distributed`` has to be there.
    """
    if cluster is not None:
        try:
            from distributed import Client
        except ImportError:
            raise OSError(f"{cluster} cannot be used: the library distributed is not installed") from None
        with Client(cluster.replace("dask://", "tcp://", 1), set_as_default=False) as client:
            yield client.get_executor()
        return
    if jobs is None:
        jobs = 1 if amount < SMALL else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs == 1:
        yield None
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, multiprocessing.get_context(_start()), initializer=_settle) as pool:
        yield pool


def run(do: Callable[[Work], Made], pieces: Sequence[Work], executor: Executor | None) -> Iterator[Made]:
    """What comes of every piece of work, in their order; with an executor it is under way when this returns."""
    return _one_by_one(do, pieces) if executor is None else _told(executor.map(do, pieces))


def _told(results: Iterator[Made]) -> Iterator[Made]:
    """A worker that the system ends takes all others with it, and is told of as whatever else the system refuses is."""
    from concurrent.futures import BrokenExecutor

    try:
        yield from results
    except BrokenExecutor:
        raise OSError("a process that read records was ended by the system, perhaps for want of memory; --jobs 1 wants the least") from None


def _one_by_one(do: Callable[[Work], Made], pieces: Sequence[Work]) -> Iterator[Made]:
    """Records hold no cycles, and looking for some in a hundred thousand of them costs a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield from map(do, pieces)
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
