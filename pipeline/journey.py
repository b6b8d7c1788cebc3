"""The journey of the records, whole: read → check records → tabulate → check tables → publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batches import Collected, Task
from pipeline.cache import code_of
from pipeline.files import cut
from pipeline.known import Known
from pipeline.language import Package
from pipeline.problems import Problem
from pipeline.records import Records, check_retired, find
from pipeline.workers import run, workers

if TYPE_CHECKING:
    from pipeline.publish import Citations
    from pipeline.tabulate import Tabulated

Say = Callable[[str], None]
"""Told what is being done, stage by stage, and the empty text at the end."""


@dataclass(frozen=True)
class Outcome:
    """What came of checking: the problems, sorted by place, and the records and tables as far as they are right.

    known: what is known of the very bytes that were judged, where they are what was looked at before.
    """

    problems: list[Problem]
    records: Records
    count: int
    assemble: Callable[[], Tabulated]
    known: Known | None = None

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
    known: Known | None = None,
    cluster: str | None = None,
) -> Outcome:
    """Judge every record and every table; nothing is written.

    jobs:    how many processes read the records; as many as there are cores if not given, and one where there are few records.
    known:   what was seen in raw/ just now: what came of the same bytes before is taken from its cache.
    cluster: the address of a Dask cluster that reads the records instead, ``dask://host:port``; its workers see the same folder.
    """
    return _judged(package, root, _read(package, root, say, jobs, known, cluster), say)


def build(
    package: Package,
    root: Path,
    say: Say = _quiet,
    citations: Citations | None = None,
    jobs: int | None = None,
    known: Known | None = None,
    cluster: str | None = None,
) -> tuple[Outcome, list[str]]:
    """Check, and if nothing is wrong publish; the second value is the paths that changed.

    citations: makes the files that say how to cite the package. The rest is as in :func:`check`.
    """
    outcome = check(package, root, say, jobs, known, cluster)
    if outcome.problems:
        return outcome, []
    from pipeline.publish import publish

    def note(made: dict[str, str]) -> None:
        if outcome.known is not None:
            outcome.known.keep_published(outcome.count, made, *([code_of(citations.__module__)] if citations else []))

    say("publishing …")
    changed = publish(package, outcome.tabulated, root, citations, note)
    say("")
    return outcome, changed


def _read(package: Package, root: Path, say: Say, jobs: int | None, known: Known | None, cluster: str | None) -> Outcome:
    """What comes of the record stage; its problems are not sought yet."""
    say("reading records …")
    if known is not None and not known.store.is_current():
        known = None
    found, records = find(package, root)
    batches = known.cut(found) if known else list(cut(found, root))
    task = Task(package.records, frozenset(records.retired), root.resolve(), known.store if known else None)
    seen = known.digests if known else {}
    before = [task.before(batch, seen.get(batch)) for batch in batches]
    new = [batch for batch, result in zip(batches, before, strict=True) if result is None]
    rows, count, same = Collected(task), 0, True
    with workers(jobs, sum(batch.amount for batch in new), cluster) as executor:
        made = run(task, new, executor)
        for batch, kept in zip(batches, before, strict=True):
            result = kept or next(made)
            if kept is None:
                _import_while_they_read()
                same &= known is not None and result.key == task.key(known.store, batch, seen.get(batch, ""))
            rows.add(batch, result)
            records.add(result.records)
            count += result.count
    check_retired(records)
    same &= not records.complaints and not records.problems
    sure = known if known and same and known.stands(batches) else None

    def assembled() -> Tabulated:
        from pipeline.tabulate import assemble

        return assemble(package, rows, records, any(batch.taken for batch in batches), sure.store if sure else None)

    return Outcome([], records, count, assembled, sure)


def _import_while_they_read() -> None:
    """What judges tables takes a second to import, which the workers have something to do in."""
    import pipeline.check
    import pipeline.tabulate  # noqa: F401


def _judged(package: Package, root: Path, read: Outcome, say: Say) -> Outcome:
    """The same outcome with its problems, among them those that only the tables show; if the same was right before it is still."""
    if read.known is not None and read.known.right() is not None:
        return read
    from pipeline.check import check_tables
    from pipeline.ledger import check_ids
    from pipeline.locate import locate

    say(f"checking the tables of {read.count} records …")
    records, tabulated = read.records, read.tabulated
    complaints = [*records.complaints, *check_tables(package, tabulated, records), *check_ids(root, tabulated, records)]
    say("")
    problems = sorted({*records.problems, *locate(root, complaints, tabulated.origins.documents)})
    if read.known is not None and not problems:
        read.known.keep_right(read.count)
    return Outcome(problems, records, read.count, lambda: tabulated, read.known)
