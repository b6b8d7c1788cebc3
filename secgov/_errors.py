"""What can go wrong for a user: a name that does not exist, a file that is not what it should be, a release that is out of reach."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

FEW = 8
"""So many names are listed in a message; where there are more, only the nearest is named."""


class UnknownName(KeyError):  # noqa: N818 - it reads as what it says: secgov.UnknownName
    """A table, format, style or address that does not exist; the message names the nearest one that does."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show the message in quotation marks


class IntegrityError(RuntimeError):
    """A file of the dataset is missing or is not the one that descriptor or ledger describe. No data of it were used."""


class Unavailable(RuntimeError):  # noqa: N818 - as above
    """A release that exists and cannot be had: no place to get it from is set, or the place cannot be reached or lacks it."""


def unknown(kind: str, name: object, known: Iterable[str], of: str = "", guess: str | None = None) -> UnknownName:
    """The error for a name that is not one of those known: ``there is no table 'propsals'; did you mean 'proposals'?``.

    of: what it would have belonged to (``" of flat_events"``). guess: what was meant, where that is known better than by its spelling.
    """
    names = list(known)
    near = [guess] if guess else difflib.get_close_matches(str(name).lower(), names, n=1)  # None and 1 are no names either
    if near:
        advice = f"; did you mean '{near[0]}'?"
    elif 0 < len(names) <= FEW:
        advice = f"; there is {', '.join(names)}"
    else:
        advice = ""
    return UnknownName(f"there is no {kind} '{name}'{of}{advice}")
