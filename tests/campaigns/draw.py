"""A seeded draw of facts, for a reader who looks each of them up on its page: what stands in docs/sixty_facts.md began with this.

    python -m tests.campaigns.draw [--facts 60] [--seed 20261122]

A fact is a row that names its source: evidence that supports a record or field, a step of a status, a membership, a role, a number.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import polars as pl

PARQUET = Path(__file__).resolve().parents[2] / "dataset" / "parquet"
VALUES = {"statuses": ("status", "date"), "memberships": ("member", "kind", "status", "period"), "roles": ("title", "body", "period")}


def facts() -> Iterator[tuple[str, str, str, str, str]]:
    """Record, field, value, source and place of every fact, in the order of the tables."""
    evidence = pl.read_parquet(PARQUET / "evidence.parquet").filter(verdict="supports")
    for record, field, source, at in evidence.select("record", "field", "source", "at").iter_rows():
        yield record, field or "label", _value(record, field or "label"), source, at or ""
    for table, columns in VALUES.items():
        for row in pl.read_parquet(PARQUET / f"{table}.parquet").iter_rows(named=True):
            owner = row.get("record") or (f"institutions/{row['institution']}" if table == "memberships" else f"people/{row['person']}")
            yield owner, table, " ".join(str(row[name]) for name in columns if row[name]), row["source"], row["at"] or ""


def _value(record: str, field: str) -> str:
    table, _, name = record.partition("/")
    frame = pl.read_parquet(PARQUET / f"{table}.parquet")
    if field not in frame.columns:
        return "see the record"
    return str(frame.row(by_predicate=pl.col("id") == name, named=True)[field])


def draw(count: int, seed: int) -> list[tuple[str, str, str, str, str]]:
    """``count`` of all facts; the same for the same data and seed."""
    rows = pl.concat(
        [
            pl.read_parquet(PARQUET / "evidence.parquet").filter(verdict="supports").select(table=pl.lit("evidence"), row=pl.col("id")),
            *(pl.read_parquet(PARQUET / f"{table}.parquet").select(table=pl.lit(table), row=pl.col("id")) for table in VALUES),
        ]
    ).rows()
    chosen = set(random.Random(seed).sample(rows, count))
    keep = [fact for place, fact in zip(rows, facts(), strict=True) if place in chosen]
    return keep


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--facts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    for number, fact in enumerate(draw(arguments.facts, arguments.seed), 1):
        print(number, *fact, sep=" | ")
