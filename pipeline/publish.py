"""Checked tables to published files: everything is written to a staging folder first, then put in place as one.

What is made: ``dataset/csv``, ``dataset/parquet``, ``dataset/codebook.md``, ``dataset/SHA256SUMS``, ``datapackage.json``,
``CITATION.cff``, and the JSON Schemas for editors. Bytes depend on the input and the locked versions of the libraries only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from pipeline.faces.arrow import arrow_schema
from pipeline.faces.citation import citation_cff
from pipeline.faces.codebook import codebook
from pipeline.faces.json_schema import editor_schemas
from pipeline.faces.table_schema import descriptor
from pipeline.language import Package
from pipeline.swap import discard, stage, swap
from pipeline.tables import TableSpec, vocabularies_of
from pipeline.tabulate import Tabulated
from pipeline.views import view_frame, views_of

DESCRIPTOR = "datapackage.json"
CSV, PARQUET, EDITOR = "dataset/csv", "dataset/parquet", ".vscode/schemas"
CODEBOOK, CHECKSUMS = "dataset/codebook.md", "dataset/SHA256SUMS"
GENERATED = (CSV, PARQUET, EDITOR)
"""Folders that hold nothing but what a build makes: a file there that a build does not make is removed."""


def publish(package: Package, tabulated: Tabulated, root: Path) -> list[str]:
    """Write everything and put it in place; return the paths, below ``root``, that changed. On any failure nothing has."""
    files = stage(root)
    try:
        write(package, tabulated, files)
        made = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
        stale = [path for path in published(root) if path not in made]
        return swap(root, last=DESCRIPTOR, remove=stale)
    except BaseException:
        if not (root / ".staging" / "journal.json").exists():
            discard(root)
        raise


def published(root: Path) -> list[str]:
    """Everything in the generated folders, as paths below ``root``."""
    found = (path for folder in GENERATED for path in (root / folder).rglob("*") if path.is_file())
    return sorted(path.relative_to(root).as_posix() for path in found)


def write(package: Package, tabulated: Tabulated, files: Path) -> None:
    """Write every published file below ``files``."""
    for folder in GENERATED:
        (files / folder).mkdir(parents=True)
    views = views_of(package, tabulated.specs)
    frames = dict(tabulated.frames)
    for name, spec in tabulated.specs.items():
        if spec.lead:
            frames[f"flat_{name}"] = view_frame(spec, tabulated.specs, tabulated.frames)
    tables: Mapping[str, TableSpec] = {**tabulated.specs, **views}
    for name, table in tables.items():
        write_csv(frames[name], files / CSV / f"{name}.csv")
        if table.kind != "view":
            write_parquet(frames[name], table, files / PARQUET / f"{name}.parquet")
    for name, schema in editor_schemas(package).items():
        _write_json(schema, files / EDITOR / name)
    rows = {name: frames[name].height for name in tables}
    (files / CODEBOOK).write_text(codebook(package, tables, rows, vocabularies_of(package)), encoding="utf-8", newline="\n")
    (files / "CITATION.cff").write_text(citation_cff(package), encoding="utf-8", newline="\n")
    _write_json(descriptor(package, tables, files), files / DESCRIPTOR)
    (files / CHECKSUMS).write_text(checksums(files), encoding="utf-8", newline="\n")


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """UTF-8 without a byte-order mark, LF, quotes only where RFC 4180 wants them, an empty cell for what is missing."""
    frame.write_csv(path, line_terminator="\n", quote_style="necessary", date_format="%Y-%m-%d")


def write_parquet(frame: pl.DataFrame, table: TableSpec, path: Path) -> None:
    """Parquet with the explicit Arrow schema of the table, compressed with zstd."""
    pq.write_table(frame.to_arrow().cast(arrow_schema(table)), path, compression="zstd", compression_level=3)


def checksums(files: Path) -> str:
    """``SHA256SUMS`` for ``sha256sum --check`` from within dataset/: all that is in it, and the descriptor above it."""
    paths = sorted(path for path in (files / "dataset").rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{_digest(path)}  {path.relative_to(files / 'dataset').as_posix()}" for path in paths]
    return "\n".join([*lines, f"{_digest(files / DESCRIPTOR)}  ../{DESCRIPTOR}"]) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
