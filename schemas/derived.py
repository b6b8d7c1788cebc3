"""Columns that nobody types: they follow from the others."""

from __future__ import annotations

from urllib.parse import quote

from pipeline.language import Derived, Frames
from pipeline.late import polars as pl
from pipeline.tables import ColumnSpec
from schemas.vocabularies import ILLOCUTION_OF, Illocution, InstrumentStatus, ProposalStatus


def _link(frames: Frames) -> pl.Series:
    """A W3C text fragment for a passage on a web page, else the page's address: one click opens the source at the passage."""
    sources = frames["sources"].select("url", "media", source=pl.col("id"))
    passages = frames["evidence"].select("source", "passage_first", "passage_last")
    words = pl.concat([passages["passage_first"], passages["passage_last"]]).drop_nulls().unique()
    fragments = pl.Series([_fragment(each) for each in words], dtype=pl.String)
    first, last = (pl.col(end).replace_strict(words, fragments, default=None) for end in ("passage_first", "passage_last"))
    joined = passages.join(sources, on="source", how="left", maintain_order="left")
    opened = pl.concat_str(pl.col("url"), pl.lit("#:~:text="), first, pl.lit(","), last)
    return joined.select(pl.when(pl.col("media") == "html").then(pl.coalesce(opened, "url")).otherwise("url")).to_series()


def _fragment(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")  # a hyphen has a meaning of its own in a text fragment


def _illocution(frames: Frames) -> pl.Series:
    return frames["proposals"]["speech_act"].replace_strict(ILLOCUTION_OF, default=None, return_dtype=pl.String)


def _latest(table: str, column: str, frames: Frames) -> pl.Series:
    """The last known step of each record of a table: its status or its date. Of two steps of one day the later listed counts."""
    steps = frames["statuses"].filter(pl.col("record").str.starts_with(f"{table}/"))
    last = (
        steps.with_row_index("listed").sort("date_start", "listed").group_by("record", maintain_order=True).last().select("record", column)
    )
    records = frames[table].select(record=pl.concat_str(pl.lit(f"{table}/"), pl.col("id")))
    return records.join(last, on="record", how="left", maintain_order="left")[column]


def _status(table: str, terms: tuple[str, ...]) -> tuple[Derived, Derived]:
    return (
        Derived(
            table,
            ColumnSpec(
                "status",
                "string",
                "The last step known of what became of it; empty where none is recorded.",
                vocabulary="status",
                terms=terms,
            ),
            lambda frames: _latest(table, "status", frames),
        ),
        Derived(
            table,
            ColumnSpec("status_as_of", "string", "As of when that step is known."),
            lambda frames: _latest(table, "date", frames),
        ),
    )


DERIVED = (
    Derived(
        "evidence",
        ColumnSpec("link", "string", "The address that opens the source, at the passage where the source is a web page and one is given."),
        _link,
    ),
    Derived(
        "proposals",
        ColumnSpec("illocution", "string", Illocution.description, vocabulary=Illocution.name, terms=tuple(Illocution.terms)),
        _illocution,
        Illocution,
    ),
    *_status("proposals", tuple(ProposalStatus.terms)),
    *_status("instruments", tuple(InstrumentStatus.terms)),
)
