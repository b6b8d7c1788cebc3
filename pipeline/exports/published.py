"""What is published, read back for those who put it in other forms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.faces.arrow import polars_schema
from pipeline.faces.citation import citation
from pipeline.faces.table_schema import DESCRIPTOR, as_described
from pipeline.language import Package, Vocabulary
from pipeline.places import CSV, PARQUET
from pipeline.publish import doi_of, read_csv
from pipeline.tables import TableSpec, tables_of, vocabularies_of
from pipeline.views import views_of

EXACT = 2**53 - 1
"""Up to here every whole number is exact in programs that know floating-point numbers only."""


class Unfit(Exception):  # noqa: N818 - it is told as a problem of the data
    """A value that a format cannot hold, by its table and row: it is refused and never cut."""

    def __init__(self, table: str, row: int, message: str) -> None:
        super().__init__(message)
        self.table, self.row, self.message = table, row, message


@dataclass(frozen=True)
class Published:
    """The package with its version, its tables with the flat views after them, their rows, and the vocabularies."""

    package: Package
    specs: Mapping[str, TableSpec]
    frames: Mapping[str, pl.DataFrame]
    vocabularies: Mapping[str, Vocabulary]
    doi: str | None = None

    @property
    def tables(self) -> Iterator[TableSpec]:
        """The tables themselves, without the views."""
        return (spec for spec in self.specs.values() if spec.kind != "view")

    @property
    def about(self) -> dict[str, str]:
        """What a reader of any rendition must know of the whole, in words."""
        package = self.package
        facts = {
            "title": package.title,
            "description": package.description,
            "version": package.version,
            "released": package.released or "a working version: not to be cited",
            "how to cite": citation(package, self.doi),
            "doi": self.doi,
            "licence": package.licenses[0].title,
            "licence text": package.licenses[0].path,
            "homepage": package.homepage,
            "included": " ".join(package.included),
            "not included": " ".join(package.excluded),
            "time": package.temporal,
            "space": package.spatial,
        }
        return {item: value for item, value in facts.items() if value}


def read_published(package: Package, root: Path) -> Published:
    """What lies below ``root``, which was verified."""
    content: dict[str, Any] = json.loads((root / DESCRIPTOR).read_bytes())
    package = as_described(package, content)
    specs = tables_of(package)
    views = views_of(package, specs)
    frames = {name: pl.read_parquet(root / PARQUET / f"{name}.parquet", schema=polars_schema(spec)) for name, spec in specs.items()}
    frames |= {name: read_csv(root / CSV / f"{name}.csv", spec) for name, spec in views.items()}
    return Published(package, {**specs, **views}, frames, vocabularies_of(package), doi_of(package, root))


def check_exact(table: str, frame: pl.DataFrame, program: str) -> None:
    """Refuse a whole number that the program would round."""
    for name in frame.select(pl.col(pl.Int64)).columns:
        for row, value in enumerate(frame[name]):
            if value is not None and abs(value) > EXACT:
                raise Unfit(table, row, f"{name} is {value}, which {program} would round; it holds whole numbers below 2^53")
