"""Plausibility: what is not wrong and still wants a second look. Each doubt is mended, or explained in the record itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.language import Doubts
from pipeline.problems import Complaint
from pipeline.tables import INDEX, TableSpec
from pipeline.tabulate import Tabulated


def audit(doubts: Doubts, tabulated: Tabulated) -> list[Complaint]:
    """Every doubt that no record explains, and every explanation that explains nothing.

    tabulated: tables in which nothing is wrong.
    """
    explained = set(tabulated.frames[doubts.table].select("record", "doubt").iter_rows())
    complaints: list[Complaint] = []
    raised: set[tuple[str, str]] = set()
    for rule in doubts.rules:
        frame = tabulated.frames[rule.table]
        for index in (~rule.holds(tabulated.frames)).arg_true():
            row, origin = frame.row(index, named=True), tabulated.origins[rule.table][index]
            address = _record(row, tabulated.specs[rule.table])
            if (address, rule.name) not in explained:
                complaints.append(Complaint(origin.file, origin.of(rule.field), rule.name, rule.message.format_map(row)))
            raised.add((address, rule.name))
    return complaints + list(_stale(doubts, tabulated, raised))


def _record(row: Mapping[str, Any], spec: TableSpec) -> str:
    """The address of the record that a row is, or belongs to."""
    if spec.kind == "entity":
        return f"{spec.name}/{row['id']}"
    owner = spec.columns[1]  # of a part: after its own id, the record that it stands under
    assert owner.reference is not None
    return str(row[owner.name]) if owner.reference[0] == INDEX else f"{owner.reference[0]}/{row[owner.name]}"


def _stale(doubts: Doubts, tabulated: Tabulated, raised: set[tuple[str, str]]) -> Iterator[Complaint]:
    rows = tabulated.frames[doubts.table].select("record", "doubt").iter_rows()
    for (record, doubt), origin in zip(rows, tabulated.origins[doubts.table], strict=True):
        if (record, doubt) not in raised:
            yield Complaint(origin.file, origin.path, "stale-explanation", f"nobody asks '{doubt}' of {record} any more; remove it")
