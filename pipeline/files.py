"""What lies in raw/ as files: which there are, in which batches they are read, and their bytes.

Nothing but the standard library is known here, so that whether anything has changed is found out before anything else is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

RAW, RETIRED = "raw", "retired"
_READ = 2**16
_BYTES = os.O_RDONLY | getattr(os, "O_BINARY", 0)
"""As they are: Windows would change line ends."""

_ASK_AHEAD = hasattr(os, "posix_fadvise")

MOST_BYTES = 4 * 2**20
"""So large a file may be; of a larger one only so much is read that the reader sees it."""

BATCH = 512
"""How many files a batch has, about: it costs a few milliseconds to hand one over, and some fifty to read one."""

USUAL = 2**10
"""So many bytes a file of one record has, about."""

SMALL = 4 * BATCH
"""So many files of that size are read in less time than it takes to start a process."""

_SOME = 64
"""So many files are open at a time, and looked at to know how large many are."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to read together: those of these ids in a table's folder, or, with no ids, the one file of the table.

    taken:  ids of that one file that have a file of their own, which is the one that counts.
    amount: to how many files of the usual size they come.
    """

    table: str
    ids: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()
    amount: int = field(default=0, compare=False)

    def files(self) -> list[str]:
        """The paths of its files below the root, in the order of the ids."""
        return [f"{RAW}/{self.table}/{name}.yaml" for name in self.ids] or [f"{RAW}/{self.table}.yaml"]


def visible(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, sorted by name; hidden files are not the curator's."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as items:
        return sorted((item for item in items if not item.name.startswith(".")), key=lambda item: item.name)


def cut(batches: Iterable[Batch], root: Path) -> Iterator[Batch]:
    """Batches small enough to share out.

    Where a batch ends depends on the ids in it, so that a new file changes one batch and no other. The larger a file is, the likelier is
    it the last of its batch.
    """
    for batch in batches:
        start, sizes = 0, _sizes(batch, root)
        for place, (name, size) in enumerate(zip(batch.ids, sizes, strict=False), start=1):
            if crc32(name.encode(errors="surrogateescape")) % max(BATCH * USUAL // size, 1) == 0 or place - start == 4 * BATCH:
                yield Batch(batch.table, batch.ids[start:place], amount=sum(sizes[start:place]) // USUAL)
                start = place
        if start < len(batch.ids) or not batch.ids:
            yield Batch(batch.table, batch.ids[start:], batch.taken, sum(sizes[start:]) // USUAL)


def _sizes(batch: Batch, root: Path) -> list[int]:
    """The bytes of each file of a batch, no less than usual. Of many files some are looked at, and all are taken to be like them.

    Then it is a power of two: an edit, or a file more, hardly ever makes another of it, which would make other batches.
    """
    files = batch.files()
    looked_at = files if len(files) < SMALL else files[:: len(files) // _SOME]
    sizes = [max((root / file).stat().st_size, USUAL) for file in looked_at]
    return sizes if looked_at is files else [1 << (sum(sizes) // len(sizes)).bit_length() - 1] * len(files)


def contents(root: Path, batch: Batch) -> list[bytes]:
    """The bytes of the files of a batch."""
    paths = [f"{root}/{file}" for file in batch.files()]
    return [content for start in range(0, len(paths), _SOME) for content in _together(paths[start : start + _SOME])]


def content_of(path: str | Path) -> bytes:
    """The content of a file, of a larger one than :data:`MOST_BYTES` only so much that this is seen."""
    return _together([path])[0]


def _together(paths: Iterable[str | Path]) -> list[bytes]:
    """The contents of files. The disk is told of all before the first is read, which takes it a quarter of the time for short ones.

    A file object would cost as much again as reading it, which is a fifth of the time of a short record.
    """
    descriptors: list[int] = []
    try:
        for path in paths:
            descriptors.append(os.open(path, _BYTES))
            if _ASK_AHEAD:
                os.posix_fadvise(descriptors[-1], 0, 0, os.POSIX_FADV_WILLNEED)
        return [_whole(descriptor) for descriptor in descriptors]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _whole(descriptor: int) -> bytes:
    content = os.read(descriptor, _READ)
    while len(content) <= MOST_BYTES and (more := os.read(descriptor, _READ)):
        content += more
    return content
