"""Reading: plain values out, or refusals; never an exception, and never long."""

from __future__ import annotations

import io
import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.problems import Path
from pipeline.read import FORBIDDEN, MOST_BYTES, MOST_DEPTH, MOST_REFUSALS, MOST_VALUES, read


def value_of(text: str) -> Any:
    document = read(text.encode())
    assert document.refusals == []
    return document.value


def rules_of(content: bytes) -> list[str]:
    document = read(content)
    assert document.value is None
    return [refusal.rule for refusal in document.refusals]


# ------------------------------------------------------------------------------------------------------ meaning


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("y", "y"),
        ("tRUE", "tRUE"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("'true'", "true"),
        ("12:30", "12:30"),
        ("2024-09-11", "2024-09-11"),
        ("2024-09-11T08:00:00Z", "2024-09-11T08:00:00Z"),
        ("2024", 2024),
        ("010", 10),
        ("-000000000000000000000000000007", -7),
        ("0x00000000000000000000000000000001F", 31),
        ("00", 0),
        ("0o10", 8),
        ("0x1F", 31),
        ("-7", -7),
        ("+7", 7),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("1,5", "1,5"),
        ("٣", "٣"),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-2.5E-1", -0.25),
        ("1.5.2", "1.5.2"),
        ("'10'", "10"),
        ('"10"', "10"),
        ("nil", "nil"),
        ("'~'", "~"),
        ("''", ""),
        ("=", "="),
        ("plain text, with a comma # and a comment", "plain text, with a comma"),
        ("one\n  two", "one two"),
        ('"caf\\u00e9 \\u2014 \\x41"', "café — A"),
        ("'it''s'", "it's"),
        (">-\n  folded\n  text", "folded text"),
        ("|\n  kept\n  lines\n", "kept\nlines\n"),
        ("[]", []),
        ("{}", {}),
        ("[a, [b, 1], {c: true}]", ["a", ["b", 1], {"c": True}]),
        ("\n- a\n- b", ["a", "b"]),
    ],
)
def test_a_value_means_what_the_core_schema_of_yaml_says(written: str, meant: object) -> None:
    read_back = value_of(f"key: {written}")["key"]
    assert read_back == meant
    assert type(read_back) is type(meant)


@pytest.mark.parametrize("key", ["true", "1", "NO", "~", "2024-09-11"])
def test_a_key_is_text_however_it_looks(key: str) -> None:
    assert value_of(f"{key}: x") == {key: "x"}


def test_line_ends_of_windows_make_no_difference() -> None:
    assert value_of("a: >-\r\n  one\r\n  two\r\nb: 1\r\n") == value_of("a: >-\n  one\n  two\nb: 1\n") == {"a": "one two", "b": 1}


def test_the_order_of_fields_is_kept() -> None:
    assert list(value_of("b: 1\na: 2\nc: 3")) == ["b", "a", "c"]


# ----------------------------------------------------------------------------------------------------- refusals


def test_all_refusals_come_together_in_the_order_of_the_file() -> None:
    document = read(b"a: !x 1\nb:\na: &y 2\nc: *z\n")
    assert [(refusal.line, refusal.column, refusal.rule) for refusal in document.refusals] == [
        (1, 4, "tag"),
        (2, 3, "empty-value"),
        (3, 1, "duplicate-key"),
        (3, 4, "anchor"),
        (4, 4, "alias"),
    ]


@pytest.mark.parametrize("empty", ["", "~", "null", "Null", "NULL"])
def test_a_missing_value_is_refused_however_it_is_spelt(empty: str) -> None:
    assert rules_of(f"a: {empty}\nb: [{empty or 'null'}]".encode()) == ["empty-value", "empty-value"]


@pytest.mark.parametrize("folding", [">-", "|"])
def test_an_escape_that_is_none_is_left_alone(folding: str) -> None:
    assert value_of(f"a: {folding}\n  back\\tslash\nb: 'back\\tslash'\nc: back\\tslash") == {
        "a": "back\\tslash" + "\n" * (folding == "|"),
        "b": "back\\tslash",
        "c": "back\\tslash",
    }


@pytest.mark.parametrize(
    "code",
    [0, 7, 8, 9, 0x0B, 0x1B, 0x7F, 0x85, 0x9B, 0xA0, 0xAD, 0x200B, 0x200F, 0x2060, 0x2028, 0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xFFFF],
)
def test_a_forbidden_character_is_refused_as_itself_and_as_an_escape(code: int) -> None:
    assert rules_of(f"a: x{chr(code)}y".encode()) == ["forbidden-character"]
    assert rules_of(f'a: "x\\u{code:04x}y"'.encode()) == ["forbidden-character"]


@pytest.mark.parametrize("text", ["é", "中文", "العربية", "नमस्ते", "😀", "a\u200db", "—"])
def test_every_script_is_welcome(text: str) -> None:
    assert value_of(f"a: x{text}") == {"a": f"x{text}"}


# ------------------------------------------------------------------------------------------------------- limits


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_the_limits_are_where_they_are_said_to_be() -> None:
    assert read(nested(MOST_DEPTH)).refusals == []
    assert rules_of(nested(MOST_DEPTH + 1)) == ["too-deep"]
    assert read(b"x" * MOST_BYTES).refusals == []
    assert rules_of(b"x" * (MOST_BYTES + 1)) == ["too-large"]
    assert read(b"[" + b"1," * (MOST_VALUES - 1) + b"]").refusals == []
    assert rules_of(b"[" + b"1," * MOST_VALUES + b"]") == ["too-many-values"]
    assert len(rules_of(b"- !t x\n" * MOST_REFUSALS + b"- !t x\n")) == MOST_REFUSALS


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter + 1, letter + 1, b", ".join([b"*%c" % letter] * 9)) for letter in range(ord("a"), ord("z"))
)

HOSTILE = {
    "fifty thousand brackets": (b"[" * 50_000, "too-deep"),
    "fifty thousand braces": (b"{a: " * 50_000, "too-deep"),
    "fifty thousand keys that are mappings": (b"{" * 50_000, "bad-key"),
    "a list in a list in a list": (b"- " * 50_000, "too-deep"),
    "a key of a key of a key": (b"? " * 50_000, "bad-key"),
    "a mapping in a mapping": (b"".join(b" " * depth + b"a:\n" for depth in range(2_000)), "too-deep"),
    "a million keys": (b"key: 1\n" * 1_000_000, "too-large"),
    "as many keys as fit": (b"".join(b"%x: 1\n" % key for key in range(MOST_VALUES)), "too-many-values"),
    "one key, time and again": (b"{" + b"a," * 2_000_000 + b"}", "duplicate-key"),
    "a bomb of aliases": (BOMB, "alias"),
    "a million aliases": (b"a: &a x\nb: [" + b"*a," * 1_000_000 + b"]", "alias"),
    "a tag for everything": (b"- !t\n" * MOST_VALUES, "tag"),
    "digits without end": (b"- " + b"9" * 4_000_000, "number-too-large"),
    "a quotation without end": (b'a: "' + b"x" * 4_000_000, "yaml-syntax"),
    "accents by themselves": (("e\u0301" * 1_000_000).encode(), "not-nfc"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_is_refused_soon(what: str) -> None:
    content, rule = HOSTILE[what]
    start = time.process_time()
    rules = rules_of(content)
    assert time.process_time() - start < 2
    assert rule in rules


# ---------------------------------------------------------------------------------------------------- positions


def test_a_position_counts_characters_and_not_bytes() -> None:
    document = read("ключ: [é😀, 中: z]".encode())
    assert document.keys == {("ключ",): (1, 1), ("ключ", 1, "中"): (1, 12)}
    assert document.values[("ключ", 0)] == (1, 8)
    assert document.values[("ключ", 1, "中")] == (1, 15)
    assert [(refusal.line, refusal.column) for refusal in read("é😀: 中\té".encode()).refusals] == [(1, 6)]


def test_what_is_not_there_stands_where_the_nearest_thing_above_it_stands() -> None:
    document = read(b"a:\n  - b: 1\n")
    assert document.position(("a", 0, "missing", 3)) == document.position(("a", 0)) == (2, 5)
    assert document.position(("nowhere",)) == (1, 1)
    assert document.position(("a", 0, "b")) == (2, 8)
    assert document.position(("a", 0, "b"), at_key=True) == (2, 5)
    assert document.position(("a", 0), at_key=True) == (2, 5)


def test_the_spelling_of_what_stands_unquoted_is_kept() -> None:
    assert read(b"a: 010\nb: [TRUE, 1e3, text]\nc: '010'").spelling == {("a",): "010", ("b", 0): "TRUE", ("b", 1): "1e3"}


# --------------------------------------------------------------------------------------------------- properties

TEXTS = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: not FORBIDDEN.search(text))
)
SCALARS = TEXTS | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=15)


def as_block(value: Any) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda _: True
    into = io.StringIO()
    yaml.dump(value, into)
    return into.getvalue()


def paths_of(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(found for key, below in inner for found in paths_of(below, (*path, key)))]


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_what_another_program_writes_is_read_back(value: Any) -> None:
    assert value_of(json.dumps(value, ensure_ascii=False)) == value
    assert value_of(as_block(value)) == value


@given(DOCUMENTS, st.sampled_from([None, 1, 4]))
@settings(max_examples=100, deadline=None)
def test_every_position_points_at_the_first_character_of_what_stands_there(value: Any, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    lines = text.split("\n")
    document = read(text.encode())
    assert set(document.values) == {path for path, _ in paths_of(value)}
    for path, found in paths_of(value):
        line, column = document.position(path)
        written = json.dumps(found, ensure_ascii=False)
        assert lines[line - 1][column - 1 :].startswith(written if not isinstance(found, list | dict) else written[0])
        if path and isinstance(path[-1], str):
            line, column = document.position(path, at_key=True)
            assert lines[line - 1][column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=False))


SYNTAX = st.text(st.sampled_from("[]{}:,-&*!|>'\"%@`#?~<\\=. \n\r\tabé😀01xut"), max_size=60).map(str.encode)


@given(st.binary(max_size=200) | SYNTAX)
@settings(max_examples=400, deadline=None)
def test_whatever_is_read_gives_a_value_or_says_why_not(content: bytes) -> None:
    document = read(content)
    assert (document.value is None) == bool(document.refusals)
    last = content.count(b"\n") + 1
    for refusal in document.refusals:
        assert 1 <= refusal.line <= last + 1  # to libyaml, the end of a file without a last line end is in the line below
        assert refusal.column >= 1
        assert refusal.message
        assert len(refusal.rule.split()) == 1
