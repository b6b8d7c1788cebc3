"""The two readers side by side: what is read the quick way, and what the strict reader makes of the same bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipeline import fast
from pipeline.read import MOST_DEPTH, Document, read


def quick(content: bytes) -> Any:
    """What is read the quick way; None where it is left to the strict reader, or is something that no model takes."""
    return quickly([content])[0]


def quickly(contents: Sequence[bytes]) -> list[Any]:
    """The same for many documents at once."""
    return [value if takeable(value) else None for value in fast.read_values(contents)]


def takeable(value: Any, depth: int = 1) -> bool:
    """Whether a model could take it: nothing empty or infinite, no key but a word, not deeper than any record."""
    if isinstance(value, dict):
        return depth <= MOST_DEPTH and all(
            isinstance(key, str) and not {" ", "\n"} & set(key) and takeable(item, depth + 1) for key, item in value.items()
        )
    if isinstance(value, list):
        return depth <= MOST_DEPTH and all(takeable(item, depth + 1) for item in value)
    return value is not None and (not isinstance(value, float) or math.isfinite(value))


def either(content: bytes) -> Document:
    """What a document means: to the quick reader, and where it leaves it to the strict one."""
    value = quick(content)
    return read(content) if value is None else Document(value)
