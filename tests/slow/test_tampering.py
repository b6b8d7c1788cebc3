"""Every byte of every small published file changed, and a draw of those of the large ones."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from pipeline.verify import verify
from schemas.package import PACKAGE
from tests.library import LIBRARY
from tests.tampering import flipped, places, published, released

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

SMALL = 40
"""A file of so many bytes has each of them changed; of a larger one so many are drawn."""


def test_a_change_of_any_byte_is_found(tmp_path: Path) -> None:
    root, chance, tried = released(tmp_path), random.Random(8), 0
    for path in published(root):
        for at, by in places(path, SMALL if path.suffix != ".zip" else 20, chance):
            tried += 1
            with flipped(path, at, by):
                assert verify(LIBRARY, root), f"{path.name}: byte {at} changed by {by:#x}"
    assert verify(LIBRARY, root) == []
    print(f"{tried} bytes")


def test_a_change_in_the_real_dataset_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dataset", tmp_path / "dataset")
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    chance = random.Random(88)
    for path in published(tmp_path):
        at, by = chance.choice(places(path, 1, chance))
        with flipped(path, at, by):
            assert verify(PACKAGE, tmp_path), f"{path.name}: byte {at} changed by {by:#x}"
    assert verify(PACKAGE, tmp_path) == []
