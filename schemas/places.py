"""Places: cities, seas, regions, and regions that are a political notion."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Table, Text
from schemas.entity import Entity
from schemas.names import Name
from schemas.references import ToPlace, ToState
from schemas.vocabularies import PlaceType


class Place(Entity):
    """One city, sea area, region or political region."""

    table = Table("places", "place")

    type: Annotated[str, PlaceType] = Column("What kind of place it is.", example="city")
    state: ToState | None = Column("The state that it lies in.", example="rus", default=None)
    part_of: ToPlace | None = Column("The place that it lies in.", default=None)
    iso3166_2: Annotated[str, Code("[A-Z]{2}-[A-Z0-9]{1,3}")] | None = Column(
        "Its code in ISO 3166-2, for a division of a state.", title="ISO 3166-2", example="RU-SPE", default=None, unique=True
    )
    m49: Annotated[str, Code("[0-9]{3}")] | None = Column(
        "Its M49 code of the UN Statistics Division, for a region by geography.", default=None, unique=True
    )
    meaning: Text | None = Column("For a political region: what it means in this dataset.", default=None)
    names: list[Name] = Column("Its other names.", default=[])
