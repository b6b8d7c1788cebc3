"""Two versions compared: what changed in the schema, and which rows, by key. Flat views follow from the tables and are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from secgov._dataset import Dataset
from secgov._index import INDEX
from secgov._schema import Change, schema_changes

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def diff(old: Dataset, new: Dataset) -> pd.DataFrame:
    """What changed from the one to the other; see :func:`secgov.diff`."""
    import pandas as pd

    from secgov._frame import framed

    frame = pd.DataFrame(changes(old, new), columns=list(Change._fields), dtype=pd.StringDtype("pyarrow"))
    frame.attrs = {"old": old.package.version, "new": new.package.version, "replaced": replaced(old, new)}
    return framed(frame)


def changes(old: Dataset, new: Dataset) -> list[Change]:
    """Changes of the schema first, then, table by table, removed and changed rows in the old order and added ones in the new."""
    found = list(schema_changes(old.package.content, new.package.content))
    for name, table in old.tables.items():
        if table.kind != "view" and name in new.tables and table.key == new.table(name).key:
            found += _rows(name, table.key, old.text(name), new.text(name))
    return found


def replaced(old: Dataset, new: Dataset) -> dict[str, str | None]:
    """The addresses that were retired between the two, with what took their place, if anything did."""
    before = _retired(old)
    return {address: instead for address, instead in _retired(new).items() if address not in before}


def _retired(dataset: Dataset) -> dict[str, str | None]:
    if INDEX not in dataset.tables:
        return {}
    rows = dataset.arrow(INDEX).select(["address", "replaced_by", "why_retired"]).to_pylist()
    return {row["address"]: row["replaced_by"] for row in rows if row["why_retired"] is not None}


def _rows(table: str, key: Sequence[str], old: pa.Table, new: pa.Table) -> Iterator[Change]:
    import pyarrow as pa
    import pyarrow.compute as pc

    before, after = _keys(old, key), _keys(new, key)
    places = {name: place for place, name in enumerate(after)}
    kept = [place for place, name in enumerate(before) if name in places]
    left = old.take(pa.array(kept, pa.int64()))
    right = new.take(pa.array([places[before[place]] for place in kept], pa.int64()))
    found = [(place, -1, Change(table, _text(name), "removed")) for place, name in enumerate(before) if name not in places]
    for position, field in enumerate(name for name in old.column_names if name in new.column_names and name not in key):
        one, other = left[field], right[field]
        differs = pc.coalesce(pc.not_equal(one, other), pc.xor(pc.is_null(one), pc.is_null(other)))
        where = pc.indices_nonzero(differs)
        for row, was, now in zip(*(part.to_pylist() for part in (where, one.take(where), other.take(where))), strict=True):
            found.append((kept[row], position, Change(table, _text(before[kept[row]]), "changed", field, was, now)))
    yield from (change for *_, change in sorted(found, key=lambda item: item[:2]))
    there = set(before)
    yield from (Change(table, _text(name), "added") for name in after if name not in there)


def _keys(rows: pa.Table, key: Sequence[str]) -> list[tuple[str | None, ...]]:
    return list(zip(*(rows[name].to_pylist() for name in key), strict=True))


def _text(key: tuple[str | None, ...]) -> str:
    """One text for a key: its value, or its values with a blank between them."""
    return " ".join(map(str, key))
