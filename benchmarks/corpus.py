"""A corpus of any size, made by a seeded generator from the real schemas: it follows the models through their fields.

:func:`make` writes ``raw/`` below a folder. Every rule of the package holds in it: references resolve, dates are backed by evidence,
names are told apart. What a field may hold is read off its FieldSpec; what only a rule across rows knows is in :data:`FIXED` and
:func:`_backed`. A share of the records can be made bad, each in one way whose line is known.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.fields import FieldSpec, fields_of
from pipeline.files import MOST_BYTES
from pipeline.language import Package, Record, TreeRecord
from pipeline.values import is_id

WEIGHTS = {"claims": 40, "proposals": 20, "sources": 15, "recommendations": 10, "events": 5, "institutions": 4, "instruments": 4}
"""How many of a hundred records are of which table; one of each other table."""

FIXED: dict[str, Any] = {"kept": True, "source_class": "press", "paragraphs": None, "forum": None, "own_voice_of": None}
"""What rules across rows ask of a field, whatever table it is in; None: left out."""

WORDS = [
    "security",
    "council",
    "reform",
    "mediation",
    "dialogue",
    "states",
    "regional",
    "common",
    "joint",
    "statement",
    "measures",
    "terrorism",
    "exchange",
    "lasting",
    "peace",
    "talks",
    "ceasefire",
    "proposal",
    "members",
    "working",
    "group",
    "résumé",
    "São",
    "Tomé",
    "安全",
    "мир",
    "early",
    "warning",
    "data",
    "governance",
    "trust",
    "adopted",
    "agreed",
    "called",
    "stressed",
    "noted",
    "that",
    "the",
    "of",
    "and",
    "for",
    "with",
    "among",
    "between",
    "under",
    "within",
]

TREE = 200
"""Records in one file, where files hold trees."""


@dataclass(frozen=True)
class Made:
    """What was written: files, records, bytes, and the file and line of every record that was made bad."""

    files: int
    records: int
    bytes: int
    bad: tuple[tuple[str, int], ...]


def make(package: Package, root: Path, count: int, *, trees: bool = False, bad: float = 0.0, seed: int = 7) -> Made:
    """Write about ``count`` records below ``root``/raw: one a file, or with ``trees`` hundreds a file."""
    corpus = _Corpus(package, count, trees, seed)
    chance = random.Random(seed)  # of its own: but for what is made bad the records are the same
    files = records = size = 0
    wrong: list[tuple[str, int]] = []
    for name, text, held in corpus.files():
        path = root / name
        if files % 1000 == 0 or not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
        if bad and chance.random() < bad and path.parent.name != "raw":
            content = _spoil(text, files).encode()
            wrong.append((name, content.count(b"\n")))
        else:
            content = text.encode()
        path.write_bytes(content)
        files, records, size = files + 1, records + held, size + len(content)
    return Made(files, records, size, tuple(wrong))


_SPOILT = ("colour: red\n", "relations: [{kind: cites, to: places/nowhere}]\n", "reviewed: 2024-02-30\n", "colour: dark: red\n")


def _spoil(text: str, number: int) -> str:
    """The record with one more line, which is wrong: a field that is not, a reference to nothing, no such day, no YAML."""
    line = _SPOILT[number % len(_SPOILT)]
    return text + (line if f"\n{line.split(':')[0]}:" not in text else _SPOILT[0])


class _Corpus:
    def __init__(self, package: Package, count: int, trees: bool, seed: int) -> None:
        self.random = random.Random(seed)
        self.models = {model.table.name: model for model in package.records}
        self.trees = trees
        weights = {name: WEIGHTS.get(name, 1) for name in self.models}
        if trees:  # most records are in trees
            weights = {name: (45 if issubclass(model, TreeRecord) else 1) for name, model in self.models.items()}
        whole = sum(weights.values())
        self.counts = {name: max(2, min(count * weight // whole, _capacity(self.models[name]))) for name, weight in weights.items()}
        self.roots = {
            name: n if not (trees and issubclass(self.models[name], TreeRecord)) else -(-n // TREE) for name, n in self.counts.items()
        }
        self.number = 0

    def files(self) -> Iterator[tuple[str, str, int]]:
        """Path, text and number of records of every file."""
        for table, model in self.models.items():
            together: dict[str, dict[str, Any]] = {}
            for number in range(self.roots[table]):
                name = self.id(table, number)
                record = self.record(model, number)
                held = 1
                if self.trees and issubclass(model, TreeRecord):
                    held = min(TREE, self.counts[table] - number * TREE)
                    field = next(spec.name for spec in fields_of(model) if spec.kind == "tree")
                    record[field] = [{"key": f"p{n}"} | self.record(model, number, child=True) for n in range(1, held)]
                if self.trees and not issubclass(model, TreeRecord):
                    together[name] = record
                else:
                    yield f"raw/{table}/{name}.yaml", "".join(_block(record, 0)), held
            text = "".join(f"{name}:\n" + "".join(_block(record, 1)) for name, record in together.items())
            if len(text.encode()) <= MOST_BYTES:
                yield from [(f"raw/{table}.yaml", text, len(together))] if together else []
            else:
                yield from ((f"raw/{table}/{name}.yaml", "".join(_block(record, 0)), 1) for name, record in together.items())

    def id(self, table: str, number: int) -> str:
        model = self.models[table]
        code = next((spec for spec in fields_of(model) if spec.name == "iso3"), None)
        if code is not None and code.pattern:  # a rule: the id of a state is its code
            return _codes(code.pattern)[number].lower()
        return f"{model.table.one}-{number:07d}"

    def record(self, model: type[Record], number: int, child: bool = False) -> dict[str, Any]:
        """One record that its model accepts, and that is not related to itself; drawn again until it is so."""
        own = f"{model.table.name}/{self.id(model.table.name, number)}"
        while True:
            self.number += 1
            values = {"label": f"{self.text(4)} no. {self.number}"} | self.fields(model, number, child)
            if not child:
                for spec in fields_of(model):
                    if spec.stated_by_root and spec.name not in values:
                        values[spec.name] = self.value(model, spec, number)
            _backed(model, values)
            if bound := {each["party"] for each in values.get("adherences", ())}:  # a rule: who adheres is a party
                values["parties"] = [{"actor": party} for party in sorted(bound)]
            if any(relation["to"] == own for relation in values.get("relations", ())):
                continue
            try:
                model.model_validate(values)
            except ValidationError as error:
                if any(detail["type"] in ("missing", "extra_forbidden") for detail in error.errors()):
                    raise
                continue
            return values

    def fields(self, model: type[BaseModel], number: int, child: bool = False) -> dict[str, Any]:
        values: dict[str, Any] = {}
        year = self.random.randint(1990, 2010)
        for spec in fields_of(model):
            if spec.name in ("label", "key", "fields", "field", "series") or spec.kind == "tree" or (child and spec.inherit):
                continue
            if spec.name in FIXED:
                value = FIXED[spec.name]
            elif not spec.required and spec.name not in ("evidence", "asserted_by") and self.random.random() > 0.35:
                continue
            elif spec.kind == "date":
                year += 1  # in the order in which the fields stand: what comes first comes first
                value = self.date(year) if model is not self.models.get("events") else "1980/2040"
            else:
                value = self.value(model, spec, number)
            if value is not None and value != []:
                values[spec.name] = value
        return values

    def value(self, model: type[BaseModel], spec: FieldSpec, number: int) -> Any:
        if spec.part is not None:
            return [self.part(spec.part, place) for place in range(self.random.choice((1, 1, 1, 2, 3)))]
        if spec.reference is not None:
            return self.references(model, spec, number)
        if spec.vocabulary is not None:
            safe = [term for term in spec.vocabulary.terms if term not in ("adopted", "disputed")]
            return self.random.choice(safe)
        if spec.kind == "text" and spec.pattern:
            if spec.name == "iso3":
                return _codes(spec.pattern)[number]
            if spec.unique and number >= _size(spec.pattern):
                return None
            return _nth(spec.pattern, number if spec.unique else self.random.randint(0, 8), spec.unique)
        self.number += 1
        drawn: dict[str, Callable[[], Any]] = {
            "text": lambda: f"{self.text(self.random.choice((4, 14, 30)))} {self.number}",
            "integer": lambda: self.number,
            "number": lambda: self.random.randint(1, 999) / 4,
            "boolean": lambda: self.random.random() < 0.5,
            "date": lambda: self.date(self.random.randint(2010, 2024)),
            "day": lambda: f"2026-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}",
            "words": lambda: [self.text(3), self.text(3)],
        }
        return drawn[spec.kind]()

    def part(self, part: type[BaseModel], place: int) -> dict[str, Any]:
        values = self.fields(part, place)
        if "actor" in part.model_fields:
            values.pop("kind", None)
            spec = next(spec for spec in fields_of(part) if spec.name == "actor")
            values = {"actor": self.references(part, spec, place)} | {key: value for key, value in values.items() if key != "actor"}
        if "member" in values or "title" in values:  # no two rows of a record may be of the same thing at the same time
            self.number += 1
            values |= {"member": f"states/{self.id('states', self.number % self.counts['states'])}"} if "member" in values else {}
        return values

    def references(self, model: type[BaseModel], spec: FieldSpec, number: int) -> Any:
        """To any record of a table that may be meant; to a record of the own table only if it comes before, so nothing is circular."""
        assert spec.reference is not None
        tables = spec.reference.tables or tuple(self.models)

        def one() -> str | None:
            table = self.random.choice(tables)
            own = self.models[table] is model
            if own and number == 0:
                return None
            name = self.id(table, self.random.randrange(min(number, self.roots[table]) if own else self.roots[table]))
            return name if spec.reference is not None and spec.reference.bare else f"{table}/{name}"

        if not spec.many:
            return one()
        return list(dict.fromkeys(name for name in (one() for _ in range(self.random.choice((1, 2, 3)))) if name))

    def date(self, year: int) -> str:
        return self.random.choice((f"{year}", f"{year}-03", f"{year}-09-11", f"{year}~", f"{year}-09-10/{year}-09-12"))

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(WORDS, k=words)).capitalize()


def _backed(model: type[Record], values: dict[str, Any]) -> None:
    """Evidence for the record itself and for its dates, as the rules across rows want it."""
    entry = {"source": values["evidence"][0]["source"], "at": "¶3"}
    dates = [spec.name for spec in fields_of(model) if spec.kind == "date" and spec.name in values]
    values["evidence"] = [entry, *values["evidence"][1:], *([entry | {"fields": dates}] if dates else [])]


def _capacity(model: type[Record]) -> int:
    """How many records a table can have whose unique codes are as short as they are."""
    return min((_size(spec.pattern) for spec in fields_of(model) if spec.unique and spec.pattern and spec.required), default=sys.maxsize)


def _parts(pattern: str, unique: bool) -> list[tuple[list[str], int]]:
    """Alphabet and length of each piece of a simple pattern; of alternatives the first, of what may be absent nothing."""
    found: list[tuple[list[str], int]] = []

    def walk(items: Any, times: int = 1) -> None:
        for kind, argument in items:
            name = str(kind)
            if name == "LITERAL":
                found.append(([chr(argument)], 1))
            elif name == "IN":
                letters = [chr(a) for op, value in argument for a in (range(value[0], value[1] + 1) if str(op) == "RANGE" else [value])
                           if str(op) in ("RANGE", "LITERAL")]  # fmt: skip
                found.append((letters or list("abcdefghijklmnopqrstuvwxyz"), times))
            elif name == "MAX_REPEAT":
                low, high, inner = argument
                if low or high == _parser.MAXREPEAT:
                    walk(inner, 7 if high == _parser.MAXREPEAT and unique else low)
            elif name == "SUBPATTERN":
                walk(argument[3], times)
            elif name == "BRANCH":
                walk(argument[1][0], times)

    walk(_parser.parse(pattern))
    return found


def _size(pattern: str) -> int:
    size = 1
    for letters, times in _parts(pattern, True):
        size *= len(letters) ** times
    return size


@cache
def _codes(pattern: str) -> list[str]:
    """All texts of a pattern that a file may be named after: not AUX, which Windows takes for a device."""
    return [code for number in range(_size(pattern)) if is_id((code := _nth(pattern, number)).lower())]


def _nth(pattern: str, number: int, unique: bool = True) -> str:
    """The text of a pattern that stands for a number: different for each, as long as there are as many."""
    if "https" in pattern:
        return f"https://example.org/page/{number}"
    text = ""
    for letters, times in reversed(_parts(pattern, unique)):
        for _ in range(times):
            number, digit = divmod(number, len(letters))
            text = letters[digit] + text
    assert re.fullmatch(pattern, text), (pattern, text)
    return text


_PLAIN = re.compile(r"[^\W\d_][\w ,./;()-]*[\w.)]|¶\d+|\d{4}(-\d\d){0,2}~?(/\d{4}(-\d\d)*)?|[a-z]")


def _scalar(value: Any, indent: str = "") -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    if not _PLAIN.fullmatch(value) and not value.startswith("https"):
        return "'" + value.replace("'", "''") + "'"
    words = value.split(" ")
    return f"\n{indent}  ".join(" ".join(words[at : at + 14]) for at in range(0, len(words), 14))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    text = _scalar(value).replace("\n  ", " ")
    return f"'{text}'" if isinstance(value, str) and "," in text else text


def _block(record: dict[str, Any], depth: int) -> Iterator[str]:
    """The lines of a mapping in the common layout: lists of mappings in blocks, one mapping on a line where it is short."""
    indent = "  " * depth
    for key, value in record.items():
        if not isinstance(value, list) or not isinstance(value[0], dict):
            yield f"{indent}{key}: {_flow(value) if isinstance(value, list) else _scalar(value, indent)}\n"
            continue
        yield f"{indent}{key}:\n"
        for item in value:
            short = _flow(item) if len(item) < 5 else ""
            if short and len(short) < 110 and "[{" not in short:
                yield f"{indent}  - {short}\n"
            else:
                lines = "".join(_block(item, depth + 2))
                yield f"{indent}  - {lines[len(indent) + 4 :]}"
