"""Release archives: a zip whose bytes depend on its contents only.

Members are sorted, dated 1980-01-01, readable by all, and stored as they are: what a deflate library makes of the same bytes differs from
version to version, and Parquet is compressed already. Only what depends on the versions of libraries anyway is compressed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3


def write_archive(path: Path, contents: Mapping[str, bytes], *, compressed: bool = False) -> None:
    """Write a zip of the contents, by their relative paths, to ``path``."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(contents):
            member = zipfile.ZipInfo(name, _DATE)
            member.external_attr = _READABLE
            member.create_system = _UNIX
            member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            archive.writestr(member, contents[name])
