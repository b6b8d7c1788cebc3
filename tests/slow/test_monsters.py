"""Each hostile file alone, measured: a message in its place, within two seconds of one processor and 512 MiB."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.monsters import MONSTERS, shown

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the most memory")]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    line = [sys.executable, "-m", "tests.monsters", str(tmp_path_factory.mktemp("den"))]
    env = os.environ | {"POLARS_MAX_THREADS": "1"}
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=300)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_is_refused_soon_and_in_little_memory(measured: dict[str, Any], name: str) -> None:
    facts, place = measured[name], re.compile(re.escape(shown(MONSTERS[name])) + rf":\d+:\d+  {MONSTERS[name].rule}  \S")
    assert any(place.match(problem) for problem in facts["problems"]), facts["problems"][:3]
    assert facts["seconds"] < 2
    assert facts["mebibytes"] < 512
