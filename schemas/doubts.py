"""What the audit asks: rules whose breach is no error but wants mending or an explanation in the record.

Each function answers, for every row of its table, whether there is nothing to ask. A tree is asked about at its root.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.language import Doubts, Frames, Holds, Rule
from pipeline.late import polars as pl
from schemas.explanations import DoubtKind
from schemas.reports import homes
from schemas.rules import tables_with

STATEMENTS = ("proposals", "recommendations", "claims")
FIRST_HAND = ("official", "igo", "depository")
"""Classes that may be a body's own account; state media are where a government speaks whose they are."""

SPEAKING = ("proposer", "author", "asserter", "spokesperson", "on-behalf-of", "initiator", "adopting-body", "host", "chair", "organiser")
"""Roles of those whose own account an official page or their state's media may give."""


def _far() -> pl.Expr:
    return pl.date(9999, 12, 31)


def _address(table: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{table}/"), pl.col("id"))


def _root(record: pl.Expr) -> pl.Expr:
    """The record itself, or for a part of a tree its root."""
    return record.str.split(".").list.first()


def _happened(frames: Frames) -> pl.DataFrame:
    """``record``, and from when to when it happened or was said."""
    dated = [*STATEMENTS, "events"]
    return pl.concat(frames[t].select("date_start", "date_end", record=_address(t)) for t in dated).drop_nulls("date_start")


def _left(frame: pl.DataFrame, other: pl.DataFrame, on: str) -> pl.DataFrame:
    return frame.join(other, on=on, how="left", maintain_order="left")


def _evidence_is_younger(frames: Frames) -> pl.Series:
    """A page older than the event or statement can only announce it; then a note says what it carries."""
    pages = frames["sources"].select(page_end="date_end", source="id")
    rows = _left(_left(frames["evidence"], pages, "source"), _happened(frames), "record")
    about_it = pl.col("field").is_null() | (pl.col("field") == "date")
    late = pl.col("page_end") < pl.col("date_start")
    return rows.select(~(about_it & (pl.col("verdict") == "supports") & pl.col("note").is_null() & late).fill_null(False)).to_series()


def _step_is_younger(frames: Frames) -> pl.Series:
    pages = frames["sources"].select(page_end="date_end", source="id")
    rows = _left(frames["statuses"], pages, "source")
    unknown = pl.col("status").is_in(["unknown", "aspirational"])  # dated by when it was looked for
    return rows.select((unknown | (pl.col("page_end") >= pl.col("date_start"))).fill_null(True)).to_series()


def _step_follows(frames: Frames) -> pl.Series:
    said = frames["proposals"].select(record=_address("proposals"), said="date_start")
    return _left(frames["statuses"], said, "record").select((pl.col("date_end") >= pl.col("said")).fill_null(True)).to_series()


def _editions_in_order(frames: Frames) -> pl.Series:
    events = frames["events"].with_row_index("row")
    numbered = events.drop_nulls(["series", "edition", "date_start"]).sort("series", "edition", "date_start")
    wrong = numbered.filter(pl.col("date_start") <= pl.col("date_start").shift(1).over("series"))
    return ~events["row"].is_in(wrong["row"].implode())


def _acts(frames: Frames) -> pl.DataFrame:
    """Every involvement, with when its record happened; what it is the target of is none of an actor's doing."""
    return _left(frames["involvements"].with_row_index("row"), _happened(frames), "record")


def _acting(roles: Iterable[str] = ("spokesperson", "chair", "participant", "proposer", "host")) -> pl.Expr:
    return pl.col("role").is_in(list(roles))


def _in_term(frames: Frames) -> pl.Series:
    """Somebody all of whose terms are known acts in one of them. Of a function known for one day only, the term is not known."""
    terms = frames["roles"].select(
        actor=pl.concat_str(pl.lit("people/"), pl.col("person")),
        since=pl.col("period_start").fill_null(pl.date(1, 1, 1)),
        until=pl.when(pl.col("period_start") == pl.col("period_end")).then(_far()).otherwise(pl.col("period_end").fill_null(_far())),
    )
    acts = _acts(frames)
    held = acts.filter(_acting()).join(terms, on="actor")
    inside = (pl.col("date_end") >= pl.col("since")) & (pl.col("date_start") <= pl.col("until"))
    outside = held.group_by("row").agg(inside.any().alias("inside")).filter(~pl.col("inside"))
    return ~acts["row"].is_in(outside["row"].implode())


def _has_role(frames: Frames) -> pl.Series:
    people = frames["roles"].select(pl.concat_str(pl.lit("people/"), pl.col("person"))).to_series()
    person = pl.col("actor").fill_null("").str.starts_with("people/")
    return frames["involvements"].select(~(person & _acting()) | pl.col("actor").is_in(people.implode())).to_series()


def _body_is_there(frames: Frames) -> pl.Series:
    """A body that speaks, hosts or takes part was founded by then and had not ended."""
    lives = frames["institutions"].select("founded_start", "ended_end", actor=pl.concat_str(pl.lit("institutions/"), pl.col("id")))
    rows = _left(_acts(frames), lives, "actor")
    alive = (pl.col("date_end") >= pl.col("founded_start")).fill_null(True) & (pl.col("date_start") <= pl.col("ended_end")).fill_null(True)
    return rows.select(
        ~_acting(("proposer", "spokesperson", "host", "chair", "participant", "organiser", "asserter", "author")) | alive
    ).to_series()


def _member_of_what_was(frames: Frames) -> pl.Series:
    founded = frames["institutions"].select("founded_start", institution="id")
    ends = pl.col("period_end").fill_null(_far())
    return _left(frames["memberships"], founded, "institution").select((ends >= pl.col("founded_start")).fill_null(True)).to_series()


def _plain(name: pl.Expr) -> pl.Expr:
    """A name without case, accents, hyphens and the like."""
    return name.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")


def _own_name(table: str) -> Holds:
    """No other record of the table has its label as label or, unless it is marked ambiguous, as a name."""

    def holds(frames: Frames) -> pl.Series:
        labels = frames[table].select("label", record=_address(table), part=_part(table, frames))
        given = frames["names"].filter(pl.col("record").str.starts_with(f"{table}/") & ~pl.col("ambiguous"))
        names = pl.concat([labels.filter(~pl.col("part")).select("record", name="label"), given.select("record", "name")])
        names = names.with_columns(plain=_plain(pl.col("name"))).filter(pl.col("plain") != "").unique(["record", "plain"])
        shared = names.filter(pl.len().over("plain") > 1)["record"]
        return ~labels["record"].is_in(shared.implode())

    return holds


def _carried(frames: Frames) -> pl.DataFrame:
    """For every record or root of a tree: how many publishers carry it, none repeating another, and of which classes its sources are."""
    pages = frames["sources"].select("source_class", "state", source="id", publisher=pl.col("publisher").fill_null(pl.col("id")))
    evidence = frames["evidence"].filter(pl.col("verdict") == "supports").select("source", record=_root(pl.col("record")))
    roles = frames["roles"].select("source", record=pl.concat_str(pl.lit("people/"), pl.col("person")))
    members = frames["memberships"].select("source", record=pl.concat_str(pl.lit("institutions/"), pl.col("institution")))
    rows = _left(pl.concat([evidence, roles, members]).unique(), pages, "source")
    copies = frames["source_derives_from"].rename({"source": "copy", "derives_from": "source"})
    repeats = rows.join(copies, on="source").select("record", source="copy", repeats=pl.lit(True)).unique()
    rows = rows.join(repeats, on=["record", "source"], how="left")
    own = _homes(frames).with_columns(own=pl.lit(True))
    rows = rows.join(own, on=["record", "state"], how="left").with_columns(pl.col("own").fill_null(False))
    return rows.group_by("record").agg(
        publishers=pl.col("publisher").filter(pl.col("repeats").is_null()).n_unique(),
        first_hand=(pl.col("source_class").is_in(FIRST_HAND) | pl.col("own")).any(),
        outside=(~pl.col("source_class").is_in(["official", "state-media"])).any(),
    )


def _homes(frames: Frames) -> pl.DataFrame:
    """``record`` and ``state``: of which states those are who speak or act in a record, or the person or body that it is about."""
    actors = homes(frames)
    speaking = frames["involvements"].filter(pl.col("role").is_in(SPEAKING)).select("record", "actor")
    themselves = actors.select(record="actor", actor="actor")
    found = pl.concat([speaking, themselves]).join(actors, on="actor").select(_root(pl.col("record")), "state")
    return found.drop_nulls().unique()


def _own_texts(frames: Frames) -> pl.DataFrame:
    """``record`` and ``source``: texts in which the speaker of a statement speaks, and texts of an instrument."""
    written = frames["involvements"].filter(pl.col("record").str.starts_with("sources/") & (pl.col("role") == "author"))
    written = written.select("actor", source=pl.col("record").str.strip_prefix("sources/"))
    spoken = frames["involvements"].filter(pl.col("role").is_in(["author", "asserter", "proposer", "spokesperson"]))
    voices = frames["claims"].select(record=_address("claims"), source="own_voice_of").drop_nulls()
    texts = frames["sources"].select(record=pl.concat_str(pl.lit("instruments/"), pl.col("text_of")), source="id").drop_nulls()
    works = frames["recommendations"].select(record=_address("recommendations"), source=pl.col("work").str.strip_prefix("sources/"))
    by_author = spoken.join(written, on="actor").select("record", "source")
    return pl.concat([by_author, voices, texts, works]).with_columns(record=_root(pl.col("record"))).unique()


def _confidence_is_earned(table: str) -> Holds:
    """High: the body's or speaker's own account was seen. Medium: two publishers, neither repeating the other."""

    def holds(frames: Frames) -> pl.Series:
        own = frames["evidence"].with_columns(record=_root(pl.col("record"))).join(_own_texts(frames), on=["record", "source"])["record"]
        rows = _left(frames[table].with_columns(record=_root(_address(table))), _carried(frames), "record")
        first_hand = pl.col("first_hand").fill_null(False) | pl.col("record").is_in(own.implode())
        enough = {"high": first_hand, "medium": first_hand | (pl.col("publishers").fill_null(0) >= 2)}
        return rows.select(
            pl.when(pl.col("confidence") == "high")
            .then(enough["high"])
            .when(pl.col("confidence") == "medium")
            .then(enough["medium"])
            .otherwise(True)
            | _part(table, frames)
        ).to_series()

    return holds


def _part(table: str, frames: Frames) -> pl.Expr:
    """Whether the row is a part of a tree, of which only the root is asked about."""
    return pl.col("parent").is_not_null() if "depth" in frames[table].columns else pl.lit(False)


def _seen_from_outside(table: str) -> Holds:
    """At least one source is neither an official publication nor state media."""

    def holds(frames: Frames) -> pl.Series:
        rows = _left(frames[table].with_columns(record=_address(table)), _carried(frames), "record")
        return rows.select(pl.col("outside").fill_null(True) | _part(table, frames)).to_series()

    return holds


def _has_status(frames: Frames) -> pl.Series:
    told = frames["statuses"].select(_root(pl.col("record"))).to_series()
    return frames["proposals"].select(pl.col("parent").is_not_null() | _address("proposals").is_in(told.implode())).to_series()


def _has_date(table: str) -> Holds:
    """It is dated, or at least a source that carries it is."""

    def holds(frames: Frames) -> pl.Series:
        pages = frames["evidence"].join(frames["sources"].select("date", source="id").drop_nulls(), on="source")["record"]
        dated = pl.col("date").is_not_null() | _address(table).is_in(pages.implode())
        return frames[table].select(dated | _part(table, frames)).to_series()

    return holds


def _topic_has_company(frames: Frames) -> pl.Series:
    links = pl.concat([frames[name].select("topic") for name in tables_with("topic")])
    used = links.group_by("topic").len("uses")
    above = frames["topics"]["broader"].drop_nulls()
    rows = _left(frames["topics"].with_columns(topic="id"), used, "topic")
    return rows.select(
        (pl.col("uses").fill_null(0) > 1) | pl.col("broader").is_not_null() | pl.col("id").is_in(above.implode())
    ).to_series()


def _doubts() -> Iterable[Rule]:
    yield Rule("source-before-fact", "evidence", "{source} is older than this; say in a note what it can know of it", _evidence_is_younger)
    yield Rule("source-before-fact", "statuses", "{source} is older than the step of {date} that it is to show", _step_is_younger, "source")
    yield Rule("step-before-statement", "statuses", "the step of {date} comes before the proposal itself", _step_follows, "date")
    yield Rule(
        "edition-order", "events", "edition {edition} of {series} is not later than the one before it", _editions_in_order, "edition"
    )
    yield Rule("out-of-term", "involvements", "{actor} acts here outside the terms of office that are recorded", _in_term)
    yield Rule("no-role", "involvements", "{actor} acts here, and no public function is recorded", _has_role)
    yield Rule("before-founding", "involvements", "{actor} acts here before it was founded, or after it ended", _body_is_there)
    yield Rule("before-founding", "memberships", "the membership of {member} ends before {institution} was founded", _member_of_what_was)
    for table in (
        "institutions",
        "events",
        "instruments",
        "people",
        "states",
        "places",
        "topics",
        "proposals",
        "recommendations",
        "claims",
    ):
        yield Rule("same-name", table, "another record has the name '{label}' too, spelling apart", _own_name(table))
    for table in ("institutions", "events", "instruments", "people", *STATEMENTS):
        earned = "high needs an account of those concerned, medium that or two independent publishers"
        yield Rule("confidence-too-high", table, f"'{{confidence}}' is more than its sources carry: {earned}", _confidence_is_earned(table))
    for table in ("proposals", "recommendations", "instruments", "events"):
        yield Rule("no-outside-source", table, "all of it rests on official publications and state media", _seen_from_outside(table))
    yield Rule("no-status", "proposals", "nothing says what became of it; 'unknown' is a status too", _has_status)
    for table in ("events", *STATEMENTS):
        yield Rule("no-date", table, "neither it nor any source of it has a date", _has_date(table))
    yield Rule("orphan-topic", "topics", "one record alone is about '{id}'; put it under a broader topic", _topic_has_company)


DOUBTS = Doubts(DoubtKind, "explanations", tuple(_doubts()))
