"""The curators' command. Each subcommand hands the package that schemas/ declares to a stage of pipeline/, and secgov's citations.

Exit code 0: done. 1: something in the data is wrong. 2: the command was used wrongly.
"""

from __future__ import annotations

import gc
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cache import cache_of, code_of
from pipeline.known import Known, look
from pipeline.problems import FORMATS, Problem, spelt, suggest

if TYPE_CHECKING:
    from pipeline.journey import Outcome
    from pipeline.language import Package

ROOT = Path(__file__).resolve().parent
LICENCES = ("LICENSE", "LICENSE-DATA")
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Root = Annotated[Path, typer.Option("--root", help="The folder that holds raw/ and gets dataset/.", show_default=False)]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, help="How many processes read the records; the cores there are if not given.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read and judge everything again.")]


def _format(form: str) -> str:
    if form not in FORMATS:
        raise typer.BadParameter(f"there is no format '{form}'; choose one of {', '.join(FORMATS)}")
    return form


def _cluster(address: str | None) -> str | None:
    if address is not None and not address.startswith("dask://"):
        raise typer.BadParameter(f"'{address}' is not the address of a Dask cluster; write dask://host:port")
    return address


Cluster = Annotated[str | None, typer.Option("--executor", help="Read the records on a Dask cluster: dask://host:port.", callback=_cluster)]
Format = Annotated[str, typer.Option("--format", help=f"How to report problems: {', '.join(FORMATS)}.", callback=_format)]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    root: Root = ROOT,
    form: Format = "text",
    jobs: Jobs = None,
    no_cache: NoCache = False,
    cluster: Cluster = None,
) -> None:
    """Check the records in raw/ and publish them in dataset/. With no subcommand: build."""
    if context.invoked_subcommand is None:
        build(root, form, jobs, no_cache, cluster)
    elif (root, form, jobs, no_cache, cluster) != (ROOT, "text", None, False, None):  # they would be lost without a word
        raise typer.BadParameter(f"options go after the subcommand: build.py {context.invoked_subcommand} --root …")


@app.command()
def build(root: Root = ROOT, form: Format = "text", jobs: Jobs = None, no_cache: NoCache = False, cluster: Cluster = None) -> None:
    """Check everything and, if nothing is wrong, publish it."""
    known = None if no_cache else _look(root, jobs)
    if known and (count := known.published(code_of("secgov"))) is not None:
        _report([], form, f"built {count} records into {root / 'dataset'}: nothing changed")
        return
    from pipeline import journey
    from schemas.package import PACKAGE
    from secgov import citations

    outcome, changed = journey.build(PACKAGE, root, _progress, citations, jobs, known, cluster)
    what = f"{len(changed)} files changed" if changed else "nothing changed"
    _report(outcome.problems, form, f"built {outcome.count} records into {root / 'dataset'}: {what}")


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders to report on; all of raw/ if none is given.")] = None,
    root: Root = ROOT,
    form: Format = "text",
    jobs: Jobs = None,
    no_cache: NoCache = False,
    cluster: Cluster = None,
) -> None:
    """Check without writing anything; with paths, report on those records and their references only."""
    chosen = [_inside(path, root) for path in paths or ()]
    known = None if no_cache else _look(root, jobs)
    if known and (count := known.right()) is not None:
        _report([], form, f"checked {count} records in {root / 'raw'}: nothing is wrong")
        return
    from pipeline import journey
    from schemas.package import PACKAGE

    outcome = journey.check(PACKAGE, root, _progress, jobs, known, cluster)
    wrong = [p for p in outcome.problems if not chosen or any(p.file == file or p.file.startswith(f"{file}/") for file in chosen)]
    others = len(outcome.problems) - len(wrong)
    said = f"nothing is wrong in what was asked for; problems elsewhere: {others}" if others else "nothing is wrong"
    _report(wrong, form, f"checked {outcome.count} records in {root / 'raw'}: {said}")


@app.command()
def fmt(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")] = False,
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Bring every record into the common layout: white space and quoting only."""
    from pipeline.format import format_files

    changed, problems = format_files(root, write=not check)
    if check:
        problems += [Problem(file, 1, 1, "not-formatted", "the layout is not the common one; run build.py fmt") for file in changed]
    _report(
        sorted(problems),
        form,
        f"{len(changed)} file{'s' * (len(changed) != 1)} formatted" if changed else "every file has the common layout",
    )


@app.command()
def new(
    table: Annotated[str, typer.Argument(help="The table, such as proposals.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="The id: lower-case letters, digits and hyphens.")],
    root: Root = ROOT,
) -> None:
    """Write a commented card for a new record, with the fields that it must have."""
    from pipeline.template import new_record
    from pipeline.values import is_id
    from schemas.package import PACKAGE

    tables = [model.table.name for model in PACKAGE.records]
    if table not in tables:
        raise typer.BadParameter(f"there is no table '{table}'{suggest(table, tables) or '; choose one of ' + ', '.join(tables)}")
    if not is_id(name):
        raise typer.BadParameter(f"'{name}' is not an id; an id has lower-case letters, digits and single hyphens")
    try:
        path = new_record(PACKAGE, table, name, root)
    except FileExistsError as error:
        raise typer.BadParameter(str(error)) from None
    together = root / "raw" / f"{table}.yaml"
    also = f" (it may stand in {together} too, among the others, under '{name}:')" if together.exists() else ""
    typer.echo(f"wrote {path}: fill it in, then run build.py check{also}", err=True)


@app.command()
def evidence(
    texts: Annotated[Path, typer.Option(help="A folder of source texts; the right one is found by its sha256.")],
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Look up every passage anchor in the text that its source's sha256 names, and see that nothing is copied from it."""
    from pipeline.evidence import check_evidence
    from pipeline.locate import locate
    from schemas.package import PACKAGE

    if not texts.is_dir():
        raise typer.BadParameter(f"there is no folder {texts}")
    if PACKAGE.anchors is None:
        raise typer.BadParameter("no part of this package's records quotes a text: it declares no anchors")
    outcome = _right(PACKAGE, root, form, _look(root, None))
    report = check_evidence(PACKAGE.anchors, outcome.tabulated, texts)
    for name in report.absent:
        typer.echo(f"not looked up: there is no text of sources/{name} in {texts}", err=True)
    typer.echo(f"not looked up: {len(report.unread)} sources with anchors have no sha256 (they were read as pages)", err=True)
    found = f"found all {report.found} anchors of the sources whose text is in {texts}; nothing is copied from them"
    if not report.found:
        found = f"in {texts} is the text of no source that has anchors; a source's sha256 says which text it was read from"
    _report(locate(root, report.complaints), form, found)


@app.command()
def audit(root: Root = ROOT, form: Format = "text") -> None:
    """Ask what looks implausible in records that are right, and is neither mended nor explained in them."""
    from pipeline.audit import audit as doubts
    from pipeline.locate import locate
    from schemas.package import PACKAGE

    if PACKAGE.doubts is None:
        raise typer.BadParameter("there is nothing to ask: this package declares no doubts")
    outcome = _right(PACKAGE, root, form, _look(root, None))
    asked = len(outcome.tabulated.frames[PACKAGE.doubts.table])
    _report(
        locate(root, doubts(PACKAGE.doubts, outcome.tabulated)), form, f"nothing is left unexplained; {asked} explanations stand in records"
    )


@app.command()
def verify(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read CSV and Parquet again: frictionless, pandera, and one against the other.")
    ] = False,
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Judge what was published: sizes and checksums always, contents with --deep."""
    from pipeline import verify as judge
    from schemas.package import PACKAGE

    _report(judge.verify(PACKAGE, root, deep=deep), form, f"{root / 'dataset'} is whole" + (", and its contents are right" if deep else ""))


@app.command()
def diff(
    old: Annotated[str | None, typer.Argument(help="A released version; the last one if none is given.")] = None,
    new: Annotated[str | None, typer.Argument(help="A released version; the working build if none is given.")] = None,
    root: Root = ROOT,
    form: Annotated[str, typer.Option("--format", help="text, json, markdown or html.")] = "text",
) -> None:
    """Show what changed in schema and data between two releases, or since one."""
    from pipeline.diff import compare
    from pipeline.faces.difference import FORMATS as SHAPES
    from pipeline.ledger import releases_of
    from pipeline.snapshot import of_archive, of_folder
    from pipeline.verify import verify as judge
    from schemas.package import PACKAGE

    if form not in SHAPES:
        raise typer.BadParameter(f"there is no format '{form}'; choose one of {', '.join(SHAPES)}", param_hint="--format")
    if problems := judge(PACKAGE, root):  # of what is damaged nobody can say how it differs
        _report(problems, "text", "")
    releases = {release.version: root / release.archive for release in releases_of(root)}
    if not releases:
        raise typer.BadParameter("there is no release to compare with yet")
    for version in (old, new):
        if version is not None and version not in releases:
            raise typer.BadParameter(f"there is no release {version}{suggest(version, releases) or '; there are ' + ', '.join(releases)}")
    before = of_archive(releases[old or list(releases)[-1]])
    after = of_archive(releases[new]) if new else of_folder(root)
    sys.stdout.write(SHAPES[form](compare(before, after)))


@app.command()
def export(
    formats: Annotated[
        list[str] | None, typer.Argument(help="sqlite, excel, stata, jsonl; all if none is named.", show_default=False)
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The folder for what is made; exports/ if none is named.", show_default=False)] = None,
    root: Root = ROOT,
) -> None:
    """Put what is published into the formats of other programs."""
    from pipeline.export import FORMATS as SHAPES
    from pipeline.export import export as render
    from schemas.package import PACKAGE

    for form in formats or ():
        if form not in SHAPES:
            raise typer.BadParameter(f"there is no format '{form}'{suggest(form, SHAPES) or '; choose from ' + ', '.join(SHAPES)}")
    folder = to or root / "exports"
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder", param_hint="--to")
    _apart(folder, root)
    made, problems = render(PACKAGE, root, folder, dict.fromkeys(formats or SHAPES))
    for path in made:
        typer.echo(f"{path}/" if path.is_dir() else path)
    _report(problems, "text", f"made {', '.join(dict.fromkeys(formats or SHAPES))} in {folder}")


@app.command()
def site(
    to: Annotated[Path | None, typer.Option("--to", help="The folder to write it to; site/ if none is given.", show_default=False)] = None,
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Write what is published as a static site, which opens from any host and from a folder."""
    from pipeline.site import Refused
    from pipeline.site import site as write_site
    from schemas.package import PACKAGE
    from secgov import citer
    from secgov.figures import figures_of

    target = to or root / "site"
    _apart(target, root)
    try:
        made = write_site(PACKAGE, root, target, citer, figures_of)
    except Refused as error:
        typer.echo(f"no site was made: {error}", err=True)
        raise typer.Exit(1) from None
    _report(made.problems, form, f"wrote the pages of {made.records} records, {made.files} files in all: open {target / 'index.html'}")


@app.command()
def release(
    day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day of the release.")],
    version: Annotated[str | None, typer.Option(help="A larger version than what changed asks for.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be released, and write nothing.")] = False,
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Freeze the present build: version, archives, ledger, changelog."""
    from pipeline.export import renditions
    from pipeline.release import Refused, plan
    from pipeline.release import release as freeze
    from schemas.package import PACKAGE
    from secgov import citations

    if missing := [name for name in LICENCES if not (root / name).is_file()]:
        raise typer.BadParameter(f"a release carries its licences, and there is no {' and no '.join(missing)} in {root}")
    outcome = _right(PACKAGE, root, form)
    try:
        planned = plan(PACKAGE, outcome.tabulated, root, day.date(), version, citations)
    except Refused as error:
        typer.echo(f"not released: {error}", err=True)
        raise typer.Exit(1) from None
    sys.stdout.write(planned.describe())
    if not dry_run:
        entry = freeze(PACKAGE, outcome.tabulated, root, planned, LICENCES, citations, renditions)
        others = f", its renditions as {root / entry.renditions.archive}" if entry.renditions else ""
        typer.echo(f"released {entry.version} as {root / entry.archive}{others}", err=True)


def _look(root: Path, jobs: int | None) -> Known:
    """What lies in raw/, and what the cache knows of it."""
    return look(root, cache_of("secgov", "schemas"), jobs)


def _right(package: Package, root: Path, form: str, known: Known | None = None) -> Outcome:
    """What came of a check of records in which nothing is wrong; else what is wrong is printed, and the command ends."""
    from pipeline import journey

    outcome = journey.check(package, root, say=_progress, known=known)
    if outcome.problems:
        _report(outcome.problems, form, "")
    return outcome


def _report(problems: list[Problem], form: str, done: str) -> None:
    """Print what is wrong and end with exit code 1, or say what was done."""
    if problems or form == "json":
        sys.stdout.write(FORMATS[form](problems))
    if problems:
        files = len({problem.file for problem in problems})
        typer.echo(f"{len(problems)} problem{'s' * (len(problems) != 1)} in {files} file{'s' * (files != 1)}", err=True)
        raise typer.Exit(1)
    typer.echo(done, err=True)


def _progress(stage: str) -> None:
    """Say what is being done, on a terminal only, in one line that the next overwrites."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{stage}" if stage else "\r\033[K")
        sys.stderr.flush()


def _apart(folder: Path, root: Path) -> None:
    if any(folder.resolve().is_relative_to((root / kept).resolve()) for kept in ("dataset", "raw")):
        raise typer.BadParameter("what is made does not belong into dataset/ or raw/", param_hint="--to")


def _inside(path: Path, root: Path) -> str:
    """A path in raw/ as the problems name it: below the root, with forward slashes."""
    if not path.exists():
        raise typer.BadParameter(f"there is no file {path}")
    if not path.resolve().is_relative_to((root / "raw").resolve()):
        raise typer.BadParameter(f"{path} is not in {root / 'raw'}, where the records are")
    return spelt(path.resolve().relative_to(root.resolve()).as_posix())


def command() -> None:
    """Run the command; what the system refuses (a full disk, no permission) is said in a line, with exit code 1.

    What is printed is UTF-8 with LF, whatever the locale.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    gc.set_threshold(100_000)  # what is imported is not looked through for cycles time and again: a tenth of a short command
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type] # pandera imports it where it is there: a twentieth
    try:
        app()
    except OSError as error:
        typer.echo(f"stopped: {error}; mend that and run the command again, which puts right whatever was begun", err=True)
        sys.exit(1)


if __name__ == "__main__":
    command()
