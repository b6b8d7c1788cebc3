"""What leaves is safe: no cell runs in a spreadsheet, no text of the data is markup in Markdown or HTML."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.diff import Change, Difference
from pipeline.faces.difference import as_html, as_markdown
from pipeline.faces.markdown import plain

ROOT = Path(__file__).resolve().parents[1]
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://example.org/track.png)",
    "</td></table><h1>x",
    "a | b | c",
    "`code` *bold* _it_ ~~gone~~ # no heading",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "<!-- x --> ]]> <https://example.org>",
    "a\n\n# heading\n\n<b>",
    "\\<script>\\",
    "'\"><svg/onload=alert(1)>",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(st.sampled_from("<>[]()!&;#*_`~|\\ab:/\n'\"=-+ "), max_size=25)


@pytest.mark.parametrize("path", sorted((ROOT / "dataset/csv").glob("*.csv")), ids=lambda path: path.stem)
def test_no_published_cell_is_run_by_a_spreadsheet(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            assert [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.fullmatch(cell)] == []


class Seen(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> Seen:
    return Seen(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


@given(TEXTS)
def test_a_text_in_markdown_is_shown_as_it_is(text: str) -> None:
    seen = shown(f"| a |\n|---|\n| x{plain(text)}x |\n")
    assert seen.tags == {"table", "thead", "tbody", "tr", "th", "td"}
    assert f"x{text}x".split() == seen.text.split()[1:]


def difference(text: str) -> Difference:
    rows = [Change(table=text, key=text, change="changed", field=text, old=text, new=text)]
    return Difference(old=text, new=text, schema=[], rows=rows, replaced={text: text})


@given(TEXTS)
def test_a_difference_holds_no_markup_but_its_own(text: str) -> None:
    page = Seen(as_html(difference(text)))
    assert page.tags == {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "th",
        "td",
        "del",
        "ins",
        "span",
    }
    assert page.attributes == {"lang", "charset"}
    assert shown(as_markdown(difference(text))).tags <= {
        "h1",
        "h2",
        "ul",
        "ol",
        "li",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "pre",
        "code",
    }
