"""Models as JSON Schema, for editors: completion and checks while a curator types.

One schema for a file that holds one record, and one for a file that maps ids to records of that table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from pipeline.fields import fields_of
from pipeline.language import Package

_DIALECT = "http://json-schema.org/draft-07/schema#"


def editor_schemas(package: Package) -> dict[str, dict[str, Any]]:
    """File name (``<table>.json`` and ``<table>.map.json``) → JSON Schema."""
    known = _definitions(package)
    schemas = {}
    for model in package.records:
        record = dict(known[model.__name__])
        stated = [field.name for field in fields_of(model) if field.stated_by_root]  # of the root, not of its parts, which inherit it
        record["required"] = [*record.get("required", []), *stated]
        used = {name: known[name] for name in sorted(_used(known, model.__name__))}
        schemas[f"{model.table.name}.json"] = {"$schema": _DIALECT, **record, "definitions": used}
        schemas[f"{model.table.name}.map.json"] = {
            "$schema": _DIALECT,
            "type": "object",
            "additionalProperties": record,
            "definitions": used,
        }
    return schemas


def editor_settings(package: Package, folder: str) -> dict[str, Any]:
    """Settings for VS Code (the YAML extension of Red Hat): which schema in ``folder`` goes with which files of raw/."""
    tables = [model.table.name for model in package.records]
    schemas = {f"{folder}/{table}.json": [f"raw/{table}/*.yaml"] for table in tables}
    schemas |= {f"{folder}/{table}.map.json": [f"raw/{table}.yaml"] for table in tables}
    return {"yaml.schemas": schemas, "files.insertFinalNewline": True, "files.trimTrailingWhitespace": True}


def _definitions(package: Package) -> dict[str, dict[str, Any]]:
    """The schema of every model, records and parts, by its name; made for all records at once, which takes a fifth of the time."""
    _, made = models_json_schema([(model, "validation") for model in package.records], ref_template="#/definitions/{model}")
    known: dict[str, dict[str, Any]] = _without_private(made["$defs"])
    for model in package.records:
        for part in (field.part for field in fields_of(model) if field.part is not None):
            whole = known[part.__name__]
            if part.shorthand and "anyOf" not in whole:
                known[part.__name__] = {"description": whole.get("description"), "anyOf": [{"type": "string"}, whole]}
    return known


def _used(known: Mapping[str, Any], name: str) -> set[str]:
    """What a schema refers to, and what that refers to; not itself unless something does."""
    found: set[str] = set()
    waiting = [known[name]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if (other := str(value.get("$ref", "")).rpartition("/")[2]) and other not in found:
                found.add(other)
                waiting.append(known[other])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _without_private(value: Any) -> Any:
    """Drop what only this package understands, and titles and defaults that help nobody who is typing."""
    if isinstance(value, dict):
        return {
            key: _without_private(inner)
            for key, inner in value.items()
            if key != "column" and not (key == "title" and isinstance(inner, str)) and not (key == "default" and inner is None)
        }
    if isinstance(value, list):
        return [_without_private(inner) for inner in value]
    return value
