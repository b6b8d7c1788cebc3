"""Explanations: why something that looks implausible is nevertheless so. The audit asks for them, and readers see them."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Part, Table, Text, Vocabulary

DoubtKind = Vocabulary(
    "doubt",
    "What the audit asks about a record. A doubt is not an error: it is mended, or explained.",
    {
        "source-before-fact": "A source that is to carry it is older than what it carries.",
        "step-before-statement": "A step in what became of it is dated before it was put forward.",
        "edition-order": "Its number in the series does not follow its date.",
        "out-of-term": "Somebody acts in it outside the years of office that are recorded.",
        "no-role": "Somebody acts in it of whom no public function is recorded.",
        "before-founding": "A body acts in it, or has members, before it was founded or after it ended.",
        "same-name": "Another record of the table has the same name or label, spelling apart.",
        "confidence-too-high": "Its confidence is higher than its sources allow.",
        "no-outside-source": "Everything in it rests on official publications and state media.",
        "no-status": "Nothing is recorded on what became of it, not even that nothing was found.",
        "no-date": "Neither it nor any source of it has a date.",
        "orphan-topic": "A single record is about it, and no topic is above or below it.",
    },
)


class Explanation(Part):
    """One doubt about one record, and why it is nevertheless right."""

    table = Table("explanations", "explanation", key=("doubt",))

    doubt: Annotated[str, DoubtKind] = Column("What the audit asks.", example="no-outside-source")
    why: Text = Column("Why it is nevertheless so.", example="No other page on it was found (2026-11-22).")
