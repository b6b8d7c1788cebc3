"""The journey of the records, whole: read → check records → tabulate → check tables → publish."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.language import Package
from pipeline.locate import locate
from pipeline.problems import Problem
from pipeline.records import Records, read_records
from pipeline.tabulate import Tabulated


@dataclass(frozen=True)
class Outcome:
    """What came of checking: the problems, sorted by place, and the records and tables as far as they are right."""

    problems: list[Problem]
    records: Records
    tabulated: Tabulated


def check(package: Package, root: Path) -> Outcome:
    """Judge every record and every table; nothing is written."""
    records = read_records(package, root)
    # Imported late: a file that cannot be read is reported before polars and pandera are even loaded.
    from pipeline.check import check_tables
    from pipeline.tabulate import tabulate

    tabulated = tabulate(package, records)
    complaints = records.complaints + check_tables(package, tabulated, records)
    return Outcome(sorted([*records.problems, *locate(root, complaints)]), records, tabulated)


def build(package: Package, root: Path) -> tuple[Outcome, list[str]]:
    """Check, and if nothing is wrong publish; the second value is the paths that changed."""
    outcome = check(package, root)
    if outcome.problems:
        return outcome, []
    from pipeline.publish import publish

    return outcome, publish(package, outcome.tabulated, root)
