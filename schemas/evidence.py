"""Evidence: which source carries a record, or one field of it, and where in that source it is said."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Part, Table, Text, Words
from schemas.references import Locator, ToSource
from schemas.vocabularies import Verdict


class Evidence(Part):
    """One place in one source that bears on a record or on one of its fields."""

    table = Table("evidence", "evidence", key=("field", "source"))

    source: ToSource = Column("The source.", example="xinhua-2024-09-12-suggestions")
    at: Locator = Column(
        "Where in the source: ¶ and the number of the non-empty line, headings included; else section, article or page.", example="¶3"
    )
    passage: Words | None = Column("The passage, by its ends as printed.", example=["the opening words", "the closing words"], default=None)
    fields: list[Text] = Column("The field that it bears on; empty for the record itself.", each="field", default=[])
    verdict: Annotated[str, Verdict] = Column("What it does for that field or record.", default="supports")
    value: Text | None = Column("For a rival reading: the value that the source gives.", default=None)
    note: Text | None = Column("Anything a reader must know about it.", default=None)

    @model_validator(mode="after")
    def _rival_has_a_value(self) -> Evidence:
        if self.verdict == "contradicts" and self.fields and self.value is None:
            raise PydanticCustomError("no_rival_value", "evidence that contradicts a field says which value it gives; add 'value'")
        return self


class Sourced(Part):
    """A part that carries a source of its own."""

    source: ToSource = Column("The source that says so.", example="xinhua-2024-09-12-suggestions", last=True)
    at: Locator | None = Column("Where in the source.", example="¶3", default=None, last=True)
    passage: Words | None = Column("The passage, by its ends as printed.", default=None, last=True)
    note: Text | None = Column("Anything a reader must know about it.", default=None, last=True)
