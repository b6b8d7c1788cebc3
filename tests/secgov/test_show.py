from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from secgov._cite import cite
from secgov._dataset import Dataset
from secgov._record import Line, Section, gather
from secgov._show import LONG, WIDTH, _in_notebook, _section, show
from secgov._tree import tree_of

SOURCE = 'Gazette & "News" <b>of the day</b> (sources/gazette-2020)'
ADDRESSES = [
    "proposals/hotline",
    "proposals/hotline.phones",
    "proposals/hotline.red",
    "recommendations/listen",
    "institutions/council",
    "events/council-7",
    "instruments/charter",
    "people/jane-doe",
    "states/nam",
    "topics/peace",
    "claims/one-half",
    "sources/gazette-2020",
]


def section(dataset: Dataset, address: str, title: str) -> list[str]:
    """The lines of one section, indented as they are shown."""
    found = [part for part in gather(dataset, address).sections if part.title == title]
    return [("▸ " if line.marked else "") + "  " * line.depth + line.text for part in found for line in part.lines]


def fields(dataset: Dataset, address: str) -> dict[str, str]:
    return dict(gather(dataset, address).fields)


def test_a_record_is_shown_with_its_fields(dataset: Dataset) -> None:
    shown = fields(dataset, "proposals/hotline")
    assert shown["Forum"] == "Seventh meeting of the Council (events/council-7)"
    assert shown["Date"] == "2020-03-05"
    assert shown["Summary"] == "NA"
    assert shown["Reviewed"] == "2026-11-22"
    assert shown["Modality"] == "should"
    assert shown["Implicit"] == "no"
    assert shown["Topic"] == "Peace (topics/peace)"
    assert not {"Parent", "Verb", "Date start", "Date precision", "Id", "Label"} & set(shown)
    assert fields(dataset, "institutions/committee")["Parent"] == "The Council (institutions/council)"
    assert fields(dataset, "claims/one-half")["Checkable"] == "yes"
    assert fields(dataset, "claims/one-half")["Value"] == "50.5"
    assert fields(dataset, "sources/leaflet")["Derives from"] == SOURCE


def test_a_tree_is_shown_in_order_with_numbers(dataset: Dataset) -> None:
    assert section(dataset, "proposals/hotline", "Where it stands") == [
        '▸ A hotline & two "lines" <script>alert(1)</script> (proposals/hotline)',
        "  1 Phones (proposals/hotline.phones; printed: First; heading inferred)",
        "    1.1 A red phone (proposals/hotline.red)",
        "    1.2 A blue phone (proposals/hotline.blue)",
        "  2 People who answer (proposals/hotline.people)",
    ]


def test_a_part_is_shown_below_what_it_is_a_part_of(dataset: Dataset) -> None:
    assert section(dataset, "proposals/hotline.blue", "Where it stands") == [
        'A hotline & two "lines" <script>alert(1)</script> (proposals/hotline)',
        "  1 Phones (proposals/hotline.phones; printed: First; heading inferred)",
        "▸     1.2 A blue phone (proposals/hotline.blue)",
    ]


def test_a_record_that_stands_alone_has_no_tree(dataset: Dataset) -> None:
    assert section(dataset, "recommendations/listen", "Where it stands") == []
    assert section(dataset, "states/nam", "Where it stands") == []


def test_parts_stand_by_their_ordinal_and_not_by_their_text() -> None:
    rows: list[dict[str, Any]] = [{"id": "r", "label": "r", "parent": None, "ordinal": None}]
    rows += [{"id": f"r.{n}", "label": f"{n}", "parent": "r", "ordinal": n} for n in (10, 9, 2, 1, 11)]
    assert [node.number for node in tree_of(rows, "r")] == ["", "1", "2", "9", "10", "11"]


def test_who_is_shown_by_role_with_labels(dataset: Dataset) -> None:
    assert section(dataset, "proposals/hotline", "Who") == [
        "proposer: Namibia (states/nam)",
        "proposer: The Council (institutions/council)",
        "  note: in a letter",
        "spokesperson: Jane Doe (people/jane-doe)",
        "addressee: international-community",
    ]
    assert section(dataset, "events/council-7", "Who") == [
        "participant: Jane Doe (people/jane-doe), for Namibia (states/nam), head-of-delegation"
    ]
    assert section(dataset, "claims/one-half", "Who") == [
        "asserter: Jane Doe (people/jane-doe)",
        "target: The Council (institutions/council), supportive",
    ]


def test_what_became_of_it_is_shown_step_by_step(dataset: Dataset) -> None:
    charter = "Charter on 100% of R&D_{safe} #1 ~ $5 ^ \\x (instruments/charter)"
    assert section(dataset, "proposals/hotline", "What became of it") == [
        "2020-03-05: floated",
        f"  {SOURCE}, ¶3",
        f"2020-03-05: adopted; body: The Council (institutions/council); instrument: {charter}",
        f"  {SOURCE}, ¶4",
    ]
    assert section(dataset, "recommendations/listen", "Uptake") == [
        f"cited: The Council (institutions/council); instrument: {charter}; 2020",
        f"  {SOURCE}",
    ]


def test_evidence_is_shown_with_place_passage_and_rival_value(dataset: Dataset) -> None:
    assert section(dataset, "proposals/hotline", "Evidence") == [
        "supports the record",
        f'  {SOURCE}, ¶3, “They proposed … a "hot" line”',
        "supports date",
        f"  {SOURCE}, ¶3",
        "contradicts date (it says 2020-03-04)",
        "  A leaflet that was handed over (sources/leaflet), ¶1",
        "  note: a slip",
    ]


def test_evidence_opens_the_source_at_the_passage(dataset: Dataset) -> None:
    (evidence,) = (part for part in gather(dataset, "proposals/hotline").sections if part.title == "Evidence")
    assert [line.link for line in evidence.lines if line.text.startswith(("Gazette", "A leaflet"))] == [
        "https://example.org/a?x=1&y=2#:~:text=They%20proposed,a%20%22hot%22%20line",
        "https://example.org/a?x=1&y=2",
        None,
    ]
    assert "\n      https://example.org/a?x=1&y=2#:~:text=They%20proposed,a%20%22hot%22%20line\n" in str(show(dataset, "proposals/hotline"))


def test_what_stands_between_two_records_is_shown_at_both(dataset: Dataset) -> None:
    hotline, claim = "proposals/hotline", "claims/one-half"
    assert section(dataset, hotline, "Relations")[1] == f"responds-to: Half of all members agree ({claim}); 2020"
    assert section(dataset, claim, "Relations of others to it") == [
        f'A hotline & two "lines" <script>alert(1)</script> ({hotline}): responds-to; 2020'
    ]
    assert section(dataset, "institutions/council", "Members")[0] == "Namibia (states/nam); full; in-effect; 1990-05/.."
    assert section(dataset, "states/nam", "Memberships")[0] == "The Council (institutions/council); full; in-effect; 1990-05/.."
    assert section(dataset, "people/jane-doe", "Roles") == [
        "Envoy: The Council (institutions/council); 2019/..",
        f"  {SOURCE}, ¶2",
        "  note: in office",
    ]
    assert section(dataset, "institutions/council", "People with a role in it")[0] == "Jane Doe (people/jane-doe): Envoy; 2019/.."
    assert section(dataset, claim, "About") == ["The Council (institutions/council): founded"]
    assert section(dataset, "institutions/council", "Claims about it") == [f"Half of all members agree ({claim}): founded"]


def test_names_and_wordings_are_shown(dataset: Dataset) -> None:
    assert section(dataset, "institutions/council", "Names") == ["NA; acronym; en; 1990/..", f"  {SOURCE}"]
    assert section(dataset, "proposals/hotline", "Wordings") == ["a hot line; as-printed; en", f"  {SOURCE}, ¶3"]


def test_a_record_of_another_package_is_shown_by_what_the_descriptor_says(books: Dataset) -> None:
    text = str(show(books, "books/crusoe"))
    assert text.startswith("Robinson Crusoe\nbooks/crusoe\n")
    assert "  Pages   300 pages\n" in text
    assert "    1 Start in life (books/crusoe.start)\n      1.1 At sea (books/crusoe.sea)\n    2 The end (books/crusoe.end)" in text
    assert "\nCredits\n  writer; who: Daniel Defoe (authors/defoe)\n" in text
    assert "\nMentions\n" in text
    assert "  book: Robinson Crusoe (books/crusoe); he went; away; pages\n    ¶1\n" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_text_has_the_citation_at_its_end_and_keeps_its_width(dataset: Dataset, address: str) -> None:
    text = str(show(dataset, address))
    assert " ".join(text.split("\n\nCite as\n")[1].split()) == cite(dataset, address)
    assert all(len(line) <= WIDTH for line in text.split("\n") if "https://" not in line)
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert repr(show(dataset, address)) == text


class Outline(HTMLParser):
    """What a browser would make of it: text, links, and tags that are opened and closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("address", ADDRESSES)
def test_html_is_well_formed_and_takes_no_markup_from_the_data(dataset: Dataset, address: str) -> None:
    outline, contents = Outline(), gather(dataset, address)
    outline.feed(show(dataset, address)._repr_html_())
    assert outline.open == []
    assert outline.tags <= {"article", "h3", "h4", "p", "code", "table", "tr", "th", "td", "ul", "li", "strong", "a"}
    texts = [contents.label, contents.address, contents.citation, *(value for _, value in contents.fields)]
    texts += [line.text for part in contents.sections for line in part.lines]
    assert [text for text in texts if text not in outline.text] == []
    assert outline.links == [line.link for part in contents.sections for line in part.lines if line.link]


def test_html_links_to_the_web_only() -> None:
    assert _in_notebook(Line("x", 1, "javascript:alert(1)")) == '<li style="margin-left: 1.5em">x</li>'
    assert 'href="https://example.org/&quot;&gt;"' in _in_notebook(Line("x", link='https://example.org/">'))


def test_a_long_section_is_closed_at_first() -> None:
    lines = tuple(Line(f"line {number}") for number in range(LONG + 1))
    assert "<details>" not in _section(Section("Short", lines[:-1]))
    assert f"<h4>Long</h4><details><summary>{LONG + 1} lines</summary>" in _section(Section("Long", lines))


def test_html_marks_the_record_in_its_tree(dataset: Dataset) -> None:
    html = show(dataset, "proposals/hotline.red")._repr_html_()
    assert html.count("<strong>") == 1
    assert "<strong>1.1 A red phone (proposals/hotline.red)</strong>" in html
