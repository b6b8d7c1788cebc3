"""build.py as a curator uses it: what it says, where it says it, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import build as command
from tests.conftest import Write

ROOT = Path(command.__file__).parent
SOURCE = """\
label: A page
lang: en
source_class: press
confidence: low
kept: true
"""
TOPIC = "arms: {label: Arms, definition: Weapons., kept: true, confidence: high}\n"


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(command.app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def root(write: Write) -> Path:
    return write({"raw/sources/a-page.yaml": SOURCE, "raw/topics.yaml": TOPIC})


@pytest.fixture
def broken(root: Path) -> Path:
    (root / "raw/topics.yaml").write_text(TOPIC.replace("}", ", broader: arm}"))
    (root / "raw/sources/a-page.yaml").write_text(SOURCE.replace("press", "pres"))
    return root


PROBLEMS = [
    "raw/sources/a-page.yaml:3:15  unknown-term  'pres' is not a term of the vocabulary source-class; did you mean 'press'?",
    "raw/topics.yaml:1:82  broken-reference  'arm' is not in topics; did you mean 'arms'?",
]


def test_no_subcommand_builds_and_says_what_and_where(root: Path) -> None:
    code, out, said = run("--root", root)
    assert (code, out) == (0, "")
    assert said.startswith(f"built 2 records into {root / 'dataset'}: ")
    assert (root / "datapackage.json").exists()
    assert run("build", "--root", root) == (0, "", f"built 2 records into {root / 'dataset'}: nothing changed\n")


def test_what_is_known_is_neither_read_nor_judged_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("build", "--root", root)
    assert first[0] == 0
    monkeypatch.setattr("pipeline.journey.build", None)
    monkeypatch.setattr("pipeline.journey.check", None)
    assert run("build", "--root", root)[2] == f"built 2 records into {root / 'dataset'}: nothing changed\n"
    assert run("check", "--root", root)[2] == f"checked 2 records in {root / 'raw'}: nothing is wrong\n"
    with pytest.raises(TypeError):
        run("check", "--root", root, "--no-cache")


def test_check_writes_nothing(root: Path) -> None:
    assert run("check", "--root", root) == (0, "", f"checked 2 records in {root / 'raw'}: nothing is wrong\n")
    assert sorted(path.name for path in root.iterdir()) == ["raw"]


@pytest.mark.parametrize("subcommand", ["build", "check"])
def test_everything_that_is_wrong_is_said_together_and_nothing_is_written(broken: Path, subcommand: str) -> None:
    code, out, said = run(subcommand, "--root", broken)
    assert code == 1
    assert out.splitlines() == PROBLEMS
    assert said == "2 problems in 2 files\n"
    assert not (broken / "dataset").exists()


def test_check_of_a_file_reports_on_that_file_only(broken: Path) -> None:
    code, out, _ = run("check", broken / "raw/topics.yaml", "--root", broken)
    assert (code, out.splitlines()) == (1, PROBLEMS[1:])
    code, out, _ = run("check", broken / "raw/sources", "--root", broken)
    assert (code, out.splitlines()) == (1, PROBLEMS[:1])


def test_of_a_file_nothing_may_be_wrong_while_elsewhere_something_is(broken: Path) -> None:
    (broken / "raw/sources/a-page.yaml").write_text(SOURCE)
    said = "checked 2 records in {}: nothing is wrong in what was asked for; problems elsewhere: 1\n"
    assert run("check", broken / "raw/sources", "--root", broken) == (0, "", said.format(broken / "raw"))


def test_a_file_with_an_unfit_name_is_found_under_it(root: Path) -> None:
    odd = root / "raw/sources/a\u00adpage.yaml"
    odd.write_text(SOURCE)
    code, out, _ = run("check", odd, "--root", root)
    assert (code, out.split("  ")[:2]) == (1, ["raw/sources/a\\u00adpage.yaml:1:1", "misplaced-file"])


@pytest.mark.parametrize("subcommand", ["build", "check"])
def test_where_no_records_are_nothing_is_right_and_nothing_is_published(tmp_path: Path, subcommand: str) -> None:
    (tmp_path / "dataset/csv").mkdir(parents=True)
    (tmp_path / "dataset/csv/measured.csv").write_text("a\n1\n")
    code, out, _ = run(subcommand, "--root", tmp_path)
    assert (code, out.split("  ")[:2]) == (1, ["raw:1:1", "no-records"])
    assert below(tmp_path) == {"dataset/csv/measured.csv": "a\n1\n"}
    assert run(subcommand, "--root", tmp_path / "nowhere")[0] == 1


def test_another_package_is_not_replaced(root: Path) -> None:
    (root / "datapackage.json").write_text('{"name": "rainfall"}')
    before = below(root)
    with pytest.raises(FileExistsError, match=r"describes the package rainfall, and secgov would replace it$"):
        run("build", "--root", root)
    assert below(root) == before


def test_how_to_report_is_asked_before_anything_is_done(root: Path) -> None:
    before = below(root)
    for subcommand in ("build", "fmt"):
        assert run(subcommand, "--root", root, "--format", "xml")[0] == 2
    assert below(root) == before


def below(folder: Path) -> dict[str, str]:
    """Every file of somebody below a folder; a lock is nobody's."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_problems_for_machines(broken: Path) -> None:
    code, out, _ = run("check", "--root", broken, "--format", "json")
    assert code == 1
    assert [(p["file"], p["line"], p["column"], p["rule"]) for p in json.loads(out)] == [
        ("raw/sources/a-page.yaml", 3, 15, "unknown-term"),
        ("raw/topics.yaml", 1, 82, "broken-reference"),
    ]
    _, out, _ = run("check", "--root", broken, "--format", "github")
    assert out.startswith("::error file=raw/sources/a-page.yaml,line=3,col=15,title=unknown-term::'pres' is not")


def test_json_of_nothing_wrong_is_an_empty_list(root: Path) -> None:
    assert run("check", "--root", root, "--format", "json")[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "No such command 'chekc'"),
        (["--root", ".", "check"], "options go after the subcommand: build.py check --root …"),
        (["check", "raw/nowhere.yaml"], "there is no file raw/nowhere.yaml"),
        (["check", "/"], "/ is not in "),
        (["check", "--format", "xml"], "there is no format 'xml'; choose one of text, json, github"),
        (["new", "topcs", "a"], "there is no table 'topcs'; did you mean 'topics'?"),
        (["new", "xyz", "a"], "there is no table 'xyz'; choose one of proposals, "),
        (["new", "topics", "A b"], "'A b' is not an id"),
        (["new", "topics", "arms"], "topics/arms is there already, in "),
        (["new", "sources", "a-page"], "sources/a-page is there already, in "),
        (["evidence", "--texts", "nowhere"], "there is no folder nowhere"),
        (["evidence"], "Missing option '--texts'"),
        (["export", "sqlite", "excl"], "there is no format 'excl'; did you mean 'excel'?"),
        (["export", "word"], "there is no format 'word'; choose from sqlite, excel, stata, jsonl"),
        (["export", "--to", "build.py"], "build.py is not a folder"),
        (["check", "--executor", "foo://x"], "'foo://x' is not the address of a Dask cluster; write dask://host:port"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_would_be_right(root: Path, arguments: list[str], message: str) -> None:
    if "--format" in arguments or arguments[0] != "chekc":
        arguments = [*arguments, "--root", str(root)]
    code, _, said = run(*arguments)
    assert code == 2
    assert message in said


@pytest.mark.parametrize("command", ["export", "site"])
@pytest.mark.parametrize("kept", ["raw", "dataset"])
def test_what_is_made_does_not_go_where_records_or_tables_are(root: Path, command: str, kept: str) -> None:
    before = below(root)
    code, _, said = run(command, "--to", root / kept / "made", "--root", root)
    assert (code, "what is made does not belong into dataset/ or raw/" in said) == (2, True)
    assert below(root) == before


def test_of_what_is_damaged_no_difference_is_shown(root: Path) -> None:
    assert run("build", "--root", root)[0] == 0
    (root / "datapackage.json").write_text("{}")
    code, out, _ = run("diff", "--root", root)
    assert (code, "datapackage.json:1:1" in out) == (1, True)


@pytest.mark.parametrize("others", ["5", "[arms]", "arms:\n"])
def test_a_card_beside_a_file_that_makes_no_sense_is_written_all_the_same(root: Path, others: str) -> None:
    (root / "raw/topics.yaml").write_text(others)
    assert run("new", "topics", "peace", "--root", root)[0] == 0


def test_a_card_is_not_written_through_a_link(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "note"
    (root / "raw/sources/linked.yaml").symlink_to(outside)
    code, _, said = run("new", "sources", "linked", "--root", root)
    assert (code, "sources/linked is there already" in said, outside.exists()) == (2, True, False)


def test_new_writes_a_card_that_check_then_asks_to_fill_in(root: Path) -> None:
    code, _, said = run("new", "topics", "peace", "--root", root)
    also = f" (it may stand in {root / 'raw/topics.yaml'} too, among the others, under 'peace:')"
    assert (code, said) == (0, f"wrote {root / 'raw/topics/peace.yaml'}: fill it in, then run build.py check{also}\n")
    code, out, _ = run("check", "--root", root)
    assert code == 1
    assert "raw/topics/peace.yaml:5:7  empty-value  there is no value here; write one, or take the field out if it may be left out" in out


def test_fmt_formats_and_check_only_asks(root: Path) -> None:
    page = root / "raw/sources/a-page.yaml"
    page.write_text(SOURCE.replace("lang: en", "lang:    en"))
    code, out, _ = run("fmt", "--check", "--root", root)
    assert (code, out) == (1, "raw/sources/a-page.yaml:1:1  not-formatted  the layout is not the common one; run build.py fmt\n")
    assert run("fmt", "--root", root) == (0, "", "1 file formatted\n")
    assert page.read_text() == SOURCE
    assert run("fmt", "--root", root) == (0, "", "every file has the common layout\n")


def test_verify_judges_what_was_published(root: Path) -> None:
    assert run("verify", "--root", root)[0] == 1
    run("build", "--root", root)
    assert run("verify", "--root", root) == (0, "", f"{root / 'dataset'} is whole\n")
    assert run("verify", "--deep", "--root", root) == (0, "", f"{root / 'dataset'} is whole, and its contents are right\n")
    (root / "dataset/csv/topics.csv").write_text("id\n")
    code, out, _ = run("verify", "--root", root)
    assert code == 1
    assert out.startswith("dataset/csv/topics.csv:1:1  wrong-")


def test_export_says_what_it_made_and_where(root: Path) -> None:
    code, out, _ = run("export", "--root", root)
    assert (code, out) == (1, "datapackage.json:1:1  missing-file  the file is not there; run build.py\n")
    run("build", "--root", root)
    to = root / "exports"
    made = [f"{to}/secgov-jsonl/", f"{to}/secgov.datasette.json", f"{to}/secgov.sqlite"]
    code, out, said = run("export", "sqlite", "jsonl", "sqlite", "--root", root)
    assert (code, out.splitlines(), said) == (0, made, f"made sqlite, jsonl in {to}\n")
    code, _, said = run("export", "excel", "--root", root, "--to", root / "elsewhere")
    assert (code, said) == (0, f"made excel in {root / 'elsewhere'}\n")
    assert [path.name for path in (root / "elsewhere").iterdir()] == ["secgov.xlsx"]
    code, _, said = run("export", "--root", root, "--to", root / "dataset/exports")
    assert code == 2
    assert "what is made does not belong into dataset/ or raw/" in said
    assert run("verify", "--root", root)[0] == 0


def test_export_with_no_format_makes_all_that_its_help_names(root: Path) -> None:
    run("build", "--root", root)
    code, _, said = run("export", "--root", root)
    assert (code, said) == (0, f"made sqlite, excel, stata, jsonl in {root / 'exports'}\n")
    assert "sqlite, excel, stata, jsonl; all if none is named" in run("export", "--help")[1]


def test_evidence_says_what_was_looked_up_and_what_was_not(root: Path) -> None:
    (root / "texts").mkdir()
    page = root / "raw/sources/a-page.yaml"
    page.write_text(SOURCE + f"sha256: '{'0' * 64}'\nevidence:\n  - {{source: a-page, at: ¶1, passage: [one, two]}}\n")
    code, _, said = run("evidence", "--texts", root / "texts", "--root", root)
    assert code == 0
    assert f"not looked up: there is no text of sources/a-page in {root / 'texts'}\n" in said
    assert f"in {root / 'texts'} is the text of no source that has anchors; a source's sha256 says which text it was read from\n" in said


def test_evidence_first_wants_records_that_are_right(broken: Path) -> None:
    code, out, _ = run("evidence", "--texts", broken, "--root", broken)
    assert (code, out.splitlines()) == (1, PROBLEMS)


def test_the_command_runs_from_anywhere_and_shows_no_progress_to_a_pipe(root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "check", "--root", str(root)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"checked 2 records in {root / 'raw'}: nothing is wrong\n"


def test_progress_is_shown_on_a_terminal(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    command._progress("reading records …")
    command._progress("")
    assert capsys.readouterr().err == "\r\033[Kreading records …\r\033[K"


def test_site_writes_pages_of_what_is_published_and_refuses_what_is_not_whole(root: Path) -> None:
    run("--root", root)
    done = run("site", "--root", root)
    assert done == (0, "", f"wrote the pages of 2 records, {count(root)} files in all: open {root / 'site/index.html'}\n")
    assert (root / "site/sources/a-page.html").is_file()
    (root / "mine").mkdir()
    (root / "mine/diary.txt").write_text("dear diary")
    code, _, said = run("site", "--root", root, "--to", root / "mine")
    assert code == 1
    assert said == f"no site was made: {root / 'mine'} is there and was not made by this command; name another folder, or remove it\n"
    table = root / "dataset/csv/topics.csv"
    table.write_bytes(table.read_bytes().replace(b"Weapons", b"Weapon"))
    code, out, said = run("site", "--root", root, "--to", root / "other")
    assert code == 1
    assert "dataset/csv/topics.csv:1:1  wrong-size  " in out
    assert not (root / "other").exists()


def count(root: Path) -> int:
    return sum(path.is_file() for path in (root / "site").rglob("*"))
