"""Proposals: what actors with standing to act put forward."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Column, Table
from schemas.entity import Statement
from schemas.involvements import Actor
from schemas.statuses import ProposalStep
from schemas.vocabularies import SpeechAct


class Proposal(Statement):
    """One thing put forward by an actor with standing to act: a state, an organisation, a grouping, an official.

    A text's own list is a tree: a package with its points and their sub-points, in the text's order.
    """

    table = Table("proposals", "proposal", lead=True)

    speech_act: Annotated[str, SpeechAct] = Column("What the speaker does in saying it.", example="calls-for", inherit=True)
    proposer: list[Actor] = Column("Who puts it forward, and would be bound by it or act on it.", example=["states/chn"], inherit=True)
    statuses: list[ProposalStep] = Column("What became of it, step by step.", default=[])
    points: list[Proposal] = Column("Its parts, in the text's order.", default=[])
