"""Campaigns in small: the ways in which records are broken on purpose, each found where it is."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys

import pytest

from pipeline.problems import Problem
from schemas.package import PACKAGE
from tests.campaigns.seeded import FAULTS, ROOT, Broken, Tally, campaign, judge

pytestmark = pytest.mark.slow


def test_every_seeded_fault_is_found_in_its_file_and_nearly_every_one_at_its_line() -> None:
    tally = campaign(PACKAGE, ROOT, rounds=8, seed=8)
    assert {fault.__name__ for fault in FAULTS} == {name for name, count in tally.made.items() if count > 0}
    assert tally.found == tally.made, tally.missed
    assert tally.at_line.total() >= 0.98 * tally.made.total(), tally.missed
    assert tally.fixed.total() >= 0.95 * tally.made.total()
    assert tally.false_alarms == []


def test_a_fault_that_nothing_is_said_of_is_counted_as_missed() -> None:
    tally = Tally()
    made = {"raw/a.yaml": ("tab", Broken("", 2, frozenset({"forbidden-character"}), was="a"))}
    judge(
        [Problem("raw/a.yaml", 3, 1, "forbidden-character", "a tab; use spaces"), Problem("raw/b.yaml", 1, 1, "tag", "remove it")],
        made,
        tally,
    )
    assert (tally.found["tab"], tally.at_line["tab"]) == (1, 0)
    assert tally.missed == ["tab in raw/a.yaml:2: ['raw/a.yaml:3:1  forbidden-character  a tab; use spaces']"]
    assert tally.false_alarms == ["raw/b.yaml:1:1  tag  remove it"]


@pytest.mark.skipif(shutil.which("strace") is None and "SECGOV_NO_SKIP" not in os.environ, reason="needs strace")
@pytest.mark.parametrize("what", ["build", "release"])
def test_a_system_that_fails_at_any_step_leaves_the_old_the_new_or_what_is_refused(what: str) -> None:
    """In a process of its own, since the campaign forks: what polars has begun in this one does not go along."""
    command = [sys.executable, "-m", "tests.campaigns.faults", what, "--most", "12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    outcomes = ast.literal_eval(done.stdout.removeprefix(what).strip())
    assert sum(outcomes.values()) == 12
    assert {outcome.partition(",")[0] for outcome in outcomes} >= {"killed", "error told"}
