"""Adherences: what states and bodies did to be bound by a text, or no longer to be, step by step.

The acts are those of the Treaty Handbook of the United Nations, in the words in which a depositary's list has them.
"""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Date, Table
from schemas.evidence import Sourced
from schemas.references import ToBody
from schemas.vocabularies import AdherenceAct


class Adherence(Sourced):
    """One act of one state or body towards one text that it can join."""

    table = Table("adherences", "adherence", key=("party", "act"), owner="instruments")

    party: ToBody = Column("The state or body, which is listed under the parties too.", example="states/chl")
    act: Annotated[str, AdherenceAct] = Column("What it did.", example="ratified")
    date: Date = Column("When it did so, or from when it held.", example="2024-02-20")
