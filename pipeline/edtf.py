"""Dates as people know them: six forms of the Extended Date/Time Format, and nothing else.

| written                 | means                          | start      | end        | precision   |
|-------------------------|--------------------------------|------------|------------|-------------|
| ``2006``                | some time in the year          | 2006-01-01 | 2006-12-31 | year        |
| ``2024-12``             | some time in the month         | 2024-12-01 | 2024-12-31 | month       |
| ``2024-09-11``          | that day                       | 2024-09-11 | 2024-09-11 | day         |
| ``2013~``               | about then                     | 2013-01-01 | 2013-12-31 | approximate |
| ``2024-09-10/2024-09-12`` | from the one to the other    | 2024-09-10 | 2024-09-12 | day         |
| ``2015/..``             | since then, with no known end  | 2015-01-01 | (empty)    | year        |

The precision of an interval is that of its vaguer end. Source of the notation: the EDTF specification of the
Library of Congress (ISO 8601-2:2019), levels 0 and 1.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

FORMS = "2006, 2024-12, 2024-09-11, 2013~, 2024-09-10/2024-09-12 or 2015/.."
_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_VAGUENESS = ("day", "month", "year", "approximate")


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as it was written, with the days it can stand for.

    ``start`` and ``end`` are the first and the last day it may mean; ``end`` is None for an open interval.
    """

    text: str
    start: date
    end: date | None
    precision: str

    @classmethod
    @lru_cache(maxsize=4096)  # the same dates come again and again; this brings a tenth of the checking of records
    def parse(cls, text: str) -> Edtf:
        """Read one of the six forms; raise ValueError, saying what is wrong, for anything else."""
        first, slash, last = text.partition("/")
        if not slash:
            start, end, precision = _point(first.removesuffix("~"))
            if first.endswith("~"):
                if precision != "year":
                    raise ValueError(f"'{text}' is not a date; only a year can be approximate, as in 2013~")
                precision = "approximate"
            return cls(text, start, end, precision)
        start, _, from_precision = _point(first)
        if last == "..":
            return cls(text, start, None, from_precision)
        _, end, to_precision = _point(last)
        if end < start:
            raise ValueError(f"'{text}' ends before it starts; the earlier comes first")
        return cls(text, start, end, max(from_precision, to_precision, key=_VAGUENESS.index))


def _point(text: str) -> tuple[date, date, str]:
    """The first and last day of a year, month or day, and which of the three it is."""
    match = _POINT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a date; write {FORMS}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern always has a year
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31), "year"
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month"
        return date(year, month, day), date(year, month, day), "day"
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"'{text}' is not in the calendar; write what the calendar has, or the year alone") from None
