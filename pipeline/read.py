"""Bytes to plain values: the part of YAML 1.2 that a curator needs, and nothing that could surprise one.

:func:`read` takes one document of mappings, lists, texts, numbers and booleans. Meaning is that of the YAML 1.2 core
schema: ``NO``, ``on`` and ``12:30`` are text, and so is an unquoted date. Refused, each with its position: bytes that are not UTF-8,
a byte-order mark, control characters and direction overrides, text not in Unicode normal form C, duplicate or non-text keys,
keys without a value, tags, anchors, aliases, merge keys, directives, more than one document, nesting deeper than
:data:`MOST_DEPTH`, more values than :data:`MOST_VALUES`, and files larger than :data:`MOST_BYTES`. What may not stand in the
file may not be brought in by an escape either. After :data:`MOST_REFUSALS` refusals the rest is not looked at.

The parser is libyaml's, taken event by event: it keeps its own stack, so that no input makes it recurse, and every event
knows its line and column.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.cyaml import CSafeLoader

from pipeline.files import MOST_BYTES
from pipeline.problems import Path

MOST_DEPTH = 32
MOST_VALUES = 50_000
MOST_REFUSALS = 1_000

# What no text needs and some terminal, spreadsheet or reader would act on: C0 and C1 controls but for the line ends, the
# line breaks of YAML 1.1, direction overrides and isolates, the byte-order mark, and what is no character at all. Spaces that are none,
# or that nobody sees, too: two texts that look the same are the same. (Joiners, which some scripts need, may stand.)
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_HINTS = {
    "mapping values are not allowed in this context": "a text with ': ' in it needs quotes, and fields begin in one column",
    "found character that cannot start any token": "a text that starts with %, @ or ` needs quotes",
}
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to take a document, at a line and column counted from 1."""

    line: int
    column: int
    rule: str
    message: str


@dataclass(slots=True)
class Document:
    """What was read: the value (None where nothing could be), the refusals, and where each value and key stands.

    ``spelling`` is how an unquoted number or boolean was written, by path, so that a message can show it quoted.
    """

    value: Any = None
    refusals: list[Refusal] = field(default_factory=list)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    spelling: dict[Path, str] = field(default_factory=dict)

    def position(self, path: Path, at_key: bool = False) -> tuple[int, int]:
        """Where a path stands: its own position, or that of the nearest thing above it that was written."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


class _Stop(Exception):  # noqa: N818 - control flow, not an error
    """Nothing more can be made of this document."""


def read(content: bytes) -> Document:
    """Read one document; what is wrong with it is in its ``refusals``, never raised."""
    document = Document()
    text = _text_of(content, document)
    if text is None:
        return document
    loader = CSafeLoader(text)
    try:
        document.value = _Composer(loader, document).document()
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = error.context or ""
        if context.startswith(("while parsing", "while scanning a quoted")) and error.context_mark:
            context += f" that begins in line {error.context_mark.line + 1}"
            if error.problem == "found unexpected end of stream":  # an open quote: nobody looks for it at the end of the file
                line, column = error.context_mark.line + 1, error.context_mark.column + 1
        reason = f"{context} {error.problem or ''}".strip()
        reason += next((f"; {hint}" for part, hint in _HINTS.items() if part in reason), "")
        document.refusals.append(Refusal(line, column, "yaml-syntax", f"this is not YAML: {reason}"))
    except (yaml.YAMLError, ValueError) as error:
        document.refusals.append(Refusal(1, 1, "yaml-syntax", f"this is not YAML: {' '.join(str(error).split())}"))
    finally:
        loader.dispose()
    if document.refusals:
        document.value = None
        document.refusals.sort(key=lambda refusal: (refusal.line, refusal.column))
    return document


def _text_of(content: bytes, document: Document) -> str | None:
    """The bytes as text, or None with a refusal: what can be judged before a parser sees anything."""

    def refuse(before: str, rule: str, message: str) -> None:
        line = before.count("\n") + 1
        document.refusals.append(Refusal(line, len(before) - before.rfind("\n"), rule, message))

    if len(content) > MOST_BYTES:
        refuse("", "too-large", f"the file has more than {MOST_BYTES:,} bytes, and so many at most are read")
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        refuse(before, "not-utf8", f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8")
        return None
    if fault := _fault(text):
        at, rule, message = fault
        refuse(text[:at], rule, message)
        return None
    return text


def _fault(text: str) -> tuple[int, str, str] | None:
    """The first character that no text may have: its place, the rule and the message. None if there is none."""
    if bad := FORBIDDEN.search(text):
        named = {
            "\ufeff": "a byte-order mark",
            "\t": "a tab",
            "\xa0": "a no-break space",
            "\xad": "a soft hyphen",
            "\u200b": "a zero-width space",
        }
        what = named.get(bad[0], f"character U+{ord(bad[0]):04X}")
        instead = {"\t": "use spaces", "\xa0": "write a plain one"}.get(bad[0], "remove it")
        return bad.start(), "forbidden-character", f"{what} is not allowed; {instead}"
    if not unicodedata.is_normalized("NFC", text):
        normal = unicodedata.normalize("NFC", text)
        at = next((at for at, (as_is, as_wanted) in enumerate(zip(text, normal, strict=False)) if as_is != as_wanted), 0)
        message = "a letter is not in Unicode normal form C (its accent may stand by itself); save the text in that form"
        return at, "not-nfc", message
    return None


def _integer(text: str) -> int:
    """The number that is written in decimal, octal or hexadecimal digits; of too many digits just a number that is too large."""
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    digits = (text.lstrip("+-") if base == 10 else text[2:]).lstrip("0") or "0"
    return (-1 if text[0] == "-" else 1) * (int(digits, base) if len(digits) <= 22 else 2**64)


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Composer:
    """Builds the value of a document from parser events, noting where each part stands."""

    def __init__(self, loader: CSafeLoader, document: Document) -> None:
        self.next: Callable[[], Any] = loader.get_event  # the events of PyYAML's C parser are not typed
        self.into = document
        self.count = 0

    def refuse(self, event: Any, rule: str, message: str) -> None:
        self.into.refusals.append(Refusal(*_place(event), rule, message))
        if len(self.into.refusals) == MOST_REFUSALS:
            raise _Stop

    def document(self) -> Any:
        self.next()  # the start of the stream
        start = self.next()
        if isinstance(start, yaml.StreamEndEvent):
            self.into.refusals.append(Refusal(1, 1, "empty-file", "the file is empty; write a record"))
            raise _Stop
        if start.version or start.tags:
            self.refuse(start, "directive", "directives (lines that start with %) are not allowed; remove it")
        value = self.value(self.next(), ())
        self.next()  # the end of the document
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(after, "several-documents", "a second document starts here; one file holds one document")
        return value

    def value(self, event: Any, path: Path) -> Any:
        self.count += 1
        if self.count > MOST_VALUES:
            self.refuse(event, "too-many-values", f"the file holds more than {MOST_VALUES:,} values; give each record its own file")
            raise _Stop
        self.into.values[path] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, "alias", f"aliases are not allowed; write the value of *{event.anchor} out")
            return None
        if event.anchor is not None:
            self.refuse(event, "anchor", f"anchors are not allowed; remove &{event.anchor}")
        if event.tag is not None:
            self.refuse(event, "tag", f"tags are not allowed; remove {event.tag.replace('tag:yaml.org,2002:', '!!')}")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if len(path) >= MOST_DEPTH:
            self.refuse(event, "too-deep", f"nested deeper than {MOST_DEPTH} levels")
            raise _Stop
        return self.sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(path)

    def scalar(self, event: Any, path: Path) -> Any:
        text = self.text(event)
        if event.style:  # quoted or a block: always text
            return text
        if text in _NULLS:
            self.refuse(event, "empty-value", "there is no value here; write one, or take the field out if it may be left out")
            return None
        if text in _BOOLEANS:
            self.into.spelling[path] = text
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text):
            self.into.spelling[path] = text
            number = _integer(text)
            if not -(2**63) <= number < 2**63:
                self.refuse(event, "number-too-large", "this number has too many digits; quote it if it is text")
            return number
        if _NUMBER.fullmatch(text):
            self.into.spelling[path] = text
            if math.isinf(value := float(text)):
                self.refuse(event, "number-too-large", "this number is too large; quote it if it is text")
            return value
        if _NOT_FINITE.fullmatch(text):
            self.refuse(event, "not-a-number", f"{text} stands for no number; quote it if it is text")
        return text

    def text(self, event: Any) -> str:
        """The text of a scalar or key; in double quotes an escape may have brought in what no file may hold."""
        text: str = event.value
        if event.style == '"' and (fault := _fault(text)):
            self.refuse(event, *fault[1:])
        return text

    def sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "bad-key", "a key is a plain word, not a list, mapping or alias")
                raise _Stop
            key = self.text(event)
            inner = (*path, key)
            if event.anchor or event.tag:
                self.refuse(event, "tag" if event.tag else "anchor", "tags and anchors are not allowed; remove it")
            if key == "<<" and not event.style:
                self.refuse(event, "merge-key", "merge keys are not allowed; write the fields out")
            if key in items:
                line, _ = self.into.keys[inner]
                self.refuse(event, "duplicate-key", f"'{key}' was already given in line {line}; keep one of the two")
            self.into.keys.setdefault(inner, _place(event))
            items[key] = self.value(self.next(), inner)
        return items
