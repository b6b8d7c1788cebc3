"""A blank card for a new record: every field with what it means; what must be filled in first, the rest behind a ``#``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.fields import FieldSpec, fields_of, first_sentence
from pipeline.files import RAW, content_of
from pipeline.language import Package, Record
from pipeline.read import read

_WIDTH = 100


def new_record(package: Package, table: str, name: str, root: Path) -> Path:
    """Write the card of a new record to ``raw/<table>/<id>.yaml``; FileExistsError if that record is there already."""
    path = root / RAW / table / f"{name}.yaml"
    together = root / RAW / f"{table}.yaml"
    if path.exists() or path.is_symlink():
        raise FileExistsError(f"{table}/{name} is there already, in {path}")
    others = read(content_of(together)).value if together.is_file() else None
    if isinstance(others, dict) and name in others:
        raise FileExistsError(f"{table}/{name} is there already, in {together}")
    path.parent.mkdir(parents=True, exist_ok=True)
    demanded = {rule.demands for rule in package.rules if rule.table == table and rule.demands}
    path.write_text(template(package.record(table), f"{table}/{name}", demanded), encoding="utf-8", newline="\n")
    return path


def template(model: type[Record], address: str, demanded: Collection[str] = ()) -> str:
    """The text of the card; ``demanded`` are fields without which a rule cannot hold."""
    return "\n".join(_lines(model, address, demanded)) + "\n"


def _lines(model: type[Record], address: str, demanded: Collection[str]) -> Iterator[str]:
    yield f"# {address}: {first_sentence(model)}"
    yield "# Fill in what stands open, take the # from what you need, remove the rest. Then: build.py check"
    fields = [field for field in fields_of(model) if field.kind != "key"]
    for field in fields:
        if field.required or field.stated_by_root:
            yield from _comment(field)
            yield f"{field.name}:"
        elif field.name in demanded:
            yield from _comment(field)
            yield from _example(field)
    yield ""
    yield "# ---- what may be left out"
    for field in fields:
        if not (field.required or field.stated_by_root or field.name in demanded):
            yield from _comment(field)
            yield from (f"# {line}" for line in _example(field))


def _comment(field: FieldSpec) -> Iterator[str]:
    text = field.description
    if field.vocabulary:
        text += f" One of: {', '.join(field.vocabulary.terms)}."
    elif field.required or field.stated_by_root:
        text += f" For example: {_flow(field.example)}" if field.example is not None else ""
    yield ""
    yield from textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="#   ")


def _example(field: FieldSpec) -> Iterator[str]:
    if field.kind == "tree":
        yield f"{field.name}:"
        yield "  - key: its-name"
        yield "    label: …"
    elif field.part is not None and field.example is None:
        if field.part.shorthand:
            example = next(inner.example for inner in fields_of(field.part) if inner.name == field.part.shorthand)
            yield f"{field.name}: {_flow([example])}"
            return
        shown = {inner.name: inner.example for inner in fields_of(field.part) if inner.required}
        yield f"{field.name}:"
        yield f"  - {_flow(shown)}"
    else:
        yield f"{field.name}: {_flow(True if field.kind == 'boolean' else field.example)}"


def _flow(value: object) -> str:
    """A value as flow YAML."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(inner) for inner in value) + "]"
        case None:
            return "…"
        case str() if read(f"[{value}]".encode()).value != [value]:  # unquoted it would be something else
            return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
