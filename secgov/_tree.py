"""A tree of records that is published as rows: where one of them stands, and its parts in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Node:
    """One record in its tree. ``number`` counts its place and those above it (``2.1``) and is empty for the root."""

    id: str
    label: str
    depth: int
    number: str
    printed: str | None
    inferred: bool
    here: bool


TREE_COLUMNS = ("id", "label", "parent", "ordinal", "number_printed", "heading_inferred")
"""What is needed of each row; the last two may be lacking."""


def tree_of(rows: Sequence[Mapping[str, Any]], name: str) -> list[Node]:
    """The nodes above the row of that id, the row itself, and all below it, in the text's order.

    rows: mappings with the TREE_COLUMNS.
    Empty for a record that stands alone.
    """
    by_id = {row["id"]: row for row in rows}
    above = list(_above(by_id, name))
    below: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["parent"] is not None:
            below.setdefault(row["parent"], []).append(row)
    nodes = [_node(by_id, row, name) for row in (*above, *_within(below, by_id[name]))]
    return nodes if len(nodes) > 1 else []


def _above(by_id: Mapping[str, Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """The rows from the root down to the parent."""
    path: list[Mapping[str, Any]] = []
    up = by_id[name]["parent"]
    while up is not None:
        path.append(by_id[up])
        up = by_id[up]["parent"]
    return path[::-1]


def _within(below: Mapping[str, list[Mapping[str, Any]]], row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield row
    for part in sorted(below.get(row["id"], ()), key=lambda each: int(each["ordinal"])):
        yield from _within(below, part)


def _node(by_id: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any], name: str) -> Node:
    path = [*_above(by_id, row["id"]), row]
    return Node(
        id=row["id"],
        label=row["label"],
        depth=len(path) - 1,
        number=".".join(str(step["ordinal"]) for step in path[1:]),
        printed=row.get("number_printed"),
        inferred=bool(row.get("heading_inferred")),
        here=row["id"] == name,
    )
