"""Where a row was written: found out when somebody has to complain, by reading the record of the row once more.

So nothing has to be kept for each of a million rows. A row names its record; the rows of one record stand together in every
table, in an order that its file gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import polars as pl

from pipeline.files import RAW, RETIRED, Batch, contents
from pipeline.language import Package
from pipeline.read import Document
from pipeline.records import Checked, judge
from pipeline.rows import Origin, origins_of
from pipeline.tables import INDEX, TableSpec

KEPT = 4096
"""Of so many records it is kept what was read: complaints come table by table, and about the same records."""


class Origins(Mapping[str, Sequence[Origin]]):
    """By table, the origin of each of its rows.

    documents: files that were read for it, with the positions in them, which somebody who complains wants to know next.
    """

    def __init__(self, package: Package, root: Path, specs: Mapping[str, TableSpec], frames: Mapping[str, pl.DataFrame]) -> None:
        self.package, self.root, self.specs, self.frames = package, root, specs, frames
        self.documents: dict[str, Document] = {}
        self.written = lru_cache(maxsize=KEPT)(self._written)
        self.together = lru_cache(maxsize=None)(self._together)

    def __getitem__(self, table: str) -> Sequence[Origin]:
        return _OfTable(self, self.specs[table])

    def __iter__(self) -> Iterator[str]:
        return iter(self.specs)

    def __len__(self) -> int:
        return len(self.specs)

    def of_row(self, spec: TableSpec, place: int) -> Origin:
        """The origin of one row of a table."""
        frame = self.frames[spec.name]
        if spec.kind == "report":
            return self._of_report(spec, frame.row(place, named=True))
        if spec.kind == "generated":
            return self.of_address(frame["address"][place]) if spec.name == INDEX else Origin("", ())
        owners = frame[spec.owner]
        root = self._root(spec, owners[place])
        first = place
        while first and self._root(spec, owners[first - 1]) == root:
            first -= 1
        return self.written(*root)[spec.name][place - first]

    def of_address(self, address: str) -> Origin:
        """The origin of a record, or of the entry that retires it."""
        table, _, name = address.partition("/")
        place = self.frames[table]["id"].index_of(name) if table in self.frames else None
        return Origin(f"{RAW}/{RETIRED}.yaml", (address,)) if place is None else self.of_row(self.specs[table], place)

    def _root(self, spec: TableSpec, owner: str) -> tuple[str, str]:
        """Table and id of the record in whose file a row stands."""
        table, _, name = spec.root(owner).partition("/")
        return table, name

    def _of_report(self, spec: TableSpec, row: Mapping[str, Any]) -> Origin:
        """Nobody wrote it: the first record that it refers to and that is there."""
        for column in spec.columns:
            if column.reference and row[column.name]:
                table = column.reference[0]
                address = row[column.name] if table == INDEX else f"{table}/{row[column.name]}"
                if address in self.frames[INDEX]["address"]:
                    return self.of_address(address)
        return Origin("", ())

    def _written(self, table: str, name: str) -> Mapping[str, Sequence[Origin]]:
        """By table, the origins of the rows of one record."""
        if (self.root / RAW / table / f"{name}.yaml").is_file():
            return origins_of(*self._judge(Batch(table, (name,))))
        return origins_of(self.together(table)[name])

    def _together(self, table: str) -> Mapping[str, Checked]:
        """The records in the one file of a table, by id."""
        return {checked.entry.id: checked for checked in self._judge(Batch(table))}

    def _judge(self, batch: Batch) -> list[Checked]:
        quickly = not batch.ids  # of one short file all is said before the quick reader is ready
        records = judge(self.package.record(batch.table), batch, contents(self.root, batch), quickly=quickly)
        if len(self.documents) < KEPT:
            self.documents |= records.documents
        return records.accepted


class _OfTable(Sequence[Origin]):
    def __init__(self, origins: Origins, spec: TableSpec) -> None:
        self.origins, self.spec = origins, spec

    def __len__(self) -> int:
        return self.origins.frames[self.spec.name].height

    @overload
    def __getitem__(self, index: int) -> Origin: ...

    @overload
    def __getitem__(self, index: slice) -> list[Origin]: ...

    def __getitem__(self, index: int | slice) -> Origin | list[Origin]:
        places = range(len(self))[index]
        if isinstance(places, int):
            return self.origins.of_row(self.spec, places)
        return [self.origins.of_row(self.spec, place) for place in places]
