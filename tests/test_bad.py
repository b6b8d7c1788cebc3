"""Bad records, and what is said of each: every file in tests/bad is one case of one rule.

A case opens with the problems that it must produce, all of them and in order, as the command prints them. Below, each line
``--- raw/…`` says which file the lines after it are. They are all there is, or with ``# over: base`` they are laid over the good
records in tests/bad/base. What an editor would spoil is spelt in hexadecimal: ``⟦C3 28⟧`` stands for two bytes, ``⟦5B×50000⟧`` for
fifty thousand brackets.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.journey import check
from schemas.package import PACKAGE
from schemas.rules import RULES

HERE = Path(__file__).parent
CASES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "bad").glob("*.yaml"))}

OVER_BASE = "# over: base\n"
EXPECTATION = re.compile(r"^# expect: (.*)$", re.MULTILINE)
FILE = re.compile(r"^--- (raw/\S+)\n", re.MULTILINE)
BYTES = re.compile(rb"\xe2\x9f\xa6([0-9A-F ]+)(?:\xc3\x97([0-9]+))?\xe2\x9f\xa7")  # ⟦…⟧ and ×

NOT_OF_THE_PACKAGE = {"not-allowed"}
"""No model of the package raises a plain ValueError; tests/pipeline/test_records.py has a model that does."""


def expected(case: str) -> list[str]:
    header = FILE.split(CASES[case])[0]
    lines = EXPECTATION.findall(header)
    assert lines, f"{case} does not say what it expects"
    assert EXPECTATION.sub("", header.removeprefix(OVER_BASE)).strip() == "", f"{case} has something else above its first file"
    return [] if lines == ["nothing"] else lines


def lay(case: str, root: Path) -> None:
    """The files of the case, over the good records if it says so."""
    if CASES[case].startswith(OVER_BASE):
        shutil.copytree(HERE / "bad" / "base", root, dirs_exist_ok=True)
    _, *parts = FILE.split(CASES[case])
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BYTES.sub(lambda spelt: bytes.fromhex(spelt[1].decode()) * int(spelt[2] or 1), text.encode()))


def rules_of(problems: list[str]) -> set[str]:
    return {problem.split("  ")[1] for problem in problems}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_reported_with_its_place_its_rule_and_what_would_be_right(case: str, tmp_path: Path) -> None:
    lay(case, tmp_path)
    assert [str(problem) for problem in check(PACKAGE, tmp_path).problems] == expected(case)


def test_without_a_case_the_records_are_good() -> None:
    outcome = check(PACKAGE, HERE / "bad" / "base")
    assert outcome.problems == []
    assert outcome.count == 7


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_named_after_its_one_rule(case: str) -> None:
    rule = case.partition("--")[0]
    if rule == "several":
        assert len(rules_of(expected(case))) > 3
    else:
        assert rules_of(expected(case)) == ({rule} if rule != "nothing" else set())


# ------------------------------------------------------------------------------------- every rule has a case

PRODUCERS = [HERE.parent / "pipeline" / f"{stage}.py" for stage in ("read", "records", "explain", "check")]
SPEAKERS = [HERE.parent / "pipeline" / "values.py", *sorted((HERE.parent / "schemas").glob("*.py"))]


def rules_in_the_code() -> set[str]:
    """What the stages call their complaints, what types and models call theirs, and the rules across rows."""
    named = {text for path in PRODUCERS for text in _rule_words(ast.parse(path.read_text(encoding="utf-8")))}
    raised = {text for path in SPEAKERS for text in _raised(ast.parse(path.read_text(encoding="utf-8")))}
    return named | raised | {rule.name for rule in RULES}


def _rule_words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", node.value):
            if node.value != "utf-8":  # the one word with a hyphen that is not a rule
                yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "refuse":
            yield from (part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _raised(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PydanticCustomError":
            kind = node.args[0]
            assert isinstance(kind, ast.Constant)
            assert isinstance(kind.value, str)
            yield kind.value.replace("_", "-")


def test_the_rules_are_found_in_the_code() -> None:
    some = {"tag", "anchor", "not-utf8", "misplaced-file", "retired-but-there", "broken-reference", "formula", "no-rival-value", "circular"}
    assert some <= rules_in_the_code()


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    covered = {rule for case in CASES for rule in rules_of(expected(case))}
    assert covered == rules_in_the_code() - NOT_OF_THE_PACKAGE
