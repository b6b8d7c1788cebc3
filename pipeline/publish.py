"""Checked tables to published files: everything is written to a staging folder first, then put in place as one.

What is made: ``dataset/csv``, ``dataset/parquet``, ``dataset/codebook.md``, ``dataset/SHA256SUMS``, ``datapackage.json``,
``CITATION.cff``, the generated part of ``README.md``, and what editors need to help with the YAML. Bytes depend on the input and the locked versions of the libraries only.
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
from pipeline.faces.json_schema import editor_schemas, editor_settings
from pipeline.faces.readme import with_block
from pipeline.faces.table_schema import descriptor
from pipeline.language import Package
from pipeline.swap import discard, stage, swap, unfinished
from pipeline.tables import TableSpec, vocabularies_of
from pipeline.tabulate import Tabulated
from pipeline.views import view_frame, views_of

DESCRIPTOR = "datapackage.json"
CSV, PARQUET, EDITOR = "dataset/csv", "dataset/parquet", ".vscode/schemas"
CODEBOOK, CHECKSUMS = "dataset/codebook.md", "dataset/SHA256SUMS"
CITATION, README, SETTINGS = "CITATION.cff", "README.md", ".vscode/settings.json"
GENERATED = (CSV, PARQUET, EDITOR)
"""Folders that hold nothing but what a build makes: a file there that a build does not make is removed."""


def publish(package: Package, tabulated: Tabulated, root: Path) -> list[str]:
    """Write everything and put it in place; return the paths, below ``root``, that changed. On any failure nothing has."""
    files = stage(root)
    try:
        write(package, tabulated, files)
        _write_readme(package, tabulated, root, files)
        made = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
        stale = [path for path in published(root) if path not in made]
        return swap(root, last=DESCRIPTOR, remove=stale)
    except BaseException:
        if not unfinished(root):  # else the next command finishes it
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
    _write_json(editor_settings(package, EDITOR), files / SETTINGS)
    rows = {name: frames[name].height for name in tables}
    _write_text(codebook(package, tables, rows, vocabularies_of(package)), files / CODEBOOK)
    _write_text(citation_cff(package), files / CITATION)
    _write_json(descriptor(package, tables, files), files / DESCRIPTOR)
    _write_text(checksums(files), files / CHECKSUMS)


def _write_readme(package: Package, tabulated: Tabulated, root: Path, files: Path) -> None:
    """README.md is written by people; what follows from the data stands between two marks in it."""
    readme = root / README
    if readme.is_file():
        rows = {name: frame.height for name, frame in tabulated.frames.items()}
        _write_text(with_block(readme.read_text(encoding="utf-8"), package, tabulated.specs, rows), files / README)


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
    _write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", path)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
