"""What was published, judged: checksums always; with ``deep`` the CSV and Parquet are read again and checked by three judges.

The archives of releases and their ledger are checked too. Deep means: frictionless validates the descriptor and every typed CSV
against it; pandera validates the CSV as read; and each Parquet equals its CSV value by value. A build that was killed between two
renames shows as files that do not agree with the descriptor.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import polars as pl

from pipeline.check import failures, rules_of
from pipeline.faces.arrow import polars_schema
from pipeline.faces.table_schema import DESCRIPTOR, table_schema
from pipeline.frames import Tables
from pipeline.language import Package
from pipeline.ledger import check_ledger
from pipeline.places import PARQUET, RELEASES
from pipeline.problems import Problem
from pipeline.publish import CHECKSUMS, read_csv
from pipeline.swap import unfinished
from pipeline.tables import tables_of
from pipeline.views import views_of


def verify(package: Package, root: Path, *, deep: bool = False) -> list[Problem]:
    """Everything that is wrong with what is published below ``root``."""
    problems = [*_checksums(root), *(_problem(path, "release", message) for path, message in check_ledger(root))]
    if deep and not problems:
        problems += _deep(package, root)
    return sorted(problems)


def _problem(file: str, rule: str, message: str, line: int = 1) -> Problem:
    return Problem(file, line, 1, rule, message)


def _checksums(root: Path) -> Iterator[Problem]:
    if unfinished(root):
        yield _problem(DESCRIPTOR, "unfinished", "a build was killed while it put files in place; run build.py to finish it")
    for file in (DESCRIPTOR, CHECKSUMS):
        if not (root / file).is_file():
            yield _problem(file, "missing-file", "the file is not there; run build.py")
            return
    try:
        listed = _listed((root / CHECKSUMS).read_bytes())
    except ValueError as error:
        yield _problem(CHECKSUMS, "damaged", f"the list of checksums cannot be read: {error}; run build.py")
        return
    if DESCRIPTOR not in listed:
        yield _problem(CHECKSUMS, "damaged", f"the list of checksums lacks {DESCRIPTOR}; run build.py")
    for path, digest in listed.items():
        yield from _matches(root, path, digest, None, CHECKSUMS)
    there = {path.relative_to(root).as_posix() for path in (root / "dataset").rglob("*") if path.is_file()}
    unlisted = sorted(path for path in there - listed.keys() - {CHECKSUMS} if not path.startswith(f"{RELEASES}/"))
    for path in unlisted:
        yield _problem(path, "unlisted-file", f"the file is not in {CHECKSUMS}; no build made it")
    if _digest((root / DESCRIPTOR).read_bytes()) == listed.get(DESCRIPTOR):  # else nothing that it says is to be relied on
        yield from _as_described(root)


def _as_described(root: Path) -> Iterator[Problem]:
    """What is not as the descriptor says."""
    try:
        resources = [
            (str(resource["path"]), str(resource["hash"]), resource["bytes"])
            for resource in json.loads((root / DESCRIPTOR).read_bytes())["resources"]
        ]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        yield _problem(DESCRIPTOR, "damaged", f"the descriptor cannot be read: {error}; run build.py")
        return
    for path, digest, size in resources:
        yield from _matches(root, path, digest.removeprefix("sha256:"), size, DESCRIPTOR)


_LINE = re.compile(r"([0-9a-f]{64})  ((?:\.\./)?)([^/\\\x00-\x1f][^\\\x00-\x1f]*)")


def _listed(content: bytes) -> dict[str, str]:
    """The sha256 of each file, by its path below the root; ValueError for anything but a list as it is published."""
    *lines, rest = content.decode("utf-8").split("\n")
    listed = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or ".." in match[3].split("/"):
            raise ValueError(f"'{line[:160]}' is no line of it")
        listed[match[3] if match[2] else f"dataset/{match[3]}"] = match[1]
    if rest or len(listed) != len(lines):
        raise ValueError("it ends within a line, or names a file twice")
    return listed


def _matches(root: Path, path: str, digest: str, size: int | None, by: str) -> Iterator[Problem]:
    file = root / path
    if PurePath(path).is_absolute() or ".." in PurePath(path).parts:
        yield _problem(by, "damaged", f"'{path}' is no path below the root")
        return
    if not file.is_file():
        yield _problem(path, "missing-file", f"{by} lists the file, and it is not there")
        return
    content = file.read_bytes()
    if size is not None and len(content) != size:
        yield _problem(path, "wrong-size", f"the file has {len(content)} bytes; {by} says {size}")
    elif _digest(content) != digest:
        yield _problem(path, "wrong-hash", f"the sha256 of the file is not the one in {by}")


def outdated(package: Package, root: Path) -> list[Problem]:
    """The first table whose published schema is not the one that the package declares."""
    specs, described = tables_of(package), _described(root)
    for name, spec in {**specs, **views_of(package, specs)}.items():
        if described.get(name, {}).get("schema") != table_schema(spec):
            return [_problem(DESCRIPTOR, "other-schema", f"the descriptor's schema of {name} is not the one in schemas/; run build.py")]
    return []


def _described(root: Path) -> dict[str, Any]:
    """The resources of the descriptor by name."""
    return {resource["name"]: resource for resource in json.loads((root / DESCRIPTOR).read_bytes())["resources"]}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _deep(package: Package, root: Path) -> Iterator[Problem]:
    yield from _by_frictionless(root)
    if other := outdated(package, root):
        yield from other
        return
    specs, described = tables_of(package), _described(root)
    frames = {name: read_csv(root / described[name]["path"], spec) for name, spec in specs.items()}
    for name, spec in specs.items():
        file = described[name]["path"]
        for failure in failures(spec, Tables(specs, frames.__getitem__), rules_of(package, name)):
            what = f"{failure['column'] or name}: {failure['check']} fails for {failure['failure_case']}"
            yield _problem(file, "pandera", what, line=(failure["index"] or 0) + 2)
        parquet = pl.read_parquet(root / PARQUET / f"{name}.parquet", schema=polars_schema(spec))
        if not parquet.equals(frames[name], null_equal=True):
            yield _problem(f"{PARQUET}/{name}.parquet", "not-equal", f"the values differ from those of {file}")


def _by_frictionless(root: Path) -> Iterator[Problem]:
    import frictionless

    report: Any = frictionless.validate(str(root / DESCRIPTOR))
    for error in report.errors:
        yield _problem(DESCRIPTOR, "frictionless", error.message)
    for task in report.tasks:
        for error in task.errors:
            yield _problem(task.place or task.name, "frictionless", error.message, line=getattr(error, "row_number", None) or 1)
