"""Complaints to problems: the files that someone complained about are read for positions, if nobody has yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType

from pipeline.files import content_of
from pipeline.problems import Complaint, Problem
from pipeline.read import Document, read

AS_WRITTEN = "{as written}"
"""In a complaint's message: replaced by the spelling of the value, which only the file still knows."""


def locate(root: FilePath, complaints: Iterable[Complaint], documents: Mapping[str, Document] = MappingProxyType({})) -> list[Problem]:
    """Give every complaint its line and column; sorted by place, each only once. ``documents`` are files whose positions are known."""
    by_file: dict[str, list[Complaint]] = defaultdict(list)
    for complaint in complaints:
        by_file[complaint.file].append(complaint)
    problems: set[Problem] = set()
    for file, found in by_file.items():
        path = root / file
        document = documents.get(file)
        if document is None:
            document = read(content_of(path)) if path.is_file() and not path.is_symlink() else Document()
        for complaint in found:
            line, column = document.position(complaint.path, complaint.at_key)
            message = complaint.message.replace(AS_WRITTEN, document.spelling.get(complaint.path, ""))
            problems.add(Problem(file, line, column, complaint.rule, message))
    return sorted(problems)
