"""States and territories, with the codes by which the field joins its data."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Date, Table, Text
from schemas.entity import Entity
from schemas.names import Name
from schemas.vocabularies import UnStatus


class State(Entity):
    """One state or territory. Its id is its ISO 3166-1 alpha-3 code in lower case."""

    table = Table("states", "state")

    official_name: Text | None = Column("Its official name in English.", example="People's Republic of China", default=None)
    iso2: Annotated[str, Code("[A-Z]{2}")] = Column("Its two-letter code in ISO 3166-1.", title="ISO alpha-2", example="CN", unique=True)
    iso3: Annotated[str, Code("[A-Z]{3}")] = Column("Its three-letter code in ISO 3166-1.", title="ISO alpha-3", example="CHN", unique=True)
    m49: Annotated[str, Code("[0-9]{3}")] | None = Column(
        "Its M49 code of the UN Statistics Division.", title="UN M49", example="156", default=None, unique=True
    )
    cow: Annotated[str, Code("[0-9]{1,3}")] | None = Column(
        "Its country code in the Correlates of War project.", title="COW code", example="710", default=None, unique=True
    )
    gw: Annotated[str, Code("[0-9]{1,3}")] | None = Column(
        "Its number in the list of Gleditsch and Ward.", title="Gleditsch–Ward number", example="710", default=None, unique=True
    )
    un_status: Annotated[str, UnStatus] | None = Column(
        "Its standing in the United Nations.", title="UN status", example="member", default=None
    )
    un_status_since: Date | None = Column("Since when it has that standing.", title="UN status since", example="1945-10-24", default=None)
    names: list[Name] = Column("Its other names.", default=[])
