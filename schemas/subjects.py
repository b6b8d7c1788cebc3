"""Subjects: which records, or which fields of them, a claim is about."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.language import Column, Part, Table, Text
from schemas.references import ToAny


class Subject(Part):
    """One record, or one field of one, that a claim is about.

    Written ``institutions/x`` or ``institutions/x#founded``.
    """

    table = Table("subjects", "subject", key=("about", "field"), owner="claims")
    shorthand = "about"

    about: ToAny = Column("The record.", example="institutions/brics")
    field: Text | None = Column("The field of it, where the claim is about one.", example="founded", default=None)

    @classmethod
    def from_text(cls, text: str) -> Mapping[str, object]:
        """``a/b#c`` is the field c of the record a/b."""
        about, mark, field = text.partition("#")
        return {"about": about, "field": field} if mark else {"about": about}
