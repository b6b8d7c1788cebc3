"""One layout for all records: white space and quoting only. Comments, the order of keys and every value stay as they are.

Where the layout could not be changed without losing one of them, the file is left as it is, and named.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from yaml.cyaml import CSafeLoader

from pipeline.files import RAW, content_of, visible
from pipeline.problems import Problem
from pipeline.read import read
from pipeline.swap import put

_WIDTH = 110
_COMMENT = re.compile(r"#.*\S")
_LONE_WORD = re.compile(r"^( *(?:- )?\w+:)\n +([^\s#>|]\S*)$", re.MULTILINE)
"""What ruamel.yaml makes of a long address: it could not break it, and puts it on a line of its own."""


def format_files(root: Path, *, write: bool) -> tuple[list[str], list[Problem]]:
    """The files below raw/ whose layout is not the common one (rewritten if ``write``), and those that cannot be read."""
    changed, problems = [], []
    for path in _files(root):
        file = path.relative_to(root).as_posix()
        content = content_of(path)
        document = read(content)
        if document.refusals:
            problems += [Problem(file, r.line, r.column, r.rule, r.message) for r in document.refusals]
            continue
        text = content.decode("utf-8")
        formatted = format_text(text)
        if read(formatted.encode("utf-8")).value != document.value:
            problems.append(
                Problem(file, 1, 1, "cannot-format", "the layout cannot be changed without changing a value; format it by hand")
            )
        elif "#" in text and (lost := Counter(_comments(text)) - Counter(_comments(formatted))):
            before = text[: text.rindex(comment := min(lost, key=text.rindex))]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            message = f"the comment '{comment}' would be lost; put it on a line of its own, outside of {{}} and []"
            problems.append(Problem(file, line, column, "cannot-format", message))
        elif formatted.encode("utf-8") != content:
            changed.append(file)
            if write:
                put(path, formatted)
    return changed, sorted(problems)


def _files(root: Path) -> Iterator[Path]:
    """The files that may be records. A link may lead out of raw/, and a pipe has no end: the check complains of them."""
    for item in visible(root / RAW):
        inside = visible(Path(item.path)) if item.is_dir(follow_symlinks=False) else [item]
        yield from (Path(file.path) for file in inside if file.name.endswith(".yaml") and file.is_file(follow_symlinks=False))


def _comments(text: str) -> Iterator[str]:
    """Every comment: it stands between two tokens."""
    before = 0
    for token in yaml.scan(text, CSafeLoader):
        yield from _COMMENT.findall(text[before : token.start_mark.index])
        before = max(before, token.end_mark.index)
    yield from _COMMENT.findall(text[before:])


def format_text(text: str) -> str:
    """The text of one file in the common layout; unchanged where ruamel.yaml cannot read it."""
    round_trip = YAML(typ="rt")
    round_trip.version = (1, 2)
    round_trip.preserve_quotes = True
    round_trip.width = _WIDTH
    round_trip.allow_unicode = True
    round_trip.indent(mapping=2, sequence=4, offset=2)
    try:
        value = round_trip.load(text)
    except YAMLError:
        return text
    round_trip.version = None  # no %YAML line in the output
    out = io.StringIO()
    round_trip.dump(value, out)
    lines = (line.rstrip() for line in out.getvalue().splitlines())
    formatted = _LONE_WORD.sub(r"\1 \2", "\n".join(lines)).strip("\n") + "\n"
    # A text that is unfolded may be folded elsewhere the next time: go on until nothing moves.
    return formatted if formatted == text else format_text(formatted)
