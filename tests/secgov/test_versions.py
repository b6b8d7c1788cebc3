"""Any released version can be had, from a folder or from the web, and nothing but what was released."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import secgov
from pipeline.journey import build
from secgov import IntegrityError, Unavailable, UnknownName, _cite, _show, _tables
from secgov._archive import Archived
from secgov._checksums import is_plain
from secgov._dataset import Dataset
from secgov._ledger import LEDGER, releases_of
from secgov._versions import dataset_of, versions
from tests.library import LIBRARY
from tests.secgov.conftest import ARCHIVE, NEW, OLD, kept, seal
from tests.secgov.test_dataset import flip


def ledger(dataset: Dataset, **members: object) -> None:
    """Change members of the entry of the old release in the ledger."""
    path = dataset.root / LEDGER
    content = json.loads(path.read_bytes())
    content["releases"][0] |= members
    path.write_text(json.dumps(content), encoding="utf-8")
    seal(dataset.root)


def pages(dataset: Dataset) -> dict[str, int]:
    frame = _tables.load(dataset, "books").set_index("id")["pages"].dropna()
    return {str(key): int(value) for key, value in frame.items()}


# ------------------------------------------------------------------------------------------------- which there are


def test_the_versions_are_those_of_the_ledger(wheel: Dataset) -> None:
    ledger(wheel, doi="10.1234/first")
    frame = versions(wheel)
    assert list(frame.columns) == ["version", "date", "rows", "bytes", "sha256", "doi", "bundled"]
    assert [str(kind) for kind in frame.dtypes] == ["string", "datetime64[s]", "Int64", "Int64", "string", "string", "bool"]
    assert frame["version"].to_list() == [OLD, NEW]
    assert frame["date"].to_list() == [pd.Timestamp("2026-11-22"), pd.Timestamp("2027-03-01")]
    assert frame["bundled"].to_list() == [False, True]
    assert frame["doi"].to_list() == ["10.1234/first", pd.NA]
    assert frame.loc[1, "rows"] == _tables.tables(wheel)["rows"].sum()


def test_before_the_first_release_there_are_none(books: Dataset) -> None:
    frame = versions(books)
    assert frame.empty
    assert [str(kind) for kind in frame.dtypes] == ["string", "datetime64[s]", "Int64", "Int64", "string", "string", "bool"]
    with pytest.raises(UnknownName, match=r"^there is no version '0\.1\.0' that this installation knows of; there is 0\.0\.0\+dev$"):
        dataset_of(books, OLD)


def test_a_working_version_is_none_of_them(repository: Path) -> None:
    path = repository / "raw/books/crusoe.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("pages: 301", "pages: 302"), encoding="utf-8")
    build(LIBRARY, repository)
    working = Dataset(repository)
    assert working.package.version == f"{NEW}+dev"
    assert versions(working)["bundled"].to_list() == [False, False]
    assert dataset_of(working, f"{NEW}+dev") is working
    assert pages(dataset_of(working, NEW))["crusoe"] == 301
    assert working.doi is None


@pytest.mark.parametrize(("text", "reason"), [("{", "JSONDecodeError"), ("[]", "TypeError"), ('{"releases": [{}]}', "KeyError: 'version'")])
def test_a_ledger_that_makes_no_sense_is_an_integrity_error(wheel: Dataset, text: str, reason: str) -> None:
    (wheel.root / LEDGER).write_text(text, encoding="utf-8")
    seal(wheel.root)
    with pytest.raises(IntegrityError, match=rf"releases\.json is not a ledger of releases: {reason}"):
        versions(wheel)


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        ("0.1.1", r"; did you mean '0\.1\.0'\?"),
        ("v0.2.0", r"; did you mean '0\.2\.0'\?"),
        ("0.2", r"; did you mean '0\.2\.0'\?"),
        ("latest", r"; there is 0\.1\.0, 0\.2\.0"),
        ("../0.1.0/..", ""),
    ],
)
def test_an_unknown_version_names_the_nearest(wheel: Dataset, releases: Path, version: str, advice: str) -> None:
    with pytest.raises(UnknownName, match=rf"^there is no version '.*' that this installation knows of{advice}"):
        dataset_of(wheel, version, releases)


# ------------------------------------------------------------------------------------------------- from a folder


def test_the_version_that_came_along_needs_no_archive(wheel: Dataset) -> None:
    assert dataset_of(wheel, None) is dataset_of(wheel, NEW) is wheel
    assert dataset_of(wheel, None, "https://nowhere.example/") is wheel


def test_another_version_is_read_where_its_archive_lies(wheel: Dataset, releases: Path, cache: Path, offline: None) -> None:
    old = dataset_of(wheel, OLD, releases)
    assert pages(wheel) == {"crusoe": 301, "crusoe.sea": 10, "crusoe.more": 3}
    assert pages(old) == {"crusoe": 300, "crusoe.sea": 10}
    assert _tables.load(old, "books").attrs["version"] == OLD
    assert not cache.exists()


def test_every_function_works_on_every_version(wheel: Dataset, releases: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secgov.default", lambda: wheel)
    assert secgov.versions()["version"].to_list() == [OLD, NEW]
    assert secgov.version() == NEW
    where = {"version": OLD, "releases": str(releases)}
    assert set(secgov.load("books", **where)["id"]) == {"crusoe", "crusoe.start", "crusoe.sea", "crusoe.end"}
    assert secgov.load("flat_books", **where).shape[0] == 4
    assert secgov.tables(**where).set_index("table").loc["books", "rows"] == 4
    assert secgov.codebook("books", **where).equals(secgov.codebook("books"))
    assert "\nbooks/crusoe.end\n" in str(secgov.show("books/crusoe.end", **where))
    assert secgov.cite("books/crusoe", **where) == (
        f"The library. (2026). Robinson Crusoe [Record]. In A library (library {OLD}, books/crusoe) [Data set]."
    )
    assert secgov.diff(OLD, releases=releases).equals(secgov.diff(OLD, NEW, releases=releases))
    with zipfile.ZipFile(releases / ARCHIVE) as archive:
        for form in ("csv", "parquet"):
            path = secgov.path("books", form, **where)
            assert path == cache / f"library-{OLD}/dataset/{form}/books.{form}"
            assert path.read_bytes() == archive.read(f"dataset/{form}/books.{form}")
            path.write_bytes(b"")
            assert secgov.path("books", form, **where).read_bytes() == archive.read(f"dataset/{form}/books.{form}")
    assert kept(cache) == [f"library-{OLD}/dataset/csv/books.csv", f"library-{OLD}/dataset/parquet/books.parquet"]


@pytest.mark.parametrize(
    "use",
    [secgov.tables, secgov.codebook, secgov.cite, *(partial(use, "books") for use in (secgov.load, secgov.path, secgov.show, secgov.plot))],
)
def test_a_place_without_a_version_is_refused(use: Callable[..., object], releases: Path) -> None:
    with pytest.raises(ValueError, match=r"^releases says where the archives are; name a version too$"):
        use(releases=releases)


def test_the_place_is_the_argument_or_the_environment_or_the_checkout(
    wheel: Dataset, releases: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dataset_of(Dataset(checkout), OLD).root == checkout / "dataset/releases" / ARCHIVE
    monkeypatch.setenv("SECGOV_RELEASES", str(releases))
    assert dataset_of(wheel, OLD).root == releases / ARCHIVE
    assert dataset_of(Dataset(checkout), OLD).root == releases / ARCHIVE
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unavailable, match=rf"^there is no {ARCHIVE} in .*empty$"):
        dataset_of(Dataset(checkout), OLD, tmp_path / "empty")


def test_without_a_place_it_is_said_how_to_set_one(wheel: Dataset, offline: None) -> None:
    with pytest.raises(
        Unavailable, match=rf"^version {OLD} does not come with .*: give a folder or an address as .*, or set SECGOV_RELEASES$"
    ):
        dataset_of(wheel, OLD)


@pytest.mark.parametrize("place", ["ftp://example.org/", "file:///tmp", "doi://10.1/x"])
def test_a_place_that_is_neither_folder_nor_web_is_refused(wheel: Dataset, place: str, offline: None) -> None:
    with pytest.raises(Unavailable, match=rf"^'{place}' is no place for releases; give a folder or an http\(s\) address$"):
        dataset_of(wheel, OLD, place)


def test_labels_come_from_the_same_version(repository: Path) -> None:
    path = repository / "raw/authors.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Daniel Defoe", "Daniel Foe"), encoding="utf-8")
    build(LIBRARY, repository)
    new = Dataset(repository)
    old = dataset_of(new, OLD)
    for dataset, label in ((old, "Daniel Defoe"), (new, "Daniel Foe"), (old, "Daniel Defoe")):
        assert set(_tables.load(dataset, "book_readers", labels=True)["reader_label"]) == {label}


def test_a_doi_is_that_of_the_very_version(wheel: Dataset, releases: Path) -> None:
    ledger(wheel, doi="10.1234/first")
    old = dataset_of(wheel, OLD, releases)
    assert (old.doi, wheel.doi) == ("10.1234/first", None)
    assert _cite.cite(old).endswith(f"(Version {OLD}) [Data set]. https://doi.org/10.1234/first")
    assert "doi" not in _cite.cite(wheel, style="bibtex")


# ----------------------------------------------------------------------------------------------------- nothing else

USES: list[Callable[[Dataset], object]] = [
    lambda dataset: _tables.load(dataset, "books"),
    _tables.tables,
    _tables.codebook,
    lambda dataset: dataset.path("books"),
    _cite.cite,
    lambda dataset: _show.show(dataset, "books/crusoe"),
]
every_use = pytest.mark.parametrize("use", USES, ids=["load", "tables", "codebook", "path", "cite", "show"])


@every_use
def test_an_archive_with_one_byte_flipped_is_refused_even_if_it_was_used_before(
    wheel: Dataset, releases: Path, cache: Path, use: Callable[[Dataset], object]
) -> None:
    use(dataset_of(wheel, OLD, releases))
    shutil.rmtree(cache, ignore_errors=True)
    flip(releases / ARCHIVE)
    with pytest.raises(IntegrityError, match=rf"{ARCHIVE} has another sha256 than {ARCHIVE} as it was released; nothing of it was used"):
        use(dataset_of(wheel, OLD, releases))
    assert kept(cache) == []


@every_use
def test_an_archive_that_was_cut_off_is_refused(wheel: Dataset, releases: Path, use: Callable[[Dataset], object]) -> None:
    path = releases / ARCHIVE
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(IntegrityError, match=rf"{ARCHIVE} has {size - 7} bytes, and {ARCHIVE} as it was released has {size}; nothing of"):
        use(dataset_of(wheel, OLD, releases))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_arrow_reads_of_an_archive_is_no_memory_of_python(
    wheel: Dataset, releases: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    # An Arrow thread that lets go of a Python object while the interpreter ends aborts the process: seen once in some thousand runs.
    dataset = dataset_of(wheel, OLD, releases)
    assert isinstance(dataset, Archived)
    file = dataset.table("books").files[form]
    content = dataset._content(file)
    monkeypatch.setattr(Archived, "_content", lambda *_: content)
    held = sys.getrefcount(content)
    source = dataset._source(file)
    assert sys.getrefcount(content) == held
    assert source.read() == content


def test_an_archive_that_goes_away_is_said_to_be_gone(wheel: Dataset, releases: Path) -> None:
    old = dataset_of(wheel, OLD, releases)
    (releases / ARCHIVE).unlink()
    with pytest.raises(Unavailable, match=rf"{ARCHIVE} is not there any more$"):
        old.table("books")


def forged(wheel: Dataset, releases: Path, change: Callable[[dict[str, bytes]], object], how: int = zipfile.ZIP_STORED) -> Dataset:
    """An archive with other contents, and a ledger that vouches for it all the same."""
    path = releases / ARCHIVE
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=how)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    ledger(wheel, bytes=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), files=digests)
    return dataset_of(wheel, OLD, releases)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "dataset/../../evil.txt", "/evil.txt", "C:evil.txt", "C:/evil.txt", "..\\evil.txt", "a//b", "./a", "a/", "a\x01b", ""],
)
def test_a_path_that_leaves_its_folder_is_refused_whoever_vouches_for_it(
    wheel: Dataset, releases: Path, cache: Path, tmp_path: Path, name: str
) -> None:
    dataset = forged(wheel, releases, lambda contents: contents.update({name: b"evil"}))
    before = kept(tmp_path)
    for use in USES:
        with pytest.raises(IntegrityError, match=rf"^{ARCHIVE} is refused: '.*' is no plain relative path$"):
            use(dataset)
    assert kept(tmp_path) == before
    assert kept(cache.parent) == []


def test_two_files_that_differ_in_capitals_only_are_refused(wheel: Dataset, releases: Path) -> None:
    dataset = forged(wheel, releases, lambda contents: contents.update({"DATASET/csv/Books.csv": b"evil"}))
    with pytest.raises(IntegrityError, match=rf"^{ARCHIVE} is refused: two of its files differ in capital letters only$"):
        dataset.table("books")


def test_a_member_that_is_a_link_is_a_file_and_nothing_else(wheel: Dataset, releases: Path, cache: Path) -> None:
    path = releases / ARCHIVE
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            member = zipfile.ZipInfo(name)
            member.create_system, member.external_attr = 3, 0o120777 << 16
            archive.writestr(member, content)
    ledger(wheel, bytes=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    file = dataset_of(wheel, OLD, releases).path("books")
    assert file.is_relative_to(cache)
    assert not file.is_symlink()
    assert file.read_bytes() == contents["dataset/csv/books.csv"]


@pytest.mark.parametrize("name", ["..", "../..", "dataset/releases/..", "dataset/releases/", "C:x.zip", "..\\x.zip", "/etc/passwd/."])
def test_an_archive_of_the_ledger_that_would_lie_elsewhere_is_refused(wheel: Dataset, releases: Path, cache: Path, name: str) -> None:
    ledger(wheel, archive=name)
    with pytest.raises(IntegrityError, match=r"releases\.json is not a ledger of releases: ValueError: '.*' is no plain relative path"):
        dataset_of(wheel, OLD, releases)
    assert kept(cache.parent) == []


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "dataset/../../secret", "C:/secret", "..\\secret", "dataset//csv", "", "./x"])
def test_a_path_of_the_descriptor_that_leaves_the_dataset_is_refused(wheel: Dataset, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    path = wheel.root / "datapackage.json"
    content = json.loads(path.read_bytes())
    content["resources"][0] |= {"path": name, "bytes": 6, "hash": hashlib.sha256(b"secret").hexdigest()}
    path.write_text(json.dumps(content), encoding="utf-8")
    seal(wheel.root)
    for use in USES:
        with pytest.raises(IntegrityError, match=r"is not the descriptor of a dataset: ValueError: '.*' is no plain relative path"):
            use(wheel)


@pytest.mark.parametrize("name", ["datapackage.json", "dataset/csv/flat_books.csv", "a/..b/c..", "dataset/csv/Größe.csv"])
def test_a_plain_path_is_plain(name: str) -> None:
    assert is_plain(name)


def test_an_archive_that_is_compressed_is_refused(wheel: Dataset, releases: Path) -> None:
    with pytest.raises(IntegrityError, match=rf"^{ARCHIVE} is refused: '.*' is compressed$"):
        forged(wheel, releases, lambda contents: None, zipfile.ZIP_DEFLATED).table("books")


def test_an_archive_that_lacks_a_file_of_the_ledger_or_has_another_is_refused(wheel: Dataset, releases: Path) -> None:
    forged(wheel, releases, lambda contents: None)
    files = dict(releases_of(wheel.root)[OLD].files)
    for wrong in (files | {"more.txt": "0" * 64}, {name: digest for name, digest in files.items() if name != "LICENSE"}):
        ledger(wheel, files=wrong)
        with pytest.raises(IntegrityError, match=rf"^{ARCHIVE} is refused: it does not hold exactly the files that the ledger lists$"):
            dataset_of(wheel, OLD, releases).table("books")


def test_each_file_is_checked_as_it_is_read(wheel: Dataset, releases: Path) -> None:
    files = dict(releases_of(wheel.root)[OLD].files)
    ledger(wheel, files=files | {"dataset/parquet/books.parquet": "0" * 64})
    old = dataset_of(wheel, OLD, releases)
    assert len(_tables.load(old, "authors")) == 1
    with pytest.raises(IntegrityError, match=rf"^dataset/parquet/books\.parquet in {ARCHIVE} has another sha256 than the ledger says$"):
        _tables.load(old, "books")


def test_a_file_that_is_no_archive_is_refused(wheel: Dataset, releases: Path) -> None:
    (releases / ARCHIVE).write_bytes(b"no zip")
    ledger(wheel, bytes=6, sha256=hashlib.sha256(b"no zip").hexdigest())
    with pytest.raises(IntegrityError, match=rf"{ARCHIVE} is not an archive: "):
        dataset_of(wheel, OLD, releases).table("books")


def test_an_archive_that_is_changed_while_it_is_read_is_noticed(wheel: Dataset, releases: Path) -> None:
    old = dataset_of(wheel, OLD, releases)
    assert isinstance(old, Archived)
    file = old.table("books").files["csv"]
    with zipfile.ZipFile(releases / ARCHIVE, "w") as archive:
        archive.writestr("other", "x")
    with pytest.raises(IntegrityError, match=rf"^dataset/csv/books\.csv cannot be read from {ARCHIVE}: "):
        old._content(file)


def test_a_cache_that_cannot_be_written_is_said_to_be_so(
    wheel: Dataset, releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SECGOV_CACHE", str(tmp_path / "file"))
    old = dataset_of(wheel, OLD, releases)
    assert len(_tables.load(old, "books")) == 4  # for which nothing is written
    with pytest.raises(Unavailable, match=r"books\.csv cannot be written: .*; the variable SECGOV_CACHE sets another folder$"):
        old.path("books")


def test_a_kill_while_writing_leaves_no_half_file(wheel: Dataset, releases: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        dataset_of(wheel, OLD, releases).path("books")
    assert kept(cache) == []
