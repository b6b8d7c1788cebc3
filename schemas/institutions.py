"""Institutions: the bodies, groupings and forums in which security is governed or discussed."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Date, Table, Text
from schemas.entity import Entity
from schemas.memberships import Membership
from schemas.names import Name
from schemas.quantities import Quantity
from schemas.references import ToInstitution, ToPlace, ToState, ToTopic, Wikidata
from schemas.vocabularies import InstitutionType, LegalBasis


class Institution(Entity):
    """One body, grouping, alliance, forum, working group, ministry, party organ or think tank."""

    table = Table("institutions", "institution", lead=True)

    type: Annotated[str, InstitutionType] = Column("What kind of body it is.", example="informal-grouping")
    description: Text | None = Column("What it is, in our own words, as far as its label does not say.", default=None)
    legal_basis: Annotated[str, LegalBasis] | None = Column("On what it rests.", example="informal", default=None)
    parent: ToInstitution | None = Column("The body that it is a part of.", example="brics", default=None)
    state: ToState | None = Column("The state it belongs to, for a body of one state.", example="chn", default=None)
    founded: Date | None = Column("When it was founded or first met.", example="2016-09-14", default=None)
    ended: Date | None = Column("When it ended.", default=None)
    seat: ToPlace | None = Column("Where it sits.", default=None)
    series: bool = Column("Whether it is a standing format whose meetings are events.", default=False)
    wikidata: Wikidata | None = Column("Its Wikidata item, where a person has checked it.", default=None, unique=True)
    ror: Annotated[str, Code("0[a-z0-9]{8}")] | None = Column("Its id in the Research Organization Registry.", default=None, unique=True)
    cow_igo: Annotated[str, Code("[0-9]+")] | None = Column(
        "Its number in the Correlates of War list of organisations.", default=None, unique=True
    )
    topics: list[ToTopic] = Column("What it deals with.", example=["counter-terrorism"], default=[])
    quantities: list[Quantity] = Column("Numbers that it has now and that demands would change.", default=[])
    names: list[Name] = Column("Its other names.", default=[])
    memberships: list[Membership] = Column("Who belongs to it.", default=[])
