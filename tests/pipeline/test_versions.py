"""Differences and the versions they ask for: the Data Package version recipe, row by row, on random pairs of packages."""

from __future__ import annotations

import copy
import csv
import io
import time
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diff import Change, Difference, SchemaChange, compare
from pipeline.faces.difference import FORMATS, as_html, as_markdown, as_text, summary
from pipeline.snapshot import Snapshot
from pipeline.versions import Step, after, demand, parse

Tables = dict[str, list[dict[str, str | None]]]
World = tuple[dict[str, Any], Tables]


def snapshot(world: World) -> Snapshot:
    """A package that was never on disk."""
    descriptor, tables = world
    files: dict[str, bytes] = {}
    for resource in descriptor["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        out = io.StringIO()
        writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(tables[resource["name"]])
        files[resource["path"]] = out.getvalue().encode()
    return Snapshot(descriptor, files.__getitem__)


def package(rows: int = 3) -> World:
    """Two tables, books and authors, with every kind of constraint."""
    books = [
        {"name": "id", "type": "string", "description": "Its id.", "constraints": {"required": True, "unique": True}},
        {"name": "genre", "type": "string", "constraints": {"enum": ["novel", "essay"]}},
        {"name": "pages", "type": "integer"},
        {"name": "author", "type": "string", "constraints": {"pattern": "[a-z]+"}},
    ]
    authors = [{"name": "id", "type": "string"}, {"name": "label", "type": "string"}]
    foreign = [{"fields": ["author"], "reference": {"resource": "authors", "fields": ["id"]}}]
    descriptor: dict[str, Any] = {
        "name": "library",
        "title": "A library",
        "version": "1.2.3",
        "resources": [
            {"name": "books", "path": "books.csv", "schema": {"fields": books, "primaryKey": ["id"], "foreignKeys": foreign}},
            {"name": "authors", "path": "authors.csv", "schema": {"fields": authors, "primaryKey": ["id"]}},
        ],
    }
    shelf: list[dict[str, str | None]] = [{"id": f"b{i}", "genre": "novel", "pages": str(i), "author": "a"} for i in range(rows)]
    return descriptor, {"books": shelf, "authors": [{"id": "a", "label": "NA"}]}


def resource(world: World, name: str = "books") -> dict[str, Any]:
    return next(item for item in world[0]["resources"] if item["name"] == name)


def field(world: World, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in resource(world)["schema"]["fields"] if item["name"] == name)
    return found


# One edit for every row of the recipe, with the step that the recipe gives it.
RECIPE: dict[str, tuple[Step, Callable[[World], object]]] = {
    "change the package name": (Step.MAJOR, lambda w: w[0].update(name="archive")),
    "remove a resource": (Step.MAJOR, lambda w: w[0]["resources"].pop()),
    "rename a resource": (Step.MAJOR, lambda w: (resource(w, "authors").update(name="people"), w[1].update(people=w[1]["authors"]))),
    "add a field": (Step.MAJOR, lambda w: resource(w)["schema"]["fields"].append({"name": "price", "type": "number"})),
    "remove a field": (Step.MAJOR, lambda w: resource(w)["schema"]["fields"].remove(field(w, "pages"))),
    "rename a field": (Step.MAJOR, lambda w: field(w, "pages").update(name="leaves")),
    "re-order fields": (Step.MAJOR, lambda w: resource(w)["schema"]["fields"].reverse()),
    "change a field's type": (Step.MAJOR, lambda w: field(w, "pages").update(type="number")),
    "change a field's format": (Step.MAJOR, lambda w: field(w, "genre").update(format="uri")),
    "require a field": (Step.MAJOR, lambda w: field(w, "pages").update(constraints={"required": True})),
    "make a field unique": (Step.MAJOR, lambda w: field(w, "pages").update(constraints={"unique": True})),
    "change a pattern": (Step.MAJOR, lambda w: field(w, "author").update(constraints={"pattern": "[a-z]{1,3}"})),
    "close a vocabulary": (Step.MAJOR, lambda w: field(w, "pages").update(constraints={"enum": ["0", "1", "2"]})),
    "remove a term": (Step.MAJOR, lambda w: field(w, "genre")["constraints"]["enum"].remove("essay")),
    "change the primary key": (Step.MAJOR, lambda w: resource(w)["schema"].update(primaryKey=["id", "pages"])),
    "delete data": (Step.MAJOR, lambda w: w[1]["books"].pop(0)),
    "add a resource": (
        Step.MINOR,
        lambda w: (
            w[0]["resources"].append({"name": "shelves", "path": "s.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": ["id"]}}),
            w[1].update(shelves=[]),
        ),
    ),
    "add data": (Step.MINOR, lambda w: w[1]["books"].append({"id": "new", "genre": "essay", "pages": None, "author": "a"})),
    "no longer require a field": (Step.MINOR, lambda w: field(w, "id").update(constraints={"unique": True})),
    "drop a pattern": (Step.MINOR, lambda w: field(w, "author").pop("constraints")),
    "open a vocabulary": (Step.MINOR, lambda w: field(w, "genre").pop("constraints")),
    "add a term": (Step.MINOR, lambda w: field(w, "genre")["constraints"]["enum"].append("poem")),
    "update a reference": (Step.MINOR, lambda w: resource(w)["schema"].pop("foreignKeys")),
    "correct a value": (Step.PATCH, lambda w: w[1]["books"][-1].update(pages="99")),
    "empty a value": (Step.PATCH, lambda w: w[1]["authors"][0].update(label=None)),
    "change the title": (Step.PATCH, lambda w: w[0].update(title="The library")),
    "change a description": (Step.PATCH, lambda w: field(w, "id").update(description="The id.")),
    "describe a table": (Step.PATCH, lambda w: resource(w).update(description="Books.")),
    "move a file": (Step.NONE, lambda w: resource(w).update(path="elsewhere.csv")),
    "nothing": (Step.NONE, lambda w: None),
}


def edited(*edits: str) -> tuple[World, World]:
    old = package()
    new = copy.deepcopy(old)
    for edit in edits:
        RECIPE[edit][1](new)
    return old, new


def apply(difference: Difference, old: World, new: World) -> Tables:
    """The old rows with the difference applied; the contents of added rows, which it does not repeat, are taken from the new ones."""
    tables: Tables = {}
    for item in new[0]["resources"]:
        name, key = item["name"], item["schema"]["primaryKey"]
        columns = [f["name"] for f in item["schema"]["fields"]]
        fresh = {" ".join(str(row[k]) for k in key): row for row in new[1][name]}
        if name not in {r["name"] for r in old[0]["resources"]} or key != resource(old, name)["schema"]["primaryKey"]:
            tables[name] = [{c: row.get(c) for c in columns} for row in new[1][name]]
            continue
        rows = {" ".join(str(row[k]) for k in key): dict(row) for row in old[1][name]}
        for change in (change for change in difference.rows if change.table == name):
            if change.change == "removed":
                del rows[change.key]
            elif change.change == "added":
                rows[change.key] = dict(fresh[change.key])
            else:
                assert rows[change.key][change.field] == change.old
                rows[change.key][change.field] = change.new
        tables[name] = [{c: row.get(c) for c in columns} for row in rows.values()]
    return tables


@pytest.mark.parametrize("edit", RECIPE)
def test_each_row_of_the_recipe_has_its_step(edit: str) -> None:
    old, new = edited(edit)
    assert demand(compare(snapshot(old), snapshot(new))).step is RECIPE[edit][0]


# Edits that can be made together, in any order, without one undoing or preventing another.
TOGETHER = sorted(set(RECIPE) - {"rename a field", "rename a resource", "remove a field", "remove a resource", "change the primary key"})
TOGETHER = [
    e
    for e in TOGETHER
    if e not in {"remove a term", "add a term", "open a vocabulary", "drop a pattern", "change a pattern", "re-order fields"}
]


@given(st.lists(st.sampled_from(TOGETHER), unique=True, max_size=6))
def test_several_changes_ask_for_the_largest_of_their_steps_and_the_difference_leads_from_old_to_new(edits: list[str]) -> None:
    old, new = edited(*edits)
    difference = compare(snapshot(old), snapshot(new))
    assert demand(difference).step is max((RECIPE[edit][0] for edit in edits), default=Step.NONE)
    wanted = {
        item["name"]: [{f["name"]: row.get(f["name"]) for f in item["schema"]["fields"]} for row in new[1][item["name"]]]
        for item in new[0]["resources"]
    }
    assert apply(difference, old, new) == wanted


CELLS = st.none() | st.sampled_from(["NA", "é", "1", "a,b", 'q"', "笛"])
ROWS = st.dictionaries(st.sampled_from(["b0", "b1", "b2", "b3"]), st.fixed_dictionaries({"genre": CELLS, "pages": CELLS, "author": CELLS}))


@given(ROWS, ROWS)
def test_the_difference_of_any_two_tables_leads_from_the_one_to_the_other(
    before: dict[str, dict[str, str | None]], now: dict[str, dict[str, str | None]]
) -> None:
    worlds = []
    for rows in (before, now):
        descriptor, tables = package(0)
        worlds.append((descriptor, {**tables, "books": [{"id": key, **row} for key, row in rows.items()]}))
    old, new = worlds
    result = apply(compare(snapshot(old), snapshot(new)), old, new)
    assert sorted(result["books"], key=str) == sorted(({"id": key, **row} for key, row in now.items()), key=str)


@pytest.mark.parametrize(
    ("version", "step", "following"),
    [
        ("0.1.0", Step.NONE, "0.1.0"),
        ("0.1.0", Step.PATCH, "0.1.1"),
        ("0.1.7", Step.MINOR, "0.2.0"),
        ("0.1.7", Step.MAJOR, "0.2.0"),
        ("1.4.2", Step.PATCH, "1.4.3"),
        ("1.4.2", Step.MINOR, "1.5.0"),
        ("1.4.2", Step.MAJOR, "2.0.0"),
    ],
)
def test_the_next_version(version: str, step: Step, following: str) -> None:
    assert after(version, step) == following


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "1.0.0+dev", "01.0.0", "1.0.0.0", "", "١.0.0"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a version; write three numbers, as in 0\.2\.0"):
        parse(text)


def test_the_change_that_forces_the_step_is_named() -> None:
    old, new = edited("correct a value", "delete data", "add data")
    assert demand(compare(snapshot(old), snapshot(new))).because == Change("removed", "books", "b0")


def test_a_table_is_no_view_for_its_name() -> None:
    old, new = package(), package()
    for descriptor, tables in (old, new):
        descriptor["resources"][0]["name"] = "flat_books"
        tables["flat_books"] = tables.pop("books")
    new[1]["flat_books"][0]["pages"] = "999"
    assert [change.table for change in compare(snapshot(old), snapshot(new)).rows] == ["flat_books"]
    for descriptor, _ in (old, new):
        descriptor["resources"][0]["kind"] = "view"
    assert not compare(snapshot(old), snapshot(new))


def test_tens_of_thousands_of_rows_are_compared() -> None:
    rows = 30_000
    old, new = package(rows), package(rows)
    for row in new[1]["books"][::10]:
        row["pages"] = "0.5"
    one, other = snapshot(old), snapshot(new)
    started = time.perf_counter()
    assert len(compare(one, other).rows) == rows // 10
    assert time.perf_counter() - started < 20  # about a tenth of a second; the bound only keeps a quadratic comparison out


def difference(**hostile: str) -> Difference:
    text = hostile.get("text", "x")
    return Difference(
        "0.1.0",
        "0.2.0",
        (SchemaChange("term", "added", "books", "genre", "", "poem"), SchemaChange("description", "changed", "books", "")),
        (Change("added", "books", "b9"), Change("changed", "books", "b1", "label", text, None), Change("removed", "books", "b2")),
        {"books/b2": "books/b9", "books/b3": None},
    )


def test_a_summary_counts_what_changed() -> None:
    assert summary(difference()) == [
        "books.genre: term added: (nothing) → poem",
        "1 description changed",
        "books: 1 added, 1 changed, 1 removed",
        "books/b2: retired, replaced by books/b9",
        "books/b3: retired",
    ]


def test_a_difference_as_text() -> None:
    assert as_text(difference()).splitlines()[0] == "0.1.0 → 0.2.0: major, since books: b2 removed"
    assert as_text(difference()).splitlines()[-3:] == ["books: b9 added", "books: b1: label: 'x' → (empty)", "books: b2 removed"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_difference_is_said_to_be_none(form: str) -> None:
    text = FORMATS[form](Difference("0.1.0", "0.1.0", (), (), {}))
    assert "no difference" in text.lower() or '"step": "none"' in text


def test_markup_in_the_data_stays_text() -> None:
    hostile = "<script>alert(1)</script> | *x* [y](z)"
    page, marked = as_html(difference(text=hostile)), as_markdown(difference(text=hostile))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | *x* [y](z)" in page
    assert r"\<script\>alert(1)\</script\> \| \*x\* \[y\](z)" in marked


def test_a_snapshot_keeps_cells_as_they_stand() -> None:
    frame = snapshot(package()).frame("authors")
    assert frame.schema == {"id": pl.String, "label": pl.String}
    assert frame.rows() == [("a", "NA")]
