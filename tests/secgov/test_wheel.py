"""The wheel of the newest version, alone in a clean environment, loads an older one from a folder and from the web."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.journey import build
from pipeline.release import plan, release
from schemas.package import PACKAGE
from secgov import citations
from secgov._dataset import HERE
from tests.secgov.conftest import Server
from tests.secgov.test_dataset import flip
from tests.slow.test_clean_environments import WHEEL, environment, run

pytestmark = pytest.mark.slow

LICENCES = ("LICENSE", "LICENSE-DATA")
SCRIPT = """
import sys, secgov
assert secgov.__file__.startswith(sys.prefix)
frame = secgov.load("topics", version="0.1.0", labels=True)
print(secgov.version(), frame.attrs["version"], *frame["label"])
print(*secgov.diff("0.1.0")["change"])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository with the small dataset instead of the real one, released twice."""
    root = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", *LICENCES):
        shutil.copy(HERE.parent / name, root)
    shutil.copytree(HERE, root / "secgov", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parent / "raw", root / "raw")
    topics = root / "raw/topics.yaml"
    for day, label in ((22, "Peace"), (23, "Peace and quiet")):
        topics.write_text(topics.read_text(encoding="utf-8").replace("label: Peace", f"label: {label}"), encoding="utf-8")
        outcome, _ = build(PACKAGE, root, citations=citations)
        assert outcome.problems == []
        planned = plan(PACKAGE, outcome.tabulated, root, date(2026, 11, day), citations=citations)
        release(PACKAGE, outcome.tabulated, root, planned, LICENCES, citations)
    return root


@pytest.fixture(scope="module")
def python(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    run(*WHEEL, folder, cwd=project)
    (wheel,) = folder.glob("*.whl")
    return environment(folder / "env", wheel) / "python"


@pytest.fixture
def releases(project: Path, tmp_path: Path) -> Path:
    shutil.copytree(project / "dataset/releases", tmp_path / "releases")
    return tmp_path / "releases"


@pytest.mark.parametrize("by", ["folder", "web"])
def test_an_older_version_is_loaded_and_with_one_byte_flipped_it_is_refused(
    python: Path, releases: Path, served: Server, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("SECGOV_RELEASES", str(releases) if by == "folder" else served.url)
    assert run(python, "-W", "error", "-c", SCRIPT, cwd=tmp_path) == "0.1.1 0.1.0 Peace\nchanged changed\n"
    shutil.rmtree(cache, ignore_errors=True)
    flip(releases / "secgov-0.1.0.zip")
    refused = "import secgov\ntry: secgov.load('topics', version='0.1.0')\nexcept secgov.IntegrityError as error: print(error)"
    assert "secgov-0.1.0.zip has another sha256 than secgov-0.1.0.zip as it was released" in run(python, "-c", refused, cwd=tmp_path)
    assert not any(path.is_file() for path in cache.rglob("*"))
