"""Reports: tables computed from all others, so that a reader sees the tilt and the gaps of the collection before using it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.language import Frames, Report, Vocabulary
from pipeline.late import polars as pl
from pipeline.tables import INDEX, ColumnSpec, tables_of_rows
from schemas.rules import RECORDS, tables_with

Measure = Vocabulary(
    "measure",
    "What statements are counted by.",
    {
        "source-class": "The class of a source that they rest on; one that rests on two classes counts in both.",
        "speaker-state": "The state of those who propose, advise or assert; a source's own voice counts as 'own-voice'.",
        "topic": "What they are about; one with two topics counts in both.",
        "stance": "How claims stand towards those they judge.",
        "target": "Whom claims judge, and how.",
        "counter-position": "For claims that judge someone or something: whether another claim answers or contradicts them.",
    },
)

_SPEAKERS = {"proposals": "proposer", "recommendations": "author", "claims": "asserter"}
_ANSWERS = ("contradicts", "responds-to")


def _balance(frames: Frames) -> pl.DataFrame:
    """Counts of statements by each measure, with their share of the table's statements."""
    parts = []
    for table, role in _SPEAKERS.items():
        everyone = frames[table].select(record=pl.concat_str(pl.lit(f"{table}/"), pl.col("id")))
        for measure, values in _measures(frames, table, role, everyone):
            counted = values.unique().group_by("value").agg(pl.len().alias("statements"))
            parts.append(
                counted.select(
                    measure=pl.lit(measure),
                    table=pl.lit(table),
                    value="value",
                    statements="statements",
                    share=(pl.col("statements") / everyone.height).round(3),
                )
            )
    order = pl.concat(parts).sort("measure", "table", "statements", "value", descending=[False, False, True, False])
    return order.with_columns(id=pl.concat_str("measure", "table", "value", separator=":"))


def _measures(frames: Frames, table: str, role: str, everyone: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """For each measure the pairs of statement (``record``) and ``value``."""
    classes = frames["sources"].select("source_class", source="id")
    own = frames["evidence"].filter(pl.col("field").is_null()).join(everyone, on="record", how="semi")
    yield "source-class", own.join(classes, on="source").select("record", value="source_class")
    yield "speaker-state", _speakers(frames, table, role, everyone)
    topics = frames[f"{table[:-1]}_topics"]
    yield "topic", topics.select(record=pl.concat_str(pl.lit(f"{table}/"), pl.col(table[:-1])), value="topic")
    if table != "claims":
        return
    targets = frames["involvements"].filter(pl.col("role") == "target").with_columns(whom=pl.coalesce("actor", "kind"))
    judging = targets.filter(pl.col("stance").is_not_null())
    yield "stance", judging.select("record", value="stance")
    yield "target", judging.select("record", value=pl.concat_str("stance", "whom", separator=" of "))
    answered = frames["relations"].filter(pl.col("kind").is_in(_ANSWERS))["to"]
    contested = judging.filter(pl.col("stance").is_in(["critical", "supportive"])).select("record").unique()
    found = pl.when(pl.col("record").is_in(answered.implode())).then(pl.lit("found")).otherwise(pl.lit("none-found"))
    yield "counter-position", contested.select("record", value=found)


def homes(frames: Frames) -> pl.DataFrame:
    """``actor`` and ``state``: of every state, person and body the state that it is, or is of."""
    return pl.concat(
        frames[kind].select(actor=pl.concat_str(pl.lit(f"{kind}/"), pl.col("id")), state="id" if kind == "states" else "state")
        for kind in ("states", "people", "institutions")
    )


def _speakers(frames: Frames, table: str, role: str, everyone: pl.DataFrame) -> pl.DataFrame:
    """The state of each speaker: itself, or that of the person or body; 'none' for a body of no one state."""
    spoken = frames["involvements"].filter(pl.col("role") == role).join(everyone, on="record", how="semi")
    states = spoken.join(homes(frames), on="actor", how="left").select("record", value=pl.col("state").fill_null("none"))
    if table != "claims":
        return states
    own = frames["claims"].filter(pl.col("own_voice_of").is_not_null())
    return pl.concat([states, own.select(record=pl.concat_str(pl.lit("claims/"), pl.col("id")), value=pl.lit("own-voice"))])


def _contradictions(frames: Frames) -> pl.DataFrame:
    """Claims that something contradicts: another claim that says so, or the field that they are about, by its evidence.

    A field contradicts a claim about it where its evidence has the claim's own source down as contradicting.
    """
    said = frames["relations"].filter((pl.col("kind") == "contradicts") & pl.col("to").str.starts_with("claims/"))
    by_claims = said.select(claim=pl.col("to").str.strip_prefix("claims/"), by="record", field=pl.lit(None, pl.String))
    about = frames["subjects"].filter(pl.col("field").is_not_null()).select("claim", "field", by="about")
    own = frames["evidence"].filter(pl.col("record").str.starts_with("claims/") & pl.col("field").is_null())
    sources = own.select("source", claim=pl.col("record").str.strip_prefix("claims/")).unique()
    against = frames["evidence"].filter(pl.col("verdict") == "contradicts").select("source", "field", by="record").unique()
    by_fields = about.join(sources, on="claim").join(against, on=["source", "field", "by"]).select("claim", "by", "field")
    found = pl.concat([by_claims, by_fields]).unique().sort("claim", "by", "field", nulls_last=True)
    return found.with_columns(id=pl.concat_str("claim", "by", "field", separator=":", ignore_nulls=True))


_PARAGRAPHS = re.compile(r"¶(\d+)(?:-(\d+))?")


def _coverage(frames: Frames) -> pl.DataFrame:
    """For each paragraph of each text that was read whole: the records that rest on it, or why there are none."""
    rows: list[dict[str, str | int | None]] = []
    for source, count in frames["sources"].filter(pl.col("paragraphs").is_not_null()).select("id", "paragraphs").iter_rows():
        found: dict[int, dict[str, str | None]] = {number: {} for number in range(1, count + 1)}
        for locator, record in _places(frames, source):
            for number in _range(locator, count):
                found[number][record] = None
        for locator, reason in frames["silences"].filter(pl.col("source") == source).select("paragraph", "reason").iter_rows():
            for number in _range(locator, count):
                found[number][""] = reason
        for number, records in found.items():
            for record, reason in sorted(records.items()) or [("", None)]:
                name = f"{source}:{number}:{record or 'none'}"
                rows.append({"id": name, "source": source, "paragraph": number, "record": record or None, "reason": reason})
    kinds = {"id": pl.String, "source": pl.String, "paragraph": pl.Int64, "record": pl.String, "reason": pl.String}
    return pl.DataFrame(rows, schema=kinds)


def _places(frames: Frames, source: str) -> Iterator[tuple[str, str]]:
    """Locator and record of everything that rests on a source."""
    specs = tables_of_rows(RECORDS)
    for name in tables_with("source", "at"):
        spec = specs[name]
        placed = frames[name].filter((pl.col("source") == source) & pl.col("at").is_not_null())
        yield from ((at, spec.record(owner)) for at, owner in placed.select("at", spec.owner).iter_rows())


def _range(locator: str, count: int) -> range:
    match = _PARAGRAPHS.fullmatch(locator)
    return range(int(match[1]), min(int(match[2] or match[1]), count) + 1) if match else range(0)


REPORTS = (
    Report(
        "balance",
        "count",
        "How many statements rest on which class of source, come from whose state, are about what, and judge whom: its tilt.",
        (
            ColumnSpec("id", "string", "The row's key: measure, table and value.", "Id", True, True),
            ColumnSpec("measure", "string", Measure.description, required=True, vocabulary=Measure.name, terms=tuple(Measure.terms)),
            ColumnSpec("table", "string", "The table of the statements that are counted.", required=True),
            ColumnSpec("value", "string", "The class, state, topic or stance.", required=True),
            ColumnSpec("statements", "integer", "How many statements.", required=True, unit="statements"),
            ColumnSpec("share", "number", "Their share of all statements of that table, from 0 to 1.", required=True),
        ),
        ("id",),
        _balance,
        shown=True,
        vocabularies=(Measure,),
    ),
    Report(
        "contradictions",
        "contradiction",
        "Claims that another claim contradicts, or that the evidence of the field they are about does. Derived; nobody decides it here.",
        (
            ColumnSpec("id", "string", "The row's key: claim, record and field.", "Id", True, True),
            ColumnSpec("claim", "string", "The claim.", required=True, reference=("claims", "id")),
            ColumnSpec("by", "string", "The claim or record that contradicts it.", required=True, reference=(INDEX, "address")),
            ColumnSpec("field", "string", "For a record: the field whose evidence does."),
        ),
        ("id",),
        _contradictions,
    ),
    Report(
        "coverage",
        "paragraph",
        "For each text that was read whole, paragraph by paragraph: the records that rest on it, or the reason why there are none.",
        (
            ColumnSpec("id", "string", "The row's key: source, paragraph and record.", "Id", True, True),
            ColumnSpec("source", "string", "The source.", required=True, reference=("sources", "id")),
            ColumnSpec("paragraph", "integer", "The number of the non-empty line, from 1.", required=True),
            ColumnSpec("record", "string", "A record that rests on it.", reference=(INDEX, "address")),
            ColumnSpec("reason", "string", "Why nothing is recorded from it."),
        ),
        ("id",),
        _coverage,
    ),
)
