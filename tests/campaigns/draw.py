"""A seeded draw of facts, for a reader who looks each of them up on its page: what stands in docs/sixty_facts.md began with this.

    python -m tests.campaigns.draw [--facts 60] [--seed 20261122]

A fact is a row that names its source: evidence that supports a record or field, a step of a status, a membership, a role, a number.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

PARQUET = Path(__file__).resolve().parents[2] / "dataset" / "parquet"
VALUES = {"statuses": ("status", "date"), "memberships": ("member", "kind", "status", "period"), "roles": ("title", "body", "period")}


@cache
def _table(name: str) -> pl.DataFrame:
    return pl.read_parquet(PARQUET / f"{name}.parquet")


def facts() -> Iterator[tuple[str, ...]]:
    """Table, record, field, source, place and row of every fact, in the order of the tables."""
    for row in _table("evidence").filter(verdict="supports").iter_rows(named=True):
        yield "evidence", row["record"], row["field"] or "label", row["source"], row["at"] or "", row["id"]
    for table in VALUES:
        for row in _table(table).iter_rows(named=True):
            owner = row.get("record") or (f"institutions/{row['institution']}" if table == "memberships" else f"people/{row['person']}")
            yield table, owner, table, row["source"], row["at"] or "", row["id"]


def draw(count: int, seed: int) -> list[tuple[str, ...]]:
    """``count`` of all facts with their values: record, field, value, source, place; the same for the same data and seed."""
    every = list(facts())
    chosen = [every[place] for place in sorted(random.Random(seed).sample(range(len(every)), count))]
    return [(record, field, _value(table, record, field, row), source, at) for table, record, field, source, at, row in chosen]


def _value(table: str, record: str, field: str, row: str) -> str:
    if table != "evidence":
        found = _table(table).row(by_predicate=pl.col("id") == row, named=True)
        return " ".join(str(found[name]) for name in VALUES[table] if found[name])
    home, _, name = record.partition("/")
    found = _table(home).row(by_predicate=pl.col("id") == name, named=True)
    return str(found.get(field, "see the record"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--facts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    for number, fact in enumerate(draw(arguments.facts, arguments.seed), 1):
        print(number, *fact, sep=" | ")
