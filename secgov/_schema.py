"""What differs between the schemas of two versions: package, tables, fields, types, constraints, terms, keys, references.

A table or field that was renamed is one removed and one added: nothing in the data says that they are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_DESCRIBES_PACKAGE = ("title", "description", "homepage", "keywords", "licenses", "contributors", "sources", "included", "excluded")
_DESCRIBES_FIELD = ("title", "description", "example", "unit", "vocabulary", "deprecated", "deprecatedTerms")


class Change(NamedTuple):
    """One row of a difference; what does not apply is None. ``change`` of a schema begins with ``schema: ``."""

    table: str | None
    key: str | None
    change: str
    field: str | None = None
    old: str | None = None
    new: str | None = None


def schema_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Everything that differs between two descriptors but the data."""
    if old["name"] != new["name"]:
        yield _change("package changed", None, "name", old["name"], new["name"])
    for name in _DESCRIBES_PACKAGE:
        if old.get(name) != new.get(name):
            yield _change("description changed", None, name)
    before, after = _tables(old), _tables(new)
    for name in _union(before, after):
        if name not in after:
            yield _change("table removed", name)
        elif name not in before:
            yield _change("table added", name)
        else:
            yield from _table(name, before[name], after[name])


def _change(what: str, table: str | None, field: str | None = None, old: object = None, new: object = None) -> Change:
    return Change(table, None, f"schema: {what}", field, None if old is None else str(old), None if new is None else str(new))


def _union(old: Mapping[str, Any] | Sequence[str], new: Mapping[str, Any] | Sequence[str]) -> list[str]:
    """The old names in their order, then those that are new."""
    return [*old, *(name for name in new if name not in old)]


def _tables(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {resource["name"]: resource for resource in content["resources"] if "schema" in resource}


def _table(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before = {field["name"]: field for field in old["schema"]["fields"]}
    after = {field["name"]: field for field in new["schema"]["fields"]}
    for name in _union(before, after):
        if name not in after:
            yield _change("field removed", table, name)
        elif name not in before:
            yield _change("field added", table, name)
        else:
            yield from _field(table, before[name], after[name])
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield _change("order changed", table)
    for kind, part in (("key", "primaryKey"), ("reference", "foreignKeys")):
        if old["schema"].get(part) != new["schema"].get(part):
            yield _change(f"{kind} changed", table, None, old["schema"].get(part), new["schema"].get(part))
    if any(old.get(name) != new.get(name) for name in ("title", "description")):
        yield _change("description changed", table)


def _field(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    name = new["name"]
    for kind in ("type", "format"):
        if old.get(kind) != new.get(kind):
            yield _change(f"{kind} changed", table, name, old.get(kind), new.get(kind))
    before, after = old.get("constraints", {}), new.get("constraints", {})
    for kind in ("required", "unique"):
        if bool(before.get(kind)) != bool(after.get(kind)):
            yield _change(f"constraint {'tightened' if after.get(kind) else 'loosened'}", table, name, None, kind)
    if before.get("pattern") != after.get("pattern"):  # whether one is wider than the other is not decided: it is taken to be narrower
        change = "tightened" if "pattern" in after else "loosened"
        yield _change(f"constraint {change}", table, name, before.get("pattern"), after.get("pattern"))
    yield from _terms(table, name, before.get("enum"), after.get("enum"))
    if any(old.get(key) != new.get(key) for key in _DESCRIBES_FIELD):
        yield _change("description changed", table, name)


def _terms(table: str, name: str, old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[Change]:
    if old is None or new is None:
        if old != new:
            yield _change(f"constraint {'tightened' if old is None else 'loosened'}", table, name, None, "vocabulary")
        return
    for term in _union(old, new):
        if term not in new:
            yield _change("term removed", table, name, term)
        elif term not in old:
            yield _change("term added", table, name, None, term)
