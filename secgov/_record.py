"""One record with everything that hangs on it, gathered from the tables as plain lines of text.

What is shown follows the descriptor: each table of parts that refers to a record becomes a section. For the tables that are
named in ``_PARTS`` it is said what comes first, and from which other side they are shown; any other is shown column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from secgov._cite import cite
from secgov._dataset import Dataset
from secgov._descriptor import Field, Table
from secgov._index import INDEX, label_of, labels
from secgov._tree import TREE_COLUMNS, Node, tree_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of a section: how far it is indented, an address on the web to link it to, and whether it is the record itself."""

    text: str
    depth: int = 0
    link: str | None = None
    marked: bool = False


@dataclass(frozen=True)
class Section:
    """A heading with its lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Contents:
    """A record: its address and label, its fields by title, its sections, and how it is cited."""

    address: str
    label: str
    fields: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    citation: str


@dataclass(frozen=True)
class _Part:
    """How the rows of one table are shown under the record that column ``by`` refers to: these values first, then all others."""

    table: str
    title: str
    by: str
    first: tuple[str, ...] = ()


_PARTS = (
    _Part("statuses", "What became of it", "record", ("date", "status")),
    _Part("uptakes", "Uptake", "record", ("uptake", "body")),
    _Part("relations", "Relations", "record", ("kind", "to")),
    _Part("relations", "Relations of others to it", "to", ("record", "kind")),
    _Part("names", "Names", "record", ("name",)),
    _Part("adherences", "Who joined or left it", "instrument", ("date", "party", "act")),
    _Part("adherences", "Texts that it joined or left", "party", ("date", "instrument", "act")),
    _Part("memberships", "Members", "institution", ("member",)),
    _Part("memberships", "Memberships", "member", ("institution",)),
    _Part("roles", "Roles", "person", ("title", "body")),
    _Part("roles", "People with a role in it", "body", ("person", "title")),
    _Part("wordings", "Wordings", "record", ("text",)),
    _Part("subjects", "About", "claim", ("about", "field")),
    _Part("subjects", "Claims about it", "about", ("claim", "field")),
)
_IN_TREE = ("parent", "ordinal", "depth")
_SPECIAL = ("involvements", "evidence")
_PLACE = ("source", "at", "passage_first", "passage_last", "note", "link")
"""Columns that say where a row has it from: shown below it and not in it."""


def gather(dataset: Dataset, address: str) -> Contents:
    """Everything about the record at an address; UnknownName if there is none."""
    label = label_of(dataset, address)
    reader = _Reader(dataset, address, labels(dataset))
    sections = [
        Section("Where it stands", tuple(reader.tree())),
        Section("Who", tuple(reader.involvements())),
        *(Section(part.title, tuple(reader.part(part))) for part in reader.parts()),
        Section("Evidence", tuple(reader.evidence())),
    ]
    return Contents(address, label, tuple(reader.fields()), tuple(section for section in sections if section.lines), cite(dataset, address))


@dataclass(frozen=True)
class _Reader:
    """Reads what belongs to one record; ``labels`` has the label of every address."""

    dataset: Dataset
    address: str
    labels: Mapping[str, str]

    @property
    def table(self) -> Table:
        return self.dataset.table(self.address.partition("/")[0])

    @property
    def is_tree(self) -> bool:
        return all(name in self.table for name in _IN_TREE)

    def fields(self) -> Iterator[tuple[str, str]]:
        """The record's own fields, then its lists of references."""
        (row,) = self.rows(self.table.name, "id")
        hidden = {"id", "label", *_spread(self.table), *(_IN_TREE if self.is_tree else ())}
        for field in self.table.fields:
            if field.name not in hidden and row[field.name] is not None:
                yield field.title, self.text(field, row[field.name])
        for link in self.dataset.tables.values():
            owner, *targets = link.fields
            if link.kind == "link" and owner.refers_to == (self.table.name, "id"):
                listed = self.rows(link.name, owner.name)
                for target in targets:
                    if listed:
                        yield target.title, "; ".join(self.text(target, each[target.name]) for each in listed)

    def tree(self) -> Iterator[Line]:
        """The record below those that it is a part of and above its own parts, numbered as the text orders them."""
        if not self.is_tree:
            return
        columns = [name for name in TREE_COLUMNS if name in self.table]
        for node in tree_of(self.dataset.arrow(self.table.name).select(columns).to_pylist(), self.address.partition("/")[2]):
            yield Line(self._node(node), node.depth, marked=node.here)

    def _node(self, node: Node) -> str:
        remarks = [f"printed: {node.printed}"] if node.printed else []
        remarks += ["heading inferred"] if node.inferred else []
        name = f"{node.number} {node.label}" if node.number else node.label
        return f"{name} ({'; '.join([f'{self.table.name}/{node.id}', *remarks])})"

    def involvements(self) -> Iterator[Line]:
        """Who did what in it, by role, in the order of the vocabulary."""
        rows = self.rows("involvements", "record")
        for row in sorted(rows, key=lambda row: self.dataset.table("involvements")["role"].terms.index(row["role"])):
            who = self.values("involvements", row, ("actor", "kind"))
            whom = [f"for {body}" for body in self.values("involvements", row, ("represents",))]
            others = self.others("involvements", row, ("record", "role", "actor", "kind", "represents"))
            yield Line(f"{row['role']}: {', '.join([*who, *whom, *others])}")
            yield from self.place("involvements", row)

    def parts(self) -> list[_Part]:
        """Every way in which rows of tables of parts may belong to a record; a table that is not known here comes last."""
        known = {part.table for part in _PARTS} | set(_SPECIAL)
        others = [table for table in self.dataset.tables.values() if table.kind == "part" and table.name not in known]
        return [*_PARTS, *(_Part(table.name, table.title, table.fields[1].name) for table in others)]

    def part(self, part: _Part) -> Iterator[Line]:
        """The rows of one table that belong to the record."""
        for row in self.rows(part.table, part.by):
            first = ": ".join(self.values(part.table, row, part.first))
            others = self.others(part.table, row, (part.by, *part.first))
            yield Line("; ".join(filter(None, [first, *others])))
            yield from self.place(part.table, row)

    def evidence(self) -> Iterator[Line]:
        """What carries it, with the place in the source and a link that opens it."""
        for row in self.rows("evidence", "record"):
            rival = f" (it says {row['value']})" if row["value"] is not None else ""
            yield Line(f"{row['verdict']} {row['field'] or 'the record'}{rival}")
            yield from self.place("evidence", row)

    def place(self, table: str, row: Row) -> Iterator[Line]:
        """Where a row has it from: source, place in it and passage; then the note."""
        at, first, last, note, link = (row.get(name) for name in _PLACE[1:])
        source = self.values(table, row, ("source",)) if "source" in row else []
        passage = f"“{first} … {last}”" if first and last else None
        where = [*source, *filter(None, (at, passage))]
        if where:
            yield Line(", ".join(where), 1, link)
        if note is not None:
            yield Line(f"note: {note}", 1)

    def rows(self, table: str, by: str) -> list[dict[str, Any]]:
        """The rows of a table whose column ``by`` holds the record; none where it cannot, or where there is no such table."""
        import pyarrow.compute as pc

        if table not in self.dataset.tables:
            return []
        refers_to, name = self.dataset.table(table)[by].refers_to, self.address.partition("/")[2]
        if refers_to == (INDEX, "address"):
            value = self.address
        elif refers_to == (self.table.name, "id") or (table, by) == (self.table.name, "id"):
            value = name
        else:
            return []
        rows = self.dataset.arrow(table)
        found: list[dict[str, Any]] = rows.filter(pc.equal(rows[by], value)).to_pylist()
        return found

    def values(self, table: str, row: Row, names: Iterable[str]) -> list[str]:
        """The values of some columns of a row as text, what is missing left out; what is true is said by its name."""
        fields = (self.dataset.table(table)[name] for name in names)
        return [
            field.name if field.type == "boolean" else self.text(field, row[field.name])
            for field in fields
            if row[field.name] is not None and row[field.name] is not False
        ]

    def others(self, table: str, row: Row, shown: Iterable[str]) -> list[str]:
        """The values of all columns that were not shown before and do not say where the row has it from; a reference with its title."""
        fields, hidden = self.dataset.table(table).fields, {"id", *shown, *_PLACE, *_spread(self.dataset.table(table))}
        return [
            f"{field.title.lower()}: {value}" if field.refers_to else value
            for field in fields
            if field.name not in hidden
            for value in self.values(table, row, (field.name,))
        ]

    def text(self, field: Field, value: Any) -> str:
        """One value in words: a reference with its label, a date in ISO form, a number with its unit."""
        if field.refers_to is not None:
            address = value if field.refers_to[0] == INDEX else f"{field.refers_to[0]}/{value}"
            return f"{self.labels[address]} ({address})"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return value.isoformat()
        return f"{value} {field.unit}" if field.unit else str(value)


def _spread(table: Table) -> set[str]:
    """The columns that say of a date once more what its text says: its ends and its precision."""
    return {f"{field.name}_{end}" for field in table.fields for end in ("start", "end", "precision")}
