"""What came of a batch of files, kept from build to build outside the repository: only what has changed is read and judged again.

A key is made of the bytes of the files, of the code and the schemas, and of the versions of the libraries; times play no part. Only what
nothing is wrong with is kept. Files are put in place by a rename, so that two builds at once, or a folder that somebody deletes
meanwhile, do no harm: what is not there, or not whole, is made again. The oldest go when there are more than :data:`MOST` bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

MOST = 4 * 2**30
_LIBRARIES = ("pydantic", "pydantic-core", "yaml-rs", "pyyaml", "pyarrow", "polars", "pandera")


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder for one package, and the version of code and schemas whose results are looked for in it.

    modules: those that declare the package, of whose code the version was made.
    """

    folder: Path
    version: str
    modules: tuple[str, ...] = ()

    def is_current(self) -> bool:
        """Whether the code is what it was: somebody may write a schema while a build runs, and what is imported is another then."""
        return not self.modules or _version(self.modules) == self.version

    def key(self, *parts: object) -> str:
        """The key of something that is made of these parts by this version."""
        return digest([self.version, *map(str, parts)])

    def has(self, key: str) -> bool:
        """Whether bytes are kept under that key; they are counted as used now."""
        with suppress(OSError):
            os.utime(self._path(key))
            return True
        return False

    def piece(self, key: str, start: int, end: int) -> bytes:
        """Some of the bytes under that key; OSError if they are not there, and fewer if they are not whole."""
        with self._path(key).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def keep(self, key: str, content: bytes) -> None:
        """Keep bytes under that key."""
        path = self._path(key)
        with suppress(OSError):  # a cache that cannot be written is no cache, and no reason to fail
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                os.replace(draft, path)
            except OSError:
                Path(draft).unlink()
                raise

    def note(self, key: str) -> Any:
        """A note that was kept under that key, or None, also where it is damaged; it is counted as used now."""
        try:
            os.utime(self._path(key))
            checked, note = self._path(key).read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        return json.loads(note) if checked == _sealed(note) else None

    def keep_note(self, key: str, value: object) -> None:
        """Keep a note."""
        note = json.dumps(value).encode()
        self.keep(key, _sealed(note) + b"\n" + note)

    def prune(self) -> None:
        """Remove what has been longest there, as long as there is more than may be."""
        found = []
        for path in self.folder.glob("*/*"):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path.stat().st_size, path))
        size = sum(entry[1] for entry in found)
        for _, length, path in sorted(found):
            if size <= MOST:
                return
            with suppress(OSError):
                path.unlink()
            size -= length

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def cache_of(name: str, *modules: str) -> Cache:
    """The cache of the package of that name, which these modules declare, in the platform's folder for such."""
    from platformdirs import user_cache_path

    return Cache(user_cache_path(name, appauthor=False) / "build", _version(modules), modules)


def _sealed(note: bytes) -> bytes:
    """What stands above a note, so that no other is taken for it."""
    return hashlib.sha256(note).hexdigest().encode()


def _version(modules: Iterable[str]) -> str:
    """What a result depends on besides the files: the code, and what it is run with."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return digest([*libraries, platform.python_version(), code_of(__name__), *map(code_of, modules)])


def code_of(module: str) -> str:
    """The sha256 of all the code of the outermost package of a module, or of a module in none; ModuleNotFoundError where it is not."""
    name = module.partition(".")[0]
    found = find_spec(name)
    if found is None:
        raise ModuleNotFoundError(f"there is no module {name}, on whose code what is cached depends")
    folders = found.submodule_search_locations
    paths = chain(*(Path(folder).rglob("*.py") for folder in folders)) if folders else [Path(str(found.origin))]
    modules = sorted(path for path in paths if path.name[0] != "." and path.is_file())
    return digest(path.read_bytes() for path in modules)


def digest(parts: Iterable[str | bytes]) -> str:
    """The sha256 of several texts, told apart by their lengths."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode(errors="surrogateescape") if isinstance(part, str) else part
        whole.update(b"%d:%b" % (len(content), content))
    return whole.hexdigest()
