"""Names: every other name of a thing, with who uses it and when. The neutral name is the record's label."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Date, Part, Table, Text
from schemas.references import Language, ToAny, ToSource
from schemas.vocabularies import NameKind


class Name(Part):
    """One more name of a record."""

    table = Table("names", "name", key=("kind", "lang"))

    name: Text = Column("The name.", example="Lianyungang Forum")
    kind: Annotated[str, NameKind] = Column("What kind of name it is.", example="former")
    lang: Language = Column("Its language.", example="en")
    used_by: ToAny | None = Column("Who uses it: an actor or a source.", example="sources/bricsglobal-2024-09", default=None)
    period: Date | None = Column("While it was in use.", example="2015/2022", default=None)
    ambiguous: bool = Column("Whether it belongs to another record of the same table too.", default=False)
    source: ToSource | None = Column("The source that gives it.", default=None)

    @model_validator(mode="after")
    def _loaded_names_have_users(self) -> Name:
        if self.kind == "loaded" and self.used_by is None:
            raise PydanticCustomError("loaded_name", "a name that takes sides says who uses it; add used_by")
        return self
