"""The quick reader and the strict one, side by side: whatever the quick way takes means the same, and all else goes the strict way.

The cases of :data:`SECTIONS` are written after the sections of the YAML 1.2.2 specification, as the YAML test suite orders its own; no
package carries that suite. Every text is tried as a whole document and as the value of a field.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pipeline.read import read
from tests.pipeline.test_read import DOCUMENTS, as_block
from tests.readers import quickly

CORPUS = Path(__file__).parents[1] / "corpus"

SECTIONS: dict[str, list[str]] = {
    "2.1 collections": ["- a\n- b", "a: 1\nb: 2", "a:\n- b\n- c", "-\n  a: b\n-\n  c: d", "[a, [b, c], {d: e}]", "a: {b: 1, c: 2}"],
    "2.2 structures": ["---\na: b", "---\na\n---\nb", "a: b\n...", "a: &x b\nc: *x", "? a\n: b", "? - a\n: - b", "- a: 1\n  b: 2\n- c"],
    "2.3 scalars": ["--- |\n  a\n  b", "--- >\n  a\n  b", "a: >\n  b\n\n  c\n   d\n", '"a \\u263A"', "'a # b'", "a\n  b\n  c", '"a\n  b"'],
    "2.4 tags": ["a: !!str 1", "a: !local b", "%TAG ! tag:x,2000:\n---\n!a b", "--- !!set\n? a", "!!omap\n- a: b", "a: !<tag:x> b"],
    "5.1 characters": ["a: \x07", "a: \x85", "a: \u2028b", "a: \ufeff", "\ufeffa: b", "a: \ue000", "a: \U0001f600", "a: \x7f", "a: \ufffe"],
    "5.3 indicators": ["a: [", "a: }", "a: @b", "a: `b", "a: %b", "a: #b", "a: b#c", "a: b #c", "a: ,b", "a: ?b", "a: -b", "a: :b", "- -b"],
    "5.4 line breaks": ["a: b\r\nc: d", "a: b\rc: d", "a: |\r\n  b\r\n", "a: b\n\r\nc: d"],
    "5.7 escapes": [
        *(f'a: "\\{sign}"' for sign in '0abtnvfre "/\\N_LP'),
        '"\\x41"',
        '"\\u0041"',
        '"\\U00000041"',
        '"\\c"',
        '"\\xq"',
        '"a\\\n  b"',
    ],
    "6.1 indentation": ["a:\n b: c\n d: e", "a:\n  b: c\n d: e", " a: b\nc: d", "a:\n\tb: c", "- a\n - b", "a:\n- b\n  - c", "-  a\n-  b"],
    "6.5 folding": ["a: b\n\n\n  c", "a: >-\n\n  b\n\n\n  c\n", "a: 'b\n\n  c'", "a: >\n  b\n  \tc\n", "a: b\n  c: d"],
    "6.6 comments": ["# a\nb: c", "a: b # c", "a: # b\n  c", "a: b\n  # c\nd: e", "a: |\n  # b\n# c", "[a, # b\n c]", "a: 'b'# c"],
    "6.8 directives": ["%YAML 1.2\n---\na: b", "%YAML 1.1\n---\na: b", "%FOO\n---\na: b", "%YAML 1.2\n%YAML 1.2\n---\na: b"],
    "6.9 properties": [
        "a: &x",
        "&x a: b",
        "a: !!str",
        "a: &x !!str b",
        "a: !!str &x b",
        "&a &b c",
        "a: ! b",
        "a: *b",
        "*a : b",
        "a: &x\n  b: c",
    ],
    "7.1 aliases": ["a: &b c\nd: *b\ne: *b", "&a [*a]", "a: &b [c]\nd: [*b, *b]", "a: *"],
    "7.2 empty": ["a:", "a:\nb:", "- ", "-", "? a", "{a: , b}", "[a, ]", "{? , : b}", "''", '""', "a: ''", "", "\n\n", "# a", "a: ~"],
    "7.3 flow scalars": [
        "'it''s'",
        "a: 'b: c'",
        '"a" : b',
        '"a":b',
        "a: b c",
        "a: b:c",
        "a: http://b/c?d#e",
        "a: b, c",
        "[a b, c d]",
        "a: 'b",
    ],
    "7.4 flow collections": [
        "{a: b, c: d}",
        "{a, b}",
        "{a:b}",
        '{"a":b}',
        "[a, b,]",
        "[,a]",
        "[a,,b]",
        "[a: b]",
        "[? a : b]",
        "{a: [b, {c: d}]}",
        "{a\n: b}",
    ],
    "8.1 block scalars": [
        *(f"a: {sign}\n  b\n\n" for sign in ("|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "|-1", "|0", "|9")),
        "a: |",
        "a: |\nb: c",
    ],
    "8.1 more of them": [
        "a: |\n\n  b",
        "a: |\n   b\n  c",
        "a: >\n  b\n   c\n  d",
        "a: |2\n    b",
        "- |\n a\n- >\n b",
        "a: | # b\n  c",
        "a: |b\n  c",
    ],
    "8.2 block collections": [
        "-- a",
        "- - a\n  - b\n- c",
        "-\ta",
        "a:\n  - b\n  -\n    c: d",
        "a : b",
        "a:b",
        "a: b: c",
        "a:\n    b:\n        c: d",
    ],
    "9 documents": [
        "a: b\n---\nc: d",
        "a: b\n... # c",
        "...\n",
        "---\n---\n",
        "--- a: b",
        "a: b\n--- ",
        "---a: b",
        "...a: b",
        "a: ---",
        "a:\n  ---",
    ],
    "10.2 numbers": [
        "0",
        "-0",
        "+12",
        "007",
        "0o14",
        "0xC",
        "0b1",
        "0O14",
        "0XC",
        "+0o7",
        "0x_C",
        "1_000",
        "1e3",
        "1E+3",
        ".5",
        "5.",
        "+.5",
        "-1.5e-3",
        "1e",
        ".",
        "+",
        "1.2.3",
        "1e400",
        "0." + "1" * 40,
        "9" * 19,
        "9" * 20,
        "0" * 30 + "7",
    ],
    "10.3 words": [
        "true",
        "True",
        "TRUE",
        "tRUE",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "null",
        "Null",
        "NULL",
        "nULL",
        "~",
        ".inf",
        "-.Inf",
        "+.INF",
        ".nan",
        ".NaN",
        "nan",
        "inf",
        "=",
        "<<",
        "2024-09-11",
        "2024-09-11 10:00:00",
        "12:30",
        "1:2:3",
    ],
}


def same(*contents: bytes) -> list[Any]:
    """What both mean by each; AssertionError where they differ."""
    meant = []
    for content, value in zip(contents, quickly(contents), strict=True):
        strict = read(content)
        if value is not None:
            assert strict.refusals == [], (content, value, strict.refusals)
            assert repr(value) == repr(strict.value), content  # 1, 1.0 and true are equal to Python
        meant.append(strict.value)
    return meant


def around(text: str) -> list[bytes]:
    """A text by itself, as a value, as an item, in a flow list, and with what may follow it."""
    deeper = text.replace("\n", "\n  ")
    forms = (text, f"k: {deeper}", f"k:\n  {deeper}", f"k:\n- {deeper}", f"k: [{deeper}]", f"k: {{l: {deeper}}}", f"k: {deeper}\nl: m")
    return [f"{form}{end}".encode(errors="surrogatepass") for form in forms for end in ("", "\n")]


@pytest.mark.parametrize("section", SECTIONS)
def test_both_mean_the_same_by_the_cases_of_a_section(section: str) -> None:
    same(*(content for text in SECTIONS[section] for content in around(text)))


@pytest.mark.parametrize(
    ("alphabet", "longest", "around"),
    [
        ("01_+-.eExXoObB7af", 3, "a: %s\n"),
        ("{}[],:ab ", 4, "x: %s\n"),
        ("{}[],:a \n", 4, "%s\n"),
        ("'\"a\n :#-", 4, "x: %s\n"),
        ("|>+-2 \na:", 4, "x: %s\n"),
    ],
)
def test_both_mean_the_same_by_every_short_text(alphabet: str, longest: int, around: str) -> None:
    for length in range(1, longest + 1):
        same(*((around % "".join(letters)).encode() for letters in itertools.product(alphabet, repeat=length)))


@given(DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_both_mean_the_same_by_what_another_program_writes(value: Any) -> None:
    for text in (
        json.dumps(value, ensure_ascii=False),
        as_block(value),
        json.dumps({"k": value}, indent=1, ensure_ascii=False),
        as_block({"k": value}),
    ):
        same(f"{text}\n".encode())


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_what_fuzzing_found_is_read_alike_and_soon(name: str) -> None:
    same((CORPUS / name).read_bytes())
