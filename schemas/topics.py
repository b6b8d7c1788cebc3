"""Topics: a small scheme of our own, mapped to others where a mapping was looked up."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Column, Table, Text
from schemas.entity import Entity
from schemas.references import ToTopic


class Topic(Entity):
    """One concept that statements are about."""

    table = Table("topics", "topic")

    definition: Text = Column("What falls under it, and what does not.")
    broader: ToTopic | None = Column("The concept above it.", example="terrorism", default=None)
    unbis: Text | None = Column("The concept of the UNBIS Thesaurus, where looked up.", title="UNBIS", default=None)
    eurovoc: Text | None = Column("The concept of EuroVoc, where looked up.", title="EuroVoc", default=None)
    cap: Annotated[str, Code("[0-9]{1,4}")] | None = Column(
        "The code of the Comparative Agendas Project, where looked up.", title="CAP", default=None
    )
    sdg: Annotated[str, Code(r"[0-9]{1,2}(\.[0-9a-z]{1,2})?")] | None = Column(
        "The SDG or target, where looked up.", title="SDG", example="16.1", default=None
    )
    kept: bool = Column("Kept on purpose though no statement uses it yet.", default=False, last=True)
