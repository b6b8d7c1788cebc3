"""What was published at one moment, as it is compared and released: a descriptor, and its typed tables as text.

A snapshot is read from a folder (the working build) or from a release archive; cells are kept as they stand in the CSV, so that two
snapshots can be compared whatever their schemas are.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.faces.table_schema import DESCRIPTOR


@dataclass(frozen=True)
class Snapshot:
    """A descriptor and a way to the bytes of files by their path; ``members`` are all the files of an archive."""

    descriptor: Mapping[str, Any]
    read: Callable[[str], bytes]
    members: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The version that the descriptor carries."""
        return str(self.descriptor["version"])

    @cached_property
    def resources(self) -> dict[str, Mapping[str, Any]]:
        """The typed tables of the descriptor, by name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"] if "schema" in resource}

    def frame(self, table: str) -> pl.DataFrame:
        """One table, every cell as text; an empty cell is null."""
        resource = self.resources[table]
        names = [field["name"] for field in resource["schema"]["fields"]]
        return pl.read_csv(io.BytesIO(self.read(resource["path"])), schema=dict.fromkeys(names, pl.String), null_values=[""])


def of_folder(root: Path) -> Snapshot:
    """What is published below a folder."""
    return Snapshot(json.loads((root / DESCRIPTOR).read_bytes()), lambda path: (root / path).read_bytes())


def of_archive(path: Path) -> Snapshot:
    """What a release archive holds. A member is read when it is asked for (every check asks for one); nothing is unpacked."""

    def member(name: str) -> bytes:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)

    with zipfile.ZipFile(path) as archive:
        return Snapshot(json.loads(archive.read(DESCRIPTOR)), member, tuple(archive.namelist()))
