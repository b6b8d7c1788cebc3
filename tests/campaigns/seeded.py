"""Seeded faults: good records broken in every way a curator could, to see that each is found, in its file and at its line.

    python -m tests.campaigns.seeded [--rounds 12] [--seed 20261122]

The records of the repository are copied, and in each round one record in ten is broken at one place, by one fault, chosen by a seeded
draw; the rest stays good, so that a complaint about anything else is a false alarm. A fault knows the line that a curator would want to
be told, and the rules by which it may be found. What was measured stands in docs/robustness.md.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml
from pydantic import BaseModel

from pipeline.fields import FieldSpec, fields_of
from pipeline.journey import check
from pipeline.language import Package, TreeRecord
from pipeline.problems import Problem
from schemas.package import PACKAGE

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Spot:
    """One field as it is written in one file."""

    model: type[BaseModel]
    spec: FieldSpec
    key: yaml.Node
    value: yaml.Node
    owner: yaml.MappingNode

    @property
    def line(self) -> int:
        return int(self.key.start_mark.line) + 1

    def item(self, number: int = 0) -> yaml.Node:
        """The value, or of a list one of its items."""
        return self.value.value[number] if isinstance(self.value, yaml.SequenceNode) else self.value


@dataclass(frozen=True)
class Broken:
    """A file as a fault leaves it: the text, the line to be named (None where the whole file is meant), and perhaps another name."""

    text: str
    line: int | None
    rules: frozenset[str]
    name: str | None = None
    was: str = ""
    """The id of the record that was broken."""
    needs: str | None = None
    """Another record without which this cannot be judged: where that one is broken too, nothing is expected."""


def spots(model: type[BaseModel], node: yaml.Node) -> Iterator[Spot]:
    """Every field that is written in a record, its parts and the parts of its tree."""
    if not isinstance(node, yaml.MappingNode):
        return
    known = {spec.name: spec for spec in fields_of(model)}
    for key, value in node.value:
        spec = known[key.value]
        yield Spot(model, spec, key, value, node)
        inner = spec.part if spec.kind == "part" else model if spec.kind == "tree" else None
        if inner is not None:
            for item in value.value:
                yield from spots(inner, item)


def _cut(text: str, node: yaml.Node, new: str) -> str:
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def _plain(spot: Spot) -> bool:
    """Whether the value, or the first item of a list, stands on one line of its own."""
    node = spot.item() if not isinstance(spot.value, yaml.SequenceNode) or spot.value.value else spot.value
    return isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">") and node.start_mark.line == node.end_mark.line


def _scalar(spot: Spot) -> bool:
    """Whether the value is one word or text on one line."""
    return isinstance(spot.value, yaml.ScalarNode) and _plain(spot)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


# ------------------------------------------------------------------------------------------------------- the faults

Fault = Callable[[str, list[Spot], random.Random], "Broken | None"]


def _among(where: list[Spot], chance: random.Random) -> Spot | None:
    return chance.choice(where) if where else None


def misspelt_field(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among(found, chance)
    assert spot is not None
    name = spot.key.value
    return Broken(_cut(text, spot.key, name[:-1] + ("q" if name[-1] != "q" else "x")), spot.line, frozenset({"unknown-field"}))


def missing_field(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.required and _plain(s) and not s.owner.flow_style and _first_key(s) is not s.key], chance)
    if spot is None:
        return None
    lines = text.split("\n")
    del lines[spot.key.start_mark.line : spot.value.end_mark.line + 1]
    return Broken("\n".join(lines), _line(spot.owner), frozenset({"missing-field"}))


def _first_key(spot: Spot) -> yaml.Node:
    first: yaml.Node = spot.owner.value[0][0]
    return first


def wrong_type(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.kind in ("text", "date", "integer", "number", "boolean") and _scalar(s)], chance)
    if spot is None:
        return None
    return Broken(_cut(text, spot.value, "{of: another kind}"), spot.line, frozenset({"wrong-type", "not-text", "bad-date"}))


def unquoted_number(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.kind == "text" and _scalar(s)], chance)
    if spot is None:
        return None
    rules = {"not-text", "wrong-type", "unknown-term"}
    return Broken(_cut(text, spot.value, "20240912"), spot.line, frozenset(rules))


def impossible_date(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.kind in ("date", "day") and _plain(s)], chance)
    wrong = chance.choice(["2024-02-30", "2024-13", "last week", "12/09/2024", "2024-9-1", "2024-05-02/2024-05-01"])
    return spot and Broken(_cut(text, spot.value, wrong), spot.line, frozenset({"bad-date", "wrong-type"}))


def unknown_term(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.vocabulary and _scalar(s)], chance)
    return spot and Broken(_cut(text, spot.value, spot.value.value + "s"), spot.line, frozenset({"unknown-term"}))


def _references(found: list[Spot]) -> list[Spot]:
    return [s for s in found if s.spec.reference and _plain(s) and s.item().value]


def dangling_reference(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among(_references(found), chance)
    if spot is None:
        return None
    return Broken(_cut(text, spot.item(), spot.item().value + "-nowhere"), _line(spot.item()), frozenset({"broken-reference"}))


def wrong_table(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    several = [s for s in _references(found) if s.spec.reference and s.spec.reference.tables and not s.spec.reference.bare]
    spot = _among(several, chance)
    if spot is None:
        return None
    return Broken(_cut(text, spot.item(), "topics/united-nations"), _line(spot.item()), frozenset({"wrong-table", "broken-reference"}))


def bare_for_address(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in _references(found) if s.spec.reference and not s.spec.reference.bare and "/" in s.item().value], chance)
    if spot is None:
        return None
    bare = spot.item().value.partition("/")[2]
    return Broken(_cut(text, spot.item(), bare), _line(spot.item()), frozenset({"bad-reference", "bad-form"}))


def duplicate_key(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if _scalar(s) and not s.owner.flow_style and not s.value.style], chance)
    if spot is None:
        return None
    end = spot.value.end_mark.index
    indent = " " * spot.key.start_mark.column
    return Broken(f"{text[:end]}\n{indent}{spot.key.value}: again{text[end:]}", spot.line + 1, frozenset({"duplicate-key"}))


def listed_twice(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    lists = [s for s in found if s.spec.many and s.spec.reference and isinstance(s.value, yaml.SequenceNode) and s.value.flow_style]
    spot = _among([s for s in lists if s.value.value and s.spec.kind != "part"], chance)
    if spot is None:
        return None
    end = spot.value.value[-1].end_mark.index
    return Broken(f"{text[:end]}, {spot.value.value[-1].value}{text[end:]}", None, frozenset({"listed-twice"}))


def empty_value(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if _scalar(s) and not s.owner.flow_style], chance)
    return spot and Broken(_cut(text, spot.value, ""), None, frozenset({"empty-value"}))


def formula(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.name in ("label", "summary", "note") and _plain(s)], chance)
    return spot and Broken(_cut(text, spot.value, '"=HYPERLINK(1)"'), spot.line, frozenset({"formula"}))


def evidence_without_source(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.name == "source" and s.spec.required and s.owner.flow_style and _plain(s)], chance)
    if spot is None:
        return None
    pairs = spot.owner.value
    number = next(n for n, (key, _) in enumerate(pairs) if key is spot.key)
    if len(pairs) == 1:
        return None
    start, end = spot.key.start_mark.index, spot.value.end_mark.index
    if number + 1 < len(pairs):
        end = pairs[number + 1][0].start_mark.index
    else:
        start = pairs[number - 1][1].end_mark.index
    return Broken(text[:start] + text[end:], _line(spot.owner), frozenset({"missing-field"}))


def no_evidence(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    statements = [s for s in found if s.spec.name == "evidence" and s.model.__name__ in ("Proposal", "Recommendation", "Claim")]
    spot = _among([s for s in statements if not s.owner.flow_style and _first_key(s) is not s.key], chance)
    if spot is None:
        return None
    lines = text.split("\n")
    last = spot.value.end_mark.line + (1 if spot.value.flow_style else 0)  # a block ends where the next thing begins
    gone = lines[: spot.key.start_mark.line] + lines[last:]
    return Broken("\n".join(gone), _line(spot.owner), frozenset({"no-evidence", "date-without-evidence"}))


def twin_key_in_tree(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    keys = [s for s in found if s.spec.name == "key" and issubclass(s.model, TreeRecord)]
    if len(keys) < 2:
        return None
    first, second = sorted(chance.sample(range(len(keys)), 2))
    return Broken(_cut(text, keys[second].value, keys[first].value.value), keys[second].line, frozenset({"duplicate-id"}))


def overlapping_membership(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    lists = [s for s in found if s.spec.name in ("memberships", "roles") and not s.value.flow_style and s.value.value]
    spot = _among(lists, chance)
    if spot is None:
        return None
    starts = [item.start_mark.line for item in spot.value.value] + [spot.value.end_mark.line]
    number = chance.randrange(len(starts) - 1)
    lines = text.split("\n")
    copy = lines[starts[number] : starts[number + 1]]
    return Broken("\n".join(lines[: starts[number]] + copy + lines[starts[number] :]), None, frozenset({"overlap", "listed-twice"}))


def circular(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.name in ("parent", "broader", "part_of") and _plain(s)], chance)
    return spot and Broken(_cut(text, spot.value, "{itself}"), spot.line, frozenset({"circular"}))


def out_of_forum(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    top = {s.spec.name: s for s in found if s.key.start_mark.column == 0}
    if "forum" not in top or "date" not in top or not _plain(top["date"]):
        return None
    return Broken(
        _cut(text, top["date"].value, "1999-01-01"),
        top["date"].line,
        frozenset({"date-outside-forum"}),
        needs=f"raw/events/{top['forum'].value.value}.yaml",
    )


def tab(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.key.start_mark.column > 0 and not s.owner.flow_style], chance)
    if spot is None:
        return None
    start = spot.key.start_mark.index - spot.key.start_mark.column
    return Broken(f"{text[:start]}\t{text[start:]}", spot.line, frozenset({"forbidden-character"}))


def open_quote(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if _scalar(s) and not s.value.style and not s.owner.flow_style], chance)
    return spot and Broken(_cut(text, spot.value, '"' + spot.value.value), None, frozenset({"yaml-syntax"}))


def unquoted_colon(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.spec.name in ("label", "summary") and _plain(s) and not s.owner.flow_style], chance)
    return spot and Broken(_cut(text, spot.value, "Peace: a plan"), spot.line, frozenset({"yaml-syntax"}))


def bad_indent(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    spot = _among([s for s in found if s.key.start_mark.column == 0 and s.key.start_mark.line > 0 and _scalar(s)], chance)
    if spot is None:
        return None
    start = spot.key.start_mark.index
    return Broken(
        f"{text[:start]}   {text[start:]}",
        None,
        frozenset({"yaml-syntax", "wrong-type", "duplicate-key", "missing-field", "several-lines"}),
    )


def illegal_file_name(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    return Broken(
        text, None, frozenset({"misplaced-file"}), name=chance.choice(["X{stem}.yaml", "{stem}.yml", "{stem}_x.yaml", "{stem} copy.yaml"])
    )


def misplaced_file(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    return Broken(text, None, frozenset({"misplaced-file"}), name="../{stem}.yaml")


def second_document(text: str, found: list[Spot], chance: random.Random) -> Broken | None:
    return Broken(text.rstrip("\n") + "\n---\nlabel: More\n", text.rstrip("\n").count("\n") + 2, frozenset({"several-documents"}))


FAULTS: tuple[Fault, ...] = (
    misspelt_field, missing_field, wrong_type, unquoted_number, impossible_date, unknown_term, dangling_reference, wrong_table,
    bare_for_address, duplicate_key, listed_twice, empty_value, formula, evidence_without_source, no_evidence, twin_key_in_tree,
    overlapping_membership, circular, out_of_forum, tab, open_quote, unquoted_colon, bad_indent, illegal_file_name, misplaced_file,
    second_document,
)  # fmt: skip


# ----------------------------------------------------------------------------------------------------- the campaign


@dataclass
class Tally:
    """What came of a campaign, for each fault: how many were made, found, found in the file, at the line, with a fix named."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    at_line: Counter[str] = field(default_factory=Counter)
    fixed: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    follow: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    def describe(self) -> str:
        lines = ["| fault | made | found in its file | at its line | message names the fix |", "|---|---:|---:|---:|---:|"]
        for name in [fault.__name__ for fault in FAULTS] + ["all"]:
            counts = [c.total() if name == "all" else c[name] for c in (self.made, self.found, self.at_line, self.fixed)]
            lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(map(str, counts)) + " |")
        return "\n".join(lines)


def campaign(package: Package, source: Path, rounds: int, seed: int, share: float = 0.1) -> Tally:
    """Break ``share`` of the record files below ``source``/raw in each round, and count what a check finds."""
    tally = Tally()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            root = Path(folder) / "copy"
            shutil.copytree(source / "raw", root / "raw")
            _round(package, root, chance, share, tally)
            shutil.rmtree(root)
    return tally


def _round(package: Package, root: Path, chance: random.Random, share: float, tally: Tally) -> None:
    files = sorted(root.glob("raw/*/*.yaml"))
    made: dict[str, tuple[str, Broken]] = {}
    for path in chance.sample(files, max(1, round(len(files) * share))):
        text = path.read_text(encoding="utf-8")
        found = list(spots(package.record(path.parent.name), yaml.compose(text, Loader=yaml.CSafeLoader)))
        fault, broken = _break(text, found, chance, tally)
        tally.made[fault.__name__] += 1
        target = path
        if broken.name:
            path.unlink()
            target = path.parent / broken.name.format(stem=path.stem)
        target.write_text(broken.text.replace("{itself}", path.stem), encoding="utf-8", newline="\n")
        made[target.resolve().relative_to(root.resolve()).as_posix()] = (fault.__name__, replace(broken, was=path.stem))
    judge(check(package, root).problems, made, tally)


def _break(text: str, found: list[Spot], chance: random.Random, tally: Tally) -> tuple[Fault, Broken]:
    """The fault that was made least often so far of those that can be made here."""
    for fault in sorted(chance.sample(FAULTS, len(FAULTS)), key=lambda fault: tally.made[fault.__name__]):
        if (broken := fault(text, found, chance)) is not None:
            return fault, broken
    raise AssertionError("a field can always be misspelt")


def judge(problems: list[Problem], made: dict[str, tuple[str, Broken]], tally: Tally) -> None:
    """Compare the problems with what was broken. That a reference to an id that is gone is broken too is no false alarm."""
    spoilt = {*made, *(f"{file.rpartition('/')[0]}/{broken.was}.yaml" for file, (_, broken) in made.items())}  # renamed ones too
    for file, (fault, broken) in made.items():
        if broken.needs in spoilt:
            tally.made[fault] -= 1
            continue
        own = [problem for problem in problems if problem.file == file and problem.rule in broken.rules]
        tally.found[fault] += bool(own)
        right = any(broken.line in (None, problem.line) for problem in own)
        tally.at_line[fault] += right
        tally.fixed[fault] += any(_names_a_fix(problem.message) for problem in own)
        if not right:
            told = [str(problem) for problem in problems if problem.file == file]
            tally.missed.append(f"{fault} in {file}:{broken.line}: {told or 'nothing'}")
    for problem in problems:
        if problem.file not in made:
            follows = problem.rule == "broken-reference" and any(broken.was in problem.message for _, broken in made.values())
            (tally.follow if follows else tally.false_alarms).append(str(problem))


def _names_a_fix(message: str) -> bool:
    """Whether the message goes on to say what would be right, after what is wrong."""
    return ";" in message or ": " in message


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    result = campaign(PACKAGE, ROOT, arguments.rounds, arguments.seed)
    print(result.describe())
    print(f"\n{len(result.false_alarms)} complaints about files that were not broken")
    for line in (*result.missed, *result.false_alarms):
        print(f"- {line}")
