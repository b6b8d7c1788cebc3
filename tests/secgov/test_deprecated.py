"""What is about to go is said once, with what to use instead, to whoever loads it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import secgov
from secgov import _deprecated, _tables
from secgov._dataset import Dataset
from secgov.command import main
from tests.secgov.conftest import Edit

Mark = Callable[..., Dataset]


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    _deprecated._warn_once.cache_clear()
    yield
    _deprecated._warn_once.cache_clear()


@pytest.fixture
def mark(copy: Dataset, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> Mark:
    """Mark a column of a copy of the dataset, which is then the one that came along."""

    def change(table: str, column: str, **members: Any) -> Dataset:
        resources = json.loads((copy.root / "datapackage.json").read_bytes())["resources"]
        (resource,) = (resource for resource in resources if resource["name"] == table)
        (field,) = (field for field in resource["schema"]["fields"] if field["name"] == column)
        field |= members
        edit(resources=resources)
        monkeypatch.setattr("secgov.default", lambda: copy)
        return copy

    return change


def test_nothing_is_said_where_nothing_is_deprecated(dataset: Dataset) -> None:
    for name in dataset.tables:
        _tables.load(dataset, name)  # every warning is an error here


def test_a_column_is_said_to_go_once_and_at_the_line_that_loads_it(mark: Mark) -> None:
    mark("states", "iso2", deprecated="use iso3")
    with pytest.warns(FutureWarning, match=r"^the column states\.iso2 is deprecated: use iso3$") as caught:
        frame = secgov.load("states")
    assert [warning.filename for warning in caught] == [__file__]
    assert "iso2" in frame.columns
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        secgov.load("states", labels=True)
        secgov.load("topics")


def test_each_column_is_said_to_go(mark: Mark) -> None:
    mark("states", "iso2", deprecated="use iso3")
    mark("states", "m49", deprecated="use iso3")
    mark("topics", "label", deprecated="use id")
    with pytest.warns(FutureWarning) as caught:
        _ = [secgov.load(table) for table in ("states", "topics")]
    assert [str(warning.message) for warning in caught] == [
        "the column states.iso2 is deprecated: use iso3",
        "the column states.m49 is deprecated: use iso3",
        "the column topics.label is deprecated: use id",
    ]


def test_a_term_is_said_to_go_if_the_rows_hold_it(mark: Mark) -> None:
    mark("names", "kind", deprecatedTerms={"acronym": "use short-name", "loaded": "use other"})
    with pytest.warns(FutureWarning, match=r"^the term 'acronym' of names\.kind is deprecated: use short-name$") as caught:
        secgov.load("names")
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        secgov.load("names")


def test_who_makes_errors_of_warnings_is_told_each_time(mark: Mark) -> None:
    mark("states", "iso2", deprecated="use iso3")
    for _ in range(2):
        with pytest.raises(FutureWarning, match="use iso3"):
            secgov.load("states")


def test_the_command_says_it_on_stderr(mark: Mark, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = mark("states", "iso2", deprecated="use iso3")
    assert main(["load", "states"], dataset) == 0
    assert capsys.readouterr() == (
        dataset.path("states").read_text(encoding="utf-8"),
        "secgov: the column states.iso2 is deprecated: use iso3\n",
    )
