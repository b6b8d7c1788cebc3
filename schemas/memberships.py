"""Memberships: who belongs to a body, in what way, from when to when, and whether it took effect."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Date, Table
from schemas.evidence import Sourced
from schemas.references import ToBody
from schemas.vocabularies import MembershipKind, MembershipStatus


class Membership(Sourced):
    """One member of one body for one period."""

    table = Table("memberships", "membership", key=("member", "kind"), owner="institutions")

    member: ToBody = Column("The member.", example="states/bra")
    kind: Annotated[str, MembershipKind] = Column("What kind of membership.", example="full")
    status: Annotated[str, MembershipStatus] = Column("Whether it took effect.", example="in-effect")
    period: Date | None = Column(
        "From when to when; an open end where none is known. For one that was declined: from the offer to the refusal.",
        example="2024-01-01/..",
        default=None,
    )
