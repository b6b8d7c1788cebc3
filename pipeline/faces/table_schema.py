"""Table specs as Frictionless: a Table Schema for each table, and the Data Package descriptor of all that is published.

The CSV is the typed, key-checked table; the Parquet with the same rows is a second resource with size and hash, and no schema
(frictionless cannot read nullable integers from Parquet as a typed table). Data Package 2.0; ``enum`` stands beside
``categories`` because not every validator looks at the latter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipeline.language import Package
from pipeline.places import NOTHING, digest_of
from pipeline.tables import ColumnSpec, TableSpec

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def table_schema(table: TableSpec) -> dict[str, Any]:
    """The Table Schema of one table."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    schema["primaryKey"] = list(table.key)
    foreign = [
        {
            "fields": [column.name],
            "reference": {"resource": "" if column.reference[0] == table.name else column.reference[0], "fields": [column.reference[1]]},
        }
        for column in table.columns
        if column.reference
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def _field(column: ColumnSpec) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.title,
        "description": column.description,
    }
    if column.example is not None:
        field["example"] = str(column.example)  # the profile wants it as it would stand in the file
    if column.unit:
        field["unit"] = column.unit
    if column.vocabulary:
        field["vocabulary"] = column.vocabulary
    if column.deprecated:
        field["deprecated"] = column.deprecated
    if column.deprecated_terms:
        field["deprecatedTerms"] = dict(column.deprecated_terms)
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if column.terms:
        field["categories"] = list(column.terms)
        constraints["enum"] = list(column.terms)
    if column.pattern:
        constraints["pattern"] = column.pattern
    if constraints:
        field["constraints"] = constraints
    return field


def as_described(package: Package, content: Mapping[str, Any]) -> Package:
    """The package with the version, and the day of release if there is one, that a descriptor gives."""
    return replace(package, version=content["version"], released=content["created"][:10] if "created" in content else None)


def descriptor(package: Package, tables: Mapping[str, TableSpec], files: Path, known: Mapping[str, str] = NOTHING) -> dict[str, Any]:
    """The descriptor of what lies below ``files``: ``dataset/csv/<table>.csv`` and, where there is one, the Parquet.

    known: the sha256 of some of these files, by their paths.
    """
    resources = []
    for name, table in tables.items():
        resources.append(
            {"name": name, "type": "table", "kind": table.kind, "title": table.title, "description": table.description}
            | _file(files, f"dataset/csv/{name}.csv", known)
            | {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": table_schema(table)}
        )
    for name, table in tables.items():
        path = f"dataset/parquet/{name}.parquet"
        if (files / path).exists():
            resources.append(
                {"name": f"{name}_parquet", "title": f"{table.title} (Parquet)", "description": f"The same rows as {name}, as Parquet."}
                | _file(files, path, known)
                # "bin": frictionless would try to read what is called parquet, or called nothing, as a table
                | {"format": "bin", "mediatype": "application/vnd.apache.parquet", "equals": name}
            )
    return {
        "$schema": PROFILE,
        "name": package.name,
        "title": package.title,
        "description": package.description,
        "version": package.version,
        **({"created": f"{package.released}T00:00:00Z"} if package.released else {}),
        **({"homepage": package.homepage} if package.homepage else {}),
        "keywords": list(package.keywords),
        "licenses": [{"name": item.name, "title": item.title, "path": item.path} for item in package.licenses],
        "contributors": [dict(contributor) for contributor in package.contributors],
        "sources": [dict(source) for source in package.sources],
        "included": list(package.included),
        "excluded": list(package.excluded),
        "temporalCoverage": package.temporal,
        "spatialCoverage": package.spatial,
        **({"explorer": asdict(package.explorer)} if package.explorer else {}),
        "resources": resources,
    }


def _file(root: Path, path: str, known: Mapping[str, str]) -> dict[str, Any]:
    return {"path": path, "bytes": (root / path).stat().st_size, "hash": f"sha256:{known.get(path) or digest_of(root / path)}"}
