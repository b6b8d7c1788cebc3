"""``datapackage.json`` as plain values: the package, its tables, their fields and files.

Only what this package needs is read. A table is a resource with a schema; its Parquet twin is a resource of its own that says
with ``equals`` whose rows it holds. References of several columns are not supported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from secgov._checksums import checked, is_plain
from secgov._errors import IntegrityError

DESCRIPTOR = "datapackage.json"
FORMATS = ("csv", "parquet")
DEV = "+dev"
"""What stands at the end of a version that was not released."""


@dataclass(frozen=True)
class File:
    """One published file: where it lies below the dataset's root, how long it is, and its sha256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Field:
    """One column. ``type`` is string, integer, number, boolean or date; ``refers_to`` is a table and a column of it.

    ``deprecated`` says what to use instead of a column that will go, ``deprecated_terms`` the same of terms.
    """

    name: str
    type: str
    title: str
    description: str
    required: bool
    unit: str | None
    vocabulary: str | None
    terms: tuple[str, ...]
    refers_to: tuple[str, str] | None
    deprecated: str | None
    deprecated_terms: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One published table. ``files`` has one file for each format; ``kind`` is entity, part, link, report, generated or view."""

    name: str
    kind: str
    title: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    files: Mapping[str, File]

    def __contains__(self, name: str) -> bool:
        return any(field.name == name for field in self.fields)

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True)
class Package:
    """What the descriptor says of the whole: its name, version and people, and its tables in their order; ``content`` is all of it."""

    name: str
    title: str
    description: str
    version: str
    created: str | None
    homepage: str | None
    keywords: tuple[str, ...]
    licenses: tuple[Mapping[str, str], ...]
    contributors: tuple[Mapping[str, Any], ...]
    tables: Mapping[str, Table]
    content: Mapping[str, Any]

    @property
    def released(self) -> str | None:
        """The day of the release, as ``2026-11-22``; None for a working version, and where the descriptor does not say."""
        return self.created[:10] if self.created and DEV not in self.version else None


def read_package(root: Path) -> Package:
    """The package that lies below ``root``.

    FileNotFoundError if there is no descriptor, IntegrityError if it is not the one that was published or cannot be understood.
    """
    path = root / DESCRIPTOR
    try:
        facts = path.stat()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no dataset in {root}: {DESCRIPTOR} is missing; in a checkout, run: make build") from None
    return _parsed(path, facts.st_size, facts.st_mtime_ns)


@cache  # by size and time, so that a dataset that is built again is read again
def _parsed(path: Path, size: int, mtime_ns: int) -> Package:
    return parse(checked(path.parent, path.name), path)


def parse(text: bytes, origin: object) -> Package:
    """The package that a descriptor describes; IntegrityError, which names the origin, if it cannot be understood."""
    with _understood(origin):
        return _package(json.loads(text))


def package_of(content: Mapping[str, Any]) -> Package:
    """The same of a descriptor that was read already."""
    with _understood("what was given"):
        return _package(content)


@contextmanager
def _understood(origin: object) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise IntegrityError(f"{origin} is not the descriptor of a dataset: {type(error).__name__}: {error}") from error


def _package(content: Mapping[str, Any]) -> Package:
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
        description=content.get("description", ""),
        version=content["version"],
        created=content.get("created"),
        homepage=content.get("homepage"),
        keywords=tuple(content.get("keywords", ())),
        licenses=tuple(content.get("licenses", ())),
        contributors=tuple(content["contributors"]),
        tables=tables,
        content=content,
    )


def _table(resource: Mapping[str, Any], twin: File | None) -> Table:
    schema = resource["schema"]
    targets = {foreign["fields"][0]: foreign["reference"] for foreign in schema.get("foreignKeys", ())}
    fields = tuple(_field(field, targets.get(field["name"]), resource["name"]) for field in schema["fields"])
    files = {"csv": _file(resource)} | ({"parquet": twin} if twin else {})
    kind = resource.get("kind") or _kind(schema["primaryKey"], fields, twin is not None)
    return Table(resource["name"], kind, resource["title"], resource["description"], tuple(schema["primaryKey"]), fields, files)


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
        deprecated=field.get("deprecated"),
        deprecated_terms=field.get("deprecatedTerms", {}),
    )


def _kind(key: list[str], fields: tuple[Field, ...], has_parquet: bool) -> str:
    """What kind of table it is, by its shape, where the descriptor does not say."""
    if not has_parquet:
        return "view"
    if key == ["id"]:
        return "entity" if any(field.name == "label" for field in fields) else "part"
    return "link" if all(field.refers_to for field in fields) else "generated"


def _file(resource: Mapping[str, Any]) -> File:
    path = resource["path"]
    if not is_plain(path):
        raise ValueError(f"'{path}' is no plain relative path")
    return File(path, resource["bytes"], resource["hash"].removeprefix("sha256:"))
