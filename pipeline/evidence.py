"""Evidence to text: every passage anchor is looked up in the text that its source's sha256 names.

A text is found by content, never by name. White space, quotation marks, dashes, letter case and simple markup (``**``, leading ``#``,
tags) are folded on both sides. The opening words must occur exactly once in the whole text, so that a link to them is
unambiguous; the closing words are the next ones after it; and both must stand in the paragraphs that the locator names, where
¶ counts the non-empty lines of the text. The same texts serve to prove that nothing of ours is copied from them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.language import Anchors
from pipeline.places import digest_of
from pipeline.problems import Complaint
from pipeline.tables import ColumnSpec, TableSpec
from pipeline.tabulate import Tabulated

_FOLDS = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'} | dict.fromkeys("‐‑‒–—―−", "-"))
_MARKUP = re.compile(r"<[^<>]*>|\*+|^#+\s", re.MULTILINE)
_PARAGRAPHS = re.compile(r"¶(\d+)(?:-(\d+))?")
_WORD = re.compile(r"\w+")

LONGEST_RUN = 9
"""So many words in a row, shared with a source, are a copy."""


@dataclass(slots=True)
class Report:
    """What was looked for and found. ``absent`` are sources with a sha256 but no text here, ``unread`` those with anchors and no sha256."""

    found: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is searched: its paragraphs folded and joined by blanks, and where each starts."""

    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, content: str) -> Folded:
        """Fold a whole text; its paragraphs are its non-empty lines."""
        paragraphs = [fold(line) for line in content.splitlines() if line.strip()]
        starts, at = [], 0
        for paragraph in paragraphs:
            starts.append(at)
            at += len(paragraph) + 1
        return cls(" ".join(paragraphs), tuple(starts))

    def paragraph(self, offset: int) -> int:
        """The number, from 1, of the paragraph at an offset."""
        return bisect.bisect_right(self.starts, offset)


def fold(text: str) -> str:
    """The form in which anchors and texts are compared."""
    return " ".join(_MARKUP.sub(" ", text.translate(_FOLDS)).casefold().split())


def check_evidence(anchors: Anchors, tabulated: Tabulated, texts: Path) -> Report:
    """Look up every anchor of every part table; texts are the files anywhere below ``texts``."""
    sources = dict(tabulated.frames[anchors.sources].select("id", anchors.digest).iter_rows())
    found = {digest_of(path): path for path in sorted(texts.rglob("*")) if path.is_file()}
    here: dict[str, Folded] = {}
    report = Report()
    for row, (name, digest) in enumerate(sources.items()):
        if digest in found:
            try:
                here[name] = Folded.of(found[digest].read_bytes().decode("utf-8"))
            except UnicodeDecodeError:
                origin = tabulated.origins[anchors.sources][row]
                message = f"what has this sha256 is no text in UTF-8: {found[digest].name}; name the text that was made of it"
                report.complaints.append(Complaint(origin.file, origin.of(anchors.digest), "not-a-text", message))
    cited: set[str] = set()
    for table, row, source, locator, first, last in _anchors(anchors, tabulated):
        cited.add(source)
        if source not in here:
            continue
        reason = _search(here[source], first, last, locator)
        if reason is None:
            report.found += 1
        else:
            origin = tabulated.origins[table][row]
            report.complaints.append(Complaint(origin.file, origin.of(anchors.passage), "anchor-not-found", f"{source}: {reason}"))
    report.absent = sorted(name for name, digest in sources.items() if digest and name not in here)
    report.unread = sorted(name for name in cited if not sources[name])
    for table, row, column, run in copied(anchors, tabulated, [text.text for text in here.values()]):
        origin = tabulated.origins[table][row]
        message = f"{LONGEST_RUN} or more words stand so in a source: '{run}'; say it in other words"
        report.complaints.append(Complaint(origin.file, origin.of(column), "copied", message))
    return report


def copied(anchors: Anchors, tabulated: Tabulated, texts: list[str]) -> Iterator[tuple[str, int, str, str]]:
    """Table, row, column and the words, for every text of ours that shares a run of words with a (folded) source text.

    What is quotable is left out first, longest first: a name or title breaks a run.
    """
    known = {tuple(run) for text in texts for run in _runs(_WORD.findall(text))}
    quotable = {fold(text) for table, column in anchors.quotable for text in tabulated.frames[table][column].drop_nulls()}
    left_out = re.compile("|".join(re.escape(text) for text in sorted(quotable, key=len, reverse=True)) or "(?!)")
    for name, spec in tabulated.specs.items():
        if spec.kind not in ("entity", "part"):
            continue
        for column in _free_texts(spec, anchors):
            for index, text in enumerate(tabulated.frames[name][column.name]):
                if text is None:
                    continue
                for piece in left_out.split(fold(text)):
                    run = next((run for run in _runs(_WORD.findall(piece)) if tuple(run) in known), None)
                    if run:
                        yield name, index, column.field or column.name, " ".join(run)


def _runs(words: list[str]) -> Iterator[list[str]]:
    return (words[i : i + LONGEST_RUN] for i in range(len(words) - LONGEST_RUN + 1))


def _free_texts(spec: TableSpec, anchors: Anchors) -> Iterator[ColumnSpec]:
    """The columns that hold sentences of ours: no terms, references or codes, no ends of passages, nothing quotable."""
    for column in spec.columns:
        plain = column.type == "string" and column.field and not (column.terms or column.reference or column.pattern)
        if plain and column.field != anchors.passage and (spec.name, column.name) not in anchors.quotable:
            yield column


def _anchors(anchors: Anchors, tabulated: Tabulated) -> Iterator[tuple[str, int, str, str, str, str]]:
    """Every passage that some part gives: its table and row, source, locator, first and last words."""
    wanted = [anchors.source, anchors.locator, f"{anchors.passage}_first", f"{anchors.passage}_last"]
    for name, spec in tabulated.specs.items():
        if spec.kind != "part" or not {*wanted} <= {column.name for column in spec.columns}:
            continue
        for index, values in enumerate(tabulated.frames[name].select(wanted).iter_rows()):
            if values[2]:
                yield name, index, *values


def _search(text: Folded, first: str, last: str, locator: str | None) -> str | None:
    """Why a passage is not where the anchor says, or None if it is."""
    opening = [match.start() for match in _words(first).finditer(text.text)]
    if not opening:
        return f"'{first}' does not occur in the text"
    if len(opening) > 1:
        return f"'{first}' occurs {len(opening)} times; quote the opening so that it occurs once"
    closing = _words(last).search(text.text, opening[0] + (0 if fold(first) == fold(last) else len(fold(first))))
    if closing is None:
        return f"'{last}' does not occur after '{first}'"
    match = _PARAGRAPHS.fullmatch(locator or "")
    if match:
        lowest, highest = int(match[1]), int(match[2] or match[1])
        start, end = text.paragraph(opening[0]), text.paragraph(closing.end() - 1)
        if not lowest <= start <= end <= highest:
            where = f"¶{start}" if start == end else f"¶{start}-{end}"
            return f"the passage stands in {where}, not in {locator}"
    return None


def _words(phrase: str) -> re.Pattern[str]:
    """Whole words only, so that 'state' is not found in 'statement'."""
    return re.compile(rf"(?<!\w){re.escape(fold(phrase))}(?!\w)")
