"""What is cited, as plain values: the whole dataset, or a table or a record of it. Every form of citation is made from this.

A day stands here only where the descriptor gives one of release (``created``), a DOI only where the ledger has one for this very
version; no clock is read. A working version (``+dev``) says of itself that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from secgov._descriptor import DEV, Package

UNRELEASED = "unreleased working version, not for citation"


@dataclass(frozen=True)
class Author:
    """A person by family and given name; or a body, whose name is never inverted, by its name and nothing."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name in one piece, family name first."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Work:
    """What is cited. For a part ``container`` is the title of the whole; ``where`` names version and part."""

    name: str
    key: str
    kind: str
    title: str
    container: str | None
    where: str
    version: str
    unreleased: bool
    day: str | None
    authors: tuple[Author, ...]
    publisher: str
    abstract: str
    keywords: tuple[str, ...]
    licence: Mapping[str, str] | None
    homepage: str | None
    doi: str | None

    @property
    def year(self) -> str | None:
        """The year of the release."""
        return self.day[:4] if self.day else None

    @property
    def note(self) -> str:
        """The version and the part of it, and the warning that a working version carries."""
        return f"{self.where}; {UNRELEASED}" if self.unreleased else self.where


def whole(package: Package, doi: str | None) -> Work:
    """The dataset as a whole, in the version of the package."""
    return Work(
        name=package.name,
        key=_key(package.name, package.version),
        kind="Data set",
        title=package.title,
        container=None,
        where=f"Version {package.version}",
        version=package.version,
        unreleased=DEV in package.version,
        day=package.released,
        authors=tuple(_author(contributor) for contributor in _with_role("creator", package)),
        publisher=_with_role("publisher", package)[0]["title"],
        abstract=package.description,
        keywords=package.keywords,
        licence=package.licenses[0] if package.licenses else None,
        homepage=package.homepage,
        doi=doi,
    )


def part(work: Work, kind: str, title: str, what: str) -> Work:
    """A table or record of a dataset: ``what`` is ``table proposals`` or an address."""
    key = _key(work.name, work.version, what.removeprefix("table "))
    where = f"{work.name} {work.version}, {what}"
    return replace(work, key=key, kind=kind, title=title, container=work.title, where=where)


def _key(*parts: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", " ".join(parts))


def _with_role(role: str, package: Package) -> list[Mapping[str, Any]]:
    """The contributors in a role; all of them if none is."""
    return [person for person in package.contributors if role in person.get("roles", ())] or list(package.contributors)


def _author(contributor: Mapping[str, Any]) -> Author:
    family = contributor.get("familyName")
    return Author(family, contributor.get("givenName", "")) if family else Author(contributor["title"])
