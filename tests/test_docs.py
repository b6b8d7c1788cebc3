"""The worked example gives answers, and the same picture every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(folder: Path) -> str:
    command = [sys.executable, "docs/three_questions.py", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_three_questions_have_answers(tmp_path: Path) -> None:
    _, council, contradicted, later = re.split(r"^[123]\. ", run(tmp_path), flags=re.MULTILINE)
    assert "recommendations/akram-2024-strategies.africa" in council
    assert "the evidence on 'founded' of Beijing Xiangshan Forum" in contradicted
    assert "Volodymyr Zelenskyy" in contradicted
    assert "Kazan Declaration" in later
    assert "2025-04-30" in later


def test_the_picture_is_the_same_on_every_run(tmp_path: Path) -> None:
    pictures = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run(tmp_path / name)
        pictures.append((tmp_path / name / "status_of_proposals.svg").read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"<?xml")
