"""Files to records: what lies in raw/ is found, read, and judged record by record with pydantic.

``raw/<table>/<id>.yaml`` holds one record; ``raw/<table>.yaml`` maps ids to small records; ``raw/retired.yaml`` maps
addresses that are gone to what replaced them, and why. Anything else in raw/ is a mistake and is said to be one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.explain import explain, missing
from pipeline.fast import read_values
from pipeline.fields import FieldSpec, fields_of
from pipeline.files import RAW, RETIRED, Batch, content_of, contents, visible
from pipeline.language import Column, Package, Record, Text, TreeRecord
from pipeline.problems import Complaint, Path, Problem, suggest
from pipeline.read import Document, read
from pipeline.values import ADDRESS, ID_FORM, is_id

MOST_LEVELS = 12
"""So many levels a tree may have: what is no deeper than that no reader calls nested too deep."""

MOST_COMPLAINTS = 1_000
"""So much is said of one file; more would help nobody, and a file of a hundred thousand mistakes would take its time."""


class Entry(NamedTuple):
    """One record as it was found: where, and under which table and id."""

    file: str
    path: Path
    table: str
    id: str


class Checked(NamedTuple):
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
    """What came of reading: what was accepted, what is retired, and what is wrong.

    ``complaints`` still need a position; ``problems`` are files that could not be read and already have one. ``claimed``
    holds every address that some entry stands for, accepted or not, and ``unread`` every table, or root of a tree, that stands in
    a file that could not be read: one bad record does not make every reference to it bad. ``root`` is the folder that holds raw/.
    ``documents`` are the files that were read strictly, with their positions; they are not handed on.
    """

    root: FilePath = field(default=FilePath(), compare=False)
    accepted: list[Checked] = field(default_factory=list)
    retired: dict[str, Retired] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter, compare=False)
    documents: dict[str, Document] = field(default_factory=dict, compare=False)

    def complain(self, file: str, complaints: Iterable[Complaint]) -> None:
        """Take in what is wrong with records of a file, until :data:`MOST_COMPLAINTS` have been taken in."""
        some = list(islice(complaints, MOST_COMPLAINTS - self.counted[file]))
        self.counted[file] += len(some)
        self.complaints += some

    def may_hold(self, address: str) -> bool:
        """Whether an entry stands for that address, or could in a file that was not read."""
        return address in self.claimed or address.partition("/")[0] in self.unread or address.partition(".")[0] in self.unread

    def add(self, other: Records) -> None:
        """Take in what came of reading other files."""
        self.accepted += other.accepted
        self.retired |= other.retired
        self.complaints += other.complaints
        self.problems += other.problems
        self.claimed |= other.claimed
        self.unread |= other.unread


def read_records(package: Package, root: FilePath) -> Records:
    """Find, read and judge every record below ``root``/raw, in order of table and id."""
    batches, found = find(package, root)
    for batch in batches:
        found.add(judge(package.record(batch.table), batch, contents(root, batch)))
    order = {model.table.name: number for number, model in enumerate(package.records)}
    found.accepted.sort(key=lambda checked: (order[checked.entry.table], checked.entry.id))
    check_retired(found)
    return found


# ------------------------------------------------------------------------------------------------------------ finding


def find(package: Package, root: FilePath) -> tuple[list[Batch], Records]:
    """What lies in ``root``/raw: a batch for each folder and each file of a table, in their order; and what is retired or misplaced."""
    tables = [model.table.name for model in package.records]
    found = Records(root)
    if not (root / RAW).is_dir():  # it would be a package without records, and what is published would go
        found.problems.append(
            Problem(RAW, 1, 1, "no-records", f"there is no folder {RAW} below the root; give the root of the records that are meant")
        )
        return [], found
    folders: dict[str, list[str]] = {}
    together: list[str] = []

    def misplaced(file: str, message: str) -> None:
        found.complaints.append(Complaint(f"{RAW}/{file}", (), "misplaced-file", message))

    for item in visible(root / RAW):
        name, suffix = _split(item.name)
        if item.is_symlink() or not (item.is_dir() or item.is_file()):
            misplaced(item.name, "links and special files are not read; put the file itself here")
        elif item.is_dir():
            if item.name not in tables:
                near = suggest(item.name, tables) or "; there are " + ", ".join(tables)
                misplaced(item.name, f"there is no table '{item.name}'{near}")
                continue
            ids: list[str] = []
            folders[item.name] = ids
            for file in visible(FilePath(item.path)):
                if file.name.endswith(".yaml") and is_id(file.name[:-5]) and file.is_file(follow_symlinks=False):
                    ids.append(file.name[:-5])
                    continue
                stem, suffix = _split(file.name)
                found.claimed.add(f"{item.name}/{stem}")
                if not file.is_file(follow_symlinks=False):
                    misplaced(f"{item.name}/{file.name}", f"only files belong in {RAW}/{item.name}; folders and links are not read")
                elif suffix != ".yaml":
                    misplaced(f"{item.name}/{file.name}", f"a record is a file that ends in .yaml; rename it to {stem}.yaml")
                else:
                    misplaced(f"{item.name}/{file.name}", f"'{stem}' is not an id; {ID_FORM}")
        elif suffix != ".yaml" or name not in (*tables, RETIRED):
            found.claimed.update(f"{table}/{name}" for table in tables)  # of which table it is nobody can tell
            near = suggest(item.name, [f"{table}.yaml" for table in (*tables, RETIRED)])
            misplaced(item.name, f"'{item.name}' is not the name of a table{near or '; a record lies in raw/ in the folder of its table'}")
        elif name == RETIRED:
            found.add(_read_retired(root))
        else:
            together.append(name)
    batches = []
    for table in tables:
        own = folders.get(table, [])
        if own:
            batches.append(Batch(table, tuple(sorted(own))))
        if table in together:
            batches.append(Batch(table, taken=frozenset(own)))
    return batches, found


def _split(name: str) -> tuple[str, str]:
    """A file's name and its suffix, as pathlib has them."""
    at = name.rfind(".")
    return (name[:at], name[at:]) if 0 < at < len(name) - 1 else (name, "")


# ------------------------------------------------------------------------------------------------------------ reading


def judge(model: type[Record], batch: Batch, content: Sequence[bytes], *, quickly: bool = True) -> Records:
    """Read and judge the records of one batch, in order of id; ``content`` are the bytes of its files.

    What is read the quick way and is not right is read again the strict way, which knows why.
    """
    found, values = Records(), read_values(content) if quickly else iter([None] * len(content))
    found.claimed.update(f"{batch.table}/{name}" for name in batch.ids)
    if not batch.ids:
        return _judge_together(model, batch, content[0], next(values))
    for name, file, whole, value in zip(batch.ids, batch.files(), content, values, strict=True):
        entry = Entry(file, (), batch.table, name)
        if value is not None and _is_right(model, entry, value, found):
            continue
        again = _strictly(file, whole, found)
        if isinstance(again, dict):
            _check(model, entry, again, found)
            continue
        found.unread.add(f"{batch.table}/{name}")
        if again is not None:
            message = "a record is a mapping of fields to values, as in 'label: …'"
            found.complaints.append(Complaint(file, (), "not-a-record", message))
    return found


def _judge_together(model: type[Record], batch: Batch, content: bytes, value: Any) -> Records:
    """Judge the one file of a table; ``value`` is what was read the quick way, or None."""
    (file,) = batch.files()
    for quickly in (True, False) if value is not None else (False,):
        found = Records()
        whole = value if quickly else _strictly(file, content, found)
        for entry, inner in sorted(_many(file, batch, whole, found), key=lambda each: each[0].id):
            _check(model, entry, inner, found)
        if not found.complaints:
            break
    return found


def _strictly(file: str, content: bytes, found: Records) -> Any:
    """The value of a file, or None where it cannot be read."""
    document = found.documents[file] = read(content)
    found.problems += [Problem(file, r.line, r.column, r.rule, r.message) for r in document.refusals]
    return document.value


def _many(file: str, batch: Batch, value: Any, found: Records) -> Iterator[tuple[Entry, Any]]:
    table = batch.table
    if not isinstance(value, dict):
        found.unread.add(table)
        if value is not None:
            found.complaints.append(Complaint(file, (), "not-a-record", f"{table}.yaml is a mapping of ids to records"))
        return
    for key, inner in value.items():
        found.claimed.add(f"{table}/{key}")
        if not isinstance(key, str) or not is_id(key):
            found.complain(file, [Complaint(file, (key,), "bad-id", f"'{key}' is not an id; {ID_FORM}", at_key=True)])
        elif not isinstance(inner, dict):
            found.complain(file, [Complaint(file, (key,), "not-a-record", "a record is a mapping of fields to values")])
        elif key in batch.taken:
            message = f"{table}/{key} stands in {RAW}/{table}/{key}.yaml too; keep one of the two"
            found.complain(file, [Complaint(file, (key,), "duplicate-id", message, at_key=True)])
        else:
            yield Entry(file, (key,), table, key), inner


def _read_retired(root: FilePath) -> Records:
    """The file of addresses that are gone."""
    file, found = f"{RAW}/{RETIRED}.yaml", Records()
    value = _strictly(file, content_of(f"{root}/{file}"), found)
    if isinstance(value, dict):
        for address, inner in value.items():
            _retire(file, address, inner, found)
        return found
    found.unread.add(RETIRED)
    if value is not None:
        message = f"{RETIRED}.yaml is a mapping of addresses to what became of them"
        found.complaints.append(Complaint(file, (), "not-a-record", message))
    return found


def check_retired(found: Records) -> None:
    """An address that is retired is not there any more."""
    for address in sorted(found.retired.keys() & found.claimed):
        del found.retired[address]
        message = f"{address} is retired and is there still; remove the record, or this entry"
        found.complaints.append(Complaint(f"{RAW}/{RETIRED}.yaml", (address,), "retired-but-there", message, at_key=True))


def _retire(file: str, address: str, value: object, found: Records) -> None:
    if not re.fullmatch(ADDRESS, address, re.ASCII):
        message = f"'{address}' is not an address; write table/id"
        found.complain(file, [Complaint(file, (address,), "bad-reference", message, at_key=True)])
        return
    try:
        found.retired[address] = Retired.model_validate(value)
    except ValidationError as error:
        found.complain(file, explain(error, Retired, file, (address,)))


# ------------------------------------------------------------------------------------------------------------ judging


def _check(model: type[Record], entry: Entry, value: Any, found: Records) -> None:
    """Judge one record; what is wrong with it is taken in, or else the record is."""
    try:
        record = model.model_validate(value)
    except ValidationError as error:
        found.complain(entry.file, explain(error, model, entry.file, entry.path))
        if tree_field(model):
            _claim_keys(entry, value, found)
    else:
        _accept(model, entry, record, found)


def _is_right(model: type[Record], entry: Entry, value: Any, found: Records) -> bool:
    """Whether the model takes a value that was read the quick way; if so all else is judged too."""
    try:
        record = model.model_validate(value)
    except ValidationError:
        return False
    _accept(model, entry, record, found)
    return True


def _accept(model: type[Record], entry: Entry, record: Record, found: Records) -> None:
    """What a model takes may still be wrong for where it stands."""
    complaints = list(_stated_by_root(model, record, entry)) if _of_roots(model) else []
    if isinstance(record, TreeRecord):
        complaints += _tree_keys(record, entry, found)
    if complaints:
        found.complain(entry.file, complaints)
    else:
        found.accepted.append(Checked(entry, record))


def _stated_by_root(model: type[Record], record: Record, entry: Entry) -> Iterator[Complaint]:
    for spec in _of_roots(model):
        if not getattr(record, spec.name):
            yield Complaint(entry.file, entry.path, "missing-field", missing(spec.name, spec))


@cache
def _of_roots(model: type[Record]) -> tuple[FieldSpec, ...]:
    """The fields that a root must state, and its parts may."""
    return tuple(spec for spec in fields_of(model) if spec.stated_by_root)


@cache
def tree_field(model: type[BaseModel]) -> str | None:
    """The field under which a tree record lists its parts."""
    return next((spec.name for spec in fields_of(model) if spec.kind == "tree"), None)


def _tree_keys(record: TreeRecord, entry: Entry, found: Records) -> Iterator[Complaint]:
    """The root is named by its file, every other node by a key that is unique in the file."""
    if record.key is not None:
        yield Complaint(entry.file, (*entry.path, "key"), "root-key", f"the id of a root is the file's name, '{entry.id}'; remove the key")
    name = tree_field(type(record))
    assert name is not None
    yield from _keys_below(record, name, entry, entry.path, set(), found)


def _keys_below(
    parent: TreeRecord, name: str, entry: Entry, path: Path, seen: set[str], found: Records, level: int = 1
) -> Iterator[Complaint]:
    if level == MOST_LEVELS and getattr(parent, name):
        yield Complaint(
            entry.file, (*path, name), "too-many-levels", f"a tree has {MOST_LEVELS} levels at most; list these parts higher up"
        )
        return
    for ordinal, child in enumerate(getattr(parent, name)):
        here = (*path, name, ordinal)
        if child.key is None:
            yield Complaint(entry.file, here, "missing-field", "'key' is missing: a name for this part, unique in the file")
        elif child.key in seen:
            yield Complaint(entry.file, (*here, "key"), "duplicate-id", f"the key '{child.key}' is used twice in this file; choose another")
        else:
            seen.add(child.key)
            found.claimed.add(f"{entry.table}/{entry.id}.{child.key}")
        yield from _keys_below(child, name, entry, here, seen, found, level + 1)


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
