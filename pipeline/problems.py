"""What is wrong, where, and what would be right: the one form in which every stage complains.

A stage raises no exception for bad data; it collects a :class:`Complaint` (a file and a path inside it). Only when
something is wrong is the file read again, with positions, and the complaint becomes a :class:`Problem` with line and column.
"""

from __future__ import annotations

import difflib
import json
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_LETTERS = 2_000
"""A longer message is cut in its middle, where what was found stands; what would be right stands at its end."""

_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What a terminal would act on or no file can hold; the names of files may have it."""

Path = tuple[str | int, ...]
"""The way to a value inside a file: keys of mappings, indexes of lists."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong at a path inside a file; ``at_key`` points to the key of that path instead of its value."""

    file: str
    path: Path
    rule: str
    message: str
    at_key: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong, with the position that an editor can jump to. Line and column count from 1.

    File and message are one line each that any terminal can show, whatever a curator wrote: characters that it would act on are spelt out.
    """

    file: str
    line: int
    column: int
    rule: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", spelt(self.file))
        message = spelt(re.sub(r"\s+", " ", self.message))
        if len(message) > MOST_LETTERS:
            message = f"{message[: MOST_LETTERS // 4]} … {message[-MOST_LETTERS * 3 // 4 :]}"
        object.__setattr__(self, "message", message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}  {self.rule}  {self.message}"


def spelt(text: str) -> str:
    """A text as it is shown: what a terminal would act on is spelt out."""
    return _UNFIT.sub(lambda character: f"\\u{ord(character[0]):04x}", text)


def as_text(problems: Sequence[Problem]) -> str:
    """One line a problem."""
    return "".join(f"{problem}\n" for problem in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """A JSON array of objects with file, line, column, rule and message."""
    return json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False) + "\n"


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands that GitHub shows as annotations on the line."""
    return "".join(
        f"::error file={_property(p.file)},line={p.line},col={p.column},title={_property(p.rule)}::{_data(p.message)}\n" for p in problems
    )


def _data(text: str) -> str:
    return text.replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {"text": as_text, "json": as_json, "github": as_github}


class Names(Sequence[str]):
    """Many names, made ready to be asked often for the nearest: to compare one with each of 100,000 takes seconds."""

    def __init__(self, names: Iterable[str]) -> None:
        self._forth = sorted(names)
        self._back = sorted(name[::-1] for name in self._forth) if len(self) > _MOST_COMPARED else []

    def __len__(self) -> int:
        return len(self._forth)

    def __getitem__(self, index: Any) -> Any:
        return self._forth[index]

    def around(self, wrong: str) -> list[str]:
        """All, if they are few; else those that begin or end as the wrong one does, more than any others."""
        if not self._back:
            return self._forth
        at, end, half = bisect(self._forth, wrong), bisect(self._back, wrong[::-1]), _MOST_COMPARED // 40
        near = [name[::-1] for name in self._back[max(0, end - half) : end + half]]
        return sorted({*self._forth[max(0, at - half) : at + half], *near})


_MOST_COMPARED = 2_000
_NEAR = 0.6


def suggest(wrong: str, right: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the nearest of the right ones, or nothing where none is near."""
    known = right.around(wrong) if isinstance(right, Names) else list(right)
    near = [name for name in difflib.get_close_matches(wrong, known, n=5, cutoff=_NEAR) if _alike(wrong, name)]
    if not near:  # an id is often typed short
        near = [candidate for candidate in known if wrong and candidate.startswith(wrong)][:1]
    return f"; did you mean '{near[0]}'?" if near else ""


def _alike(wrong: str, right: str) -> bool:
    """Whether two addresses are near even without the table that they have in common; what is no address is near as it is."""
    (table, slash, one), (home, _, other) = wrong.rpartition("/"), right.rpartition("/")
    return not slash or table != home or difflib.SequenceMatcher(None, one, other).ratio() >= _NEAR
