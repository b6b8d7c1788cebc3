"""The journey of the records, whole: read → check records → tabulate → check tables → publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batches import Collected, Task, cut, run, workers
from pipeline.cache import Cache, code_of
from pipeline.language import Package
from pipeline.places import digests, published
from pipeline.problems import Problem
from pipeline.records import RAW, RETIRED, Records, check_retired, find
from pipeline.swap import unfinished

if TYPE_CHECKING:
    from pipeline.publish import Citations
    from pipeline.tabulate import Tabulated

Say = Callable[[str], None]
"""Told what is being done, stage by stage, and the empty text at the end."""

_ALSO_READ = (f"{RAW}/{RETIRED}.yaml", "dataset/releases.json")
"""What a check depends on besides the records; the ledger has the hash of every archive."""


@dataclass(frozen=True)
class Outcome:
    """What came of checking: the problems, sorted by place, and the records and tables as far as they are right.

    key: names the bytes that were judged, code and schemas included, where there is a cache.
    """

    problems: list[Problem]
    records: Records
    count: int
    assemble: Callable[[], Tabulated]
    key: str | None = None

    @cached_property
    def tabulated(self) -> Tabulated:
        """The tables; put together when they are asked for, since those of a build that changed nothing are not."""
        return self.assemble()


def _quiet(stage: str) -> None:
    pass


def check(
    package: Package,
    root: Path,
    say: Say = _quiet,
    jobs: int | None = None,
    store: Cache | None = None,
    cluster: str | None = None,
) -> Outcome:
    """Judge every record and every table; nothing is written.

    jobs:    how many processes read the records; as many as there are cores if not given, and one where there are few records.
    store:   where what came of the same bytes before is looked for.
    cluster: the address of a Dask cluster that reads the records instead, ``dask://host:port``; its workers see the same folder.
    """
    return _judged(package, root, _read(package, root, say, jobs, store, cluster), say, store)


def build(
    package: Package,
    root: Path,
    say: Say = _quiet,
    citations: Citations | None = None,
    jobs: int | None = None,
    store: Cache | None = None,
    cluster: str | None = None,
) -> tuple[Outcome, list[str]]:
    """Check, and if nothing is wrong publish; the second value is the paths that changed.

    citations: makes the files that say how to cite the package. The rest is as in :func:`check`.
    """
    read, key = _read(package, root, say, jobs, store, cluster), None
    if store is not None and read.key is not None:
        key = store.key("published", read.key, code_of(citations.__module__) if citations else "")
        if _is_published(root, store.note(key)):
            say("")
            return read, []
    if read.records.complaints or read.records.problems:
        return _judged(package, root, read, say, store), []
    from pipeline.publish import begun

    with begun(package, read.tabulated, root) as put:  # what is written while it is judged brings a tenth of a large build
        outcome = _judged(package, root, read, say, store)
        if outcome.problems:
            return outcome, []
        say("publishing …")
        changed, made = put(citations)
    if store is not None and key is not None:
        store.keep_note(key, digests(root, made))
        store.prune()
    say("")
    return outcome, changed


def _read(package: Package, root: Path, say: Say, jobs: int | None, store: Cache | None, cluster: str | None) -> Outcome:
    """What comes of the record stage; its problems are not sought yet."""
    say("reading records …")
    found, records = find(package, root)
    batches, amount = cut(found, root)
    task = Task(package.records, frozenset(records.retired), root.resolve(), store)
    rows, keys, count = Collected(task), [], 0
    with workers(jobs, amount, cluster) as executor:
        results = run(task, batches, executor)
        for batch, result in zip(batches, results, strict=True):
            rows.add(batch, result)
            records.add(result.records)
            keys.append(result.key)
            count += result.count
            if result.is_new:
                _import_while_they_read()
    check_retired(records)

    def assembled() -> Tabulated:
        from pipeline.tabulate import assemble

        return assemble(package, rows, records, mixed=any(batch.taken for batch in batches))

    key = None
    if store is not None and not records.complaints and not records.problems and all(keys):
        key = store.key(*keys, *digests(root, _ALSO_READ).values())
    return Outcome([], records, count, assembled, key)


def _import_while_they_read() -> None:
    """What judges tables takes a second to import, which the workers have something to do in."""
    import pipeline.check
    import pipeline.tabulate  # noqa: F401


def _judged(package: Package, root: Path, read: Outcome, say: Say, store: Cache | None) -> Outcome:
    """The same outcome with its problems, among them those that only the tables show; if the same was right before it is still."""
    if store is not None and read.key is not None and store.note(f"{read.key}.right"):
        return read
    from pipeline.check import check_tables
    from pipeline.ledger import check_ids
    from pipeline.locate import locate

    say(f"checking the tables of {read.count} records …")
    records, tabulated = read.records, read.tabulated
    complaints = [*records.complaints, *check_tables(package, tabulated, records), *check_ids(root, tabulated, records)]
    say("")
    problems = sorted([*records.problems, *locate(root, complaints)])
    if store is not None and read.key is not None and not problems:
        store.keep_note(f"{read.key}.right", True)
    return Outcome(problems, records, read.count, lambda: tabulated, read.key)


def _is_published(root: Path, made: dict[str, str] | None) -> bool:
    """Whether everything that a build made is there, byte for byte, and nothing else is."""
    return made is not None and not unfinished(root) and made.keys() >= set(published(root)) and digests(root, made) == made
