"""A second package, foreign to the first: books and authors. The proof that the pipeline has no word of the domain."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipeline.language import (
    Anchors,
    Code,
    Column,
    Date,
    Frames,
    License,
    Package,
    Part,
    Record,
    Ref,
    Rule,
    Table,
    Text,
    TreeRecord,
    Vocabulary,
    Words,
)

Genre = Vocabulary("genre", "What sort of book it is.", {"novel": "A long story.", "essay": "A short argument."})
Share = Vocabulary("share", "What someone did for a book.", {"writer": "Wrote it.", "translator": "Translated it."})


class Credit(Part):
    """Who did what for a book."""

    table = Table("credits", "credit", key=("share", "who"))
    shorthand = "who"
    listed_under = Share

    who: Annotated[str, Ref("authors", "books")] | None = Column("Who it was.", example="authors/defoe", default=None)
    note: Text | None = Column("Anything to add.", default=None)


class Mention(Part):
    """Where something is said about a record."""

    table = Table("mentions", "mention", key=("field", "book"))

    book: Annotated[str, Ref("books")] = Column("The book that says it.", example="moll-flanders")
    at: Text | None = Column("Where in it.", example="¶1", default=None)
    words: Words | None = Column("The passage.", default=None)
    fields: list[Text] = Column("What it is about.", each="field", default=[])


class Author(Record):
    """One person who wrote a book.

    More about that.
    """

    table = Table("authors", "author")

    born: Date | None = Column("When.", example="1660~", default=None)
    initials: Annotated[str, Code("[A-Z]{2}")] | None = Column("Two letters.", example="DD", default=None, unique=True)
    mentions: list[Mention] = Column("Where it is said.", default=[])


class Book(TreeRecord):
    """One work, or one chapter of it."""

    table = Table("books", "book", lead=True)

    genre: Annotated[str, Genre] = Column("What sort of book it is.", example="novel", inherit=True)
    pages: int | None = Column("How long it is.", example=240, unit="pages", default=None)
    price: float | None = Column("What it cost.", unit="GBP", default=None)
    lost: bool = Column("Whether no copy is left.", default=False)
    digest: Text | None = Column("The sha256 of its text.", default=None)
    sequel_to: Annotated[str, Ref("books")] | None = Column("The book before it.", default=None)
    writer: list[Credit] = Column("Who wrote it.", inherit=True)
    translators: list[Credit] = Column("Who translated it.", default=[], term="translator")
    readers: list[Annotated[str, Ref("authors")]] = Column("Who is known to have read it.", default=[])
    mentions: list[Mention] = Column("Where it is said.", default=[])
    chapters: list[Book] = Column("Its chapters, in order.", default=[])


def _long_enough(frames: Frames) -> pl.Series:
    return frames["books"].select(pl.col("pages").is_null() | (pl.col("pages") > 0)).to_series()


LIBRARY = Package(
    name="library",
    title="A library",
    description="Books and who wrote them.",
    keywords=("books",),
    licenses=(License("CC0-1.0", "CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),),
    contributors=({"title": "The library", "roles": ["creator"]},),
    sources=({"title": "The shelf"},),
    records=(Book, Author),
    rules=(Rule("no-pages", "books", "'{id}' has {pages} pages; a book has at least one", _long_enough, "pages"),),
    anchors=Anchors("book", "at", "words", "books", "digest", quotable=(("authors", "label"),)),
)
