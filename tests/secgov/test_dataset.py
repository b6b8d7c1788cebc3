from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import secgov
from secgov import IntegrityError, UnknownName, _cite, _show, _tables
from secgov._dataset import HERE, Dataset, default
from secgov._descriptor import DESCRIPTOR
from tests.secgov.conftest import seal


def flip(path: Path) -> None:
    """Change one byte, and not the length."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


# ------------------------------------------------------------------------------------------------------- integrity


@pytest.mark.parametrize("name", ["proposals", "evidence", "records", "flat_events"])
@pytest.mark.parametrize("use", [_tables.load, Dataset.arrow, Dataset.rows, lambda dataset, _: _tables.tables(dataset)])
@pytest.mark.parametrize("used_before", [True, False])
def test_a_flipped_byte_is_noticed_before_the_data_are_used(
    copy: Dataset, name: str, use: Callable[[Dataset, str], object], used_before: bool
) -> None:
    form = "csv" if name.startswith("flat") else "parquet"
    if used_before:  # the verdict of earlier does not hold for a file that was changed since
        use(copy, name)
    flip(copy.root / f"dataset/{form}/{name}.{form}")
    with pytest.raises(IntegrityError, match=rf"{name}\.{form} has another sha256 than datapackage.json says; .*make build$"):
        use(copy, name)


def test_a_flipped_byte_in_the_csv_does_not_keep_the_parquet_from_being_used(copy: Dataset) -> None:
    flip(copy.root / "dataset/csv/states.csv")
    assert len(_tables.load(copy, "states")) == 2
    with pytest.raises(IntegrityError, match=r"states\.csv has another sha256"):
        copy.path("states")


def test_a_file_of_another_size_is_noticed(copy: Dataset) -> None:
    path = copy.root / "dataset/csv/states.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    size = path.stat().st_size
    with pytest.raises(IntegrityError, match=rf"states\.csv has {size} bytes, and datapackage.json says {size - 1}; "):
        copy.path("states")


def test_a_file_that_is_gone_is_noticed(copy: Dataset) -> None:
    (copy.root / "dataset/parquet/states.parquet").unlink()
    with pytest.raises(IntegrityError, match=r"states\.parquet is missing, though datapackage.json lists it; "):
        _tables.load(copy, "states")


def test_a_record_is_not_shown_and_not_cited_from_a_damaged_index(copy: Dataset) -> None:
    flip(copy.root / "dataset/parquet/records.parquet")
    for use in (_show.show, _cite.cite):
        with pytest.raises(IntegrityError, match=r"records\.parquet has another sha256"):
            use(copy, "states/nam")


def test_each_file_is_hashed_once(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    _tables.load(dataset, "topics")
    monkeypatch.setattr("hashlib.file_digest", lambda *_: pytest.fail("hashed again"))
    assert len(_tables.load(dataset, "topics")) == 1


def test_a_dataset_that_is_built_again_is_read_again(copy: Dataset) -> None:
    path = copy.root / DESCRIPTOR
    assert copy.package.title.startswith("secgov: ")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"title": "Another"}), encoding="utf-8")
    seal(copy.root)
    assert copy.package.title == "Another"


# ------------------------------------------------------------------------------------------------------ descriptor


def test_a_folder_without_a_descriptor_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"^there is no dataset in .*: datapackage.json is missing; in a checkout, run: make build$"
    ):
        _tables.tables(Dataset(tmp_path))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "JSONDecodeError"),
        ("\xff", "JSONDecodeError"),
        ("[]", "TypeError"),
        ("{}", "KeyError: 'resources'"),
        ('{"resources": [{"name": "x", "schema": {"fields": []}}]}', "KeyError: 'path'"),
    ],
)
def test_a_descriptor_that_makes_no_sense_is_an_integrity_error(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / DESCRIPTOR).write_text(text, encoding="utf-8")
    seal(tmp_path)
    with pytest.raises(IntegrityError, match=rf"datapackage.json is not the descriptor of a dataset: {reason}"):
        _ = Dataset(tmp_path).package


def test_a_package_that_carries_its_data_uses_them(tmp_path: Path) -> None:
    package = tmp_path / "secgov"
    (package / "data").mkdir(parents=True)
    assert default(package) == Dataset(tmp_path)
    (package / "data" / DESCRIPTOR).write_text("{}", encoding="utf-8")
    assert default(package) == Dataset(package / "data")


def test_in_a_checkout_the_dataset_is_beside_the_package() -> None:
    assert default() == Dataset(HERE.parent)
    assert HERE.name == "secgov"


# ----------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("propsals", "there is no table 'propsals'; did you mean 'proposals'?"),
        ("Proposals", "there is no table 'Proposals'; did you mean 'proposals'?"),
        ("PROPOSALS", "there is no table 'PROPOSALS'; did you mean 'proposals'?"),
        ("flat-events", "there is no table 'flat-events'; did you mean 'flat_events'?"),
        ("states_parquet", "there is no table 'states_parquet'; did you mean 'states'?"),
        ("zzz", "there is no table 'zzz'"),
        ("", "there is no table ''"),
        (1, "there is no table '1'"),
    ],
)
def test_an_unknown_table_names_the_nearest(dataset: Dataset, name: Any, message: str) -> None:
    for use in (_tables.load, _tables.codebook, _cite.cite, Dataset.path):
        with pytest.raises(UnknownName) as caught:
            use(dataset, name)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("proposals/hotlin", "there is no record 'proposals/hotlin'; did you mean 'proposals/hotline'?"),
        ("proposals/hotline.rad", "there is no record 'proposals/hotline.rad'; did you mean 'proposals/hotline.red'?"),
        ("proposal/hotline", "there is no record 'proposal/hotline'; did you mean 'proposals/hotline'?"),
        ("states/council", "there is no record 'states/council'; did you mean 'institutions/council'?"),
        ("proposls/hotlne", "there is no record 'proposls/hotlne'; did you mean 'proposals/hotline'?"),
        ("states/zzz", "there is no record 'states/zzz'"),
        ("evidence/1", "there is no record 'evidence/1'"),
        ("topics/war", "'topics/war' was retired: It was a double.; see 'topics/peace'"),
        ("topics/law", "'topics/law' was retired: Nothing was about it."),
    ],
)
def test_an_unknown_address_names_the_nearest(dataset: Dataset, address: str, message: str) -> None:
    for use in (_cite.cite, _show.show):
        with pytest.raises(UnknownName) as caught:
            use(dataset, address)
        assert str(caught.value) == message


def test_a_bare_id_is_answered_with_the_address(dataset: Dataset) -> None:
    with pytest.raises(UnknownName, match=r"^there is no record 'hotline'; did you mean 'proposals/hotline'\?$"):
        _show.show(dataset, "hotline")


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: secgov.load(None), "there is no table 'None'"),  # type: ignore[arg-type]
        (lambda: secgov.show(None), "there is no record 'None'"),  # type: ignore[arg-type]
        (lambda: secgov.show("topics"), "'topics' is a table; the address of a record is table/id"),
        (lambda: secgov.cite(None, None), "there is no style 'None'"),  # type: ignore[arg-type]
        (lambda: secgov.load("topics", version=1), "there is no version '1' that this installation knows of"),  # type: ignore[arg-type]
    ],
    ids=["load", "show", "show of a table", "cite", "version"],
)
def test_what_is_no_name_is_an_unknown_one(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, use: Callable[[], object], message: str
) -> None:
    monkeypatch.setattr("secgov.default", lambda: dataset)
    with pytest.raises(UnknownName, match=f"^{message}"):
        use()


def test_an_unknown_format_names_those_there_are(dataset: Dataset) -> None:
    with pytest.raises(UnknownName, match=r"^there is no format 'parket'; did you mean 'parquet'\?$"):
        dataset.path("states", "parket")
    with pytest.raises(UnknownName, match=r"^there is no format 'xlsx'; there is csv, parquet$"):
        dataset.path("states", "xlsx")
    with pytest.raises(UnknownName, match=r"^there is no format 'parquet' of flat_events; there is csv$"):
        dataset.path("flat_events", "parquet")


def test_an_unknown_style_names_the_nearest(dataset: Dataset) -> None:
    with pytest.raises(UnknownName, match=r"^there is no style 'bibtext'; did you mean 'bibtex'\?$"):
        _cite.cite(dataset, style="bibtext")
    with pytest.raises(UnknownName, match=r"^there is no style 'mla'; there is apa, bibtex, csl-json, ris, cff, zenodo, datacite$"):
        _cite.cite(dataset, style="mla")


def test_an_unknown_name_is_a_key_error_that_reads_well_and_travels() -> None:
    error = UnknownName("there is no table 'x'")
    assert isinstance(error, KeyError)
    assert str(pickle.loads(pickle.dumps(error))) == "there is no table 'x'"


# -------------------------------------------------------------------------------------------------- the public face


def test_the_public_functions_are_those_of_the_dataset_that_came_along(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secgov.default", lambda: dataset)
    assert secgov.tables().equals(_tables.tables(dataset))
    assert secgov.load("states").equals(_tables.load(dataset, "states"))
    assert "state_label" in secgov.load("people", labels=True).columns
    assert secgov.path("states") == dataset.root / "dataset/csv/states.csv"
    assert secgov.path("states", format="parquet") == dataset.root / "dataset/parquet/states.parquet"
    assert secgov.codebook("states").equals(_tables.codebook(dataset, "states"))
    assert secgov.codebook().equals(_tables.codebook(dataset))
    assert secgov.cite() == _cite.cite(dataset)
    assert secgov.cite("states/nam", style="ris") == _cite.cite(dataset, "states/nam", "ris")
    assert str(secgov.show("states/nam")) == str(_show.show(dataset, "states/nam"))
    assert secgov.__version__ == secgov.version() == dataset.package.version


FUNCTIONS: dict[str, Callable[[], object]] = {
    "cite": secgov.cite,
    "codebook": secgov.codebook,
    "diff": lambda: secgov.diff("0.1.0"),
    "load": lambda: secgov.load("states"),
    "path": lambda: secgov.path("states"),
    "plot": lambda: secgov.plot("network"),
    "show": lambda: secgov.show("states/nam"),
    "tables": secgov.tables,
    "version": secgov.version,
    "versions": secgov.versions,
}


@pytest.mark.parametrize("name", sorted({name for name in secgov.__all__ if name[0].islower()} - {"citations", "citer"}))
def test_where_there_is_no_dataset_every_function_that_reads_one_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("secgov.default", lambda: Dataset(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"^there is no dataset in "):
        FUNCTIONS[name]()


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'secgov' has no attribute 'draw'"):
        _ = secgov.draw


def test_every_public_name_has_a_docstring() -> None:
    for name in secgov.__all__:
        assert len(getattr(secgov, name).__doc__) > 40


HEAVY = ("pandas", "pyarrow", "numpy", "pooch", "requests", "pydantic", "polars", "schemas", "pipeline")


@pytest.mark.parametrize(
    "module",
    ["secgov", "secgov.command", "secgov._tables", "secgov._show", "secgov._cite", "secgov._versions", "secgov._archive", "secgov._diff"],
)
def test_importing_is_cheap(module: str) -> None:
    script = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", script], cwd=HERE.parent, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
