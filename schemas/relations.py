"""Relations: how one record stands to another, where no field says it."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Date, Part, Table, Text, Vocabulary
from schemas.references import Locator, ToAny, ToSource

RelationKind = Vocabulary(
    "relation",
    "How the record stands to the other one. Read: this record … that record.",
    {
        "part-of": "Is a part of it.",
        "subsidiary-of": "Was set up by it and answers to it.",
        "adopted-at": "Was adopted at it.",
        "announced-at": "Was announced at it.",
        "proposed-in": "Was proposed in it.",
        "operationalises": "Turns it into steps.",
        "implements": "Carries it out.",
        "reaffirms": "Repeats or backs it.",
        "endorses": "Takes it over as its own position.",
        "responds-to": "Answers it, or speaks to the same matter from another side.",
        "contradicts": "Says the opposite of it.",
        "supersedes": "Takes its place.",
        "successor-of": "Is its legal successor.",
        "amends": "Changes it.",
        "extends": "Prolongs or widens it.",
        "cites": "Names it.",
        "funded-by": "Is paid for by it.",
        "reviews": "Looks at how it goes.",
        "presupposes": "Takes it for granted.",
        "echoed-in": "Is said again in it, later and by others; no page says that the one led to the other.",
        "follows": "Comes after it in a series without a number.",
    },
)


class Relation(Part):
    """One relation of a record to another."""

    table = Table("relations", "relation", key=("kind", "to"))

    kind: Annotated[str, RelationKind] = Column("How it stands to the other.", example="reaffirms")
    to: ToAny = Column("The other record.", example="instruments/global-security-initiative")
    period: Date | None = Column("While it holds, where that is limited.", default=None)
    source: ToSource | None = Column("The source that says so, where it is not that of the record itself.", default=None)
    at: Locator | None = Column("Where in the source.", default=None)
    note: Text | None = Column("Anything a reader must know about it.", default=None)
