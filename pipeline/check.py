"""Tables to complaints: pandera judges every table, and what it finds is told in the curator's terms.

Keys are unique, references resolve, terms belong to their vocabulary, and the package's rules across rows hold. A reference
to a record that was itself refused is not called broken: one bad record is one complaint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

import pandera.errors
import polars as pl
from pandera.config import ValidationDepth, config_context

from pipeline.faces.pandera import pandera_schema, summary_schema
from pipeline.language import Frames, Package, Rule
from pipeline.problems import Complaint, suggest
from pipeline.records import MOST_COMPLAINTS, Records
from pipeline.tables import INDEX, ColumnSpec, TableSpec
from pipeline.tabulate import Tabulated

MOST_GUESSES = 100
"""For so many values in a table what is near is looked for: a broken reference is compared with two thousand ids."""

Guesses: TypeAlias = dict[tuple[str, str], str]
"""What is near, for each column and broken reference: what is gone may be named a hundred times."""


def check_tables(package: Package, tabulated: Tabulated, records: Records) -> list[Complaint]:
    """Everything that is wrong with the assembled tables, but of the rows of one record in one table at most so much as of one file."""
    refused = bool(records.complaints or records.problems)
    excused = [address for address in records.claimed if address.isascii()]  # a file may be called anything
    complaints: list[Complaint] = []
    for name, spec in tabulated.specs.items():
        rules = {key: rule for key, rule in rules_of(package, name).items() if not (rule.whole and refused)}

        def judge(frames: Frames, spec: TableSpec = spec, rules: Mapping[str, Rule] = rules) -> bool | None:
            """True if nothing is wrong, which is worth a note."""
            found = [] if frames[spec.name].is_empty() else failures(spec, frames, rules, excused)  # their own mistakes are reported
            complaints.extend(_told(found, spec, tabulated, rules, records))
            return None if found else True

        if refused or excused:
            judge(tabulated.frames)
        else:
            tabulated.once(f"judged {name}", judge, lambda right: right is True)
    return complaints


def _told(
    found: Iterable[dict[str, Any]], spec: TableSpec, tabulated: Tabulated, rules: Mapping[str, Rule], records: Records
) -> list[Complaint]:
    """What is wrong in one table, in the curator's terms."""
    said: list[Complaint] = []
    guesses: Guesses = {}
    counted: Counter[str] = Counter()
    for failure in found:
        record = _record(spec, tabulated, failure["index"])
        if counted[record] < MOST_COMPLAINTS:
            told = list(_complain(failure, spec, tabulated, rules, records, guesses))
            counted[record] += len(told)
            said += told
    return said


def _record(spec: TableSpec, tabulated: Tabulated, index: int | None) -> str:
    """The address of the record in whose file a row stands; nothing for a row that nobody wrote."""
    if index is None or spec.kind in ("report", "generated"):
        return ""
    return spec.root(tabulated.frames[spec.name][spec.owner][index])


def rules_of(package: Package, table: str) -> dict[str, Rule]:
    """The rules of one table, each under a key of its own: several may have the same name, as one for each date does."""
    own = [rule for rule in package.rules if rule.table == table]
    return {f"{rule.name}:{number}": rule for number, rule in enumerate(own)}


def failures(spec: TableSpec, frames: Frames, rules: Mapping[str, Rule], excused: Collection[str] = ()) -> list[dict[str, Any]]:
    """pandera's failure cases for one table, as rows with check, column, index and failure_case; it is asked for them if there are any.

    excused: addresses of records that are in no table, and may be referred to all the same.
    """
    named = [replace(rule, name=key) for key, rule in rules.items()]
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):  # whatever the environment says
        return _failures(spec, frames, named, excused)


def _failures(spec: TableSpec, frames: Frames, named: list[Rule], excused: Collection[str]) -> list[dict[str, Any]]:
    with suppress(pandera.errors.SchemaError, pandera.errors.SchemaErrors):
        summary_schema(spec, frames, named, excused).validate(frames[spec.name])
        return []
    try:
        pandera_schema(spec, frames, named, excused).validate(frames[spec.name], lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
        return cases.to_dicts()
    raise AssertionError(f"table {spec.name}: something is wrong, and nobody can say what")


def _complain(
    failure: dict[str, Any], spec: TableSpec, tabulated: Tabulated, rules: Mapping[str, Rule], records: Records, guesses: Guesses
) -> Iterator[Complaint]:
    index, check = failure["index"], str(failure["check"])
    if index is None:  # the net under everything else: a column that is not there or has another type
        raise AssertionError(f"table {spec.name}: {failure['column']}: {check}: {failure['failure_case']}")
    frame = tabulated.frames[spec.name]
    row = frame.row(index, named=True)
    written = tabulated.origins[spec.name]  # asked only where there is something to say: it reads the record once more
    if check.startswith("rule:"):
        rule, origin = rules[check.removeprefix("rule:")], written[index]
        yield Complaint(origin.file, origin.of(rule.field), rule.name, rule.message.format_map(row))
        return
    if check.startswith("multiple_fields_uniqueness") or (spec.kind == "link" and "uniqueness" in check):
        if not frame.head(index).filter(**{name: row[name] for name in spec.key}).is_empty():  # the second of the two
            origin = written[index]
            yield Complaint(origin.file, origin.path, "listed-twice", f"'{row[spec.key[-1]]}' is listed twice; keep one")
        return
    column = spec[failure["column"]]
    message = _message(check, column, row, spec, tabulated, records, guesses)
    if message is not None:
        origin = written[index]
        path = origin.path if spec.kind == "link" else origin.of(column.field)
        yield Complaint(origin.file, path, _RULES.get(check, check.replace("_", "-")), message)


_RULES = {
    "reference": "broken-reference",
    "among": "wrong-table",
    "field_uniqueness": "not-unique",
    "unique": "not-unique",
    "not_nullable": "missing-field",
    "term": "unknown-term",
    "form": "bad-form",
}


def _message(
    check: str, column: ColumnSpec, row: dict[str, Any], spec: TableSpec, tabulated: Tabulated, records: Records, guesses: Guesses
) -> str | None:
    value = row[column.name]
    match check:
        case "reference" | "among" if spec.kind == "report":  # said of the table that it was computed from
            return None
        case "reference":
            return _broken(value, column, tabulated, records, guesses)
        case "among":
            near = [address for address in _of_same_id(value, tabulated) if address.partition("/")[0] in column.among]
            right = f"did you mean '{near[0]}'?" if near else f"write {' or '.join(f'{table}/…' for table in column.among)}"
            return f"'{value}' cannot stand here; {right}"
        case "field_uniqueness" | "unique":
            same = tabulated.frames[spec.name].filter(pl.col(column.name) == value)["id"].to_list()
            others = ", ".join(f"{spec.name}/{name}" for name in same if name != row["id"])
            return f"'{column.field or column.name}' has the same value in {others}; it must differ"
        case "not_nullable":
            return f"'{column.field or column.name}' is missing: {column.description}"
    return f"'{value}' is not right for '{column.name}': {column.description}"


def _broken(value: str, column: ColumnSpec, tabulated: Tabulated, records: Records, guesses: Guesses) -> str | None:
    assert column.reference is not None
    table, key = column.reference
    address = value if table == INDEX else f"{table}/{value}"
    if records.may_hold(address):  # it is there, and its own mistake is reported
        return None
    if column.among and address.partition("/")[0] not in column.among:  # reported as a wrong table
        return None
    if address in records.retired:
        return f"'{value}' is retired" + _instead(records.retired[address].replaced_by, table)
    where = "is no record" if table == INDEX else f"is not in {table}"
    if (column.name, value) not in guesses and len(guesses) < MOST_GUESSES:
        known = tabulated.names(table, key, column.among)
        guesses[column.name, value] = suggest(value, known) or _elsewhere(value, column, tabulated)
    near = guesses.get((column.name, value))
    return f"'{value}' {where}" + (near or "; add its record, or write the id of one that is there")


def _instead(address: str | None, table: str) -> str:
    """What to write for a retired address in a column that refers to a table."""
    if address is None:
        return "; nothing took its place"
    home, _, name = address.partition("/")
    return f"; write '{name if home == table else address}'" if table in (INDEX, home) else f"; {address} took its place"


def _elsewhere(value: str, column: ColumnSpec, tabulated: Tabulated) -> str:
    """Where a record of that id is found, if in another table."""
    found = _of_same_id(value, tabulated)
    allowed = [address for address in found if not column.among or address.partition("/")[0] in column.among]
    if column.among and allowed:
        return f"; did you mean '{allowed[0]}'?"
    return f"; there is {found[0]}, which cannot stand here" if found else ""


def _of_same_id(value: str, tabulated: Tabulated) -> list[str]:
    """The addresses of the records that have the id of a reference."""
    name = value.rpartition("/")[2]
    return tabulated.frames[INDEX].filter(pl.col("id") == name)["address"].to_list()
