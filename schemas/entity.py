"""What every entity table has, and what the tables of statements share."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Date, Day, Record, Text, TreeRecord
from schemas.evidence import Evidence
from schemas.explanations import Explanation
from schemas.involvements import Actor
from schemas.quantities import Quantity
from schemas.references import ToEvent, ToTopic
from schemas.relations import Relation
from schemas.vocabularies import Confidence, Modality, RecordStatus
from schemas.wordings import Wording


class Entity(Record):
    """A record with its standing: how far it has come, how well it is carried, and by what evidence."""

    record_status: Annotated[str, RecordStatus] = Column(
        "How far the record has come.", example="draft", default="draft", inherit=True, index=True, last=True
    )
    confidence: Annotated[str, Confidence] = Column("How well the sources carry the record.", example="medium", inherit=True, last=True)
    reviewed: Day | None = Column(
        "When it was last compared with its sources.", example="2026-11-22", default=None, inherit=True, last=True
    )
    note: Text | None = Column("What a reader must know and no field says.", default=None, last=True)
    explanations: list[Explanation] = Column("Why what looks implausible in it is so.", default=[], last=True)
    relations: list[Relation] = Column("How it stands to other records.", default=[], last=True)
    evidence: list[Evidence] = Column("What carries it, field by field.", default=[], last=True)


class Statement(Entity, TreeRecord):
    """What a proposal and a recommendation have in common: a demand in its place in the text's own order."""

    summary: Text | None = Column("What is demanded, in our own words.", default=None)
    number_printed: Text | None = Column("Its number or ordinal word as the text prints it.", example="First", default=None)
    heading_inferred: bool = Column("Whether the heading that gathers its parts is ours and not the text's.", default=False)
    implicit: bool = Column("Whether the demand is implied and not said.", default=False)
    modality: Annotated[str, Modality] | None = Column("How strongly it is put.", example="should", default=None)
    verb: Text | None = Column("The source's own verb for it.", example="urged", default=None)
    date: Date | None = Column("When it was put forward.", example="2024-09-11", default=None, inherit=True)
    forum: ToEvent | None = Column("The event at which it was put forward.", example="brics-nsa-14", default=None, inherit=True)
    spokesperson: list[Actor] | None = Column("Who spoke the words.", example=["people/wang-yi"], default=None, inherit=True)
    on_behalf_of: list[Actor] | None = Column(
        "Who stands behind, where that is neither the one nor the other.", default=None, inherit=True, term="on-behalf-of"
    )
    addressees: list[Actor] | None = Column(
        "Who is asked to act.", example=["institutions/brics"], default=None, inherit=True, term="addressee"
    )
    topics: list[ToTopic] = Column("What it is about.", example=["counter-terrorism"])
    quantities: list[Quantity] = Column("The numbers that it would set, so that demands can be compared.", default=[])
    wordings: list[Wording] = Column("Short phrases where the wording itself matters.", default=[])

    @model_validator(mode="after")
    def _implied_is_marked(self) -> Statement:
        if self.modality == "implied" and not self.implicit:
            raise PydanticCustomError("unmarked_implication", "a demand whose modality is implied is marked so; add implicit: true")
        return self
