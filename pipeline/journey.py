"""The journey of the records, whole: read → check records → tabulate → check tables → publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.check import check_tables
from pipeline.language import Package
from pipeline.ledger import check_ids
from pipeline.locate import locate
from pipeline.problems import Problem
from pipeline.records import Records, read_records
from pipeline.tabulate import Tabulated, tabulate

if TYPE_CHECKING:
    from pipeline.publish import Citations

Say = Callable[[str], None]
"""Told what is being done, stage by stage, and the empty text at the end."""


@dataclass(frozen=True)
class Outcome:
    """What came of checking: the problems, sorted by place, and the records and tables as far as they are right."""

    problems: list[Problem]
    records: Records
    tabulated: Tabulated


def _quiet(stage: str) -> None:
    pass


def check(package: Package, root: Path, say: Say = _quiet) -> Outcome:
    """Judge every record and every table; nothing is written."""
    say("reading records …")
    records = read_records(package, root)
    say(f"checking the tables of {len(records.accepted)} records …")
    tabulated = tabulate(package, records)
    complaints = [*records.complaints, *check_tables(package, tabulated, records), *check_ids(root, tabulated, records)]
    say("")
    return Outcome(sorted([*records.problems, *locate(root, complaints)]), records, tabulated)


def build(package: Package, root: Path, say: Say = _quiet, citations: Citations | None = None) -> tuple[Outcome, list[str]]:
    """Check, and if nothing is wrong publish; the second value is the paths that changed.

    citations: makes the files that say how to cite the package.
    """
    from pipeline.publish import publish

    outcome = check(package, root, say)
    if outcome.problems:
        return outcome, []
    say("publishing …")
    changed = publish(package, outcome.tabulated, root, citations)
    say("")
    return outcome, changed
