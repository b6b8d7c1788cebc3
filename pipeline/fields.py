"""The fields of a model as plain values: what its annotations say, for the stages that follow a record."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import BaseModel, StringConstraints

from pipeline.edtf import Edtf
from pipeline.language import Part, Record, Ref, TreeRecord, Vocabulary


@dataclass(frozen=True)
class FieldSpec:
    """One field of a model. ``kind`` is text, integer, number, boolean, day, date, words, part, tree, or key: the name of a node of a tree.

    ``required``: every record must state it; ``filled``: every row has a value, stated or by default.
    """

    name: str
    kind: str
    many: bool
    required: bool
    filled: bool
    description: str
    title: str
    example: object = None
    unit: str | None = None
    unique: bool = False
    inherit: bool = False
    stated_by_root: bool = False
    each: str | None = None
    term: str | None = None
    index: bool = False
    last: bool = False
    fallback: object = None
    deprecated: str | None = None
    vocabulary: Vocabulary | None = None
    reference: Ref | None = None
    pattern: str | None = None
    part: type[Part] | None = None


_PLAIN = {str: "text", int: "integer", float: "number", bool: "boolean", date: "day", Edtf: "date"}


@cache
def fields_of(model: type[BaseModel]) -> tuple[FieldSpec, ...]:
    """The fields of a model, in the order they are declared, those of a base class first; ``last`` ones at the end."""
    hints = typing.get_type_hints(model, include_extras=True)
    fields = [_field(model, name, hints[name]) for name in model.model_fields]
    return tuple(sorted(fields, key=lambda field: field.last))


def _field(model: type[BaseModel], name: str, hint: object) -> FieldSpec:
    info = model.model_fields[name]
    extra = typing.cast("dict[str, typing.Any]", info.json_schema_extra or {}).get("column", {})
    base, marks, many = _unwrap(hint)
    required = info.is_required()
    filled = required or extra.get("stated_by_root") or any(value is not None for value in (info.default, extra.get("fallback")))
    vocabulary = next((mark for mark in marks if isinstance(mark, Vocabulary)), None)
    reference = next((mark for mark in marks if isinstance(mark, Ref)), None)
    pattern = next((str(mark.pattern) for mark in marks if isinstance(mark, StringConstraints)), None)
    part: type[Part] | None = None
    if isinstance(base, type) and issubclass(base, Part):
        kind, part = "part", base
    elif isinstance(base, type) and issubclass(base, Record):
        kind = "tree"
    elif typing.get_origin(base) is tuple:
        kind = "words"
    elif issubclass(model, TreeRecord) and name == "key":
        kind = "key"
    else:
        kind = _PLAIN.get(typing.cast("type", base), "")
    example = info.examples[0] if info.examples else None
    why = _unsupported(model, kind, many, bool(reference), extra) or _unexplained(info.description, example, kind, vocabulary)
    if why is not None:
        raise TypeError(f"{model.__name__}.{name}: {why}")
    return FieldSpec(
        name=name,
        kind=kind,
        many=many,
        required=required,
        filled=filled,
        description=info.description or "",
        title=info.title or title_of(name),
        example=example,
        vocabulary=vocabulary,
        reference=reference,
        pattern=pattern,
        part=part,
        **extra,
    )


def _unsupported(model: type[BaseModel], kind: str, many: bool, reference: bool, extra: Mapping[str, object]) -> str | None:
    """Why a field of that kind could not be published, which would otherwise be found out by losing what stands in it."""
    nested = kind in ("part", "tree")
    if not kind:
        return "a field of this type is not supported; pipeline.language lists those that are"
    if nested and issubclass(model, Part):
        return "a part within a part is not supported; give it a table of its own"
    if nested and not many:
        return "what has rows of its own is written as a list"
    each = bool(extra.get("each"))
    if each != (many and issubclass(model, Part)):
        return "'each' says of a list within a part how its values are published, and of nothing else"
    if many and not (nested or reference or each):
        return "a list of plain values is not supported; make it a Part"
    if many and extra.get("unique"):
        return "'unique' is said of a single value"
    if extra.get("inherit") and issubclass(model, Part):
        return "'inherit' is said of the fields of a tree"
    return None


def _unexplained(description: str | None, example: object, kind: str, vocabulary: Vocabulary | None) -> str | None:
    """Why nobody could tell what to write into a field."""
    if not description:
        return 'it has no description; write = Column("…")'
    if vocabulary is not None and example is not None and example not in vocabulary.terms:
        return f"the example '{example}' is no term of {vocabulary.name}"
    if kind == "date" and example is not None:
        try:
            Edtf.parse(str(example))
        except ValueError as error:
            return f"of the example, {error}"
    return None


def _unwrap(hint: object) -> tuple[object, tuple[object, ...], bool]:
    """The bare type of an annotation, the marks on it, and whether it is a list."""
    marks: tuple[object, ...] = ()
    many = False
    while True:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Annotated:
            hint, marks = arguments[0], marks + arguments[1:]
        elif origin in (typing.Union, types.UnionType):
            others = [argument for argument in arguments if argument is not type(None)]
            if len(others) > 1:
                return object, marks, many
            (hint,) = others
        elif origin is list:
            hint, many = arguments[0], True
        else:
            return hint, marks, many


def title_of(name: str) -> str:
    """``valid_from`` → ``Valid from``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def first_sentence(model: type[BaseModel]) -> str:
    """The first paragraph of a model's docstring, as one line."""
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())
