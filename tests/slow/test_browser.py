"""The static site in a real Chromium, straight from a folder and from a host: what a reader does, and what must never happen."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.site import site
from schemas.package import PACKAGE
from secgov import citer
from secgov.figures import figures_of
from tests.conftest import CRUSOE, DEFOE
from tests.site.conftest import HOSTILE, PICTURED, hostile_files, made

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "pipeline/site/assets/vendor"
pytestmark = pytest.mark.slow

RECORD = "proposals/wang-yi-brics-nsa-14"
KINDS = {
    "overview": "index.html",
    "tables": "tables/index.html",
    "table": "tables/proposals.html",
    "part": "tables/evidence.html",
    "record": f"{RECORD}.html",
    "point": f"{RECORD}.best-practices.html",
    "body": "institutions/brics.html",
    "source": "sources/akram-2024.html",
    "network": "network.html",
    "timeline": "timeline.html",
    "codebook": "codebook.html",
    "versions": "versions/index.html",
    "difference": "versions/0.1.0-to-0.2.0.html",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name that it has there
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of what is committed, in a folder with a blank and an accent in its name."""
    target = tmp_path_factory.mktemp("a site") / "für alle"
    assert site(PACKAGE, ROOT, target, citer, figures_of).problems == []
    return target


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    """The same from a host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("SECGOV_NO_SKIP"):
            pytest.fail("Chromium is not here, and nothing may be skipped")
        pytest.skip("Chromium is not here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Reader:
    """A browser window that notes whatever a page says or asks for."""

    browser: Browser
    base: str
    options: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str, wait: str = "") -> Page:
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | self.options)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(f"{self.base}/{path}")
        if wait:
            page.wait_for_selector(wait)
        return page

    def left(self) -> list[str]:
        """What was asked of anyone else."""
        return [url for url in self.asked if not url.startswith((self.base, "blob:", "data:"))]


@pytest.fixture(params=["folder", "host"])
def reader(request: pytest.FixtureRequest, chromium: Browser, folder: Path, host: str) -> Iterator[Reader]:
    """Somebody who reads the site; what the pages did is judged at the end of every test."""
    one = Reader(chromium, folder.as_uri() if request.param == "folder" else host)
    yield one
    for context in chromium.contexts:
        context.close()
    assert one.said == []
    assert one.left() == []


@pytest.fixture
def visitor(chromium: Browser, host: str) -> Iterator[Reader]:
    """The same from a host only."""
    one = Reader(chromium, host)
    yield one
    for context in chromium.contexts:
        context.close()
    assert one.said == []
    assert one.left() == []


def labels(page: Page) -> list[str]:
    """The first cells of the rows that a table page shows."""
    return page.locator("#grid tbody tr td:first-child").all_inner_texts()


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / f"dataset/csv/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --------------------------------------------------------------------------------------------------- every page kind


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_every_kind_of_page_opens_without_a_word_and_asks_nobody(reader: Reader, path: str) -> None:
    page = reader.open(path)
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()


def violations(page: Page, *rules: str) -> list[tuple[str, str, str]]:
    """What axe finds wrong with a page, by all its rules or by some."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], each["impact"], each["nodes"][0]["html"][:200]) for each in found]


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_axe_finds_nothing(visitor: Reader, path: str) -> None:
    page = visitor.open(path)
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('.tools details, .numbers, .cite details').forEach((each) => { each.open = true; })")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["overview", "table", "record", "network", "timeline", "difference"])
def test_the_dark_has_contrast_enough(visitor: Reader, name: str) -> None:
    visitor.options = {"color_scheme": "dark"}
    page = visitor.open(KINDS[name])
    page.wait_for_load_state("load")
    assert violations(page, "color-contrast") == []


def test_axe_would_find_something(visitor: Reader) -> None:
    page = visitor.open("index.html")
    page.evaluate("document.querySelector('.find label').remove(); document.querySelector('#find').placeholder = ''")
    page.evaluate("document.querySelector('.version').style.color = '#ccc'")
    assert [rule for rule, *_ in violations(page)] == ["color-contrast", "label"]


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_on_a_phone_no_page_is_wider_than_the_screen(visitor: Reader, path: str) -> None:
    visitor.options = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    page = visitor.open(path)
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_dark_mode_is_dark_and_paper_is_white(visitor: Reader) -> None:
    def lightness(page: Page) -> int:
        return sum(map(int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))[:3]))

    visitor.options = {"color_scheme": "dark"}
    page = visitor.open("index.html")
    assert lightness(page) < 100
    assert page.locator(".plot text").first.evaluate("(text) => getComputedStyle(text).fill") == "rgb(230, 233, 237)"
    page.emulate_media(media="print", color_scheme="light")
    assert lightness(page) == 3 * 255
    assert not page.locator(".top nav").is_visible()
    visitor.options = {"color_scheme": "light"}
    assert lightness(visitor.open("index.html")) > 700


# ------------------------------------------------------------------------------------------------------ tables


def test_a_search_a_filter_a_sort_and_columns_can_be_shared_by_their_address(reader: Reader) -> None:
    page = reader.open("tables/proposals.html", wait="#grid tbody td")
    everything = rows("proposals")
    assert page.locator("#told").inner_text() == f"{len(everything)} rows"
    page.locator("#filters summary").click()
    page.locator("#filters").get_by_label("Modality").select_option("must")
    wanted = [row for row in everything if row["modality"] == "must"]
    assert 0 < len(wanted) < len(everything)
    assert page.locator("#told").inner_text() == f"{len(wanted)} of {len(everything)} rows"
    page.locator("#search").fill("security")
    expect(page).to_have_url(re.compile("q=security"))
    page.locator("#choose summary").click()
    page.locator("#choose").get_by_label("Speech act").check()
    page.locator('#grid thead [tabindex="0"]').first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort=label"))
    assert labels(page) == sorted(labels(page), key=str.lower)
    assert page.locator("#grid thead th").first.get_attribute("aria-sort") == "ascending"
    shown = labels(page)
    assert 0 < len(shown) <= len(wanted)
    again = reader.open(page.url.removeprefix(f"{reader.base}/"), wait="#grid tbody td")
    assert labels(again) == shown
    assert again.locator("#told").inner_text() == page.locator("#told").inner_text()
    assert again.locator("#search").input_value() == "security"
    assert "Speech act" in again.locator("#grid thead").inner_text()
    assert "Modality is must" in again.locator("#filters summary").inner_text()
    again.locator("#reset").click()
    expect(again.locator("#told")).to_have_text(f"{len(everything)} rows")


def test_what_is_filtered_is_downloaded_as_csv(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("tables/proposals.html#is.addressee=institutions/brics&is.confidence=high", wait="#grid tbody td")
    with page.expect_download() as download:
        page.locator("#download").click()
    download.value.save_as(tmp_path / "some.csv")
    with (tmp_path / "some.csv").open(encoding="utf-8", newline="") as file:
        got = list(csv.DictReader(file))
    flat = [row for row in rows("flat_proposals") if "BRICS" in row["addressee"].split("; ") and row["confidence"] == "high"]
    assert len(flat) > 5
    assert [row["id"] for row in got] == [row["id"] for row in flat]
    assert [row["label"] for row in got] == [row["label"] for row in flat]
    assert [row["addressee"] for row in got] == [row["addressee"] for row in flat]
    assert download.value.suggested_filename == f"proposals-{len(flat)}-rows.csv"


def test_all_records_are_searched_from_any_page(reader: Reader) -> None:
    page = reader.open("codebook.html")
    page.locator("#find").fill("Kazan Declaration")
    page.keyboard.press("Enter")
    page.wait_for_selector("#grid tbody td")
    page.get_by_role("link", name=re.compile("^Kazan Declaration")).first.click()
    page.wait_for_selector("h1")
    assert "Kazan Declaration" in page.locator("h1").inner_text()


# ------------------------------------------------------------------------------------------- records and pictures


def test_a_link_opens_the_source_at_the_passage(reader: Reader) -> None:
    page = reader.open(f"{RECORD}.html")
    link = page.locator("#evidence a.open", has_text="at the passage").first
    href = link.get_attribute("href") or ""
    wanted = {row["link"] for row in rows("evidence") if row["record"] == RECORD and row["passage_first"]}
    assert href in wanted
    assert re.match(r"https?://.*#:~:text=[^,]+,.+", href)
    answered: list[str] = []
    page.context.route("**/*", lambda route: (answered.append(route.request.url), route.fulfill(body="the source")))
    link.click()
    page.wait_for_url(re.compile(re.escape(href.partition("#")[0])))
    assert page.locator("body").inner_text() == "the source"
    reader.asked = [url for url in reader.asked if url not in answered]


def test_a_citation_is_copied(visitor: Reader) -> None:
    visitor.options = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = visitor.open(f"{RECORD}.html")
    button = page.locator(".copy").first
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-apa").inner_text()
    page.locator("details", has_text="BibTeX").locator("summary").click()
    page.locator("[data-copy=cite-bibtex]").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{secgov-")


def test_the_network_shows_the_ways_of_a_node_and_leads_to_a_record(reader: Reader) -> None:
    page = reader.open("network.html")
    everything = page.locator("#ways tbody tr").count()
    page.locator('.node[data-key="0:states/rus"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".plot-network.chosen")
    some = page.locator("#ways tbody tr:visible")
    assert 0 < some.count() < everything
    assert all("Russia" in text for text in some.locator("td:nth-child(2)").all_inner_texts())
    assert page.locator(".ribbons path.on").count() > 0
    assert page.locator("#chosen").inner_text() == f"Russia: {some.count()} of {everything}. Show all"
    again = reader.open(page.url.removeprefix(f"{reader.base}/"), wait=".plot-network.chosen")
    assert again.locator("#ways tbody tr:visible").count() == some.count()
    again.get_by_role("link", name="Show all").click()
    again.wait_for_selector(".plot-network:not(.chosen)")
    assert again.locator("#ways tbody tr:visible").count() == everything
    label = some.first.locator("th").inner_text()
    some.first.locator("th a").click()
    page.wait_for_url(re.compile("/proposals/"))
    assert page.locator("h1").inner_text().replace("\n", " ") == label


def test_the_timeline_is_sifted(reader: Reader) -> None:
    page = reader.open("timeline.html")
    everything = page.locator(".events > li").count()
    page.locator("#only").fill("xiangshan")
    assert 0 < page.locator(".events > li:visible").count() < everything
    page.locator("#only").fill("")
    page.locator("#with").check()
    shown = page.locator(".events > li:visible")
    assert 0 < shown.count() == page.locator(".events > li:has(ul)").count()
    again = reader.open(page.url.removeprefix(f"{reader.base}/"))
    assert again.locator("#with").is_checked()
    assert again.locator(".events > li:visible").count() == shown.count()


def test_the_keyboard_reaches_the_content_at_once_and_every_link_shows_that_it_is_reached(visitor: Reader) -> None:
    page = visitor.open("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert "tables/proposals.html" in reached


def test_without_script_records_and_pictures_are_there_and_tables_say_where_the_data_are(visitor: Reader) -> None:
    visitor.options = {"java_script_enabled": False}
    assert "Four suggestions" in visitor.open(f"{RECORD}.html").locator("#main").inner_text()
    assert visitor.open("network.html").locator("#ways tbody tr:visible").count() > 20
    assert "CSV file" in visitor.open("tables/proposals.html").locator("noscript").inner_text()


# ------------------------------------------------------------------------------------------------------- hostile


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    for name, text in (hostile_files() | {"raw/books/crusoe.yaml": CRUSOE}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (DEFOE if name == "raw/authors.yaml" else ""), encoding="utf-8")
    return made(PICTURED, root)


@pytest.mark.parametrize(
    "path", ["index", "books/evil", "authors/evil", "authors/gone", "network", "timeline", "tables/books", "tables/records"]
)
def test_a_hostile_record_shows_as_text(chromium: Browser, hostile: Path, path: str) -> None:
    reader = Reader(chromium, hostile.as_uri())
    page = reader.open(f"{path}.html")
    page.wait_for_load_state("load")
    if path.startswith("tables/"):
        page.wait_for_selector("#grid tbody td")
        page.locator("#filters summary").click()
    body = page.locator("body").text_content() or ""
    assert "<img src=x onerror=alert(2)>" in body
    assert page.locator("img, b").count() == 0
    assert (reader.said, reader.left()) == ([], [])
    assert HOSTILE.startswith("</script><script>")
    page.context.close()


# ----------------------------------------------------------------------------------------------- taken from others


@pytest.mark.parametrize("entry", json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8")), ids=lambda entry: entry["name"])
def test_what_was_taken_from_others_is_what_the_package_holds(entry: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        if os.environ.get("SECGOV_NO_SKIP"):
            pytest.fail("npm is not here, and nothing may be skipped")
        pytest.skip("npm is not here")
    command = ["npm", "pack", f"{entry['name']}@{entry['version']}", "--silent", "--ignore-scripts", "--pack-destination", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    (archive,) = tmp_path.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert f"sha512-{digest}" == entry["package_integrity"]
    with tarfile.open(archive) as members:
        member = members.extractfile(f"package/{entry['member']}")
        assert member is not None
        assert member.read() == (VENDOR / entry["file"]).read_bytes()
