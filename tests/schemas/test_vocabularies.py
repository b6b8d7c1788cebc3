"""Vocabularies: closed lists of slugs, each term defined in a sentence."""

from __future__ import annotations

import re

import pytest

from pipeline.fields import fields_of
from pipeline.language import Vocabulary
from pipeline.tables import tables_of, vocabularies_of
from pipeline.values import SLUG
from schemas import vocabularies
from schemas.involvements import Actor
from schemas.package import PACKAGE
from schemas.vocabularies import ILLOCUTION_OF, Illocution, InstrumentStatus, ProposalStatus, Role, SpeechAct

USED = vocabularies_of(PACKAGE)
DECLARED = {name: value for name, value in vars(vocabularies).items() if isinstance(value, Vocabulary)}
EACH = pytest.mark.parametrize("vocabulary", USED.values(), ids=list(USED))


@EACH
def test_a_vocabulary_is_named_by_a_slug_and_described_in_a_sentence(vocabulary: Vocabulary) -> None:
    assert re.fullmatch(SLUG, vocabulary.name)
    assert vocabulary.description[0].isupper()
    assert vocabulary.description.endswith(".")
    assert len(vocabulary.terms) > 1


@EACH
def test_every_term_is_a_slug_with_a_definition_of_its_own(vocabulary: Vocabulary) -> None:
    for term, definition in vocabulary.terms.items():
        assert re.fullmatch(SLUG, term), term
        assert definition.endswith("."), term
        assert definition[0].isupper(), term
        assert "\n" not in definition, term
    assert len(set(vocabulary.terms.values())) == len(vocabulary.terms)


@EACH
def test_no_term_means_something_else_to_yaml(vocabulary: Vocabulary) -> None:
    assert not {"true", "false", "null"} & set(vocabulary.terms)


@EACH
def test_what_is_deprecated_is_a_term_and_says_what_to_use(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.deprecated) <= set(vocabulary.terms)
    assert all(instead.endswith(".") for instead in vocabulary.deprecated.values())


@pytest.mark.parametrize("name", sorted(set(DECLARED) - {"Illocution"}))
def test_every_vocabulary_that_is_declared_is_used(name: str) -> None:
    assert DECLARED[name].terms.items() <= USED[DECLARED[name].name].terms.items()


def test_two_vocabularies_of_one_name_agree_on_the_terms_they_share() -> None:
    both = ProposalStatus.terms.keys() & InstrumentStatus.terms.keys()
    assert ProposalStatus.name == InstrumentStatus.name
    assert both
    assert {term: ProposalStatus.terms[term] for term in both} == {term: InstrumentStatus.terms[term] for term in both}


def test_every_speech_act_has_an_illocution_and_every_illocution_a_speech_act() -> None:
    assert set(ILLOCUTION_OF) == set(SpeechAct.terms)
    assert set(ILLOCUTION_OF.values()) == set(Illocution.terms)
    column = tables_of(PACKAGE)["proposals"]["illocution"]
    assert column.terms == tuple(Illocution.terms)


def test_every_role_is_a_field_under_which_actors_are_listed() -> None:
    roles = {field.term or field.name for model in PACKAGE.records for field in fields_of(model) if field.part is Actor}
    assert roles == set(Role.terms)
