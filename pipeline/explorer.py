"""What a package wants shown of itself: the few words in which pictures of its tables are declared.

They are part of the schema language, and stand in the published descriptor (``explorer``), so that the static site and the plots of
whoever reads the tables are drawn from one definition.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """The way from a record to what it is tied to: a column of its own, or of the rows that another table has for it.

    where:     only rows with that value in that column.
    otherwise: the column that speaks where the first is empty.
    """

    column: str
    table: str | None = None
    where: tuple[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True)
class Years:
    """How many records of some tables there are for each year. ``tables``: each with the column of its date."""

    name: str
    title: str
    description: str
    tables: tuple[tuple[str, str], ...]
    kind: str = "years"


@dataclass(frozen=True)
class Matrix:
    """How many records of a table are tied to both: what stands in the rows, and what stands in the columns.

    whole: a tree counts once, with everything that its parts are tied to.
    """

    name: str
    title: str
    description: str
    records: str
    rows: Way
    columns: Way
    whole: bool = False
    kind: str = "matrix"


@dataclass(frozen=True)
class Bars:
    """The shares of a report: a panel for each value of one column, in it a row for each value of another, with a bar for each series.

    labels: for a panel, the table whose labels its rows have. without: panels that are not drawn.
    """

    name: str
    title: str
    description: str
    table: str
    panel: str
    series: str
    row: str
    share: str
    labels: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    kind: str = "bars"


@dataclass(frozen=True)
class Network:
    """From whom, through what, to whom: a picture with three columns, and the records that tie them. A tree counts once.

    ``columns``: a title and a way for each of the three. ``date`` is the column that says when a record was made.
    """

    name: str
    title: str
    description: str
    records: str
    columns: tuple[tuple[str, Way], tuple[str, Way], tuple[str, Way]]
    date: str | None = None
    kind: str = "network"


@dataclass(frozen=True)
class Timeline:
    """Records of one table by date, each with the records of another that are tied to it. A tree counts once."""

    name: str
    title: str
    description: str
    events: str
    date: str
    records: str
    at: Way
    kind: str = "timeline"


@dataclass(frozen=True)
class Explorer:
    """What is shown of a package beyond its tables and records.

    plots:    on the first page, in this order.
    sections: what a section of a record's page is called: for a table and the column by which its rows name the record. They come in this
              order; the rows of a report have a section only if it is named here.
    columns:  for a table, the columns that a reader sees first: by their name, or by the field under which other tables list things.
    """

    plots: tuple[Years | Matrix | Bars, ...] = ()
    network: Network | None = None
    timeline: Timeline | None = None
    sections: tuple[tuple[str, str, str], ...] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
