"""What is published, in the formats of other programs: verified, read, written beside its place, and put there when all is made.

The tables are read as they were published, not made again from the records; if anything about them is wrong, or the schemas have changed
since, nothing is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.exports import excel, jsonl, sqlite, stata
from pipeline.exports.published import Published, Unfit, read_published
from pipeline.language import Package
from pipeline.places import CSV
from pipeline.problems import Problem
from pipeline.swap import alone, exchange
from pipeline.verify import outdated, verify

FORMATS: dict[str, Callable[[Published, Path], None]] = {
    "sqlite": sqlite.write,
    "excel": excel.write,
    "stata": stata.write,
    "jsonl": jsonl.write,
}


def export(package: Package, root: Path, to: Path, formats: Iterable[str] = FORMATS) -> tuple[list[Path], list[Problem]]:
    """Make the formats in the folder ``to``, while nobody publishes; the files and folders that were made, or what is wrong.

    A folder of the same name that is there already is replaced.
    """
    with alone(root):
        return renditions(package, root, to, formats)


def renditions(package: Package, root: Path, to: Path, formats: Iterable[str] = FORMATS) -> tuple[list[Path], list[Problem]]:
    """As :func:`export`, for whoever has ``root`` for himself already."""
    problems = verify(package, root) or outdated(package, root)
    if problems:
        return [], problems
    published = read_published(package, root)
    to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=to) as place:
        try:
            for name in formats:
                FORMATS[name](published, Path(place))
        except Unfit as error:
            return [], [Problem(f"{CSV}/{error.table}.csv", error.row + 2, 1, "does-not-fit", error.message)]
        made = sorted(Path(place).iterdir())
        for each in made:
            exchange(each, to / each.name)
        return [to / each.name for each in made], []
