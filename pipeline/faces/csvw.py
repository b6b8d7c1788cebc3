"""Table specs as CSV on the Web: the metadata that validators of the W3C standard, and readers of linked data, want beside CSVs.

CSVW has no list of terms, so a closed vocabulary is a pattern; the titles of a column begin with its name, which is what its header
must say. The language given is that of titles and descriptions; the cells are in several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.language import Package
from pipeline.tables import ColumnSpec, TableSpec

_DATATYPES = {"string": "string", "integer": "integer", "number": "double", "boolean": "boolean", "date": "date"}
_SPECIAL = re.compile(r"([\\^$.|?*+()\[\]{}])")


def csvw(package: Package, tables: Mapping[str, TableSpec]) -> dict[str, Any]:
    """The metadata of a group of tables, to lie as ``csv-metadata.json`` in the folder of the CSVs."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": package.title,
        "dc:description": package.description,
        "dc:creator": [str(contributor["title"]) for contributor in package.contributors],
        "dc:license": {"@id": package.licenses[0].path},
        "dc:subject": list(package.keywords),
        "schema:version": package.version,
        **({"dc:issued": {"@value": package.released, "@type": "xsd:date"}} if package.released else {}),
        **({"dcat:landingPage": {"@id": package.homepage}} if package.homepage else {}),
        "null": "",
        "tables": [_table(table) for table in tables.values()],
    }


def _table(table: TableSpec) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(column) for column in table.columns], "primaryKey": list(table.key)}
    foreign = [
        {"columnReference": column.name, "reference": {"resource": f"{column.reference[0]}.csv", "columnReference": column.reference[1]}}
        for column in table.columns
        if column.reference
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {"url": f"{table.name}.csv", "dc:title": table.title, "dc:description": table.description, "tableSchema": schema}


def _column(column: ColumnSpec) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": list(dict.fromkeys([column.name, column.title])),
        "dc:description": column.description,
        "datatype": _datatype(column),
        "required": column.required,
    }


def _datatype(column: ColumnSpec) -> str | dict[str, str]:
    base = _DATATYPES[column.type]
    if column.type == "boolean":
        return {"base": base, "format": "true|false"}
    form = "|".join(_SPECIAL.sub(r"\\\1", term) for term in column.terms) or column.pattern
    return {"base": base, "format": f"^(?:{form})$"} if form and column.type == "string" else base
