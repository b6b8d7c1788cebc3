"""Table specs as Croissant 1.0: JSON-LD on top of schema.org, which search engines for datasets and loaders of data understand.

Each file is a distribution with its size and sha256, as the descriptor has them; each table is a record set with its key, over its
Parquet, which no loader misreads ("NA" in a CSV is missing to mlcroissant). References are left to the descriptor and to CSVW: mlcroissant
1.1 joins what they lead to as it loads, and fails where a table refers to itself or a column is empty. What was not released has no
date, and is said to be live.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pipeline.language import Package
from pipeline.tables import ColumnSpec, TableSpec

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_ENCODINGS = {"text/csv": "text/csv", "application/vnd.apache.parquet": "application/x-parquet"}
"""Media types as the descriptor has them, and as Croissant wants them."""
_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}
_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes"),
    *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace"),
    *("samplingRate", "separator", "source", "subField", "transform"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS},
}


def croissant(
    package: Package, tables: Mapping[str, TableSpec], descriptor: Mapping[str, Any], folder: str, cite_as: str | None = None
) -> dict[str, Any]:
    """The description of what ``descriptor`` lists, to lie in ``folder``.

    cite_as: how to cite it, as Croissant wants it: BibTeX.
    """
    sources = {resource.get("equals", resource["name"]): PurePosixPath(resource["path"]).name for resource in descriptor["resources"]}
    released = {"datePublished": package.released} if package.released else {"isLiveDataset": True}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": package.name,
        "alternateName": package.title,
        "description": package.description,
        "version": package.version,
        **released,
        **({"url": package.homepage} if package.homepage else {}),
        "license": package.licenses[0].path,
        "creator": [{"@type": "sc:Organization", "name": str(contributor["title"])} for contributor in package.contributors],
        "keywords": list(package.keywords),
        "isAccessibleForFree": True,
        "inLanguage": "en",
        **({"temporalCoverage": package.temporal} if package.temporal else {}),
        **({"spatialCoverage": package.spatial} if package.spatial else {}),
        **({"citeAs": cite_as} if cite_as else {}),
        "distribution": [_file(resource, folder) for resource in descriptor["resources"]],
        "recordSet": [_record_set(table, sources[name]) for name, table in tables.items()],
    }


def _file(resource: Mapping[str, Any], folder: str) -> dict[str, Any]:
    path = PurePosixPath(resource["path"])
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "description": resource["description"],
        "contentUrl": path.relative_to(folder).as_posix(),
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": _ENCODINGS[resource["mediatype"]],
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _record_set(table: TableSpec, file: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column, file) for column in table.columns],
    }


def _field(table: TableSpec, column: ColumnSpec, file: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
    }
