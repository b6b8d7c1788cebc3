"""Records: what lies in raw/ is found, read and judged, and whatever else lies there is said to be a mistake."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import field_validator, model_validator

from pipeline.language import Column, Package, Record, Table, Text
from pipeline.problems import Complaint
from pipeline.records import Records, Retired, read_records
from tests.conftest import Write
from tests.library import LIBRARY

AUTHOR = "label: Daniel Defoe\n"


def addresses(found: Records) -> list[str]:
    return [f"{checked.entry.table}/{checked.entry.id}" for checked in found.accepted]


def complaint(found: Records) -> Complaint:
    (only,) = found.complaints
    return only


def wrong(text: str, write: Write) -> list[tuple[str, str]]:
    """Rule and message of everything that is wrong with one book."""
    found = read_records(LIBRARY, write({"raw/books/moll.yaml": f"label: Moll\ngenre: novel\nwriter: [authors/defoe]\n{text}"}))
    return [(complaint.rule, complaint.message) for complaint in found.complaints]


# ------------------------------------------------------------------------------------------------------- finding


def test_records_come_in_the_order_of_tables_and_ids_wherever_they_stand(write: Write) -> None:
    root = write(
        {
            "raw/authors.yaml": "swift: {label: Swift}\nbehn: {label: Behn}\n",
            "raw/authors/defoe.yaml": AUTHOR,
            "raw/books/moll.yaml": "label: Moll Flanders\ngenre: novel\nwriter: [authors/defoe]\n",
        }
    )
    found = read_records(LIBRARY, root)
    assert found.complaints == found.problems == []
    assert addresses(found) == ["books/moll", "authors/behn", "authors/defoe", "authors/swift"]


def test_a_record_remembers_where_it_was_written(write: Write) -> None:
    found = read_records(LIBRARY, write({"raw/authors.yaml": "behn: {label: Behn}\n", "raw/authors/defoe.yaml": AUTHOR}))
    assert [(checked.entry.file, checked.entry.path) for checked in found.accepted] == [
        ("raw/authors.yaml", ("behn",)),
        ("raw/authors/defoe.yaml", ()),
    ]


def test_a_folder_without_records_has_none(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    assert read_records(LIBRARY, tmp_path) == Records()


def test_hidden_files_are_nobodys_records(write: Write) -> None:
    root = write({"raw/.git/x": "", "raw/.swp": "\x00", "raw/authors/.defoe.yaml.swp": "\x00", "raw/authors/defoe.yaml": AUTHOR})
    found = read_records(LIBRARY, root)
    assert found.complaints == found.problems == []
    assert addresses(found) == ["authors/defoe"]


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("raw/authors/defoe.yaml", "only files belong in raw/authors; folders and links are not read"),
        ("raw/authors.yaml", "links and special files are not read; put the file itself here"),
        ("raw/books", "links and special files are not read; put the file itself here"),
    ],
)
def test_a_link_is_not_followed(link: str, message: str, write: Write) -> None:
    root = write({"elsewhere/defoe.yaml": AUTHOR, "raw/authors/behn.yaml": "label: Behn\n"})
    (root / link).symlink_to(root / "elsewhere" / ("" if link == "raw/books" else "defoe.yaml"))
    found = read_records(LIBRARY, root)
    assert complaint(found) == Complaint(link, (), "misplaced-file", message)
    assert addresses(found) == ["authors/behn"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("place", ["raw/authors.yaml", "raw/authors/defoe.yaml"])
def test_a_pipe_is_not_waited_for(place: str, write: Write) -> None:
    root = write({"raw/authors/behn.yaml": "label: Behn\n"})
    os.mkfifo(root / place)
    found = read_records(LIBRARY, root)
    assert (complaint(found).file, complaint(found).rule) == (place, "misplaced-file")


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_are_read(write: Write) -> None:
    found = read_records(LIBRARY, write({"raw/authors/behn.yaml": "label: [Behn\n", "raw/authors/defoe.yaml": AUTHOR}))
    assert [(problem.file, problem.rule) for problem in found.problems] == [("raw/authors/behn.yaml", "yaml-syntax")]
    assert addresses(found) == ["authors/defoe"]


def test_of_two_records_of_one_address_the_first_is_taken(write: Write) -> None:
    found = read_records(LIBRARY, write({"raw/authors/defoe.yaml": AUTHOR, "raw/authors.yaml": "defoe: {label: Foe}\n"}))
    assert complaint(found) == Complaint(
        "raw/authors.yaml", ("defoe",), "duplicate-id", "authors/defoe stands in raw/authors/defoe.yaml too; keep one of the two", True
    )
    assert addresses(found) == ["authors/defoe"]
    assert found.accepted[0].record.label == "Daniel Defoe"


# ----------------------------------------------------------------------------------------- what an address stands for


def test_a_refused_record_still_claims_its_address_and_those_of_its_parts(write: Write) -> None:
    root = write({"raw/books/moll.yaml": "label: Moll\nchapters:\n  - {key: one, label: One, chapters: [{key: two, label: 2}]}\n"})
    found = read_records(LIBRARY, root)
    assert found.accepted == []
    assert found.claimed == {"books/moll", "books/moll.one", "books/moll.two"}


@pytest.mark.parametrize(
    ("file", "text", "held", "not_held"),
    [
        ("raw/authors.yaml", "defoe: {label: [\n", "authors/behn", "books/moll"),
        ("raw/authors.yaml", "- defoe\n", "authors/defoe", "books/moll"),
        ("raw/authors.yaml", "defoe: Daniel\n", "authors/defoe", "authors/behn"),
        ("raw/books/moll.yaml", "label: [\n", "books/moll.one", "books/crusoe"),
        ("raw/books/moll.yaml", "- one\n", "books/moll.one", "books/crusoe"),
        ("raw/books/moll.yml", "label: Moll\n", "books/moll", "books/moll.one"),
    ],
)
def test_what_was_not_read_may_hold_what_others_refer_to(file: str, text: str, held: str, not_held: str, write: Write) -> None:
    found = read_records(LIBRARY, write({file: text}))
    assert found.may_hold(held)
    assert not found.may_hold(not_held)


def test_a_record_that_was_read_holds_no_more_than_it_says(write: Write) -> None:
    root = write({"raw/books/moll.yaml": "label: Moll\ngenre: novel\nwriter: [authors/defoe]\nchapters: [{key: one, label: One}]\n"})
    found = read_records(LIBRARY, root)
    assert found.claimed == {"books/moll", "books/moll.one"}
    assert not found.may_hold("books/moll.two")


# ------------------------------------------------------------------------------------------------------- judging


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("page: 3\n", "unknown-field", "there is no field 'page' here; did you mean 'pages'?"),
        ("pages: 1.5\n", "wrong-type", "'pages' is the number 1.5; it has to be a whole number, without quotes and separators"),
        ("pages: true\n", "wrong-type", "'pages' is true (true or false); it has to be a whole number, without quotes and separators"),
        ("price: 25,5\n", "wrong-type", "'price' is the text '25,5'; it has to be a number such as 2.5, without quotes and separators"),
        ("lost: 1\n", "wrong-type", "'lost' is the number 1; it has to be true or false, without quotes"),
        ("digest: {a: b}\n", "wrong-type", "'digest' is a mapping; it has to be text"),
        ("digest: [a]\n", "wrong-type", "'digest' is a list; it has to be text"),
        (f"pages: {'long ' * 10}\n", "wrong-type", "'pages' is a text; it has to be a whole number, without quotes and separators"),
        ("readers: [[defoe]]\n", "wrong-type", "an entry of 'readers' is a list; it has to be text"),
        ("translators: [1]\n", "wrong-type", "an entry of 'translators' is the number 1; it has to be a mapping of fields to values"),
        ("chapters: [One]\n", "wrong-type", "an entry of 'chapters' is the text 'One'; it has to be a mapping of fields to values"),
        ("chapters:\n  - {key: one, label: One, page: 3}\n", "unknown-field", "there is no field 'page' here; did you mean 'pages'?"),
        ("translators: [{who: authors/defoe, notes: x}]\n", "unknown-field", "there is no field 'notes' here; did you mean 'note'?"),
        ("mentions: [{}]\n", "missing-field", "'book' is missing: The book that says it. For example, book: moll-flanders"),
        (
            'mentions: [{book: moll, fields: [""]}]\n',
            "empty-text",
            "an entry of 'fields' is empty; write a text, or take the field out if it may be left out",
        ),
        ("translators: [Defoe]\n", "bad-reference", "'Defoe' is not an address; write authors/… or books/…"),
        ("readers: [authors/defoe]\n", "bad-reference", "'authors/defoe' is not an id of authors; write 'defoe'"),
        ("readers: [Defoe]\n", "bad-reference", "'Defoe' is not an id; an id has lower-case letters, digits and single hyphens"),
    ],
)
def test_a_mistake_is_told_in_the_curators_terms(text: str, rule: str, message: str, write: Write) -> None:
    assert wrong(text, write) == [(rule, message)]


def test_a_price_may_be_a_whole_number(write: Write) -> None:
    assert wrong("price: 3\n", write) == []


def test_all_that_is_wrong_with_a_record_is_told_together(write: Write) -> None:
    found = wrong("pages: many\nreaders: [Defoe]\nmentions: [{book: moll, words: one}]\nlosst: true\n", write)
    assert [rule for rule, _ in found] == ["wrong-type", "bad-reference", "bad-passage", "unknown-field"]


def test_a_mistake_deep_in_a_tree_is_found_there(write: Write) -> None:
    text = "label: Moll\ngenre: novel\nwriter: [authors/defoe]\nchapters: [{key: one, label: One, chapters: [{key: two, label: 2}]}]\n"
    found = read_records(LIBRARY, write({"raw/books/moll.yaml": text}))
    assert complaint(found).path == ("chapters", 0, "chapters", 0, "label")


@pytest.mark.parametrize("missing", ["genre", "writer"])
def test_a_root_states_what_its_parts_take_over(missing: str, write: Write) -> None:
    stated = {"label": "Moll", "genre": "novel", "writer": "[authors/defoe]"}
    text = "".join(f"{name}: {value}\n" for name, value in stated.items() if name != missing)
    found = complaint(read_records(LIBRARY, write({"raw/books/moll.yaml": text})))
    assert (found.rule, found.path) == ("missing-field", ())
    assert found.message.startswith(f"'{missing}' is missing: ")


def test_a_part_of_a_tree_needs_a_key_that_no_other_has_and_a_root_has_none(write: Write) -> None:
    found = wrong("key: moll\nchapters: [{key: one, label: One, chapters: [{key: one, label: Two}]}, {label: Three}]\n", write)
    assert found == [
        ("root-key", "the id of a root is the file's name, 'moll'; remove the key"),
        ("duplicate-id", "the key 'one' is used twice in this file; choose another"),
        ("missing-field", "'key' is missing: a name for this part, unique in the file"),
    ]


class Shelf(Record):
    """One shelf, with rules of its own."""

    table = Table("shelves", "shelf")

    boards: int = Column("How many boards it has.", example=5)
    room: Text | None = Column("Where it stands.", default=None)

    @field_validator("boards")
    @classmethod
    def _some(cls, boards: int) -> int:
        if boards < 1:
            raise ValueError("a shelf has at least one board")
        return boards

    @model_validator(mode="after")
    def _not_the_cellar(self) -> Shelf:
        if self.room == "cellar":
            raise ValueError("nothing stands in the cellar")
        return self


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("label: A\nboards: 0\n", ("boards",), "a shelf has at least one board"),
        ("label: A\nboards: 1\nroom: cellar\n", (), "nothing stands in the cellar"),
    ],
)
def test_what_a_model_refuses_in_its_own_words_is_passed_on(text: str, path: tuple[str, ...], message: str, write: Write) -> None:
    shelves: Package = replace(LIBRARY, records=(Shelf,), rules=(), anchors=None)
    found = read_records(shelves, write({"raw/shelves/a.yaml": text}))
    assert complaint(found) == Complaint("raw/shelves/a.yaml", path, "not-allowed", message)


# ------------------------------------------------------------------------------------------------------- retired


def test_what_is_retired_says_why_and_what_took_its_place(write: Write) -> None:
    root = write({"raw/retired.yaml": "authors/foe: {replaced_by: authors/defoe, why: one person}\nbooks/moll.one: {why: no chapter}\n"})
    assert read_records(LIBRARY, root).retired == {
        "authors/foe": Retired(replaced_by="authors/defoe", why="one person"),
        "books/moll.one": Retired(why="no chapter"),
    }


@pytest.mark.parametrize(
    ("entry", "path", "rule", "message"),
    [
        ("authors/foe: {}", ("authors/foe",), "missing-field", "'why' is missing: Why it is gone."),
        ("authors/foe: {why: 1}", ("authors/foe", "why"), "not-text", "'why' is text; write \"{as written}\" in quotes"),
        ("authors/foe: {why: x, by: y}", ("authors/foe", "by"), "unknown-field", "there is no field 'by' here; there are replaced_by, why"),
        (
            "authors/foe: gone",
            ("authors/foe",),
            "wrong-type",
            "'authors/foe' is the text 'gone'; it has to be a mapping of fields to values",
        ),
        ("foe: {why: x}", ("foe",), "bad-reference", "'foe' is not an address; write table/id"),
        ("authors/Foe: {why: x}", ("authors/Foe",), "bad-reference", "'authors/Foe' is not an address; write table/id"),
    ],
)
def test_an_entry_of_what_is_retired_is_judged_too(entry: str, path: tuple[str, ...], rule: str, message: str, write: Write) -> None:
    found = read_records(LIBRARY, write({"raw/retired.yaml": f"{entry}\n"}))
    assert found.retired == {}
    only = complaint(found)
    assert (only.path, only.rule, only.message) == (path, rule, message)


@pytest.mark.parametrize("address", ["authors/defoe", "books/moll", "books/moll.one"])
def test_what_is_retired_is_not_there_as_well(address: str, write: Write) -> None:
    root = write(
        {
            "raw/authors.yaml": "defoe: {label: Defoe}\n",
            "raw/books/moll.yaml": "label: Moll\ngenre: novel\nwriter: [authors/defoe]\nchapters: [{key: one, label: One}]\n",
            "raw/retired.yaml": f"{address}: {{why: a mistake}}\n",
        }
    )
    found = read_records(LIBRARY, root)
    message = f"{address} is retired and is there still; remove the record, or this entry"
    assert complaint(found) == Complaint("raw/retired.yaml", (address,), "retired-but-there", message, True)
    assert found.retired == {}
