from __future__ import annotations

import json
import re
from typing import Any

import pytest

from schemas.package import PACKAGE
from secgov._cite import cite
from secgov._dataset import Dataset
from secgov._styles import TEXTS
from tests.secgov.conftest import Edit

TITLE = "secgov: an open dataset of global security governance"
RELEASE = {"version": "0.2.0", "title": TITLE, "contributors": [{"title": "The secgov contributors"}]}
UNRELEASED = "unreleased working version, not for citation"
HARD = "Charter on 100% of R&D_{safe} #1 ~ $5 ^ \\x"
"""The label of instruments/charter: every sign that means something to TeX."""

WHATS = [None, "proposals", "flat_events", "proposals/hotline.red", "instruments/charter", "states/nam"]


def tags(ris: str) -> dict[str, str]:
    """RIS, read by its own rules: a tag, two blanks, a hyphen, a blank and a value on each line."""
    lines = ris.split("\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert lines[0] == "TY  - DATA"
    assert lines[-1] == "ER  - "
    return {line[:2]: line[6:] for line in lines}


def test_apa_of_the_whole_a_table_and_a_record(edit: Edit) -> None:
    dataset = edit(**RELEASE)
    assert cite(dataset) == f"The secgov contributors. (n.d.). {TITLE} (Version 0.2.0) [Data set]."
    assert cite(dataset, "proposals") == (
        f"The secgov contributors. (n.d.). Proposals [Table]. In {TITLE} (secgov 0.2.0, table proposals) [Data set]."
    )
    assert cite(dataset, "proposals/hotline.red", style="apa") == (
        f"The secgov contributors. (n.d.). A red phone [Record]. In {TITLE} (secgov 0.2.0, proposals/hotline.red) [Data set]."
    )


def test_bibtex_of_the_whole_and_of_a_record(edit: Edit) -> None:
    dataset = edit(**RELEASE, created="2027-03-01T00:00:00Z", homepage="https://example.org/~x/{y}?a=1&b=50%25")
    assert cite(dataset, style="bibtex").split("\n") == [
        "@misc{secgov-0.2.0,",
        "  author = {{The secgov contributors}},",
        f"  title = {{{{{TITLE}}}}},",
        "  howpublished = {Data set},",
        "  year = {2027},",
        "  version = {0.2.0},",
        "  note = {Version 0.2.0},",
        "  url = {https://example.org/~x/%7By%7D?a=1&b=50%25},",
        "}",
    ]
    record = cite(dataset, "instruments/charter", "bibtex").split("\n")
    assert record[0] == "@misc{secgov-0.2.0-instruments-charter,"
    assert record[3] == f"  howpublished = {{Record in {TITLE} [Data set]}},"
    assert "  note = {secgov 0.2.0, instruments/charter}," in record


def test_bibtex_escapes_what_means_something_to_tex(dataset: Dataset) -> None:
    title = r"  title = {{Charter on 100\% of R\&D\_\{safe\} \#1 \textasciitilde{} \$5 \textasciicircum{} \textbackslash{}x}},"
    assert title in cite(dataset, "instruments/charter", "bibtex").split("\n")


@pytest.mark.parametrize("what", WHATS)
def test_bibtex_has_balanced_braces_and_a_plain_key(dataset: Dataset, what: str | None) -> None:
    entry = cite(dataset, what, "bibtex")
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert re.match(r"@misc\{[A-Za-z0-9.-]+,\n", entry)


def test_ris_of_a_record(edit: Edit) -> None:
    dataset = edit(**RELEASE, created="2027-03-01", homepage="https://example.org/")
    assert tags(cite(dataset, "instruments/charter", "ris")) == {
        "TY": "DATA",
        "ID": "secgov-0.2.0-instruments-charter",
        "AU": "The secgov contributors",
        "TI": HARD,
        "T2": TITLE,
        "PY": "2027",
        "ET": "0.2.0",
        "N1": "secgov 0.2.0, instruments/charter",
        "UR": "https://example.org/",
        "ER": "",
    }


def test_ris_takes_a_value_on_one_line_and_no_asterisk_in_a_name(edit: Edit) -> None:
    dataset = edit(title="Two\nER  - lines", contributors=[{"title": "The *star* group"}])
    found = tags(cite(dataset, style="ris"))
    assert found["TI"] == "Two ER - lines"
    assert found["AU"] == "The star group"


def test_csl_json_of_a_record(edit: Edit) -> None:
    dataset = edit(**RELEASE, created="2027-03-01", homepage="https://example.org/")
    assert json.loads(cite(dataset, "instruments/charter", "csl-json")) == [
        {
            "id": "secgov-0.2.0-instruments-charter",
            "type": "dataset",
            "title": HARD,
            "container-title": TITLE,
            "author": [{"literal": "The secgov contributors"}],
            "issued": {"date-parts": [[2027]]},
            "version": "0.2.0",
            "note": "secgov 0.2.0, instruments/charter",
            "URL": "https://example.org/",
        }
    ]


@pytest.mark.parametrize("style", TEXTS)
def test_people_are_named_family_first_and_bodies_as_they_are(edit: Edit, style: str) -> None:
    person: dict[str, Any] = {"title": "Jane Mary Doe", "familyName": "Doe", "givenName": "Jane Mary"}
    dataset = edit(contributors=[person, {"title": "R&D {group}"}, {"title": "Plato", "familyName": "Plato"}])
    expected = {
        "apa": "Doe, J. M., R&D {group}, & Plato. (n.d.). ",
        "bibtex": r"  author = {Doe, Jane Mary and {R\&D \{group\}} and {Plato}},",
        "csl-json": '"given": "Jane Mary"',
        "ris": "AU  - Doe, Jane Mary\nAU  - R&D {group}\nAU  - Plato\n",
    }
    assert expected[style] in cite(dataset, style=style)


def test_initials_at_the_end_have_one_full_stop(edit: Edit) -> None:
    person = {"title": "Jane Mary Doe", "familyName": "Doe", "givenName": "Jane Mary"}
    assert cite(edit(contributors=[person])).startswith("Doe, J. M. (n.d.). ")


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("what", WHATS)
def test_every_citation_names_version_and_part(edit: Edit, style: str, what: str | None) -> None:
    text = cite(edit(version="1.2.3"), what, style)
    part = "Version 1.2.3" if what is None else f"secgov 1.2.3, {what}" if "/" in what else f"secgov 1.2.3, table {what}"
    assert part in text.replace("\\_", "_")
    assert UNRELEASED not in text


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("what", WHATS)
def test_a_working_version_says_that_it_is_one_and_has_no_year(edit: Edit, style: str, what: str | None) -> None:
    text = cite(edit(version="1.2.3+dev", created="2027-03-01"), what, style)
    assert f"; {UNRELEASED}" in text
    assert "2027" not in text


@pytest.mark.parametrize("style", TEXTS)
def test_without_a_date_of_release_no_year_is_made_up(edit: Edit, style: str) -> None:
    assert not re.search(r"\b(19|20)\d\d\b", cite(edit(version="1.2.3"), style=style))


def test_the_year_of_the_release_stands_in_apa(edit: Edit) -> None:
    assert cite(edit(version="1.2.3", created="2027-03-01T10:00:00Z")).startswith("The secgov contributors. (2027). ")


def test_the_contributors_are_those_of_the_descriptor(dataset: Dataset) -> None:
    assert cite(dataset).startswith(f"{PACKAGE.contributors[0]['title']}. (")


def test_another_package_is_cited_under_its_own_name(books: Dataset) -> None:
    assert f"{books.package.name} {books.package.version}, books/crusoe" in cite(books, "books/crusoe")
