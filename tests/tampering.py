"""One byte changed, wherever: what the tests of tampering share."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pipeline.export import renditions
from pipeline.journey import build
from pipeline.release import plan, release
from pipeline.swap import LOCK
from secgov import citations
from tests.conftest import RECORDS
from tests.library import LIBRARY


def released(root: Path) -> Path:
    """A repository of books with one release and its renditions, and nothing changed since."""
    for name, text in {**RECORDS, "LICENSE": "Do what you like.\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    outcome, _ = build(LIBRARY, root, citations=citations)
    planned = plan(LIBRARY, outcome.tabulated, root, date(2026, 11, 22), citations=citations)
    release(LIBRARY, outcome.tabulated, root, planned, ("LICENSE",), citations, renditions)
    return root


def published(root: Path) -> list[Path]:
    """Everything in dataset/, archives and ledger included, and the descriptor."""
    return [root / "datapackage.json", *sorted(path for path in (root / "dataset").rglob("*") if path.is_file() and path.name != LOCK)]


@contextmanager
def flipped(path: Path, at: int, by: int) -> Iterator[None]:
    """One byte of a file is another; afterwards it is as it was. It is told by its time that it was changed, as on a quiet machine."""
    content = path.read_bytes()
    try:
        _put(path, content[:at] + bytes([content[at] ^ by]) + content[at + 1 :])
        yield
    finally:
        _put(path, content)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    now = time.time_ns()
    os.utime(path, ns=(now, now))  # a file system counts in milliseconds, and secgov looks again only at what has changed


def places(path: Path, most: int, chance: random.Random) -> list[tuple[int, int]]:
    """Bytes of a file by a draw, the first and the last among them, each with what it is changed by; all of them, if they are no more."""
    size = path.stat().st_size
    drawn = range(size) if size <= most else sorted({0, size - 1, *chance.sample(range(size), most)})
    return [(at, chance.choice((1, 0x20, 0x80, chance.randrange(1, 256)))) for at in drawn]
