"""The nine rules that keep the data fair (docs/method.md), each broken on purpose."""

from __future__ import annotations

import pytest

from pipeline.journey import Outcome, check
from schemas.package import PACKAGE
from tests.conftest import Write

BASE = {
    "raw/topics.yaml": "peace: {label: Peace, definition: No war., confidence: high, kept: true}\n",
    "raw/states.yaml": "bra: {label: Brazil, iso2: BR, iso3: BRA, confidence: high}\n",
    "raw/sources.yaml": (
        "essay: {label: An essay, lang: en, source_class: research, confidence: high, kept: true}\n"
        "record: {label: The forum's own page, lang: en, source_class: official, confidence: high, kept: true}\n"
    ),
    "raw/people/ana-lima.yaml": "label: Ana Lima\nconfidence: low\n",
}
CLAIM = """\
label: The forum was set up last year
type: attributive
checkable: true
asserted_by: [people/ana-lima]
about: [institutions/forum#founded]
topics: [peace]
confidence: low
evidence: [{source: essay, at: ¶1}]
"""
PROPOSAL = """\
label: Make peace
proposer: [states/bra]
speech_act: proposes
topics: [peace]
confidence: low
evidence: [{source: essay, at: ¶1}]
"""
FORUM = "label: The forum\ntype: forum-series\nconfidence: low\n"


def judged(write: Write, **files: str) -> Outcome:
    named = {f"raw/{name.replace('__', '/')}.yaml": text for name, text in files.items()}
    return check(PACKAGE, write({**BASE, **named}))


def complaints(outcome: Outcome) -> list[str]:
    return [f"{problem.rule}: {problem.message}" for problem in outcome.problems]


@pytest.mark.parametrize("field", ["is_peace_broker: true", "aim: contain its rivals", "truth: 0.2", "bias: high", "stance: critical"])
def test_1_an_opinion_is_no_property(write: Write, field: str) -> None:
    (found,) = complaints(judged(write, institutions__forum=f"{FORUM}{field}\n"))
    assert found.startswith(f"unknown-field: there is no field '{field.partition(':')[0]}' here")


@pytest.mark.parametrize("field", ["truth_score: 0.5", "contradicted_by: [claims/other]", "verdict: refuted"])
def test_2_a_claim_has_no_score_and_what_contradicts_it_is_never_typed(write: Write, field: str) -> None:
    claim = CLAIM.replace("about: [institutions/forum#founded]\n", "")
    (found,) = complaints(judged(write, claims__late=claim + field + "\n"))
    assert found.startswith(f"unknown-field: there is no field '{field.partition(':')[0]}' here")


def test_3_a_loaded_name_says_who_uses_it(write: Write) -> None:
    name = "names: [{name: The Talking Shop, kind: loaded, lang: en}]\n"
    assert complaints(judged(write, institutions__forum=FORUM + name)) == [
        "loaded-name: a name that takes sides says who uses it; add used_by"
    ]
    assert complaints(judged(write, institutions__forum=FORUM + name.replace("lang: en", "lang: en, used_by: people/ana-lima"))) == []


def test_4_an_implied_target_stays_open_and_an_implied_demand_is_marked(write: Write) -> None:
    claim = CLAIM.replace("about: [institutions/forum#founded]\n", "implicit: true\ntargets: [{actor: states/bra, stance: critical}]\n")
    (found,) = complaints(judged(write, claims__late=claim))
    assert found.startswith("guessed-target: an implied claim names nobody")
    assert complaints(judged(write, claims__late=claim.replace("actor: states/bra", "kind: unspecified"))) == []
    (found,) = complaints(
        judged(
            write, claims__late=claim.replace("actor: states/bra", "kind: unspecified"), proposals__peace=PROPOSAL + "modality: implied\n"
        )
    )
    assert found.startswith("unmarked-implication: ")


def test_5_a_source_says_whose_it_is_and_the_tilt_is_counted(write: Write) -> None:
    agency = "label: The agency\nlang: en\nsource_class: state-media\nconfidence: low\nkept: true\n"
    assert complaints(judged(write, sources__agency=agency)) == [
        "no-affiliation: 'agency' is state media; add state: whose it is, and affiliation: how"
    ]
    assert complaints(judged(write, sources__agency=agency.replace("source_class: state-media\n", "")))[0].startswith(
        "missing-field: 'source_class'"
    )
    whole = judged(
        write,
        sources__agency=agency + "state: bra\naffiliation: Owned by the state.\n",
        proposals__peace=PROPOSAL.replace("source: essay", "source: agency"),
    )
    assert complaints(whole) == []
    counted = dict(whole.tabulated.frames["balance"].select("id", "statements").iter_rows())
    assert counted == {"source-class:proposals:state-media": 1, "speaker-state:proposals:bra": 1, "topic:proposals:peace": 1}


def test_6_silence_is_unknown_and_not_lapsed(write: Write) -> None:
    step = "statuses: [{status: lapsed, date: 2024, source: essay}]\n"
    assert complaints(judged(write, proposals__peace=PROPOSAL + step)) == [
        "silent-lapse: 'lapsed' needs the passage that says it was given up; where nothing was found write unknown"
    ]
    assert complaints(judged(write, proposals__peace=PROPOSAL + step.replace("lapsed", "unknown"))) == []
    assert complaints(judged(write, proposals__peace=PROPOSAL + step.replace("essay}", "essay, passage: [was given, up]}"))) == []


def test_7_both_wordings_are_kept_each_with_its_source(write: Write) -> None:
    two = (
        "wordings:\n"
        "  - {text: make peace, kind: official, lang: en, source: record}\n"
        "  - {text: stop the war, kind: as-printed, lang: en, source: essay}\n"
    )
    outcome = judged(write, proposals__peace=PROPOSAL + two)
    assert outcome.tabulated.frames["wordings"].select("text", "source").rows() == [("make peace", "record"), ("stop the war", "essay")]
    (found,) = complaints(judged(write, proposals__peace=PROPOSAL + two.replace(", source: essay", "")))
    assert found.startswith("missing-field: 'source' is missing")


def test_8_what_a_source_gets_wrong_stays_its_claim_and_the_property_contradicts_it(write: Write) -> None:
    dated = FORUM + (
        "founded: 2006\n"
        "evidence:\n"
        "  - {source: record, at: ¶2, fields: [founded]}\n"
        "  - {source: essay, at: ¶1, fields: [founded], verdict: contradicts, value: '2023'}\n"
    )
    outcome = judged(write, institutions__forum=dated, claims__late=CLAIM)
    assert complaints(outcome) == []
    assert outcome.tabulated.frames["contradictions"].select("claim", "by", "field").rows() == [("late", "institutions/forum", "founded")]
    agreed = judged(write, institutions__forum=dated.replace("contradicts, value: '2023'", "mentions"), claims__late=CLAIM)
    assert agreed.tabulated.frames["contradictions"].is_empty()


@pytest.mark.parametrize("field", ["born: 1960", "religion: none", "family: two children", "address: Rua 1"])
def test_9_people_appear_in_their_public_functions_only(write: Write, field: str) -> None:
    (found,) = complaints(judged(write, people__bo=f"label: Bo Lim\nconfidence: low\n{field}\n"))
    assert found.startswith(f"unknown-field: there is no field '{field.partition(':')[0]}' here")


def test_the_base_is_right(write: Write) -> None:
    assert complaints(check(PACKAGE, write(BASE))) == []
