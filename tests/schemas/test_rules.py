"""Rules across rows: where each stops to hold, and where it still does."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

import polars as pl
import pytest

from pipeline.edtf import Edtf
from pipeline.faces.arrow import polars_schema
from pipeline.fields import fields_of
from pipeline.frames import Tables
from pipeline.language import Report, Rule
from pipeline.tables import tables_of
from schemas.package import PACKAGE
from schemas.reports import REPORTS
from schemas.rules import RULES, STATEMENTS

TABLES = tables_of(PACKAGE)
EMPTY = {name: pl.DataFrame(schema=polars_schema(spec)) for name, spec in TABLES.items()}
Rows = list[dict[str, Any]]


def dated(field: str, written: str | None) -> dict[str, Any]:
    """The four columns of a date."""
    read = Edtf.parse(written) if written else None
    return {
        field: written,
        f"{field}_start": read and read.start,
        f"{field}_end": read and read.end,
        f"{field}_precision": read and read.precision,
    }


def frames_of(tables: Mapping[str, Rows]) -> dict[str, pl.DataFrame]:
    """Frames with these rows, what is not given being empty."""
    given = {
        name: pl.DataFrame([dict.fromkeys(polars_schema(TABLES[name])) | row for row in rows], schema=polars_schema(TABLES[name]))
        for name, rows in tables.items()
    }
    return {**EMPTY, **given}


def the_rule(name: str, table: str, field: str | None = None) -> Rule:
    (found,) = [rule for rule in RULES if (rule.name, rule.table) == (name, table) and field in (None, rule.field)]
    return found


def holds(name: str, table: str, tables: Mapping[str, Rows], field: str | None = None) -> list[bool]:
    """For each row of the table, whether the rule holds; where it has no answer it does, as for pandera."""
    return the_rule(name, table, field).holds(frames_of(tables)).fill_null(True).to_list()


# ------------------------------------------------------------------------------------------------------ all rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name}:{rule.table}")
def test_a_rule_speaks_of_columns_that_its_table_has_and_points_at_a_field(rule: Rule) -> None:
    columns = TABLES[rule.table].columns
    assert {name for _, name, _, _ in Formatter().parse(rule.message) if name} <= {column.name for column in columns}
    if rule.field is not None:
        assert rule.field in {column.field for column in columns}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name}:{rule.table}")
def test_a_rule_has_an_answer_for_every_row_and_for_none(rule: Rule) -> None:
    assert rule.holds(EMPTY).len() == 0
    needed = {column.name: column.terms[0] if column.terms else None for column in TABLES[rule.table].columns}
    one = frames_of({rule.table: [{**needed, "id": "x", "label": "x"} if "label" in needed else {**needed, "id": "x"}]})
    answer = rule.holds(one)
    assert answer.dtype == pl.Boolean
    assert answer.len() == 1


@pytest.mark.parametrize("judge", [*RULES, *REPORTS], ids=lambda judge: f"{judge.name}:{getattr(judge, 'table', 'report')}")
def test_a_rule_or_report_looks_at_no_table_that_it_has_no_use_for(judge: Rule | Report) -> None:
    # What looks at all of them is asked again, and makes all of them, whenever a record of any has changed.
    source: Rows = [{"id": "s", "paragraphs": 1}]
    asked: dict[str, None] = {}
    tables = Tables(TABLES, frames_of({"sources": source}).__getitem__, asked)
    _ = judge.holds(tables) if isinstance(judge, Rule) else judge.compute(tables)
    assert 0 < len({name.partition(".")[0] for name in asked}) <= len(TABLES) / 2


def test_no_two_rules_of_a_table_say_the_same() -> None:
    assert len({(rule.table, rule.message) for rule in RULES}) == len(RULES)


# ------------------------------------------------------------------------------------------------------ evidence


@pytest.mark.parametrize("table", STATEMENTS)
def test_a_statement_rests_on_evidence_of_its_own(table: str) -> None:
    statements: Rows = [{"id": "bare"}, {"id": "field-only"}, {"id": "whole"}, {"id": "whole.part"}]
    evidence: Rows = [
        {"record": f"{table}/field-only", "field": "date"},
        {"record": f"{table}/whole", "field": None},
        {"record": "events/bare", "field": None},
    ]
    assert holds("no-evidence", table, {table: statements, "evidence": evidence}) == [False, False, True, False]


def test_a_date_finer_than_a_year_names_its_evidence() -> None:
    written = ["2024-09-11", "2024-09", "2024", "2013~", "2015/2022", "2024-09-10/2024", None, "2024-09-11", "2024-09-11"]
    events = [{"id": f"e{number}"} | dated("date", date) for number, date in enumerate(written)]
    evidence: Rows = [{"record": "events/e7", "field": "date"}, {"record": "events/e8", "field": "place"}]
    expected = [False, False, True, True, True, True, True, True, False]
    assert holds("date-without-evidence", "events", {"events": events, "evidence": evidence}) == expected


def test_a_point_that_takes_its_date_from_above_needs_no_evidence_for_it_again() -> None:
    proposals = [
        {"id": "p"} | dated("date", "2024-09-11"),
        {"id": "p.same", "parent": "p"} | dated("date", "2024-09-11"),
        {"id": "p.other", "parent": "p"} | dated("date", "2024-09-12"),
        {"id": "p.year", "parent": "p"} | dated("date", "2024"),
    ]
    evidence: Rows = [{"record": "proposals/p", "field": "date"}]
    assert holds("date-without-evidence", "proposals", {"proposals": proposals, "evidence": evidence}) == [True, True, False, True]


def test_every_date_of_every_table_but_that_of_a_source_needs_evidence() -> None:
    ruled = {(rule.table, rule.field) for rule in RULES if rule.name == "date-without-evidence"}
    dates = {(model.table.name, field.name) for model in PACKAGE.records for field in fields_of(model) if field.kind == "date"}
    assert ruled == {(table, field) for table, field in dates if table != "sources"}
    assert len(ruled) > 5


def test_evidence_and_claims_name_fields_that_there_are() -> None:
    evidence: Rows = [
        {"record": "events/x", "field": "date"},
        {"record": "events/x", "field": None},
        {"record": "events/x", "field": "founded"},
        {"record": "institutions/x", "field": "founded"},
        {"record": "proposals/x.y", "field": "proposer"},
        {"record": "events/x", "field": "date_start"},
    ]
    assert holds("unknown-evidence-field", "evidence", {"evidence": evidence}) == [True, True, False, True, True, False]
    subjects: Rows = [{"about": "institutions/x", "field": "founded"}, {"about": "events/x", "field": "founded"}, {"about": "events/x"}]
    assert holds("unknown-subject-field", "subjects", {"subjects": subjects}) == [True, False, True]


# --------------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [
        ("2020", "2021", True),
        ("2020", "2020", True),
        ("2020-06", "2020", True),  # within the same year: it may be later
        ("2021", "2020", False),
        ("2020-06-02", "2020-06-01", False),
        ("2020", "2015/..", True),
        (None, "2020", True),
        ("2020", None, True),
    ],
)
def test_what_comes_first_is_dated_first(first: str | None, second: str | None, right: bool) -> None:
    row = {"id": "x"} | dated("founded", first) | dated("ended", second)
    assert holds("dates-out-of-order", "institutions", {"institutions": [row]}) == [right]


@pytest.mark.parametrize("table", ["proposals", "recommendations", "claims"])
@pytest.mark.parametrize(
    ("date", "forum", "right"),
    [
        ("2024-09-10", "2024-09-10/2024-09-12", True),
        ("2024-09-12", "2024-09-10/2024-09-12", True),
        ("2024-09-13", "2024-09-10/2024-09-12", False),
        ("2024-09-09", "2024-09-10/2024-09-12", False),
        ("2024", "2024-09-10/2024-09-12", True),
        ("2024-09/2024-10", "2024-09-12", True),
        ("2023", "2024-09-12", False),
        (None, "2024-09-12", True),
        ("2024", None, True),
        ("2024", "2020/..", True),
    ],
)
def test_what_was_said_at_an_event_was_said_while_it_lasted(table: str, date: str | None, forum: str | None, right: bool) -> None:
    statements = [{"id": "x", "forum": "e"} | dated("date", date), {"id": "y"} | dated("date", date)]
    events = [{"id": "e"} | dated("date", forum)]
    assert holds("date-outside-forum", table, {table: statements, "events": events}) == [right, True]


# ------------------------------------------------------------------------------------------------ what is unique


@pytest.mark.parametrize(
    ("other", "right"),
    [
        ({"series": "s", "edition": 14}, [False, False]),
        ({"series": "s", "edition": 14, "edition_status": "inferred"}, [False, False]),
        ({"series": "s", "edition": 15}, [True, True]),
        ({"series": "t", "edition": 14}, [True, True]),
        ({"series": None, "edition": 14}, [True, True]),
        ({"series": "s", "edition": None}, [True, True]),
    ],
)
def test_an_edition_is_counted_once_in_its_series(other: dict[str, Any], right: list[bool]) -> None:
    events: Rows = [{"id": "a", "series": "s", "edition": 14, "edition_status": "agreed"}, {"id": "b", **other}]
    assert holds("edition-twice", "events", {"events": events}) == right


def test_editions_of_no_series_and_editions_that_are_disputed_may_be_the_same() -> None:
    events: Rows = [{"id": name, "series": None, "edition": 14} for name in "ab"]
    events += [{"id": name, "series": "s", "edition": 14, "edition_status": "disputed"} for name in "cd"]
    assert holds("edition-twice", "events", {"events": events}) == [True] * 4


@pytest.mark.parametrize(
    ("one", "two", "right"),
    [
        ("2020/2022", "2021/2023", False),
        ("2020/2022", "2022/2023", False),
        ("2020/2021", "2022/2023", True),
        ("2022/2023", "2020/2021", True),
        ("2020/..", "2021", False),
        ("2020/..", "2019", True),
        (None, "2021", False),
        (None, None, False),
        ("2024-01-01/2024-06-30", "2024-06-30/..", False),
        ("2024-06-30/..", "2024-01-01/2024-06-30", False),
        ("2024-01-01/2024-06-30", "2024-07-01/..", True),
    ],
)
def test_the_same_membership_or_role_is_not_held_twice_at_a_time(one: str | None, two: str | None, right: bool) -> None:
    periods = [dated("period", one), dated("period", two)]
    member = {"institution": "brics", "member": "states/bra", "kind": "full"}
    assert holds("overlap", "memberships", {"memberships": [member | period for period in periods]}) == [True, right]
    role = {"person": "x", "body": "states/bra", "title": "Minister"}
    assert holds("overlap", "roles", {"roles": [role | period for period in periods]}) == [True, right]


@pytest.mark.parametrize("differs", [{"institution": "sco"}, {"member": "states/rus"}, {"kind": "observer"}])
def test_another_membership_may_be_held_at_the_same_time(differs: dict[str, str]) -> None:
    member = {"institution": "brics", "member": "states/bra", "kind": "full"} | dated("period", "2020/..")
    assert holds("overlap", "memberships", {"memberships": [member, member | differs]}) == [True, True]


@pytest.mark.parametrize(
    ("one", "two", "ambiguous", "right"),
    [
        ("institutions/a", "institutions/b", False, [False, False]),
        ("institutions/a", "institutions/b", True, [True, True]),
        ("institutions/a", "events/b", False, [True, True]),
        ("institutions/a", "institutions/a", False, [True, True]),
    ],
)
def test_a_name_of_two_records_of_one_table_is_marked(one: str, two: str, ambiguous: bool, right: list[bool]) -> None:
    names: Rows = [{"record": record, "name": "CICA", "ambiguous": ambiguous} for record in (one, two)]
    assert holds("ambiguous-name", "names", {"names": names}) == right


def test_a_name_that_is_the_label_of_another_is_marked_too_but_not_of_one_that_is_retired() -> None:
    names: Rows = [{"record": "institutions/a", "name": name, "ambiguous": False} for name in ("B", "C", "A")]
    records: Rows = [
        {"address": "institutions/a", "label": "A"},
        {"address": "institutions/b", "label": "B"},
        {"address": "institutions/c", "label": "C", "why_retired": "a mistake"},
    ]
    assert holds("ambiguous-name", "names", {"names": names, "records": records}) == [False, True, True]


# ---------------------------------------------------------------------------------------------------- what is above


@pytest.mark.parametrize(
    ("table", "field"),
    [("institutions", "parent"), ("instruments", "parent"), ("topics", "broader"), ("places", "part_of"), ("events", "part_of")],
)
def test_nothing_is_above_itself(table: str, field: str) -> None:
    above = {"root": None, "child": "root", "self": "self", "a": "b", "b": "c", "c": "a", "below-a-circle": "a", "lost": "nowhere"}
    rows = [{"id": name, field: up} for name, up in above.items()]
    answers = holds("circular", table, {table: rows}, field)
    assert [name for name, answer in zip(above, answers, strict=True) if not answer] == ["self", "a", "b", "c"]


# ------------------------------------------------------------------------------------------------ what must be named


def test_an_adopted_proposal_names_the_text_and_an_instrument_is_the_text() -> None:
    statuses: Rows = [
        {"record": "proposals/p", "status": "adopted"},
        {"record": "proposals/p", "status": "adopted", "instrument": "i"},
        {"record": "proposals/p", "status": "endorsed"},
        {"record": "instruments/i", "status": "adopted"},
    ]
    assert holds("adopted-without-instrument", "statuses", {"statuses": statuses}) == [False, True, True, True]


def test_a_claim_has_a_speaker_or_is_the_source_s_own() -> None:
    claims: Rows = [{"id": "silent"}, {"id": "said"}, {"id": "own", "own_voice_of": "s"}, {"id": "target-only"}]
    involvements: Rows = [
        {"record": "claims/said", "role": "asserter"},
        {"record": "claims/target-only", "role": "target"},
        {"record": "proposals/silent", "role": "asserter"},
    ]
    assert holds("no-asserter", "claims", {"claims": claims, "involvements": involvements}) == [False, True, True, False]


def test_state_media_say_whose_they_are() -> None:
    sources: Rows = [
        {"id": "a", "source_class": "state-media"},
        {"id": "b", "source_class": "state-media", "affiliation": "Owned by a state.", "state": "bra"},
        {"id": "c", "source_class": "press"},
        {"id": "d", "source_class": "state-media", "affiliation": "Owned by a state."},
        {"id": "e", "source_class": "state-media", "state": "bra"},
    ]
    assert holds("no-affiliation", "sources", {"sources": sources}) == [False, True, True, False, False]


# ------------------------------------------------------------------------------------------------------ what is used


@pytest.mark.parametrize("link", [name for name in TABLES if name.endswith("_topics")])
def test_a_topic_is_used_wherever_a_record_is_about_it(link: str) -> None:
    topics: Rows = [{"id": name, "kept": name == "kept"} for name in ("used", "unused", "kept")]
    assert holds("unused-topic", "topics", {"topics": topics, link: [{"topic": "used"}]}) == [True, False, True]


def test_a_topic_is_used_where_it_is_above_another() -> None:
    topics: Rows = [{"id": "above", "kept": False}, {"id": "below", "broader": "above", "kept": True}]
    assert holds("unused-topic", "topics", {"topics": topics}) == [True, True]


def references_to_sources() -> list[tuple[str, str, str]]:
    """Every column that refers to a source, or may, with what it holds for the source s; a report is no use of its own."""
    return [
        (name, column.name, "s" if column.reference == ("sources", "id") else "sources/s")
        for name, spec in TABLES.items()
        for column in spec.columns
        if spec.kind in ("entity", "part", "link")
        and (column.reference == ("sources", "id") or (column.reference and "sources" in column.among))
        and (name, column.name) != ("source_derives_from", "source")
        and not (spec.kind == "part" and column.name == "source" and column.field is None)
    ]


@pytest.mark.parametrize(("table", "column", "value"), references_to_sources())
def test_a_source_is_cited_wherever_a_record_refers_to_it(table: str, column: str, value: str) -> None:
    sources: Rows = [{"id": "s", "kept": False}, {"id": "t", "kept": False}, {"id": "k", "kept": True}]
    assert holds("uncited-source", "sources", {"sources": sources, table: [{column: value}]}) == [True, False, True]


@pytest.mark.parametrize("table", ["source_derives_from", "silences", "coverage"])
def test_a_source_is_not_cited_by_what_it_says_of_itself(table: str) -> None:
    sources: Rows = [{"id": "s", "kept": False}]
    assert holds("uncited-source", "sources", {"sources": sources, table: [{"source": "s"}]}) == [False]


def test_a_rule_that_a_missing_record_could_break_waits_until_all_are_right() -> None:
    assert {rule.name for rule in RULES if rule.whole} == {"unused-topic", "uncited-source", "uncovered"}


def test_every_paragraph_of_a_text_that_was_read_whole_is_accounted_for() -> None:
    coverage: Rows = [{"id": "a", "record": "claims/c"}, {"id": "b", "reason": "The title."}, {"id": "c"}]
    assert holds("uncovered", "coverage", {"coverage": coverage}) == [True, True, False]


def test_a_state_is_named_by_its_code() -> None:
    states: Rows = [{"id": "bra", "iso3": "BRA"}, {"id": "bra", "iso3": "BRB"}, {"id": "brazil", "iso3": "BRA"}]
    assert holds("iso3-is-id", "states", {"states": states}) == [True, False, False]
