"""The common layout: white space and quoting only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.format import format_files, format_text
from pipeline.read import read
from tests.conftest import Write

UNTIDY = """\
# why this record is here
label:   Robinson   # his name
mentions:
- {book: crusoe,   at: ¶1}
# another
- book: crusoe
  at:    "¶2"
genre: novel


"""
TIDY = """\
# why this record is here
label: Robinson     # his name
mentions:
  - {book: crusoe, at: ¶1}
# another
  - book: crusoe
    at: "¶2"
genre: novel
"""


def test_space_changes_and_comments_quotes_and_order_stay() -> None:
    assert format_text(UNTIDY) == TIDY
    assert format_text(TIDY) == TIDY


def test_files_are_rewritten_and_named(write: Write) -> None:
    root = write({"raw/books/a.yaml": UNTIDY, "raw/books/b.yaml": TIDY})
    assert format_files(root, write=False) == (["raw/books/a.yaml"], [])
    assert (root / "raw/books/a.yaml").read_text() == UNTIDY
    assert format_files(root, write=True) == (["raw/books/a.yaml"], [])
    assert (root / "raw/books/a.yaml").read_text() == TIDY
    assert format_files(root, write=True) == ([], [])


def test_a_file_that_cannot_be_read_is_reported_and_left_alone(write: Write) -> None:
    root = write({"raw/books/a.yaml": "label: [\n"})
    changed, problems = format_files(root, write=True)
    assert changed == []
    assert [(problem.file, problem.rule) for problem in problems] == [("raw/books/a.yaml", "yaml-syntax")]
    assert (root / "raw/books/a.yaml").read_text() == "label: [\n"


def test_a_layout_that_would_change_a_value_is_not_written(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root: Path = write({"raw/books/a.yaml": UNTIDY})
    monkeypatch.setattr("pipeline.format.format_text", lambda text: text.replace("novel", "essay"))
    changed, problems = format_files(root, write=True)
    assert changed == []
    assert [problem.rule for problem in problems] == ["cannot-format"]
    assert (root / "raw/books/a.yaml").read_text() == UNTIDY


FLOW = "- {source: a,   # the page says 12\n   at: ¶1}\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"label: A\nevidence:\n{FLOW}", (3, 17)),
        ("genres: [novel, # or a report\n  essay]\n", (1, 17)),
        (f"# the page says 12\nlabel: A\nevidence:\n{FLOW}", (4, 17)),  # once it stays, and once it would go
    ],
)
def test_a_comment_that_would_be_lost_is_told_of_and_the_file_left_alone(text: str, place: tuple[int, int], write: Write) -> None:
    root = write({"raw/books/a.yaml": text})
    changed, problems = format_files(root, write=True)
    assert changed == []
    assert [(p.file, p.rule, p.message.endswith("outside of {} and []")) for p in problems] == [("raw/books/a.yaml", "cannot-format", True)]
    assert (problems[0].line, problems[0].column) == place
    assert (root / "raw/books/a.yaml").read_text() == text


@pytest.mark.parametrize("text", ['label: "a # b"   # not in it\n', "note: |\n  # text\nlabel: a  # a comment\n", "label: a#b\n# end\n"])
def test_what_only_looks_like_a_comment_is_none(text: str, write: Write) -> None:
    assert format_files(write({"raw/books/a.yaml": text}), write=True)[1] == []


def test_a_file_that_is_rewritten_keeps_its_mode(write: Write) -> None:
    file = write({"raw/books/a.yaml": UNTIDY}) / "raw/books/a.yaml"
    file.chmod(0o640)
    format_files(file.parents[2], write=True)
    assert (file.read_text(), file.stat().st_mode & 0o777) == (TIDY, 0o640)


def test_what_is_nobodys_record_is_not_formatted(write: Write) -> None:
    texts = {f"raw/{file}": UNTIDY for file in ("books/.old.yaml", ".trash/a.yaml", "books/deep/a.yaml")}
    root = write(texts)
    assert format_files(root, write=True) == ([], [])


def test_on_a_full_disk_the_old_text_stays(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"raw/books/a.yaml": UNTIDY})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        format_files(root, write=True)
    assert {path.name: path.read_text() for path in (root / "raw/books").iterdir()} == {"a.yaml": UNTIDY}


VALUES = st.recursive(
    st.text(alphabet="abc 'é中:#-\"0", min_size=1, max_size=20).filter(str.strip) | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, min_size=1, max_size=4))
def test_the_layout_of_any_record_keeps_its_values_and_is_stable(value: dict[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False)  # any JSON is YAML
    formatted = format_text(text)
    assert read(formatted.encode()).value == read(text.encode()).value == value
    assert format_text(formatted) == formatted


def test_a_long_address_stays_beside_its_key() -> None:
    text = f"url: https://example.org/{'a' * 150}\nmentions:\n  - book: {'b' * 120}\n"
    assert format_text(text) == text
