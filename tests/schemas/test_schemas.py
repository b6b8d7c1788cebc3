"""Models: every table, column and field says what it is, and every example is right."""

from __future__ import annotations

import re
import typing
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from pipeline.explain import _written
from pipeline.fields import FieldSpec, fields_of, first_sentence
from pipeline.language import Part, Record, TreeRecord
from pipeline.read import read
from pipeline.tables import TableSpec, tables_of
from pipeline.values import SLUG
from schemas.entity import Entity
from schemas.package import PACKAGE

TABLES = tables_of(PACKAGE)
PARTS = {field.part for model in PACKAGE.records for field in fields_of(model) if field.part is not None}
MODELS: list[type[BaseModel]] = [*PACKAGE.records, *sorted(PARTS, key=lambda part: part.__name__)]
FIELDS = [(model, field) for model in MODELS for field in fields_of(model)]

EACH_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
EACH_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
EACH_EXAMPLE = pytest.mark.parametrize(
    ("model", "field"),
    [(model, field) for model, field in FIELDS if field.example is not None],
    ids=[f"{model.__name__}.{field.name}" for model, field in FIELDS if field.example is not None],
)

NOT_DONE = r"\b(TODO|TBD|FIXME|XXX)\b"


# -------------------------------------------------------------------------------------------------------- tables


@EACH_TABLE
def test_a_table_says_in_a_sentence_what_one_row_is(table: TableSpec) -> None:
    assert table.description[0].isupper()
    assert table.description.endswith(".")
    assert "\n" not in table.description
    assert not re.search(NOT_DONE, table.description)


@EACH_TABLE
def test_a_table_and_its_columns_are_named_in_lower_case(table: TableSpec) -> None:
    assert re.fullmatch("[a-z]+(_[a-z]+)*", table.name)
    assert bool(table.one) == (table.kind != "link")
    for column in table.columns:
        assert re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", column.name)
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)


@EACH_TABLE
def test_a_key_is_never_empty(table: TableSpec) -> None:
    assert all(table[name].required for name in table.key)
    if len(table.key) == 1:
        assert table[table.key[0]].unique


@EACH_TABLE
def test_a_column_is_described_in_a_sentence(table: TableSpec) -> None:
    for column in table.columns:
        assert column.description[0].isupper() or column.description[0] == "¶", column
        assert column.description.endswith("."), column
        assert not re.search(NOT_DONE, column.description), column
        assert "\n" not in column.description, column
        assert column.title[0].isupper() or not column.title[0].isalpha(), column


@EACH_TABLE
def test_a_column_refers_to_a_key_of_the_same_type(table: TableSpec) -> None:
    for column in table.columns:
        if column.reference is not None:
            target = TABLES[column.reference[0]][column.reference[1]]
            assert target.unique, column
            assert target.type == column.type, column
            assert set(column.among) <= {model.table.name for model in PACKAGE.records}, column


@EACH_TABLE
def test_only_a_number_has_a_unit_and_only_a_text_has_terms(table: TableSpec) -> None:
    for column in table.columns:
        assert not column.unit or column.type in ("integer", "number"), column
        assert not column.terms or column.type == "string", column
        assert bool(column.terms) == bool(column.vocabulary), column


# -------------------------------------------------------------------------------------------------------- models


@EACH_MODEL
def test_a_model_opens_with_one_line_that_says_what_one_is(model: type[BaseModel]) -> None:
    assert model.__doc__
    first = model.__doc__.strip().split("\n")[0]
    assert first == first_sentence(model)
    assert first.endswith(".")


@EACH_MODEL
def test_a_model_takes_what_it_names_and_nothing_else(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["strict"]
    assert model.model_config["frozen"]


@pytest.mark.parametrize("model", PACKAGE.records, ids=lambda model: model.__name__)
def test_a_record_has_its_standing_and_its_evidence(model: type[Record]) -> None:
    assert issubclass(model, Entity)
    names = {field.name for field in fields_of(model)}
    assert {"label", "record_status", "confidence", "reviewed", "evidence"} <= names


@pytest.mark.parametrize("part", sorted(PARTS, key=lambda part: part.__name__), ids=lambda part: part.__name__)
def test_what_tells_a_part_from_another_is_a_column_of_it(part: type[Part]) -> None:
    assert part.table.key
    assert set(part.table.key) <= {column.name for column in TABLES[part.table.name].columns}
    if part.shorthand is not None:
        assert part.shorthand in part.model_fields
        assert set(part.from_text("a/b#c")) <= set(part.model_fields)


@pytest.mark.parametrize("model", [model for model in PACKAGE.records if issubclass(model, TreeRecord)], ids=lambda model: model.__name__)
def test_a_tree_lists_its_own_kind(model: type[Record]) -> None:
    (field,) = [field for field in fields_of(model) if field.kind == "tree"]
    hints = typing.get_type_hints(model)
    assert hints[field.name] == list[model]  # type: ignore[valid-type]
    assert not field.required


# ------------------------------------------------------------------------------------------------------ examples


def wrong_with(model: type[BaseModel], field: FieldSpec, value: Any) -> list[str]:
    """What the model says of one field alone, whatever else is missing."""
    try:
        model.model_validate({field.name: value})
    except ValidationError as error:
        return [detail["msg"] for detail in error.errors() if detail["loc"][:1] == (field.name,)]
    return []


@EACH_EXAMPLE
def test_an_example_is_a_value_that_the_field_takes(model: type[BaseModel], field: FieldSpec) -> None:
    assert wrong_with(model, field, field.example) == []


@EACH_EXAMPLE
def test_an_example_can_be_copied_from_a_message_as_it_stands(model: type[BaseModel], field: FieldSpec) -> None:
    document = read(f"{field.name}: {_written(field.example)}".encode())
    assert document.refusals == []
    assert document.value == {field.name: field.example}


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=[f"{model.__name__}.{field.name}" for model, field in FIELDS])
def test_a_field_takes_no_value_of_a_foreign_kind_and_none_that_only_the_quick_reader_gives(
    model: type[BaseModel], field: FieldSpec
) -> None:
    for value in (object(), b"bytes", None, float("inf"), float("nan")):
        assert wrong_with(model, field, value), value
        if field.many:
            assert wrong_with(model, field, [value]), value
            assert field.part is None or wrong_with(model, field, [dict.fromkeys(field.part.model_fields, value)])


@EACH_MODEL
@pytest.mark.parametrize("key", [None, 1, True, 1.5, "la bel", "label\n"])
def test_a_model_takes_no_key_that_is_no_word(model: type[BaseModel], key: object) -> None:
    assert wrong_with_key(model, key)


def wrong_with_key(model: type[BaseModel], key: object) -> bool:
    with pytest.raises(ValidationError) as caught:
        model.model_validate({key: "a"})
    return any(detail["type"] in ("extra_forbidden", "invalid_key") for detail in caught.value.errors())


def test_the_words_of_a_table_are_slugs_where_paths_are_made_of_them() -> None:
    assert all(re.fullmatch(SLUG, model.table.name) for model in PACKAGE.records)
    assert len({model.table.name for model in PACKAGE.records}) == len(PACKAGE.records)


def test_lead_tables_come_first() -> None:
    lead = [model.table.lead for model in PACKAGE.records]
    assert lead == sorted(lead, reverse=True)
    assert [model.table.name for model in PACKAGE.records if model.table.lead] == ["proposals", "recommendations", "institutions", "events"]
