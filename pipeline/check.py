"""Tables to complaints: pandera judges every table, and what it finds is told in the curator's terms.

Keys are unique, references resolve, terms belong to their vocabulary, and the package's rules across rows hold. A reference
to a record that was itself refused is not called broken: one bad record is one complaint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandera.errors
import polars as pl

from pipeline.faces.pandera import living, pandera_schema
from pipeline.language import Package, Rule
from pipeline.problems import Complaint, suggest
from pipeline.records import Records
from pipeline.tables import INDEX, ColumnSpec, TableSpec
from pipeline.tabulate import Tabulated


def check_tables(package: Package, tabulated: Tabulated, records: Records) -> list[Complaint]:
    """Everything that is wrong with the assembled tables."""
    refused = bool(records.complaints or records.problems)
    complaints: list[Complaint] = []
    for name, spec in tabulated.specs.items():
        rules = {rule.name: rule for rule in package.rules if rule.table == name and not (rule.whole and refused)}
        for failure in failures(spec, tabulated.frames, rules):
            complaints += _complain(failure, spec, tabulated, rules, records)
    return complaints


def failures(spec: TableSpec, frames: Any, rules: dict[str, Rule]) -> list[dict[str, Any]]:
    """pandera's failure cases for one table, as rows with check, column, index and failure_case."""
    schema = pandera_schema(spec, frames, rules.values())
    try:
        schema.validate(frames[spec.name], lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
        return cases.to_dicts()
    return []


def _complain(
    failure: dict[str, Any], spec: TableSpec, tabulated: Tabulated, rules: dict[str, Rule], records: Records
) -> Iterator[Complaint]:
    index, check = failure["index"], str(failure["check"])
    if index is None:  # the net under everything else: a column that is not there or has another type
        raise AssertionError(f"table {spec.name}: {failure['column']}: {check}: {failure['failure_case']}")
    frame, origin = tabulated.frames[spec.name], tabulated.origins[spec.name][index]
    row = frame.row(index, named=True)
    if check.startswith("rule:"):
        rule = rules[check.removeprefix("rule:")]
        yield Complaint(origin.file, origin.of(rule.field), rule.name, rule.message.format_map(row))
        return
    if check.startswith("multiple_fields_uniqueness") or (spec.kind == "link" and "uniqueness" in check):
        yield Complaint(origin.file, origin.path, "listed-twice", f"'{row[spec.key[-1]]}' is listed twice; keep one")
        return
    column = spec[failure["column"]]
    path = origin.path if spec.kind == "link" else origin.of(column.field)
    message = _message(check, column, row, spec, tabulated, records)
    if message is not None:
        yield Complaint(origin.file, path, _RULES.get(check, check.replace("_", "-")), message)


_RULES = {
    "reference": "broken-reference",
    "among": "wrong-table",
    "field_uniqueness": "not-unique",
    "not_nullable": "missing-field",
    "term": "unknown-term",
    "form": "bad-form",
}


def _message(check: str, column: ColumnSpec, row: dict[str, Any], spec: TableSpec, tabulated: Tabulated, records: Records) -> str | None:
    value = row[column.name]
    match check:
        case "reference":
            return _broken(value, column, tabulated, records)
        case "among":
            return f"'{value}' is not one of {', '.join(column.among)}" + _elsewhere(value, column, tabulated)
        case "field_uniqueness":
            same = tabulated.frames[spec.name].filter(pl.col(column.name) == value)["id"].to_list()
            others = ", ".join(f"{spec.name}/{name}" for name in same if name != row["id"])
            return f"'{column.field or column.name}' has the same value in {others}; it must differ"
        case "not_nullable":
            return f"'{column.field or column.name}' is missing: {column.description}"
    return f"'{value}' is not right for '{column.name}': {column.description}"


def _broken(value: str, column: ColumnSpec, tabulated: Tabulated, records: Records) -> str | None:
    assert column.reference is not None
    table, key = column.reference
    address = value if table == INDEX else f"{table}/{value}"
    if address in records.claimed:  # it is there, and its own mistake is reported
        return None
    if address in records.retired:
        instead = records.retired[address].replaced_by
        return f"'{value}' is retired" + (f"; write '{instead if table == INDEX else instead.partition('/')[2]}'" if instead else "")
    known = living(tabulated.frames, table)[key].to_list()
    if column.among:
        known = [candidate for candidate in known if candidate.partition("/")[0] in column.among]
    where = "is no record" if table == INDEX else f"is not in {table}"
    return f"'{value}' {where}" + (suggest(value, known) or _elsewhere(value, column, tabulated))


def _elsewhere(value: str, column: ColumnSpec, tabulated: Tabulated) -> str:
    """Where a record of that id is found, if in another table."""
    name = value.rpartition("/")[2]
    found = tabulated.frames[INDEX].filter(pl.col("id") == name)["address"].to_list()
    allowed = [address for address in found if not column.among or address.partition("/")[0] in column.among]
    if column.among and allowed:
        return f"; did you mean '{allowed[0]}'?"
    return f"; there is {found[0]}, which cannot stand here" if found else ""
