"""The checks of the tables (types, keys, references, terms, rules across rows) against ``frictionless validate`` on the same CSVs, per row.

Both read the CSVs. frictionless checks types, keys, references, terms and forms; the rules across rows are ours alone.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


def ratio(built: Path, repeats: int) -> tuple[float, int]:
    """How many times as long frictionless takes for a row of a published dataset, and how many rows that is."""
    spent, rows = _frictionless(built)
    ours = min(_ours(built) for _ in range(repeats + 1))  # the first imports pandera
    return spent / ours, rows


def _ours(built: Path) -> float:

    from pipeline.check import failures, rules_of
    from pipeline.frames import Tables
    from pipeline.publish import read_csv
    from pipeline.tables import tables_of
    from schemas.package import PACKAGE

    start = time.perf_counter()
    frames = {name: read_csv(built / f"dataset/csv/{name}.csv", spec) for name, spec in tables_of(PACKAGE).items()}
    for name, spec in tables_of(PACKAGE).items():
        assert frames[name].is_empty() or failures(spec, Tables(frames, frames.__getitem__), rules_of(PACKAGE, name)) == []
    return time.perf_counter() - start


def _frictionless(built: Path) -> tuple[float, int]:
    """Seconds over all tables, and their rows."""
    import frictionless

    descriptor: dict[str, Any] = json.loads((built / "datapackage.json").read_bytes())
    typed = [item for item in descriptor["resources"] if "schema" in item and not item["name"].startswith("flat_")]
    resources = [{key: value for key, value in item.items() if key not in ("bytes", "hash")} for item in typed]
    package = frictionless.Package({"name": "peer", "resources": resources}, basepath=str(built))
    start = time.perf_counter()
    report = package.validate()
    spent = time.perf_counter() - start
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]
    return spent, sum(task.stats.get("rows", 0) for task in report.tasks)
