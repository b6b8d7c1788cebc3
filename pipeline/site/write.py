"""Pages to files: everything is written to a fresh folder beside the target, which it then replaces as a whole.

What the site holds: the overview, a page for each table, each record and each version, the pictures that the package declares, and the
published files themselves, so that every download works from a folder too. Bytes depend on what is published and on nothing else.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.faces.croissant import croissant
from pipeline.faces.table_schema import DESCRIPTOR
from pipeline.language import Package
from pipeline.problems import Problem
from pipeline.site.charts import charts_of
from pipeline.site.flow import network_svg
from pipeline.site.grid import grid_of
from pipeline.site.history import History, history_of
from pipeline.site.published import Published, Row, owner_column, read_published
from pipeline.site.record import page_of
from pipeline.swap import alone, exchange
from pipeline.tables import INDEX, TableSpec
from pipeline.verify import outdated, verify
from pipeline.views import views_of

HERE = Path(__file__).resolve().parent
MARK = ".made-by-build"
"""The file that says of a folder that a site was written to it, and that it may be replaced."""

Cite = Callable[[str | None, str | None], Mapping[str, str]]
"""Given an address and a label, or neither for the whole: every form of citation, by the name of its style."""

Citer = Callable[[Mapping[str, Any], str | None], Cite]
"""Given a descriptor, and the DOI of that version if it has one: how to cite what it describes."""

Figures = Callable[[Path], Mapping[str, Mapping[str, Any]]]
"""Given the folder of what was published: the figures that the package declares, by name."""


class Refused(Exception):  # noqa: N818 - what it says is what the curator reads
    """Why no site can be made: a sentence."""


@dataclass(frozen=True)
class Made:
    """What was written: the problems for which nothing was, or the number of pages of records and of all files."""

    problems: list[Problem]
    records: int = 0
    files: int = 0


def site(package: Package, root: Path, to: Path, citer: Citer, figures: Figures) -> Made:
    """Write the site of what is published below ``root`` into the folder ``to``, in place of one that is there.

    Nothing is written if what is published is not whole, or follows another schema than the package's. Refused: a folder that holds
    anything but a site; a table whose name a page of the site has.
    """
    with alone(root):  # of two builds half each would be shown
        return _site(package, root, to, citer, figures)


def _site(package: Package, root: Path, to: Path, citer: Citer, figures: Figures) -> Made:
    problems = verify(package, root) or outdated(package, root)
    if problems:
        return Made(problems)
    if to.exists() and (not to.is_dir() or (any(to.iterdir()) and not (to / MARK).is_file())):
        raise Refused(f"{to} is there and was not made by this command; name another folder, or remove it")
    published = read_published(package, root)
    if taken := sorted({spec.name for spec in published.entities} & {"assets", "dataset", "tables", "versions"}):
        raise Refused(f"the records of the table {taken[0]} would stand where the site has its own files")
    fresh = to.parent / f".{to.name}.fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        history = history_of(published.specs, root)
        dois = {release.version: release.doi for release in history.releases}
        writer = _Writer(published, history, fresh, citer(published.descriptor, dois.get(published.package.version)))
        _copy(root, fresh)
        writer.write(figures(root) if package.explorer else {})
        (fresh / MARK).write_text("A site was written here; the next one takes its place.\n", encoding="utf-8")
        exchange(fresh, to)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Made([], writer.records, sum(path.is_file() for path in to.rglob("*")))


def _copy(root: Path, to: Path) -> None:
    """The published files and archives as they are, and what pages look like."""
    shutil.copytree(root / "dataset", to / "dataset")  # what was verified holds nothing else
    shutil.copyfile(root / DESCRIPTOR, to / DESCRIPTOR)
    shutil.copytree(HERE / "assets", to / "assets")


class _Writer:
    """Writes the pages of one site below a folder."""

    def __init__(self, published: Published, history: History, to: Path, cite: Cite) -> None:
        self.published, self.history, self.to, self.cite = published, history, to, cite
        self.records = 0
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.environment.filters |= {"thousands": lambda number: f"{number:,}".replace(",", "\u202f")}
        self.environment.globals |= {
            "package": published.package,
            "explorer": published.package.explorer,
            "index": INDEX,
            "published": published,
            "history": history,
        }

    def write(self, figures: Mapping[str, Mapping[str, Any]]) -> None:
        """Every page."""
        explorer, specs = self.published.package.explorer, self.published.specs
        plots = [(figures[plot.name], charts_of(figures[plot.name])) for plot in (explorer.plots if explorer else ())]
        package, citation = self.published.package, self.cite(None, None)
        tables = {**specs, **views_of(package, specs)}
        about = croissant(package, tables, self.published.descriptor, ".", citation.get("bibtex"))
        self.page("overview.html", "index.html", plots=plots, citation=citation, about=about)
        self.page("tables.html", "tables/index.html", kinds=_by_kind(specs))
        for spec in specs.values():
            self.page("table.html", f"tables/{spec.name}.html", spec=spec, grid=grid_of(self.published, spec))
        self.page("codebook.html", "codebook.html", kinds=_by_kind(specs))
        self.page("versions.html", "versions/index.html")
        for step in self.history.steps:
            self.page("difference.html", f"versions/{step.old}-to-{step.new}.html", step=step, link=self.link)
        if explorer and explorer.network:
            figure = figures[explorer.network.name]
            self.page("network.html", "network.html", figure=figure, svg=Markup(network_svg(figure)))
        if explorer and explorer.timeline:
            figure = figures[explorer.timeline.name]
            years = [(year, list(events)) for year, events in groupby(figure["events"], key=lambda event: event["start"][:4])]
            self.page("timeline.html", "timeline.html", figure=figure, chart=charts_of(figure)[0], years=years)
        for spec in self.published.entities:
            for row in self.published.rows[spec.name]:
                self.record(spec, row)
        for address, row in self.published.retired.items():
            self.page("retired.html", f"{address}.html", address=address, row=row)

    def record(self, spec: TableSpec, row: Row) -> None:
        """The page of one record, and its JSON."""
        page = page_of(self.published, spec, row)
        befell = self.history.of.get(page.address, ())
        self.page("record.html", f"{page.address}.html", page=page, citation=self.cite(page.address, page.label), befell=befell)
        self.file(f"{page.address}.json", json.dumps(self.as_json(row, page.address), ensure_ascii=False, indent=1) + "\n")
        self.records += 1

    def as_json(self, row: Row, address: str) -> dict[str, Any]:
        """A record for machines: its row, the rows of other tables that belong to it, and the addresses of those that name it."""
        own: dict[str, list[dict[str, Any]]] = {}
        others: dict[str, list[str]] = {}
        for (table, column), rows in self.published.uses.get(address, {}).items():
            other = self.published.specs[table]
            if other.kind in ("part", "link") and column == owner_column(other).name:
                own[table] = [_plain(each) for each in rows]
            elif other.kind != "report":
                others[f"{table}.{column}"] = list(dict.fromkeys(self.published.owner(other, each) for each in rows))
        package = self.published.package
        head = {"package": package.name, "version": package.version, "address": address}
        return head | {"record": _plain(row), "parts": own, "named_by": others}

    def link(self, table: str, key: str) -> str | None:
        """The page of the record that a row of a difference belongs to, if there is one."""
        spec = self.published.specs.get(table)
        if spec is None:
            return None
        address = f"{table}/{key}" if spec.kind == "entity" else key.partition(":")[0]
        return f"{address}.html" if address in self.published.labels else None

    def page(self, template: str, path: str, **values: object) -> None:
        """One page; ``base`` is the way from it to the root of the site."""
        base = "../" * path.count("/")
        text = self.environment.get_template(template).render(base=base, path=path, **values)
        self.file(path, re.sub(r"\n\s*\n+", "\n", text))

    def file(self, path: str, text: str) -> None:
        """One file below the root of the site."""
        target = self.to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON has it, what is missing left out."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items() if value is not None}


def _by_kind(specs: Mapping[str, TableSpec]) -> Iterator[tuple[str, list[TableSpec]]]:
    """The tables under what they are, in their order."""
    told = {
        "entity": "Records: one row each",
        "part": "What repeats under records",
        "report": "Reports, computed from the other tables",
        "generated": "About the dataset",
        "link": "Links: lists of references",
    }
    for kind, title in told.items():
        if found := [spec for spec in specs.values() if spec.kind == kind]:
            yield title, found
