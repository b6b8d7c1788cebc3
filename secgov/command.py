"""The command ``secgov``: the functions of the package for a shell. What it prints to stdout is data; what it says goes to stderr.

Exit codes: 0; 1 if the dataset or an archive is damaged or cannot be had; 2 for a name that does not exist or a senseless command.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from secgov._dataset import Dataset, default
from secgov._errors import IntegrityError, Unavailable, UnknownName, unknown
from secgov._terminal import columns as aligned
from secgov._terminal import terminal_width
from secgov._versions import dataset_of


def main(arguments: Sequence[str] | None = None, dataset: Dataset | None = None) -> int:
    """Run the command and return its exit code. ``dataset`` is another than the one that the package came with."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # what is published is UTF-8 with LF, whatever the console's habits
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        for text in chosen.run(_chosen(dataset or default(), chosen), chosen):
            sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except UnknownName as error:
        return _fail(error, 2)
    except BrokenPipeError:  # the reader has seen enough; Python would complain once more when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (IntegrityError, Unavailable, OSError) as error:
        return _fail(error, 1)
    return 0


def _chosen(bundled: Dataset, chosen: argparse.Namespace) -> Dataset:
    """The dataset of the release that is asked for, if one is."""
    if chosen.release is None and chosen.releases is not None and chosen.run is not _diff:
        raise UnknownName("--releases says where the archives are; name a version with --release")  # or this one would be printed
    return dataset_of(bundled, chosen.release, chosen.releases)


def _fail(error: Exception, code: int) -> int:
    sys.stderr.write(f"secgov: {error}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("secgov", description="A dataset of global security governance: load it, look things up, cite it.")
    parser.set_defaults(run=_version, release=None, releases=None)
    parser.add_argument("--version", action="store_true", help="print the version of the dataset")
    commands = parser.add_subparsers(metavar="COMMAND")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--releases", metavar="PLACE", help="the folder or web address of the archives of releases")
    of = argparse.ArgumentParser(add_help=False, parents=[place])
    of.add_argument("--release", metavar="VERSION", help="a released version; the one that came along, if left out")

    commands.add_parser("tables", help="list the tables", parents=[of]).set_defaults(run=_tables)

    load = commands.add_parser("load", help="print the rows of a table", parents=[of])
    load.add_argument("table", metavar="TABLE")
    load.add_argument("--format", default="csv", help="csv (the default), json, or table for the eye")
    load.add_argument("--labels", action="store_true", help="beside each reference, the label of what it refers to")
    load.add_argument("--head", type=_count, metavar="N", help="the first N rows only")
    load.set_defaults(run=_load)

    path = commands.add_parser("path", help="print where the file of a table is", parents=[of])
    path.add_argument("table", metavar="TABLE")
    path.add_argument("--format", default="csv", help="csv (the default) or parquet")
    path.set_defaults(run=_path)

    codebook = commands.add_parser("codebook", help="print what the columns mean", parents=[of])
    codebook.add_argument("table", metavar="TABLE", nargs="?", help="one table; all, if none is named")
    codebook.set_defaults(run=_codebook)

    cite = commands.add_parser("cite", help="print how to cite the dataset, a table or a record", parents=[of])
    cite.add_argument("what", metavar="WHAT", nargs="?", help="a table or the address of a record; the whole, if left out")
    cite.add_argument("--style", default="apa", help="apa (the default), bibtex, csl-json, ris; of the whole also cff, zenodo, datacite")
    cite.set_defaults(run=_cite)

    show = commands.add_parser("show", help="print a record with all that hangs on it", parents=[of])
    show.add_argument("address", metavar="ADDRESS", help="table/id")
    show.set_defaults(run=_show)

    plot = commands.add_parser("plot", help="draw a picture: network, timeline, balance …", parents=[of])
    plot.add_argument("name", metavar="NAME", help="which picture")
    plot.add_argument("--to", type=Path, metavar="FILE", help="where to write it, .svg or .png; SVG to stdout, if left out")
    plot.set_defaults(run=_plot)

    commands.add_parser("versions", help="list the released versions").set_defaults(run=_versions)

    diff = commands.add_parser("diff", help="print what changed between two versions", parents=[place])
    diff.add_argument("old", metavar="OLD", help="a released version")
    diff.add_argument("new", metavar="NEW", nargs="?", help="another; the one that came along, if left out")
    diff.add_argument("--format", default="csv", help="csv (the default), json, or table for the eye")
    diff.set_defaults(run=_diff)
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of rows")
    return int(text)


# --------------------------------------------------------------- one function a command: it yields the lines to print


def _version(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    if not chosen.version:
        raise UnknownName("no command is given; secgov --help lists them")
    yield f"{dataset.package.name} {dataset.package.version}"


def _tables(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._tables import summary

    shown = ("table", "kind", "rows", "columns", "description")
    yield from aligned([{key: row[key] for key in shown} for row in summary(dataset)], terminal_width())


def _load(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._deprecated import deprecations
    from secgov._tables import labelled

    form = _format(chosen)
    rows = labelled(dataset, chosen.table) if chosen.labels else dataset.arrow(chosen.table)
    for message in deprecations(dataset.table(chosen.table), rows):
        sys.stderr.write(f"secgov: {message}\n")
    head = rows if chosen.head is None else rows.slice(0, min(chosen.head, rows.num_rows))
    yield from form(head.column_names, head.to_pylist())


def _path(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    yield str(dataset.path(chosen.table, chosen.format))


def _codebook(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._tables import codebook_rows

    rows = codebook_rows(dataset, chosen.table)
    hidden = {"table"} if chosen.table else set()
    yield from aligned([{key: value for key, value in row.items() if key not in hidden} for row in rows], terminal_width())


def _cite(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._cite import cite

    yield cite(dataset, chosen.what, chosen.style)


def _show(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._show import show

    yield str(show(dataset, chosen.address))


def _plot(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._plot import plot, saved

    content = saved(plot(dataset, chosen.name), chosen.to)
    if chosen.to is None:
        yield content.decode().rstrip("\n")
    else:
        chosen.to.write_bytes(content)
        sys.stderr.write(f"secgov: wrote {chosen.to}\n")


def _versions(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._versions import version_rows

    yield from aligned(version_rows(dataset), terminal_width()) if version_rows(dataset) else ("nothing was released yet",)


def _diff(dataset: Dataset, chosen: argparse.Namespace) -> Iterator[str]:
    from secgov._diff import changes
    from secgov._schema import Change

    form = _format(chosen)
    old, new = (dataset_of(dataset, version, chosen.releases) for version in (chosen.old, chosen.new))
    yield from form(Change._fields, [change._asdict() for change in changes(old, new)])


# ------------------------------------------------------------------------------------------------------------ forms


def _format(chosen: argparse.Namespace) -> Callable[[Sequence[str], Sequence[Mapping[str, Any]]], Iterator[str]]:
    """The form of rows that is asked for."""
    forms = {"csv": _as_csv, "json": _as_json, "table": _as_table}
    if chosen.format not in forms:
        raise unknown("format", chosen.format, forms)
    return forms[chosen.format]


def _as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as the published CSV has them: quotes only where they are needed, nothing for what is missing, true and false."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")  # named, since a cell that holds it needs quotes
    for cells in (columns, *(row.values() for row in rows)):
        writer.writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in cells])
        yield line.getvalue()[:-1]
        line.seek(0)
        line.truncate()


def _as_json(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as one JSON array, a row a line; dates in ISO form, null for what is missing."""
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    yield "[" + ",\n ".join(lines) + "]"


def _as_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows for the eye, no wider than the terminal; the names alone where there are none."""
    yield from aligned(rows, terminal_width()) if rows else ("  ".join(columns),)
