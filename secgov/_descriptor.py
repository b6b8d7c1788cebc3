"""``datapackage.json`` as plain values: the package, its tables, their fields and files.

Only what this package needs is read. A table is a resource with a schema; its Parquet twin is a resource of its own that says
with ``equals`` whose rows it holds. Keys and references of several columns are not supported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from secgov._errors import IntegrityError

DESCRIPTOR = "datapackage.json"
FORMATS = ("csv", "parquet")


@dataclass(frozen=True)
class File:
    """One published file: where it lies below the dataset's root, how long it is, and its sha256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Field:
    """One column. ``type`` is string, integer, number, boolean or date; ``refers_to`` is a table and a column of it."""

    name: str
    type: str
    title: str
    description: str
    required: bool
    unit: str | None
    vocabulary: str | None
    terms: tuple[str, ...]
    refers_to: tuple[str, str] | None


@dataclass(frozen=True)
class Table:
    """One published table. ``files`` has one file for each format; ``kind`` is entity, part, link, generated or view."""

    name: str
    kind: str
    title: str
    description: str
    fields: tuple[Field, ...]
    files: Mapping[str, File]

    def __contains__(self, name: str) -> bool:
        return any(field.name == name for field in self.fields)

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True)
class Package:
    """What the descriptor says of the whole: its name, version and people, and its tables in their order."""

    name: str
    title: str
    version: str
    created: str | None
    homepage: str | None
    contributors: tuple[Mapping[str, Any], ...]
    tables: Mapping[str, Table]


def read_package(root: Path) -> Package:
    """The package that lies below ``root``.

    FileNotFoundError if there is no descriptor, IntegrityError if it cannot be understood.
    """
    path = root / DESCRIPTOR
    try:
        facts = path.stat()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no dataset in {root}: {DESCRIPTOR} is missing; in a checkout, run: make build") from None
    try:
        return _parsed(path, facts.st_size, facts.st_mtime_ns)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise IntegrityError(f"{path} is not the descriptor of a dataset: {type(error).__name__}: {error}") from error


@cache  # by size and time, so that a dataset that is built again is read again
def _parsed(path: Path, size: int, mtime_ns: int) -> Package:
    content = json.loads(path.read_text(encoding="utf-8"))
    resources = content["resources"]
    twins = {resource["equals"]: _file(resource) for resource in resources if "equals" in resource}
    tables = {
        resource["name"]: _table(resource, twins.get(resource["name"]))
        for resource in resources
        if "schema" in resource and "equals" not in resource
    }
    return Package(
        name=content["name"],
        title=content["title"],
        version=content["version"],
        created=content.get("created"),
        homepage=content.get("homepage"),
        contributors=tuple(content["contributors"]),
        tables=tables,
    )


def _table(resource: Mapping[str, Any], twin: File | None) -> Table:
    schema = resource["schema"]
    targets = {foreign["fields"][0]: foreign["reference"] for foreign in schema.get("foreignKeys", ())}
    fields = tuple(_field(field, targets.get(field["name"]), resource["name"]) for field in schema["fields"])
    files = {"csv": _file(resource)} | ({"parquet": twin} if twin else {})
    kind = _kind(schema["primaryKey"], fields, twin is not None)
    return Table(resource["name"], kind, resource["title"], resource["description"], fields, files)


def _field(field: Mapping[str, Any], target: Mapping[str, Any] | None, own: str) -> Field:
    constraints = field.get("constraints", {})
    return Field(
        name=field["name"],
        type=field["type"],
        title=field["title"],
        description=field["description"],
        required=constraints.get("required", False),
        unit=field.get("unit"),
        vocabulary=field.get("vocabulary"),
        terms=tuple(field.get("categories", constraints.get("enum", ()))),
        refers_to=(target["resource"] or own, target["fields"][0]) if target else None,  # "" is the table itself
    )


def _kind(key: list[str], fields: tuple[Field, ...], has_parquet: bool) -> str:
    """What kind of table it is. The descriptor does not say so, but the shape of a table does."""
    if not has_parquet:
        return "view"
    if key == ["id"]:
        return "entity" if any(field.name == "label" for field in fields) else "part"
    return "link" if all(field.refers_to for field in fields) else "generated"


def _file(resource: Mapping[str, Any]) -> File:
    return File(resource["path"], resource["bytes"], resource["hash"].removeprefix("sha256:"))
