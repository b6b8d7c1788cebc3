"""The difference of two versions as a frame, which is what the pipeline finds between the same two."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diff import compare
from pipeline.snapshot import of_archive, of_folder
from secgov._dataset import Dataset
from secgov._diff import diff
from secgov._versions import dataset_of
from tests.pipeline.test_versions import RECIPE, ROWS, TOGETHER, World, edited, package
from tests.secgov.conftest import NEW, OLD, seal

Row = tuple[str | None, ...]
COLUMNS = ["table", "key", "change", "field", "old", "new"]


def rows(frame: pd.DataFrame) -> list[Row]:
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.itertuples(index=False)]


def by_pipeline(old: Path, new: Path) -> tuple[list[Row], dict[str, str | None]]:
    """What the pipeline finds between two folders or archives, in the form of the frame."""
    one, other = (of_archive(path) if path.suffix == ".zip" else of_folder(path) for path in (old, new))
    found = compare(one, other)
    schema = [(c.table or None, None, f"schema: {c.kind} {c.change}", c.field or None, c.old or None, c.new or None) for c in found.schema]
    return [*schema, *((c.table, c.key, c.change, c.field or None, c.old, c.new) for c in found.rows)], dict(found.replaced)


def put(world: World, root: Path) -> Dataset:
    """A package of a few members as a whole one on disk."""
    descriptor, tables = json.loads(json.dumps(world))
    descriptor.setdefault("contributors", [])
    for resource in descriptor["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        path = root / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(tables[resource["name"]])
        for described in (resource, *resource["schema"]["fields"]):
            described.update({"title": "A title", "description": "What it is.", "type": "string", "kind": "entity"} | described)
        content = path.read_bytes()
        resource.update(bytes=len(content), hash=f"sha256:{hashlib.sha256(content).hexdigest()}")
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return seal(root)


def both(old: World, new: World) -> tuple[list[Row], list[Row]]:
    """What secgov and the pipeline find between two packages."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = put(old, Path(folder) / "old"), put(new, Path(folder) / "new")
        return rows(diff(one, other)), by_pipeline(one.root, other.root)[0]


@pytest.mark.parametrize("edit", RECIPE)
def test_each_kind_of_change_is_found_as_the_pipeline_finds_it(edit: str) -> None:
    ours, theirs = both(*edited(edit))
    assert ours == theirs
    assert bool(ours) is (edit not in {"nothing", "move a file"})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(TOGETHER), unique=True, max_size=6))
def test_several_changes_are_found_as_the_pipeline_finds_them(edits: list[str]) -> None:
    ours, theirs = both(*edited(*edits))
    assert ours == theirs


@settings(max_examples=30, deadline=None)
@given(ROWS, ROWS, st.sampled_from([["id"], ["id", "genre"], ["genre", "id", "author"]]))
def test_any_two_tables_differ_as_the_pipeline_finds_them_to(
    before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]], key: Sequence[str]
) -> None:
    worlds = []
    for contents in (before, now):
        descriptor, tables = package(0)
        descriptor["resources"][0]["schema"]["primaryKey"] = key
        worlds.append((descriptor, {**tables, "books": [{"id": name, **row} for name, row in contents.items()]}))
    ours, theirs = both(*worlds)
    assert ours == theirs


def test_two_releases_differ_as_the_pipeline_finds_them_to(checkout: Path, wheel: Dataset, releases: Path) -> None:
    frame = diff(dataset_of(wheel, OLD, releases), wheel)
    expected, replaced = by_pipeline(releases / f"library-{OLD}.zip", checkout)
    assert rows(frame) == expected
    assert frame.attrs == {"old": OLD, "new": NEW, "replaced": replaced} != {}
    assert replaced == {"books/crusoe.end": "books/crusoe.more"}
    assert [row for row in rows(frame) if row[0] == "books"] == [
        ("books", "crusoe", "changed", "pages", "300", "301"),
        ("books", "crusoe.end", "removed", None, None, None),
        ("books", "crusoe.more", "added", None, None, None),
    ]
    assert rows(diff(wheel, dataset_of(wheel, OLD, releases))) == by_pipeline(checkout, releases / f"library-{OLD}.zip")[0]


def test_a_real_dataset_against_an_edited_one(dataset: Dataset, copy: Dataset) -> None:
    path = copy.root / "datapackage.json"
    content = json.loads(path.read_bytes())
    states = next(resource for resource in content["resources"] if resource["name"] == "states")
    states["schema"]["fields"][0]["constraints"] = {}
    states["description"] = content["licenses"] = "Another."
    text = (copy.root / states["path"]).read_bytes().replace(b"Namibia", b"")
    (copy.root / states["path"]).write_bytes(text)
    states.update(bytes=len(text), hash=f"sha256:{hashlib.sha256(text).hexdigest()}")
    path.write_text(json.dumps(content), encoding="utf-8")
    found = rows(diff(dataset, seal(copy.root)))
    assert found == by_pipeline(dataset.root, copy.root)[0]
    assert ("states", "nam", "changed", "label", "Namibia", None) in found


def test_the_frame_has_text_in_all_columns_even_where_nothing_differs(dataset: Dataset) -> None:
    frame = diff(dataset, dataset)
    assert list(frame.columns) == COLUMNS
    assert frame.empty
    assert {str(kind) for kind in frame.dtypes} == {"string"}
    assert pd.concat([frame, frame]).empty  # which compares the attributes


def test_a_dataset_without_an_index_of_records_has_nothing_retired() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert diff(put(package(), Path(folder)), Dataset(Path(folder))).attrs["replaced"] == {}


def test_tens_of_thousands_of_rows_are_compared(tmp_path: Path) -> None:
    number = 30_000
    old, new = package(number), package(number)
    for row in new[1]["books"][::10]:
        row["pages"] = "0.5"
    one, other = put(old, tmp_path / "old"), put(new, tmp_path / "new")
    started = time.perf_counter()
    assert len(diff(one, other)) == number // 10
    assert time.perf_counter() - started < 20  # about a third of a second; the bound only keeps a quadratic comparison out
