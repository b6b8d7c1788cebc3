"""A build killed at any moment: what is published is the old, the new, or refused; and the next build just works."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.journey import build
from pipeline.verify import verify
from tests.library import LIBRARY

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

KILLS = 100
BUILD = """
import sys; from pathlib import Path; from pipeline.journey import build; from tests.library import LIBRARY
build(LIBRARY, Path(sys.argv[1]))
"""
STAGES = (".staging", ".staging/journal.json")


def published(root: Path) -> dict[str, bytes]:
    skipped = {"raw", ".staging", ".staging.lock"}
    files = (path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] not in skipped)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def kill_somewhere(root: Path, chance: random.Random) -> None:
    """Start a build and kill it: at any moment, or a moment after it began to stage or to put files in place."""
    process = subprocess.Popen([sys.executable, "-c", BUILD, str(root)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    mark = chance.choice((None, *STAGES))
    while mark and process.poll() is None and not (root / mark).exists():
        time.sleep(0.0002)
    time.sleep(chance.uniform(0, 0.02 if mark else 1.5))
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_hundred_kills_never_leave_a_mixture_that_is_taken_for_whole(library: Path) -> None:
    chance = random.Random(20261122)
    book = library / "raw/books/crusoe.yaml"
    texts = [book.read_text(encoding="utf-8"), book.read_text(encoding="utf-8").replace("pages: 300", "pages: 301")]
    whole = []
    for text in texts:
        book.write_text(text, encoding="utf-8")
        build(LIBRARY, library)
        whole.append(published(library))
    states = {"old": 0, "new": 0, "refused": 0}
    for kill in range(KILLS):
        wanted = kill % 2
        book.write_text(texts[wanted], encoding="utf-8")
        kill_somewhere(library, chance)
        problems = verify(LIBRARY, library)
        now = published(library)
        if not problems:
            assert now in whole, f"kill {kill}: verify takes a mixture for whole"
        states["refused" if problems else "new" if now == whole[wanted] else "old"] += 1
        build(LIBRARY, library)
        assert published(library) == whole[wanted], f"kill {kill}: the next build does not mend it"
        assert verify(LIBRARY, library) == []
        assert not (library / ".staging").exists()
    assert min(states["old"], states["new"]) > 0, states
    print(states)
