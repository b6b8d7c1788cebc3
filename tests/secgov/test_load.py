from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline.tables import tables_of
from pipeline.views import views_of
from schemas.package import PACKAGE
from secgov import IntegrityError, _tables
from secgov._dataset import Dataset
from tests.library import LIBRARY
from tests.secgov.conftest import Edit

SPECS = tables_of(PACKAGE) | views_of(PACKAGE, tables_of(PACKAGE))
every_table = pytest.mark.parametrize("name", SPECS)

PARSE: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": pd.Timestamp,
}


def fields(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    """The fields of a table as the descriptor has them, read without secgov."""
    descriptor = json.loads((dataset.root / "datapackage.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = next(r for r in descriptor["resources"] if r["name"] == name)["schema"]["fields"]
    return found


def values(column: pd.Series) -> list[Any]:
    return [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]


@every_table
def test_a_table_has_exactly_what_its_csv_has(dataset: Dataset, name: str) -> None:
    frame = _tables.load(dataset, name)
    with dataset.path(name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert list(frame.columns) == header
    assert len(frame) == len(rows)
    for place, field in enumerate(fields(dataset, name)):
        cells = [row[place] for row in rows]
        assert values(frame[field["name"]]) == [PARSE[field["type"]](cell) if cell else None for cell in cells], field["name"]


@every_table
def test_a_table_has_exactly_what_pandas_reads_from_its_csv(dataset: Dataset, name: str) -> None:
    frame = _tables.load(dataset, name)
    read = pd.read_csv(dataset.path(name), keep_default_na=False, na_values=[""], dtype="string")
    for column in frame.columns:
        text = frame[column].astype("string").str.replace(r"^(True|False)$", lambda found: found[0].lower(), regex=True)
        if frame[column].dtype == "Float64":
            text, read[column] = frame[column], read[column].astype("Float64")
        assert values(text) == values(read[column]), column


@every_table
def test_the_types_are_those_of_the_descriptor(dataset: Dataset, name: str) -> None:
    frame = _tables.load(dataset, name)
    for field in fields(dataset, name):
        kind, constraints = frame[field["name"]].dtype, field.get("constraints", {})
        if "categories" in field:
            assert isinstance(kind, pd.CategoricalDtype)
            assert list(kind.categories) == field["categories"]
            assert not kind.ordered
        elif field["type"] == "boolean":
            assert kind == ("bool" if constraints.get("required") else "boolean")
        else:
            assert kind == {"string": "string", "integer": "Int64", "number": "Float64", "date": "datetime64[s]"}[field["type"]]


@every_table
def test_a_frame_says_what_it_is_and_how_to_cite_it(dataset: Dataset, name: str) -> None:
    attributes = _tables.load(dataset, name).attrs
    assert list(attributes) == ["table", "version", "title", "citation"]
    assert attributes["table"] == name
    assert attributes["version"] == PACKAGE.version
    assert attributes["title"] == SPECS[name].title
    assert f"(secgov {PACKAGE.version}, table {name}" in attributes["citation"]


@every_table
def test_labels_stand_right_after_the_references_and_change_nothing_else(dataset: Dataset, name: str) -> None:
    plain, labelled = _tables.load(dataset, name), _tables.load(dataset, name, labels=True)
    targets = {column.name: column.reference for column in SPECS[name].columns if column.reference}
    expected = [part for column in plain.columns for part in ((column, f"{column}_label") if column in targets else (column,))]
    assert list(labelled.columns) == expected
    pd.testing.assert_frame_equal(labelled[list(plain.columns)], plain)
    for column, (table, key) in targets.items():
        named = _tables.load(dataset, table).set_index(key)["label"].to_dict()
        assert labelled[f"{column}_label"].dtype == "string"
        assert values(labelled[f"{column}_label"]) == [named[value] if value else None for value in values(plain[column])]


def test_a_label_is_that_of_the_row_referred_to(dataset: Dataset) -> None:
    frame = _tables.load(dataset, "memberships", labels=True)
    assert (frame.loc[0, "institution_label"], frame.loc[0, "member_label"]) == ("The Council", "Namibia")


def test_the_text_na_is_text(dataset: Dataset) -> None:
    states = _tables.load(dataset, "states").set_index("id")
    assert states.loc["nam", "iso2"] == "NA"
    assert _tables.load(dataset, "flat_proposals").loc[0, "summary"] == "NA"
    assert _tables.load(dataset, "names").loc[0, "name"] == "NA"


def test_a_date_before_the_reach_of_nanoseconds_is_kept(dataset: Dataset) -> None:
    assert _tables.load(dataset, "institutions").set_index("id").loc["council", "founded_start"] == pd.Timestamp("1648-01-01")


def test_what_is_missing_is_na(dataset: Dataset) -> None:
    proposals = _tables.load(dataset, "proposals").set_index("id")
    assert proposals.loc["hotline", "parent"] is pd.NA
    assert proposals.loc["hotline", "ordinal"] is pd.NA
    assert _tables.load(dataset, "states").loc[0, "reviewed"] is pd.NaT
    assert proposals["modality"].isna().tolist() == [False, True, True, True, True]


def test_a_table_without_rows_has_its_columns_and_types(dataset: Dataset) -> None:
    places = _tables.load(dataset, "places", labels=True)
    assert places.shape == (0, len(SPECS["places"].columns) + 2)
    assert places["state_label"].dtype == "string"
    assert isinstance(places["type"].dtype, pd.CategoricalDtype)


def test_loading_twice_gives_two_frames(dataset: Dataset) -> None:
    first = _tables.load(dataset, "states")
    first.loc[:, "label"] = "changed"
    assert "changed" not in set(_tables.load(dataset, "states")["label"])


def test_a_term_outside_its_vocabulary_is_never_made_a_missing_value(copy: Dataset, edit: Edit) -> None:
    resources = json.loads((copy.root / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    table = next(resource for resource in resources if resource["name"] == "names")
    kind = next(field for field in table["schema"]["fields"] if field["name"] == "kind")
    kind["categories"].remove("acronym")
    with pytest.raises(IntegrityError, match=r"^names\.kind holds a term that is not in the vocabulary 'name-kind'$"):
        _tables.load(edit(resources=resources), "names")


@pytest.mark.parametrize("name", ["books", "authors", "credits", "mentions", "book_readers", "flat_books", "records"])
def test_tables_of_another_package_load_too(books: Dataset, name: str) -> None:
    frame = _tables.load(books, name, labels=True)
    assert len(frame) == books.rows(name) > 0
    assert frame.attrs["version"] == LIBRARY.version


def test_numbers_and_years_of_another_package(books: Dataset) -> None:
    frame = _tables.load(books, "books").set_index("id")
    assert frame.loc["crusoe", "pages"] == 300
    assert frame["price"].dtype == "Float64"


# --------------------------------------------------------------------------------------------- what there is, codebook


def test_the_tables_are_those_that_are_published(dataset: Dataset) -> None:
    frame = _tables.tables(dataset)
    assert list(frame.columns) == ["table", "kind", "rows", "columns", "title", "description"]
    assert frame["table"].to_list() == list(SPECS)
    assert frame["kind"].to_list() == [spec.kind for spec in SPECS.values()]
    assert frame["columns"].to_list() == [len(spec.columns) for spec in SPECS.values()]
    assert frame["description"].to_list() == [spec.description for spec in SPECS.values()]
    assert frame["title"].to_list() == [spec.title for spec in SPECS.values()]
    assert frame["rows"].dtype == frame["columns"].dtype == "int64"
    assert {frame[column].dtype.name for column in ("table", "kind", "title", "description")} == {"string"}


def test_the_kind_of_a_table_is_what_the_descriptor_says_or_its_shape_does(edit: Edit, copy: Dataset) -> None:
    resources = json.loads((copy.root / "datapackage.json").read_bytes())["resources"]
    unsaid = [{name: value for name, value in resource.items() if name != "kind"} for resource in resources]
    old = [spec.kind if spec.kind != "report" else "part" for spec in SPECS.values()]  # before descriptors said so, there were no reports
    assert _tables.tables(edit(resources=unsaid))["kind"].to_list() == old
    said = [resource | ({"kind": "link"} if "kind" in resource else {}) for resource in resources]
    assert set(_tables.tables(edit(resources=said))["kind"]) == {"link"}


@every_table
def test_rows_are_counted_without_reading_them_all(dataset: Dataset, name: str) -> None:
    frame = _tables.tables(dataset).set_index("table")
    assert frame.loc[name, "rows"] == len(_tables.load(dataset, name))


@every_table
def test_the_codebook_of_a_table_says_what_was_declared(dataset: Dataset, name: str) -> None:
    frame = _tables.codebook(dataset, name)
    assert list(frame.columns) == ["field", "type", "required", "unit", "vocabulary", "refers_to", "description"]
    assert [values(row) for _, row in frame.iterrows()] == [
        [c.name, c.type, c.required, c.unit, c.vocabulary, ".".join(c.reference) if c.reference else None, c.description]
        for c in SPECS[name].columns
    ]
    assert frame["required"].dtype == "bool"
    assert {str(frame[column].dtype) for column in frame.columns if column != "required"} == {"string"}


def test_the_codebook_of_all_tables_is_that_of_each(dataset: Dataset) -> None:
    frame = _tables.codebook(dataset)
    assert frame.columns[0] == "table"
    assert frame["table"].drop_duplicates().to_list() == list(SPECS)
    for name, part in frame.groupby("table", sort=False):
        pd.testing.assert_frame_equal(part.drop(columns="table").reset_index(drop=True), _tables.codebook(dataset, str(name)))


def test_a_unit_stands_in_the_codebook(books: Dataset) -> None:
    units = _tables.codebook(books, "books").set_index("field")["unit"]
    assert units["pages"] == "pages"
    assert units["label"] is pd.NA
