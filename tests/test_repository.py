"""The repository as a whole: what is committed equals what a build makes, and everyone keeps to the house's rules."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.faces.json_schema import editor_schemas
from pipeline.faces.table_schema import DESCRIPTOR
from pipeline.journey import build
from pipeline.places import LEDGER, RELEASES
from pipeline.problems import FORMATS
from pipeline.publish import GENERATED, README, SETTINGS
from pipeline.read import read
from pipeline.tables import FIELDS, INDEX, VOCABULARIES, tables_of, vocabularies_of
from pipeline.verify import verify
from schemas.package import PACKAGE
from secgov import citations, load

ROOT = Path(__file__).resolve().parents[1]
CITATION, ZENODO = "CITATION.cff", ".zenodo.json"


PLAIN = {key: value for key, value in os.environ.items() if not key.startswith("COV")}


def below(root: Path) -> dict[str, bytes]:
    """Every generated file below a folder."""
    folders = [*GENERATED, "dataset"]
    found = {path for folder in folders for path in (root / folder).rglob("*") if path.is_file() and "releases" not in path.parts}
    found |= {root / name for name in (DESCRIPTOR, CITATION, ZENODO, README, SETTINGS)}
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(found)}


def test_what_is_committed_is_what_a_build_makes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    shutil.copy(ROOT / README, tmp_path / README)
    if (ROOT / LEDGER).exists():  # it gives the version
        shutil.copytree(ROOT / RELEASES, tmp_path / RELEASES)
        shutil.copy(ROOT / LEDGER, tmp_path / LEDGER)
    outcome, _ = build(PACKAGE, tmp_path, citations=citations)
    assert FORMATS["text"](outcome.problems) == ""
    made, committed = below(tmp_path), below(ROOT)
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == [], "run build.py and commit what it makes"


def test_what_is_committed_is_whole_and_right() -> None:
    assert FORMATS["text"](verify(PACKAGE, ROOT, deep=True)) == ""


def test_the_years_that_the_package_names_are_those_of_its_tables() -> None:
    def years(*columns: str) -> list[int]:
        frames = {column: load(column.partition(".")[0])[f"{column.partition('.')[2]}_start"].dropna() for column in columns}
        return [int(frame.dt.year.min()) for frame in frames.values()] + [int(frame.dt.year.max()) for frame in frames.values()]

    said = years("proposals.date", "recommendations.date", "claims.date")
    since = years("institutions.founded", "instruments.announced", "instruments.adopted", "instruments.signed")
    assert PACKAGE.temporal == f"Statements of {min(said)} to {max(said)}; founding and adoption of bodies and texts since {min(since)}"


def test_the_descriptor_has_the_form_of_the_published_profile() -> None:
    profile = json.loads(resources.files("dplib").joinpath("profiles/2.0/datapackage.json").read_text(encoding="utf-8"))
    descriptor = json.loads((ROOT / DESCRIPTOR).read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft7Validator(profile).iter_errors(descriptor)] == []
    broken = {**descriptor, "licenses": [{}]}
    assert list(jsonschema.Draft7Validator(profile).iter_errors(broken)) != []


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_citation_file_is_valid(tmp_path: Path) -> None:
    check = ("check_jsonschema", "--builtin-schema", "vendor.citation-file-format")
    assert run(*check, CITATION).returncode == 0
    broken = tmp_path / CITATION
    broken.write_text((ROOT / CITATION).read_text(encoding="utf-8").replace("type: dataset", "type: date"), encoding="utf-8")
    assert run(*check, str(broken)).returncode == 1


@pytest.mark.parametrize("arguments", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)], ids=" ".join)
def test_lint_and_types_are_clean(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_every_record_has_the_common_layout(every: int, tmp_path: Path) -> None:
    for path in sorted((ROOT / "raw").rglob("*.yaml"))[::every]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    # In a process of its own: measured for coverage, ruamel.yaml takes twice as long over a thousand files.
    command = [sys.executable, "build.py", "fmt", "--check", "--root", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=PLAIN)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("model", PACKAGE.records, ids=lambda model: model.table.name)
def test_an_editor_finds_nothing_wrong_with_records_that_pass(model: type) -> None:
    name = model.table.name  # type: ignore[attr-defined]
    schemas = editor_schemas(PACKAGE)
    files = dict.fromkeys((ROOT / "raw" / name).glob("*.yaml"), schemas[f"{name}.json"])
    if (together := ROOT / "raw" / f"{name}.yaml").exists():
        files[together] = schemas[f"{name}.map.json"]
    assert files
    wrong = [
        f"{path.name}: {error.message}"
        for path, schema in files.items()
        for error in jsonschema.Draft7Validator(schema).iter_errors(read(path.read_bytes()).value)
    ]
    assert wrong == []


@pytest.mark.parametrize("model", PACKAGE.records, ids=lambda model: model.table.name)
def test_an_editor_marks_a_field_that_is_not_there(model: type) -> None:
    name = model.table.name  # type: ignore[attr-defined]
    schema = editor_schemas(PACKAGE)[f"{name}.json"]
    messages = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors({"lable": "x"})]
    assert any("'lable'" in message for message in messages)
    for field in ("label", "confidence"):  # the second is one that parts of a tree inherit
        assert any(f"'{field}' is a required property" in message for message in messages)


def test_editors_are_told_which_schema_goes_with_which_file() -> None:
    settings = json.loads((ROOT / SETTINGS).read_text(encoding="utf-8"))["yaml.schemas"]
    for schema, files in settings.items():
        assert (ROOT / schema).is_file()
        assert len(files) == 1
    assert len(settings) == 2 * len(PACKAGE.records)


# ------------------------------------------------------------------------------------------------- who leans on whom


def imports(folder: str) -> dict[str, set[str]]:
    """Module → the first names of what it imports, of everything below a folder."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").partition(".")[0])
        found[path.relative_to(ROOT).as_posix()] = names
    return found


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        ("pipeline", {"schemas", "secgov", "build"}),
        ("schemas", {"secgov", "build", "pathlib", "os", "io", "open"}),
        ("secgov", {"pipeline", "schemas", "build", "pydantic", "pandera", "polars", "frictionless", "yaml"}),
    ],
)
def test_nobody_leans_on_those_who_lean_on_them(folder: str, never: set[str]) -> None:
    assert {module: sorted(names & never) for module, names in imports(folder).items() if names & never} == {}


def test_the_pipeline_has_no_word_of_the_domain() -> None:
    general = {INDEX, FIELDS, VOCABULARIES, "sources", "names", "evidence", "places", "states", "people", "events"}  # words of any dataset
    tables = set(tables_of(PACKAGE)) - general
    terms = {term for vocabulary in vocabularies_of(PACKAGE).values() for term in vocabulary.terms if "-" in term}
    text = {path: path.read_text(encoding="utf-8") for path in (ROOT / "pipeline").rglob("*.py")}
    found = {
        f"{path.name}: {word}"
        for path, content in text.items()
        for word in tables | terms | {"brics", "secgov"}
        if re.search(rf"\b{re.escape(word)}\b", content.lower())
    }
    assert found == set()


# ------------------------------------------------------------------------------------------------ dependencies, docs


def test_declaring_the_package_loads_nothing_that_only_tables_need() -> None:
    """Else workers could not be forked, and each would import everything again."""
    code = (
        "import sys, build, schemas.package, pipeline.journey, secgov; from secgov import citations; from pipeline.workers import _start\n"
    )
    code += "print([name for name in ('polars._plr', 'pandera', 'pandas', 'numpy', 'pyarrow') if name in sys.modules], _start())"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said == f"[] {'fork' if sys.platform == 'linux' else 'spawn'}\n"


def test_whether_anything_changed_is_found_out_with_the_standard_library_alone() -> None:
    code = "import sys, pipeline.known; print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(said)) <= {"__main__", "pipeline", "_virtualenv", "_distutils_hack", "a1_coverage"}


def test_the_lock_names_every_dependency_with_hashes_and_no_host() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    direct = project["project"]["dependencies"] + groups["build"] + [item for item in groups["dev"] if isinstance(item, str)]
    names = {re.sub(r"[._]", "-", re.split(r"[\[><=~ ]", requirement)[0].lower()) for requirement in direct}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", lock, re.MULTILINE))
    assert names - locked.keys() == set()
    assert "://" not in lock
    assert lock.count("--hash=sha256:") >= len(locked)


def test_the_readme_names_every_subcommand_of_build() -> None:
    import build as command

    readme = (ROOT / README).read_text(encoding="utf-8")
    (line,) = (line for line in readme.splitlines() if line.strip().startswith("build.py"))
    assert {info.callback.__name__ for info in command.app.registered_commands if info.callback} == set(
        line.partition(": ")[2].replace(" ", "").split(",")
    )


def blocks(language: str) -> str:
    """All code of one language in the README."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", (ROOT / README).read_text(encoding="utf-8"), re.DOTALL))


def test_the_lines_of_python_in_the_readme_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("python"), README, "exec"), {})
    printed = capsys.readouterr().out
    assert "proposals/wang-yi-brics-nsa-14" in printed
    assert "\ndataset/csv/authors.csv\n" in printed


def test_the_lines_of_sql_in_the_readme_work(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(ROOT)
    with duckdb.connect() as connection:
        rows = connection.execute(blocks("sql")).fetchall()
    assert len(rows) > 20


DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "dataset/codebook.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]


def headings(path: Path) -> set[str]:
    """The anchors of a document, as GitHub makes them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in lines if line.startswith("#")}


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_link_to_a_file_or_heading_leads_somewhere(document: str) -> None:
    here = ROOT / document
    for target in re.findall(r"\]\(([^)\s]+)\)", here.read_text(encoding="utf-8")):
        if "://" not in target:
            file, _, heading = target.partition("#")
            path = here.parent / file if file else here
            assert path.exists(), target
            assert not heading or heading in headings(path), target


def test_every_file_for_ci_is_valid_yaml_or_shell() -> None:
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0
    assert yaml.safe_load((ROOT / CITATION).read_text(encoding="utf-8"))["cff-version"] == "1.2.0"
