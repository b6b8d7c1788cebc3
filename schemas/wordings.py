"""Wordings: the exact words of a short phrase, kept where two sources put it differently."""

from __future__ import annotations

from typing import Annotated

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Part, Table, Text
from schemas.references import Language, Locator, ToSource
from schemas.vocabularies import WordingKind

MOST_WORDS = 12


class Wording(Part):
    """A short phrase as one source words it."""

    table = Table("wordings", "wording", key=("kind", "source", "lang"))

    text: Text = Column("The phrase as printed, twelve words at most.", example="practical cooperation")
    kind: Annotated[str, WordingKind] = Column("Whose wording it is.", example="as-printed")
    lang: Language = Column("Its language.", example="en")
    source: ToSource = Column("The source that prints it.", example="bricsglobal-2024-09")
    at: Locator | None = Column("Where in the source.", example="¶4", default=None)

    @field_validator("text")
    @classmethod
    def _short(cls, text: str) -> str:
        if (count := len(text.split())) > MOST_WORDS:
            raise PydanticCustomError(
                "long_wording", "has {count} words; a wording has {most} at most", {"count": count, "most": MOST_WORDS}
            )
        return text
