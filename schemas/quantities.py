"""Quantities: numbers that a demand would set, such as the seats of a council, so that demands can be compared."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.language import Column, Part, Ref, Table, Text
from schemas.references import Locator, ToInstitution, ToSource
from schemas.vocabularies import QuantityKind


class Quantity(Part):
    """One number that a demand would set, or that a body has now."""

    table = Table("quantities", "quantity", key=("quantity", "of", "held_by"))

    quantity: Annotated[str, QuantityKind] = Column("What is counted.", example="seats")
    of: ToInstitution = Column("The body whose number it is.", example="un-security-council")
    held_by: Annotated[str, Ref("states", "institutions", "places")] | None = Column(
        "Whose part of that number is meant; empty for the whole.", example="places/africa", default=None
    )
    low: float = Column("The number, or the lower end of a range.", example=25.0)
    high: float | None = Column("The upper end of a range; empty where one number is given.", example=26.0, default=None)
    change: bool = Column("Whether the number comes on top of what there is now; else it is the new total.", default=False)
    source: ToSource | None = Column("The source that gives it, where it is not that of the record itself.", default=None)
    at: Locator | None = Column("Where in the source.", example="¶3", default=None)
    note: Text | None = Column("Anything a reader must know about it.", default=None)

    @model_validator(mode="after")
    def _range_in_order(self) -> Quantity:
        if self.high is not None and self.high <= self.low:
            raise PydanticCustomError("range_out_of_order", "the upper end of a range is above the lower; leave 'high' out for one number")
        return self
