"""Events: what happened, where and when, and who was there."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Date, Table, Text
from schemas.entity import Entity
from schemas.involvements import Actor
from schemas.names import Name
from schemas.references import ToEvent, ToInstitution, ToInstrument, ToPlace, ToTopic
from schemas.vocabularies import EditionStatus, EventType, Mode


class Event(Entity):
    """One occurrence: an edition of a meeting, a speech, adoption, signature, mediation or launch; a crisis as context."""

    table = Table("events", "event", lead=True)

    type: Annotated[str, EventType] = Column("What kind of occurrence it is.", example="nsa-meeting")
    series: ToInstitution | None = Column("The standing format of which it is an edition.", example="brics-nsa-meetings", default=None)
    edition: int | None = Column("Its number in the series.", example=14, default=None)
    edition_status: Annotated[str, EditionStatus] | None = Column("How sure that number is.", example="agreed", default=None)
    part_of: ToEvent | None = Column("The event of which it is a part.", default=None)
    date: Date | None = Column(
        "When; empty where a text presupposes an event without dating it.", example="2024-09-10/2024-09-12", default=None
    )
    place: ToPlace | None = Column("Where.", example="saint-petersburg", default=None)
    mode: Annotated[str, Mode] | None = Column("How people met.", example="in-person", default=None)
    outcome: Text | None = Column("What came of it, in our own words.", default=None)
    in_favour: int | None = Column("For a vote: how many votes were in favour.", example=79, unit="votes", default=None)
    against: int | None = Column("For a vote: how many votes were against.", example=60, unit="votes", default=None)
    abstaining: int | None = Column("For a vote: how many abstained.", example=33, unit="votes", default=None)
    ucdp_conflict: Annotated[str, Code("[0-9]+")] | None = Column(
        "For a conflict: its id in the UCDP data, where it was looked up.", default=None
    )
    host: list[Actor] = Column("Who received it.", example=["states/rus"], default=[])
    chair: list[Actor] = Column("Who presided.", default=[])
    organisers: list[Actor] = Column("Who arranged it.", default=[], term="organiser")
    participants: list[Actor] = Column("Who took part.", default=[], term="participant")
    topics: list[ToTopic] = Column("What it was about.", default=[])
    outcomes: list[ToInstrument] = Column("The texts that came of it.", default=[])
    names: list[Name] = Column("Its other names.", default=[])
