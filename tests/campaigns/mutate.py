"""Text that looks like a record and is none: structure-aware mutations of bytes, drawn by chance.

:func:`mutate` takes the bytes of a record and changes them in one to eight places: by line (doubled, dropped, moved, indented
otherwise, taken from another record), by value (replaced with what has surprised a YAML reader somewhere), or by byte.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

ODD: Sequence[bytes] = [
    # what YAML 1.1 and 1.2 read differently, and what other readers take for something else
    *b"NO no on yes y ~ null Null true TRUE tRUE .inf -.INF .nan 0o17 0x1F 0b11 010 1_000 1e999 +1 -0 .5 5. 1e3 12:30 1:2:3 <<".split(),
    *b"2024-02-30 2024-01-01T00:00:00Z 2024-01/2023-01 2024? ../.. 2024-XX -9999 99999999999999999999 =1+1 @cmd +x -x %TAG".split(),
    # signs
    *b"& &a *a ! !! !!str !!python/object/apply:os.system !<tag:x> ? - : | > |2 >-9 |+ ' \" ` @ % # [ ] { } , --- ... <<: \\".split(),
    b"&a [*a]",
    b"{a: *a}",
    b"[[[[[[[[",
    b"{{{{{{{{",
    b"- " * 40,
    b"? " * 40,
    b'"\\x00"',
    b'"\\u202e"',
    b'"\\ud800"',
    b'"\\U00110000"',
    b'"\\/"',
    b"''''",
    b"a: b: c",
    b"key : value",
    b"[a, , b]",
    b"[a,]",
    b"{a, b}",
    b"{a: }",
    b": x",
    b"? x",
    b"|\n",
    b">\n\n",
    b"- - -",
    b"%YAML 1.1\n---\n",
    # bytes
    b"\x00",
    b"\x7f",
    b"\x1b[31m",
    b"\t",
    b"\r",
    b"\r\n",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    "\ufeff".encode(),
    "\u202e".encode(),
    "\u2028".encode(),
    "\u0085".encode(),
    "e\u0301".encode(),
    "\u00a0".encode(),
    "٣".encode(),
    "😀".encode(),
    "ﬁ".encode(),
    "\u200b".encode(),
    "İ".encode(),
    "ß".encode(),
    "\U000e0001".encode(),
]
"""What is put where a value, a word or nothing stood."""

MOST_LONG = 20_000
"""So long may a value be made: what is larger is tried by name, in tests/test_monsters.py."""

VALUE = re.compile(rb"(?<=[:,\[{-] )[^\n,\[\]{}]+")


def mutate(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The bytes, changed in one to eight places; ``others`` are texts that lines may be taken from."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        content = chance.choice(WAYS)(content, chance.choice(others), chance)[: 20 * MOST_LONG]
    return content


def _line(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """A line is doubled, dropped, moved, indented otherwise or taken from another record."""
    lines = content.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.insert(to, lines[at])
        case 1:
            del lines[at : at + chance.choice((1, 1, 4))]
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines[at] = b" " * chance.randrange(5) + lines[at]
        case 4:
            lines[at] = lines[at][chance.randrange(4) :]
        case _:
            lines[at:to] = chance.choices(other.split(b"\n"), k=chance.choice((1, 1, 5)))
    return b"\n".join(lines)


def _value(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """A value becomes something odd, or that of another record, or it is quoted, doubled or made very long."""
    places = list(VALUE.finditer(content))
    if not places:
        return _odd(content, other, chance)
    place = chance.choice(places)
    taken = [found[0] for found in VALUE.finditer(other)] or [b"x"]
    was = place[0]
    long = (was * chance.choice((2, 40, 900)))[:MOST_LONG]
    new = chance.choice((chance.choice(ODD), chance.choice(ODD), chance.choice(taken), b'"%s"' % was, b"'%s'" % was, long))
    return content[: place.start()] + new + content[place.end() :]


def _odd(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Something odd is put in anywhere, over some bytes or none."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(ODD) + content[at + chance.choice((0, 0, 1, 3)) :]


def _splice(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """The beginning of one record and the end of another."""
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def _byte(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """One byte is another."""
    if not content:
        return bytes([chance.randrange(256)])
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """A stretch is left out, or stands twice."""
    start, stop = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    stop = min(stop, start + 60)
    return content[:start] + (content[start:stop] * 2 if chance.random() < 0.3 else b"") + content[stop:]


WAYS: Sequence[Callable[[bytes, bytes, random.Random], bytes]] = (_line, _line, _value, _value, _value, _odd, _odd, _splice, _byte, _cut)
