"""On other systems: names that all of them can hold, and a dataset that nobody may write to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.values import is_id

ROOT = Path(__file__).resolve().parents[1]
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""What Windows takes for a device, whatever follows the first point."""


def tracked() -> list[str]:
    """Every path of the repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.split("\0") if path]


def test_no_two_paths_differ_in_capitals_only_and_every_system_can_hold_them() -> None:
    paths = tracked()
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert path.isascii(), path
        assert len(path) <= 150, path
        for part in path.split("/"):
            assert part.split(".")[0].lower() not in RESERVED, path
            assert not set(part) & set('<>:"\\|?*'), path
            assert part == part.rstrip(" ."), path


@pytest.mark.parametrize("name", ["Moscow", "moscoW", "İstanbul", "ıstanbul", "straße", "ﬁn", "K", "a.b", "a_b", "a b", "a\n"])
def test_ids_are_such_that_no_two_can_meet_where_capitals_do_not_count(name: str) -> None:
    assert not is_id(name)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_what_windows_takes_for_a_device_is_no_id(name: str) -> None:
    assert not is_id(name)
    assert is_id(f"{name}-1")


WATCHED = """
import os, sys
cache = os.environ["SECGOV_CACHE"]
seen = []
def watch(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        seen.append((event, str(arguments)))
    if event == "open":
        path, mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if writes and not isinstance(path, int) and not str(path).startswith((cache, "/dev/")):
            seen.append((event, str(path)))
    if event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.copyfile"):
        if not str(arguments[0]).startswith(cache):
            seen.append((event, str(arguments)))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import secgov
secgov.load("proposals", labels=True)
secgov.load("flat_proposals")
secgov.codebook(), secgov.tables(), secgov.versions(), secgov.path("states", "parquet")
secgov.show("institutions/brics")._repr_html_()
for style in ("apa", "bibtex", "ris", "csl-json", "cff", "zenodo"): secgov.cite(style=style)
secgov.load("proposals", version="0.1.0"), secgov.path("states", version="0.1.0"), secgov.diff("0.1.0", "0.2.0")
print(seen)
"""


def test_secgov_writes_nothing_outside_its_cache_and_uses_no_network(tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "SECGOV"))}
    env = kept | {"SECGOV_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "nobody")}
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
