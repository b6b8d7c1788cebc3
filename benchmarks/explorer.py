"""How long the static site takes to make, and its largest pages to be usable, with the present data and with some 20,000 records.

    python -m benchmarks.explorer [records]

The larger dataset is the real one with its trees of proposals written again and again under new ids. A page is usable when the first rows,
or the picture, are there and an answer to a keystroke has been drawn; that is measured in a real Chromium, from a folder. Prints a table;
nothing is judged. Needs what the tests need.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from pipeline.journey import build
from pipeline.site import site
from schemas.package import PACKAGE
from secgov import citations, citer
from secgov.figures import figures_of

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "overview": ("index.html", "svg"),
    "table": ("tables/proposals.html", "#grid tbody td"),
    "search": ("tables/proposals.html#q=security", "#grid tbody td"),
    "all records": ("tables/records.html", "#grid tbody td"),
    "record": ("proposals/wang-yi-brics-nsa-14.html", ".tree"),
    "network": ("network.html", ".node"),
    "timeline": ("timeline.html", ".event"),
}


def enlarged(root: Path, records: int) -> int:
    """The real records below ``root``, with copies of the trees of proposals until there are that many; how many there are."""
    shutil.copytree(ROOT / "raw", root / "raw")
    trees = sorted((root / "raw/proposals").glob("*.yaml"))
    outcome, _ = build(PACKAGE, root, citations=citations)
    rows = outcome.tabulated.frames["records"].height
    each = outcome.tabulated.frames["proposals"].height
    for copy in range(max(0, -(-(records - rows) // each))):
        for tree in trees:
            shutil.copy(tree, tree.with_name(f"{tree.stem}-copy-{copy}.yaml"))
    outcome, _ = build(PACKAGE, root, citations=citations)
    if outcome.problems:
        raise SystemExit(f"the copies are not right: {outcome.problems[0]}")
    return outcome.tabulated.frames["records"].height


def measure(root: Path, records: int) -> list[tuple[str, float]]:
    """Seconds to make the site below ``root``, and until each page is usable (the least of three)."""
    begun = time.perf_counter()
    if problems := site(PACKAGE, root, root / "site", citer, figures_of).problems:
        raise SystemExit(str(problems[0]))
    found = [(f"making the site, {records} records", time.perf_counter() - begun)]
    program = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, (path, there) in PAGES.items():
            tries = []
            for _ in range(3):
                page = browser.new_page()
                begun = time.perf_counter()
                page.goto(f"{(root / 'site').as_uri()}/{path}", wait_until="commit")
                page.wait_for_selector(there, state="attached")
                page.locator("#find").press_sequentially("x")
                page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
                tries.append(time.perf_counter() - begun)
                page.close()
            found.append((name, min(tries)))
        browser.close()
    return found


def main() -> None:
    """Both sizes side by side."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        for size in (0, wanted):
            root = Path(folder) / str(size)
            records = enlarged(root, size)
            for name, seconds in measure(root, records):
                sys.stdout.write(f"{records:>7}  {name:<40} {seconds:6.2f} s\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
