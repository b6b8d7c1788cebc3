"""Where published files lie, and which are there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

CSV, PARQUET, CITATION, EDITOR = "dataset/csv", "dataset/parquet", "dataset/citation", ".vscode/schemas"
LEDGER, RELEASES = "dataset/releases.json", "dataset/releases"
GENERATED = (CSV, PARQUET, CITATION, EDITOR)
"""Folders that hold nothing but what a build makes: a file there that a build does not make is removed."""

NOTHING: Mapping[str, str] = MappingProxyType({})
"""Of no file the digest is known."""


def published(root: Path) -> list[str]:
    """Everything in the generated folders, as paths below ``root``."""
    found = (path for folder in GENERATED for path in (root / folder).rglob("*") if path.is_file())
    return sorted(path.relative_to(root).as_posix() for path in found)


def text_of(path: Path) -> str:
    """A text that people write beside what is published; OSError, as for a file that the system refuses, if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise OSError(f"{path.name}:{line}: the text is not UTF-8 (byte {error.start})") from None


def digests(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """The sha256 of each file below ``root``; empty for one that is not there."""
    return {path: digest_of(root / path) if (root / path).is_file() else "" for path in paths}


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
