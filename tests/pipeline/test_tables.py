"""Tables from models: a field is written once and shows up in every face; what cannot be published is refused at once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Annotated, Any

import polars as pl
import pyarrow as pa
import pytest
from pydantic import BaseModel, create_model

from pipeline.edtf import Edtf
from pipeline.faces.arrow import arrow_schema, polars_schema
from pipeline.faces.codebook import codebook
from pipeline.faces.json_schema import editor_schemas
from pipeline.faces.pandera import pandera_schema
from pipeline.faces.table_schema import table_schema
from pipeline.fields import fields_of, first_sentence, title_of
from pipeline.frames import Tables
from pipeline.journey import check
from pipeline.language import (
    Code,
    Column,
    Date,
    Day,
    Derived,
    Family,
    Package,
    Part,
    Record,
    Ref,
    Rule,
    Slug,
    Table,
    Text,
    TreeRecord,
    Vocabulary,
    Words,
)
from pipeline.records import Records
from pipeline.tables import ColumnSpec, TableSpec, tables_of, vocabularies_of
from pipeline.tabulate import tabulate
from pipeline.template import template
from tests.conftest import Write
from tests.library import LIBRARY, Author, Book, Credit, Genre, Mention

Style = Vocabulary("style", "How someone writes.", {"plain": "In short words.", "ornate": "In long ones."})


class Collected(Author):
    """An author with one more field of every kind."""

    shelf: Text | None = Column("On which shelf the works stand.", title="Shelf mark", example="B 12", default=None)
    works: int | None = Column("How many there are.", example=7, unit="volumes", default=None)
    width: float | None = Column("How much room they take.", unit="cm", default=None)
    complete: bool = Column("Whether all are there.", default=False)
    active: Date = Column("When the author wrote.", example="1719/1724")
    counted: Day | None = Column("When they were counted.", example="2026-11-22", default=None)
    style: Annotated[str, Style] = Column("How the author writes.", example="plain", default="plain")
    isni: Annotated[str, Code("[0-9]{16}")] | None = Column("The number of the name.", default=None, unique=True)
    teacher: Annotated[str, Ref("authors")] | None = Column("Who taught the author.", example="defoe", default=None)
    best: Annotated[str, Ref("books", "authors")] | None = Column("What is best.", default=None)
    first_words: Words | None = Column("The first words of the best.", default=None)
    friends: list[Annotated[str, Ref("authors")]] = Column("Who the friends were.", default=[])


WIDER: Package = replace(LIBRARY, records=(Book, Collected))
TABLES = tables_of(WIDER)
AUTHORS = TABLES["authors"]
EMPTY = {name: pl.DataFrame(schema=polars_schema(table)) for name, table in TABLES.items()}
NO_ROWS = dict.fromkeys(TABLES, 0)

NEW = {
    "shelf": ("string", "On which shelf the works stand."),
    "works": ("integer", "How many there are."),
    "width": ("number", "How much room they take."),
    "complete": ("boolean", "Whether all are there."),
    "active": ("string", "When the author wrote."),
    "active_start": ("date", "Active: the first day it may mean."),
    "active_end": ("date", "Active: the last day it may mean; empty if open."),
    "active_precision": ("string", "Active: how exactly it is known."),
    "counted": ("date", "When they were counted."),
    "style": ("string", "How the author writes."),
    "isni": ("string", "The number of the name."),
    "teacher": ("string", "Who taught the author."),
    "best": ("string", "What is best."),
    "first_words_first": ("string", "The first words of the best. Its first words."),
    "first_words_last": ("string", "The first words of the best. Its last words."),
}
"""The columns that the new fields of an author are published as, with type and description."""

ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
POLARS = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}


def names(table: TableSpec) -> list[str]:
    return [column.name for column in table.columns]


# --------------------------------------------------------------------------------------- one field, many faces


def test_one_more_field_is_one_more_column_and_nothing_else_changes() -> None:
    before = tables_of(LIBRARY)
    assert set(names(AUTHORS)) - set(names(before["authors"])) == set(NEW)
    assert set(TABLES) - set(before) == {"author_friends"}
    assert {name for name in before if before[name] != TABLES[name]} == {"authors"}


@pytest.mark.parametrize("column", NEW)
def test_a_field_has_its_type_and_description_in_every_face(column: str) -> None:
    kind, description = NEW[column]
    spec = AUTHORS[column]
    assert (spec.type, spec.description) == (kind, description)

    assert polars_schema(AUTHORS)[column] == POLARS[kind]

    field = arrow_schema(AUTHORS).field(column)
    assert field.type == ARROW[kind]
    assert field.metadata[b"description"].decode() == description
    assert field.nullable == (not spec.required)

    described = next(field for field in table_schema(AUTHORS)["fields"] if field["name"] == column)
    assert (described["type"], described["description"], described["title"]) == (kind, description, spec.title)

    judged = pandera_schema(AUTHORS, Tables(EMPTY, EMPTY.__getitem__)).columns[column]
    assert judged.dtype.type == POLARS[kind]
    assert (judged.description, judged.nullable) == (description, not spec.required)

    assert f"| `{column}` |" in codebook(WIDER, TABLES, NO_ROWS, EMPTY, vocabularies_of(WIDER))
    fields = tabulate(WIDER, Records()).frames["fields"].filter(table="authors", field=column)
    assert fields.select("type", "description").rows() == [(kind, description)]


@pytest.mark.parametrize("field", sorted(set(Collected.model_fields) - set(Author.model_fields)))
def test_a_field_is_offered_in_the_editor_and_on_the_card(field: str) -> None:
    description = Collected.model_fields[field].description
    assert description is not None
    schemas = editor_schemas(WIDER)
    assert schemas["authors.json"]["properties"][field]["description"] == description
    assert schemas["authors.map.json"]["additionalProperties"]["properties"][field]["description"] == description
    card = template(Collected, "authors/defoe")
    assert f"# {description}" in card
    assert f"{field}:" in card


def test_what_is_known_of_a_field_is_said_in_every_face_that_has_a_place_for_it() -> None:
    described = {field["name"]: field for field in table_schema(AUTHORS)["fields"]}
    assert described["shelf"]["title"] == "Shelf mark"
    assert described["shelf"]["example"] == "B 12"
    assert described["works"]["unit"] == "volumes"
    assert described["style"]["categories"] == described["style"]["constraints"]["enum"] == ["plain", "ornate"]
    assert described["isni"]["constraints"] == {"unique": True, "pattern": "^(?:[0-9]{16})$"}
    assert described["active"]["constraints"]["required"]
    assert {"fields": ["teacher"], "reference": {"resource": "", "fields": ["id"]}} in table_schema(AUTHORS)["foreignKeys"]
    assert {"fields": ["best"], "reference": {"resource": "records", "fields": ["address"]}} in table_schema(AUTHORS)["foreignKeys"]
    metadata = {name: arrow_schema(AUTHORS).field(name).metadata for name in ("shelf", "works", "style")}
    assert metadata["shelf"][b"title"] == b"Shelf mark"
    assert metadata["works"][b"unit"] == b"volumes"
    assert metadata["style"][b"vocabulary"] == b"style"
    text = codebook(WIDER, TABLES, NO_ROWS, EMPTY, vocabularies_of(WIDER))
    assert "| `works` | integer |  | How many there are. Unit: volumes. Example: 7 |" in text
    assert "| `plain` | In short words. |" in text
    editor = editor_schemas(WIDER)["authors.json"]
    assert set(editor["required"]) == {"label", "active"}
    assert editor["properties"]["style"]["enum"] == ["plain", "ornate"]
    card = template(Collected, "authors/defoe")
    assert "# How the author writes. One of: plain, ornate." in card
    assert [line for line in card.splitlines() if line and not line.startswith("#")] == ["label:", "active:"]


def test_the_codebook_says_how_complete_each_family_is() -> None:
    families = (Family("Novels", "complete", "All of one shelf."), Family("Essays", "partial", "Those in print.", "Those out of print."))
    text = codebook(replace(WIDER, families=families), TABLES, NO_ROWS, EMPTY, vocabularies_of(WIDER))
    assert "| Novels | complete | All of one shelf. |  |\n| Essays | partial | Those in print. | Those out of print. |" in text
    with pytest.raises(ValueError, match="'Novels' is partial: say what is missing"):
        Family("Novels", "partial", "All of one shelf.")
    with pytest.raises(ValueError, match="'Novels' is complete: say what is missing of one that is not"):
        Family("Novels", "complete", "All of one shelf.", "One.")


def test_a_list_of_references_is_a_table_of_two_keys() -> None:
    friends = TABLES["author_friends"]
    assert (friends.kind, friends.key, names(friends)) == ("link", ("author", "friend"), ["author", "friend"])
    assert [column.reference for column in friends.columns] == [("authors", "id"), ("authors", "id")]
    assert all(column.required for column in friends.columns)


def test_the_schema_of_a_descriptor_is_plain_json() -> None:
    assert all(json.loads(json.dumps(table_schema(table))) == table_schema(table) for table in TABLES.values())


# ------------------------------------------------------------------------------------------------- the library


def test_tables_come_in_the_order_of_entities_parts_links_and_what_is_generated() -> None:
    assert [(table.name, table.kind) for table in tables_of(LIBRARY).values()] == [
        ("books", "entity"),
        ("authors", "entity"),
        ("credits", "part"),
        ("mentions", "part"),
        ("book_readers", "link"),
        ("records", "generated"),
        ("vocabularies", "generated"),
        ("fields", "generated"),
    ]


def test_a_tree_has_columns_for_its_place() -> None:
    books = tables_of(LIBRARY)["books"]
    assert names(books)[:5] == ["id", "parent", "ordinal", "depth", "label"]
    assert books["parent"].reference == ("books", "id")
    assert "key" not in names(books)
    assert "chapters" not in names(books)


def test_a_part_refers_to_its_record_by_address() -> None:
    credits_ = tables_of(LIBRARY)["credits"]
    assert names(credits_) == ["id", "record", "share", "who", "note"]
    assert credits_["record"].reference == ("records", "address")
    assert credits_["share"].terms == ("writer", "translator")
    assert credits_["who"].among == ("authors", "books")


def test_a_column_is_never_empty_where_the_field_must_be_stated_or_has_a_default() -> None:
    books = tables_of(LIBRARY)["books"]
    assert [column.name for column in books.columns if column.required] == ["id", "depth", "label", "genre", "lost"]
    assert AUTHORS["active"].required
    assert AUTHORS["active_start"].required
    assert not AUTHORS["active_end"].required  # an interval may be open
    assert AUTHORS["active_precision"].required


def test_vocabularies_are_found_wherever_they_are_used() -> None:
    assert list(vocabularies_of(WIDER)) == ["genre", "precision", "share", "style"]


def test_two_vocabularies_of_one_name_are_published_as_one() -> None:
    narrow = Vocabulary("genre", "What sort of book it is.", {"novel": "A long story.", "play": "A story to be acted."})
    play = create_model("Play", __base__=Record, __doc__="A play.", genre=(Annotated[str, narrow], Column("Its sort.")))
    play.table = Table("plays", "play")
    both = vocabularies_of(replace(LIBRARY, records=(Book, play, Author)))["genre"]
    assert list(both.terms) == ["novel", "essay", "play"]
    assert list(Genre.terms) == ["novel", "essay"]


def test_last_fields_come_last_and_the_order_is_otherwise_that_of_the_model() -> None:
    model = create_model("Late", __base__=Record, a=(Text, Column("A.", last=True)), b=(Text, Column("B.")))
    assert [field.name for field in fields_of(model)] == ["label", "b", "a"]


def test_a_docstring_gives_its_first_paragraph() -> None:
    assert first_sentence(Author) == "One person who wrote a book."
    assert (title_of("valid_from"), title_of("book_readers")) == ("Valid from", "Book readers")


# ----------------------------------------------------------------------------------------------- not supported


def model(base: type[BaseModel], annotation: Any, **about: Any) -> type[BaseModel]:
    made = create_model("Odd", __base__=base, __doc__="Odd.", odd=(annotation, Column("Odd.", **about)))
    made.table = Table("odds", "odd", key=("odd",))
    return made


PLAIN = "Odd.odd: a list of plain values is not supported; make it a Part"
OTHER = "Odd.odd: a field of this type is not supported; pipeline.language lists those that are"
LISTED = "Odd.odd: what has rows of its own is written as a list"
NESTED = "Odd.odd: a part within a part is not supported; give it a table of its own"
EACH = "Odd.odd: 'each' says of a list within a part how its values are published, and of nothing else"


@pytest.mark.parametrize(
    ("base", "annotation", "about", "message"),
    [
        (Record, list[Text], {}, PLAIN),
        (Record, list[int], {}, PLAIN),
        (Record, list[Date], {}, PLAIN),
        (Record, list[Annotated[str, Genre]], {}, PLAIN),
        (Record, list[Words], {}, PLAIN),
        (Record, bytes, {}, OTHER),
        (Record, dict[str, str], {}, OTHER),
        (Record, set[str], {}, OTHER),
        (Record, int | str, {}, OTHER),
        (Record, int | str | None, {"default": None}, OTHER),
        (Record, Any, {}, OTHER),
        (Record, Credit, {}, LISTED),
        (Record, Credit | None, {"default": None}, LISTED),
        (Record, Author, {}, LISTED),
        (Part, list[Credit], {}, NESTED),
        (Part, Credit, {}, NESTED),
        (Part, list[Author], {}, NESTED),
        (Part, list[Text], {}, EACH),
        (Part, list[Annotated[str, Ref("books")]], {}, EACH),
        (Part, Text, {"each": "one"}, EACH),
        (Record, list[Text], {"each": "one"}, EACH),
        (Record, list[Annotated[str, Ref("books")]], {"unique": True}, "Odd.odd: 'unique' is said of a single value"),
        (Part, Text, {"inherit": True}, "Odd.odd: 'inherit' is said of the fields of a tree"),
    ],
)
def test_a_field_that_could_not_be_published_is_refused(
    base: type[BaseModel], annotation: Any, about: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        fields_of(model(base, annotation, **about))


@pytest.mark.parametrize(
    "annotation", [Text, Slug, int, float, bool, Date, Day, Words, Edtf, Text | None, list[Annotated[str, Ref()]], list[Mention]]
)
def test_what_the_language_lists_is_supported(annotation: Any) -> None:
    with_default = model(Record, annotation) if annotation is not Edtf else Author
    assert fields_of(with_default)


@pytest.mark.parametrize(
    "annotation", [Annotated[str, Ref("houses")], Annotated[str, Ref("books", "houses")], list[Annotated[str, Ref("houses")]]]
)
def test_a_reference_to_a_table_that_there_is_not_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match=r"refers to houses, and there is no such table$"):
        tables_of(replace(LIBRARY, records=(Book, Author, model(Record, annotation))))


UNDESCRIBED = create_model("Bare", __base__=Record, width=(int, ...))
UNDESCRIBED.table = Table("bares", "bare")
LIKE_THE_ID = create_model("Odd", __base__=Record, __doc__="Odd.", id=(Text, Column("Its id.")))
LIKE_THE_ID.table = Table("odds", "odd")
SILENT = create_model("Silent", __base__=Record)
SILENT.table = Table("silents", "silent")


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (UNDESCRIBED, 'Bare.width: it has no description; write = Column("…")'),
        (LIKE_THE_ID, "odds would have two columns called id; give the field another name"),
        (SILENT, "Silent has no docstring, whose first sentence describes the table"),
        (Book, "Book would be published as books, and another record is already"),
        (model(Record, Annotated[str, Genre], example="sloop"), "Odd.odd: the example 'sloop' is no term of genre"),
        (model(Record, Date, example="in 1999"), "Odd.odd: of the example, 'in 1999' is not a date"),
    ],
)
def test_a_record_that_nobody_could_understand_or_publish_is_refused(odd: type[Record], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}"):
        tables_of(replace(LIBRARY, records=(Book, Author, odd)))


def named(name: str, **fields: Any) -> type[Record]:
    made = create_model("Named", __base__=Record, __doc__="Named.", **fields)
    made.table = Table(name, name)
    return made


KEYLESS = create_model("Keyless", __base__=Part, __doc__="Keyless.", name=(Text, Column("Its name.")))
KEYLESS.table = Table("keyless", "keyless", key=("nmae",))
BARREN = create_model("Barren", __base__=TreeRecord, __doc__="Barren.")
BARREN.table = Table("barrens", "barren")
RULE = Rule("odd", "boks", "It is odd.", lambda frames: frames["books"]["pages"] > 0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"records": (Book, Author, named("records"))}, "two tables would be published as records; call one otherwise"),
        ({"records": (Book, Author, named("fields"))}, "two tables would be published as fields; call one otherwise"),
        ({"records": (Book, Author, named("book_readers"))}, "two tables would be published as book_readers; call one otherwise"),
        ({"records": (Book, Author, named("credits"))}, "two tables would be published as credits; call one otherwise"),
        ({"records": (Book, Author, model(Record, list[KEYLESS]))}, "the key of Keyless names nmae, and there is no such column"),
        ({"records": (Book, Author, BARREN)}, "Barren is a tree, and no field of it lists its parts"),
        ({"rules": (RULE,)}, "the rule odd is of boks, and there is no such table; did you mean 'books'?"),
        ({"derived": (Derived("boks", ColumnSpec("a", "string", "A."), len),)}, "the column a is of boks, and there is no such table"),
    ],
)
def test_a_package_that_contradicts_itself_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}"):
        tables_of(replace(LIBRARY, **changed))


@pytest.mark.parametrize("missing", ["records", "licenses", "contributors"])
def test_a_package_needs_one_of_each(missing: str) -> None:
    with pytest.raises(ValueError, match=f"^the package library has no {missing}; it needs one at least$"):
        replace(LIBRARY, **{missing: ()})


@pytest.mark.parametrize("annotation", [Text, Day, Date, Annotated[str, Genre], Annotated[str, Ref("books")], Annotated[str, Ref()]])
def test_what_is_declared_unique_is_published_as_unique(annotation: Any) -> None:
    assert tables_of(replace(LIBRARY, records=(Book, Author, model(Record, annotation, unique=True))))["odds"]["odd"].unique


def test_a_field_called_key_names_a_node_of_a_tree_and_is_else_a_field_like_any(write: Write) -> None:
    work = create_model("Work", __base__=Record, __doc__="Work.", key=(Text, Column("The musical key.")))
    work.table = Table("works", "work")
    package = replace(LIBRARY, records=(work,), rules=(), derived=(), reports=(), anchors=None, doubts=None, explorer=None)
    found = check(package, write({"raw/works/fifth.yaml": "label: Fifth\nkey: C minor\n"}))
    assert found.tabulated.frames["works"].to_dicts() == [{"id": "fifth", "label": "Fifth", "key": "C minor"}]
    assert "key:" in template(work, "works/fifth")


def test_a_vocabulary_without_terms_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^the vocabulary mood has no terms$"):
        Vocabulary("mood", "How it feels.", {})


def test_a_part_of_one_table_cannot_be_listed_under_another() -> None:
    owned = create_model("Owned", __base__=Part, __doc__="Owned.", name=(Text, Column("Its name.")))
    owned.table = Table("owned", "owned", owner="authors")
    with pytest.raises(TypeError, match=r"^Owned belongs to authors and cannot be listed under odds$"):
        tables_of(replace(LIBRARY, records=(Book, Author, model(Record, list[owned]))))


def test_parts_that_share_a_table_share_its_columns_and_add_their_terms() -> None:
    def step(name: str, field: str, *terms: str) -> type[Part]:
        vocabulary = Vocabulary("step", "How far.", dict.fromkeys(terms, "A step."))
        made = create_model(name, __base__=Part, __doc__="A step.", **{field: (Annotated[str, vocabulary], Column("How far."))})
        made.table = Table("steps", "step", key=(field,))
        return made

    def listed(name: str, part: type[Part]) -> type[Record]:
        made = create_model(name, __base__=Record, __doc__=f"{name}.", steps=(list[part], Column("Its steps.", default=[])))
        made.table = Table(name.lower(), name.lower()[:-1])
        return made

    plays = listed("Plays", step("PlayStep", "step", "written", "staged"))
    songs = listed("Songs", step("SongStep", "step", "written", "sung"))
    odd = listed("Odes", step("OdeStep", "pace", "slow"))
    assert tables_of(replace(LIBRARY, records=(Book, Author, plays, songs)))["steps"]["step"].terms == ("written", "staged", "sung")
    with pytest.raises(TypeError, match=r"^the parts published as steps have different columns$"):
        tables_of(replace(LIBRARY, records=(Book, Author, plays, odd)))


def test_a_column_has_a_title_even_where_none_was_given() -> None:
    assert ColumnSpec("why_retired", "string", "Why it is gone.").title == "Why retired"
    assert ColumnSpec("why_retired", "string", "Why it is gone.", "Reason").title == "Reason"
