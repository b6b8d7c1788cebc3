"""Files to records: what lies in raw/ is found, read, and judged record by record with pydantic.

``raw/<table>/<id>.yaml`` holds one record; ``raw/<table>.yaml`` maps ids to small records; ``raw/retired.yaml`` maps
addresses that are gone to what replaced them, and why. Anything else in raw/ is a mistake and is said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pipeline.language import ADDRESS, Column, Package, Record, Ref, Text, TreeRecord, is_id
from pipeline.locate import AS_WRITTEN
from pipeline.problems import Complaint, Path, Problem, suggest
from pipeline.read import read
from pipeline.tables import FieldSpec, fields_of

RAW, RETIRED = "raw", "retired"
ID_FORM = "an id has lower-case letters, digits and single hyphens"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it was found: where, under which table and id, and its plain value."""

    file: str
    path: Path
    table: str
    id: str
    value: Any


@dataclass(frozen=True, slots=True)
class Checked:
    """A record that pydantic accepted, and where it came from."""

    entry: Entry
    record: Record


class Retired(BaseModel):
    """An address that is gone."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    replaced_by: str | None = Column("The address that took its place.", default=None)
    why: Text = Column("Why it is gone.")


@dataclass(slots=True)
class Records:
    """All of raw/: what was accepted, what is retired, and what is wrong.

    ``complaints`` still need a position; ``problems`` are files that could not be read and already have one. ``claimed``
    holds every address that some entry stands for, accepted or not, and ``unread`` every table, or root of a tree, that stands in
    a file that could not be read: one bad record does not make every reference to it bad.
    """

    accepted: list[Checked] = field(default_factory=list)
    retired: dict[str, Retired] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def may_hold(self, address: str) -> bool:
        """Whether an entry stands for that address, or could in a file that was not read."""
        return address in self.claimed or address.partition("/")[0] in self.unread or address.partition(".")[0] in self.unread


def read_records(package: Package, root: FilePath) -> Records:
    """Find, read and judge every record below ``root``/raw, in order of table and id."""
    found = Records()
    entries: dict[tuple[str, str], Entry] = {}
    for entry in _entries(package, root, found):
        known = entries.setdefault((entry.table, entry.id), entry)
        if known is not entry:
            found.complaints.append(
                Complaint(
                    entry.file,
                    entry.path,
                    "duplicate-id",
                    f"{entry.table}/{entry.id} stands in {known.file} too; keep one of the two",
                    at_key=True,
                )
            )
    for model in package.records:
        for (table, _), entry in sorted(entries.items()):
            if table == model.table.name:
                _check(model, entry, found)
    for address in sorted(found.retired.keys() & found.claimed):
        del found.retired[address]
        message = f"{address} is retired and is there still; remove the record, or this entry"
        found.complaints.append(Complaint(f"{RAW}/{RETIRED}.yaml", (address,), "retired-but-there", message, at_key=True))
    return found


# ------------------------------------------------------------------------------------------------------------ finding


def _entries(package: Package, root: FilePath, found: Records) -> Iterator[Entry]:
    tables = [model.table.name for model in package.records]

    def misplaced(file: FilePath, message: str) -> None:
        found.complaints.append(Complaint(file.relative_to(root).as_posix(), (), "misplaced-file", message))

    for path in _visible(root / RAW):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            misplaced(path, "links and special files are not read; put the file itself here")
        elif path.is_dir():
            if path.name not in tables:
                misplaced(path, f"there is no table '{path.name}'{suggest(path.name, tables)}")
                continue
            for file in _visible(path):
                found.claimed.add(f"{path.name}/{file.stem}")
                if file.is_symlink() or not file.is_file():
                    misplaced(file, f"only files belong in {RAW}/{path.name}; folders and links are not read")
                elif file.suffix != ".yaml":
                    misplaced(file, f"a record is a file that ends in .yaml; rename it to {file.stem}.yaml")
                elif not is_id(file.stem):
                    misplaced(file, f"'{file.stem}' is not an id; {ID_FORM}")
                else:
                    yield from _one(root, file, path.name, found)
        elif path.suffix != ".yaml" or path.stem not in (*tables, RETIRED):
            known = [f"{table}.yaml" for table in (*tables, RETIRED)]
            misplaced(path, f"'{path.name}' is not the name of a table{suggest(path.name, known)}")
        else:
            yield from _many(root, path, found)


def _visible(folder: FilePath) -> list[FilePath]:
    """What lies in a folder, sorted by name; hidden files are not the curator's."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=lambda path: path.name)


def _value(root: FilePath, path: FilePath, found: Records) -> tuple[str, Any]:
    file = path.relative_to(root).as_posix()
    document = read(path.read_bytes())
    found.problems += [Problem(file, r.line, r.column, r.rule, r.message) for r in document.refusals]
    return file, document.value


def _one(root: FilePath, path: FilePath, table: str, found: Records) -> Iterator[Entry]:
    file, value = _value(root, path, found)
    if isinstance(value, dict):
        yield Entry(file, (), table, path.stem, value)
        return
    found.unread.add(f"{table}/{path.stem}")
    if value is not None:
        found.complaints.append(Complaint(file, (), "not-a-record", "a record is a mapping of fields to values, as in 'label: …'"))


def _many(root: FilePath, path: FilePath, found: Records) -> Iterator[Entry]:
    file, value = _value(root, path, found)
    if not isinstance(value, dict):
        found.unread.add(path.stem)
        if value is not None:
            keys = "addresses to what became of them" if path.stem == RETIRED else "ids to records"
            found.complaints.append(Complaint(file, (), "not-a-record", f"{path.name} is a mapping of {keys}"))
        return
    for key, inner in value.items():
        if path.stem == RETIRED:
            _retire(file, key, inner, found)
            continue
        found.claimed.add(f"{path.stem}/{key}")
        if not is_id(key):
            found.complaints.append(Complaint(file, (key,), "bad-id", f"'{key}' is not an id; {ID_FORM}", at_key=True))
        elif not isinstance(inner, dict):
            found.complaints.append(Complaint(file, (key,), "not-a-record", "a record is a mapping of fields to values"))
        else:
            yield Entry(file, (key,), path.stem, key, inner)


def _retire(file: str, address: str, value: object, found: Records) -> None:
    if not re.fullmatch(ADDRESS, address, re.ASCII):
        message = f"'{address}' is not an address; write table/id"
        found.complaints.append(Complaint(file, (address,), "bad-reference", message, at_key=True))
        return
    try:
        found.retired[address] = Retired.model_validate(value)
    except ValidationError as error:
        found.complaints += _explain(error, Retired, file, (address,))


# ------------------------------------------------------------------------------------------------------------ judging


def _check(model: type[Record], entry: Entry, found: Records) -> None:
    try:
        record = model.model_validate(entry.value)
    except ValidationError as error:
        found.complaints += _explain(error, model, entry.file, entry.path)
        _claim_keys(entry, entry.value, found)
        return
    complaints = list(_stated_by_root(model, record, entry))
    if isinstance(record, TreeRecord):
        complaints += _tree_keys(record, entry, found)
    found.complaints += complaints
    if not complaints:
        found.accepted.append(Checked(entry, record))


def _stated_by_root(model: type[Record], record: Record, entry: Entry) -> Iterator[Complaint]:
    for spec in fields_of(model):
        if spec.stated_by_root and not getattr(record, spec.name):
            yield Complaint(entry.file, entry.path, "missing-field", _missing(spec.name, spec))


def tree_field(model: type[BaseModel]) -> str | None:
    """The field under which a tree record lists its parts."""
    return next((spec.name for spec in fields_of(model) if spec.kind == "tree"), None)


def _tree_keys(record: TreeRecord, entry: Entry, found: Records) -> Iterator[Complaint]:
    """The root is named by its file, every other node by a key that is unique in the file."""
    if record.key is not None:
        yield Complaint(entry.file, (*entry.path, "key"), "root-key", f"the id of a root is the file's name, '{entry.id}'; remove the key")
    name = tree_field(type(record))
    assert name is not None
    seen: set[str] = set()

    def below(parent: TreeRecord, path: Path) -> Iterator[Complaint]:
        for ordinal, child in enumerate(getattr(parent, name)):
            here = (*path, name, ordinal)
            if child.key is None:
                yield Complaint(entry.file, here, "missing-field", "'key' is missing: a name for this part, unique in the file")
            elif child.key in seen:
                yield Complaint(
                    entry.file, (*here, "key"), "duplicate-id", f"the key '{child.key}' is used twice in this file; choose another"
                )
            else:
                seen.add(child.key)
                found.claimed.add(f"{entry.table}/{entry.id}.{child.key}")
            yield from below(child, here)

    yield from below(record, entry.path)


def _claim_keys(entry: Entry, value: object, found: Records) -> None:
    """The keys of a tree that was refused: references to them are not to be called broken as well."""
    if isinstance(value, Mapping):
        if isinstance(value.get("key"), str):
            found.claimed.add(f"{entry.table}/{entry.id}.{value['key']}")
        for inner in value.values():
            _claim_keys(entry, inner, found)
    elif isinstance(value, list):
        for inner in value:
            _claim_keys(entry, inner, found)


# --------------------------------------------------------------------------------------------------------- explaining


def _explain(error: ValidationError, model: type[BaseModel], file: str, path: Path) -> Iterator[Complaint]:
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
            return Complaint(file, at[:-1], "missing-field", _missing(name, spec))
        case "extra_forbidden":
            known = [field.name for field in fields_of(owner)]
            message = f"there is no field '{name}' here{suggest(name, known)}"
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
                "int": "a whole number, without quotes",
                "float": "a number, without quotes",
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


def _missing(name: str, spec: FieldSpec | None) -> str:
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
