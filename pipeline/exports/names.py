"""Names for programs that allow fewer characters, or keep some words for themselves. The rule is published in docs/formats.md."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable

_MARK = 4


def fitted(names: Iterable[str], most: int, reserved: Collection[str] = ()) -> dict[str, str]:
    """Each name with the one that stands for it: the name itself wherever that can be.

    What is no ASCII letter, digit or underscore becomes an underscore; a name that begins with a digit gets one before it, and a
    reserved word one at its end. A name of more than ``most`` characters keeps its beginning and gets an
    underscore and the first four hexadecimal digits of its sha256: the same in every version, whatever other names there are.
    ValueError if two names would become one.
    """
    found: dict[str, str] = {}
    for name in names:
        short = re.sub(r"[^A-Za-z0-9_]", "_", name)
        short = f"{'_' * short[:1].isdigit()}{short}{'_' * (short in reserved)}"
        if len(short) > most:
            short = f"{short[: most - _MARK - 1]}_{hashlib.sha256(name.encode()).hexdigest()[:_MARK]}"
        if short in found.values():
            raise ValueError(f"'{name}' cannot be told from another name within {most} characters")
        found[name] = short
    return found
