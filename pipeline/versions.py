"""Versions of data: which step a difference asks for, and which version follows.

The steps are those of the Data Package version recipe (https://datapackage.org/recipes/data-package-version/). What a machine
cannot know is taken at its floor: a changed value is a correction unless the curator says otherwise by asking for more. While the
major number is 0, what would be major or minor moves the minor number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from pipeline.diff import Change, Difference, SchemaChange

FIRST = "0.1.0"
"""The first release: data under consultation."""

DEV = "+dev"
"""What a build calls itself that is not a release: the last release, and this."""


class Step(IntEnum):
    """How far a difference moves the version."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


_SCHEMA = {
    ("package", "changed"): Step.MAJOR,
    ("table", "removed"): Step.MAJOR,
    ("table", "added"): Step.MINOR,
    ("field", "removed"): Step.MAJOR,
    ("field", "added"): Step.MAJOR,
    ("order", "changed"): Step.MAJOR,
    ("type", "changed"): Step.MAJOR,
    ("format", "changed"): Step.MAJOR,
    ("key", "changed"): Step.MAJOR,
    ("constraint", "tightened"): Step.MAJOR,
    ("constraint", "loosened"): Step.MINOR,
    ("term", "removed"): Step.MAJOR,
    ("term", "added"): Step.MINOR,
    ("reference", "changed"): Step.MINOR,
    ("description", "changed"): Step.PATCH,
}
_ROWS = {"removed": Step.MAJOR, "added": Step.MINOR, "changed": Step.PATCH}
"""The recipe, as a table: what changed → the smallest step that it allows."""


@dataclass(frozen=True)
class Demand:
    """The smallest step that a difference allows, and a change that forces it."""

    step: Step
    because: SchemaChange | Change | None


def demand(difference: Difference) -> Demand:
    """The step of the change that asks for most."""
    steps: list[tuple[Step, SchemaChange | Change]] = [(_SCHEMA[change.kind, change.change], change) for change in difference.schema]
    steps += [(_ROWS[change.change], change) for change in difference.rows]
    if not steps:
        return Demand(Step.NONE, None)
    step, because = max(steps, key=lambda pair: pair[0])
    return Demand(step, because)


def after(version: str, step: Step) -> str:
    """The version that follows by a step."""
    major, minor, patch = parse(version)
    if step is Step.NONE:
        return version
    if step is Step.PATCH:
        return f"{major}.{minor}.{patch + 1}"
    if step is Step.MAJOR and major > 0:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0"


def parse(version: str) -> tuple[int, int, int]:
    """The three numbers of a release; ValueError for anything else."""
    match = re.fullmatch(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", version, re.ASCII)
    if match is None:
        raise ValueError(f"'{version}' is not a version; write three numbers, as in 0.2.0")
    return int(match[1]), int(match[2]), int(match[3])
