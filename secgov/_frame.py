"""How a frame shows itself in a notebook: whole texts, under what it is and which version, above how to cite it."""

from __future__ import annotations

import weakref
from html import escape
from typing import Any

import pandas as pd

ROWS = 20
"""As many are shown; the frame has all of them."""


def framed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with that look. It stays a plain DataFrame (a subclass would not equal one), and what is computed from it has none."""
    this = weakref.ref(frame)  # or the frame would hold on to itself
    object.__setattr__(frame, "_repr_html_", lambda: html(this()))
    return frame


def html(frame: pd.DataFrame | None) -> str:
    """The first rows as a table, everything escaped."""
    assert frame is not None
    shown = pd.DataFrame({name: [_cell(value) for value in frame[name].head(ROWS)] for name in frame.columns}, dtype=object)
    with pd.option_context("display.max_colwidth", None, "display.max_columns", None):
        table = shown.to_html(border=0, justify="left", index=False, escape=True)
    title = " · ".join(str(frame.attrs[name]) for name in ("title", "version") if name in frame.attrs)
    size = f"{len(frame):,} rows × {len(frame.columns)} columns"
    more = f"<p>… and {len(frame) - ROWS:,} more rows</p>" if len(frame) > ROWS else ""
    cite = f"<p><small>{escape(str(frame.attrs['citation']))}</small></p>" if "citation" in frame.attrs else ""
    head = f"<strong>{escape(title)}</strong> {size}" if title else size
    return f'<article class="secgov"><p>{head}</p><div style="overflow-x: auto">{table}</div>{more}{cite}</article>'


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
