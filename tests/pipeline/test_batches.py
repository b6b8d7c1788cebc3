"""The record stage in processes: the same rows and complaints in the same order, however the work is shared."""

from __future__ import annotations

import gc
import os
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from pipeline import batches, files, publish
from pipeline import frames as frames_module
from pipeline import tabulate as tabulate_module
from pipeline import workers as workers_module
from pipeline.files import Batch, cut
from pipeline.frames import frame_of, in_a_file
from pipeline.journey import Outcome, build, check
from pipeline.places import digests, published
from pipeline.records import find, read_records
from pipeline.tables import tables_of
from pipeline.tabulate import tabulate
from pipeline.workers import run, workers
from tests.conftest import Write
from tests.library import LIBRARY


@pytest.fixture
def shelf(write: Write) -> Path:
    """Two hundred books and authors, in folders and in one file; a few of them bad in each way."""
    files = {f"raw/authors/writer-{n}.yaml": f"label: Writer {n}\nborn: {1600 + n}\n" for n in range(60)}
    files["raw/authors.yaml"] = (
        "".join(f"poet-{n}: {{label: Poet {n}}}\n" for n in range(60)) + "writer-3: {label: Twice}\na-: {label: x}\n"
    )
    for n in range(60):
        files[f"raw/books/book-{n}.yaml"] = (
            f"label: Book {n}\ngenre: novel\nwriter: [authors/{'writer' if n % 2 else 'poet'}-{n}]\nmentions: [{{book: book-{n // 2}}}]\n"
            f"chapters:\n  - {{key: one, label: One, pages: {n - 5}}}\n  - {{key: two, label: Two, writer: [authors/poet-{n + 7}]}}\n"
        )
    files |= {"raw/books/bad.yaml": "label: [\n", "raw/books/Odd.yaml": "label: x\n", "raw/books/worse.yaml": "lable: x\n"}
    return write(files | {"raw/retired.yaml": "books/book-7: {why: a mistake}\nbooks/gone: {why: lost}\n"})


def summary(outcome: Outcome) -> object:
    frames = {name: frame.to_dicts() for name, frame in outcome.tabulated.frames.items()}
    return outcome.problems, frames, outcome.count, outcome.records.claimed >= {"books/worse", "books/book-7"}, outcome.records.unread


@pytest.mark.parametrize(("jobs", "start"), [(3, "fork"), (2, "spawn")])
def test_the_outcome_is_the_same_for_any_number_of_processes_and_however_they_start(
    jobs: int, start: str, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BATCH", 8)
    monkeypatch.setattr(workers_module, "_start", lambda: start)
    one = check(LIBRARY, shelf, jobs=1)
    assert len(one.problems) > 10
    assert summary(check(LIBRARY, shelf, jobs=jobs)) == summary(one)


def test_what_is_published_is_the_same_for_any_number_of_processes(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(LIBRARY, library, jobs=1)
    monkeypatch.setattr(files, "BATCH", 1)
    assert build(LIBRARY, library, jobs=2)[1] == []


def test_batches_come_to_what_comes_of_reading_everything_at_once(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 4)
    whole = tabulate(LIBRARY, read_records(LIBRARY, shelf))
    parts = check(LIBRARY, shelf, jobs=1).tabulated
    for name, frame in whole.frames.items():
        assert parts.frames[name].equals(frame)


def test_a_bad_file_is_read_once_for_what_is_wrong_and_where(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"raw/books/worse.yaml": "lable: x\n", "raw/authors.yaml": "poet: {label: 1}\n"})
    expected = check(LIBRARY, root).problems
    assert {(problem.file, problem.line, problem.column) for problem in expected} >= {
        ("raw/books/worse.yaml", 1, 1),
        ("raw/authors.yaml", 1, 15),
    }
    task = batches.Task(LIBRARY.records, frozenset(), root)
    again: list[bytes] = []
    monkeypatch.setattr("pipeline.locate.read", again.append)
    told = [problem for batch in cut(find(LIBRARY, root)[0], root) for problem in task(batch).records.problems]
    assert again == []
    assert sorted(told) == expected


def test_rows_and_frames_that_wait_in_files_are_the_same(shelf: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = summary(check(LIBRARY, shelf, jobs=1))
    mapped: list[str] = []
    monkeypatch.setattr(files, "BATCH", 4)
    monkeypatch.setattr(batches, "IN_MEMORY", 1)
    monkeypatch.setattr(frames_module, "LARGE", 1)
    monkeypatch.setattr(frames_module, "in_a_file", lambda frame: mapped.append("") or in_a_file(frame))
    (tmp_path / "waiting").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "waiting"))
    assert summary(check(LIBRARY, shelf, jobs=1)) == whole
    assert len(mapped) >= 5
    gc.collect()
    assert list((tmp_path / "waiting").iterdir()) == []


def test_the_bytes_do_not_depend_on_where_the_pieces_of_a_table_end(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chance = random.Random(7)
    files_of = {f"raw/authors/writer-{n}.yaml": f"label: Writer {n} {chance.random()}\nborn: 1600\n" for n in range(100)}
    books = {f"raw/books/b-{n}.yaml": f"label: B {n}\ngenre: novel\nwriter: [authors/writer-{n}]\n" for n in range(100)}
    root = write(files_of | books)
    build(LIBRARY, root)
    whole = digests(root, published(root))
    monkeypatch.setattr(files, "BATCH", 7)
    monkeypatch.setattr(frames_module, "LARGE", 1)
    monkeypatch.setattr(frames_module, "_ROWS", 11)
    shutil.rmtree(root / "dataset")
    outcome, _ = build(LIBRARY, root)
    assert outcome.tabulated.frames["authors"].n_chunks() > 5
    assert digests(root, published(root)) == whole


def test_pages_of_parquet_end_where_they_would_in_one_piece(tmp_path: Path) -> None:
    chance = random.Random(7)
    spec = replace(tables_of(LIBRARY)["authors"], columns=(tables_of(LIBRARY)["authors"]["label"],))
    frame = pl.DataFrame({"label": ["".join(chance.choices("abcdef", k=chance.randrange(600))) for _ in range(16_000)]})
    cut_up = pl.concat([frame[:3000], frame[3000:7001], frame[7001:]], rechunk=False)
    assert cut_up.n_chunks() == 3
    for name, each in {"whole": frame, "cut": cut_up}.items():
        publish.write_parquet(each, spec, tmp_path / name)
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "cut").read_bytes()


def test_a_file_in_which_a_table_waits_is_gone_if_it_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def pieces() -> Iterator[pa.Table]:
        yield pa.table({"id": pa.array(["a"], pa.string_view())})
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        in_a_file(pieces())
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_is_ended_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with workers(2, 0) as executor, pytest.raises(OSError, match="was ended by the system"):
        list(run(os._exit, [1, 1], executor))


def test_a_frame_is_put_together_once(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(tabulate_module, "frame_of", lambda spec, parts: made.append(spec.name) or frame_of(spec, parts))
    check(LIBRARY, shelf, jobs=1)
    assert len(made) == 5
    assert sorted(made) == sorted(set(made))


def test_a_file_more_changes_one_batch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "BATCH", 16)
    monkeypatch.setattr(files, "SMALL", 100)
    (tmp_path / "raw/books").mkdir(parents=True)
    ids = sorted(f"{random.Random(n).random()}" for n in range(1000))
    for number, name in enumerate([*ids, "0.5"]):
        (tmp_path / f"raw/books/{name}.yaml").write_bytes(bytes(2500 + 7 * number % 1000))
    before, after = (list(cut([Batch("books", tuple(names))], tmp_path)) for names in (ids, sorted([*ids, "0.5"])))
    assert [name for batch in after for name in batch.ids] == sorted([*ids, "0.5"])
    assert 1 <= len(set(after) - set(before)) <= 2
    assert len(before) > 1000 / 16
    assert max(len(batch.ids) for batch in after) <= 4 * 16
    assert {batch.amount // len(batch.ids) for batch in after} == {2}


@pytest.mark.parametrize("many", [10, 1000], ids=["by a few of them", "by each"])
def test_large_files_are_shared_out_too(many: int, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SMALL", many)
    monkeypatch.setattr(files, "_SOME", 4)
    label = "label: " + "x" * 2**18
    root = write({f"raw/books/book-{n}.yaml": f"{label}\n" for n in range(40)} | {"raw/authors.yaml": label})
    found, _ = find(LIBRARY, root)
    small = list(cut(found, root))
    assert sum(batch.amount for batch in small) > 40 * 2**8
    assert sorted(name for batch in small for name in batch.ids) == sorted(f"book-{n}" for n in range(40))
    assert max(len(batch.ids) for batch in small) < 8


def test_no_batch_is_larger_than_may_be(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "crc32", lambda name: 1)  # no id ends a batch
    monkeypatch.setattr(files, "BATCH", 2)
    root = write({f"raw/books/b{number:02}.yaml": "" for number in range(20)})
    batch = Batch("books", tuple(f"b{number:02}" for number in range(20)))
    assert [len(part.ids) for part in cut([batch], root)] == [8, 8, 4]


@pytest.mark.parametrize("was", [True, False])
def test_the_collector_is_as_it_was(was: bool) -> None:
    before = gc.isenabled()
    (gc.enable if was else gc.disable)()
    try:
        assert list(run(lambda piece: gc.isenabled(), [1, 2], None)) == [False, False]
        assert gc.isenabled() is was
    finally:
        (gc.enable if before else gc.disable)()


def test_an_empty_folder_has_no_batches(tmp_path: Path) -> None:
    assert list(cut(find(LIBRARY, tmp_path)[0], tmp_path)) == []


def test_little_work_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    with workers(None, files.SMALL - 1) as executor:
        assert executor is None
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 1})
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", lambda jobs, *context, **initializer: ThreadPoolExecutor(jobs))
    with workers(None, files.SMALL) as executor:
        assert executor is not None


@pytest.mark.parametrize("asks_ahead", [True, False])
def test_files_are_read_whole_and_in_order_whether_the_disk_hears_of_them_before_or_not(
    asks_ahead: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_ASK_AHEAD", asks_ahead and files._ASK_AHEAD)
    (tmp_path / "raw/books").mkdir(parents=True)
    long = {7: 2**16, 8: 2**16 + 1, 9: 3 * 2**16}
    ids = tuple(f"book-{n:03}" for n in range(150))
    for n, name in enumerate(ids):
        (tmp_path / f"raw/books/{name}.yaml").write_bytes(b"%d" % (n % 10) * long.get(n, n))
    assert files.contents(tmp_path, Batch("books", ids)) == [b"%d" % (n % 10) * long.get(n, n) for n in range(150)]


def test_a_file_that_is_gone_leaves_no_other_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw/books").mkdir(parents=True)
    for name in "ab":
        (tmp_path / f"raw/books/{name}.yaml").write_bytes(b"label: x\n")
    opened, closed = [], []
    do_open, do_close = os.open, os.close
    monkeypatch.setattr(files.os, "open", lambda *given: opened.append(do_open(*given)) or opened[-1])
    monkeypatch.setattr(files.os, "close", lambda descriptor: closed.append(descriptor) or do_close(descriptor))
    with pytest.raises(FileNotFoundError, match=r"c\.yaml"):
        files.contents(tmp_path, Batch("books", ("a", "b", "c")))
    assert len(opened) == 2
    assert closed == opened
