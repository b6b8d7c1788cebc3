"""Hostile files, all in one tree: each is refused where it lies, by its rule, in one line, and none spoils what is said of the others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.format import format_files
from pipeline.journey import check
from pipeline.problems import Problem
from schemas.package import PACKAGE
from tests.monsters import BASE, MONSTERS, lay, shown

QUICK = {name: monster for name, monster in MONSTERS.items() if not monster.heavy}
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def den(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("den")
    shutil.copytree(BASE, root / "raw")
    for monster in QUICK.values():
        lay(monster, root)
    return root


@pytest.fixture(scope="module")
def found(den: Path) -> list[Problem]:
    return check(PACKAGE, den).problems


@pytest.mark.parametrize("name", QUICK)
def test_a_monster_is_refused_where_it_lies_by_its_rule(found: list[Problem], name: str) -> None:
    monster = MONSTERS[name]
    assert monster.rule in [problem.rule for problem in found if problem.file == shown(monster)]


def test_no_tag_was_obeyed(found: list[Problem], den: Path) -> None:
    assert found
    assert not Path("made-by-a-tag").exists()
    assert not (den / "made-by-a-tag").exists()


def test_the_formatter_neither_follows_a_link_nor_waits_for_a_pipe(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("label:   a\n")
    root = tmp_path / "root"
    shutil.copytree(BASE, root / "raw")
    for name in ("pipe", "socket", "folder called as a record", "link to zeros", "link to nowhere", "line of a gigabyte"):
        lay(MONSTERS[name], root)
    (root / "raw/events").mkdir()
    (root / "raw/events/out.yaml").symlink_to(outside)
    changed, problems = format_files(root, write=True)
    assert [problem.rule for problem in problems] == ["too-large"]
    assert "raw/events/out.yaml" not in changed
    assert outside.read_text() == "label:   a\n"


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_the_command_prints_whatever_a_file_is_called_on_a_terminal_of_ascii(tmp_path: Path, form: str) -> None:
    shutil.copytree(BASE, tmp_path / "raw")
    for name in ("name that is no text", "name with an escape", "name with an accent"):
        lay(MONSTERS[name], tmp_path)
    (tmp_path / "raw/events/paris.yaml").write_text("label: Café\ntype: café\nconfidence: low\n", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict", "POLARS_MAX_THREADS": "1"}
    line = [sys.executable, "build.py", "check", "--root", str(tmp_path), "--format", form]
    done = subprocess.run(line, cwd=ROOT, env=plain, capture_output=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()
    assert "'café' is not a term" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout
