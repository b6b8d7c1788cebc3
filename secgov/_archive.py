"""The dataset inside the archive of a release, which is read where it lies and never unpacked as a whole.

Before anything in it is used, the archive must have the length and sha256 that the ledger of this installation gives, and
hold exactly the files that the ledger lists, all under plain relative paths. Each file is checked once more as it is read.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from secgov._checksums import is_plain
from secgov._dataset import Dataset
from secgov._descriptor import DESCRIPTOR, File, Package, parse
from secgov._errors import IntegrityError, Unavailable
from secgov._fetch import CACHE, cache_folder
from secgov._ledger import Release


@dataclass(frozen=True)
class Archived(Dataset):
    """The dataset in an archive: ``root`` is the zip itself, ``release`` is what the ledger says of it.

    Every access raises IntegrityError if the archive is not the one that was released, Unavailable if it is gone.
    """

    release: Release

    @property
    def package(self) -> Package:
        """What the descriptor in the archive says."""
        try:
            facts = self.root.stat()
        except FileNotFoundError:
            raise Unavailable(f"{self.root} is not there any more") from None
        return _verified(self.root, self.release, facts.st_size, facts.st_mtime_ns)

    @property
    def doi(self) -> str | None:
        """The DOI of this release, if it has one."""
        return self.release.doi

    def _source(self, file: File) -> Any:
        """A copy in memory of Arrow's own: its threads may let go of it after Python has ended, and would abort the process if it
        were Python's (apache/arrow issue 34314).
        """
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        sink.write(self._content(file))
        return pa.BufferReader(sink.getvalue())

    def _content(self, file: File) -> bytes:
        with zipfile.ZipFile(self.root) as archive:
            return _member(archive, file.path, self.release)

    def _checked(self, file: File) -> Path:
        """A file of its own for other programs, in the cache."""
        content = self._content(file)
        path = cache_folder() / self.release.archive.removesuffix(".zip") / file.path
        try:
            if not path.is_file() or path.read_bytes() != content:
                _put(content, path)
        except OSError as error:
            raise Unavailable(f"{path} cannot be written: {error}; the variable {CACHE} sets another folder") from error
        return path


@cache  # by size and time, so that an archive is hashed once, and again when it was changed
def _verified(path: Path, release: Release, size: int, mtime_ns: int) -> Package:
    """Check the whole archive; the package that its descriptor describes."""
    if size != release.bytes:
        raise IntegrityError(f"{path} has {size} bytes, and {release.archive} as it was released has {release.bytes}; {_REMEDY}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != release.sha256:
            raise IntegrityError(f"{path} has another sha256 than {release.archive} as it was released; {_REMEDY}")
        try:
            with zipfile.ZipFile(file) as archive:
                _check_members(archive, release)
                return parse(_member(archive, DESCRIPTOR, release), f"{DESCRIPTOR} in {path}")
        except zipfile.BadZipFile as error:
            raise IntegrityError(f"{path} is not an archive: {error}") from None


_REMEDY = "nothing of it was used; get the archive again from where the release is published"


def _check_members(archive: zipfile.ZipFile, release: Release) -> None:
    """Refuse an archive that holds anything else than the files of the ledger, stored as they are under plain relative paths."""
    members = archive.infolist()
    for member in members:
        if not is_plain(member.orig_filename):  # zipfile mends some names
            raise IntegrityError(f"{release.archive} is refused: '{member.orig_filename}' is no plain relative path")
        if member.compress_type != zipfile.ZIP_STORED:  # so no member is longer than the archive is
            raise IntegrityError(f"{release.archive} is refused: '{member.filename}' is compressed")
    if len({member.filename.casefold() for member in members}) != len(members):  # on some systems one would lie over the other
        raise IntegrityError(f"{release.archive} is refused: two of its files differ in capital letters only")
    if sorted(member.filename for member in members) != sorted(release.files):
        raise IntegrityError(f"{release.archive} is refused: it does not hold exactly the files that the ledger lists")


def _member(archive: zipfile.ZipFile, name: str, release: Release) -> bytes:
    """One file of an archive that was checked, unless the archive was changed this very moment."""
    try:
        content = archive.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise IntegrityError(f"{name} cannot be read from {release.archive}: {error}") from None
    if hashlib.sha256(content).hexdigest() != release.files[name]:
        raise IntegrityError(f"{name} in {release.archive} has another sha256 than the ledger says")
    return content


def _put(content: bytes, path: Path) -> None:
    """Write a file as a whole or not at all, whoever else writes it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
