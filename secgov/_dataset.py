"""The dataset on disk: where it is, and its tables, which are read only from files whose size and sha256 were checked.

:func:`default` is the dataset that the package came with. Everything else in secgov is handed a :class:`Dataset`, so that it
works on any folder that holds a ``datapackage.json``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secgov._checksums import REMEDY
from secgov._descriptor import DESCRIPTOR, FORMATS, File, Package, Table, read_package
from secgov._errors import IntegrityError, unknown
from secgov._ledger import releases_of

if TYPE_CHECKING:
    import pyarrow as pa

HERE = Path(__file__).resolve().parent


def default(package: Path = HERE) -> Dataset:
    """The dataset inside the installed package (``secgov/data``), or in a checkout the one beside it (the repository's root)."""
    inside = package / "data"
    return Dataset(inside if (inside / DESCRIPTOR).exists() else package.parent)


@dataclass(frozen=True)
class Dataset:
    """The dataset below one folder. Nothing is read before it is asked for, and no data before they were checked."""

    root: Path

    @property
    def package(self) -> Package:
        """What the descriptor says; FileNotFoundError where there is none."""
        return read_package(self.root)

    @property
    def tables(self) -> Mapping[str, Table]:
        """The published tables by name."""
        return self.package.tables

    @property
    def doi(self) -> str | None:
        """The DOI of this very version, if it was released and got one."""
        release = releases_of(self.root).get(self.package.version)
        return release.doi if release else None

    def table(self, name: str) -> Table:
        """The table of that name, or UnknownName."""
        try:
            return self.tables[name]
        except KeyError:
            raise unknown("table", name, self.tables) from None

    def path(self, name: str, form: str = "csv") -> Path:
        """The checked file of a table in one format: UnknownName if there is none, IntegrityError if it is another file."""
        return self._checked(self._file(name, form))

    def arrow(self, name: str) -> pa.Table:
        """The rows of a table, from its Parquet; a table that has none (a flat view) from its CSV."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = self.table(name)
        if "parquet" not in table.files:
            types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
            return self._csv(name, {field.name: types[field.type] for field in table.fields})
        with pq.ParquetFile(self._source(table.files["parquet"])) as file:
            return file.read()

    def text(self, name: str) -> pa.Table:
        """The rows of a table as they stand in its CSV: every cell as text, an empty one missing."""
        import pyarrow as pa

        return self._csv(name, {field.name: pa.string() for field in self.table(name).fields})

    def rows(self, name: str) -> int:
        """How many rows a table has, without reading them where there is a Parquet file, which says so itself."""
        if "parquet" not in self.table(name).files:
            return int(self.arrow(name).num_rows)
        import pyarrow.parquet as pq

        return int(pq.read_metadata(self._source(self._file(name, "parquet"))).num_rows)

    def _csv(self, name: str, types: Mapping[str, Any]) -> pa.Table:
        """A published CSV with the types that are given: an empty cell is missing, and nothing else is; no text has line breaks."""
        from pyarrow import csv

        convert = csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
        )
        return csv.read_csv(self._source(self._file(name, "csv")), convert_options=convert)

    def _file(self, name: str, form: str) -> File:
        if form not in FORMATS:
            raise unknown("format", form, FORMATS)
        files = self.table(name).files
        if form not in files:
            raise unknown("format", form, files, of=f" of {name}")
        return files[form]

    def _source(self, file: File) -> Any:
        """What pyarrow reads a checked file from."""
        return self._checked(file)

    def _checked(self, file: File) -> Path:
        path = self.root / file.path
        try:
            facts = path.stat()
        except FileNotFoundError:
            raise IntegrityError(f"{path} is missing, though {DESCRIPTOR} lists it; {REMEDY}") from None
        if facts.st_size != file.bytes:
            raise IntegrityError(f"{path} has {facts.st_size} bytes, and {DESCRIPTOR} says {file.bytes}; {REMEDY}")
        if _sha256(path, facts.st_size, facts.st_mtime_ns) != file.sha256:
            raise IntegrityError(f"{path} has another sha256 than {DESCRIPTOR} says; {REMEDY}")
        return path


@cache  # by size and time, so that each file is hashed once, and again when it was changed
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
