"""Sources: the citable pages and documents, as texts."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Date, Day, Part, Table, Text
from schemas.entity import Entity
from schemas.involvements import Actor
from schemas.references import Language, Locator, ToInstitution, ToInstrument, ToSource, ToState
from schemas.vocabularies import Media, SourceClass

Url = Annotated[str, Code(r"https?://[^\s<>\"]+")]


class Silence(Part):
    """A paragraph of a source that carries no statement, and why it does not."""

    table = Table("silences", "silence", key=("paragraph",), owner="sources")

    paragraph: Locator = Column("The paragraph, or a range of them.", example="¶1")
    reason: Text = Column("Why nothing is recorded from it.", example="The title.")


class Source(Entity):
    """One citable page or document. Its label is its title."""

    table = Table("sources", "source")

    url: Url | None = Column("Its address.", example="https://tass.com/defense/1842109", default=None, unique=True)
    publisher: Text | None = Column("Who publishes it.", example="TASS", default=None)
    publisher_body: ToInstitution | None = Column("The record of the publisher, where there is one.", default=None)
    date: Date | None = Column("When it was published.", example="2024-09-12", default=None)
    accessed: Day | None = Column("When the text was read.", example="2026-11-22", default=None)
    archived_url: Url | None = Column("An archived copy.", default=None)
    lang: Language = Column("Its language.", example="en")
    source_class: Annotated[str, SourceClass] = Column("What kind of publisher stands behind it.", example="press")
    affiliation: Text | None = Column("Who owns or directs the publisher, as far as a page says so.", default=None)
    state: ToState | None = Column("Of state media: the state that owns or directs it.", example="chn", default=None)
    media: Annotated[str, Media] = Column("In what form it is read.", example="html", default="html")
    text_of: ToInstrument | None = Column("The instrument whose text it prints.", default=None)
    sha256: Annotated[str, Code("[0-9a-f]{64}")] | None = Column(
        "The sha256 of the text that was read, for a text at hand as a file.", default=None, unique=True
    )
    title_from_url: bool = Column("Whether the title was read off the address, since the text as seen shows none.", default=False)
    date_from_url: bool = Column("Whether the date was read off the address, since the text as seen shows none.", default=False)
    partial: bool = Column("Whether only the beginning of the text was seen.", default=False)
    kept: bool = Column("Kept on purpose though nothing cites it.", default=False, last=True)
    authors: list[Actor] = Column("Who wrote it.", default=[], term="author")
    paragraphs: int | None = Column(
        "For a text that was read whole, paragraph by paragraph: how many non-empty lines it has.", example=51, default=None
    )
    without_statement: list[Silence] = Column("Its paragraphs from which nothing is recorded, each with the reason.", default=[])
    derives_from: list[ToSource] = Column("The sources that it repeats or paraphrases.", default=[])
