"""The same bytes wherever it is done: a build in odd places and times, wheel and sdist made twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import RECORDS

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

BUILD = """
import sys; from pathlib import Path; from pipeline.journey import build; from tests.library import LIBRARY; from secgov import citations
outcome, _ = build(LIBRARY, Path(sys.argv[1]), citations=citations)
assert outcome.problems == []
from secgov._dataset import Dataset; from secgov import _tables
assert list(_tables.load(Dataset(Path(sys.argv[1])), "authors")["label"]) == ["Daniel Defoe"]
"""

PLACES = {
    "a path with blanks and accents": ("a b/ключ/书 é", {}),
    "a long path": ("/".join(["x" * 50] * 20), {}),
    "the C locale": ("c", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}),
    "another locale": ("l", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    "a time zone ahead": ("t", {"TZ": "Pacific/Kiritimati"}),
    "a time zone behind": ("u", {"TZ": "Pacific/Pago_Pago", "SOURCE_DATE_EPOCH": "0"}),
    "another order of sets": ("h", {"PYTHONHASHSEED": "4711"}),
    "an encoding that must be named": ("e", {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONWARNINGS": "error::EncodingWarning:pipeline"}),
}


def built(root: Path, env: dict[str, str]) -> dict[str, bytes]:
    for name, text in RECORDS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    line = [sys.executable, "-c", BUILD, str(root)]
    subprocess.run(line, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"} | env, check=True)
    files = (path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] != "raw")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built(tmp_path_factory.mktemp("plain"), {})


@pytest.mark.parametrize("what", PLACES)
def test_a_build_elsewhere_makes_the_same_bytes(plain: dict[str, bytes], tmp_path: Path, what: str) -> None:
    folder, env = PLACES[what]
    assert len(plain) > 20
    assert built(tmp_path / folder, env) == plain


def packed(project: Path, into: Path, umask: int, kind: str) -> bytes:
    line = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    env = os.environ | {"TZ": "Pacific/Kiritimati" if umask else "UTC"}
    subprocess.run(line, cwd=project, env=env, umask=umask, check=True, capture_output=True)
    (made,) = into.iterdir()
    return made.read_bytes()


def project(into: Path) -> Path:
    """What a clone holds of what is packed, with times of its own."""
    names = ("pyproject.toml", "README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-DATA", "datapackage.json")
    into.mkdir()
    for name in names:
        (into / name).write_bytes((ROOT / name).read_bytes())
    for name in ("secgov", "dataset"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__", "releases"), copy_function=shutil.copyfile)
    return into


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_two_packings_have_the_same_bytes(tmp_path: Path, kind: str) -> None:
    one = packed(project(tmp_path / "one"), tmp_path / "made", 0o022, kind)
    assert packed(project(tmp_path / "another"), tmp_path / "again", 0o000, kind) == one


def test_the_wheel_holds_the_package_its_data_and_nothing_else(tmp_path: Path) -> None:
    packed(project(tmp_path / "project"), tmp_path / "made", 0o022, "wheel")
    (wheel,) = (tmp_path / "made").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    code = {
        f"secgov/{path.relative_to(ROOT / 'secgov').as_posix()}"
        for path in (ROOT / "secgov").rglob("*")
        if path.suffix in (".py", ".typed")
    }
    data = {path.relative_to(ROOT).as_posix() for kind in ("csv", "parquet") for path in (ROOT / "dataset" / kind).iterdir()}
    single = {"datapackage.json", "dataset/codebook.md", "dataset/releases.json", "dataset/SHA256SUMS"}
    assert names == code | {f"secgov/data/{name}" for name in data | single}
