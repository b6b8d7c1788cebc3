"""What lies in raw/, byte for byte, and whether the same was found right, or published, before: then there is nothing to do.

Nothing but the standard library is known here. A second build of a hundred thousand files takes little longer than to read and hash
them; to import what judges them would take longer. Times of files play no part.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cache import Cache, digest
from pipeline.files import RAW, RETIRED, SMALL, Batch, contents, cut, visible
from pipeline.places import LEDGER, RELEASES, digests, published
from pipeline.swap import STAGING
from pipeline.workers import run, workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

_SHARE = 8
"""So many files are hashed in the time in which one is judged."""


@dataclass(frozen=True)
class Known:
    """What was seen in a tree when it was looked at, and what the cache knows of one that is the same.

    parts:   what each folder, and each file of a table, was cut into.
    digests: of the bytes of each of these batches.
    also:    of what else a check depends on.
    key:     names all of it, code and schemas included; None where something lies in raw/ that can be no record.
    """

    root: Path
    store: Cache
    parts: Mapping[Batch, list[Batch]]
    digests: Mapping[Batch, str]
    also: Mapping[str, str]
    key: str | None
    jobs: int | None = None

    def right(self) -> int | None:
        """How many records there are, if all of them and their tables were found right; else None."""
        note = None if self.key is None else self.store.note(f"{self.key}.right")
        return note if isinstance(note, int) else None

    def keep_right(self, count: int) -> None:
        """Note that so many records, and their tables, were found right."""
        if self.key is not None:
            self.store.keep_note(f"{self.key}.right", count)
            self.store.prune()

    def published(self, *code: str) -> int | None:
        """How many records there are, if everything that was made of them is there, byte for byte, and nothing else is; else None."""
        if self.key is None or (self.root / STAGING).exists():  # what a killed build left is the next one's to remove
            return None
        match self.store.note(self.store.key(self.key, *code)):
            case [int(count), dict(made)] if made.keys() >= set(published(self.root)) and _digests(self.root, made) == made:
                return count
        return None

    def keep_published(self, count: int, made: Mapping[str, str], *code: str) -> None:
        """Note what was published of so many records, while nobody else publishes; ``code`` has the digests of what else it was made with.

        made: the sha256 by path; an empty one says that nothing may be there.
        """
        if self.key is not None:
            self.store.keep_note(self.store.key(self.key, *code), [count, made])
            self.store.prune()

    def cut(self, found: Iterable[Batch]) -> list[Batch]:
        """What these are cut into, which was looked at before if the same was found."""
        return [part for batch in found for part in self.parts.get(batch) or cut([batch], self.root)]

    def stands(self, batches: Iterable[Batch]) -> bool:
        """Whether these are all that was seen, and what else a check depends on is as it was seen, code included."""
        return self.digests.keys() == set(batches) and _also_seen(self.root) == self.also and self.store.is_current()


def look(root: Path, store: Cache, jobs: int | None = None) -> Known:
    """Read and hash what may be records in ``root``/raw, in ``jobs`` processes if there is much of it."""
    found, all_taken = _listed(root)
    parts = {batch: list(cut([batch], root)) for batch in found}
    batches = [part for each in parts.values() for part in each]
    with _workers(jobs, sum(batch.amount for batch in batches) // _SHARE) as executor:
        seen = dict(zip(batches, run(partial(_digest_of, root), batches, executor), strict=True))
    also = _also_seen(root) if all_taken else {}
    names = (part for batch, name in seen.items() for part in (batch.table, "/".join(batch.ids), name))
    return Known(root, store, parts, seen, also, store.key("tree", *names, *also, *also.values()) if all_taken else None, jobs)


def _workers(jobs: int | None, amount: int) -> AbstractContextManager[Executor | None]:
    return workers(jobs if amount >= SMALL else 1, amount)


def _digests(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """The sha256 of files, a few large ones among them: threads do, since hashing one waits for no other."""
    with ThreadPoolExecutor(2) as pool:
        return {path: name for each in pool.map(lambda path: digests(root, [path]), paths) for path, name in each.items()}


def _also_seen(root: Path) -> dict[str, str]:
    """What a check depends on besides the records: what is retired, the ledger and its last archive; and how large all archives are."""
    read = [f"{RAW}/{RETIRED}.yaml", LEDGER]
    with suppress(OSError, ValueError, LookupError, TypeError, RecursionError):  # a ledger that is damaged is told of by the check
        read.append(str(json.loads((root / LEDGER).read_bytes())["releases"][-1]["archive"]))
    sizes = {f"{RELEASES}/{item.name}": str(item.stat().st_size) for item in visible(root / RELEASES)}
    return sizes | digests(root, read)


def _listed(root: Path) -> tuple[list[Batch], bool]:
    """A batch for each folder and each file of a table, and whether there is nothing that is neither."""
    found, all_taken = [], (root / RAW).is_dir()
    folders: dict[str, tuple[str, ...]] = {}
    for item in visible(root / RAW):
        if item.is_dir() and not item.is_symlink():
            with os.scandir(item.path) as inside:
                names = [file.name if file.is_file(follow_symlinks=False) else "" for file in inside if file.name[0] != "."]
            folders[item.name] = ids = tuple(sorted(name[:-5] for name in names if name.endswith(".yaml")))
            all_taken &= 0 < len(ids) == len(names)
            found += [Batch(item.name, ids)] if ids else []
        elif not (item.name.endswith(".yaml") and item.is_file(follow_symlinks=False)):
            all_taken = False
        elif item.name != f"{RETIRED}.yaml":
            found.append(Batch(item.name[:-5], taken=frozenset(folders.get(item.name[:-5], ()))))  # a folder's name is before its file's
    return found, all_taken


def _digest_of(root: Path, batch: Batch) -> str:
    return digest(contents(root, batch))
