"""Releases: what may be released, what is made, and that it can be trusted years later."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import journey
from pipeline.cache import Cache
from pipeline.export import renditions
from pipeline.journey import Outcome, check
from pipeline.known import look
from pipeline.language import Package
from pipeline.ledger import Release, as_json, check_ledger, entry_of, releases_of
from pipeline.places import LEDGER, RELEASES
from pipeline.problems import Problem
from pipeline.publish import CHECKSUMS
from pipeline.release import Plan, Refused, Renderer, plan, release, with_entry
from pipeline.verify import verify
from tests.library import LIBRARY

DAY = date(2026, 11, 22)
LICENCES = ("LICENSE",)


def cited(descriptor: Mapping[str, Any], doi: str | None) -> dict[str, str]:
    """Files that say how to cite a package, one of them only for a release."""
    texts = {"CITATION.cff": f"{descriptor['version']} {doi}\n", "dataset/citation/all.txt": f"{descriptor['title']}\n"}
    return texts | ({"dataset/citation/released.txt": descriptor["created"]} if "created" in descriptor else {})


def build(package: Package, root: Path) -> tuple[Outcome, list[str]]:
    return journey.build(package, root, citations=cited)


def freeze(root: Path, day: date = DAY, version: str | None = None, render: Renderer | None = None) -> Release:
    outcome, _ = build(LIBRARY, root)
    assert outcome.problems == []
    planned = plan(LIBRARY, outcome.tabulated, root, day, version, cited)
    return release(LIBRARY, outcome.tabulated, root, planned, LICENCES, cited, render)


def planned(root: Path, day: date = DAY, version: str | None = None) -> Plan:
    return plan(LIBRARY, check(LIBRARY, root).tabulated, root, day, version, cited)


def version(root: Path) -> str:
    return str(json.loads((root / "datapackage.json").read_text(encoding="utf-8"))["version"])


def edit(root: Path, old: str, new: str, file: str = "raw/books/crusoe.yaml") -> None:
    path = root / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def shelf(library: Path) -> Path:
    """A library that was not released yet."""
    (library / "LICENSE").write_text("Do what you like.\n")
    (library / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- The first books.\n")
    return library


@pytest.fixture
def released(shelf: Path) -> Path:
    freeze(shelf)
    return shelf


def test_before_the_first_release_a_build_has_no_version_to_cite(shelf: Path) -> None:
    build(LIBRARY, shelf)
    assert version(shelf) == "0.0.0+dev"


def test_the_first_release_is_0_1_0_and_the_build_is_then_that_release(shelf: Path) -> None:
    assert freeze(shelf).version == "0.1.0"
    assert version(shelf) == "0.1.0"
    assert build(LIBRARY, shelf)[1] == []
    assert verify(LIBRARY, shelf, deep=True) == []


def test_a_build_that_differs_from_the_release_says_so_and_one_that_is_it_again_does_not(released: Path) -> None:
    edit(released, "pages: 300", "pages: 301")
    build(LIBRARY, released)
    assert version(released) == "0.1.0+dev"
    edit(released, "pages: 301", "pages: 300")
    build(LIBRARY, released)
    assert version(released) == "0.1.0"


def test_the_archive_holds_all_that_was_published(released: Path) -> None:
    with zipfile.ZipFile(released / RELEASES / "library-0.1.0.zip") as archive:
        names = archive.namelist()
        assert {(member.date_time, member.external_attr >> 16) for member in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0o100644)}
        assert archive.testzip() is None
        for name in names:
            if name != CHECKSUMS:
                assert archive.read(name) == (released / name).read_bytes(), name
        listed, without = (text.decode().splitlines() for text in ((released / CHECKSUMS).read_bytes(), archive.read(CHECKSUMS)))
        assert [line for line in listed if line not in without] == [line for line in listed if line.endswith("  releases.json")]
    assert names == sorted(names)
    wanted = {"datapackage.json", "LICENSE", "dataset/codebook.md", "dataset/SHA256SUMS", "dataset/csv/books.csv"}
    assert wanted | {"CITATION.cff", "dataset/citation/all.txt", "dataset/citation/released.txt"} <= set(names)
    assert not [name for name in names if name.startswith(("raw", ".vscode", "/", "..", "dataset/releases")) or "\\" in name]


def test_an_unpacked_archive_verifies_by_itself(released: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(released / RELEASES / "library-0.1.0.zip") as archive:
        archive.extractall(folder)
    assert verify(LIBRARY, folder, deep=True) == []
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder / "dataset", check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "step", "expected"),
    [
        ("pages: 300", "pages: 301", "patch", "0.1.1"),
        ("  - {key: end, label: The end}\n", "  - {key: end, label: The end}\n  - {key: more, label: More}\n", "minor", "0.2.0"),
    ],
)
def test_the_version_follows_from_what_changed(released: Path, old: str, new: str, step: str, expected: str) -> None:
    edit(released, old, new)
    build(LIBRARY, released)
    assert planned(released).version == expected
    smaller = "0.1.0"
    with pytest.raises(Refused, match=rf"^{smaller} is too small: books: .* asks for {step}, at least {expected}$"):
        planned(released, version=smaller)
    assert planned(released, version="1.0.0").version == "1.0.0"


def test_a_release_that_may_not_be_made_is_refused(released: Path) -> None:
    with pytest.raises(Refused, match=r"^nothing differs from 0\.1\.0; there is nothing to release$"):
        planned(released)
    edit(released, "pages: 300", "pages: 301")
    with pytest.raises(Refused, match=r"^what is published is not what a build makes \(.*\); run build\.py and commit it first$"):
        planned(released)
    build(LIBRARY, released)
    with pytest.raises(Refused, match=r"^the day 2026-11-21 lies before that of the last release, 0\.1\.0 of 2026-11-22$"):
        planned(released, day=date(2026, 11, 21))
    with pytest.raises(Refused, match=r"^'2' is not a version; write three numbers, as in 0\.2\.0$"):
        planned(released, version="2")


def test_planning_writes_nothing(released: Path) -> None:
    edit(released, "pages: 300", "pages: 301")
    build(LIBRARY, released)
    before = {path: path.read_bytes() for path in released.rglob("*") if path.is_file()}
    assert planned(released).describe() == "0.1.0 → 0.1.1 (2026-11-22): patch, since books: crusoe changed\n  books: 1 changed\n"
    assert {path: path.read_bytes() for path in released.rglob("*") if path.is_file()} == before


def test_the_changelog_keeps_what_people_wrote_and_counts_what_changed(released: Path) -> None:
    assert (released / "CHANGELOG.md").read_text() == "# Changelog\n\n## 0.1.0 (2026-11-22)\n\n- The first books.\n"
    edit(released, "pages: 300", "pages: 301")
    freeze(released, date(2026, 12, 1))
    assert (released / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## 0.1.1 (2026-12-01)\n\n- books: 1 changed\n\n## 0.1.0 (2026-11-22)\n\n- The first books.\n"
    )
    text = with_entry("# Changelog\n\n## Unreleased\n\nProse.\n\n## 0.1.1\n\nOld.\n", planned(_changed(released)))
    assert text == "# Changelog\n\n## 0.1.2 (2026-11-22)\n\nProse.\n\nCounted:\n\n- books: 1 changed\n\n## 0.1.1\n\nOld.\n"


def _changed(root: Path) -> Path:
    edit(root, "pages: 301", "pages: 302")
    ledger = json.loads((root / LEDGER).read_text())
    ledger["releases"][-1]["date"] = "2026-11-22"
    (root / LEDGER).write_text(json.dumps(ledger))
    build(LIBRARY, root)
    return root


# ------------------------------------------------------------------------------------------------------- ids for ever


def test_an_id_that_was_published_may_not_be_dropped(released: Path) -> None:
    edit(released, "  - {key: end, label: The end}\n", "")
    assert [str(problem) for problem in check(LIBRARY, released).problems] == [
        "raw/retired.yaml:1:1  dropped-id  books/crusoe.end was published in 0.1.0 and is gone; put it back, or add the line "
        "'books/crusoe.end: {replaced_by: books/…, why: …}'"
    ]


def test_a_tree_that_was_published_and_is_gone_is_told_of_once(released: Path) -> None:
    (released / "raw/books/crusoe.yaml").rename(released / "raw/books/robinson.yaml")
    assert [str(problem) for problem in check(LIBRARY, released).problems if problem.rule == "dropped-id"] == [
        "raw/retired.yaml:1:1  dropped-id  books/crusoe, with 3 parts, was published in 0.1.0 and is gone; put it back, or add for "
        "each a line such as 'books/crusoe: {replaced_by: books/…, why: …}'"
    ]
    (released / "raw/retired.yaml").write_text("books/crusoe: {replaced_by: books/robinson, why: Its name was wrong.}\n")
    told = [problem.message.split()[0] for problem in check(LIBRARY, released).problems if problem.rule == "dropped-id"]
    assert sorted(told) == ["books/crusoe.end", "books/crusoe.sea", "books/crusoe.start"]


def test_an_id_that_was_retired_stays_known_and_is_not_used_again(released: Path) -> None:
    edit(released, "  - {key: end, label: The end}\n", "")
    (released / "raw/retired.yaml").write_text("books/crusoe.end: {replaced_by: books/crusoe.start, why: It was no end.}\n")
    assert freeze(released).version == "0.2.0"
    (released / "raw/retired.yaml").unlink()
    assert [problem.rule for problem in check(LIBRARY, released).problems] == ["dropped-id"]
    edit(released, "chapters:\n  - key: start", "chapters:\n  - {key: end, label: Another}\n  - key: start")
    (problem,) = check(LIBRARY, released).problems
    assert str(problem) == (
        "raw/books/crusoe.yaml:10:5  reused-id  books/crusoe.end was retired and its id is not used again; choose another"
    )


# ----------------------------------------------------------------------------------------------------------- trust


def test_one_changed_byte_in_an_archive_or_an_entry_is_found(released: Path) -> None:
    edit(released, "pages: 300", "pages: 301")
    freeze(released, render=renditions)
    assert list(check_ledger(released)) == []
    archives = sorted((released / RELEASES).glob("*.zip"))
    assert len(archives) == 3
    for archive in archives:
        content = archive.read_bytes()
        archive.write_bytes(content[:1000] + bytes([content[1000] ^ 1]) + content[1001:])
        version = archive.stem.removeprefix("library-").removesuffix("-renditions")
        assert [message for _, message in check_ledger(released)] == [f"the archive of {version} is not the one that was released"]
        archive.write_bytes(content)
    path = released / LEDGER
    ledger = path.read_text()
    for match in re.finditer(r'": "?([^"\n,{\[]+)', ledger):  # every value of every entry
        value = match[1]
        if value == "null" and ledger[: match.start()].endswith('"doi'):
            continue  # given later, and outside the chain
        other = "x" + value[1:] if value[0] != "x" else "y" + value[1:]
        path.write_text(ledger[: match.start(1)] + other + ledger[match.end(1) :])
        assert [place for place, _ in check_ledger(released)], match[0]
    path.write_text(ledger)
    assert list(check_ledger(released)) == []


def test_a_doi_given_later_breaks_nothing(released: Path) -> None:
    edit(released, "pages: 300", "pages: 301")
    freeze(released)
    ledger = json.loads((released / LEDGER).read_text())
    ledger["releases"][0]["doi"] = "10.1234/example"
    (released / LEDGER).write_text(json.dumps(ledger))
    assert list(check_ledger(released)) == []


def test_what_says_how_to_cite_it_follows_the_version_and_has_the_doi_of_that_version_only(released: Path) -> None:
    citation, released_only = released / "CITATION.cff", released / "dataset/citation/released.txt"
    assert citation.read_text() == "0.1.0 None\n"
    assert released_only.exists()
    ledger = json.loads((released / LEDGER).read_text())
    ledger["releases"][0]["doi"] = "10.1234/example"
    (released / LEDGER).write_text(json.dumps(ledger))
    assert [problem.file for problem in verify(LIBRARY, released)] == [LEDGER]
    assert build(LIBRARY, released)[1] == [CHECKSUMS, "CITATION.cff"]
    assert citation.read_text() == "0.1.0 10.1234/example\n"
    assert verify(LIBRARY, released) == []
    edit(released, "pages: 300", "pages: 301")
    assert "dataset/citation/released.txt" in build(LIBRARY, released)[1]
    assert citation.read_text() == "0.1.0+dev None\n"
    assert not released_only.exists()
    assert verify(LIBRARY, released) == []


def test_an_entry_or_archive_that_is_taken_out_or_put_in_is_found(released: Path) -> None:
    edit(released, "pages: 300", "pages: 301")
    freeze(released)
    ledger = json.loads((released / LEDGER).read_text())
    (released / LEDGER).write_text(json.dumps({"releases": ledger["releases"][1:]}))
    assert len(list(check_ledger(released))) == 2  # the chain is broken, and an archive has no entry
    (released / LEDGER).write_text(json.dumps(ledger))
    (released / RELEASES / "library-0.1.0.zip").unlink()
    assert list(check_ledger(released)) == [(f"{RELEASES}/library-0.1.0.zip", "the archive of 0.1.0 is not there")]


def test_a_ledger_that_cannot_be_read_is_said_to_be_damaged(released: Path) -> None:
    (released / LEDGER).write_text("{")
    ((path, message),) = check_ledger(released)
    assert path == LEDGER
    assert message.startswith("dataset/releases.json cannot be read: ")
    with pytest.raises(ValueError, match=r"^dataset/releases\.json cannot be read: "):
        releases_of(released)
    assert [str(problem) for problem in check(LIBRARY, released).problems] == [f"{LEDGER}:1:1  bad-release  {message}"]


@pytest.mark.parametrize(("content", "what"), [(None, "is not there"), (b"PK", "is not the one that was released")])
def test_without_the_last_release_nobody_knows_which_ids_are_taken(content: bytes | None, what: str, released: Path) -> None:
    archive = released / RELEASES / "library-0.1.0.zip"
    archive.unlink()
    if content is not None:
        archive.write_bytes(content)
    (problem,) = check(LIBRARY, released).problems
    assert str(problem).startswith(f"{RELEASES}/library-0.1.0.zip:1:1  bad-release  the archive of 0.1.0 {what}; put it back")
    assert build(LIBRARY, released)[1] == []


def test_another_archive_of_the_same_size_is_not_taken_for_the_one_that_was_seen(released: Path, tmp_path: Path) -> None:
    store = Cache(tmp_path / "cache", "1")
    check(LIBRARY, released, known=look(released, store))
    assert look(released, store).right() == 2
    archive = released / RELEASES / "library-0.1.0.zip"
    archive.write_bytes(archive.read_bytes()[:-1] + b"?")
    assert look(released, store).right() is None


def test_the_same_release_in_two_folders_umasks_zones_and_locales_is_the_same_bytes(
    shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    script = (
        "import os, sys; from pathlib import Path; os.umask(int(sys.argv[2], 8)); "
        "from tests.pipeline.test_release import freeze, renditions; freeze(Path(sys.argv[1]), render=renditions)"
    )
    made = []
    for mask, zone, locale in (("022", "Asia/Kathmandu", "C"), ("077", "America/St_Johns", "tr_TR.UTF-8")):
        folder = tmp_path_factory.mktemp(f"mask {mask}")
        shutil.copytree(shelf, folder, dirs_exist_ok=True)
        environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": mask, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", script, str(folder), mask], check=True, env=environment)
        made.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert made[0] == made[1]
    assert {f"{RELEASES}/library-0.1.0.zip", f"{RELEASES}/library-0.1.0-renditions.zip"} <= made[0].keys()


def test_an_entry_can_be_made_again_from_its_archive(released: Path) -> None:
    (entry,) = releases_of(released)
    assert entry_of(released / entry.archive, None) == entry
    assert entry.rows["books"] == 4
    assert entry.date == "2026-11-22"
    assert entry.doi is None


# ------------------------------------------------------------------------------------------------------------ renditions


def test_a_release_carries_its_renditions_in_an_archive_of_their_own(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    entry = freeze(shelf, render=renditions)
    assert entry.renditions is not None
    to = tmp_path_factory.mktemp("to")
    assert renditions(LIBRARY, shelf, to)[1] == []
    with zipfile.ZipFile(shelf / entry.renditions.archive) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    made = {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}
    assert contents == made | {"LICENSE": (shelf / "LICENSE").read_bytes()}
    assert list(entry.renditions.files) == sorted(contents)
    assert b"0.1.0" in made["library-stata/books.dta"]
    assert verify(LIBRARY, shelf) == []
    assert entry_of(shelf / entry.archive, None, renditions=shelf / entry.renditions.archive) == entry == releases_of(shelf)[0]


def test_renditions_that_are_gone_or_that_the_ledger_does_not_name_are_found(shelf: Path) -> None:
    entry = freeze(shelf, render=renditions)
    ledger = (shelf / LEDGER).read_text()
    assert entry.renditions is not None
    (shelf / LEDGER).write_text(as_json([Release(**{**vars(entry), "renditions": None})]))
    assert list(check_ledger(shelf)) == [(entry.renditions.archive, "the ledger does not know this file")]
    (shelf / LEDGER).write_text(ledger)
    (shelf / entry.renditions.archive).unlink()
    assert list(check_ledger(shelf)) == [(entry.renditions.archive, "the archive of 0.1.0 is not there")]


def test_releases_without_renditions_stay_as_they_were(released: Path) -> None:
    (entry,) = releases_of(released)
    assert entry.renditions is None
    before = json.loads((released / LEDGER).read_text())["releases"]
    assert "renditions" not in before[0]
    edit(released, "pages: 300", "pages: 301")
    freeze(released, render=renditions)
    after = json.loads((released / LEDGER).read_text())["releases"]
    assert after[0] == before[0]
    assert after[1]["previous"] == entry.digest()
    assert list(check_ledger(released)) == []


def test_nothing_is_released_whose_renditions_cannot_be_made(shelf: Path) -> None:
    problem = Problem("dataset/csv/books.csv", 2, 1, "does-not-fit", "label is too long")
    with pytest.raises(Refused, match=r"^dataset/csv/books\.csv:2: label is too long$"):
        freeze(shelf, render=lambda *_: ([], [problem]))
    assert version(shelf) == "0.0.0+dev"
    assert not (shelf / LEDGER).exists()
