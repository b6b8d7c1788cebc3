"""What must hold across rows and tables: the data model's rules that can be tested.

Each function answers, for every row of its table, whether the rule holds there. Rules that hold by construction (the forest of
parents, the ordinals, what children take from their root) are tested in tests/ and not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pipeline.fields import fields_of
from pipeline.language import Frames, Holds, Record, Rule
from pipeline.late import polars as pl
from pipeline.tables import tables_of_records, tables_of_rows
from schemas.claims import Claim
from schemas.events import Event
from schemas.institutions import Institution
from schemas.instruments import Instrument
from schemas.people import Person
from schemas.places import Place
from schemas.proposals import Proposal
from schemas.recommendations import Recommendation
from schemas.sources import Source
from schemas.states import State
from schemas.topics import Topic

RECORDS: tuple[type[Record], ...] = (
    Proposal,
    Recommendation,
    Institution,
    Event,
    Instrument,
    Person,
    State,
    Place,
    Topic,
    Claim,
    Source,
)
"""The entity tables, lead tables first."""

STATEMENTS = ("proposals", "recommendations", "claims")
"""The tables whose every row needs evidence of its own."""


@cache
def tables_with(*columns: str) -> tuple[str, ...]:
    """The tables of what curators write that have all these columns: who asks for no others makes no others depend on them."""
    return tuple(name for name, spec in tables_of_rows(RECORDS).items() if {column.name for column in spec.columns}.issuperset(columns))


def _addresses(frames: Frames, table: str) -> pl.Series:
    return frames[table].select(pl.concat_str(pl.lit(f"{table}/"), pl.col("id"))).to_series()


def _of(table: str) -> pl.Expr:
    """The rows that belong to records of a table."""
    return pl.col("record").str.starts_with(f"{table}/")


def _has_evidence(table: str) -> Holds:
    """Every statement has evidence of its own; it is never taken over from a parent."""

    def holds(frames: Frames) -> pl.Series:
        own = frames["evidence"].filter(_of(table) & pl.col("field").is_null())["record"]
        return _addresses(frames, table).is_in(own.implode())

    return holds


def _date_has_evidence(table: str, field: str, tree: bool) -> Holds:
    """A date finer than a year has evidence that names the field; in a tree, where the date is stated."""

    def holds(frames: Frames) -> pl.Series:
        backed = frames["evidence"].filter(_of(table) & (pl.col("field") == field))["record"]
        frame = frames[table]
        fine = frame[f"{field}_precision"].is_in(["day", "month"])
        ok = ~fine | _addresses(frames, table).is_in(backed.implode())
        if tree:
            parents = frame.join(frame.select(parent="id", above=field), on="parent", how="left", maintain_order="left")
            ok = ok | (parents["above"] == frame[field])
        return ok

    return holds


def _known_field(table: str, address: str) -> Holds:
    """The field that evidence or a claim names is a field of the record that it names."""
    known = {f"{model.table.name}#{field.name}" for model in RECORDS for field in fields_of(model)}

    def holds(frames: Frames) -> pl.Series:
        named = pl.concat_str(pl.col(address).str.split("/").list.first(), pl.lit("#"), pl.col("field"))
        return frames[table].select(pl.col("field").is_null() | named.is_in(sorted(known))).to_series()

    return holds


def _in_order(table: str, first: str, second: str) -> Holds:
    return lambda frames: (
        frames[table].select(pl.col(f"{first}_start") <= pl.col(f"{second}_end").fill_null(pl.date(9999, 12, 31))).to_series()
    )


def _within_forum(table: str) -> Holds:
    """What was put forward at an event was put forward while it lasted."""

    def holds(frames: Frames) -> pl.Series:
        forum = frames["events"].select("date_start", "date_end", forum="id")
        joined = frames[table].join(forum, on="forum", how="left", maintain_order="left", suffix="_forum")
        return joined.select(
            (pl.col("date_end") >= pl.col("date_start_forum")) & (pl.col("date_start") <= pl.col("date_end_forum"))
        ).to_series()

    return holds


def _edition_unique(frames: Frames) -> pl.Series:
    """One number, one edition of a series, unless the number is disputed."""
    sure = pl.col("edition").is_not_null() & (pl.col("edition_status").fill_null("agreed") != "disputed")
    twice = pl.len().over("series", "edition", sure) > 1
    return frames["events"].select(~(sure & pl.col("series").is_not_null() & twice)).to_series()


def _no_overlap(table: str, keys: tuple[str, ...]) -> Holds:
    """Two rows of the same thing do not cover the same day."""

    def holds(frames: Frames) -> pl.Series:
        rows = frames[table].select(*keys, "period_start", "period_end").with_row_index("row")
        start = pl.col("period_start").fill_null(pl.date(1, 1, 1))
        end = pl.col("period_end").fill_null(pl.date(9999, 12, 31))
        rows = rows.with_columns(start.alias("from"), end.alias("to"))
        pairs = rows.join(rows, on=list(keys), how="inner", suffix="_other", nulls_equal=True)
        clash = pairs.filter(
            (pl.col("row") > pl.col("row_other")) & (pl.col("from") <= pl.col("to_other")) & (pl.col("to") >= pl.col("from_other"))
        )
        return ~rows["row"].is_in(clash["row"].implode())

    return holds


def _acyclic(table: str, parent: str) -> Holds:
    """Nobody is its own ancestor."""

    def holds(frames: Frames) -> pl.Series:
        above = dict(frames[table].select("id", parent).iter_rows())

        circular: set[str] = set()
        done: set[str] = set()  # every row is gone through once, however long a chain is
        for name in above:
            chain: list[str] = []
            walked: set[str] = set()
            up: str | None = name
            while up is not None and up in above and up not in done and up not in walked:
                chain.append(up)
                walked.add(up)
                up = above[up]
            if up is not None and up in walked:
                circular.update(chain[chain.index(up) :])
            done |= walked
        return pl.Series([name not in circular for name in above], dtype=pl.Boolean)

    return holds


def _names_instrument(frames: Frames) -> pl.Series:
    """A proposal that was adopted names the text by which it was; an instrument is that text itself."""
    adopted = (pl.col("status") == "adopted") & pl.col("record").str.starts_with("proposals/")
    return frames["statuses"].select(~adopted | pl.col("instrument").is_not_null()).to_series()


def _is_party(frames: Frames) -> pl.Series:
    """Who signs, joins or leaves a text is one of its parties, so that whoever asks for these finds all."""
    parties = frames["involvements"].filter(pl.col("role") == "party").select(pl.concat_str("record", "actor", separator=" ")).to_series()
    own = pl.concat_str(pl.lit("instruments/"), "instrument", pl.lit(" "), "party")
    return frames["adherences"].select(own.is_in(parties.implode())).to_series()


def _has_asserter(frames: Frames) -> pl.Series:
    asserted = frames["involvements"].filter(pl.col("role") == "asserter")["record"]
    return _addresses(frames, "claims").is_in(asserted.implode()) | frames["claims"]["own_voice_of"].is_not_null()


def _marked_ambiguous(frames: Frames) -> pl.Series:
    """A name, or a label, that two records of one table share is marked where it is listed as a name."""
    names = frames["names"].select("record", "name", "ambiguous")
    meant = pl.col("label").is_in(names["name"].implode()) & pl.col("why_retired").is_null()
    labels = frames["records"].filter(meant).select(record="address", name="label")
    everyone = pl.concat([names.select("record", "name"), labels]).unique()
    owners = (
        everyone.with_columns(table=pl.col("record").str.split("/").list.first()).group_by("table", "name").agg(pl.col("record").n_unique())
    )
    keyed = names.with_columns(table=pl.col("record").str.split("/").list.first()).drop("record")
    joined = keyed.join(owners, on=["table", "name"], how="left", maintain_order="left")
    return joined.select((pl.col("record") == 1) | pl.col("ambiguous")).to_series()


def _topic_used(frames: Frames) -> pl.Series:
    links = [frames[name]["topic"] for name in tables_with("topic")]
    used = pl.concat([*links, frames["topics"]["broader"].drop_nulls()])
    return frames["topics"].select(pl.col("id").is_in(used.implode()) | pl.col("kept")).to_series()


_ABOUT_THE_SOURCE = {"source_derives_from", "silences"}
"""Tables whose column ``source`` is the source that the row belongs to."""


def _source_cited(frames: Frames) -> pl.Series:
    """Something rests on it or repeats it, speaks in its voice, or is advice in it; what it says of itself does not count."""
    resting = [frames[name]["source"] for name in tables_with("source") if name not in _ABOUT_THE_SOURCE]
    cited = pl.concat(
        [sources.drop_nulls() for sources in resting]
        + [frames["claims"]["own_voice_of"].drop_nulls(), frames["source_derives_from"]["derives_from"]]
    )
    works = frames["recommendations"]["work"].str.strip_prefix("sources/")
    return frames["sources"].select(pl.col("id").is_in(pl.concat([cited, works]).implode()) | pl.col("kept")).to_series()


def _within_text(table: str) -> Holds:
    """A place in a source is one of the lines that its text has, where it is known how many."""

    def holds(frames: Frames) -> pl.Series:
        rows = frames[table].select("source", "at").with_row_index("row")
        counted = frames["sources"].filter(pl.col("paragraphs").is_not_null()).select("paragraphs", source="id")
        placed = rows.filter(pl.col("at").str.starts_with("¶")).join(counted, on="source")
        lines = pl.col("at").str.extract_all("[0-9]+").list.eval(pl.element().cast(pl.Int64, strict=False).fill_null(2**62))
        return ~rows["row"].is_in(placed.filter(lines.list.max() > pl.col("paragraphs"))["row"].implode())

    return holds


def _not_to_itself(frames: Frames) -> pl.Series:
    return frames["relations"].select(pl.col("record") != pl.col("to")).to_series()


def _state_media_has_affiliation(frames: Frames) -> pl.Series:
    told = pl.col("affiliation").is_not_null() & pl.col("state").is_not_null()
    return frames["sources"].select((pl.col("source_class") != "state-media") | told).to_series()


def _covered(frames: Frames) -> pl.Series:
    """Every paragraph of a text that was read whole has a record, or a reason why not."""
    return frames["coverage"].select(pl.col("record").is_not_null() | pl.col("reason").is_not_null()).to_series()


def _iso3_is_id(frames: Frames) -> pl.Series:
    return frames["states"].select(pl.col("iso3").str.to_lowercase() == pl.col("id")).to_series()


def _dates() -> Iterable[Rule]:
    """One rule for each date column that needs evidence, in every table that has one."""
    for name, spec in tables_of_records(RECORDS).items():
        tree = "depth" in {column.name for column in spec.columns}
        fields = [column.field for column in spec.columns if column.type == "date" and column.name.endswith("_start")]
        for field in fields:
            if field is None or name == "sources":  # a source dates itself
                continue
            message = f"the date {{{field}}} is finer than a year; add evidence with fields: [{field}]"
            yield Rule("date-without-evidence", name, message, _date_has_evidence(name, field, tree), field)


def _rules() -> Iterable[Rule]:
    for table in STATEMENTS:
        message = "'{id}' has no evidence of its own; add an entry under evidence that names no fields: it bears on the record itself"
        yield Rule("no-evidence", table, message, _has_evidence(table), demands="evidence")
    yield from _dates()
    yield Rule("unknown-evidence-field", "evidence", "the record has no field '{field}'", _known_field("evidence", "record"), "fields")
    yield Rule("unknown-subject-field", "subjects", "{about} has no field '{field}'", _known_field("subjects", "about"), "field")
    for table, first, second in (
        ("institutions", "founded", "ended"),
        ("instruments", "announced", "adopted"),
        ("instruments", "adopted", "in_force"),
        ("instruments", "signed", "in_force"),
    ):
        message = f"{first} ({{{first}}}) comes after {second} ({{{second}}}); mend the one that is wrong"
        yield Rule("dates-out-of-order", table, message, _in_order(table, first, second), second)
    for table in ("proposals", "recommendations", "claims"):
        yield Rule(
            "date-outside-forum",
            table,
            "{date} is not within the dates of the event {forum}; mend the date here or there",
            _within_forum(table),
            "date",
        )
    yield Rule(
        "edition-twice", "events", "edition {edition} of {series} is given twice; mark it disputed or mend it", _edition_unique, "edition"
    )
    yield Rule(
        "overlap",
        "memberships",
        "the {kind} membership of {member} is listed twice for the same time; keep one, or mend a period",
        _no_overlap("memberships", ("institution", "member", "kind")),
        "period",
    )
    yield Rule(
        "overlap",
        "roles",
        "'{title}' in {body} is listed twice for the same time; keep one, or mend a period",
        _no_overlap("roles", ("person", "body", "title")),
        "period",
    )
    for table, parent in (
        ("institutions", "parent"),
        ("instruments", "parent"),
        ("topics", "broader"),
        ("places", "part_of"),
        ("events", "part_of"),
    ):
        message = f"'{{id}}' is above itself by way of {{{parent}}}; take it out here or there"
        yield Rule("circular", table, message, _acyclic(table, parent), parent)
    yield Rule(
        "adopted-without-instrument", "statuses", "an adopted proposal names the instrument by which it was", _names_instrument, "status"
    )
    yield Rule("not-a-party", "adherences", "{party} is not among the parties of {instrument}; list it there too", _is_party, "party")
    yield Rule("no-asserter", "claims", "'{id}' has no speaker; add asserted_by, or own_voice_of for a source's own voice", _has_asserter)
    yield Rule(
        "ambiguous-name", "names", "another record of the same table is called '{name}' too; add ambiguous: true", _marked_ambiguous, "name"
    )
    yield Rule("unused-topic", "topics", "nothing is about '{id}'; use it, remove it, or add kept: true", _topic_used, whole=True)
    yield Rule("uncited-source", "sources", "nothing cites '{id}'; cite it, remove it, or add kept: true", _source_cited, whole=True)
    for table in tables_with("source", "at"):
        message = "the text of {source} ends before {at}: its record says how many lines it has; mend one of them"
        yield Rule("beyond-the-text", table, message, _within_text(table), "at")
    yield Rule("self-relation", "relations", "'{to}' is the record itself; name the other one", _not_to_itself, "to")
    yield Rule(
        "no-affiliation", "sources", "'{id}' is state media; add state: whose it is, and affiliation: how", _state_media_has_affiliation
    )
    yield Rule(
        "uncovered", "coverage", "no record rests on ¶{paragraph} of {source}; record what it says, or why nothing is", _covered, whole=True
    )
    yield Rule(
        "iso3-is-id", "states", "the id of a state is its ISO alpha-3 code in lower case; found {iso3} under '{id}'", _iso3_is_id, "iso3"
    )


RULES = tuple(_rules())
