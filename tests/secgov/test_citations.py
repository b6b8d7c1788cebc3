"""Every form of citation comes from one place: each is what its format wants, and all say the same."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import bibtexparser
import pytest
import rispy
import yaml
from datacite import schema45
from hypothesis import given
from hypothesis import strategies as st

import secgov
from schemas.package import PACKAGE
from secgov import IntegrityError, Unavailable, UnknownName
from secgov._cite import STYLES, citations, cite
from secgov._dataset import Dataset
from secgov._deposit import DEPOSITS, datacite
from secgov._styles import TEXTS
from secgov._work import UNRELEASED
from tests.secgov.conftest import Edit

DOI = "10.1234/x_{1}"
PEOPLE = [
    {"title": "The R&D {group}: *one*", "roles": ["creator"]},
    {"title": "Jane Mary Doe", "familyName": "Doe", "givenName": "Jane Mary", "roles": ["creator", "curator"]},
    {"title": "A fund", "roles": ["funder"]},
    {"title": "A press", "roles": ["publisher"]},
]
LICENSES = [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]


def descriptor(**members: Any) -> dict[str, Any]:
    """A descriptor of a release whose every text is hard to write down."""
    return {
        "name": "secgov",
        "title": 'A "title": 100% & more_ \\ <b>',
        "description": "What it is: #1,\nand 'more' & <more>",
        "version": "1.2.3",
        "created": "2027-03-01T00:00:00Z",
        "homepage": "https://example.org/~x/?a=1&b=2",
        "keywords": ["peace: a", "war - b", "yes"],
        "licenses": LICENSES,
        "contributors": PEOPLE,
        "resources": [],
    } | members


def forms(**members: Any) -> dict[str, str]:
    """Every file, by the end of its name."""
    doi = members.pop("doi", None)
    return {path.rpartition("/")[2].removeprefix("secgov"): text for path, text in citations(descriptor(**members), doi).items()}


def bibtex(text: str) -> dict[str, str]:
    (entry,) = bibtexparser.parse_string(text).entries
    return {"type": entry.entry_type, "key": entry.key} | {name: field.value for name, field in entry.fields_dict.items()}


def ris(text: str) -> dict[str, Any]:
    (entry,) = rispy.loads(text)
    return dict(entry)


READ: dict[str, Callable[[str], Any]] = {
    "CITATION.cff": yaml.safe_load,
    ".zenodo.json": json.loads,
    "datacite.json": json.loads,
    ".csl.json": json.loads,
    ".bib": bibtex,
    ".ris": ris,
}


def read(**members: Any) -> dict[str, Any]:
    return {name: READ[name](text) for name, text in forms(**members).items()}


def is_valid_cff(text: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.citation-file-format",
        "--default-filetype",
        "yaml",
        "-",
    ]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).returncode == 0


# -------------------------------------------------------------------------------------------------------- validity


def test_the_files_are_where_those_who_want_them_look() -> None:
    in_dataset = [f"dataset/citation/{name}" for name in ("secgov.bib", "secgov.ris", "secgov.csl.json")]
    assert list(citations(descriptor(version="1.2.3+dev"))) == ["CITATION.cff", ".zenodo.json", *in_dataset]
    assert list(citations(descriptor())) == ["CITATION.cff", ".zenodo.json", *in_dataset, "dataset/citation/datacite.json"]
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in citations(descriptor()).values())
    assert secgov.citations(descriptor(), DOI) == citations(descriptor(), DOI)


@pytest.mark.parametrize(
    "members", [{}, {"doi": "10.1234/x"}, {"version": "1.2.3+dev"}, {"homepage": None, "description": "", "keywords": []}]
)
def test_citation_cff_is_valid(members: dict[str, Any]) -> None:
    assert is_valid_cff(forms(**members)["CITATION.cff"])


def test_a_citation_cff_that_is_wrong_would_be_found() -> None:
    assert not is_valid_cff(forms()["CITATION.cff"].replace("type: dataset", "type: date"))


@pytest.mark.parametrize("members", [{}, {"doi": "10.1234/x"}, {"homepage": None, "description": "", "keywords": [], "licenses": []}])
def test_the_datacite_metadata_are_valid(members: dict[str, Any]) -> None:
    content = read(**members)["datacite.json"]
    schema45.validator.validate(content)
    assert list(schema45.validator.iter_errors(content | {"publicationYear": "soon"}))


def test_the_zenodo_file_is_for_a_dataset_and_leaves_the_doi_to_zenodo() -> None:
    assert read(doi=DOI)[".zenodo.json"] == {
        "upload_type": "dataset",
        "access_right": "open",
        "title": descriptor()["title"],
        "version": "1.2.3",
        "publication_date": "2027-03-01",
        "description": html.escape(descriptor()["description"], quote=False),
        "creators": [{"name": "The R&D {group}: *one*"}, {"name": "Doe, Jane Mary"}],
        "keywords": ["peace: a", "war - b", "yes"],
        "license": "cc-by-4.0",
    }


# ----------------------------------------------------------------------------------------------------- consistency


def plain(tex: str) -> str:
    """What TeX would print, and no outer braces."""
    text = re.sub(r"^\{(.*)\}$", r"\1", tex).replace(r"\textbackslash{}", "\\").replace(r"\textasciitilde{}", "~")
    return re.sub(r"\\([{}$&#_%])", r"\1", text)


def test_every_form_has_the_same_title_version_and_creators() -> None:
    cff, zenodo, datacite, csl, bib, ris = (read()[name] for name in READ)
    assert {cff["title"], zenodo["title"], datacite["titles"][0]["title"], csl[0]["title"], plain(bib["title"]), ris["title"]} == {
        descriptor()["title"]
    }
    assert {cff["version"], zenodo["version"], datacite["version"], csl[0]["version"], bib["version"], ris["edition"]} == {"1.2.3"}
    names = ["The R&D {group}: *one*", "Doe, Jane Mary"]
    assert [author.get("name") or f"{author['family-names']}, {author['given-names']}" for author in cff["authors"]] == names
    assert [author["name"] for author in zenodo["creators"]] == [author["name"] for author in datacite["creators"]] == names
    assert [author.get("literal") or f"{author['family']}, {author['given']}" for author in csl[0]["author"]] == names
    assert [plain(name) for name in bib["author"].split(" and ")] == names
    assert ris["authors"] == ["The R&D {group}: one", "Doe, Jane Mary"]  # RIS allows no asterisk
    assert datacite["publisher"] == {"name": "A press"}


def test_every_form_has_the_same_date_licence_and_address() -> None:
    cff, zenodo, datacite, csl, bib, ris = (read()[name] for name in READ)
    days = {str(cff["date-released"]), zenodo["publication_date"], datacite["dates"][0]["date"]}
    assert days == {"2027-03-01"}
    assert {datacite["publicationYear"], str(csl[0]["issued"]["date-parts"][0][0]), bib["year"], ris["year"]} == {"2027"}
    rights = datacite["rightsList"][0]
    assert {cff["license"], rights["rightsIdentifier"], zenodo["license"].upper()} == {"CC-BY-4.0"}
    assert rights["rightsUri"] == LICENSES[0]["path"]
    assert {cff["url"], datacite["url"], csl[0]["URL"], bib["url"], ris["urls"][0]} == {descriptor()["homepage"]}
    assert cff["keywords"] == zenodo["keywords"] == [subject["subject"] for subject in datacite["subjects"]] == descriptor()["keywords"]
    assert " ".join(html.unescape(zenodo["description"]).split()) == cff["abstract"]
    assert datacite["descriptions"][0]["description"] == descriptor()["description"]


def test_every_form_but_zenodos_has_the_doi_if_there_is_one() -> None:
    cff, _, datacite, csl, bib, ris = (read(doi=DOI)[name] for name in READ)
    assert {cff["doi"], datacite["doi"], csl[0]["DOI"], ris["doi"]} == {DOI}
    assert bib["doi"] == "10.1234/x_%7B1%7D"
    assert "10.1234" not in "".join(forms().values())
    assert "10.1234" not in forms(doi=DOI)[".zenodo.json"]


@pytest.mark.parametrize("name", [name for name in READ if name != "datacite.json"])
def test_a_working_version_says_in_every_form_that_it_is_one_and_has_no_date(name: str) -> None:
    text = forms(version="1.2.3+dev")[name]
    assert UNRELEASED in text
    assert "2027" not in text


def test_datacite_metadata_of_what_was_not_released_are_not_to_be_had(edit: Edit) -> None:
    assert "datacite.json" not in forms(version="1.2.3+dev")
    for members in ({"version": "1.2.3"}, {"version": "1.2.3+dev", "created": "2027-03-01"}):
        with pytest.raises(
            Unavailable, match=rf"^DataCite metadata need a year .*, and secgov {re.escape(members['version'])} was not released$"
        ):
            cite(edit(**members), style="datacite")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1).filter(str.strip)


@given(TEXT, TEXT, TEXT)
def test_any_text_comes_back_as_it_was(title: str, name: str, keyword: str) -> None:
    found = read(title=title, contributors=[{"title": name}], keywords=[keyword], doi="10.1234/x")
    cff, zenodo, datacite, csl = (found[form] for form in ("CITATION.cff", ".zenodo.json", "datacite.json", ".csl.json"))
    assert (cff["title"], cff["authors"], cff["keywords"]) == (
        " ".join(title.split()),
        [{"name": " ".join(name.split())}],
        [" ".join(keyword.split())],
    )
    assert zenodo["title"] == datacite["titles"][0]["title"] == csl[0]["title"] == title
    schema45.validator.validate(datacite)
    lines = forms(title=title, contributors=[{"title": name}])[".ris"].splitlines()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


# ------------------------------------------------------------------------------------------------------ by command


@pytest.mark.parametrize("style", DEPOSITS)
def test_a_part_is_not_cited_in_a_form_for_the_whole(dataset: Dataset, style: str) -> None:
    for what in ("proposals", "states/nam"):
        with pytest.raises(UnknownName, match=rf"^the style '{style}' is for the whole dataset; for a table or a record there is apa, "):
            cite(dataset, what, style)


@pytest.mark.parametrize("style", STYLES)
def test_what_is_printed_is_what_is_published(edit: Edit, style: str) -> None:
    dataset = edit(version="0.2.0", created="2027-03-01T00:00:00Z")
    if style != "apa":
        assert f"{cite(dataset, style=style)}\n" in citations(dataset.package.content).values()


@pytest.mark.parametrize("style", TEXTS)
def test_a_row_is_cited_with_address_and_version(edit: Edit, style: str) -> None:
    assert "secgov 0.2.0, proposals/hotline.red" in cite(edit(version="0.2.0"), "proposals/hotline.red", style)


@pytest.mark.parametrize("use", [secgov.citations, secgov.citer])
def test_what_is_no_descriptor_is_an_integrity_error(use: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(IntegrityError, match=r"^what was given is not the descriptor of a dataset: KeyError: 'resources'$"):
        use({})


def test_without_roles_everyone_is_a_creator_and_the_first_publishes() -> None:
    people = [{"title": "A"}, {"title": "B"}]
    content = read(contributors=people)["datacite.json"]
    assert [creator["name"] for creator in content["creators"]] == ["A", "B"]
    assert content["publisher"] == {"name": "A"}


def test_the_files_of_the_real_package_are_valid(dataset: Dataset) -> None:
    made = citations(dataset.package.content | {"version": "0.1.0", "created": "2026-11-22T00:00:00Z"})
    assert is_valid_cff(made["CITATION.cff"])
    schema45.validator.validate(json.loads(made["dataset/citation/datacite.json"]))
    assert made["dataset/citation/secgov.bib"].count(PACKAGE.title) == 1
    assert datacite.__doc__
    for path, text in citations(dataset.package.content).items():
        assert (dataset.root / path).read_text(encoding="utf-8") == text
