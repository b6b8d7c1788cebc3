"""The quick way to read: yaml-rs, for documents in which nothing can be that surprises; all others go to the strict reader.

:func:`read_value` gives what :func:`pipeline.read.read` gives, without positions, in a fifth of its time. The quick way takes only what
the strict reader takes, with the same value, and may leave anything to it. So bytes are left that might hold what is refused, or what
yaml-rs takes otherwise (``1_000`` and ``0b1`` are numbers to it, an unknown tag is dropped, a second document makes a list,
deep nesting crashes it), and so is a value with something empty in it. tests/pipeline/test_fast.py holds the two to the same meaning.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import yaml_rs

from pipeline.read import FORBIDDEN, MOST_BYTES, MOST_DEPTH, MOST_VALUES, Document, read

# Most bytes are harmless wherever they stand. Deleting them first leaves a handful to look at; a pattern run over the whole text
# would cost as much as the parse.
_SUSPECT = b"!&*?%@`\\|><"
_HARMLESS = bytes({0x0A, *range(0x20, 0x7F)} - set(_SUSPECT))
_NOT_ASCII = bytes(range(0x80, 0x100))
_SIGNS = re.compile(rb"(?:^|[\s\[{,:-])(?:[!&*?%@`]|[|>](?![+-]?\n +[^\s]))|[\[{,]\s*[|>]|\\|<<", re.MULTILINE)
"""Where a tag, anchor, alias, complex key, directive or merge may begin; block scalars that are empty or where none can be; escapes."""

_SHAPES = bytes.maketrans(b"\n[{,.", b"    -")
_ODD = re.compile(rb"^(?:---|\.\.\.)|(?:^|[\s\[{,:]):", re.MULTILINE)
"""Where a second document may begin, or a text that starts with a colon."""

_DIGITS = bytes.maketrans(b"123456789.+", b"0000000000-")
_ODD_NUMBERS = (b"0_", b"_0", b"0x", b"0X", b"0o", b"0O", b"0b", b"0B")
"""What stands in a number that yaml-rs takes and YAML 1.2 does not, when every digit and point is 0 and every sign a minus.

All hexadecimal, octal and binary ones are left: yaml-rs takes ``0X1F``, ``0O7``, ``+0o7`` and ``0xA_F`` too.
"""

_DEEP = re.compile(rb"[ -]{512}")
_SMALL = 4096
"""A file of so few bytes cannot nest deep enough to do harm."""


def read_value(content: bytes) -> Document:
    """Read one document as :func:`pipeline.read.read` does, but for the positions."""
    value = _quick(content)
    return read(content) if value is None else Document(value)


def _quick(content: bytes) -> dict[str, Any] | None:
    """The value of a mapping, or None where only the strict reader can say what it is."""
    if len(content) > MOST_BYTES or content[-1:] != b"\n":
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    rest = content.translate(None, _HARMLESS)
    if rest and not _is_harmless(content, text, rest):
        return None
    shape = content.translate(_SHAPES)
    if (b" :" in shape or b"::" in shape or b" ---" in shape or shape[:3] == b"---" or shape[:1] == b":") and _ODD.search(content):
        return None
    if len(content) > _SMALL and _DEEP.search(content):
        return None
    numbers: list[float] = []
    try:
        value: Any = yaml_rs.loads(text, parse_datetime=False)
        is_plain = type(value) is dict and _is_plain(value, 1, numbers)
        if is_plain and len(content) > MOST_VALUES and _count(value) > MOST_VALUES:
            return None
        if (b"|" in rest or b">" in rest) and _holds_a_sign(value):
            return None
    except (yaml_rs.YAMLDecodeError, TypeError):
        return None
    return value if is_plain and (not numbers or _are_ordinary(numbers, content)) else None


def _is_harmless(content: bytes, text: str, rest: bytes) -> bool:
    """Whether neither a character nor a sign that is refused can stand in the text; ``rest`` is what is left of its bytes."""
    other = rest.decode("utf-8")  # whole characters: what was deleted is ASCII
    if FORBIDDEN.search(other):
        return False
    if max(other) >= "\u0300" and not unicodedata.is_normalized("NFC", text):  # below stands nothing that could combine
        return False
    return not rest.translate(None, _NOT_ASCII) or _SIGNS.search(content) is None


def _is_plain(value: dict[str, Any] | list[Any], depth: int, numbers: list[float]) -> bool:
    """Whether there is nothing in a value but texts, booleans, numbers, lists and mappings; the numbers are gathered."""
    items: Iterable[Any] = value
    if type(value) is dict:
        keys = "".join(value)  # TypeError for a key that is no text
        if " " in keys or "\n" in keys:  # it may go over two lines, which the strict reader refuses
            return False
        items = value.values()
    for item in items:
        kind = type(item)
        if kind is str or kind is bool:
            continue
        if kind is dict or kind is list:
            if depth == MOST_DEPTH or not _is_plain(item, depth + 1, numbers):
                return False
        elif kind is int or kind is float:
            numbers.append(item)
        else:
            return False
    return True


def _holds_a_sign(value: Any) -> bool:
    """Whether a text begins as a block does: within brackets, where no block may stand, yaml-rs takes its sign and lines for a text."""
    items = value.values() if type(value) is dict else value
    return any(item[:1] in _BLOCKS if type(item) is str else type(item) in (dict, list) and _holds_a_sign(item) for item in items)


_BLOCKS = ("|", ">")


def _count(value: Any) -> int:
    """How many values there are in a value, itself included."""
    items = value.values() if type(value) is dict else value if type(value) is list else ()
    return 1 + sum(map(_count, items))


def _are_ordinary(numbers: list[float], content: bytes) -> bool:
    """Whether a table can hold the numbers, and none is written as only yaml-rs would take it."""
    if not all(-(2**63) <= number < 2**63 if type(number) is int else math.isfinite(number) for number in numbers):
        return False
    digits = content.translate(_DIGITS)
    return not any(odd in digits for odd in _ODD_NUMBERS)
