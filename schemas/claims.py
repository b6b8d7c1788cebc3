"""Claims: what a source, or a person in it, asserts. The dataset records claims and adopts none."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Date, Table, Text
from schemas.entity import Entity
from schemas.involvements import Actor
from schemas.references import ToEvent, ToSource, ToTopic
from schemas.subjects import Subject
from schemas.vocabularies import ClaimType, Comparator
from schemas.wordings import Wording


class Claim(Entity):
    """One assertion, statistic, assessment or critique, with who makes it. It carries no truth score."""

    table = Table("claims", "claim")

    type: Annotated[str, ClaimType] = Column("What kind of assertion it is.", example="assessment")
    summary: Text | None = Column("What is asserted, in our own words, as far as the label does not say.", default=None)
    checkable: bool = Column("Whether it could be checked against anything.")
    implicit: bool = Column("Whether it is implied and not said.", default=False)
    value: float | None = Column("For a statistic: the number.", default=None)
    unit: Text | None = Column("The unit of that number.", example="percent of global trade", default=None)
    comparator: Annotated[str, Comparator] | None = Column("How the number is to be taken.", example="over", default=None)
    as_of: Date | None = Column("The time that the claim speaks of.", default=None)
    date: Date | None = Column("When it was made.", default=None)
    forum: ToEvent | None = Column("The event at which it was made.", default=None)
    own_voice_of: ToSource | None = Column("The source that asserts it in its own voice, where no person or body is named.", default=None)
    asserted_by: list[Actor] = Column("Who asserts it.", example=["people/wang-yi"], default=[], term="asserter")
    targets: list[Actor] = Column("Whom it judges, each with the stance towards it.", default=[], term="target")
    about: list[Subject] = Column("What it is about: records, or fields of them.", example=["institutions/brics"], default=[])
    topics: list[ToTopic] = Column("What it is about.", example=["counter-terrorism"])
    wordings: list[Wording] = Column("Short phrases where the wording itself matters.", default=[])

    @model_validator(mode="after")
    def _implied_targets_stay_open(self) -> Claim:
        if self.implicit and any(target.actor for target in self.targets):
            raise PydanticCustomError(
                "guessed_target", "an implied claim names nobody, however plain it seems; write targets: [{kind: unspecified, stance: …}]"
            )
        return self
