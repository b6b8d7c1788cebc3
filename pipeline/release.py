"""Freeze a build: its version from what changed, its archive, its entry in the ledger and in the changelog.

Nothing is released that is not committed, and nothing twice: the records must pass, what is published must be what a build makes,
and something must differ from the last release. All files are put in place as one; a kill in between is mended by the next command.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from pipeline.archive import write_archive
from pipeline.diff import Difference, compare
from pipeline.faces.difference import reason, sentence, summary
from pipeline.faces.table_schema import DESCRIPTOR
from pipeline.language import Package
from pipeline.ledger import Release, archive_path, as_json, entry_of, releases_of, renditions_path
from pipeline.places import LEDGER, text_of
from pipeline.problems import Problem
from pipeline.publish import CHECKSUMS, Citations, checksums, write
from pipeline.snapshot import of_archive, of_folder
from pipeline.swap import same, staging, swap
from pipeline.tabulate import Tabulated
from pipeline.versions import FIRST, Step, after, demand, parse

CHANGELOG, UNRELEASED = "CHANGELOG.md", "## Unreleased"
EDITORS_ONLY = (".vscode/", "README.md")
"""What a build makes that belongs to the repository and not to a release."""

Renderer: TypeAlias = Callable[[Package, Path, Path], tuple[list[Path], list[Problem]]]
"""Makes, from what is published below one folder, the formats of other programs in another; or says what is wrong."""


class Refused(Exception):  # noqa: N818 - what it says is what the curator reads
    """A release that may not be made, and why."""


@dataclass(frozen=True)
class Plan:
    """A release as it would be made: its version and day, and what differs from the last one (None for the first)."""

    version: str
    day: date
    last: Release | None
    difference: Difference | None

    def describe(self) -> str:
        """What the release would be, in lines for a person."""
        first = f"{self.last.version} → {self.version}" if self.last else f"{self.version}, the first release"
        why = f": {reason(self.difference)}" if self.difference else ""
        return "\n".join([f"{first} ({self.day}){why}", *(f"  {line}" for line in self.changes())]) + "\n"

    def changes(self) -> list[str]:
        """What changed, counted."""
        return summary(self.difference) if self.difference else []


def plan(
    package: Package, tabulated: Tabulated, root: Path, day: date, version: str | None = None, citations: Citations | None = None
) -> Plan:
    """Decide what a release of the present build would be; :class:`Refused` if there can be none."""
    _committed(package, tabulated, root, citations)
    releases = releases_of(root)
    if not releases:
        return Plan(_chosen(FIRST, version, "a first release is 0.1.0 or later"), day, None, None)
    last = releases[-1]
    if day.isoformat() < last.date:
        raise Refused(f"the day {day} lies before that of the last release, {last.version} of {last.date}")
    difference = replace(compare(of_archive(root / last.archive), of_folder(root)), old=last.version)
    needed = demand(difference)
    if needed.step is Step.NONE or needed.because is None:
        raise Refused(f"nothing differs from {last.version}; there is nothing to release")
    smallest = after(last.version, needed.step)
    chosen = _chosen(smallest, version, f"{sentence(needed.because)} asks for {needed.step.name.lower()}, at least {smallest}")
    return Plan(chosen, day, last, replace(difference, new=chosen))


def _chosen(smallest: str, asked: str | None, why: str) -> str:
    if asked is None:
        return smallest
    try:
        enough = parse(asked) >= parse(smallest)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not enough:
        raise Refused(f"{asked} is too small: {why}")
    return asked


def _committed(package: Package, tabulated: Tabulated, root: Path, citations: Citations | None) -> None:
    """What is published must be what a build makes now."""
    with staging(root) as files:
        write(package, tabulated, root, files, citations)
        made = [path for path in sorted(files.rglob("*")) if path.is_file()]
        stale = [path for path in made if not same(path, root / path.relative_to(files))]
        if stale:
            names = ", ".join(path.relative_to(files).as_posix() for path in stale[:3])
            raise Refused(f"what is published is not what a build makes ({names}); run build.py and commit it first")


def release(
    package: Package,
    tabulated: Tabulated,
    root: Path,
    planned: Plan,
    licences: tuple[str, ...],
    citations: Citations | None = None,
    renditions: Renderer | None = None,
) -> Release:
    """Make a planned release: archive, that of its renditions, ledger, changelog, and the published files with its version."""
    package = replace(package, version=planned.version, released=planned.day.isoformat())
    with staging(root) as files:
        write(package, tabulated, root, files, citations, as_release=True)
        contents = {path.relative_to(files).as_posix(): path.read_bytes() for path in files.rglob("*") if path.is_file()}
        contents = {name: content for name, content in contents.items() if not name.startswith(EDITORS_ONLY)}
        texts = {name: (root / name).read_bytes() for name in licences}
        rendered = _rendered(package, files, renditions) if renditions else {}
        archive = files / archive_path(package.name, planned.version)
        archive.parent.mkdir(parents=True)
        write_archive(archive, contents | texts)
        other = files / renditions_path(package.name, planned.version) if rendered else None
        if other:
            write_archive(other, rendered | texts, compressed=True)
        entry = entry_of(archive, planned.last, renditions=other)
        (files / LEDGER).write_text(as_json([*releases_of(root), entry]), encoding="utf-8", newline="\n")
        (files / CHECKSUMS).write_text(checksums(files, files), encoding="utf-8", newline="\n")
        if (root / CHANGELOG).is_file():
            text = with_entry(text_of(root / CHANGELOG), planned)
            (files / CHANGELOG).write_text(text, encoding="utf-8", newline="\n")
        swap(root, last=DESCRIPTOR)
    return entry


def _rendered(package: Package, files: Path, renditions: Renderer) -> dict[str, bytes]:
    """What is published below ``files`` in the formats of other programs, by path."""
    with TemporaryDirectory() as folder:
        _, problems = renditions(package, files, Path(folder))
        if problems:
            raise Refused(f"{problems[0].file}:{problems[0].line}: {problems[0].message}")
        made = sorted(path for path in Path(folder).rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in made}


def with_entry(changelog: str, planned: Plan) -> str:
    """The changelog with what stood under Unreleased, and the counted changes below it, as the entry of the release."""
    heading = f"## {planned.version} ({planned.day})"
    counted = "\n".join(f"- {line}" for line in planned.changes())
    prose, mark, rest = changelog.partition(UNRELEASED)
    if not mark:
        first = re.search(r"^## ", changelog, re.MULTILINE)
        at = first.start() if first else len(changelog)
        return f"{changelog[:at]}{heading}\n\n{counted}\n\n{changelog[at:]}".rstrip("\n") + "\n"
    written, older = rest, ""
    if following := re.search(r"^## ", rest, re.MULTILINE):
        written, older = rest[: following.start()], rest[following.start() :]
    parts = [part for part in (written.strip("\n"), f"Counted:\n\n{counted}" if counted else "", older.strip("\n")) if part]
    return f"{prose}{heading}\n\n" + "\n\n".join(parts) + "\n"
