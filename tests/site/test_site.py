"""The static site: what its pages hold, that they are safe and complete, and what is refused."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import journey
from pipeline.explorer import Explorer
from pipeline.language import Column, Package, Record, Table
from pipeline.ledger import releases_of
from pipeline.release import plan, release
from pipeline.site import Refused, site
from pipeline.site.published import read_published
from pipeline.site.record import MOST
from pipeline.swap import LOCK
from pipeline.tables import tables_of, vocabularies_of
from schemas.package import PACKAGE
from secgov import citations, citer
from secgov.figures import figures_of
from tests.conftest import CRUSOE
from tests.library import LIBRARY, Book
from tests.site.conftest import HOSTILE, PICTURED, made
from tests.site.pages import BLOCKS, broken_links, page, pages

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "pipeline/site"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


REAL = pytest.param("real", marks=pytest.mark.slow)
"""The site of all that is committed takes long to make; what holds of it is tested in small, and of it in the slow tier."""


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of what is committed: made once, for all the processes in which the tests run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with (shared / "real.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "real").exists():
            assert site(PACKAGE, ROOT, shared / "real", citer, figures_of).problems == []
    return shared / "real"


# ------------------------------------------------------------------------------------------------------ whole sites


def test_every_record_has_a_page_and_its_json_under_its_address(plain: Path) -> None:
    addresses = ["books/crusoe", "books/crusoe.start", "books/crusoe.sea", "books/crusoe.end", "authors/defoe"]
    assert sorted(
        path.relative_to(plain).with_suffix("").as_posix() for path in plain.glob("*/*.json") if path.parent.name != "dataset"
    ) == sorted(addresses)
    for address in addresses:
        content = json.loads(text(plain / f"{address}.json"))
        assert content["address"] == address
        assert f"<code>{address}</code>" in text(plain / f"{address}.html")


def test_the_pages_of_a_package_without_pictures_are_the_tables_the_codebook_and_the_versions(plain: Path) -> None:
    assert sorted(path.relative_to(plain).as_posix() for path in plain.glob("*.html")) == ["codebook.html", "index.html"]
    assert sorted(path.stem for path in (plain / "tables").iterdir()) == sorted(["index", *tables_of(LIBRARY)])


@pytest.mark.parametrize("name", ["plain", "pictured", "hostile", REAL])
def test_every_link_within_a_site_leads_somewhere(name: str, request: pytest.FixtureRequest) -> None:
    assert broken_links(request.getfixturevalue(name)) == []


def test_a_link_that_leads_nowhere_is_found(plain: Path) -> None:
    shutil.rmtree(plain / "authors")
    assert "books/crusoe.end.html: ../authors/defoe.html" in broken_links(plain)
    shutil.copy(plain / "index.html", plain / "codebook.html")
    assert any("codebook.html#genre.novel" in found for found in broken_links(plain))


@pytest.mark.parametrize("name", ["pictured", "hostile", REAL])
def test_no_page_runs_or_asks_for_anything_from_outside(name: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(name)
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    kinds = {path.parent.name if path.parent != folder else path.name: path for path in pages(folder)}  # one page of each kind
    for path in kinds.values():
        elements = page(path).elements
        assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in elements
        for tag, attributes in elements:
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, tag, attributes)
            if tag == "script":
                assert attributes.get("type") in BLOCKS or attributes["src"].startswith(("assets/", "../assets/"))
            assert tag not in {"iframe", "object", "embed", "base", "style", "img"}
            if tag in {"link", "form"}:
                assert "://" not in attributes.get("href", "") + attributes.get("action", "")
            if tag == "a":
                assert re.match(r"(https?://|#|(\.\./)*[\w.-]+)", attributes["href"]), attributes


def test_what_is_published_changes_neither_with_the_place_nor_with_the_run(library: Path, tmp_path: Path) -> None:
    one = made(PICTURED, library)
    other = tmp_path / "elsewhere" / "deep"
    shutil.copytree(library / "raw", other / "raw")
    again = made(PICTURED, other, tmp_path / "another name")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert [path for path in files if (one / path).read_bytes() != (again / path).read_bytes()] == []


@pytest.mark.slow
def test_the_first_page_is_small_and_our_script_short(real: Path) -> None:
    needed = [real / "index.html", real / "assets/site.css", real / "assets/site.js", real / "assets/icon.svg"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in needed) < 100_000
    table = re.sub(r'(?s)(<script type="application/json"[^>]*>).*?</script>', r"\1</script>", text(real / "tables/proposals.html"))
    library = (real / "assets/vendor/dataTables.min.js").read_bytes()
    assert len(gzip.compress(library)) + len(gzip.compress(table.encode())) < 100_000
    assert len(text(ROOM / "assets/site.js").splitlines()) < 500


@pytest.mark.slow
def test_the_published_files_lie_beside_the_pages_as_they_are(real: Path) -> None:
    for resource in json.loads(text(real / "datapackage.json"))["resources"]:
        assert hashlib.sha256((real / resource["path"]).read_bytes()).hexdigest() == resource["hash"].removeprefix("sha256:")
    for one in releases_of(ROOT):
        assert (real / one.archive).read_bytes() == (ROOT / one.archive).read_bytes()


# ---------------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "name", ["books/evil", "authors/evil", "authors/gone", "index", "network", "timeline", "codebook", "books/evil.one"]
)
def test_markup_and_script_in_a_text_show_as_text(hostile: Path, name: str) -> None:
    found = page(hostile / f"{name}.html")
    assert {"script", "img", "b"} & {tag for tag, _ in found.elements} == {"script"}
    assert all(attributes.get("type") in BLOCKS or "src" in attributes for tag, attributes in found.elements if tag == "script")
    if name != "codebook":
        assert HOSTILE in " ".join(found.text.split())
    assert "490049" not in found.text  # no template within the text was run


def test_a_hostile_text_does_not_leave_its_block_of_data(hostile: Path) -> None:
    found = page(hostile / "tables/books.html")
    assert [tag for tag, _ in found.elements].count("script") == 3  # the grid, the page's own, and the data
    assert HOSTILE in json.dumps(json.loads(found.data), ensure_ascii=False).replace('\\"', '"')
    assert json.loads(page(hostile / "index.html").data)["alternateName"] == HOSTILE


# ------------------------------------------------------------------------------------------------------- one record


def test_a_page_shows_facts_tree_parts_and_those_who_name_the_record(pictured: Path) -> None:
    book = text(pictured / "books/crusoe.html")
    assert (
        '<dt title="What sort of book it is. Inherited: a part that states none has its parent&#39;s.">Genre</dt>'
        '<dd><a href="../codebook.html#genre.novel" title="A long story.">novel' in book
    )
    assert "300 pages" in book
    assert re.findall(r'<li><a href="\.\./books/(.*?)\.html"', book[book.index('id="tree"') :])[:3] == [
        "crusoe.start",
        "crusoe.sea",
        "crusoe.end",
    ]
    assert book.index('By whom <span class="number">2') < book.index(">Mentions")
    assert '<span class="dim">Note</span> NA' in book
    reader = text(pictured / "authors/defoe.html")
    assert 'What it has read <span class="number">1' in reader
    assert reader.index("What it has read") < reader.index("Credits: who")  # named sections come first, in the package's order


def test_evidence_is_grouped_by_the_field_that_it_is_about(pictured: Path) -> None:
    book = text(pictured / "books/crusoe.html")
    evidence = book[book.index('<section class="rows" id="evidence"') :]
    assert re.findall(r"<h3>(.*?)</h3>", evidence) == ["pages", "genre"]
    assert "<q>he went … away</q>" in evidence
    start = text(pictured / "books/crusoe.start.html")
    assert "<h3>The record itself</h3>" in start
    assert book.index("Mentions: book") < book.index("<h3>Books</h3>")  # what rests on it, by what that is


def test_a_part_of_a_tree_says_where_it_stands(pictured: Path) -> None:
    sea = text(pictured / "books/crusoe.sea.html")
    crumbs = sea[sea.index('<nav class="crumbs"') : sea.index("<h1>")]
    assert re.findall(r'href="(.*?)"', crumbs) == ["../tables/books.html", "../books/crusoe.html", "../books/crusoe.start.html"]
    assert '<strong aria-current="true">At sea</strong>' in sea


def test_the_json_of_a_record_has_its_row_its_parts_and_who_names_it(pictured: Path) -> None:
    content = json.loads(text(pictured / "books/crusoe.json"))
    assert content["record"]["pages"] == 300
    assert "price" not in content["record"]
    assert [row["share"] for row in content["parts"]["credits"]] == ["writer", "translator"]
    assert content["parts"]["book_readers"] == [{"book": "crusoe", "reader": "defoe"}]
    assert content["named_by"]["books.parent"] == ["books/crusoe.start", "books/crusoe.end"]


def test_every_style_of_citation_stands_on_a_page_with_a_button_that_copies_it(pictured: Path) -> None:
    found = page(pictured / "books/crusoe.html")
    copied = [attributes["data-copy"] for tag, attributes in found.elements if tag == "button"]
    assert copied == ["cite-apa", "cite-bibtex", "cite-csl-json", "cite-ris"]
    assert set(copied) <= {attributes.get("id") for _, attributes in found.elements}
    assert "books/crusoe" in found.text.split("Cite this record")[1]


def test_many_rows_end_in_a_link_to_the_table(library: Path) -> None:
    authors = "".join(f"a{number}: {{label: Author {number}}}\n" for number in range(MOST + 5))
    (library / "raw/authors.yaml").write_text(text(library / "raw/authors.yaml") + authors, encoding="utf-8")
    more = ", ".join(f"a{number}" for number in range(MOST + 5))
    (library / "raw/books/crusoe.yaml").write_text(CRUSOE.replace("readers: [defoe]", f"readers: [defoe, {more}]"), encoding="utf-8")
    root = made(PICTURED, library)
    many = "".join(f"b{number}: {{label: Book {number}, genre: novel, writer: [authors/defoe]}}\n" for number in range(MOST + 5))
    (library / "raw/books.yaml").write_text(many, encoding="utf-8")
    author = text(made(PICTURED, library) / "authors/defoe.html")
    assert f'<a href="../tables/credits.html#is.who=authors/defoe">All {MOST + 10} in the table</a>' in author
    assert author.count('<a href="../books/b') == MOST  # the four of the other book, which come last, are in the table
    assert (root / "authors/a204.html").is_file()


# ----------------------------------------------------------------------------------------------------------- tables


def grid(folder: Path, table: str) -> dict:  # type: ignore[type-arg]
    return json.loads(page(folder / f"tables/{table}.html").data)  # type: ignore[no-any-return]


def test_a_table_page_holds_every_row_and_the_label_of_all_that_it_refers_to(pictured: Path) -> None:
    books = grid(pictured, "books")
    names = [column["name"] for column in books["columns"]]
    assert [row[names.index("id")] for row in books["rows"]] == ["crusoe", "crusoe.start", "crusoe.sea", "crusoe.end"]
    assert books["shown"] == ["label", "writer", "genre", "reader"]  # as the package says
    assert books["rows"][0][names.index("writer")] == ["authors/defoe"]
    assert books["rows"][0][names.index("reader")] == ["authors/defoe"]
    assert books["labels"]["authors/defoe"] == "Daniel Defoe"
    assert books["columns"][names.index("genre")]["terms"] == ["novel", "essay"]
    assert books["columns"][names.index("sequel_to")]["prefix"] == "books/"


def test_without_a_word_from_the_package_the_columns_that_say_most_are_shown(plain: Path) -> None:
    assert grid(plain, "books")["shown"] == ["label", "genre", "writer", "pages", "lost"]
    assert grid(plain, "credits")["shown"] == ["record", "share", "who"]


@pytest.mark.slow
def test_every_name_that_the_package_gives_to_the_explorer_is_there(real: Path) -> None:
    assert PACKAGE.explorer is not None
    specs = tables_of(PACKAGE)
    assert [
        (table, column) for table, column, _ in PACKAGE.explorer.sections if column not in {each.name for each in specs[table].columns}
    ] == []
    for table, names in PACKAGE.explorer.columns:
        assert set(names) - {column["name"] for column in grid(real, table)["columns"]} == set()


# --------------------------------------------------------------------------------------------- pictures and history


def test_pictures_say_in_words_what_they_show_and_give_their_numbers(pictured: Path) -> None:
    found = page(pictured / "index.html")
    drawn = [attributes for tag, attributes in found.elements if tag == "svg"]
    assert [attributes["aria-labelledby"] for attributes in drawn] == ["years-t years-d", "read-t read-d", "kinds-t kinds-d"]
    assert "most records are of 1660 (1)" in found.text
    assert "Most frequent: Daniel Defoe and Daniel Defoe (1)" in found.text
    assert "Most frequent: Daniel Defoe and novel (4)" in found.text
    assert found.text.count("The numbers as a table") == 3


def test_the_network_ties_its_nodes_ribbons_and_rows_by_the_same_records(pictured: Path) -> None:
    found = page(pictured / "network.html")
    nodes = {attributes["data-key"]: attributes["data-records"] for tag, attributes in found.elements if attributes.get("class") == "node"}
    assert nodes == {"0:authors/defoe": "0", "1:novel": "0", "2:authors/defoe": "0"}
    assert [attributes["data-records"] for tag, attributes in found.elements if tag == "path"] == ["0", "0"]
    assert [attributes["data-record"] for tag, attributes in found.elements if tag == "tr" and attributes] == ["0"]


def test_what_changed_in_which_version_stands_with_the_record(library: Path) -> None:
    (library / "LICENSE").write_text("Do what you like.\n")
    (library / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- The first books.\n")

    def freeze(day: date) -> None:
        outcome, _ = journey.build(LIBRARY, library, citations=citations)
        release(
            LIBRARY, outcome.tabulated, library, plan(LIBRARY, outcome.tabulated, library, day, None, citations), ("LICENSE",), citations
        )

    freeze(date(2026, 11, 22))
    raw = library / "raw/books/crusoe.yaml"
    raw.write_text(text(raw).replace("pages: 300", "pages: 310").replace('note: "NA"', "note: later") + "  - {key: last, label: Last}\n")
    folder = made(LIBRARY, library)
    book = page(folder / "books/crusoe.html").text
    assert re.search(r"0\.1\.0\s+first published\s*0\.1\.0\+dev\s+pages: ‘300’ → ‘310’\s*0\.1\.0\+dev\s+credits: 1 changed", book)
    assert re.search(r"0\.1\.0\+dev\s+first published", page(folder / "books/crusoe.last.html").text)
    difference = text(folder / "versions/0.1.0-to-0.1.0+dev.html")
    assert (
        '<th scope="row"><a href="../books/crusoe.html">crusoe</a></th><td>changed</td><td>pages</td><td><del>300</del></td>' in difference
    )
    freeze(date(2026, 11, 23))
    released = made(LIBRARY, library)
    assert "released on 2026-11-23" in text(released / "index.html")
    assert "datacite" in text(released / "index.html")
    assert sorted(path.name for path in (released / "versions").iterdir()) == ["0.1.0-to-0.2.0.html", "index.html"]
    assert broken_links(released) == []


# ---------------------------------------------------------------------------------------------------------- refused


def test_a_dataset_that_is_not_whole_gets_no_site(library: Path) -> None:
    target = made(LIBRARY, library)
    before = text(target / "index.html")
    table = library / "dataset/csv/books.csv"
    table.write_bytes(table.read_bytes().replace(b"Robinson", b"Robinsen"))
    outcome = site(LIBRARY, library, target, citer, figures_of)
    assert [problem.rule for problem in outcome.problems] == ["wrong-hash", "wrong-hash"]
    assert text(target / "index.html") == before


def test_a_folder_that_holds_something_else_is_left_alone(plain: Path, library: Path) -> None:
    (library / "mine").mkdir()
    (library / "mine/diary.txt").write_text("dear diary")
    with pytest.raises(Refused, match="was not made by this command"):
        site(LIBRARY, library, library / "mine", citer, figures_of)
    assert [path.name for path in (library / "mine").iterdir()] == ["diary.txt"]
    (plain / "stale.html").write_text("gone with the next one")
    made(LIBRARY, library)
    assert not (plain / "stale.html").exists()


def test_a_site_stays_where_the_next_one_cannot_take_its_place(plain: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text(plain / "index.html")

    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        site(LIBRARY, library, plain, citer, figures_of)
    assert text(plain / "index.html") == before
    assert [path.name for path in plain.parent.iterdir() if path.name.startswith(f".{plain.name}")] == []


def test_a_site_is_of_one_build(plain: Path, library: Path) -> None:
    def while_nobody_publishes(*described: Any) -> Any:
        with (library / LOCK).open("wb") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return citer(*described)

    assert site(LIBRARY, library, plain, while_nobody_publishes, figures_of).problems == []


def test_tables_of_another_schema_get_no_site(plain: Path, library: Path) -> None:
    class Shelved(Book):
        """A book with its shelf."""

        shelf: int | None = Column("Where it stands.", default=None)

    refused = site(replace(LIBRARY, records=(Shelved, LIBRARY.records[1])), library, library / "other", citer, figures_of)
    assert [problem.rule for problem in refused.problems] == ["other-schema"]
    assert not (library / "other").exists()


def test_a_table_whose_records_would_stand_in_the_way_is_refused(tmp_path: Path) -> None:
    class Asset(Record):
        """One thing that stands in the way."""

        table = Table("assets", "asset")

    package: Package = replace(LIBRARY, records=(Asset,), rules=(), anchors=None)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/assets.yaml").write_text("one: {label: One}\n")
    journey.build(package, tmp_path, citations=citations)
    with pytest.raises(Refused, match="the records of the table assets would stand where the site has its own files"):
        site(package, tmp_path, tmp_path / "site", citer, figures_of)


# ------------------------------------------------------------------------------------------------------- the room


def test_templates_and_scripts_have_no_word_of_the_domain() -> None:
    general = {"records", "vocabularies", "fields", "sources", "names", "evidence", "places", "states", "people", "events"}
    tables = set(tables_of(PACKAGE)) - general
    terms = {term for vocabulary in vocabularies_of(PACKAGE).values() for term in vocabulary.terms if "-" in term}
    files = [path for path in ROOM.rglob("*") if path.suffix in {".html", ".js", ".css", ".svg"} and "vendor" not in path.parts]
    assert len(files) > 10
    for path in files:
        content = text(path).lower()
        assert [
            word for word in tables | terms | {"brics", "secgov"} if re.search(rf"(?<![-\w]){re.escape(word)}(?![-\w])", content)
        ] == [], path


def test_what_was_taken_from_others_is_what_its_entry_says() -> None:
    vendor = ROOM / "assets/vendor"
    entries = json.loads(text(vendor / "vendor.json"))
    for entry in entries:
        assert hashlib.sha256((vendor / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["version"] in text(vendor / entry["file"])[:200]
        assert entry["license"] == "MIT"
        assert "MIT License" in text(vendor / entry["license_file"])
    assert sorted(path.name for path in vendor.iterdir()) == sorted(
        ["vendor.json", *(entry["file"] for entry in entries), *(entry["license_file"] for entry in entries)]
    )


def test_an_explorer_of_nothing_draws_nothing(library: Path) -> None:
    folder = made(replace(LIBRARY, explorer=Explorer()), library)
    assert not (folder / "network.html").exists()
    assert "<svg" not in text(folder / "index.html")
    assert read_published(LIBRARY, library).evidence == "mentions"
