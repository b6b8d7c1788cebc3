"""Problems: what is wrong, where, in three formats, and the nearest thing that would be right."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.locate import AS_WRITTEN, locate
from pipeline.problems import FORMATS, MOST_LETTERS, Complaint, Problem, as_github, as_json, as_text, suggest

PLAIN = Problem("raw/books/moll.yaml", 3, 7, "unknown-term", "'poem' is not a term of the vocabulary genre")
ODD = Problem("raw/books/50%, a:b.yaml", 1, 1, "misplaced-file", "100% wrong: a, b\r\nand c — é")


def test_a_problem_is_one_line_that_an_editor_can_jump_to() -> None:
    assert as_text([PLAIN, PLAIN]) == f"{PLAIN}\n{PLAIN}\n"
    assert str(PLAIN) == "raw/books/moll.yaml:3:7  unknown-term  'poem' is not a term of the vocabulary genre"


def test_json_has_the_same_five_things() -> None:
    assert json.loads(as_json([PLAIN, ODD])) == [
        {"file": problem.file, "line": problem.line, "column": problem.column, "rule": problem.rule, "message": problem.message}
        for problem in (PLAIN, ODD)
    ]
    assert "é" in as_json([ODD])


def test_a_workflow_command_escapes_what_would_end_it() -> None:
    assert as_github([PLAIN]) == (
        "::error file=raw/books/moll.yaml,line=3,col=7,title=unknown-term::'poem' is not a term of the vocabulary genre\n"
    )
    assert as_github([ODD]) == (
        "::error file=raw/books/50%25%2C a%3Ab.yaml,line=1,col=1,title=misplaced-file::100%25 wrong: a, b and c — é\n"
    )


@given(st.text(), st.text())
def test_a_workflow_command_is_one_line_and_loses_nothing(file: str, message: str) -> None:
    problem = Problem(file, 1, 2, "rule", message)
    command = as_github([problem])
    assert command.endswith("\n")
    written = re.fullmatch(r"::error file=([^:,\r\n]*),line=1,col=2,title=rule::([^\r\n]*)\n", command)
    assert written is not None
    assert [unquote(part) for part in written.groups()] == [problem.file, problem.message]


@pytest.mark.parametrize("form", FORMATS)
@given(st.text(), st.text())
def test_whatever_a_file_is_called_a_problem_is_one_line_that_can_be_shown(form: str, file: str, message: str) -> None:
    shown = FORMATS[form]([Problem(file, 1, 2, "rule", message)])
    shown.encode("utf-8")
    assert all(letter == "\n" or (letter >= " " and not "\x7f" <= letter <= "\x9f" and letter not in "\u202e\u2028") for letter in shown)


def test_what_a_terminal_would_act_on_is_spelt_out() -> None:
    problem = Problem(os.fsdecode(b"raw/\xff\x1b[31m.yaml"), 1, 1, "misplaced-file", "a\n\tb \u202egnp.exe")
    assert str(problem) == r"raw/\udcff\u001b[31m.yaml:1:1  misplaced-file  a b \u202egnp.exe"


def test_a_long_message_is_cut_in_its_middle_and_ends_with_what_would_be_right() -> None:
    message = Problem("raw/a.yaml", 1, 1, "unknown-term", f"'{'x' * 10**6}' is no term; there are one, two").message
    assert message.startswith("'xxx")
    assert message.endswith("xxx' is no term; there are one, two")
    assert len(message) < MOST_LETTERS + 10


@pytest.mark.parametrize(("form", "nothing"), [("text", ""), ("json", "[]\n"), ("github", "")])
def test_no_problem_is_a_format_too(form: str, nothing: str) -> None:
    assert FORMATS[form]([]) == nothing


def test_problems_sort_by_file_then_line_then_column() -> None:
    places = [("b.yaml", 1, 1), ("a.yaml", 10, 3), ("a.yaml", 2, 1), ("a.yaml", 10, 1)]
    problems = sorted(Problem(file, line, column, "rule", "message") for file, line, column in places)
    assert [(problem.file, problem.line, problem.column) for problem in problems] == sorted(places)


@pytest.mark.parametrize(
    ("wrong", "suggestion"),
    [
        ("suumit", "; did you mean 'summit'?"),
        ("brics-summts", "; did you mean 'brics-summits'?"),
        ("bri", "; did you mean 'brics'?"),
        ("vis", "; did you mean 'visit'?"),
        ("xylophone", ""),
        ("", ""),
    ],
)
def test_the_nearest_is_suggested_where_one_is_near(wrong: str, suggestion: str) -> None:
    assert suggest(wrong, ["summit", "brics", "brics-summits", "visit"]) == suggestion


def test_nothing_is_suggested_where_there_is_nothing() -> None:
    assert suggest("summit", []) == ""


# --------------------------------------------------------------------------------------------------- positions


def test_a_complaint_gets_its_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("label: B\nlist:\n  - {one: 010, two: x}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("label: A\n", encoding="utf-8")
    assert locate(
        tmp_path,
        [
            Complaint("b.yaml", ("list", 0, "two"), "rule", "at the value"),
            Complaint("b.yaml", ("list", 0, "two"), "rule", "at the key", at_key=True),
            Complaint("b.yaml", ("list", 0, "one"), "rule", f'write "{AS_WRITTEN}"'),
            Complaint("b.yaml", ("list", 0, "three"), "rule", "at what is above"),
            Complaint("a.yaml", (), "rule", "at  the \n start"),
        ],
    ) == [
        Problem("a.yaml", 1, 1, "rule", "at the start"),
        Problem("b.yaml", 3, 5, "rule", "at what is above"),
        Problem("b.yaml", 3, 11, "rule", 'write "010"'),
        Problem("b.yaml", 3, 16, "rule", "at the key"),
        Problem("b.yaml", 3, 21, "rule", "at the value"),
    ]


def test_the_same_complaint_of_many_rows_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("label: A\n", encoding="utf-8")
    assert len(locate(tmp_path, [Complaint("a.yaml", ("label",), "rule", "message")] * 3)) == 1


@pytest.mark.parametrize("there", ["nothing", "a folder", "a link"])
def test_what_is_no_file_is_complained_of_at_its_start(there: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    if there == "a folder":
        path.mkdir()
    elif there == "a link":
        (tmp_path / "elsewhere").write_text("\n\nlabel: A\n", encoding="utf-8")
        path.symlink_to(tmp_path / "elsewhere")
    assert locate(tmp_path, [Complaint("a.yaml", ("label",), "rule", "message")]) == [Problem("a.yaml", 1, 1, "rule", "message")]
