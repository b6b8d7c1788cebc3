"""One byte changed anywhere in what is published: verify says so, and secgov does not use it. All bytes: tests/slow/test_tampering.py."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import secgov._cite
import secgov._tables
from pipeline.publish import CHECKSUMS
from pipeline.verify import _listed, verify
from secgov import IntegrityError
from secgov._dataset import Dataset
from secgov._versions import dataset_of, version_rows
from tests.library import LIBRARY
from tests.tampering import flipped, places, published, released


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("released"))


def test_verify_finds_a_byte_that_was_changed_in_any_file_and_names_the_file(root: Path) -> None:
    chance = random.Random(20261122)
    for path in published(root):
        for at, by in places(path, 2, chance):
            with flipped(path, at, by):
                found = {problem.file for problem in verify(LIBRARY, root)}
            assert found, f"{path.name}: byte {at} changed by {by:#x}"
            assert path.relative_to(root).as_posix() in found or path.name == "SHA256SUMS", found
    assert verify(LIBRARY, root) == []


def test_no_change_of_a_byte_of_the_list_of_checksums_leaves_what_it_says(root: Path) -> None:
    content = (root / CHECKSUMS).read_bytes()
    head = content[: content.index(b"\n", 200) + 1]
    said = _listed(head)
    for at in range(len(head)):
        for byte in range(256):
            if byte != head[at]:
                with contextlib.suppress(ValueError):
                    assert _listed(head[:at] + bytes([byte]) + head[at + 1 :]) != said, (at, byte)


USES: dict[str, Callable[[Dataset], object]] = {
    "datapackage.json": secgov._cite.cite,
    "dataset/csv/books.csv": lambda dataset: dataset.path("books"),
    "dataset/csv/flat_books.csv": lambda dataset: secgov._tables.load(dataset, "flat_books"),
    "dataset/parquet/books.parquet": lambda dataset: secgov._tables.load(dataset, "books"),
    "dataset/parquet/records.parquet": lambda dataset: secgov._tables.load(dataset, "credits", labels=True),
    "dataset/releases.json": version_rows,
    "dataset/releases/library-0.1.0.zip": lambda dataset: dataset_of(other(dataset), "0.1.0").package,
}


def other(dataset: Dataset) -> Dataset:
    """The same, but a build that is not the release: then its archive is what has the release."""
    return Other(dataset.root)


class Other(Dataset):
    @property
    def package(self) -> secgov._dataset.Package:
        return dataclasses.replace(super().package, version="0.1.0+dev")


@pytest.mark.parametrize("name", USES)
def test_secgov_does_not_use_a_file_of_which_a_byte_was_changed(root: Path, name: str) -> None:
    dataset, chance = Dataset(root), random.Random(name)
    USES[name](dataset)
    for at, by in places(root / name, 8, chance):
        with flipped(root / name, at, by), pytest.raises(IntegrityError):
            USES[name](dataset)
    USES[name](dataset)


@pytest.mark.parametrize("name", ["datapackage.json", "dataset/releases.json"])
def test_secgov_uses_neither_descriptor_nor_ledger_that_the_list_of_checksums_lacks(root: Path, tmp_path: Path, name: str) -> None:
    copy = Dataset(Path(shutil.copytree(root, tmp_path / "copy")))
    sums = copy.root / CHECKSUMS
    kept = [line for line in sums.read_text().splitlines(keepends=True) if not line.rstrip().endswith(Path(name).name)]
    sums.write_text("".join(kept))
    with pytest.raises(IntegrityError, match=f"{Path(name).name} has another sha256 than dataset/SHA256SUMS says; "):
        USES[name](copy)
    sums.unlink()
    with pytest.raises(IntegrityError, match="SHA256SUMS is missing, and nothing can be checked without it; "):
        USES[name](copy)
