"""Verify: what was published is whole, and its contents are right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.journey import build
from pipeline.publish import checksums
from pipeline.verify import verify
from tests.library import LIBRARY


@pytest.fixture
def published(library: Path) -> Path:
    outcome, _ = build(LIBRARY, library)
    assert outcome.problems == []
    return library


def seal(root: Path) -> None:
    """Make sizes and hashes agree with the files again, as a build of wrong contents would have."""
    path = root / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        content = (root / resource["path"]).read_bytes()
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    (root / "dataset/SHA256SUMS").write_text(checksums(root))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_a_build_made_is_right(published: Path) -> None:
    assert verify(LIBRARY, published, deep=True) == []


def test_one_flipped_byte_is_found_in_any_file(published: Path) -> None:
    everything = [path for path in (published / "dataset").rglob("*") if path.is_file()] + [published / "datapackage.json"]
    for path in everything:
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        assert verify(LIBRARY, published), path.name
        path.write_bytes(content)
    assert verify(LIBRARY, published) == []


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        (lambda root: (root / "dataset/csv/books.csv").unlink(), "missing-file"),
        (lambda root: (root / "datapackage.json").unlink(), "missing-file"),
        (lambda root: (root / "datapackage.json").write_text("{"), "wrong-hash"),
        (lambda root: (root / "dataset/SHA256SUMS").write_text("nonsense\n"), "damaged"),
        (lambda root: (root / "dataset/csv/books.csv").write_text("id\n"), "wrong-size"),
        (lambda root: (root / "dataset/csv/extra.csv").write_text("id\n"), "unlisted-file"),
    ],
)
def test_each_damage_has_its_name(published: Path, break_it: Callable[[Path], object], rule: str) -> None:
    break_it(published)
    assert rule in [problem.rule for problem in verify(LIBRARY, published)]


def sums(root: Path, old: str, new: str) -> None:
    edit(root / "dataset/SHA256SUMS", old, new)


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lambda resources: resources[0].update(path="../secret", bytes=1), "'../secret' is no path below the root"),
        (lambda resources: resources[0].update(path="/etc/passwd", bytes=1), "'/etc/passwd' is no path below the root"),
        (lambda resources: resources[0].pop("hash"), "the descriptor cannot be read: 'hash'; run build.py"),
        (lambda resources: resources.append(7), "the descriptor cannot be read: 'int' object is not subscriptable; run build.py"),
    ],
)
def test_a_descriptor_that_makes_no_sense_is_damaged_even_if_it_is_listed(
    published: Path, forge: Callable[[list[object]], object], message: str
) -> None:
    path = published / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    forge(descriptor["resources"])
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    (published / "dataset/SHA256SUMS").write_text(checksums(published))
    assert ("datapackage.json", "damaged", message) in [(p.file, p.rule, p.message) for p in verify(LIBRARY, published)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  ../datapackage.json", "  ../datapackage.yaml", "the list of checksums lacks datapackage.json; run build.py"),
        ("  codebook.md", "  ../../codebook.md", "codebook.md' is no line of it; run build.py"),
        ("  codebook.md", "  csv/../codebook.md", "codebook.md' is no line of it; run build.py"),
        ("  codebook.md", "  csv/books.csv", "it ends within a line, or names a file twice; run build.py"),
    ],
)
def test_a_list_of_checksums_that_makes_no_sense_is_damaged(published: Path, old: str, new: str, message: str) -> None:
    sums(published, old, new)
    assert any(p.rule == "damaged" and p.message.endswith(message) for p in verify(LIBRARY, published))


def test_a_build_that_was_killed_between_two_renames_is_refused(published: Path) -> None:
    (published / ".staging").mkdir()
    (published / ".staging/journal.json").write_text("{}")
    assert [problem.rule for problem in verify(LIBRARY, published)] == ["unfinished"]


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "message"),
    [
        ("dataset/csv/credits.csv", "writer,authors/defoe", "writer,authors/swift", "pandera", "reference fails for authors/swift"),
        ("dataset/csv/books.csv", "novel,300", "poem,300", "pandera", "genre: term fails for poem"),
        ("dataset/csv/books.csv", "crusoe.sea,crusoe.start", "crusoe.end,crusoe.start", "pandera", "id: field_uniqueness"),
        ("dataset/csv/books.csv", "novel,300", "novel,-300", "pandera", "rule:no-pages"),
        ("dataset/csv/credits.csv", "writer,authors/defoe", "writer,authors/swift", "frictionless", "foreign key"),
    ],
)
def test_deep_finds_wrong_contents_whose_checksums_agree(published: Path, file: str, old: str, new: str, rule: str, message: str) -> None:
    edit(published / file, old, new)
    seal(published)
    found = [problem for problem in verify(LIBRARY, published, deep=True) if problem.rule == rule]
    assert any(message.lower() in problem.message.lower() for problem in found), found
    assert found[0].line > 1


def test_deep_finds_a_parquet_that_differs_from_its_csv(published: Path) -> None:
    path = published / "dataset/parquet/credits.parquet"
    pl.read_parquet(path).with_columns(note=pl.lit("other")).write_parquet(path)
    seal(published)
    assert [(p.file, p.rule) for p in verify(LIBRARY, published, deep=True)] == [("dataset/parquet/credits.parquet", "not-equal")]


def test_deep_finds_a_descriptor_of_another_schema(published: Path) -> None:
    edit(published / "datapackage.json", "What it cost.", "What it costs.")
    seal(published)
    assert [problem.rule for problem in verify(LIBRARY, published, deep=True)] == ["other-schema"]
