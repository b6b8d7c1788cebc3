"""The worked examples give answers, and the same picture every time; what the pages for curators and on formats say is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.export import FORMATS
from pipeline.exports.names import fitted
from pipeline.exports.stata import LARGEST, NAME, RESERVED
from pipeline.journey import check
from pipeline.publish import CROISSANT, CSVW, DUCKDB
from pipeline.tables import tables_of
from schemas.package import PACKAGE

ROOT = Path(__file__).resolve().parents[1]


def run(folder: Path, example: str = "three_questions") -> str:
    """Run an example as its first lines say, in a shell that knows of no clone."""
    (said,) = re.findall(r"in a clone: ``python (.*?)(?: \[.*\])?``", (ROOT / f"docs/{example}.py").read_text(encoding="utf-8"))
    command = [sys.executable, *said.split(), str(folder)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_three_questions_have_answers(tmp_path: Path) -> None:
    _, council, contradicted, later = re.split(r"^[123]\. ", run(tmp_path), flags=re.MULTILINE)
    assert "recommendations/akram-2024-strategies.africa" in council
    assert "the evidence on 'founded' of Beijing Xiangshan Forum" in contradicted
    assert "Volodymyr Zelenskyy" in contradicted
    assert "Kazan Declaration" in later
    assert "2025-04-30" in later


def test_the_three_comparisons_have_answers(tmp_path: Path) -> None:
    _, returning, seats, shared = re.split(r"^[123]\. ", run(tmp_path, "three_comparisons"), maxsplit=3, flags=re.MULTILINE)
    assert "Promote the Global Initiative on Data Security        Promote global rules on such matters as data security" in returning
    assert seats.startswith("Seats of the Security Council: today 15 (5 + 10)")
    numbers = {by: rest.split() for by, rest in re.findall(r"^(Razali Ismail|African Union|Türkiye) {2,}(.*)$", seats, re.MULTILINE)}
    assert numbers["Razali Ismail"] == ["24", "10", "14", "1997-03-20"]
    assert numbers["African Union"] == ["26", "11", "15", "2005-07-18"]
    assert numbers["Türkiye"] == ["20", "0", "2017-01-23"]
    assert re.search(r"^3\. Points that at least two of \d+ plans share \(ukraine-conflict\)$", shared, re.MULTILINE)
    assert re.search(r"^Ceasefire and de-escalation( +x)+$", shared, re.MULTILINE)


def test_the_picture_is_the_same_on_every_run(tmp_path: Path) -> None:
    pictures = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run(tmp_path / name)
        pictures.append((tmp_path / name / "status_of_proposals.svg").read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"<?xml")


def test_the_message_that_curators_are_shown_is_the_one_they_get(tmp_path: Path) -> None:
    (shown,) = re.findall(r"A message looks like this:\n\n    (.*)\n", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    event = shown.partition(":")[0]
    shutil.copytree(ROOT / "raw/institutions", tmp_path / "raw/institutions")
    (tmp_path / event).parent.mkdir()
    mistaken = (ROOT / event).read_text(encoding="utf-8").replace("series: brics-nsa-meetings\n", "series: brics-nsa\n")
    (tmp_path / event).write_text(mistaken, encoding="utf-8")
    assert shown in map(str, check(PACKAGE, tmp_path).problems)


# --------------------------------------------------------------------------------------------------------- formats

PAGE = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
STATA = "use clear tabulate missing decode generate merge 1 m using keep match nogenerate list in 10"
"""The words of Stata in the lines of the page: every other one is a variable."""


def lines(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_page_on_formats_names_every_format_and_rendition() -> None:
    listed = re.findall(r"^\| .* \| (`.*`.*) \| .* \|$", PAGE.partition("```")[0], re.MULTILINE)
    for file in (CSVW, CROISSANT, DUCKDB, "secgov.sqlite", "secgov.xlsx", "secgov-stata/", "secgov-jsonl/"):
        assert any(f"`{file}`" in where for where in listed), file
    assert set(re.findall(r"build\.py export ([a-z ]+?) +#", PAGE)[0].split()) <= set(FORMATS)


@pytest.mark.parametrize("tool", ["frictionless", "openpyxl", "pandas", "duckdb", "polars"])
def test_the_versions_that_were_tried_are_those_of_the_lock(tool: str) -> None:
    (tried,) = re.findall(rf"^\| {tool} \|.*\| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert re.search(rf"^{tool}=={re.escape(tried)} ", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_largest_number_of_stata_is_the_one_on_the_page() -> None:
    assert f"No number is above {LARGEST:.3g}." in PAGE


def test_the_lines_for_stata_name_variables_that_are_there() -> None:
    specs = tables_of(PACKAGE)
    code = re.sub(r"//.*", "", lines("stata"))
    files = re.findall(r'"exports/secgov-stata/(\w+)\.dta"', code)
    assert files
    variables = {name for file in files for name in fitted([column.name for column in specs[file].columns], NAME, RESERVED).values()}
    made = set(re.findall(r"generate\W+(\w+)", code))
    words = set(re.findall(r"\w+", re.sub(r'"[^"]*"', "", code)))
    assert words - set(STATA.split()) - made <= variables


def test_the_lines_of_sql_on_the_page_work(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(ROOT / "dataset")
    with duckdb.connect() as connection:
        connection.execute(Path("duckdb.sql").read_text(encoding="utf-8"))
        assert len(connection.execute(lines("sql")).fetchall()) > 10
