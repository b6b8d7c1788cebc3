"""The rows of a table as its page holds them: one block of JSON, that the page's script shows, searches and filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.site.published import TREE, Published, Row, address_in, owner_column
from pipeline.tables import INDEX, ColumnSpec, TableSpec

SHOWN = 6
"""As many columns are shown at first, where the package does not say which; a reader adds others."""

_ASIDE = ("_start", "_end", "_precision")


def grid_of(published: Published, spec: TableSpec) -> dict[str, Any]:
    """Columns, rows, and the label of every address that occurs in them.

    Each column has name, title, type and meaning; ``terms`` if it has a vocabulary; if it refers to records, the ``prefix`` that makes its
    cells addresses. After the columns of the table come those that list what other tables have for a record (type ``list``: an array of
    addresses or terms). ``shown`` names the columns that are seen at first, in that order; ``records`` is the folder of the rows' pages.
    """
    rows = published.rows[spec.name]
    lists = list(_lists(published, spec)) if spec.kind == "entity" else []
    cells = [[*map(_cell, row.values()), *(listed.get(f"{spec.name}/{row['id']}", []) for _, listed in lists)] for row in rows]
    columns = [*(_column(column) for column in spec.columns), *(about for about, _ in lists)]
    chosen = dict(published.package.explorer.columns if published.package.explorer else ()).get(spec.name)
    addresses = {address_in(column, row) for column in spec.columns if column.reference for row in rows if row[column.name] is not None}
    addresses |= {address for _, listed in lists for found in listed.values() for address in found}
    return {
        "table": spec.name,
        "records": spec.name if spec.kind == "entity" else None,
        "pages": sorted(each.name for each in published.entities),
        "columns": columns,
        "shown": list(chosen or _telling(spec, columns, cells)),
        "rows": cells,
        "labels": {address: published.labels[address] for address in sorted(addresses) if address in published.labels},
    }


def _column(column: ColumnSpec) -> dict[str, Any]:
    about: dict[str, Any] = {"name": column.name, "title": column.title, "type": column.type, "about": column.description}
    if column.vocabulary:
        about["terms"] = list(column.terms)
    if column.reference:
        about["prefix"] = "" if column.reference[0] == INDEX else f"{column.reference[0]}/"
    return about


def _lists(published: Published, spec: TableSpec) -> Iterator[tuple[dict[str, Any], dict[str, list[str]]]]:
    """What links, and parts that say under which field they stand, have for each record: a column, and address → entries."""
    for other in published.specs.values():
        owner = owner_column(other) if other.kind in ("link", "part") else None
        if other.kind == "link" and owner and owner.reference == (spec.name, "id"):
            target = other.columns[1]
            entries: dict[str, list[str]] = {}
            for row in published.rows[other.name]:
                entries.setdefault(address_in(owner, row), []).append(address_in(target, row))
            yield {"name": target.name, "title": target.title, "type": "list", "about": target.description}, entries
        part = published.parts.get(other.name)
        if part and part.listed_under and part.shorthand and owner:
            by, who = part.listed_under, other[part.shorthand]
            found: dict[str, dict[str, list[str]]] = {}
            for row in published.rows[other.name]:
                address = published.owner(other, row)
                if address.startswith(f"{spec.name}/"):
                    entry = address_in(who, row) if row[who.name] is not None else _instead(other, row, by.name)
                    if entry:
                        found.setdefault(row[by.name], {}).setdefault(address, []).append(entry)
            for term in by.terms:
                if term in found:
                    title = term.replace("-", " ").capitalize()
                    yield {"name": term, "title": title, "type": "list", "about": by.terms[term]}, found[term]


def _instead(spec: TableSpec, row: Row, by: str) -> str | None:
    """The term that a part has where it names no record."""
    return next((str(row[column.name]) for column in spec.columns if column.terms and column.name != by and row[column.name]), None)


def _telling(spec: TableSpec, columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]]) -> list[str]:
    """The columns that say most: the label first, then lists, terms, dates and references that a third of the rows have."""
    filled = [3 * sum(row[place] not in (None, []) for row in rows) > len(rows) for place in range(len(columns))]
    plain = [each["name"] for each, much in zip(columns, filled, strict=True) if much and not each["name"].endswith(_ASIDE)]
    if spec.kind != "entity":
        return [name for name in plain if name != "id"][: SHOWN + 1] or [each["name"] for each in columns][:SHOWN]
    dates = {each["name"].removesuffix("_start") for each in columns if each["name"].endswith("_start")}
    telling = {each["name"] for each in columns if each.keys() & {"terms", "prefix"} or each["type"] == "list" or each["name"] in dates}
    names = [name for name in plain if name in telling and name not in TREE]
    names += [name for name in plain if name not in {*names, "id", "label", *TREE}]
    return ["label", *names][:SHOWN]


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
