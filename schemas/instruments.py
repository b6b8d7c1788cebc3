"""Instruments: texts and initiatives as acts; the page that prints one is a source."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Date, Table, Text
from schemas.adherences import Adherence
from schemas.entity import Entity
from schemas.involvements import Actor
from schemas.names import Name
from schemas.references import ToInstrument, ToTopic
from schemas.statuses import InstrumentStep
from schemas.vocabularies import BindingForce, Decision, InstrumentType


class Instrument(Entity):
    """One named text or initiative as an act: treaty, resolution, declaration, strategy, plan, paper, initiative, MoU."""

    table = Table("instruments", "instrument")

    type: Annotated[str, InstrumentType] = Column("What kind of text or initiative it is.", example="strategy")
    description: Text | None = Column("What it is, in our own words, as far as its label does not say.", default=None)
    binding: Annotated[str, BindingForce] = Column("Whether it binds.", example="non-binding", default="unknown")
    symbol: Text | None = Column("Its official symbol.", example="S/RES/2719", default=None, unique=True)
    parent: ToInstrument | None = Column("The text or initiative that it belongs to.", default=None)
    announced: Date | None = Column("When it was first put forward.", example="2022-04-21", default=None)
    adopted: Date | None = Column("When it was adopted.", example="2020-11-17", default=None)
    signed: Date | None = Column("When it was signed or opened for signature.", default=None)
    in_force: Date | None = Column("Since when it is in force.", default=None)
    decision: Annotated[str, Decision] | None = Column("How it was decided on.", example="unanimous", default=None)
    in_favour: int | None = Column("Where it was voted on: how many votes were in favour.", example=79, unit="votes", default=None)
    against: int | None = Column("Where it was voted on: how many votes were against.", example=60, unit="votes", default=None)
    abstaining: int | None = Column("Where it was voted on: how many abstained.", example=33, unit="votes", default=None)
    initiators: list[Actor] = Column("Who launched it or drew it up.", default=[], term="initiator")
    adopting_bodies: list[Actor] = Column("Who adopted it.", default=[], term="adopting-body")
    parties: list[Actor] = Column("Who signed it or was ever bound by it.", default=[], term="party")
    adherences: list[Adherence] = Column("When a party signed, was bound or left, as far as a page says so.", default=[])
    endorsers: list[Actor] = Column("Who backs it, where nobody signs it.", default=[], term="endorser")
    topics: list[ToTopic] = Column("What it is about.", default=[])
    names: list[Name] = Column("Its other names.", default=[])
    statuses: list[InstrumentStep] = Column("How far it came, step by step.", default=[])
