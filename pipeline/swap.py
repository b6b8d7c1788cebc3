"""Replace many files as if they were one: staged, journalled, renamed; a kill in between is mended by the next command.

The journal is the point of no return. Before it is written nothing that was published has been touched, and what lies in
the staging folder is thrown away; once it is there (written whole, by a rename), every step that is left can be repeated,
and :func:`recover` repeats it. So a reader sees the old files, the new files, or a mixture whose checksums do not agree with
the descriptor, which is renamed last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

STAGING, LOCK = ".staging", ".staging.lock"
_FILES, _JOURNAL = "files", "journal.json"


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until no other process publishes into ``root``, and keep others out meanwhile.

    The lock is the operating system's and goes with the process, however that ends; where there is none (Windows), two builds
    of one tree at once are not kept apart.
    """
    with (root / LOCK).open("wb") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Alone in ``root`` with an empty staging folder, which is gone at the end unless a swap has still to be finished."""
    with alone(root):
        try:
            yield stage(root)
        finally:
            if not unfinished(root):
                discard(root)


def stage(root: Path) -> Path:
    """An empty folder beside the targets, for files under the paths that they will have; what a killed run left is gone."""
    recover(root)
    files = root / STAGING / _FILES
    files.mkdir(parents=True)
    return files


def discard(root: Path) -> None:
    """Throw away what was staged; nothing that was published has been touched."""
    shutil.rmtree(root / STAGING, ignore_errors=True)


def swap(root: Path, last: str, remove: Iterable[str] = (), unchanged: Collection[str] = ()) -> list[str]:
    """Put every staged file in its place and remove what is no longer made; return the paths that changed.

    last:      the file that is renamed after all others.
    remove:    published paths that the new build does not make.
    unchanged: staged paths of which somebody knows that they are what is there.
    """
    files = root / STAGING / _FILES
    staged = sorted(path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file())
    changed = [path for path in staged if path not in unchanged and not same(files / path, root / path)]
    gone = sorted(remove)
    # What lies deeper first: a ledger is never there before the archives that it lists, so that the next command can read it.
    order = sorted(changed, key=lambda path: (path == last, -path.count("/"), path))
    for path in order:
        _flush(files / path)
    for folder in {(files / path).parent for path in order}:
        _flush(folder)
    put(root / STAGING / _JOURNAL, json.dumps({"rename": order, "remove": gone}))
    _finish(root)
    return order + gone


def unfinished(root: Path) -> bool:
    """Whether a swap was begun and not ended."""
    return (root / STAGING / _JOURNAL).exists()


def recover(root: Path) -> bool:
    """Finish a swap that was killed after its journal was written, or throw away one that was not; say if there was one."""
    if not (root / STAGING).exists():
        return False
    if unfinished(root):
        _finish(root)
    else:
        discard(root)
    return True


def _finish(root: Path) -> None:
    staging = root / STAGING
    journal = json.loads((staging / _JOURNAL).read_text(encoding="utf-8"))
    for path in journal["remove"]:
        (root / path).unlink(missing_ok=True)
    for path in journal["rename"]:
        source, target = staging / _FILES / path, root / path
        if source.exists():  # else it was renamed before the kill
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
            _flush(target.parent)
    (staging / _JOURNAL).unlink()
    discard(root)


def put(path: Path, text: str) -> None:
    """Write or replace one file as a whole: whatever happens meanwhile, what was there is or the new text is."""
    draft = path.with_name(f".{path.name}.draft")  # hidden files are nobody's records
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, draft)
        _flush(draft)
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def exchange(fresh: Path, to: Path) -> None:
    """Put a file or folder in the place of another, which stays if that cannot be done."""
    old = to.with_name(f".{to.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if to.is_dir():  # what is no folder is replaced at once
        to.rename(old)
    try:
        fresh.replace(to)
    except OSError:
        if old.exists():
            old.rename(to)
        raise
    shutil.rmtree(old, ignore_errors=True)


def same(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes."""
    if not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    return one.read_bytes() == other.read_bytes()


def _flush(path: Path) -> None:
    """Make what was written to a file or folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
