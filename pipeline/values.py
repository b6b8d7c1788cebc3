"""The plain values of the schema language: texts, codes, dates, the ends of a passage; and what each refuses."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from pipeline.edtf import FORMS, Edtf

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
ID = rf"{SLUG}(?:\.{SLUG})?"
ADDRESS = rf"[a-z][a-z_]*/{ID}"
ID_FORM = "an id has lower-case letters, digits and single hyphens"


_FILE = re.compile(rf"(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])\Z){SLUG}", re.ASCII)


def is_id(text: str) -> bool:
    """Whether a file may be named so: a slug with no dot in it, and nothing that Windows takes for a device."""
    return _FILE.fullmatch(text) is not None


def _one_paragraph(value: str) -> str:
    """One paragraph that no spreadsheet would run: what every published text is."""
    text = value.strip()
    if not text:
        raise PydanticCustomError("empty_text", "is empty; write a text, or take the field out if it may be left out")
    if "\n" in text:
        raise PydanticCustomError("several_lines", "has line breaks; write one paragraph (a folded text starts with >-)")
    if text[0] in "=+-@":
        raise PydanticCustomError(
            "formula", "starts with '{sign}', which a spreadsheet would run as a formula; begin with a word", {"sign": text[0]}
        )
    return text


class _OneParagraph:
    """Marks a string as a paragraph of text; see :func:`_one_paragraph` for what is refused."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_one_paragraph, core_schema.str_schema(strict=True))


Text = Annotated[str, _OneParagraph()]
"""One paragraph of text."""

Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$")]
"""Lower-case ASCII letters, digits and hyphens."""


def Code(pattern: str) -> StringConstraints:  # noqa: N802 - reads as the other words of the language do
    """A short text of one exact form: ``Annotated[str, Code("[A-Z]{2}")]``."""
    return StringConstraints(pattern=rf"^(?:{pattern})$")


def _to_edtf(value: object) -> Edtf:
    # An unquoted year is a number to YAML; its spelling cannot differ from its value, so it is taken.
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        value = str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("bad_date", "is not a date; write {forms}", {"forms": FORMS})
    try:
        return Edtf.parse(value)
    except ValueError as error:
        raise PydanticCustomError("bad_date", "{reason}", {"reason": str(error)}) from None


class _Dates:
    """Marks a field as a date in one of the six forms of :mod:`pipeline.edtf`."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_to_edtf)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        return {"type": ["string", "integer"], "format": "edtf"}


Date = Annotated[Edtf, _Dates()]
"""A date in one of six EDTF forms."""


def _to_day(value: object) -> date:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("bad_date", "is not a day; write it as 2024-09-11")


class _Days:
    """Marks a field as one day, written ``2024-09-11``."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_to_day)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


Day = Annotated[date, _Days()]
"""One day of our own doing, such as when a page was read: always known, always to the day."""

MOST_WORDS = 8


def _to_words(value: object) -> tuple[str, str]:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) and part.strip() for part in value)):
        raise PydanticCustomError("bad_passage", "is not a passage; write [first words, last words]")
    count = sum(len(part.split()) for part in value)
    if count > MOST_WORDS:
        raise PydanticCustomError("long_passage", "quotes {count} words; at most {most} in all", {"count": count, "most": MOST_WORDS})
    return _one_paragraph(value[0]), _one_paragraph(value[1])


class _PassageEnds:
    """Marks a field as the first and last words of a passage."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_to_words)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}


Words = Annotated[tuple[str, str], _PassageEnds()]
"""The first and the last words of a passage: ``[first words, last words]``, eight words in all at most."""
