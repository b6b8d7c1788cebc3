from __future__ import annotations

import csv
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.tables import tables_of
from pipeline.views import views_of
from schemas.package import PACKAGE
from secgov import _show, _tables
from secgov._cite import cite
from secgov._dataset import HERE, Dataset
from secgov._diff import changes
from secgov._styles import TEXTS
from secgov._versions import dataset_of
from secgov.command import main
from tests.secgov.conftest import ARCHIVE, NEW, OLD
from tests.secgov.test_dataset import flip

TABLES = [*tables_of(PACKAGE), *views_of(PACKAGE, tables_of(PACKAGE))]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on the small dataset: exit code, what it printed, what it said."""

    def command(*arguments: str, dataset: Dataset = dataset) -> tuple[int, str, str]:
        code = main(arguments, dataset)
        return code, *capsys.readouterr()

    return command


@pytest.mark.parametrize("name", TABLES)
def test_load_prints_the_published_csv(dataset: Dataset, run: Run, name: str) -> None:
    assert run("load", name) == (0, dataset.path(name).read_text(encoding="utf-8"), "")


@pytest.mark.parametrize("name", TABLES)
def test_load_prints_json_with_the_same_rows(dataset: Dataset, run: Run, name: str) -> None:
    code, out, _ = run("load", name, "--format", "json", "--labels")
    rows, frame = json.loads(out), _tables.load(dataset, name, labels=True)
    assert code == 0
    assert len(rows) == len(frame)
    for row, (_, series) in zip(rows, frame.iterrows(), strict=True):
        assert list(row) == list(frame.columns)
        assert [value is None for value in row.values()] == series.isna().to_list()
        assert {name: str(value) for name, value in row.items() if isinstance(value, str)} == {
            name: str(series[name])[:10] if frame[name].dtype.kind == "M" else str(series[name])
            for name, value in row.items()
            if isinstance(value, str)
        }


def test_load_prints_labels_and_the_first_rows_only(run: Run) -> None:
    code, out, _ = run("load", "proposals", "--labels", "--head", "2")
    header, *rows = csv.reader(io.StringIO(out))
    assert code == 0
    assert header[1:3] == ["parent", "parent_label"]
    assert [row[1:3] for row in rows] == [["", ""], ["hotline", 'A hotline & two "lines" <script>alert(1)</script>']]
    assert run("load", "proposals", "--head", "9" * 20) == run("load", "proposals")
    assert run("load", "proposals", "--head", "0")[1].count("\n") == 1
    assert run("load", "topics", "--head", "0", "--format", "table")[1].split() == run("load", "topics")[1].splitlines()[0].split(",")
    assert run("load", "proposals", "--head", "0", "--format", "json") == (0, "[]\n", "")


def test_tables_lists_every_table(run: Run) -> None:
    code, out, _ = run("tables")
    head, *lines = out.splitlines()
    assert code == 0
    assert head.split() == ["table", "kind", "rows", "columns", "description"]
    assert [line.split()[0] for line in lines] == TABLES
    assert lines[0].split()[1:4] == ["entity", "5", str(len(tables_of(PACKAGE)["proposals"].columns))]


def test_path_prints_where_the_file_is(dataset: Dataset, run: Run) -> None:
    assert run("path", "states") == (0, f"{dataset.root / 'dataset/csv/states.csv'}\n", "")
    assert run("path", "states", "--format", "parquet") == (0, f"{dataset.root / 'dataset/parquet/states.parquet'}\n", "")


def test_codebook_prints_one_table_or_all(run: Run) -> None:
    code, out, _ = run("codebook", "statuses")
    assert code == 0
    assert out.splitlines()[0].split() == ["field", "type", "required", "unit", "vocabulary", "refers_to", "description"]
    assert "records.address  The address of the record it belongs to." in out
    code, out, _ = run("codebook")
    assert code == 0
    assert out.splitlines()[0].startswith("table ")
    assert len(out.splitlines()) == 1 + sum(
        len(spec.columns) for spec in (tables_of(PACKAGE) | views_of(PACKAGE, tables_of(PACKAGE))).values()
    )


@pytest.mark.parametrize("style", TEXTS)
def test_cite_prints_the_citation(dataset: Dataset, run: Run, style: str) -> None:
    assert run("cite", "--style", style) == (0, f"{cite(dataset, style=style)}\n", "")
    assert run("cite", "proposals/hotline", "--style", style) == (0, f"{cite(dataset, 'proposals/hotline', style)}\n", "")


def test_show_prints_the_record(dataset: Dataset, run: Run) -> None:
    assert run("show", "proposals/hotline.red") == (0, f"{_show.show(dataset, 'proposals/hotline.red')}\n", "")


# ------------------------------------------------------------------------------------------------------------ releases


@pytest.fixture
def of_old(run: Run, wheel: Dataset, releases: Path) -> Run:
    """Run a command on the old release of the library."""
    return lambda *arguments: run(*arguments, "--release", OLD, "--releases", str(releases), dataset=wheel)


def test_versions_lists_the_releases(run: Run, wheel: Dataset, books: Dataset) -> None:
    code, out, _ = run("versions", dataset=wheel)
    head, *lines = out.splitlines()
    assert code == 0
    assert head.split() == ["version", "date", "rows", "bytes", "sha256", "doi", "bundled"]
    assert [line.split()[:2] for line in lines] == [[OLD, "2026-11-22"], [NEW, "2027-03-01"]]
    assert [line.endswith("yes") for line in lines] == [False, True]
    assert run("versions", dataset=books) == (0, "nothing was released yet\n", "")


def test_every_command_takes_a_release(of_old: Run, wheel: Dataset, releases: Path) -> None:
    old = dataset_of(wheel, OLD, releases)
    assert of_old("load", "books") == (0, old.path("books").read_text(encoding="utf-8"), "")
    assert of_old("path", "books") == (0, f"{old.path('books')}\n", "")
    assert of_old("tables")[1].splitlines()[1].split()[:3] == ["books", "entity", "4"]
    assert of_old("codebook", "books")[0] == 0
    assert of_old("cite", "books/crusoe") == (0, f"{cite(old, 'books/crusoe')}\n", "")
    assert of_old("show", "books/crusoe.end") == (0, f"{_show.show(old, 'books/crusoe.end')}\n", "")


def test_diff_prints_every_change(run: Run, wheel: Dataset, releases: Path) -> None:
    expected = [tuple("" if value is None else value for value in row) for row in changes(dataset_of(wheel, OLD, releases), wheel)]
    code, out, err = run("diff", OLD, "--releases", str(releases), dataset=wheel)
    header, *rows = csv.reader(io.StringIO(out))
    assert (code, err) == (0, "")
    assert header == ["table", "key", "change", "field", "old", "new"]
    assert [tuple(row) for row in rows] == expected
    assert ("books", "crusoe", "changed", "pages", "300", "301") in expected
    code, out, _ = run("diff", OLD, NEW, "--releases", str(releases), "--format", "json", dataset=wheel)
    assert [tuple(value or "" for value in row.values()) for row in json.loads(out)] == expected
    assert run("diff", NEW, dataset=wheel) == (0, "table,key,change,field,old,new\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["load", "books", "--release", "0.1.1"], 2, "there is no version '0.1.1' that this installation knows of; did you mean '0.1.0'?"),
        (["diff", "0.3.0"], 2, "there is no version '0.3.0' that this installation knows of; did you mean '0.2.0'?"),
        (["diff", OLD, "--format", "html"], 2, "there is no format 'html'; there is csv, json"),
        (["load", "books", "--releases", OLD], 2, "--releases says where the archives are; name a version with --release"),
        (["load", "books", "--release", OLD, "--releases", "nowhere"], 1, f"there is no {ARCHIVE} in nowhere"),
        (["cite", "--style", "datacite", "--releases", "x", "--release", NEW, "books"], 2, "the style 'datacite' is for the whole dataset"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_release_that_cannot_be_had_is_one_line(run: Run, wheel: Dataset, arguments: list[str], code: int, message: str) -> None:
    found, out, err = run(*arguments, dataset=wheel)
    assert (found, out) == (code, "")
    assert err.startswith(f"secgov: {message}")
    assert err.count("\n") == 1


def test_a_flipped_byte_in_an_archive_is_code_1_and_no_data(of_old: Run, releases: Path) -> None:
    flip(releases / ARCHIVE)
    code, out, err = of_old("load", "books")
    assert (code, out) == (1, "")
    assert err.startswith(f"secgov: {releases / ARCHIVE} has another sha256 than {ARCHIVE} as it was released; ")


def test_version_is_that_of_the_dataset(run: Run) -> None:
    assert run("--version") == (0, f"secgov {PACKAGE.version}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["load", "propsals"], "there is no table 'propsals'; did you mean 'proposals'?"),
        (["load", "states", "--format", "parquet"], "there is no format 'parquet'; there is csv, json, table"),
        (["path", "flat_events", "--format", "parquet"], "there is no format 'parquet' of flat_events; there is csv"),
        (["codebook", "state"], "there is no table 'state'; did you mean 'states'?"),
        (["cite", "state"], "there is no table 'state'; did you mean 'states'?"),
        (["cite", "--style", "bib"], "there is no style 'bib'; did you mean 'bibtex'?"),
        (["show", "hotline"], "there is no record 'hotline'; did you mean 'proposals/hotline'?"),
        (["show", "proposals"], "'proposals' is a table; the address of a record is table/id"),
        (["show", "topics/war"], "'topics/war' was retired: It was a double.; see 'topics/peace'"),
        ([], "no command is given; secgov --help lists them"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_an_unknown_name_is_code_2_and_one_line(run: Run, arguments: list[str], message: str) -> None:
    assert run(*arguments) == (2, "", f"secgov: {message}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lode", "states"], "invalid choice: 'lode'"),
        (["load"], "the following arguments are required: TABLE"),
        (["load", "states", "--head", "many"], "argument --head: 'many' is not a number of rows"),
        (["load", "states", "--head", "-1"], "argument --head: "),
        (["load", "states", "--head", "²"], "argument --head: '²' is not a number of rows"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_bad_usage_is_code_2(run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["load", "states"], ["path", "states", "--format", "parquet"], ["tables"], ["show", "states/nam"]], ids=" ".join
)
def test_a_damaged_file_is_code_1_and_no_data(run: Run, copy: Dataset, arguments: list[str]) -> None:
    (copy.root / "dataset/parquet/states.parquet").write_bytes(b"PAR1")
    code, out, err = run(*arguments, dataset=copy)
    assert (code, out) == (1, "")
    assert err.startswith(f"secgov: {copy.root / 'dataset/parquet/states.parquet'} has 4 bytes, and datapackage.json says ")
    assert err.count("\n") == 1


def test_no_dataset_is_code_1(run: Run, tmp_path: Path) -> None:
    assert run("tables", dataset=Dataset(tmp_path)) == (
        1,
        "",
        f"secgov: there is no dataset in {tmp_path}: datapackage.json is missing; in a checkout, run: make build\n",
    )


def test_python_m_secgov_is_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["secgov", "--help"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("secgov", run_name="__main__")
    assert caught.value.code == 0
    assert "usage: secgov " in capsys.readouterr().out


# ------------------------------------------------------------------------------------- as if it were installed


@pytest.fixture(scope="module")
def site(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like site-packages, with secgov and the tables inside it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(HERE, folder / "secgov", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(dataset.root / "dataset", folder / "secgov/data/dataset")
    shutil.copy(dataset.root / "datapackage.json", folder / "secgov/data")
    return folder


@pytest.fixture(scope="module")
def installed(site: Path) -> Callable[..., subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}

    def start(*arguments: str | bytes, **more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "error", "-m", "secgov", *arguments]
        return subprocess.Popen(command, cwd=site, env=environment | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    return start


def test_an_installed_package_reads_the_tables_inside_it(site: Path, installed: Callable[..., subprocess.Popen[bytes]]) -> None:
    out, err = installed("path", "states").communicate()
    assert (out.decode(), err.decode()) == (f"{site / 'secgov/data/dataset/csv/states.csv'}\n", "")


def test_what_is_printed_is_utf_8_whatever_the_locale(dataset: Dataset, installed: Callable[..., subprocess.Popen[bytes]]) -> None:
    out, err = installed("load", "evidence", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C").communicate()
    assert (out, err) == (dataset.path("evidence").read_bytes(), b"")


@pytest.mark.parametrize("command", ["load", "path", "codebook", "cite", "show"])
def test_an_argument_that_is_no_text_is_code_2(installed: Callable[..., subprocess.Popen[bytes]], command: str) -> None:
    process = installed(command, b"\xff")
    out, err = process.communicate()
    kind = "record" if command == "show" else "table"
    assert (process.returncode, out, err) == (2, b"", f"secgov: there is no {kind} '\\udcff'\n".encode())


def test_a_reader_that_has_seen_enough_is_no_error(installed: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = installed("load", "fields")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
    process.stderr.close()
