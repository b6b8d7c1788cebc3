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

from pipeline.explain import explain, missing
from pipeline.fields import fields_of
from pipeline.language import Column, Package, Record, Text, TreeRecord
from pipeline.problems import Complaint, Path, Problem, suggest
from pipeline.read import read
from pipeline.values import ADDRESS, ID_FORM, is_id

RAW, RETIRED = "raw", "retired"


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
                near = suggest(path.name, tables) or "; there are " + ", ".join(tables)
                misplaced(path, f"there is no table '{path.name}'{near}")
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
            found.claimed.update(f"{table}/{path.stem}" for table in tables)  # of which table it is nobody can tell
            near = suggest(path.name, [f"{table}.yaml" for table in (*tables, RETIRED)])
            misplaced(path, f"'{path.name}' is not the name of a table{near or '; a record lies in raw/ in the folder of its table'}")
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
        found.complaints += explain(error, Retired, file, (address,))


# ------------------------------------------------------------------------------------------------------------ judging


def _check(model: type[Record], entry: Entry, found: Records) -> None:
    try:
        record = model.model_validate(entry.value)
    except ValidationError as error:
        found.complaints += explain(error, model, entry.file, entry.path)
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
            yield Complaint(entry.file, entry.path, "missing-field", missing(spec.name, spec))


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
