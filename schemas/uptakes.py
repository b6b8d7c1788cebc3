"""Uptakes: what a body with the power to do so made of a recommendation."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Date, Table
from schemas.evidence import Sourced
from schemas.references import ToInstitution, ToInstrument
from schemas.vocabularies import UptakeKind


class Uptake(Sourced):
    """One body's response to one recommendation."""

    table = Table("uptakes", "uptake", key=("uptake", "body", "instrument"))

    uptake: Annotated[str, UptakeKind] = Column("What it did with it.", example="cited")
    body: ToInstitution | None = Column("The body.", default=None)
    instrument: ToInstrument | None = Column("The text in which it did.", default=None)
    date: Date | None = Column("When.", default=None)
