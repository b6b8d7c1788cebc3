"""The audit: each doubt raised on purpose in every table that it is asked of, explained away, and an explanation of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import build
from pipeline.audit import audit
from pipeline.journey import check
from pipeline.locate import locate
from pipeline.problems import Problem
from schemas.doubts import DOUBTS
from schemas.package import PACKAGE
from tests.conftest import Write

BASE = {
    "raw/topics.yaml": (
        "peace: {label: Peace, definition: No war., confidence: low}\n"
        "talks: {label: Talks, definition: Words., broader: peace, confidence: low, kept: true}\n"
    ),
    "raw/states.yaml": "bra: {label: Brazil, iso2: BR, iso3: BRA, confidence: low}\n",
    "raw/places.yaml": "rio: {label: Rio, type: city, confidence: low}\n",
    "raw/sources.yaml": (
        "ministry: {label: Readout, publisher: The ministry, lang: en, source_class: official, date: 2024-05-02, confidence: high}\n"
        "gazette: {label: News, publisher: The gazette, lang: en, source_class: press, date: 2024-05-02, confidence: high}\n"
        "herald: {label: News too, publisher: The herald, lang: en, source_class: press, date: 2024-05-03, confidence: high, kept: true}\n"
        "undated: {label: A page, publisher: The almanac, lang: en, source_class: press, confidence: high, kept: true}\n"
    ),
    "raw/people/ana-lima.yaml": (
        "label: Ana Lima\nconfidence: low\nroles: [{body: states/bra, title: Minister, period: 2024-01/2024-12, source: gazette}]\n"
    ),
    "raw/institutions/forum.yaml": (
        "label: The forum\ntype: forum-series\nfounded: 2020\nconfidence: high\nevidence: [{source: ministry, at: ¶1}]\n"
        "memberships: [{member: states/bra, kind: full, status: in-effect, period: 2021/.., source: gazette}]\n"
    ),
    "raw/events/meeting-1.yaml": (
        "label: First meeting\ntype: summit\nseries: forum\nedition: 1\ndate: 2023\nconfidence: low\n"
        "evidence: [{source: gazette, at: ¶1}]\n"
    ),
    "raw/events/meeting-2.yaml": (
        "label: Second meeting\ntype: summit\nseries: forum\nedition: 2\ndate: 2024-05\nconfidence: low\nchair: [people/ana-lima]\n"
        "organisers: [institutions/forum]\nevidence: [{source: gazette, at: ¶1, fields: [date]}]\n"
    ),
    "raw/instruments/charter.yaml": (
        "label: The charter\ntype: declaration\nconfidence: medium\nevidence: [{source: ministry, at: ¶2}, {source: gazette, at: ¶2}]\n"
    ),
    "raw/proposals/peace.yaml": (
        "label: Make peace\nproposer: [states/bra]\nspeech_act: proposes\ndate: 2024-05-01\nconfidence: medium\ntopics: [peace]\n"
        "evidence: [{source: gazette, at: ¶1, fields: [date]}, {source: gazette, at: ¶1}, {source: herald, at: ¶1}]\n"
        "statuses: [{status: floated, date: 2024-05-01, source: gazette}]\n"
    ),
    "raw/recommendations/talk.yaml": (
        "label: Talk\nwork: sources/gazette\nauthor: [people/ana-lima]\nconfidence: high\ntopics: [talks]\n"
        "evidence: [{source: gazette, at: ¶4}]\n"
    ),
    "raw/claims/war-costs.yaml": (
        "label: War costs\ntype: causal\ncheckable: true\nown_voice_of: gazette\nconfidence: high\ntopics: [peace]\n"
        "evidence: [{source: gazette, at: ¶3}]\n"
    ),
}

PEACE, TALK, COSTS = "raw/proposals/peace.yaml", "raw/recommendations/talk.yaml", "raw/claims/war-costs.yaml"
FIRST, SECOND, CHARTER = "raw/events/meeting-1.yaml", "raw/events/meeting-2.yaml", "raw/instruments/charter.yaml"
FORUM, ANA = "raw/institutions/forum.yaml", "raw/people/ana-lima.yaml"
EARNED = "is more than its sources carry: high needs an account of those concerned, medium that or two independent publishers"
OFFICIAL = "all of it rests on official publications and state media"
UNDATED = "neither it nor any source of it has a date"

BACKED = "[{source: gazette, at: ¶1, fields: [date]}, {source: gazette, at: ¶1}, {source: herald, at: ¶1}]"

CASES = [
    # doubt, table, file that is changed: old→new (a new file where there is none), and what is asked then
    (
        "source-before-fact",
        "evidence",
        SECOND,
        "date: 2024-05\n→date: 2024-06\n",
        f"{SECOND}:9:12",
        "gazette is older than this; say in a note what it can know of it",
    ),
    (
        "source-before-fact",
        "statuses",
        PEACE,
        "floated, date: 2024-05-01→floated, date: 2024-06-01",
        f"{PEACE}:8:56",
        "gazette is older than the step of 2024-06-01 that it is to show",
    ),
    (
        "step-before-statement",
        "statuses",
        PEACE,
        "floated, date: 2024-05-01→floated, date: 2024-04-30",
        f"{PEACE}:8:36",
        "the step of 2024-04-30 comes before the proposal itself",
    ),
    (
        "edition-order",
        "events",
        FIRST,
        "date: 2023\n→date: 2025\n",
        f"{SECOND}:4:10",
        "edition 2 of forum is not later than the one before it",
    ),
    (
        "out-of-term",
        "involvements",
        ANA,
        "2024-01/2024-12→2022-01/2022-12",
        f"{SECOND}:7:9",
        "people/ana-lima acts here outside the terms of office that are recorded",
    ),
    (
        "no-role",
        "involvements",
        ANA,
        "roles: [{body: states/bra, title: Minister, period: 2024-01/2024-12, source: gazette}]\n→",
        f"{SECOND}:7:9",
        "people/ana-lima acts here, and no public function is recorded",
    ),
    (
        "before-founding",
        "involvements",
        FORUM,
        "founded: 2020\n→founded: 2025\n",
        f"{SECOND}:8:14",
        "institutions/forum acts here before it was founded, or after it ended",
    ),
    (
        "before-founding",
        "memberships",
        FORUM,
        "period: 2021/..→period: 2012/2018",
        f"{FORUM}:6:15",
        "the membership of states/bra ends before forum was founded",
    ),
    (
        "no-status",
        "proposals",
        PEACE,
        "statuses: [{status: floated, date: 2024-05-01, source: gazette}]\n→",
        f"{PEACE}:1:1",
        "nothing says what became of it; 'unknown' is a status too",
    ),
    (
        "orphan-topic",
        "topics",
        "raw/topics.yaml",
        ", broader: peace→",
        "raw/topics.yaml:2:8",
        "one record alone is about 'talks'; put it under a broader topic",
    ),
    (
        "same-name",
        "institutions",
        "raw/institutions/panel.yaml",
        "→label: Panel\ntype: other\nconfidence: low\nnames: [{name: the FORUM, kind: as-printed, lang: en}]\n",
        f"{FORUM}:1:1",
        "another record has the name 'The forum' too, spelling apart",
    ),
    (
        "same-name",
        "events",
        SECOND,
        "label: Second→label: First",
        f"{FIRST}:1:1",
        "another record has the name 'First meeting' too, spelling apart",
    ),
    (
        "same-name",
        "instruments",
        "raw/instruments/other.yaml",
        "→label: The  Charter\ntype: report\nconfidence: low\n",
        f"{CHARTER}:1:1",
        "another record has the name 'The charter' too, spelling apart",
    ),
    (
        "same-name",
        "people",
        "raw/people/other.yaml",
        "→label: Ána Lima\nconfidence: low\n",
        f"{ANA}:1:1",
        "another record has the name 'Ana Lima' too, spelling apart",
    ),
    (
        "same-name",
        "states",
        "raw/states.yaml",
        "→bol: {label: BRAZIL, iso2: BO, iso3: BOL, confidence: low}\n",
        "raw/states.yaml:1:6",
        "another record has the name 'Brazil' too, spelling apart",
    ),
    (
        "same-name",
        "places",
        "raw/places.yaml",
        "→rio-two: {label: Río, type: region, confidence: low}\n",
        "raw/places.yaml:1:6",
        "another record has the name 'Rio' too, spelling apart",
    ),
    (
        "same-name",
        "topics",
        "raw/topics.yaml",
        "label: Talks→label: peace",
        "raw/topics.yaml:1:8",
        "another record has the name 'Peace' too, spelling apart",
    ),
    (
        "same-name",
        "proposals",
        "raw/proposals/other.yaml",
        "→" + BASE[PEACE].replace("Make peace", "Make peace!"),
        f"{PEACE}:1:1",
        "another record has the name 'Make peace' too, spelling apart",
    ),
    (
        "same-name",
        "recommendations",
        "raw/recommendations/other.yaml",
        "→" + BASE[TALK].replace("Talk", "Talk."),
        f"{TALK}:1:1",
        "another record has the name 'Talk' too, spelling apart",
    ),
    (
        "same-name",
        "claims",
        "raw/claims/other.yaml",
        "→" + BASE[COSTS].replace("War costs", "War-costs"),
        f"{COSTS}:1:1",
        "another record has the name 'War costs' too, spelling apart",
    ),
    ("confidence-too-high", "institutions", FORUM, "[{source: ministry→[{source: gazette", f"{FORUM}:1:1", f"'high' {EARNED}"),
    ("confidence-too-high", "events", FIRST, "confidence: low→confidence: medium", f"{FIRST}:1:1", f"'medium' {EARNED}"),
    ("confidence-too-high", "instruments", CHARTER, "[{source: ministry, at: ¶2}, →[", f"{CHARTER}:1:1", f"'medium' {EARNED}"),
    ("confidence-too-high", "people", ANA, "confidence: low→confidence: medium", f"{ANA}:1:1", f"'medium' {EARNED}"),
    ("confidence-too-high", "proposals", PEACE, "source: herald→source: gazette, fields: [topics]", f"{PEACE}:1:1", f"'medium' {EARNED}"),
    (
        "confidence-too-high",
        "proposals",
        "raw/sources.yaml",
        "date: 2024-05-03,→date: 2024-05-03, derives_from: [gazette],",
        f"{PEACE}:1:1",
        f"'medium' {EARNED}",
    ),
    (
        "confidence-too-high",
        "recommendations",
        TALK,
        "evidence: [{source: gazette→evidence: [{source: herald",
        f"{TALK}:1:1",
        f"'high' {EARNED}",
    ),
    ("confidence-too-high", "claims", COSTS, "own_voice_of: gazette→asserted_by: [states/bra]", f"{COSTS}:1:1", f"'high' {EARNED}"),
    ("no-outside-source", "events", FIRST, "[{source: gazette→[{source: ministry", f"{FIRST}:1:1", OFFICIAL),
    ("no-outside-source", "instruments", CHARTER, ", {source: gazette, at: ¶2}→", f"{CHARTER}:1:1", OFFICIAL),
    ("no-outside-source", "recommendations", TALK, "evidence: [{source: gazette→evidence: [{source: ministry", f"{TALK}:1:1", OFFICIAL),
    (
        "no-outside-source",
        "proposals",
        PEACE,
        f"{BACKED}→[{{source: ministry, at: ¶1, fields: [date]}}, {{source: ministry, at: ¶1}}]",
        f"{PEACE}:1:1",
        OFFICIAL,
    ),
    (
        "no-date",
        "events",
        "raw/events/meeting-3.yaml",
        "→label: Third\ntype: summit\nconfidence: low\nevidence: [{source: undated, at: ¶1}]\n",
        "raw/events/meeting-3.yaml:1:1",
        UNDATED,
    ),
    (
        "no-date",
        "proposals",
        "raw/proposals/other.yaml",
        "→label: War\nproposer: [states/bra]\nspeech_act: opposes\nconfidence: low\ntopics: [peace]\n"
        "evidence: [{source: undated, at: ¶1}]\n",
        "raw/proposals/other.yaml:1:1",
        UNDATED,
    ),
    ("no-date", "recommendations", TALK, "evidence: [{source: gazette→evidence: [{source: undated", f"{TALK}:1:1", UNDATED),
    ("no-date", "claims", COSTS, "evidence: [{source: gazette→evidence: [{source: undated", f"{COSTS}:1:1", UNDATED),
]


def asked(write: Write, file: str = TALK, edit: str = "→") -> list[str]:
    """What the audit asks of the base with one change."""
    old, _, new = edit.partition("→")
    text = BASE.get(file, "")
    assert old in text
    return [str(problem) for problem in _audit(write({**BASE, file: text.replace(old, new, 1) if old else text + new}))]


def _audit(root: Path) -> list[Problem]:
    outcome = check(PACKAGE, root)
    assert outcome.problems == []
    return locate(root, audit(DOUBTS, outcome.tabulated))


def test_of_plausible_records_nothing_is_asked(write: Write) -> None:
    assert asked(write) == []


@pytest.mark.parametrize(("doubt", "table", "file", "edit", "place", "message"), CASES, ids=[f"{case[0]} of {case[1]}" for case in CASES])
def test_a_doubt_is_raised_where_it_stands(write: Write, doubt: str, table: str, file: str, edit: str, place: str, message: str) -> None:
    assert f"{place}  {doubt}  {message}" in asked(write, file, edit)


def test_every_doubt_is_raised_in_every_table_that_it_is_asked_of() -> None:
    assert {(rule.name, rule.table) for rule in DOUBTS.rules} == {case[:2] for case in CASES}
    assert {rule.name for rule in DOUBTS.rules} == set(DOUBTS.kinds.terms)


def test_an_explanation_in_the_record_answers_the_doubt(write: Write) -> None:
    lonely = "evidence: [{source: gazette→explanations: [{doubt: no-outside-source, why: None was found.}]\nevidence: [{source: ministry"
    assert asked(write, TALK, lonely) == []


def test_an_explanation_of_nothing_is_stale(write: Write) -> None:
    idle = "evidence:→explanations: [{doubt: no-date, why: The page has none.}]\nevidence:"
    assert asked(write, TALK, idle) == [
        f"{TALK}:6:16  stale-explanation  nobody asks 'no-date' of recommendations/talk any more; remove it"
    ]


def test_the_command_asks_or_says_that_nothing_is_left(write: Write) -> None:
    result = CliRunner().invoke(build.app, ["audit", "--root", str(write(BASE))])
    assert (result.exit_code, result.stderr) == (0, "nothing is left unexplained; 0 explanations stand in records\n")
    root = write({**BASE, TALK: BASE[TALK].replace("[{source: gazette", "[{source: undated")})
    result = CliRunner().invoke(build.app, ["audit", "--root", str(root)])
    assert result.exit_code == 1
    assert f"{TALK}:1:1  no-date  {UNDATED}\n" in result.stdout
    root = write({**BASE, TALK: "label: Talk\n"})
    result = CliRunner().invoke(build.app, ["audit", "--root", str(root)])
    assert result.exit_code == 1
    assert "missing-field" in result.stdout
