"""Text from the data in Markdown: shown as it is, whatever it holds."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_\[\]<>|#&~!])")


def plain(text: str) -> str:
    """The text, on one line, such that Markdown takes none of its signs for markup, HTML or an entity."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split("\n")))
