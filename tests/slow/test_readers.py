"""Programs that are not ours validate and read every rendition: same rows, same values, whatever script or sign is in them.

Each Python program comes from an environment of its own, in the version that docs/formats.md names; R and LibreOffice are the system's.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from pipeline.export import export
from pipeline.exports.published import Published, read_published
from pipeline.journey import build
from pipeline.language import Package
from schemas.package import PACKAGE
from tests.conftest import RECORDS
from tests.library import LIBRARY
from tests.pipeline.test_export import read_stata, walk
from tests.slow.test_clean_environments import environment, run

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ROOT / "docs/formats.md"
UTF8 = {"LC_ALL": "C.UTF-8"}
AUTHORS = """
hard: {label: "NA, “né” 'à' Zürich \\"quoted\\"", born: "2015/..", initials: NA}
chinese: {label: 笛福的小说, born: 1899-12-31}
arabic: {label: كتاب عن البحر}
cyrillic: {label: Книга о море}
"""
BOOK = """
label: "007"
genre: essay
price: 0.1
lost: true
writer: [authors/hard]
readers: [chinese, arabic, cyrillic]
"""
Rows = list[tuple[str, ...]]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Made:
    """A published dataset and its renditions."""

    root: Path
    to: Path
    published: Published

    @property
    def name(self) -> str:
        return self.published.package.name

    def truth(self, table: str) -> tuple[list[str], Rows]:
        """Header and rows of a table, as they stand in its CSV."""
        return read(self.root / f"dataset/csv/{table}.csv")

    def numbers(self, table: str) -> set[str]:
        """The columns of a table that hold other than whole numbers."""
        return {column.name for column in self.published.specs[table].columns if column.type == "number"}


def read(path: Path) -> tuple[list[str], Rows]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [tuple(row) for row in rows]


@pytest.fixture(scope="module", params=["real", "library"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What is committed, and a library with everything that is hard to write."""
    folder = tmp_path_factory.mktemp(request.param)
    package: Package = PACKAGE
    if request.param == "library":
        package = LIBRARY
        texts = RECORDS | {"raw/books/seven.yaml": BOOK, "raw/authors.yaml": RECORDS["raw/authors.yaml"] + AUTHORS}
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        assert build(package, folder)[0].problems == []
    else:
        for name in ("dataset", "datapackage.json"):
            (folder / name).symlink_to(ROOT / name)
    _, problems = export(package, folder, folder / "exports")
    assert problems == []
    return Made(folder, folder / "exports", read_published(package, folder))


@cache
def version(tool: str) -> str:
    """The version of a program that the docs say was tried."""
    (found,) = set(re.findall(rf"^\| {re.escape(tool)} \|.*\| ([\d.]+) \|$", FORMATS.read_text(encoding="utf-8"), re.MULTILINE))
    return f"{tool}=={found}"


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The programs of each tool that was asked for, each in an environment of its own."""
    return {"": tmp_path_factory.mktemp("environments")}


def program(environments: dict[str, Path], tool: str, *more: str) -> Path:
    if tool not in environments:
        environments[tool] = environment(environments[""] / tool, version(tool), *more)
    return environments[tool]


def system(name: str) -> str:
    """A program of the system; without it the test is skipped, or fails where nothing may be skipped."""
    if not shutil.which(name):
        if os.environ.get("SECGOV_NO_SKIP"):
            pytest.fail(f"{name} is not here, and nothing may be skipped")
        pytest.skip(f"{name} is not here")
    return name


def same(found: Iterable[Iterable[str]], header: list[str], rows: Rows, numbers: Iterable[str] = (), digits: int = 15) -> None:
    """The rows are those of the table; numbers that are not whole are so to as many digits."""
    inexact = {header.index(name) for name in numbers}
    found = [tuple(row) for row in found]
    assert len(found) == len(rows)
    for one, other in zip(found, rows, strict=True):
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            if place in inexact and theirs:
                assert float(mine) == pytest.approx(float(theirs), rel=10.0**-digits), header[place]
            else:
                assert mine == theirs, header[place]


@pytest.mark.parametrize(
    ("found", "wrong"),
    [([("a", "0.5")], False), ([("b", "0.5")], True), ([("a", "0.50001")], True), ([], True), ([("a", "")], True), ([("a",)], True)],
)
def test_the_comparison_notices_what_differs(found: Rows, wrong: bool) -> None:
    header, rows = ["name", "share"], [("a", "0.5")]
    if wrong:
        with pytest.raises((AssertionError, ValueError)):
            same(found, header, rows, {"share"})
    else:
        same(found, header, rows, {"share"})


# ------------------------------------------------------------------------------------------------------ validators


def test_frictionless_finds_the_package_valid(made: Made, environments: dict[str, Path]) -> None:
    programs = program(environments, "frictionless")
    assert '"valid": true' in run(programs / "frictionless", "validate", "datapackage.json", "--json", cwd=made.root)


def test_csvwvalidate_finds_the_metadata_valid(made: Made, environments: dict[str, Path]) -> None:
    programs = program(environments, "csvw")
    assert run(programs / "csvwvalidate", "-l", "dataset/csv/csv-metadata.json", cwd=made.root) == "OK\n"


@pytest.mark.parametrize("made", ["library"], indirect=True)
@pytest.mark.parametrize(("old", "new"), [("essay", "poem"), (",defoe\n", ",dofoe\n"), ("2015-01-01", "2015"), ("id,", "id_,")])
def test_csvwvalidate_finds_what_is_wrong(made: Made, environments: dict[str, Path], tmp_path: Path, old: str, new: str) -> None:
    programs = program(environments, "csvw")
    shutil.copytree(made.root / "dataset/csv", tmp_path / "csv")
    for path in (tmp_path / "csv").glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    with pytest.raises(AssertionError, match="FAIL"):
        run(programs / "csvwvalidate", "-l", "csv/csv-metadata.json", cwd=tmp_path)


CROISSANT = """
import datetime, json, sys, mlcroissant
dataset = mlcroissant.Dataset(jsonld="dataset/croissant.json")
def text(value):
    if value is None or value != value: return ""
    if isinstance(value, bytes): return value.decode()
    if isinstance(value, bool): return str(value).lower()
    if isinstance(value, (datetime.date, datetime.datetime)): return value.strftime("%Y-%m-%d")
    return str(value)
for records in dataset.metadata.record_sets:
    print(json.dumps([records.id, [[text(value) for value in row.values()] for row in dataset.records(records.id)]]))
"""


def test_mlcroissant_validates_and_loads_every_table(made: Made, environments: dict[str, Path]) -> None:
    programs = program(environments, "mlcroissant", "pyarrow")
    run(programs / "mlcroissant", "validate", "--jsonld", "dataset/croissant.json", cwd=made.root)
    loaded = dict(json.loads(line) for line in run(programs / "python", "-c", CROISSANT, cwd=made.root).splitlines())
    assert list(loaded) == list(made.published.specs)
    for table in (spec.name for spec in made.published.tables):  # mlcroissant reads the flat views from CSV, with NA as missing
        same(loaded[table], *made.truth(table), made.numbers(table))


# --------------------------------------------------------------------------------------------------------- readers

DATASETTE = """
import asyncio, json, sys
from datasette.app import Datasette
name, *tables = sys.argv[1:]
told = json.load(open(f"{name}.datasette.json", encoding="utf-8"))
served = Datasette([f"{name}.sqlite"], metadata=told, settings={"max_returned_rows": 1000000})
async def read():
    for table in tables:
        page = await served.client.get(f"/{name}/{table}")
        assert page.status_code == 200, page.text
        rows = await served.client.get(f"/{name}.json", params={"sql": f'SELECT * FROM "{table}"', "_shape": "arrays"})
        print(json.dumps([table, page.text, rows.json()["rows"]]))
asyncio.run(read())
"""


def test_datasette_serves_every_table(made: Made, environments: dict[str, Path]) -> None:
    programs = program(environments, "datasette")
    tables = [spec.name for spec in made.published.tables]
    for line in run(programs / "python", "-c", DATASETTE, made.name, *tables, cwd=made.to).splitlines():
        table, page, rows = json.loads(line)
        spec = made.published.specs[table]
        assert spec.columns[-1].description.partition("'")[0] in page
        assert made.published.package.licenses[0].title in page
        truths = [place for place, column in enumerate(spec.columns) if column.type == "boolean"]
        texts = [["" if value is None else str(value) for value in row] for row in rows]
        for row in texts:
            for place in truths:
                row[place] = {"1": "true", "0": "false", "": ""}[row[place]]
        same(texts, *made.truth(table), made.numbers(table))


def test_sqlite3_reads_every_table_and_finds_it_sound(made: Made) -> None:
    with closing(sqlite3.connect(made.to / f"{made.name}.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for spec in made.published.tables:
            assert database.execute(f'SELECT count(*) FROM "{spec.name}"').fetchone() == (made.published.frames[spec.name].height,)


def test_pandas_reads_every_stata_file(made: Made) -> None:
    for name, spec in made.published.specs.items():
        assert read_stata(made.to / f"{made.name}-stata/{name}.dta", spec) == made.published.frames[name].rows(), name


def test_duckdb_reads_the_parquet_through_the_views(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made.root / "dataset")
    with duckdb.connect() as connection:
        connection.execute(Path("duckdb.sql").read_text(encoding="utf-8"))
        for spec in made.published.tables:
            assert connection.execute(f'FROM "{spec.name}"').fetchall() == made.published.frames[spec.name].rows()
        for (view,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE view_name LIKE '%\\_labelled' ESCAPE '\\'"
        ).fetchall():
            rows = made.published.frames[view.removesuffix("_labelled")].height
            assert connection.execute(f'SELECT count(*) FROM "{view}"').fetchone() == (rows,)


def test_duckdb_reads_json_lines_and_nothing_is_lost_in_them(made: Made) -> None:
    with duckdb.connect() as connection:
        for path in sorted((made.to / f"{made.name}-jsonl").iterdir()):
            lines = path.read_text(encoding="utf-8").splitlines()
            read = connection.execute("SELECT count(*) FROM read_json(?, format = 'newline_delimited')", [str(path)]).fetchone()
            assert read == (len(lines),), path.name
            if lines:
                columns = connection.execute("DESCRIBE FROM read_json(?, format = 'newline_delimited')", [str(path)]).fetchall()
                assert [name for name, *_ in columns] == list(json.loads(lines[0]))
    found = [
        str(each["id"])
        for spec in made.published.tables
        if spec.model
        for line in (made.to / f"{made.name}-jsonl/{spec.name}.jsonl").read_text(encoding="utf-8").splitlines()
        for each in walk(json.loads(line))
    ]
    nested = [spec.name for spec in made.published.tables if spec.kind in ("entity", "part")]
    assert sorted(found) == sorted(each for name in nested for each in made.published.frames[name]["id"])


def test_libreoffice_reads_every_sheet(made: Made, tmp_path: Path) -> None:
    office = system("soffice")
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    book = made.to / f"{made.name}.xlsx"
    run(office, profile, "--headless", "--convert-to", every_sheet, "--outdir", tmp_path, book, cwd=tmp_path, HOME=tmp_path, **UTF8)
    for name, spec in made.published.specs.items():
        header, rows = read(tmp_path / f"{made.name}-{name}.csv")
        assert header == made.truth(name)[0]
        for place, column in enumerate(spec.columns):
            if column.type == "boolean":
                rows = [(*row[:place], row[place].lower(), *row[place + 1 :]) for row in rows]
        same(rows, *made.truth(name), made.numbers(name), digits=9)  # as many as it shows
    _, first = read(tmp_path / f"{made.name}-READ ME.csv")
    assert any(f"Version {made.published.package.version}" in cell for row in first for cell in row)


R = """
library(readr)
library(haven)
back <- function(frame, path) write.csv(frame, path, na = "", row.names = FALSE, fileEncoding = "UTF-8")
for (path in list.files("dataset/csv", "[.]csv$", full.names = TRUE)) {
  name <- basename(path)
  back(read_csv(path, col_types = cols(.default = "c"), na = "", trim_ws = FALSE), file.path(out, paste0("readr-", name)))
  plain <- read.csv(path, colClasses = "character", na.strings = "", fileEncoding = "UTF-8", check.names = FALSE)
  back(plain, file.path(out, paste0("base-", name)))
}
for (path in list.files(stata, "[.]dta$", full.names = TRUE)) {
  frame <- as.data.frame(as_factor(read_dta(path)))
  for (column in names(frame)) {
    if (is.numeric(frame[[column]])) frame[[column]] <- ifelse(is.na(frame[[column]]), NA, sprintf("%.17g", frame[[column]]))
    frame[[column]] <- as.character(frame[[column]])
  }
  back(frame, file.path(out, paste0("haven-", sub("dta$", "csv", basename(path)))))
}
"""


def test_r_reads_every_csv_and_every_stata_file(made: Made, tmp_path: Path) -> None:
    rscript = system("Rscript")
    script = tmp_path / "read.R"
    script.write_text(f'out <- "{tmp_path}"\nstata <- "exports/{made.name}-stata"\n{R}', encoding="utf-8")
    run(rscript, "--vanilla", "--encoding=UTF-8", script, cwd=made.root, **UTF8)
    for name in made.published.specs:
        header, rows = made.truth(name)
        for reader in ("readr", "base"):
            assert read(tmp_path / f"{reader}-{name}.csv") == (header, rows), (reader, name)
        same(read(tmp_path / f"haven-{name}.csv")[1], header, rows, made.numbers(name))


def snippet(language: str) -> str:
    """The lines of one language in the docs."""
    (lines,) = re.findall(rf"```{language}\n(.*?)```", FORMATS.read_text(encoding="utf-8"), re.DOTALL)
    return str(lines)


@pytest.mark.parametrize("made", ["real"], indirect=True)
def test_the_lines_of_r_in_the_docs_work(made: Made, tmp_path: Path) -> None:
    script = tmp_path / "docs.R"
    script.write_text(snippet("r"), encoding="utf-8")
    out = run(system("Rscript"), "--vanilla", "--encoding=UTF-8", script, cwd=made.root, **UTF8)
    counts: Mapping[str, int] = {name: frame.height for name, frame in made.published.frames.items()}
    assert f"{counts['proposals']} {counts['evidence']}" in out
    assert "directive" in out
