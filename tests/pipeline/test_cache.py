"""The cache: what is built with it is what is built without, byte for byte, whatever was changed in between."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import batches, cache, files, places
from pipeline import check as checking
from pipeline import publish as publishing
from pipeline import swap as swapping
from pipeline.cache import Cache, cache_of
from pipeline.check import failures
from pipeline.faces import table_schema
from pipeline.frames import sha256_of
from pipeline.journey import Outcome, build, check
from pipeline.known import look
from pipeline.language import Derived, Frames, Report, Rule
from pipeline.places import digests, published
from pipeline.publish import write_csv
from pipeline.rows import pack, unpack
from pipeline.tables import ColumnSpec, TableSpec
from tests.conftest import CRUSOE, DEFOE, Write
from tests.library import LIBRARY

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("alpha", "beta", "gamma", "delta")
BOOK = "label: {0}\ngenre: {1}\nwriter: [authors/defoe]\n"


def of_each_author(frames: Frames) -> pl.Series:
    """How many credits each author has."""
    found = frames["credits"].group_by("who").agg(pl.len().alias("written"))
    authors = frames["authors"].select(who=pl.concat_str(pl.lit("authors/"), "id"))
    return authors.join(found, on="who", how="left", maintain_order="left")["written"].cast(pl.Int64)


def of_each_genre(frames: Frames) -> pl.DataFrame:
    """How many books each genre has, and by how many authors."""
    counted = frames["books"].group_by("genre").agg(pl.len().alias("books")).sort("genre")
    return counted.with_columns(authors=pl.lit(frames["authors"].height))


def nobody_is_banned(frames: Frames) -> pl.Series:
    """A rule of books that only the label of an author breaks."""
    return pl.repeat("Banned" not in frames["authors"]["label"].to_list(), frames["books"].height, eager=True)


COLUMNS = (ColumnSpec("genre", "string", "The genre."), ColumnSpec("books", "integer", "Books."), ColumnSpec("authors", "integer", "All."))
LINKED = replace(
    LIBRARY,
    derived=(Derived("authors", ColumnSpec("written", "integer", "How many credits."), of_each_author),),
    reports=(Report("genres", "genre", "Books by genre.", COLUMNS, ("genre",), of_each_genre, shown=True),),
    rules=(*LIBRARY.rules, Rule("banned", "books", "its author is banned", nobody_is_banned)),
)
"""A library in which all hangs together: what changes in one table changes what is made of others, or makes it wrong."""


@pytest.fixture
def store(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", "1")


def everything(root: Path) -> dict[str, str]:
    paths = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]
    return digests(root, [path for path in paths if not path.startswith(("raw/", ".staging"))])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(NAMES), st.sampled_from(("novel", "essay", "poem"))),
        st.tuples(st.just("author"), st.sampled_from(("defoe", "behn")), st.sampled_from(("Daniel Defoe", "Banned", "De Foe"))),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("retire"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("together"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("empty folder"), st.sampled_from((*NAMES, "books")), st.just("")),
        st.tuples(st.just("spoil"), st.sampled_from(("dataset/csv/books.csv", "README.md", "dataset/parquet/odd")), st.just("")),
    ),
    min_size=1,
    max_size=5,
)


def change(root: Path, step: tuple[str, str, str]) -> None:
    """One thing that a curator, or an accident, does to the tree."""
    kind, name, value = step
    book = root / "raw/books" / f"{name}.yaml"
    match kind:
        case "edit":
            book.write_text(BOOK.format(name, value), encoding="utf-8")
        case "author":
            (root / "raw/authors.yaml").write_text(DEFOE + f"{name}: {{label: {value}}}\n" * (name != "defoe"), encoding="utf-8")
        case "delete":
            book.unlink(missing_ok=True)
        case "rename":
            if book.exists():
                book.rename(book.with_name(f"{value}.yaml"))
        case "retire":
            (root / "raw/retired.yaml").write_text(f"books/{name}: {{why: gone}}\n", encoding="utf-8")
        case "together":
            both = "".join(f"{each}: {{label: {each}, genre: essay, writer: [authors/defoe]}}\n" for each in (name, "zeta"))
            (root / "raw/books.yaml").write_text(both, encoding="utf-8")
        case "empty folder":
            (root / "raw" / name).mkdir(exist_ok=True)
        case "spoil":
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("spoilt", encoding="utf-8")


@given(steps=st.lists(STEPS, min_size=1, max_size=4))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_changes_the_incremental_build_is_the_full_one(
    steps: list[list[tuple[str, str, str]]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BATCH", 2)
    root = tmp_path_factory.mktemp("tree")
    kept, fresh = root / "kept", root / "fresh"
    for name, text in {"raw/books/crusoe.yaml": CRUSOE, "raw/authors.yaml": DEFOE, "README.md": "# Books\n"}.items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_text(text, encoding="utf-8")
    store = Cache(root / "cache", "1")
    build(LINKED, kept, known=look(kept, store))
    for several in steps:
        for step in several:
            change(kept, step)
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(kept, fresh)
        (full, changed), known = build(LINKED, fresh), look(kept, store)
        if (count := known.published()) is not None:
            assert (full.problems, changed, full.count) == ([], [], count)
        incremental, changed_too = build(LINKED, kept, known=known)
        assert (incremental.problems, changed_too, incremental.count) == (full.problems, changed, full.count)
        assert everything(kept) == everything(fresh)
        if not full.problems:
            assert look(kept, store).published() == full.count


def test_what_was_built_is_known(library: Path, store: Cache) -> None:
    known = look(library, store)
    assert (known.right(), known.published()) == (None, None)
    build(LIBRARY, library, known=known)
    assert (look(library, store).right(), look(library, store, jobs=2).published()) == (2, 2)
    assert look(library, store).published("other citations") is None
    (library / "dataset/csv/books.csv").write_text("spoilt", encoding="utf-8")
    assert (look(library, store).right(), look(library, store).published()) == (2, None)
    build(LIBRARY, library, known=look(library, store))
    (library / "dataset/csv/odd.csv").write_text("nobody made it", encoding="utf-8")
    assert look(library, store).published() is None


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("raw/books/crusoe.yaml", CRUSOE.replace("Crusoe", "Cruso")),
        ("raw/books/other.yaml", CRUSOE),
        ("raw/authors.yaml", DEFOE + "behn: {label: Aphra Behn}\n"),
        ("raw/retired.yaml", "books/old: {why: a mistake}\n"),
        ("raw/notes.txt", "of the curator\n"),
        ("raw/nonsense", None),
        ("raw/nonsense/.gitkeep", ""),
        ("raw/retired.yaml", None),
        ("dataset/releases.json", '{"releases": []}'),
        ("dataset/releases/library-0.1.0.zip", "not listed"),
    ],
)
def test_whatever_is_other_than_it_was_is_not_known(file: str, text: str | None, library: Path, store: Cache) -> None:
    build(LIBRARY, library, known=look(library, store))
    lay(library / file, text)
    assert (look(library, store).right(), look(library, store).published()) == (None, None)
    fresh, known = check(LIBRARY, library), check(LIBRARY, library, known=look(library, store))
    assert known.problems == fresh.problems


def lay(path: Path, text: str | None) -> None:
    """A file of that text, or an empty folder."""
    path.parent.mkdir(exist_ok=True)
    if text is None:
        path.mkdir()
    else:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("file", ["README.md", ".staging/files/dataset/csv/books.csv", "dataset/parquet/odd"])
def test_what_a_build_would_change_or_remove_is_not_called_published(file: str, library: Path, store: Cache) -> None:
    build(LIBRARY, library, known=look(library, store))
    (library / file).parent.mkdir(parents=True, exist_ok=True)
    (library / file).write_text("# Books\n", encoding="utf-8")
    assert (look(library, store).right(), look(library, store).published()) == (2, None)


def test_what_is_misplaced_meanwhile_is_told_of_all_the_same(library: Path, store: Cache) -> None:
    build(LIBRARY, library, known=look(library, store))
    known = look(library, store)
    (library / "raw/nonsense").mkdir()
    (library / "dataset/csv/books.csv").unlink()
    outcome, changed = build(LIBRARY, library, known=known)
    assert ([problem.rule for problem in outcome.problems], changed) == (["misplaced-file"], [])


def test_rows_that_the_cache_lost_are_not_made_of_other_bytes(library: Path, store: Cache) -> None:
    build(LIBRARY, library, known=look(library, store))
    outcome = check(LIBRARY, library, known=look(library, store))
    for path in store.folder.rglob("*"):
        path.unlink() if path.is_file() else None
    assert outcome.tabulated.frames["authors"].height == 1
    (library / "raw/books/crusoe.yaml").write_text(CRUSOE.replace("Crusoe", "Cruso"), encoding="utf-8")
    with pytest.raises(OSError, match="was changed while it was read"):
        outcome.tabulated.frames["books"]


@pytest.mark.parametrize("note", ["7", "[1]", "[1, 2, 3]", '{"a": 1}', '["a", "b"]', "null"])
def test_a_note_that_makes_no_sense_is_none(note: str, library: Path, store: Cache) -> None:
    build(LIBRARY, library, known=look(library, store))
    sealed = re.compile(rb"[0-9a-f]{64}\n")
    notes = [path for path in store.folder.rglob("*") if path.is_file() and sealed.match(path.read_bytes())]
    assert len(notes) >= 4
    for path in notes:
        path.write_text(note, encoding="utf-8")
    assert look(library, store).published() is None
    outcome, changed = build(LIBRARY, library, known=look(library, store))
    assert (outcome.problems, outcome.count, changed) == ([], 2, [])


def test_of_a_note_one_changed_byte_is_seen(library: Path, store: Cache) -> None:
    build(LINKED, library, known=look(library, store))
    (library / "raw/books/plague.yaml").write_text(BOOK.format("Plague", "novel"), encoding="utf-8")
    whole = digests(library, published(library))
    for path in [path for path in store.folder.rglob("*") if path.is_file()]:
        path.write_bytes(path.read_bytes().replace(b"credits", b"creditr").replace(b"books", b"bookz"))
    build(LINKED, library, known=look(library, store))
    (library / "raw/books/plague.yaml").unlink()
    build(LINKED, library, known=look(library, store))
    assert digests(library, published(library)) == whole


@pytest.mark.parametrize("what", ["edited", "added", "removed", "retired"])
def test_of_what_changes_while_it_is_read_nothing_is_noted(what: str, library: Path, store: Cache) -> None:
    (library / "raw/books/gone.yaml").write_text(CRUSOE, encoding="utf-8")
    before = {path: path.read_bytes() for path in (library / "raw/books").iterdir()}
    known = look(library, store)
    if what == "edited":
        (library / "raw/books/crusoe.yaml").write_text(CRUSOE.replace("Crusoe", "Cruso"), encoding="utf-8")
    elif what == "added":
        (library / "raw/books/new.yaml").write_text(CRUSOE, encoding="utf-8")
    elif what == "removed":
        (library / "raw/books/gone.yaml").unlink()
    else:
        (library / "raw/retired.yaml").write_text("books/old: {why: a mistake}\n", encoding="utf-8")
    outcome, _ = build(LIBRARY, library, known=known)
    assert (outcome.problems, outcome.known) == ([], None)
    if what != "retired":
        (library / "raw/books/new.yaml").unlink(missing_ok=True)
        for path, content in before.items():
            path.write_bytes(content)
        assert (look(library, store).right(), look(library, store).published()) == (None, None)


def test_what_was_away_while_it_was_judged_is_not_known(library: Path, store: Cache) -> None:
    (library / "raw/books/bad.yaml").write_text("label: Bad\n", encoding="utf-8")
    known = look(library, store)
    (library / "raw/books").rename(library / "away")
    assert check(LIBRARY, library, known=known).problems == []
    (library / "away").rename(library / "raw/books")
    assert look(library, store).right() is None


def test_what_was_right_is_read_and_judged_no_more(library: Path, store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    before = check(LIBRARY, library, known=look(library, store))
    monkeypatch.setattr(batches.Task, "judged", None)
    monkeypatch.setattr("pipeline.check.check_tables", None)
    outcome: Outcome = check(LIBRARY, library, known=look(library, store))
    assert (outcome.problems, outcome.count) == ([], 2)
    assert outcome.tabulated.frames["books"].equals(before.tabulated.frames["books"])


def test_only_what_looked_at_what_changed_is_judged_and_written_again(library: Path, store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    (library / "raw/books/plague.yaml").write_text(BOOK.format("Plague", "novel"), encoding="utf-8")
    judged: list[str] = []
    written: list[str] = []

    def noted(spec: TableSpec, *others: Any) -> list[dict[str, Any]]:
        judged.append(spec.name)
        return failures(spec, *others)

    monkeypatch.setattr(checking, "failures", noted)
    monkeypatch.setattr(publishing, "write_csv", lambda frame, path: (written.append(path.stem), write_csv(frame, path)))
    build(LINKED, library, known=look(library, store))
    assert {"authors", "books", "credits", "genres", "records"} <= set(judged) & set(written)

    def again(file: str, text: str) -> tuple[set[str], set[str]]:
        judged.clear()
        written.clear()
        (library / file).write_text(text, encoding="utf-8")
        outcome, _ = build(LINKED, library, known=look(library, store))
        assert outcome.problems == []
        return set(judged), set(written)

    plague = "raw/books/plague.yaml"
    assert again(plague, "# a comment\n" + BOOK.format("Plague", "novel")) == (set(), set())
    # A label stands in the index; no other table looks at the labels of books.
    assert again(plague, BOOK.format("The Plague", "novel")) == ({"books", "records"}, {"books", "records", "flat_books"})
    assert again(plague, BOOK.format("The Plague", "essay")) == ({"books", "genres"}, {"books", "genres", "flat_books"})
    # Who wrote it is counted for each author, whom the rule of books looks at.
    more = BOOK.format("The Plague", "essay") + "translators: [authors/defoe]\n"
    assert again(plague, more) == ({"credits", "authors", "books"}, {"credits", "authors", "flat_books"})
    # The rule looks at the labels of authors; a new author is one more that a reference may mean.
    assert "books" in again("raw/authors.yaml", DEFOE.replace("Daniel", "Dan"))[0]
    assert "credits" in again("raw/authors.yaml", DEFOE + "behn: {label: Aphra Behn}\n")[0]


def test_what_was_written_and_spoilt_is_written_again(library: Path, store: Cache) -> None:
    build(LINKED, library, known=look(library, store))
    whole = digests(library, published(library))
    (library / "raw/books/plague.yaml").write_text(BOOK.format("Plague", "novel"), encoding="utf-8")
    build(LINKED, library, known=look(library, store))
    (library / "raw/books/plague.yaml").unlink()
    (library / "dataset/csv/mentions.csv").write_text("spoilt", encoding="utf-8")
    (library / "dataset/parquet/book_readers.parquet").unlink()
    _, changed = build(LINKED, library, known=look(library, store))
    assert {"dataset/csv/mentions.csv", "dataset/parquet/book_readers.parquet"} <= set(changed)
    assert digests(library, published(library)) == whole


def test_a_table_is_hashed_once_a_build_and_what_was_taken_over_is_not_compared(
    library: Path, store: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(LINKED, library, known=look(library, store))
    (library / "raw/books/plague.yaml").write_text(BOOK.format("Plague", "novel"), encoding="utf-8")
    hashed: list[str] = []
    compared: list[str] = []
    digest, same = places.digest_of, swapping.same
    for module in (places, publishing, table_schema):
        monkeypatch.setattr(module, "digest_of", lambda path: (hashed.append(path.name), digest(path))[1])
    monkeypatch.setattr(swapping, "same", lambda one, other: (compared.append(one.name), same(one, other))[1])
    _, changed = build(LINKED, library, known=look(library, store))
    tables = [name for name in hashed if name.endswith((".csv", ".parquet"))]
    assert sorted(tables) == sorted(Path(name).name for name in published(library) if name.endswith((".csv", ".parquet")))
    assert "dataset/csv/books.csv" in changed
    assert "books.csv" in compared
    assert "mentions.csv" in tables
    assert "mentions.csv" not in compared
    assert look(library, store).published() == 3  # what was noted is what lies there


def test_a_published_file_that_is_a_link_stays_one(library: Path, store: Cache) -> None:
    build(LINKED, library, known=look(library, store))
    for table in ("csv/mentions.csv", "parquet/mentions.parquet"):
        (library / "annex").mkdir(exist_ok=True)
        (library / "dataset" / table).rename(library / "annex" / Path(table).name)
        (library / "dataset" / table).symlink_to(Path("../../annex") / Path(table).name)
    (library / "raw/books/plague.yaml").write_text(BOOK.format("Plague", "novel"), encoding="utf-8")
    _, changed = build(LINKED, library, known=look(library, store))
    assert "dataset/csv/books.csv" in changed
    assert not [path for path in changed if "mentions" in path]
    assert (library / "dataset/parquet/mentions.parquet").is_symlink()
    assert "parquet/mentions.parquet" in (library / "dataset/SHA256SUMS").read_text(encoding="utf-8")


def test_a_column_may_be_derived_from_what_a_reference_to_its_own_table_may_be(library: Path, store: Cache) -> None:
    length = ColumnSpec("length", "integer", "Of the id.")
    ids = Derived("authors", length, lambda frames: frames["authors.id"].to_series().str.len_chars().cast(pl.Int64))
    build(replace(LIBRARY, derived=(ids,)), library, known=look(library, store))
    (library / "raw/authors.yaml").write_text(DEFOE + "behn: {label: Aphra Behn}\n", encoding="utf-8")
    outcome, _ = build(replace(LIBRARY, derived=(ids,)), library, known=look(library, store))
    assert outcome.tabulated.frames["authors"]["length"].to_list() == [4, 5]


def test_what_is_looked_at_no_more_is_not_asked(library: Path, store: Cache) -> None:
    """First authors look at books, then books at authors; to follow the note of the first would be to go round in circles."""

    def of_authors(frames: Frames) -> pl.Series:
        known = "Daniel Defoe" in frames["authors"]["label"].to_list()
        return pl.Series([frames["books"].height if known else 0] * frames["authors"].height, dtype=pl.Int64)

    def of_books(frames: Frames) -> pl.Series:
        essays = "essay" in frames["books"]["genre"].to_list()
        return pl.Series([frames["authors"].height if essays else 0] * frames["books"].height, dtype=pl.Int64)

    columns = (ColumnSpec("books", "integer", "Books."), ColumnSpec("authors", "integer", "Authors."))
    package = replace(LIBRARY, derived=(Derived("authors", columns[0], of_authors), Derived("books", columns[1], of_books)))
    build(package, library, known=look(library, store))
    (library / "raw/books/crusoe.yaml").write_text(BOOK.format("Crusoe", "essay"), encoding="utf-8")
    (library / "raw/authors.yaml").write_text(DEFOE.replace("Daniel Defoe", "De Foe"), encoding="utf-8")
    outcome, _ = build(package, library, known=look(library, store))
    assert (outcome.problems, outcome.tabulated.frames["books"]["authors"].to_list()) == ([], [1])


def test_a_derived_column_of_another_type_is_another() -> None:
    number = pl.DataFrame({"n": [1, None]})
    assert sha256_of(number) == sha256_of(pl.concat([number.head(1), number.tail(1)], rechunk=False))
    assert len({sha256_of(number), sha256_of(number.cast(pl.String)), sha256_of(pl.DataFrame({"n": ["1", ""]}))}) == 3


def test_code_that_is_changed_meanwhile_is_not_what_the_cache_knows(library: Path, store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    current = replace(store, version=cache._version(("schemas",)), modules=("schemas",))
    assert current.is_current()
    build(LIBRARY, library, known=look(library, current))
    assert look(library, current).right() == 2
    (library / "raw/authors.yaml").write_text(DEFOE.replace("Daniel", "Dan"), encoding="utf-8")
    kept = {path for path in store.folder.rglob("*") if path.is_file()}
    known = look(library, current)
    monkeypatch.setattr(cache, "code_of", lambda module: "another")
    outcome, changed = build(LIBRARY, library, known=known)
    assert (outcome.problems, outcome.known, bool(changed)) == ([], None, True)
    assert {path for path in store.folder.rglob("*") if path.is_file()} == kept


def test_nothing_that_is_wrong_is_kept(write: Write, store: Cache) -> None:
    root = write({"raw/authors.yaml": "defoe: {lable: x}\n", "raw/books/a.yaml": "label: [\n"})
    first = check(LIBRARY, root, known=look(root, store)).problems
    assert len(first) > 1
    assert check(LIBRARY, root, known=look(root, store)).problems == first
    assert list(store.folder.rglob("*")) == []


def test_what_only_the_tables_show_is_wrong_again(write: Write, store: Cache) -> None:
    root = write({"raw/books/a.yaml": BOOK.format("A", "novel")})
    assert [problem.rule for problem in check(LIBRARY, root, known=look(root, store)).problems] == ["broken-reference"]
    assert [problem.rule for problem in check(LIBRARY, root, known=look(root, store)).problems] == ["broken-reference"]


def test_another_version_of_code_or_schemas_knows_nothing(library: Path, store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    check(LIBRARY, library, known=look(library, store))
    monkeypatch.setattr(batches.Task, "judged", None)
    with pytest.raises(TypeError):
        check(LIBRARY, library, known=look(library, Cache(store.folder, "2")))


@pytest.mark.parametrize("damage", ["gone", "empty", "short", "blank", "folder"])
def test_a_cache_that_is_damaged_or_deleted_does_no_harm(damage: str, library: Path, store: Cache) -> None:
    before = build(LIBRARY, library, known=look(library, store))
    (library / "raw/authors.yaml").write_text(DEFOE + "behn: {label: Aphra Behn}\n", encoding="utf-8")
    for path in [path for path in store.folder.rglob("*") if path.is_file()]:
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(
                {"empty": b"", "blank": content if path.suffix else bytes(len(content))}.get(damage, content[: len(content) // 2])
            )
    if damage == "folder":
        shutil.rmtree(store.folder)
        store.folder.write_text("a file", encoding="utf-8")
    outcome, changed = build(LIBRARY, library, known=look(library, store))
    assert (outcome.problems, outcome.count) == ([], before[0].count + 1)
    assert "dataset/csv/authors.csv" in changed


def test_two_builds_at_once_share_a_cache(write: Write, store: Cache, library: Path, tmp_path: Path) -> None:
    shutil.copytree(library / "raw", tmp_path / "other/raw")

    def once(root: Path) -> list[Any]:
        return [check(LIBRARY, root, known=look(root, store)).problems for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(once, (library, tmp_path / "other"))) == [[[]] * 5] * 2


def test_the_oldest_go_when_there_is_too_much(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        store.keep_note(store.key(number), "x" * 100)
        os.utime(next(store.folder.glob(f"{store.key(number)[:2]}/{store.key(number)[2:]}")), (number, number))
    monkeypatch.setattr(cache, "MOST", 350)
    store.prune()
    assert [store.note(store.key(number)) is not None for number in range(4)] == [False, False, True, True]


def test_what_is_used_stays_longest(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        store.keep_note(store.key(number), "x" * 100)
        os.utime(next(store.folder.glob(f"{store.key(number)[:2]}/{store.key(number)[2:]}")), (number, number))
    assert (store.note(store.key(0)), store.has(store.key(1))) == ("x" * 100, True)
    monkeypatch.setattr(cache, "MOST", 350)
    store.prune()
    assert [store.has(store.key(number)) for number in range(3)] == [True, True, False]


def test_rows_come_back_as_they_were(store: Cache) -> None:
    rows = {"a": pa.table({"x": [1, None], "y": ["é", None]}), "b": pa.table({"z": pa.array([], pa.date32())})}
    packed = pack(rows)
    store.keep(store.key("k"), packed.content)
    assert {name: unpack(store.piece(store.key("k"), *place[:2])) for name, place in packed.places.items()} == rows
    with pytest.raises(OSError, match="No such file"):
        store.piece(store.key("other"), 0, 1)


def test_the_version_is_the_same_in_every_process() -> None:
    code = "from pipeline.cache import cache_of; print(cache_of('secgov', 'schemas').version)"
    versions = {subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2)}
    assert len(versions) == 1


def test_the_cache_lies_outside_the_repository_and_knows_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, appauthor: tmp_path / name)
    here = cache_of("library", "tests.library")
    assert here.folder == tmp_path / "library/build"
    monkeypatch.setattr(cache, "code_of", lambda module: "other code")
    assert cache_of("library", "tests.library").version != here.version
    assert here.version != cache_of("library").version


@pytest.mark.parametrize("library", ["pydantic", "pydantic-core", "yaml-rs", "pyyaml", "pyarrow", "polars", "pandera"])
def test_what_another_version_of_a_library_judged_is_not_known(library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, appauthor: tmp_path / name)
    here, real = cache_of("library").version, cache.version
    monkeypatch.setattr(cache, "version", lambda name: "0" if name == library else real(name))
    assert cache_of("library").version != here


def test_the_code_of_a_module_is_that_of_its_package_or_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for file in ("bare/deep/a.py", "alone.py", "neighbour.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("", encoding="utf-8")
    before = cache.code_of("bare.deep"), cache.code_of("alone")
    (tmp_path / "neighbour.py").write_text("x = 1", encoding="utf-8")
    assert (cache.code_of("bare.deep"), cache.code_of("alone")) == before
    (tmp_path / "bare/deep/a.py").write_text("x = 1", encoding="utf-8")  # a folder without __init__.py
    assert cache.code_of("bare.deep") != before[0]
    with pytest.raises(ModuleNotFoundError, match=r"^there is no module schemes, on whose code"):
        cache.code_of("schemes")
