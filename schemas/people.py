"""People, in their public functions only."""

from __future__ import annotations

from pipeline.language import Column, Table, Text
from schemas.entity import Entity
from schemas.names import Name
from schemas.references import Language, ToState, Wikidata
from schemas.roles import PersonRole


class Person(Entity):
    """One person in public office or with published advice."""

    table = Table("people", "person")

    family_name: Text | None = Column("Family name in Latin letters.", example="Wang", default=None)
    given_name: Text | None = Column("Given name in Latin letters.", example="Yi", default=None)
    native_name: Text | None = Column("The whole name in its own script.", default=None)
    native_lang: Language | None = Column("The language of the native name.", example="zh", default=None)
    state: ToState | None = Column("The state whose public life the person belongs to.", example="chn", default=None)
    wikidata: Wikidata | None = Column("The Wikidata item, where a person has checked it.", default=None, unique=True)
    names: list[Name] = Column("Other spellings and names.", default=[])
    roles: list[PersonRole] = Column("Public functions.", default=[])
