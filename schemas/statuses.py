"""Statuses: what became of a proposal or text, step by step. The current one is derived, never typed."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Date, Table
from schemas.evidence import Sourced
from schemas.references import ToInstitution, ToInstrument
from schemas.vocabularies import InstrumentStatus, ProposalStatus


class _Status(Sourced):
    table = Table("statuses", "status", key=("status", "date"))

    date: Date = Column("As of when.", example="2024-09-11")
    body: ToInstitution | None = Column("The body that took the step.", example="brics", default=None)
    instrument: ToInstrument | None = Column("The text by which it was taken.", default=None)


class ProposalStep(_Status):
    """One step in what became of a proposal or an instrument."""

    status: Annotated[str, ProposalStatus] = Column("How far it had come.", example="floated")

    @model_validator(mode="after")
    def _silence_is_unknown(self) -> ProposalStep:
        if self.status == "lapsed" and self.passage is None:
            raise PydanticCustomError(
                "silent_lapse", "'lapsed' needs the passage that says it was given up; where nothing was found write unknown"
            )
        return self


class InstrumentStep(_Status):
    """One step in what became of a proposal or an instrument."""

    status: Annotated[str, InstrumentStatus] = Column("How far it had come.", example="adopted")
