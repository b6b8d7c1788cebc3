"""A record for the eye: in a terminal and in a notebook."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

from secgov._dataset import Dataset
from secgov._record import Contents, Line, Section, gather

WIDTH = 100
LONG = 30
"""A section with more lines than that is closed at first in a notebook."""


def show(dataset: Dataset, address: str) -> Record:
    """The record at an address; see :func:`secgov.show`."""
    return Record(gather(dataset, address))


@dataclass(frozen=True, repr=False)
class Record:
    """One record that prints itself: as text in a terminal, as HTML in a notebook. ``contents`` has the same as plain values."""

    contents: Contents

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        contents = self.contents
        width = max((len(title) for title, _ in contents.fields), default=0)
        lines = [*_wrapped(contents.label, "", ""), contents.address]
        if contents.fields:
            lines.append("")
        for title, value in contents.fields:
            lines += _wrapped(value, f"  {title:<{width}}  ", " " * (width + 4))
        for section in contents.sections:
            lines += ["", section.title]
            for line in section.lines:
                lines += _in_terminal(line)
        return "\n".join([*lines, "", "Cite as", *_wrapped(contents.citation, "  ", "  ")])

    def _repr_html_(self) -> str:
        contents = self.contents
        left = ' style="text-align: left; vertical-align: top"'  # notebooks set tables to the right
        fields = "".join(
            f'<tr><th scope="row"{left}>{escape(title)}</th><td{left}>{escape(value)}</td></tr>' for title, value in contents.fields
        )
        return (
            f'<article class="secgov" style="max-width: 60em"><h3>{escape(contents.label)}</h3>'
            f"<p><code>{escape(contents.address)}</code></p><table>{fields}</table>{''.join(map(_section, contents.sections))}"
            f"<h4>Cite as</h4><p>{escape(contents.citation)}</p></article>"
        )


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """The text in lines of no more than the width, but a word (a link) is never broken."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _in_terminal(line: Line) -> list[str]:
    indent = "  " * line.depth
    lines = _wrapped(line.text, f"{'▸ ' if line.marked else '  '}{indent}", f"      {indent}")
    return [*lines, f"    {indent}{line.link}"] if line.link else lines


def _section(section: Section) -> str:
    """A heading and its lines; a long section is closed at first."""
    lines = f'<ul style="list-style: none; padding-left: 0">{"".join(map(_in_notebook, section.lines))}</ul>'
    if len(section.lines) <= LONG:
        return f"<h4>{escape(section.title)}</h4>{lines}"
    return f"<h4>{escape(section.title)}</h4><details><summary>{len(section.lines)} lines</summary>{lines}</details>"


def _in_notebook(line: Line) -> str:
    text = f"<strong>{escape(line.text)}</strong>" if line.marked else escape(line.text)
    if line.link and line.link.startswith(("http://", "https://")):
        text = f'<a href="{escape(line.link)}" rel="noopener noreferrer">{text}</a>'
    return f'<li style="margin-left: {1.5 * line.depth}em">{text}</li>'
