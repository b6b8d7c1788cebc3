"""Involvements: who did what in which record. Curators list actors under the fields of a record."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Part, Table, Text
from schemas.references import ToActor, ToBody
from schemas.vocabularies import ActorKind, Capacity, Role, Stance, Vote


class Actor(Part):
    """One actor in one role in one record."""

    table = Table("involvements", "involvement", key=("role", "actor", "kind"))
    shorthand = "actor"
    listed_under = Role

    actor: ToActor | None = Column("The state, body or person.", example="states/chn", default=None)
    kind: Annotated[str, ActorKind] | None = Column(
        "What kind of actor is meant, where none is named.", example="international-community", default=None
    )
    represents: ToBody | None = Column("Whom a person speaks or acts for here.", example="states/chn", default=None)
    capacity: Annotated[str, Capacity] | None = Column("In what capacity it takes part.", example="head-of-delegation", default=None)
    vote: Annotated[str, Vote] | None = Column("For a participant in a vote: how it voted.", example="against", default=None)
    stance: Annotated[str, Stance] | None = Column(
        "For the target of a claim: how the claim stands towards it.", example="critical", default=None
    )
    note: Text | None = Column("Anything a reader must know, such as the words used for an actor that is not named.", default=None)

    @model_validator(mode="after")
    def _somebody(self) -> Actor:
        if self.actor is None and self.kind is None:
            raise PydanticCustomError("no_actor", "an entry here names an actor, or the kind of actor that is meant")
        return self
