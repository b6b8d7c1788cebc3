"""The curators' command. Each subcommand hands the package that schemas/ declares to a stage of pipeline/."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.problems import FORMATS, Problem

ROOT = Path(__file__).resolve().parent
app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, help="Build and check the dataset.")

Root = Annotated[Path, typer.Option("--root", help="The folder that holds raw/ and gets dataset/.", show_default=False)]
Format = Annotated[str, typer.Option("--format", help="How to report problems: text, json or github.")]


def _report(problems: list[Problem], form: str, done: str) -> None:
    """Print what is wrong and end with exit code 1, or say what was done."""
    if form not in FORMATS:
        raise typer.BadParameter(f"there is no format '{form}'; choose one of {', '.join(FORMATS)}", param_hint="--format")
    if problems or form == "json":
        sys.stdout.write(FORMATS[form](problems))
    if problems:
        files = len({problem.file for problem in problems})
        typer.echo(f"{len(problems)} problem{'s' * (len(problems) != 1)} in {files} file{'s' * (files != 1)}", err=True)
        raise typer.Exit(1)
    typer.echo(done, err=True)


@app.callback(invoke_without_command=True)
def main(context: typer.Context, root: Root = ROOT, form: Format = "text") -> None:
    """With no subcommand: check everything, and publish it if nothing is wrong."""
    if context.invoked_subcommand is None:
        build(root, form)


@app.command()
def build(root: Root = ROOT, form: Format = "text") -> None:
    """Check everything, and publish it if nothing is wrong."""
    from pipeline import journey
    from schemas.package import PACKAGE

    outcome, changed = journey.build(PACKAGE, root)
    count = len(outcome.records.accepted)
    what = f"{len(changed)} files changed" if changed else "nothing changed"
    _report(outcome.problems, form, f"built {count} records into {root / 'dataset'}: {what}")


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files to report on; all of raw/ if none is given.")] = None,
    root: Root = ROOT,
    form: Format = "text",
) -> None:
    """Check without writing anything; with paths, report on those files and their references only."""
    from pipeline import journey
    from schemas.package import PACKAGE

    outcome = journey.check(PACKAGE, root)
    problems = outcome.problems
    if paths:
        chosen = [_inside(path, root) for path in paths]
        problems = [problem for problem in problems if any(problem.file == c or problem.file.startswith(f"{c}/") for c in chosen)]
    _report(problems, form, f"checked {len(outcome.records.accepted)} records in {root / 'raw'}: nothing is wrong")


def _inside(path: Path, root: Path) -> str:
    """A path as the problems name it: below the root, with forward slashes."""
    if not path.exists():
        raise typer.BadParameter(f"there is no file {path}")
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise typer.BadParameter(f"{path} is not below {root}") from None


if __name__ == "__main__":
    app()
