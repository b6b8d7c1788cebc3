"""A small real dataset, built by the pipeline from the records in raw/ beside this file, and a foreign one of books."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.journey import build
from pipeline.language import Package
from pipeline.problems import FORMATS
from schemas.package import PACKAGE
from secgov._dataset import Dataset
from tests.conftest import CRUSOE, DEFOE
from tests.library import LIBRARY

Edit = Callable[..., Dataset]


def built(package: Package, root: Path) -> Dataset:
    outcome, _ = build(package, root)
    assert FORMATS["text"](outcome.problems) == ""
    return Dataset(root)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small dataset. Not to be changed: take a copy."""
    root = tmp_path_factory.mktemp("dataset")
    shutil.copytree(Path(__file__).parent / "raw", root / "raw")
    return built(PACKAGE, root)


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of other tables."""
    root = tmp_path_factory.mktemp("books")
    for name, text in {"raw/books/crusoe.yaml": CRUSOE, "raw/authors.yaml": DEFOE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return built(LIBRARY, root)


@pytest.fixture
def copy(dataset: Dataset, tmp_path: Path) -> Dataset:
    """A copy of the small dataset that a test may damage."""
    shutil.copytree(dataset.root, tmp_path / "copy")
    return Dataset(tmp_path / "copy")


@pytest.fixture
def edit(copy: Dataset) -> Edit:
    """Change members of the descriptor of a copy, and give the copy."""

    def change(**members: Any) -> Dataset:
        path = copy.root / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(descriptor | members), encoding="utf-8")
        return copy

    return change
