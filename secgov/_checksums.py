"""``dataset/SHA256SUMS``: what descriptor and ledger are checked against before anything that they say is believed.

Every other file is checked against those two.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from secgov._errors import IntegrityError

CHECKSUMS = "dataset/SHA256SUMS"


def checked(root: Path, path: str) -> bytes:
    """The bytes of a file that lies below the root; IntegrityError if its sha256 is not listed, FileNotFoundError if it is not there."""
    content = (root / path).read_bytes()
    listed = path.removeprefix("dataset/") if path.startswith("dataset/") else f"../{path}"
    try:
        lines = (root / CHECKSUMS).read_bytes().split(b"\n")
    except FileNotFoundError:
        raise IntegrityError(f"{root / CHECKSUMS} is missing, and nothing can be checked without it; {REMEDY}") from None
    if f"{hashlib.sha256(content).hexdigest()}  {listed}".encode() not in lines:
        raise IntegrityError(f"{root / path} has another sha256 than {CHECKSUMS} says; {REMEDY}")
    return content


def is_plain(path: str) -> bool:
    """Whether a path stays below the folder that it is put in, on every system."""
    return all(part not in ("", ".", "..") and not re.search(r'[\\:<>"|?*\x00-\x1f]', part) for part in path.split("/"))


REMEDY = "install secgov again, or in a checkout run: make build"
