"""Roles: the public functions of a person, dated. Living people appear only in these."""

from __future__ import annotations

from pipeline.language import Column, Date, Table, Text
from schemas.evidence import Sourced
from schemas.references import ToBody


class PersonRole(Sourced):
    """One function of one person, in one body, for one period."""

    table = Table("roles", "role", key=("body",), owner="people")

    body: ToBody = Column("The body or state in which it is held.", example="institutions/cfac-office")
    title: Text = Column("The title.", example="Director")
    period: Date | None = Column("From when to when it is known to have been held.", example="2023-01/..", default=None)
