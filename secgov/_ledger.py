"""The ledger of releases that this installation came with: what it says of a release is what any copy of it is checked against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from secgov._checksums import checked, is_plain
from secgov._errors import IntegrityError

LEDGER = "dataset/releases.json"


@dataclass(frozen=True)
class Release:
    """One release: its archive by file name, length and sha256, and the sha256 of each file in it, by path; rows by table."""

    version: str
    date: str
    archive: str
    bytes: int
    sha256: str
    doi: str | None
    rows: Mapping[str, int] = field(hash=False)
    files: Mapping[str, str] = field(hash=False)


def releases_of(root: Path) -> Mapping[str, Release]:
    """The releases by version, oldest first; none where there is no ledger. IntegrityError if it is damaged."""
    path = root / LEDGER
    try:
        facts = path.stat()
    except FileNotFoundError:
        return {}
    return _parsed(root, facts.st_size, facts.st_mtime_ns)


@cache  # by size and time, as the descriptor
def _parsed(root: Path, size: int, mtime_ns: int) -> Mapping[str, Release]:
    content = checked(root, LEDGER)
    try:
        return {
            entry["version"]: Release(
                version=entry["version"],
                date=entry["date"],
                archive=_name(entry["archive"]),
                bytes=entry["bytes"],
                sha256=entry["sha256"],
                doi=entry["doi"],
                rows=entry["rows"],
                files=entry["files"],
            )
            for entry in json.loads(content)["releases"]
        }
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise IntegrityError(f"{root / LEDGER} is not a ledger of releases: {type(error).__name__}: {error}") from error


def _name(path: str) -> str:
    """The name of an archive's file; ValueError for one that would lead elsewhere."""
    name = path.rpartition("/")[2]
    if not is_plain(name):
        raise ValueError(f"'{path}' is no plain relative path")
    return name
