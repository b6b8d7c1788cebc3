"""What pydantic found, in words that say what would be right."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.fields import FieldSpec, fields_of
from pipeline.language import Ref
from pipeline.locate import AS_WRITTEN
from pipeline.problems import Complaint, Path, suggest
from pipeline.read import read
from pipeline.values import ID_FORM


def explain(error: ValidationError, model: type[BaseModel], file: str, path: Path) -> Iterator[Complaint]:
    """What pydantic found, in words that say what would be right."""
    for detail in error.errors(include_url=False):
        yield _explain_one(detail, model, file, path)


def _explain_one(detail: ErrorDetails, model: type[BaseModel], file: str, path: Path) -> Complaint:
    location = tuple(detail["loc"])
    owner, spec = _field_at(model, location)
    rule, at = detail["type"].replace("_", "-"), (*path, *location)
    name = next((str(part) for part in reversed(at) if isinstance(part, str)), "")
    in_list = bool(location) and isinstance(location[-1], int)
    subject = f"an entry of '{name}'" if in_list else f"'{name}'"
    found = detail["input"]
    match detail["type"]:
        case "missing":
            return Complaint(file, at[:-1], "missing-field", missing(name, spec))
        case "extra_forbidden":
            known = [field.name for field in fields_of(owner)]
            all_of_them = "; there are " + ", ".join(known) if len(known) < 8 else "; build.py new writes a card with all that there are"
            message = f"there is no field '{name}' here{suggest(name, known) or all_of_them}"
            return Complaint(file, at, "unknown-field", message, at_key=True)
        case "literal_error" if spec is not None and spec.vocabulary is not None:
            if isinstance(found, str):
                terms = spec.vocabulary.terms
                near = suggest(found, terms)
                message = f"'{found}' is not a term of the vocabulary {spec.vocabulary.name}{near or '; its terms are ' + ', '.join(terms)}"
                return Complaint(file, at, "unknown-term", message)
            return Complaint(file, at, "not-text", f"{subject} is {_kind(found)}; write a term of the vocabulary {spec.vocabulary.name}")
        case "string_type" if isinstance(found, bool | int | float):
            return Complaint(file, at, "not-text", f'{subject} is text; write "{AS_WRITTEN}" in quotes')
        case "string_pattern_mismatch":
            return Complaint(file, at, "bad-reference" if spec and spec.reference else "bad-form", _form(name, found, spec))
        case "string_type" | "list_type" | "int_type" | "float_type" | "bool_type" | "model_type" | "model_attributes_type":
            wanted = {
                "string": "text",
                "list": "a list, as in [one, two]",
                "int": "a whole number, without quotes and separators",
                "float": "a number such as 2.5, without quotes and separators",
                "bool": "true or false, without quotes",
                "model": "a mapping of fields to values",
            }[detail["type"].split("_")[0]]
            return Complaint(file, at, "wrong-type", f"{subject} is {_kind(found)}; it has to be {wanted}")
        case "value_error" | "assertion_error":
            return Complaint(file, at, "not-allowed", detail["msg"].split(", ", 1)[-1])
    # What a type or a model of the package says: of a whole entry or record it speaks for itself, of a field after its name.
    message, whole = detail["msg"], not location or (in_list and spec is not None and spec.kind in ("part", "tree"))
    return Complaint(file, at, rule, message if whole or message.startswith("'") else f"{subject} {message}")


def _field_at(model: type[BaseModel], location: Path) -> tuple[type[BaseModel], FieldSpec | None]:
    """The model that holds the field at a location, and the field where there is one of that name."""
    spec: FieldSpec | None = None
    for part in location:
        if isinstance(part, int):
            continue
        if spec is not None:
            model = spec.part or model
        spec = next((field for field in fields_of(model) if field.name == part), None)
        if spec is None:
            break
    return model, spec


def missing(name: str, spec: FieldSpec | None) -> str:
    """That a field is not there, what it is for, and an example."""
    description = f": {spec.description}" if spec else ""
    example = f" For example, {name}: {_written(spec.example)}" if spec and spec.example is not None else ""
    return f"'{name}' is missing{description}{example}"


def _form(name: str, found: object, spec: FieldSpec | None) -> str:
    if spec is not None and isinstance(spec.reference, Ref) and isinstance(found, str):
        tables = spec.reference.tables
        if spec.reference.bare:
            prefix = f"{tables[0]}/"
            if found.startswith(prefix):
                return f"'{found}' is not an id of {tables[0]}; write '{found.removeprefix(prefix)}'"
            return f"'{found}' is not an id; {ID_FORM}"
        shown = " or ".join(f"{table}/…" for table in tables) if tables else "table/id"
        return f"'{found}' is not an address; write {shown}"
    example = f"; for example {_written(spec.example)}" if spec is not None and spec.example is not None else ""
    return f"'{found}' is not of the form that '{name}' has{example}"


def _written(example: object) -> str:
    """An example as a curator would write it: in quotes where it would else be read as something other than text."""
    if isinstance(example, list):
        return f"[{', '.join(_written(item) for item in example)}]"
    plain = not isinstance(example, str) or read(example.encode()).value == example
    return str(example) if plain else f'"{example}"'


def _kind(value: object) -> str:
    match value:
        case bool():
            return f"{str(value).lower()} (true or false)"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text '{value}'" if len(value) <= 40 else "a text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f"a {type(value).__name__}"
