"""Rows as columns of text, for the eye; in a terminal no wider than it is."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

BETWEEN = "  "
NARROWEST = 24
"""No column is made narrower than that: where that does not do, each row is written as lines of its own."""


def columns(rows: Sequence[Mapping[str, Any]], width: int | None = None) -> Iterator[str]:
    """Lines: the names, then each row, numbers to the right; words say yes, and what is missing is empty.

    width: of the terminal; where there is none the last column is as long as it is, and nothing is broken.
    """
    if not rows:
        return
    names = list(rows[0])
    right = [all(isinstance(row[name], int | float | None) and not isinstance(row[name], bool) for row in rows) for name in names]
    cells = [names, *([_word(row[name]) for name in names] for row in rows)]
    widths = [max(_wide(line[place]) for line in cells) for place in range(len(names))]
    if width is not None:
        fitting = _narrowed(widths, width - len(BETWEEN) * (len(names) - 1))
        if fitting is None:
            yield from _blocks(names, cells[1:], width)
            return
        widths = fitting
    for line in cells:
        broken = [_broken(cell, width_) if width is not None else [cell] for cell, width_ in zip(line, widths, strict=True)]
        for height in range(max(map(len, broken))):
            parts = [part[height] if height < len(part) else "" for part in broken]
            padded = [_padded(part, width_, to_right) for part, width_, to_right in zip(parts, widths, right, strict=True)]
            yield BETWEEN.join(padded).rstrip()


def terminal_width() -> int | None:
    """How many columns the terminal has that is printed to; None if it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _narrowed(widths: list[int], room: int) -> list[int] | None:
    """The widths, the widest made narrower until they fit; None if they can't."""
    most = max(widths)
    while sum(min(width, most) for width in widths) > room:
        most -= 1
        if most < NARROWEST:
            return None
    return [min(width, most) for width in widths]


def _blocks(names: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Each row as lines of name and value, what is missing left out, and an empty line after it."""
    indent = max(map(len, names)) + len(BETWEEN)
    for line in lines:
        for name, cell in zip(names, line, strict=True):
            if cell:
                first, *rest = _broken(cell, max(width - indent, NARROWEST))
                yield name.ljust(indent) + first
                yield from (" " * indent + more for more in rest)
        yield ""


def _broken(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _padded(text: str, width: int, to_right: bool) -> str:
    space = " " * (width - _wide(text))
    return f"{space}{text}" if to_right else f"{text}{space}"


def _wide(text: str) -> int:
    """How many columns a text takes: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _word(value: object) -> str:
    if value is None:
        return ""
    return ("yes" if value else "") if isinstance(value, bool) else str(value)
