"""Pages as a browser reads them, as far as the tests need: elements, their attributes, the text outside of scripts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

BLOCKS = {"application/json", "application/ld+json"}
"""Types of a script element that a browser does not run."""


@dataclass
class Page(HTMLParser):
    """One page, parsed."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    data: str = ""
    inside: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        self.inside = tag if tag in {"script", "style"} else None

    def handle_endtag(self, tag: str) -> None:
        self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.data += data
        else:
            self.text += data


def page(path: Path) -> Page:
    parsed = Page()
    parsed.feed(path.read_text(encoding="utf-8"))
    parsed.close()
    return parsed


def pages(site: Path) -> list[Path]:
    """Every page of a site."""
    return sorted(site.rglob("*.html"))


def broken_links(site: Path) -> list[str]:
    """Every link to a file or heading of the site that leads nowhere."""

    @cache
    def anchors(path: Path) -> frozenset[str]:
        return frozenset(re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8")))

    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    links: dict[tuple[str, str], str] = {}  # folder and target → the first page that has it; pages of a folder share most
    for path in pages(site):
        name = path.relative_to(site).as_posix()
        for target in re.findall(r'\b(?:href|src|action)="([^"]*)"', path.read_text(encoding="utf-8")):
            links.setdefault((name if target.startswith("#") else posixpath.dirname(name), target), name)
    found = set()
    for (here, target), name in links.items():
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = unquote(target).partition("#")
        to = posixpath.normpath(posixpath.join(here, file)) if file else name
        state = not anchor or "=" in anchor or anchor[1:2] == ":"  # what a view shows, or a node of a picture
        if to not in there or (not state and to.endswith(".html") and anchor not in anchors(site / to)):
            found.add(f"{name}: {target}")
    return sorted(found)
