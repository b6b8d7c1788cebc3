"""What changed in which version: the differences between releases, as a whole and record by record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from pipeline.diff import Change, Difference, compare
from pipeline.faces.difference import sentence, summary
from pipeline.ledger import Release, releases_of
from pipeline.site.published import owner_column
from pipeline.snapshot import of_archive, of_folder
from pipeline.tables import INDEX, TableSpec


@dataclass(frozen=True)
class Step:
    """The difference between two versions that follow each other, in the order in which a page shows it."""

    old: str
    new: str
    summary: tuple[str, ...]
    tables: tuple[tuple[str, tuple[Change, ...]], ...]
    schema: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """All versions: releases, the steps between them and to the working build, and for each address what befell it."""

    releases: tuple[Release, ...]
    steps: tuple[Step, ...]
    of: dict[str, list[tuple[str, str]]]


def history_of(specs: Mapping[str, TableSpec], root: Path) -> History:
    """The history below ``root``, up to what is published now."""
    releases = releases_of(root)
    snapshots = [of_archive(root / release.archive) for release in releases]
    now = of_folder(root)
    if not snapshots or snapshots[-1].version != now.version:
        snapshots.append(now)
    differences = [compare(old, new) for old, new in pairwise(snapshots)]
    of: dict[str, list[tuple[str, str]]] = {}
    for address in snapshots[0].frame(INDEX)["address"]:
        of[address] = [(snapshots[0].version, "first published")]
    for difference in differences:
        for address, what in _by_record(difference, specs):
            of.setdefault(address, []).append((difference.new, what))
    steps = tuple(
        Step(
            each.old,
            each.new,
            tuple(summary(each)),
            tuple((table, tuple(rows)) for table, rows in groupby(each.rows, key=lambda change: change.table)),
            tuple(sentence(change) for change in each.schema),
        )
        for each in differences
    )
    return History(tuple(releases), steps, of)


def _by_record(difference: Difference, specs: Mapping[str, TableSpec]) -> Iterator[tuple[str, str]]:
    """Address and sentence for each record that changed, or whose parts did."""
    told: dict[str, dict[str, None]] = {}
    counted: dict[tuple[str, str, str], set[str]] = {}
    for change in difference.rows:
        spec = specs.get(change.table)
        if spec is None or spec.kind not in ("entity", "part", "link"):
            continue
        if spec.kind == "entity":
            address = f"{change.table}/{change.key}"
            what = "first published" if change.change == "added" else change.change
            if change.field:
                what = f"{change.field}: {_cell(change.old)} → {_cell(change.new)}"
            told.setdefault(address, {})[what] = None
        else:
            address = _owner(spec, change.key)
            counted.setdefault((address, change.table, change.change), set()).add(change.key)
    for (address, table, kind), keys in counted.items():
        if "first published" not in told.get(address, {}):
            told.setdefault(address, {})[f"{table}: {len(keys)} {kind}"] = None
    for address, lines in told.items():
        for line in lines:
            yield address, line


def _owner(spec: TableSpec, key: str) -> str:
    """The record to which a row of a part or link belongs, by the row's key."""
    if spec.kind == "part":
        return key.partition(":")[0]
    column = owner_column(spec)
    assert column.reference is not None
    return f"{column.reference[0]}/{key.partition(' ')[0]}"


def _cell(value: str | None) -> str:
    return "(empty)" if value is None else f"‘{value}’"
