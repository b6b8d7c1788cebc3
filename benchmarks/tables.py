"""The checks of the tables (types, keys, references, terms, rules across rows) against ``frictionless validate`` on the same CSVs, per row.

frictionless checks types, keys, references, terms and forms, and not the rules. It is given the smaller tables, since it would take
hours for the large ones; its time per row does not fall with size.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

PEER = ("places", "people", "institutions", "institution_topics", "topics", "states")


def ratio(built: Path) -> float:
    """How many times as long frictionless takes for a row."""
    return _frictionless(built) / _ours(built)


def _ours(built: Path) -> float:
    from pipeline.check import check_tables
    from pipeline.journey import check
    from schemas.package import PACKAGE

    outcome = check(PACKAGE, built)
    tabulated = outcome.tabulated
    start = time.perf_counter()
    assert check_tables(PACKAGE, tabulated, outcome.records) == []
    return (time.perf_counter() - start) / sum(frame.height for frame in tabulated.frames.values())


def _frictionless(built: Path) -> float:
    """Seconds per row, over some smaller tables and the references between them."""
    import frictionless

    descriptor: dict[str, Any] = json.loads((built / "datapackage.json").read_bytes())
    typed = {item["name"]: item for item in descriptor["resources"] if item["name"] in PEER}
    typed = {name: {key: value for key, value in item.items() if key not in ("bytes", "hash")} for name, item in typed.items()}
    for item in typed.values():
        keys = item["schema"].get("foreignKeys", [])
        item["schema"]["foreignKeys"] = [key for key in keys if key["reference"]["resource"] in typed]
    package = frictionless.Package({"name": "peer", "resources": list(typed.values())}, basepath=str(built))
    start = time.perf_counter()
    report = package.validate()
    spent = time.perf_counter() - start
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]
    return spent / sum(task.stats["rows"] for task in report.tasks)
