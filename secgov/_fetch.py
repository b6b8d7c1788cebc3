"""Where the archive of a release is: in a folder, or behind an address on the web, from which pooch fetches it into the cache.

The network is used only if an address is given, by argument or in the environment. What was fetched is kept only if its
sha256 is that of the ledger.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

from secgov._errors import IntegrityError, Unavailable
from secgov._ledger import Release

RELEASES, CACHE = "SECGOV_RELEASES", "SECGOV_CACHE"
"""The environment variables that set the place of the releases, and the folder of what was fetched."""

Place: TypeAlias = "str | os.PathLike[str] | None"


def cache_folder() -> Path:
    """Where fetched archives and files taken from archives are kept."""
    import pooch

    return Path(os.environ.get(CACHE) or pooch.os_cache("secgov")).expanduser()


def archive_of(release: Release, place: Place, folder: Path) -> Path:
    """The archive of a release, not checked yet if it comes from a folder.

    place:  a folder or an http(s) address; if None, what SECGOV_RELEASES says; without it, ``folder``, if that exists.

    Raises Unavailable if no place is set, or the archive is not there or cannot be fetched; IntegrityError if what was fetched is
    not what was released, of which nothing is kept.
    """
    chosen = os.fspath(place) if place is not None else os.environ.get(RELEASES)
    if not chosen and not folder.is_dir():
        raise Unavailable(
            f"version {release.version} does not come with this installation, and no place to get {release.archive} from is set: "
            f"give a folder or an address as releases=… (--releases in a shell), or set {RELEASES}"
        )
    if chosen and re.match(r"https?://", chosen, re.IGNORECASE):
        return _fetched(release, f"{chosen.rstrip('/')}/{release.archive}")
    if chosen and "://" in chosen:
        raise Unavailable(f"'{chosen}' is no place for releases; give a folder or an http(s) address")
    archive = (Path(chosen).expanduser() if chosen else folder) / release.archive
    if not archive.is_file():
        raise Unavailable(f"there is no {release.archive} in {archive.parent}")
    return archive


def _fetched(release: Release, url: str) -> Path:
    """The archive in the cache. It is written beside its place and renamed, so that two may fetch at once."""
    import pooch

    def download(url: str, file: str, _: object) -> None:
        """Fetch into a file; what goes wrong here is the web's fault and not the archive's."""
        with Path(file).open("wb") as target:
            try:
                pooch.HTTPDownloader(chunk_size=1 << 16)(url, _Bounded(target, release), None)
            except (OSError, ValueError) as error:  # requests' errors are OSErrors; that an address makes no sense is a ValueError
                raise Unavailable(f"{url} cannot be fetched: {error}") from error

    folder = cache_folder()
    try:
        with _quiet(pooch.get_logger()):
            return Path(pooch.retrieve(url, f"sha256:{release.sha256}", fname=release.archive, path=folder, downloader=download))
    except ValueError:
        message = f"{url} has another sha256 than {release.archive} as it was released; nothing of it was used or kept"
        raise IntegrityError(message) from None
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error}; the variable {CACHE} sets another folder") from error


class _Bounded:
    """A file that takes no more bytes than the archive has."""

    def __init__(self, file: IO[bytes], release: Release) -> None:
        self.file, self.release, self.left = file, release, release.bytes

    def write(self, content: bytes) -> int:
        self.left -= len(content)
        if self.left < 0:
            raise IntegrityError(f"what is sent for {self.release.archive} is longer than it; nothing of it was used or kept")
        return self.file.write(content)

    def flush(self) -> None:
        self.file.flush()


@contextmanager
def _quiet(logger: Any) -> Iterator[None]:
    """Keep pooch from writing what it does to stderr."""
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)
