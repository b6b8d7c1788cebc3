"""Columns and terms that are about to go: said once in a process each, with what to use instead."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from secgov._descriptor import Table

if TYPE_CHECKING:
    import pyarrow as pa


def deprecations(table: Table, rows: pa.Table) -> Iterator[str]:
    """What there is to say of a table: each deprecated column, and each deprecated term that its rows hold."""
    import pyarrow.compute as pc

    for field in table.fields:
        if field.deprecated:
            yield f"the column {table.name}.{field.name} is deprecated: {field.deprecated}"
        held = set(pc.unique(rows[field.name]).to_pylist()) if field.deprecated_terms else set()
        for term, instead in field.deprecated_terms.items():
            if term in held:
                yield f"the term '{term}' of {table.name}.{field.name} is deprecated: {instead}"


def warn(table: Table, rows: pa.Table) -> None:
    """Warn of what was not said before; the warning points at whoever called the function of secgov that called this."""
    for message in deprecations(table, rows):
        _warn_once(message)


@cache
def _warn_once(message: str) -> None:
    warnings.warn(message, FutureWarning, stacklevel=5)
