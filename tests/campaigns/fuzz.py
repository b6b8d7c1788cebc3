"""Hostile YAML by the million: the reader alone, guided by coverage, and the whole check, over trees of broken records.

    python -m tests.campaigns.fuzz reader check [--seconds 1800] [--into FOLDER]

The reader is driven by atheris (``pip install atheris``; it is no dependency of the project, and has no use in CI), with mutations that
know what a record looks like. The check gets trees of one to three hundred mutated records and odd files. Whatever comes must be taken, or
refused with a place, a rule and a message in one printable line; nothing may raise, take two seconds or half a gigabyte. The folder keeps
corpus, findings and figures, so that a campaign goes on where it was stopped. What was found lies in tests/corpus, which
tests/pipeline/test_two_readers.py replays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.problems import FORMATS, Problem
from pipeline.read import Document, read
from tests.campaigns.mutate import ODD, mutate
from tests.readers import either

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "tests/secgov/raw"
MEMORY = Path("/dev/shm")
MOST_SECONDS = 2.0
UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]")
MOST_LONG = 160
"""So long at most is an input of the reader: a short one can hold whatever a long one does, and more of them are read."""

SLICE = 60
"""So many seconds one process fuzzes the reader before its figures are written down."""


# ---------------------------------------------------------------------------------------------------------- the laws


def lawful(content: bytes) -> Document:
    """Read, and see that the reader keeps what it promises; AssertionError if it does not."""
    start = time.process_time()
    document, other = read(content), either(content)
    assert (repr(other.value), other.refusals) == (repr(document.value), document.refusals), "the two readers differ"
    assert time.process_time() - start < MOST_SECONDS, "it takes too long"
    assert (document.value is None) == bool(document.refusals), "a value and a refusal, or neither"
    last = content.count(b"\n") + content.count(b"\r") + 2
    for refusal in document.refusals:
        assert 1 <= refusal.line <= last, "a line that is not there"
        printable([Problem("raw/x.yaml", refusal.line, refusal.column, refusal.rule, refusal.message)])
    if document.value is not None and content[-2:-1] < b"a":  # a part of them is enough, and the rest is sooner done
        assert set(document.values) >= set(document.keys), "a key without a value"
        again = read(json.dumps(document.value, ensure_ascii=False).encode())
        assert again.value == document.value or again.refusals, "what was read is not read back"
        assert {refusal.rule for refusal in again.refusals} <= {"too-large", "forbidden-character", "not-nfc"}, "what was read is refused"
    return document


def printable(problems: list[Problem]) -> None:
    """Every problem is one line that any terminal can show; AssertionError if one is not."""
    for problem in problems:
        assert problem.line >= 1, "a line below 1"
        assert problem.column >= 1, "a column below 1"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", problem.rule), f"a rule with an odd name: {problem.rule!r}"
        assert problem.message.strip(), "an empty message"
        assert not UNFIT.search(str(problem)), f"what no terminal should show: {str(problem)!r}"
        assert len(problem.message) < 4_000, "a message without end"
    for form in FORMATS.values():
        form(problems).encode()


# -------------------------------------------------------------------------------------------------------- the reader


def fuzz_reader(seconds: int, into: Path) -> None:
    """Run slices, each in a process of its own, until the time is over; add what they did to the figures."""
    for folder in ("corpus", "findings"):
        (into / folder).mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 1:
        line = [sys.executable, "-m", "tests.campaigns.fuzz", "--slice", str(int(min(left, SLICE)) or 1), "--into", str(into)]
        done = subprocess.run(line, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        stats = {name: int(number) for name, number in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
        covered = re.findall(r"cov: (\d+)", done.stderr)
        if not stats or done.returncode:
            (into / f"slice-{int(time.time())}.log").write_text(done.stderr[-20_000:])
        note(
            into,
            "reader",
            inputs=stats.get("number_of_executed_units", 0),
            seconds=int(min(left, SLICE)),
            crashes=int(done.returncode != 0),
        )
        peak(into, "reader", megabytes=stats.get("peak_rss_mb", 0), coverage=int(covered[-1]) if covered else 0)


def one_slice(seconds: int, into: Path) -> None:
    """Fuzz the reader in this process. Never returns."""
    import atheris

    for name in [name for name in sys.modules if name in ("tests.readers", "pipeline") or name.startswith("pipeline.")]:
        del sys.modules[name]
    with atheris.instrument_imports(include=["pipeline"]):
        from pipeline import read as instrumented
        from tests import readers
    globals().update(read=instrumented.read, either=readers.either)
    others = [path.read_bytes() for path in texts()]

    def mutation(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(content, most))
        return mutate(content, others, chance)[:most]

    def one(content: bytes) -> None:
        try:
            lawful(content)
        except Exception as error:
            keep(into, content, error)

    seeds = into / "seeds"
    if not seeds.exists():
        seeds.mkdir()
        for text in others:
            (seeds / hashlib.sha256(text).hexdigest()[:12]).write_bytes(text[:MOST_LONG])
    options = [f"-max_total_time={seconds}", f"-max_len={MOST_LONG}", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={into}/findings/", str(into / "corpus"), str(seeds)], one, custom_mutator=mutation
    )
    atheris.Fuzz()


def texts() -> list[Path]:
    """Real records, and those of the tests, good and bad."""
    real = sorted((ROOT / "raw").glob("*/*.yaml"))
    return [
        *real[::7],
        *sorted((ROOT / "tests/bad").rglob("*.yaml")),
        *sorted((ROOT / "tests/corpus").glob("*.yaml")),
        *sorted(GOOD.rglob("*.yaml")),
    ]


# --------------------------------------------------------------------------------------------------------- the check


def fuzz_check(seconds: int, into: Path) -> None:
    """Check trees of mutated records until the time is over; add what was done to the figures."""
    from pipeline.journey import check
    from schemas.package import PACKAGE

    (into / "findings").mkdir(parents=True, exist_ok=True)
    sources = {path: path.read_bytes() for folder in (ROOT / "raw", GOOD) for path in sorted(folder.rglob("*.yaml"))}
    end = time.monotonic() + seconds
    seed = figures(into).get("check", {}).get("trees", 0)
    while time.monotonic() < end:
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            root = Path(folder)
            laid = lay(root, sources, chance)
            began, failed = time.process_time(), ""
            try:
                outcome = check(PACKAGE, root)
                printable(outcome.problems)
                assert outcome.problems == sorted(outcome.problems), "not in order"
            except Exception as error:
                failed = keep_tree(into, root, error, seed)
            taken = time.process_time() - began
            if taken > MOST_SECONDS and laid <= 20:
                failed = keep_tree(into, root, AssertionError(f"it takes {taken:.1f} s"), seed)
        kind = "failed" if failed else "refused" if outcome.problems else "taken"
        note(into, "check", trees=1, inputs=laid, **{kind: 1})
        peak(into, "check", megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, slowest_ms=int(taken * 1000))
        seed += 1
    note(into, "check", seconds=seconds)


def lay(root: Path, sources: dict[Path, bytes], chance: random.Random) -> int:
    """A good tree with up to three hundred mutated records and odd files laid into it; how many."""
    shutil.copytree(GOOD, root / "raw")
    many = chance.choice((1, 2, 20, 100, 200, 300))
    good_only = chance.random() < 0.4
    paths = [path for path in sources if not good_only or path.is_relative_to(GOOD)]
    others = [sources[path] for path in chance.sample(paths, min(20, len(paths)))]
    for _ in range(many):
        path = chance.choice(paths)
        home = path.relative_to(GOOD if path.is_relative_to(GOOD) else ROOT / "raw")
        target = root / "raw" / home
        if good_only and many > 2:  # else the few files would be laid over each other
            target = target if target.parent.name != "raw" else target.parent / home.stem / f"x{chance.randrange(10**6)}.yaml"
        content = mutate(sources[path], others, chance)
        if chance.random() < 0.02:
            with suppress(OSError, ValueError):
                odd_file(target, content, chance)
                continue
        with suppress(OSError):  # an odd file stands there already
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
    return many


def odd_file(target: Path, content: bytes, chance: random.Random) -> None:
    """A file of an odd name or kind, a link that leads out, a pipe, a folder."""
    odd = os.fsdecode(chance.choice(ODD).replace(b"/", b"").replace(b"\x00", b"")[:60] or b"..x")
    name = target.with_name(
        chance.choice((odd, f"{odd}.yaml", target.stem, f"{target.stem}.yml", f"{target.stem}.YAML", f" {target.name}"))
    )
    name.parent.mkdir(exist_ok=True)
    match chance.randrange(5):
        case 0:
            name.symlink_to(chance.choice(("/etc/passwd", "../../..", str(target), "nowhere", "/dev/zero")))
        case 1:
            os.mkfifo(name)
        case 2:
            name.mkdir()
        case _:
            name.write_bytes(content)


# ------------------------------------------------------------------------------------------------- findings and figures


def keep(into: Path, content: bytes, error: Exception) -> str:
    """Keep an input and why; one for each place where something went wrong."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = re.sub(r"\W+", "-", f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}-{str(error)[:40]}")
    path = into / "findings" / f"{place}.yaml"
    if not path.exists() or len(content) < path.stat().st_size:
        path.write_bytes(content)
        path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)))
        sys.stderr.write(f"FOUND {place}\n")
    return place


def keep_tree(into: Path, root: Path, error: Exception, seed: int) -> str:
    """Keep the tree and why, but for what is no file in it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else ""
    place = re.sub(r"\W+", "-", f"tree-{type(error).__name__}-{where}-{str(error)[:30]}")
    folder = into / "findings" / place
    if not folder.exists():
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                copy = folder / path.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        why = f"seed {seed}\n" + "".join(traceback.format_exception(error))
        (into / "findings" / f"{place}.txt").write_text(why, encoding="utf-8", errors="replace")
        sys.stderr.write(f"FOUND {place} in tree {seed}\n")
    return place


def figures(into: Path) -> dict[str, Any]:
    """What was done so far."""
    path = into / "figures.json"
    return json.loads(path.read_text()) if path.exists() else {}


def note(into: Path, what: str, **numbers: int) -> None:
    """Add to the figures."""
    all_of_them = figures(into)
    all_of_them[what] = dict(Counter(all_of_them.get(what, {})) + Counter(numbers))
    (into / "figures.json").write_text(json.dumps(all_of_them, indent=1))


def peak(into: Path, what: str, **numbers: int) -> None:
    """Raise the figures that are a most."""
    all_of_them = figures(into)
    mine = all_of_them.setdefault(f"{what}: most", {})
    mine |= {name: max(number, mine.get(name, 0)) for name, number in numbers.items()}
    (into / "figures.json").write_text(json.dumps(all_of_them, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fuzz the reader and the check.")
    parser.add_argument("what", nargs="*", help="reader, check, or both")
    parser.add_argument("--seconds", type=int, default=1800, help="for each")
    parser.add_argument("--into", type=Path, default=Path(".fuzz"))
    parser.add_argument("--slice", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.slice:
        one_slice(arguments.slice, arguments.into.resolve())
    for each in arguments.what or ("reader", "check"):
        {"reader": fuzz_reader, "check": fuzz_check}[each](arguments.seconds, arguments.into.resolve())
        print(each, json.dumps(figures(arguments.into)), flush=True)
