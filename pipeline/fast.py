"""The quick way to read: yaml-rs, for documents in which nothing stands that surprises; all others go to the strict reader.

yaml-rs takes a tenth of the time of the strict reader, and knows no positions. It takes what is refused here (an unknown tag is dropped, a
second document makes a list, deep nesting crashes it), and some of what both take it takes otherwise (``1_000`` and ``0b1`` are numbers
to it). One pattern, run by RE2 over a whole batch of documents, finds the bytes where such a thing may begin: it takes a tenth of the
time of the parse, where Python's own patterns would take as long as the parse itself.

What is left to the models is an empty value, an infinite number, and a key that is no text or goes over two lines: no model takes any of
them. So :func:`read_values` is for what is judged by a model, and whoever gets a refusal asks the strict reader for the reason.
tests/pipeline/test_fast.py holds the two to the same meaning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import yaml_rs

from pipeline.files import MOST_BYTES
from pipeline.read import FORBIDDEN, MOST_VALUES

_TOKEN = r"(?:^|[\s\[{,:-])"
"""Before the first sign of a value or key."""

_SURPRISES = "(?m)" + "|".join(
    (
        r"^(?:---|\.\.\.)",  # a second document
        r"(?:^|[\s\[{,:]):",  # a text that starts with a colon
        rf"{_TOKEN}[!&*?%@`]",  # tags, anchors, aliases, complex keys, directives
        rf"{_TOKEN}[|>](?:[^+\-\n]|[+-][^\n]|[+-]?\n(?: *[\t\n\f\r]|[^ ]| *\z))",  # blocks that are empty, or not plainly blocks
        r"[\[{,]\s*[|>]",  # blocks where none can be
        r"\\|<<",  # escapes, merges
        rf"{_TOKEN}[-+.0-9eE]*_|{_TOKEN}[-+]?0[xXoObB]",  # numbers to yaml-rs alone; hexadecimal ones too, which it takes in more spellings
        rf"{_TOKEN}[-+]?[0-9]{{19}}",  # numbers that no table holds
        r"[ -]{512}",  # nesting that might crash it
        r"[^\n]\z",  # a last line without an end
        FORBIDDEN.pattern.replace("(?!\n)", r"(?:[^\n]|\z)"),
    )
)
_ABOVE = r"[\x{300}-\x{10ffff}]"
"""Below stands nothing that could combine with what is before it."""

_BLOCKS = ("|", ">")


def read_values(contents: Sequence[bytes]) -> Iterator[dict[str, Any] | None]:
    """The value of each document that is a mapping; None for one of which only the strict reader can say what it is.

    One value is made at a time: those of a batch would not stay in the processor's cache until they are judged.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(contents, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:  # one of them is not UTF-8
        return iter([None]) if len(contents) == 1 else chain.from_iterable(read_values([content]) for content in contents)
    odd = pc.match_substring_regex(texts, _SURPRISES).to_pylist()
    above = pc.match_substring_regex(texts, _ABOVE).to_pylist()
    return (None if left else _value(*document) for left, *document in zip(odd, texts.to_pylist(), contents, above, strict=True))


def _value(text: str, content: bytes, above: bool) -> dict[str, Any] | None:
    if len(content) > MOST_BYTES or (above and not unicodedata.is_normalized("NFC", text)):
        return None
    try:
        value: Any = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):  # TypeError: a mapping as a key
        return None
    if type(value) is not dict or (len(content) > MOST_VALUES and _count(value) > MOST_VALUES):
        return None
    return None if ("|" in text or ">" in text) and _holds_a_sign(value) else value


def _holds_a_sign(value: Any) -> bool:
    """Whether a text begins as a block does: within brackets, where no block may stand, yaml-rs takes its sign and lines for a text."""
    items = value.values() if type(value) is dict else value
    return any(item[:1] in _BLOCKS if type(item) is str else type(item) in (dict, list) and _holds_a_sign(item) for item in items)


def _count(value: Any) -> int:
    """How many values there are in a value, itself included."""
    items = value.values() if type(value) is dict else value if type(value) is list else ()
    return 1 + sum(map(_count, items))
