"""What the faces that speak SQL share: names and texts as SQL writes them, and a table with the labels of what it refers to."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.tables import TableSpec

LABEL, LABELLED = "label", "_labelled"
"""The column that says what a row is called, and the end of the name of a view in which it stands beside each reference."""


def quoted(name: str) -> str:
    """A name of a table or column."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a value."""
    return "'" + text.replace("'", "''") + "'"


def labelled(table: TableSpec, tables: Mapping[str, TableSpec]) -> str | None:
    """The query for a table with a column ``<column>_label`` after each that refers to something with a label; None if none does."""
    columns: list[str] = []
    joins: list[str] = []
    for column in table.columns:
        columns.append(f"t.{quoted(column.name)}")
        if column.reference is None or not _has_label(tables[column.reference[0]]):
            continue
        target, key = column.reference
        alias = f"t{len(joins) + 1}"
        columns.append(f"{alias}.{quoted(LABEL)} AS {quoted(f'{column.name}_{LABEL}')}")
        joins.append(f"LEFT JOIN {quoted(target)} AS {alias} ON {alias}.{quoted(key)} = t.{quoted(column.name)}")
    if not joins:
        return None
    return f"SELECT {', '.join(columns)}\nFROM {quoted(table.name)} AS t\n" + "\n".join(joins)


def _has_label(table: TableSpec) -> bool:
    return any(column.name == LABEL for column in table.columns)
