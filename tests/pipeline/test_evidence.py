"""Anchors: found in the text that the sha256 names, or said not to be, and why."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.evidence import Folded, check_evidence, fold
from pipeline.journey import check
from pipeline.locate import locate
from tests.conftest import CRUSOE, DEFOE, Write
from tests.library import LIBRARY

TEXT = """\
# **My  Book**

He went away — “far away” — and came back.


The 26<sup>th</sup> day he went home;
the state of things was
good. A statement followed.
"""


def anchored(write: Write, words: str, at: str, digest: str | None = None) -> Path:
    named = f"digest: '{digest or hashlib.sha256(TEXT.encode()).hexdigest()}'"
    book = CRUSOE.replace("at: ¶1, fields: [pages, genre], words: [he went, away]", f"at: {at}, words: {words}") + named + "\n"
    return write({"raw/books/crusoe.yaml": book, "raw/authors.yaml": DEFOE, "texts/any/name.txt": TEXT})


def problems(root: Path) -> list[str]:
    assert LIBRARY.anchors is not None
    outcome = check(LIBRARY, root)
    assert outcome.problems == []
    report = check_evidence(LIBRARY.anchors, outcome.tabulated, root / "texts")
    assert report.found + len(report.complaints) == 1
    return [str(problem) for problem in locate(root, report.complaints)]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("[he went away, came back]", "¶2"),
        ('[he went away, "far away\\" - and"]', "¶2"),
        ("[my book, my book]", "¶1"),
        ("[26 th day, good]", "¶3-5"),
        ("[the state, good]", "¶4-5"),
        ("[HE WENT HOME, state]", "¶3-4"),
        ("[he went home, state]", "section 2"),
    ],
)
def test_an_anchor_is_found_whatever_the_spaces_quotes_case_and_markup(write: Write, words: str, at: str) -> None:
    assert problems(anchored(write, words, at)) == []


@pytest.mark.parametrize(
    ("words", "at", "reason"),
    [
        ("[he stayed, back]", "¶2", "crusoe: 'he stayed' does not occur in the text"),
        ("[he went, back]", "¶2", "crusoe: 'he went' occurs 2 times; quote the opening so that it occurs once"),
        ("[the state, went away]", "¶4", "crusoe: 'went away' does not occur after 'the state'"),
        ("[tate of, good]", "¶4", "crusoe: 'tate of' does not occur in the text"),
        ("[he went home, state]", "¶2", "crusoe: the passage stands in ¶3-4, not in ¶2"),
        ("[he went home, home]", "¶4-5", "crusoe: 'home' does not occur after 'he went home'"),
        ("[he went away, back]", "¶3", "crusoe: the passage stands in ¶2, not in ¶3"),
        ("[the state, good]", "¶4", "crusoe: the passage stands in ¶4-5, not in ¶4"),  # it begins there
    ],
)
def test_an_anchor_that_is_not_there_is_reported_at_its_line(write: Write, words: str, at: str, reason: str) -> None:
    (found,) = problems(anchored(write, words, at))
    assert found.startswith("raw/books/crusoe.yaml:8:")
    assert found.endswith(f"  anchor-not-found  {reason}")


def test_a_source_whose_text_is_not_there_is_named(write: Write) -> None:
    root = anchored(write, "[he went, away]", "¶1", digest="0" * 64)
    assert LIBRARY.anchors is not None
    report = check_evidence(LIBRARY.anchors, check(LIBRARY, root).tabulated, root / "texts")
    assert (report.found, report.complaints, report.absent, report.unread) == (0, [], ["crusoe"], [])


def test_what_is_no_text_is_told_of_at_the_source(write: Write) -> None:
    root = anchored(write, "[he went, away]", "¶1", digest=hashlib.sha256(b"%PDF \xff").hexdigest())
    (root / "texts/any/book.pdf").write_bytes(b"%PDF \xff")
    assert LIBRARY.anchors is not None
    report = check_evidence(LIBRARY.anchors, check(LIBRARY, root).tabulated, root / "texts")
    (found,) = locate(root, report.complaints)
    assert (found.file, found.rule) == ("raw/books/crusoe.yaml", "not-a-text")
    assert found.message == "what has this sha256 is no text in UTF-8: book.pdf; name the text that was made of it"
    assert (root / found.file).read_text().splitlines()[found.line - 1].startswith("digest:")


def test_a_source_that_was_read_as_a_page_is_counted(library: Path) -> None:
    assert LIBRARY.anchors is not None
    report = check_evidence(LIBRARY.anchors, check(LIBRARY, library).tabulated, library)
    assert (report.found, report.absent, report.unread) == (0, [], ["crusoe"])


def test_paragraphs_are_the_lines_that_are_not_empty() -> None:
    text = Folded.of("\n\none\n \ntwo words\n\n\nthree\n")
    assert text.text == "one two words three"
    assert [text.paragraph(text.text.index(word)) for word in ("one", "two", "words", "three")] == [1, 2, 2, 3]


def test_folding_is_stable() -> None:
    assert fold(fold("## **Ünd** <u>‘so’</u> – weiter")) == fold("ünd 'so' - weiter")


@pytest.mark.parametrize(
    ("note", "copied"),
    [
        ("Went “Far Away” and came back. The 26th day he went", None),  # the 26 th day of the text is two words there
        ("Away -- far away, and came back: the 26 TH day!", "away far away and came back the 26 th"),
        ("He went away, far away, and then returned on the 26th day.", None),
        ("Far away and came Daniel Defoe back the 26 th day he went", None),  # a name breaks the run
    ],
)
def test_nine_words_in_a_row_of_a_source_are_a_copy(write: Write, note: str, copied: str | None) -> None:
    root = anchored(write, "[he went away, back]", "¶2")
    (root / "raw/authors.yaml").write_text(DEFOE + f"swift:\n  label: Swift\n  mentions: [{{book: crusoe, at: '{note}'}}]\n")
    assert LIBRARY.anchors is not None
    report = check_evidence(LIBRARY.anchors, check(LIBRARY, root).tabulated, root / "texts")
    found = [str(problem) for problem in locate(root, report.complaints)]
    if copied is None:
        assert found == []
    else:
        message = f"9 or more words stand so in a source: '{copied}'; say it in other words"
        assert found == [f"raw/authors.yaml:4:33  copied  {message}"]
