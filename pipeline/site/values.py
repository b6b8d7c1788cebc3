"""What pages are made of: plain values, links and sections, with no markup. Templates turn them into HTML and escape them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, the page or address that it leads to, and what it means. ``quoted``: words of a source."""

    text: str
    href: str | None = None
    about: str | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Values under one title, with what the title means.

    wide: a paragraph, not a word. last: about the record, not its subject. term: of a vocabulary, and plain without its title.
    """

    title: str
    about: str
    values: tuple[Value, ...]
    wide: bool = False
    last: bool = False
    term: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One row that belongs to a record or names it: what it is, what else it says, where it has it from, and the way there."""

    lead: tuple[Value, ...]
    details: tuple[Fact, ...] = ()
    place: tuple[Value, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a term or field; ``title`` is empty where rows are not grouped."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one table says of a record by one of its columns. ``more`` is where the rest is, if ``count`` is too many for a page."""

    table: str
    column: str
    title: str
    groups: tuple[Group, ...]
    count: int
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One record of a tree and its parts, in order. ``here``: it is the one whose page this is."""

    value: Value
    number: str
    here: bool
    parts: tuple[Branch, ...]


def words(term: str) -> str:
    """A term for the eye: ``long-story`` → ``long story``."""
    return term.replace("-", " ").replace("_", " ")
