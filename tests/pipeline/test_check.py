"""Checking tables: pandera catches whatever is broken on purpose, and the curator is told where and what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest
from pandera.config import config_context

from pipeline import check as checking
from pipeline import locate as locating
from pipeline import records as reading
from pipeline.check import check_tables, failures, rules_of
from pipeline.faces.pandera import pandera_schema
from pipeline.frames import Tables
from pipeline.journey import check
from pipeline.language import Rule
from pipeline.problems import Complaint
from pipeline.read import read
from pipeline.records import Records, read_records
from pipeline.tabulate import Tabulated, tabulate
from tests.conftest import CRUSOE, Write
from tests.library import LIBRARY


@dataclass(frozen=True)
class Shelf:
    """What was read and tabulated, to be broken."""

    records: Records
    tabulated: Tabulated

    def with_frame(self, table: str, frame: pl.DataFrame) -> Shelf:
        frames = {**self.tabulated.frames, table: frame}
        return replace(self, tabulated=replace(self.tabulated, frames=Tables(frames, frames.__getitem__)))

    def with_cell(self, table: str, column: str, row: int, value: object) -> Shelf:
        frame = self.tabulated.frames[table]
        cells = frame[column].to_list()
        cells[row] = value
        return self.with_frame(table, frame.with_columns(pl.Series(column, cells, dtype=frame.schema[column])))

    def failures(self, table: str) -> list[tuple[str, str, int | None]]:
        found = failures(self.tabulated.specs[table], self.tabulated.frames, rules_of(LIBRARY, table))
        return [(failure["column"], failure["check"], failure["index"]) for failure in found]

    def complaints(self) -> list[Complaint]:
        return check_tables(LIBRARY, self.tabulated, self.records)


@pytest.fixture
def shelf(library: Path) -> Shelf:
    records = read_records(LIBRARY, library)
    return Shelf(records, tabulate(LIBRARY, records))


def test_good_tables_pass(shelf: Shelf) -> None:
    assert all(shelf.failures(table) == [] for table in shelf.tabulated.specs)
    assert shelf.complaints() == []


def test_pandera_judges_whatever_the_environment_says(shelf: Shelf) -> None:
    with config_context(validation_enabled=False):
        assert shelf.with_cell("books", "genre", 1, "poem").failures("books") == [("genre", "term", 1)]


def test_what_is_wrong_is_sought_only_where_something_is(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    monkeypatch.setattr(checking, "pandera_schema", lambda spec, *others: sought.append(spec.name) or pandera_schema(spec, *others))
    assert shelf.complaints() == []
    assert sought == []
    assert len(shelf.with_cell("books", "genre", 1, "poem").complaints()) == 1
    assert sought == ["books"]


def test_a_summary_that_disagrees_is_not_believed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    never = pa.DataFrameSchema(checks=pa.Check(lambda data: data.lazyframe.select(pl.lit(False))))
    monkeypatch.setattr(checking, "summary_schema", lambda *given: never)
    with pytest.raises(AssertionError, match="table books: something is wrong, and nobody can say what"):
        shelf.failures("books")


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "check", "rule", "message"),
    [
        ("books", "genre", 1, "poem", "term", "unknown-term", "'poem' is not right for 'genre': What sort of book it is."),
        ("books", "genre", 1, None, "not_nullable", "missing-field", "'genre' is missing: What sort of book it is."),
        ("books", "label", 0, None, "not_nullable", "missing-field", "'label' is missing: "),
        ("books", "parent", 1, "crusos", "reference", "broken-reference", "'crusos' is not in books; did you mean 'crusoe'?"),
        ("books", "sequel_to", 0, "nowhere", "reference", "broken-reference", "'nowhere' is not in books"),
        ("books", "pages", 0, 0, "rule:no-pages:0", "no-pages", "'crusoe' has 0 pages; a book has at least one"),
        ("authors", "id", 0, "Defoe", "form", "bad-form", "'Defoe' is not right for 'id': "),
        ("authors", "initials", 0, "D.D.", "form", "bad-form", "'D.D.' is not right for 'initials': Two letters."),
        ("authors", "initials", 0, "DDD", "form", "bad-form", "'DDD' is not right for 'initials': Two letters."),
        ("authors", "born_precision", 0, "decade", "term", "unknown-term", "'decade' is not right for 'born_precision': "),
        ("credits", "share", 1, "reader", "term", "unknown-term", "'reader' is not right for 'share': "),
        ("credits", "record", 1, "books/moll", "reference", "broken-reference", "'books/moll' is no record"),
        (
            "credits",
            "who",
            1,
            "authors/dafoe",
            "reference",
            "broken-reference",
            "'authors/dafoe' is no record; did you mean 'authors/defoe'?",
        ),
        ("book_readers", "reader", 0, "dafoe", "reference", "broken-reference", "'dafoe' is not in authors; did you mean 'defoe'?"),
        ("records", "replaced_by", 0, "books/moll", "reference", "broken-reference", "'books/moll' is no record"),
        ("mentions", "book", 0, "defoe", "reference", "broken-reference", "'defoe' is not in books; there is authors/defoe, which cannot"),
    ],
)
def test_a_broken_cell_is_caught_and_told(
    table: str, column: str, row: int, value: object, check: str, rule: str, message: str, shelf: Shelf
) -> None:
    broken = shelf.with_cell(table, column, row, value)
    where = table if check.startswith("rule:") else column
    assert (where, check, row) in broken.failures(table)
    said = [complaint for complaint in broken.complaints() if complaint.rule == rule]
    assert len(said) == 1
    assert said[0].message.startswith(message)
    assert said[0].file == shelf.tabulated.origins[table][row].file


def test_an_address_of_a_table_that_cannot_be_meant_is_one_complaint(shelf: Shelf) -> None:
    broken = shelf.with_cell("credits", "who", 1, "houses/defoe")
    assert broken.failures("credits") == [("who", "among", 1), ("who", "reference", 1)]
    assert broken.complaints() == [
        Complaint(
            "raw/books/crusoe.yaml",
            ("translators", 0, "who"),
            "wrong-table",
            "'houses/defoe' cannot stand here; did you mean 'authors/defoe'?",
        )
    ]


def test_two_rows_of_one_id_are_caught(shelf: Shelf) -> None:
    broken = shelf.with_cell("books", "id", 3, "crusoe.start")
    assert broken.failures("books") == [("id", "field_uniqueness", 1), ("id", "field_uniqueness", 3)]


def test_the_same_value_twice_in_a_unique_column_names_the_other_record(write: Write) -> None:
    root = write({"raw/authors.yaml": "a: {label: A, initials: AB}\nb: {label: B, initials: AB}\nc: {label: C}\nd: {label: D}\n"})
    assert [str(problem) for problem in check(LIBRARY, root).problems] == [
        "raw/authors.yaml:1:25  not-unique  'initials' has the same value in authors/b; it must differ",
        "raw/authors.yaml:2:25  not-unique  'initials' has the same value in authors/a; it must differ",
    ]


def test_what_is_listed_twice_is_complained_of_once(write: Write) -> None:
    book = "label: B\ngenre: novel\nwriter: [authors/a]\nreaders: [a, b, a, a]\n"
    root = write({"raw/authors.yaml": "a: {label: A}\nb: {label: B}\n", "raw/books/b.yaml": book})
    assert [str(problem) for problem in check(LIBRARY, root).problems] == [
        "raw/books/b.yaml:4:17  listed-twice  'a' is listed twice; keep one",
        "raw/books/b.yaml:4:20  listed-twice  'a' is listed twice; keep one",
    ]


# The net under the records: a table that is not built as its spec says is a mistake of ours, and no complaint.


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (pl.col("pages").cast(pl.String), r"table books: pages: dtype\('Int64'\)"),
        (pl.col("pages").cast(pl.Int32), r"table books: pages: dtype\('Int64'\)"),
        (pl.col("lost").cast(pl.Int64), r"table books: lost: dtype\('Boolean'\)"),
        (pl.lit("x").alias("extra"), "table books: books: column_in_schema: extra"),
    ],
)
def test_a_column_of_another_type_stops_the_build(broken: pl.Expr, said: str, shelf: Shelf) -> None:
    with pytest.raises(AssertionError, match=said):
        shelf.with_frame("books", shelf.tabulated.frames["books"].with_columns(broken)).complaints()


def test_a_column_that_is_missing_or_out_of_place_stops_the_build(shelf: Shelf) -> None:
    frame = shelf.tabulated.frames["authors"]
    with pytest.raises(AssertionError, match="table authors: authors: column_in_dataframe: label"):
        shelf.with_frame("authors", frame.drop("label")).complaints()
    with pytest.raises(AssertionError, match="table authors: authors: column_ordered"):
        shelf.with_frame("authors", frame.select(reversed(frame.columns))).complaints()


def test_a_rule_that_cannot_be_judged_stops_the_build(shelf: Shelf) -> None:
    def fails(frames: Mapping[str, pl.DataFrame]) -> pl.Series:
        return frames["books"]["no such column"]

    package = replace(LIBRARY, rules=(Rule("broken", "books", "never said", fails),))
    with pytest.raises(AssertionError, match="rule:broken:0: ColumnNotFoundError"):
        check_tables(package, shelf.tabulated, shelf.records)


# --------------------------------------------------------------------------------------------------------- rules


def never(name: str, table: str, field: str | None = None, whole: bool = False) -> Rule:
    return Rule(name, table, f"{name}: {{id}}", lambda frames: pl.repeat(False, frames[table].height, eager=True), field, whole)


def test_every_rule_of_a_table_is_judged_even_where_two_have_one_name(shelf: Shelf) -> None:
    package = replace(LIBRARY, rules=(never("same", "authors", "label"), never("same", "authors", "born"), never("other", "books")))
    assert [(said.rule, said.path, said.message) for said in check_tables(package, shelf.tabulated, shelf.records)] == [
        ("other", (), "other: crusoe"),
        ("other", ("chapters", 0), "other: crusoe.start"),
        ("other", ("chapters", 0, "chapters", 0), "other: crusoe.sea"),
        ("other", ("chapters", 1), "other: crusoe.end"),
        ("same", ("defoe", "label"), "same: defoe"),
        ("same", ("defoe", "born"), "same: defoe"),
    ]


def test_where_a_rule_has_no_answer_it_holds(shelf: Shelf) -> None:
    unknown = Rule("unknown", "books", "{id}", lambda frames: pl.Series([None, True, None, False], dtype=pl.Boolean))
    said = check_tables(replace(LIBRARY, rules=(unknown,)), shelf.tabulated, shelf.records)
    assert [complaint.message for complaint in said] == ["crusoe.end"]


@pytest.mark.parametrize("refused", [{}, {"raw/books/moll.yaml": "label: Moll\n"}, {"raw/books/moll.yaml": "label: [\n"}])
def test_a_rule_on_the_whole_waits_until_every_record_is_right(refused: dict[str, str], library: Path, write: Write) -> None:
    package = replace(LIBRARY, rules=(never("whole", "authors", whole=True), never("each", "authors")))
    problems = check(package, write(refused)).problems
    assert [problem.rule for problem in problems if problem.file == "raw/authors.yaml"] == ["each"] + ["whole"] * (not refused)


# ---------------------------------------------------------------------------------------------------- references


@pytest.mark.parametrize(
    ("other", "problems"),
    [
        ("label: Sequel\ngenre: novel\nwriter: [authors/defoe]\n", []),
        ("label: Sequel\ngenre: poem\nwriter: [authors/defoe]\n", ["raw/books/sequel.yaml:2:8  unknown-term"]),
        ("label: [Sequel\n", ["raw/books/sequel.yaml:2:1  yaml-syntax"]),
        ("Sequel\n", ["raw/books/sequel.yaml:1:1  not-a-record"]),
    ],
)
def test_a_reference_to_a_record_that_was_refused_is_not_called_broken(
    other: str, problems: list[str], library: Path, write: Write
) -> None:
    third = "label: Third\ngenre: novel\nwriter: [books/sequel]\nsequel_to: sequel\nmentions: [{book: sequel}]\n"
    found = check(LIBRARY, write({"raw/books/sequel.yaml": other, "raw/books/third.yaml": third})).problems
    assert [str(problem).rpartition("  ")[0] for problem in found] == problems


def test_a_bad_parent_is_reported_once(library: Path, write: Write) -> None:
    text = (library / "raw/books/crusoe.yaml").read_text(encoding="utf-8").replace("writer: [authors/defoe]", "writer: [authors/dafoe]")
    problems = check(LIBRARY, write({"raw/books/crusoe.yaml": text})).problems
    assert [str(problem) for problem in problems] == [
        "raw/books/crusoe.yaml:4:10  broken-reference  'authors/dafoe' is no record; did you mean 'authors/defoe'?"
    ]


@pytest.mark.parametrize(
    ("field", "retired", "message"),
    [
        ("sequel_to: moll", "books/moll: {replaced_by: books/crusoe, why: x}", "'moll' is retired; write 'crusoe'"),
        ("sequel_to: moll", "books/moll: {why: x}", "'moll' is retired; nothing took its place"),
        ("sequel_to: moll", "books/moll: {replaced_by: authors/defoe, why: x}", "'moll' is retired; authors/defoe took its place"),
        ("writer: [authors/foe]", "authors/foe: {replaced_by: authors/defoe, why: x}", "'authors/foe' is retired; write 'authors/defoe'"),
        ("readers: [foe]", "authors/foe: {replaced_by: authors/defoe, why: x}", "'foe' is retired; write 'defoe'"),
    ],
)
def test_a_reference_to_what_is_retired_is_told_what_took_its_place(
    field: str, retired: str, message: str, library: Path, write: Write
) -> None:
    writer = "" if field.startswith("writer") else "writer: [authors/defoe]\n"
    book = f"label: B\ngenre: novel\n{writer}{field}\n"
    problems = check(LIBRARY, write({"raw/books/b.yaml": book, "raw/retired.yaml": f"{retired}\n"})).problems
    assert [(problem.rule, problem.message) for problem in problems] == [("broken-reference", message)]


def test_what_replaced_a_retired_address_is_there_itself(library: Path, write: Write) -> None:
    retired = "authors/foe:\n  why: one person\n  replaced_by: authors/dafoe\nauthors/fo: {why: a slip, replaced_by: authors/foe}\n"
    assert [str(problem) for problem in check(LIBRARY, write({"raw/retired.yaml": retired})).problems] == [
        "raw/retired.yaml:3:16  broken-reference  'authors/dafoe' is no record; did you mean 'authors/defoe'?",
        "raw/retired.yaml:4:40  broken-reference  'authors/foe' is retired; write 'authors/dafoe'",
    ]


def test_the_problems_of_all_stages_come_together_sorted_by_place(library: Path, write: Write) -> None:
    root = write(
        {
            "raw/authors/behn.yaml": "label: [\n",
            "raw/books/moll.yaml": "label: Moll\ngenre: novel\nwriter: [authors/dafoe]\npages: 0\n",
            "raw/books/third.yaml": "label: Third\ngenre: poem\nwriter: Defoe\n",
            "raw/house/x.yaml": "",
        }
    )
    problems = check(LIBRARY, root).problems
    assert [(problem.file, problem.line, problem.rule) for problem in problems] == [
        ("raw/authors/behn.yaml", 2, "yaml-syntax"),
        ("raw/books/moll.yaml", 3, "broken-reference"),
        ("raw/books/moll.yaml", 4, "no-pages"),
        ("raw/books/third.yaml", 2, "unknown-term"),
        ("raw/books/third.yaml", 3, "wrong-type"),
        ("raw/house", 1, "misplaced-file"),
    ]


def test_of_one_file_and_one_table_no_more_is_said_than_helps(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pipeline.records", "pipeline.check"):
        monkeypatch.setattr(f"{module}.MOST_COMPLAINTS", 5)
    monkeypatch.setattr("pipeline.check.MOST_GUESSES", 2)
    book = library / "raw/books/crusoe.yaml"
    good = book.read_text(encoding="utf-8")
    book.write_text(good + "".join(f"odd{number}: x\n" for number in range(9)), encoding="utf-8")
    assert [problem.rule for problem in check(LIBRARY, library).problems] == ["unknown-field"] * 5
    book.write_text(good.replace("readers: [defoe]", "readers: [defo1, defo2, defo3, defo4, defo5, defo6]"), encoding="utf-8")
    problems = check(LIBRARY, library).problems
    assert [problem.rule for problem in problems] == ["broken-reference"] * 5
    assert ["did you mean 'defoe'?" in problem.message for problem in problems] == [True, True, False, False, False]
    for number in range(4):  # of each record so much, however many there are
        (book.parent / f"other-{number}.yaml").write_text(
            good.replace("readers: [defoe]", "readers: [defo1, defo2, defo3]"), encoding="utf-8"
        )
    assert len([problem for problem in check(LIBRARY, library).problems if problem.rule == "broken-reference"]) == 5 + 4 * 3


def test_a_file_with_broken_references_is_read_once_for_what_is_wrong_and_for_where(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"raw/books/crusoe.yaml": CRUSOE.replace("[authors/defoe]", "[authors/nobody]").replace("[defoe]", "[noone]")})
    wanted = [(problem.line, problem.column, problem.rule) for problem in check(LIBRARY, root).problems]
    assert [rule for _, _, rule in wanted] == ["broken-reference"] * len(wanted)
    assert len(wanted) > 1
    times: list[bytes] = []
    for module in (reading, locating):
        monkeypatch.setattr(module, "read", lambda content: (times.append(content), read(content))[1])
    assert [(problem.line, problem.column, problem.rule) for problem in check(LIBRARY, root).problems] == wanted
    assert len(times) == 1


def test_a_rule_that_does_not_answer_for_every_row_is_not_taken_for_kept(library: Path) -> None:
    for answers in ([True], [True] * 9):
        odd = Rule("odd", "books", "It is odd.", lambda frames, answers=answers: pl.Series(answers))
        with pytest.raises(AssertionError, match=rf"the rule odd:0 answers for {len(answers)} rows of books, which has 4"):
            check(replace(LIBRARY, rules=(odd,)), library)
