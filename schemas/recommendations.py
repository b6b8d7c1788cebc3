"""Recommendations: advice by those who have no power to adopt it."""

from __future__ import annotations

from pipeline.language import Column, Table
from schemas.entity import Statement
from schemas.involvements import Actor
from schemas.references import ToWork
from schemas.uptakes import Uptake


class Recommendation(Statement):
    """One piece of advice by an author or body without power to adopt it: think tank, panel, essay, expert report.

    A text's own list is a tree: a strategy with its points and their sub-points, in the text's order.
    """

    table = Table("recommendations", "recommendation", lead=True)

    work: ToWork = Column("The work it stands in.", example="sources/akram-2024", inherit=True)
    author: list[Actor] = Column("Who gives the advice.", example=["people/khalid-taimur-akram"], inherit=True)
    uptakes: list[Uptake] = Column("What bodies made of it.", default=[])
    points: list[Recommendation] = Column("Its parts, in the text's order.", default=[])
