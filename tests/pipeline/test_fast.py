"""The quick way to read: it takes only what the strict reader takes, and means the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.fast import read_values
from pipeline.read import MOST_BYTES, MOST_DEPTH, MOST_VALUES, read
from tests.readers import either, quick

ROOT = Path(__file__).resolve().parents[2]

PIECES = (
    *(
        "a",
        "key",
        "x y",
        "'q'",
        "it''s",
        '"d"',
        "'",
        '"',
        ":",
        ": ",
        " :",
        ":\n",
        "- ",
        "-",
        "\n",
        "\n ",
        "\n  ",
        "\n    ",
        "\n- ",
        "{",
        "}",
    ),
    *("[", "]", ", ", ",", "#", " # c", "|", "|\n  ", "|-\n  ", ">-\n  ", ">", "|+\n", "|2\n", ">1-\n", "true", "null", "~", "12", "1.5"),
    *("2024-09-11", "é", "¶3", "\u00a0", "\u3000", "\u200b", "\u0085", "\ufeff", " ", "  ", "http://x", "a:b", "c#d", "::", "?", "? ", "="),
    *("..", "...", "--", "---", "%x", "@", "`", "\\", "!", "&", "*", "<<: ", "k: v\n", "k2: [a, b]\n", "k3: {a: b}\n", '"a\\n"', "1_0"),
    *("_1", "0b1", "0x1", "-0x1", "+0x1", "0o7", ".inf", ".nan", "1e400", "99999999999999999999", "\r\n", "\t", "\u0301", "yes", "12:30"),
)


def agree(content: bytes) -> None:
    value = quick(content)
    if value is not None:
        strict = read(content)
        assert strict.refusals == []
        assert (strict.value, repr(strict.value)) == (value, repr(value))  # 1, 1.0 and true are equal to Python


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(("", "k: ", "k:\n  - ")))
@example(["|", "\n"], "k: ")  # an empty block is a line end to one of the two
@example(["[", " :a", "]"], "k: ")
@example(["{a\n  b: c}"], "k: ")  # a key over two lines
@settings(max_examples=500, deadline=None)
def test_what_is_taken_the_quick_way_means_the_same_to_the_strict_reader(pieces: list[str], before: str) -> None:
    agree((before + "".join(pieces) + "\n").encode())


@given(st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_bytes_that_are_no_text_are_left_to_the_strict_reader(content: bytes) -> None:
    agree(b"k: " + content + b"\n")


SURPRISES = (
    *("1_000", "_1", "1_", "0b1", "-0x1f", "+0x1", ".inf", "-.inf", ".nan", "99999999999999999999", "1e999"),
    *("!!str x", "!x y", "&a b", "*a", "~", "null", "", "|", "[a, ]b", "{? a : b}", "[:a]", "{a: }", "{1: b}"),
    *("\\", "'a\tb'", "a\u202eb", "a\u0007b", "e\u0301", "'\ufeff'"),
)


@pytest.mark.parametrize("text", SURPRISES)
def test_what_would_surprise_is_left_to_the_strict_reader(text: str) -> None:
    content = f"k: {text}\n".encode()
    assert quick(content) is None
    assert either(content) == read(content)


@pytest.mark.parametrize(
    "text", ["a: b\n---\nc: d\n", "a: b\n...\n", "<<: {a: b}\n", "a: 1\na: 2\n", "- a\n", "text\n", "a: b", "%YAML 1.2\n"]
)
def test_documents_of_another_sort_are_left_to_the_strict_reader(text: str) -> None:
    assert quick(text.encode()) is None
    assert either(text.encode()) == read(text.encode())


def test_the_limits_are_those_of_the_strict_reader() -> None:
    deep = b"a: " + b"[" * (MOST_DEPTH - 1) + b"]" * (MOST_DEPTH - 1) + b"\n"
    assert quick(deep) is not None
    assert quick(deep.replace(b"[", b"[[", 1).replace(b"]", b"]]", 1)) is None
    assert quick(b"a: [" + b"1, " * (MOST_VALUES - 3) + b"1]\n") is not None
    assert quick(b"a: [" + b"1, " * (MOST_VALUES - 2) + b"1]\n") is None
    assert quick(b"a: " + b"x" * MOST_BYTES + b"\n") is None


@pytest.mark.parametrize(
    "deep", [b"- " * 50_000 + b"x\n", b"".join(b" " * n + b"a:\n" for n in range(2000)), b"a: " + b"[" * 50_000 + b"\n"]
)
def test_nesting_without_end_is_refused_and_crashes_nothing(deep: bytes) -> None:
    assert quick(deep) is None
    assert either(deep).refusals


def test_nearly_every_record_that_there_is_goes_the_quick_way() -> None:
    contents = [path.read_bytes() for path in sorted((ROOT / "raw").rglob("*.yaml"))]
    values = list(read_values(contents))
    assert sum(value is None for value in values) < len(contents) / 20
    for content, value in zip(contents, values, strict=True):
        assert value is None or value == read(content).value
