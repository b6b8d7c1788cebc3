"""Checked tables to published files: everything is written to a staging folder first, then put in place as one.

What is made: ``dataset/csv`` (with CSVW metadata), ``dataset/parquet``, ``dataset/codebook.md``, ``dataset/croissant.json``,
``dataset/duckdb.sql``, ``dataset/SHA256SUMS``, ``datapackage.json``, the files that say how to cite it, the generated part of
``README.md``, and what editors need to help with the YAML. The version is that
of the last release if nothing differs from it, else that with ``+dev``. Bytes depend on the input and the locked versions of the
libraries only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copyfile
from threading import Lock
from typing import Any, TypeAlias

import polars as pl
import pyarrow.parquet as pq

from pipeline.faces.arrow import arrow_schema, polars_schema
from pipeline.faces.codebook import codebook
from pipeline.faces.croissant import croissant
from pipeline.faces.csvw import csvw
from pipeline.faces.duckdb import duckdb_sql
from pipeline.faces.json_schema import editor_schemas, editor_settings
from pipeline.faces.readme import with_block
from pipeline.faces.table_schema import DESCRIPTOR, descriptor
from pipeline.language import Frames, Package
from pipeline.ledger import as_text, is_release, releases_of
from pipeline.places import CSV, EDITOR, GENERATED, LEDGER, NOTHING, PARQUET, RELEASES, digest_of, digests, published, text_of
from pipeline.swap import staging, swap
from pipeline.tables import TableSpec, vocabularies_of
from pipeline.tabulate import Tabulated
from pipeline.versions import DEV
from pipeline.views import view_frame, views_of

CODEBOOK, CHECKSUMS = "dataset/codebook.md", "dataset/SHA256SUMS"
CSVW, CROISSANT, DUCKDB = f"{CSV}/csv-metadata.json", "dataset/croissant.json", "dataset/duckdb.sql"
_GROUP = 2**17
"""Rows in a row group of a Parquet file: so many are held in memory at a time."""

README, SETTINGS = "README.md", ".vscode/settings.json"
Citations: TypeAlias = Callable[[Mapping[str, Any], str | None], Mapping[str, str]]
"""Given a descriptor, and the DOI of that version if it has one: the text of each file that says how to cite it, by path."""

Made: TypeAlias = tuple[int, dict[str, str]]
"""How many rows were written, and the sha256 of each file by its path."""


@dataclass(frozen=True)
class Written:
    """What was written of the tables, which is most of all bytes: each file is hashed once.

    rows:    of each table.
    digests: the sha256 of each file, by its path.
    same:    paths of files that are copies of what is published.
    """

    rows: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)


def publish(
    package: Package,
    tabulated: Tabulated,
    root: Path,
    citations: Citations | None = None,
    then: Callable[[dict[str, str]], None] | None = None,
) -> list[str]:
    """Write everything beside what is there, and put it in place as one; the paths, below ``root``, that changed.

    then: told of the sha256 of all that is there now, by its path, while nobody else publishes; the README's is empty where there is none.
    """
    with staging(root) as files:
        _refuse_others(package, root)
        written = write(package, tabulated, root, files, citations)
        paths = [path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()]
        made = {README: ""} | {path: written.digests.get(path) or digest_of(files / path) for path in paths}
        stale = [path for path in published(root) if path not in made]
        changed = swap(root, last=DESCRIPTOR, remove=stale, unchanged=written.same)
        if then is not None:
            then(made)
    return changed


def _refuse_others(package: Package, root: Path) -> None:
    """FileExistsError where another package is published: its tables would be removed as tables that are not made any more."""
    try:
        there = json.loads((root / DESCRIPTOR).read_bytes())["name"]
    except (OSError, ValueError, LookupError, TypeError):
        return
    if there != package.name:
        raise FileExistsError(f"{root / DESCRIPTOR} describes the package {there}, and {package.name} would replace it")


def write(
    package: Package, tabulated: Tabulated, root: Path, files: Path, citations: Citations | None = None, *, as_release: bool = False
) -> Written:
    """Write every published file below ``files``; ``root`` has the ledger that gives the version and its DOI, the README, and what
    is published now, which stands where it would be made again.

    citations:  makes the files that say how to cite the package; there are none without it.
    as_release: the package has the version that it is to have, and the ledger is not asked for it.
    """
    written = _write_tables(tabulated, root, files)
    views = views_of(package, tabulated.specs)
    tables = {**tabulated.specs, **views}
    package = package if as_release else _versioned(package, tables, root, files, written.digests)
    rows = written.rows | {name: written.rows[name.removeprefix("flat_")] for name in views}  # a view has its table's rows
    for name, schema in editor_schemas(package).items():
        _write(as_text(schema), files / EDITOR / name)
    _write(as_text(editor_settings(package, EDITOR)), files / SETTINGS)
    _write(codebook(package, tables, rows, tabulated.frames, vocabularies_of(package)), files / CODEBOOK)
    content = descriptor(package, tables, files, written.digests)
    _write(as_text(content), files / DESCRIPTOR)
    cited = citations(content, doi_of(package, root)) if citations else {}
    for path, text in cited.items():
        _write(text, files / path)
    bibtex = next((text for path, text in cited.items() if path.endswith(".bib")), None)
    _write(as_text(croissant(package, tables, content, "dataset", bibtex)), files / CROISSANT)
    _write(as_text(csvw(package, tables)), files / CSVW)
    _write(duckdb_sql(package, tables), files / DUCKDB)
    _write(checksums(files, None if as_release else root, written.digests), files / CHECKSUMS)
    if (root / README).is_file():
        _write(with_block(text_of(root / README), package, tables, rows), files / README)
    return written


def _write_tables(tabulated: Tabulated, root: Path, files: Path) -> Written:
    """CSV and Parquet of every table, and CSV of every flat view.

    Parquet is encoded on one core: a second table beside it brings a third of this stage. Of views, which are wide, one is made at a time.
    """
    one_view = Lock()
    written = Written(dict.fromkeys(tabulated.specs, 0))

    def write_one(name: str) -> None:
        table, (csv, parquet) = tabulated.specs[name], (f"{CSV}/{name}.csv", f"{PARQUET}/{name}.parquet")

        def table_files(frames: Frames) -> Made:
            write_csv(frames[name], files / csv)
            write_parquet(frames[name], table, files / parquet)
            return frames[name].height, digests(files, [csv, parquet])

        def view_files(frames: Frames) -> Made:
            with one_view:
                write_csv(view_frame(table, tabulated.specs, frames), files / view)
            return 0, digests(files, [view])

        written.rows[name], made = tabulated.once(f"written {name}", table_files, taken_over)
        written.digests.update(made)
        if table.lead:
            view = f"{CSV}/flat_{name}.csv"
            _, made = tabulated.once(f"written flat_{name}", view_files, taken_over)
            written.digests.update(made)

    def taken_over(made: Made) -> bool:
        _, before = made
        if is_copied := _copied(before, root, files):
            written.same.update(before)
        return is_copied

    for folder in GENERATED:
        (files / folder).mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_one, tabulated.specs))
    return written


def _copied(wanted: Mapping[str, str], root: Path, files: Path) -> bool:
    """Whether these files, by their sha256, are what is published; then a copy of it stands below ``files``.

    A link would not do: it would be the same file as the published one, whoever writes to it.
    """
    for path in wanted:
        if not (root / path).is_file():
            return False
        copyfile(root / path, files / path)
    return digests(files, wanted) == wanted


def _versioned(package: Package, tables: Mapping[str, TableSpec], root: Path, files: Path, known: Mapping[str, str]) -> Package:
    """The package with the version of the last release if it is that release, byte for byte; else with ``+dev``."""
    releases = releases_of(root)
    if not releases:
        return package
    last = releases[-1]
    released = replace(package, version=last.version, released=last.date)
    if is_release(descriptor(released, tables, files, known), last):
        return released
    return replace(package, version=last.version + DEV)


def doi_of(package: Package, root: Path) -> str | None:
    """The DOI of this very version, which is given after its release."""
    return {release.version: release.doi for release in releases_of(root)}.get(package.version)


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """UTF-8 without a byte-order mark, LF, quotes only where RFC 4180 wants them, an empty cell for what is missing."""
    frame.write_csv(path, line_terminator="\n", quote_style="necessary", date_format="%Y-%m-%d")


def read_csv(path: Path, table: TableSpec) -> pl.DataFrame:
    """What :func:`write_csv` wrote, with the types of the table."""
    return pl.read_csv(path, schema=polars_schema(table), null_values=[""])


def write_parquet(frame: pl.DataFrame, table: TableSpec, path: Path) -> None:
    """Parquet with the explicit Arrow schema of the table, compressed with zstd, one row group at a time."""
    schema = arrow_schema(table)
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for start in range(0, max(frame.height, 1), _GROUP):
            group = frame.slice(start, _GROUP).to_arrow().combine_chunks()  # where the pieces of a frame end would decide where pages end
            writer.write_table(group.cast(schema))


def checksums(files: Path, root: Path | None = None, known: Mapping[str, str] = NOTHING) -> str:
    """``SHA256SUMS`` for ``sha256sum --check`` from within dataset/: all that a build made below ``files``, and the descriptor above it.

    root:  has the ledger of releases, which no build makes; what stands in the archive of a release is without it.
    known: the sha256 of some of these files, by their paths.
    """
    made = (path for path in (files / "dataset").rglob("*") if path.is_file() and not path.is_relative_to(files / RELEASES))
    paths = {path.relative_to(files).as_posix(): path for path in made}
    for other in (CHECKSUMS, LEDGER):
        paths.pop(other, None)
    if root is not None and (root / LEDGER).is_file():
        paths[LEDGER] = root / LEDGER
    lines = [f"{known.get(name) or digest_of(path)}  {name.removeprefix('dataset/')}" for name, path in sorted(paths.items())]
    return "\n".join([*lines, f"{digest_of(files / DESCRIPTOR)}  ../{DESCRIPTOR}"]) + "\n"


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
