"""One layout for all records: white space and quoting only. Comments, the order of keys and every value stay as they are."""

from __future__ import annotations

import io
import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.files import RAW, content_of
from pipeline.problems import Problem
from pipeline.read import read

_WIDTH = 110
_LONE_WORD = re.compile(r"^( *(?:- )?\w+:)\n +([^\s#>|]\S*)$", re.MULTILINE)
"""What ruamel.yaml makes of a long address: it could not break it, and puts it on a line of its own."""


def format_files(root: Path, *, write: bool) -> tuple[list[str], list[Problem]]:
    """The files below raw/ whose layout is not the common one (rewritten if ``write``), and those that cannot be read."""
    changed, problems = [], []
    for path in sorted((root / RAW).rglob("*.yaml")):
        if path.is_symlink() or not path.is_file():  # a link may lead out of raw/, and a pipe has no end: the check complains of them
            continue
        file = path.relative_to(root).as_posix()
        content = content_of(path)
        document = read(content)
        if document.refusals:
            problems += [Problem(file, r.line, r.column, r.rule, r.message) for r in document.refusals]
            continue
        formatted = format_text(content.decode("utf-8"))
        if read(formatted.encode("utf-8")).value != document.value:
            problems.append(
                Problem(file, 1, 1, "cannot-format", "the layout cannot be changed without changing a value; format it by hand")
            )
        elif formatted.encode("utf-8") != content:
            changed.append(file)
            if write:
                path.write_text(formatted, encoding="utf-8", newline="\n")
    return changed, sorted(problems)


def format_text(text: str) -> str:
    """The text of one file in the common layout; unchanged where ruamel.yaml cannot read it."""
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        value = yaml.load(text)
    except YAMLError:
        return text
    yaml.version = None  # no %YAML line in the output
    out = io.StringIO()
    yaml.dump(value, out)
    lines = (line.rstrip() for line in out.getvalue().splitlines())
    formatted = _LONE_WORD.sub(r"\1 \2", "\n".join(lines)).strip("\n") + "\n"
    # A text that is unfolded may be folded elsewhere the next time: go on until nothing moves.
    return formatted if formatted == text else format_text(formatted)
