"""The figures behind the pictures that a package declares (``explorer`` in its descriptor), counted from its published tables.

One place counts; the plots of this package and the static site of whoever publishes the tables draw the same numbers. Everything that
comes out is plain: texts, numbers, lists and mappings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from secgov._dataset import Dataset
from secgov._errors import Unavailable
from secgov._index import INDEX, labels

Figure = Mapping[str, Any]
Ties = Mapping[str, Sequence[str]]


def figures(dataset: Dataset) -> dict[str, Figure]:
    """Every picture by its name, with title, description, kind and numbers; Unavailable where the descriptor declares none.

    years:    ``years``, and for each of ``series`` its title, a count for each year, and how many are undated.
    matrix:   ``rows`` and ``columns``, the most frequent first, and the ``counts`` of each row.
    bars:     ``series``, and ``panels``, each with rows: a label and a share (or None) for each series.
    network:  ``columns``, and ``records``: label, date, and the ``ties`` of each column; for each column its ``nodes``, and between each
              column and the next ``ribbons``, from one node's place to another's, both with the places of the records that they stand for.
    timeline: ``events``: label, date as written, its first day, and the ``records`` that are tied to it, with how many parts each has.

    What is tied or counted is given with its label; with ``address`` if it is a record, else None.
    """
    declared = dataset.package.content.get("explorer")
    if declared is None:
        raise Unavailable(f"{dataset.package.name} {dataset.package.version} declares no pictures")
    reader = _Reader(dataset)
    wanted = [*declared["plots"], *(declared[name] for name in ("network", "timeline") if declared[name])]
    return {one["name"]: {name: one[name] for name in _TEXTS} | getattr(reader, one["kind"])(one) for one in wanted}


def figures_of(root: Path) -> dict[str, Figure]:
    """The same of what is published below a folder, for whoever publishes it."""
    return figures(Dataset(root))


NODES = 18
"""As many nodes has a column of a network, the most frequent; the others are one."""

_TEXTS = ("name", "title", "description", "kind")


class _Reader:
    """Counts for one dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.labels = labels(dataset)

    def years(self, declared: Figure) -> Figure:
        found = []
        for table, column in declared["tables"]:
            starts = self.rows(table, f"{column}_start")
            years = Counter(row[f"{column}_start"].year for row in starts if row[f"{column}_start"])
            found.append((self.dataset.table(table).title, years, len(starts) - years.total()))
        known = [year for _, years, _ in found for year in years]
        span = list(range(min(known), max(known) + 1)) if known else []
        series = [{"label": title, "counts": [years[year] for year in span], "undated": undated} for title, years, undated in found]
        return {"years": span, "series": series}

    def matrix(self, declared: Figure) -> Figure:
        table, whole = declared["records"], declared["whole"]
        rows, columns = (self.ties(table, declared[name], whole) for name in ("rows", "columns"))
        pairs = Counter((row, column) for record, tied in rows.items() for row in tied for column in columns.get(record, ()))
        down, across = (_ranked(tied for record, tied in ways.items()) for ways in (rows, columns))
        return {
            "rows": [self.named(key) for key in down],
            "columns": [self.named(key) for key in across],
            "counts": [[pairs[row, column] for column in across] for row in down],
        }

    def bars(self, declared: Figure) -> Figure:
        rows = self.rows(declared["table"], *(declared[name] for name in ("panel", "series", "row", "share")))
        cells = [tuple(row[declared[name]] for name in ("panel", "series", "row", "share")) for row in rows]
        series = list(dict.fromkeys(one for _, one, _, _ in cells))
        tables = dict(declared["labels"])
        panels = []
        for panel in dict.fromkeys(panel for panel, *_ in cells if panel not in declared["without"]):
            shares = {(row, one): share for each, one, row, share in cells if each == panel}
            names = sorted(dict.fromkeys(row for row, _ in shares), key=lambda row: -max(shares.get((row, one), 0.0) for one in series))
            entries = [
                self.named(f"{tables[panel]}/{row}" if panel in tables else row) | {"shares": [shares.get((row, one)) for one in series]}
                for row in names
            ]
            panels.append({"label": _words(panel), "rows": entries})
        return {"series": [_words(one) for one in series], "panels": panels}

    def network(self, declared: Figure) -> Figure:
        table, date = declared["records"], declared["date"]
        ways = [(title, self.ties(table, way, True)) for title, way in declared["columns"]]
        roots = [row for row in self.rows(table, "id", *([date] if date else [])) if row["id"] == _root(row["id"])]
        records = [
            self.named(f"{table}/{row['id']}")
            | {"date": row[date] if date else None, "ties": [[self.named(key) for key in ties.get(row["id"], ())] for _, ties in ways]}
            for row in roots
        ]
        nodes = [self.nodes([ties.get(row["id"], ()) for row in roots]) for _, ties in ways]
        return {"columns": [title for title, _ in ways], "records": records, "nodes": nodes, "ribbons": _ribbons(nodes)}

    def nodes(self, tied: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        """What the records of a network are tied to in one of its columns: the most frequent first, the others as one, then nothing."""
        ranked = _ranked(tied)
        found = [self.named(key) | {"key": key, "records": [at for at, keys in enumerate(tied) if key in keys]} for key in ranked[:NODES]]
        others = set(ranked[NODES:])
        rest = [at for at, keys in enumerate(tied) if others.intersection(keys)]
        none = [at for at, keys in enumerate(tied) if not keys]
        for key, label, records in (("others", f"{len(others)} others", rest), ("none", "not stated", none)):
            if records:
                found.append({"address": None, "label": label, "key": key, "records": records})
        return found

    def timeline(self, declared: Figure) -> Figure:
        events, date, table, at = (declared[name] for name in ("events", "date", "records", "at"))
        made: dict[str, Counter[str]] = {}
        for record, tied in self.ties(table, at, False).items():
            for event in tied:
                made.setdefault(event, Counter())[_root(record)] += 1
        dated = [row for row in self.rows(events, "id", date, f"{date}_start") if row[f"{date}_start"]]
        return {
            "events": [
                self.named(f"{events}/{row['id']}")
                | {
                    "date": row[date],
                    "start": row[f"{date}_start"].isoformat(),
                    "records": [
                        self.named(f"{table}/{root}") | {"parts": count - 1}
                        for root, count in made.get(f"{events}/{row['id']}", Counter()).items()
                    ],
                }
                for row in sorted(dated, key=lambda row: row[f"{date}_start"])
            ]
        }

    def ties(self, table: str, way: Figure, whole: bool) -> Ties:
        """Record → what it is tied to, each once: an address, or a term. With ``whole``, by the root of the tree."""
        source = way["table"] or table
        owner = "id" if source == table else next(field.name for field in self.dataset.table(source).fields if field.refers_to)
        where = way["where"]
        columns = [owner, *(name for name in (way["column"], way["otherwise"], where and where[0]) if name)]
        tied: dict[str, dict[str, None]] = {}
        for row in self.rows(source, *dict.fromkeys(columns)):
            of, _, record = row[owner].rpartition("/")
            if of not in {"", table} or (where and row[where[0]] != where[1]):
                continue
            for name in (way["column"], way["otherwise"]):
                if name and row[name] is not None:
                    tied.setdefault(_root(record) if whole else record, {})[self.key(source, name, row[name])] = None
                    break
        return {record: list(found) for record, found in tied.items()}

    def key(self, table: str, column: str, value: str) -> str:
        """What a cell names: the address of a record, or the term itself."""
        target = self.dataset.table(table)[column].refers_to
        return f"{target[0]}/{value}" if target and target[0] != INDEX else value

    def named(self, key: str) -> dict[str, Any]:
        known = self.labels.get(key)
        return {"address": key if known else None, "label": known or _words(key.rpartition("/")[2])}

    def rows(self, table: str, *columns: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.dataset.arrow(table).select(list(columns)).to_pylist()
        return rows


def _ranked(tied: Iterable[Iterable[str]]) -> list[str]:
    """What is tied most often first; of two, the one that comes first in the alphabet."""
    counted = Counter(key for keys in tied for key in keys)
    return sorted(counted, key=lambda key: (-counted[key], key))


def _ribbons(columns: Sequence[Sequence[Figure]]) -> list[list[dict[str, Any]]]:
    """Between each column and the next: the pairs of nodes that records tie, in the order of the nodes."""
    return [
        [
            {"from": one, "to": other, "records": shared}
            for one, left in enumerate(columns[place])
            for other, right in enumerate(columns[place + 1])
            if (shared := sorted(set(left["records"]) & set(right["records"])))
        ]
        for place in range(len(columns) - 1)
    ]


def _root(name: str) -> str:
    return name.partition(".")[0]


def _words(term: str) -> str:
    """A term for the eye: ``source-class`` → ``source class``."""
    return term.replace("-", " ").replace("_", " ")
