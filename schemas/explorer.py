"""What the explorer and the plots show: which pictures, and what the sections of a record's page are called."""

from __future__ import annotations

from pipeline.explorer import Bars, Explorer, Matrix, Network, Timeline, Way, Years

PROPOSER = Way("actor", "involvements", ("role", "proposer"), "kind")
ADDRESSEE = Way("actor", "involvements", ("role", "addressee"), "kind")

EXPLORER = Explorer(
    plots=(
        Years(
            "years",
            "Records over time",
            "Proposals, recommendations and dated claims by the year in which they were made, and events by the year in which they began.",
            (("proposals", "date"), ("recommendations", "date"), ("claims", "date"), ("events", "date")),
        ),
        Matrix(
            "addressed",
            "Who addresses whom",
            "Proposals by who puts them forward (rows) and whom they address (columns). A package with all its points counts once.",
            "proposals",
            PROPOSER,
            ADDRESSEE,
            whole=True,
        ),
        Matrix(
            "topics",
            "Topics by speaker",
            "Proposals by who puts them forward (rows) and what they are about (columns). Each point of a package counts.",
            "proposals",
            PROPOSER,
            Way("topic", "proposal_topics"),
        ),
        Bars(
            "balance",
            "Balance",
            "Whose voices the collection holds, and on what sources they rest: shares of all statements of a kind. It shows the tilt of "
            "the collection and not that of the world.",
            "balance",
            "measure",
            "table",
            "value",
            "share",
            labels=(("speaker-state", "states"), ("topic", "topics")),
            without=("target",),
        ),
    ),
    network=Network(
        "network",
        "Who proposed what to whom, in which forum",
        "Proposals from those who put them forward, through the forum, to those whom they address. A package with all its points "
        "counts once.",
        "proposals",
        (("Who", PROPOSER), ("Forum", Way("forum")), ("To whom", ADDRESSEE)),
        date="date",
    ),
    timeline=Timeline(
        "timeline",
        "Events and the proposals made at each",
        "Every dated event, and what was put forward at it. A package with all its points counts once.",
        "events",
        "date",
        "proposals",
        Way("forum"),
    ),
    sections=(
        ("involvements", "record", "Who"),
        ("statuses", "record", "What became of it"),
        ("uptakes", "record", "Uptake"),
        ("statuses", "body", "Steps that it took"),
        ("statuses", "instrument", "Steps taken by it"),
        ("uptakes", "body", "What it took up"),
        ("uptakes", "instrument", "What was taken up by it"),
        ("wordings", "record", "Wordings"),
        ("relations", "record", "Relations"),
        ("relations", "to", "Relations of others to it"),
        ("names", "record", "Names"),
        ("proposals", "forum", "Proposals made at it"),
        ("recommendations", "forum", "Recommendations made at it"),
        ("claims", "forum", "Claims made at it"),
        ("event_outcomes", "outcome", "Events of which it is an outcome"),
        ("events", "series", "Editions"),
        ("events", "part_of", "Events that are part of it"),
        ("institutions", "parent", "Bodies below it"),
        ("adherences", "instrument", "Who joined or left it"),
        ("adherences", "party", "Texts that it joined or left"),
        ("memberships", "institution", "Members"),
        ("memberships", "member", "Memberships"),
        ("roles", "person", "Roles"),
        ("roles", "body", "People with a role in it"),
        ("involvements", "actor", "What it did, and where it is named"),
        ("involvements", "represents", "Where somebody acts for it"),
        ("subjects", "claim", "About"),
        ("subjects", "about", "Claims about it"),
        ("contradictions", "claim", "Contradicted by"),
        ("contradictions", "by", "Claims that it contradicts"),
        ("sources", "publisher_body", "Sources that it publishes"),
        ("sources", "text_of", "Sources that print it"),
        ("evidence", "source", "What rests on it"),
        ("silences", "source", "Paragraphs from which nothing is recorded"),
    ),
    columns=(
        ("proposals", ("label", "date", "proposer", "addressee", "topic", "status")),
        ("recommendations", ("label", "date", "author", "addressee", "topic", "confidence")),
        ("claims", ("label", "date", "asserter", "type", "topic", "confidence")),
        ("events", ("label", "date", "type", "place", "host", "topic")),
        ("institutions", ("label", "type", "founded", "parent", "topic", "confidence")),
        ("instruments", ("label", "type", "adopted", "initiator", "adopting-body", "status")),
        ("sources", ("label", "publisher", "date", "lang", "source_class", "media")),
    ),
)
