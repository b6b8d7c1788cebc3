"""Models as JSON Schema, for editors: completion and checks while a curator types.

One schema for a file that holds one record, and one for a file that maps ids to records of that table.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from pipeline.fields import fields_of
from pipeline.language import Package, Part, Record

_DIALECT = "http://json-schema.org/draft-07/schema#"


def editor_schemas(package: Package) -> dict[str, dict[str, Any]]:
    """File name (``<table>.json`` and ``<table>.map.json``) → JSON Schema."""
    schemas = {}
    for model in package.records:
        record = _record_schema(model)
        schemas[f"{model.table.name}.json"] = {"$schema": _DIALECT, **record}
        schemas[f"{model.table.name}.map.json"] = {
            "$schema": _DIALECT,
            "type": "object",
            "additionalProperties": {key: value for key, value in record.items() if key != "definitions"},
            "definitions": record.get("definitions", {}),
        }
    return schemas


def editor_settings(package: Package, folder: str) -> dict[str, Any]:
    """Settings for VS Code (the YAML extension of Red Hat): which schema in ``folder`` goes with which files of raw/."""
    tables = [model.table.name for model in package.records]
    schemas = {f"{folder}/{table}.json": [f"raw/{table}/*.yaml"] for table in tables}
    schemas |= {f"{folder}/{table}.map.json": [f"raw/{table}.yaml"] for table in tables}
    return {"yaml.schemas": schemas, "files.insertFinalNewline": True, "files.trimTrailingWhitespace": True}


def _record_schema(model: type[Record]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=GenerateJsonSchema)
    if "$defs" in schema:
        schema["definitions"] = schema.pop("$defs")
    for name, part in _parts(model).items():
        if part.shorthand and name in schema.get("definitions", {}):
            whole = schema["definitions"][name]
            schema["definitions"][name] = {"description": whole.get("description"), "anyOf": [{"type": "string"}, whole]}
    cleaned: dict[str, Any] = _without_private(schema)
    if "$ref" in cleaned:  # a model that refers to itself is given as a definition of its own
        name = cleaned.pop("$ref").rpartition("/")[2]
        cleaned = {**cleaned["definitions"][name], "definitions": cleaned["definitions"]}
    stated = [field.name for field in fields_of(model) if field.stated_by_root]  # of the root, not of its parts, which inherit it
    return {**cleaned, "required": [*cleaned.get("required", []), *stated]}


def _parts(model: type[BaseModel]) -> dict[str, type[Part]]:
    return {field.part.__name__: field.part for field in fields_of(model) if field.part is not None}


def _without_private(value: Any) -> Any:
    """Drop what only this package understands, and titles and nulls that help nobody who is typing."""
    if isinstance(value, dict):
        return {
            key: _without_private(inner)
            for key, inner in value.items()
            if key != "column" and not (key == "title" and isinstance(inner, str)) and not (key == "default" and inner is None)
        }
    if isinstance(value, list):
        return [_without_private(inner) for inner in value if inner != {"type": "null"}]
    return value
