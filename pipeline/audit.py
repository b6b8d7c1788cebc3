"""Plausibility: what is not wrong and still wants a second look. Each doubt is mended, or explained in the record itself."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.language import Doubts
from pipeline.problems import Complaint
from pipeline.tabulate import Tabulated


def audit(doubts: Doubts, tabulated: Tabulated) -> list[Complaint]:
    """Every doubt that no record explains, and every explanation that explains nothing.

    tabulated: tables in which nothing is wrong.
    """
    explained = set(tabulated.frames[doubts.table].select("record", "doubt").iter_rows())
    complaints: list[Complaint] = []
    raised: set[tuple[str, str]] = set()
    for rule in doubts.rules:
        frame, spec = tabulated.frames[rule.table], tabulated.specs[rule.table]
        for index in (~rule.holds(tabulated.frames)).arg_true():
            row = frame.row(index, named=True)
            address = spec.record(row[spec.owner])
            if (address, rule.name) not in explained:
                origin = tabulated.origins[rule.table][index]
                complaints.append(Complaint(origin.file, origin.of(rule.field), rule.name, rule.message.format_map(row)))
            raised.add((address, rule.name))
    return complaints + list(_stale(doubts, tabulated, raised))


def _stale(doubts: Doubts, tabulated: Tabulated, raised: set[tuple[str, str]]) -> Iterator[Complaint]:
    rows = tabulated.frames[doubts.table].select("record", "doubt").iter_rows()
    for place, (record, doubt) in enumerate(rows):
        if (record, doubt) not in raised:
            origin = tabulated.origins[doubts.table][place]
            yield Complaint(origin.file, origin.path, "stale-explanation", f"nobody asks '{doubt}' of {record} any more; remove it")
