"""What a stranger does, in environments that hold nothing else: install the wheel, validate, read with R, build from a clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

WHEEL = (sys.executable, "-m", "pip", "wheel", ".", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir")
"""Builds the wheel with the locked hatchling; the folder follows. (``python -m build`` would run our build.py.)"""


def run(*arguments: object, cwd: Path, **variables: object) -> str:
    """Run a command that has to succeed; its output."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS", "COV"))
    }
    done = subprocess.run(
        [str(a) for a in arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=environment | {k: str(v) for k, v in variables.items()},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path, *packages: object) -> Path:
    """A new virtual environment with the packages; the path of its programs."""
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages, cwd=folder.parent)
    return folder / "bin"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what is committed."""
    folder = tmp_path_factory.mktemp("a clone") / "secgov"
    run("git", "clone", "--quiet", ROOT, folder, cwd=ROOT)
    return folder


def test_make_build_in_a_fresh_clone_changes_nothing(clone: Path) -> None:
    run("make", "build", f"PYTHON={sys.executable}", cwd=clone)
    assert run("git", "status", "--porcelain", cwd=clone) == ""


def test_the_readme_works_with_only_the_wheel(clone: Path, tmp_path: Path) -> None:
    run(*WHEEL, tmp_path / "dist", cwd=clone)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    programs = environment(tmp_path / "env", wheel)
    every = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [block for block in every if "from pipeline" not in block]  # which is not in the wheel: it wants a clone
    assert len(every) - 1 == len(lines) >= 2
    script = tmp_path / "readme.py"
    script.write_text("\n".join(lines) + "\nassert secgov.__file__.startswith(__import__('sys').prefix)\n", encoding="utf-8")
    assert "proposals/wang-yi-brics-nsa-14" in run(
        programs / "python", script, cwd=tmp_path, SECGOV_RELEASES=clone / "dataset/releases", SECGOV_CACHE=tmp_path / "cache"
    )
    assert "proposals" in run(programs / "secgov", "tables", cwd=tmp_path)


def test_r_reads_the_same_rows(tmp_path: Path) -> None:
    if not shutil.which("Rscript"):
        if os.environ.get("SECGOV_NO_SKIP"):
            pytest.fail("Rscript is not here, and nothing may be skipped")
        pytest.skip("Rscript is not here")
    (lines,) = re.findall(r"```r\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "readme.R"
    script.write_text(f'{lines}\nwrite.csv(proposals, "{tmp_path}/back.csv", na = "", row.names = FALSE, fileEncoding = "UTF-8")\n')
    run("Rscript", "--vanilla", "--encoding=UTF-8", script, cwd=ROOT)
    back = pd.read_csv(tmp_path / "back.csv", keep_default_na=False, dtype=str)
    want = pd.read_csv(ROOT / "dataset/csv/proposals.csv", keep_default_na=False, dtype=str)
    assert list(back.columns) == list(want.columns)
    for column in want.columns:
        assert list(back[column].str.lower()) == list(want[column].str.lower()), column  # R prints TRUE for true
