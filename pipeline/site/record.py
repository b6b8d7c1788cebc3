"""The page of one record as plain values: facts, tree, what hangs on it, who refers to it.

What is shown follows from the specs: the record's own columns and lists are facts; each table of parts is a section; so is each column of
another table by which its rows name the record. The package's ``explorer`` says what sections are called and in which order they come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.fields import fields_of
from pipeline.site.published import TREE, Published, Row, address_in, is_tree, owner_column
from pipeline.site.values import Branch, Fact, Group, Item, Section, Value, words
from pipeline.tables import INDEX, ColumnSpec, TableSpec

MOST = 200
"""As many rows of one kind are listed on a page; the rest are in the table, which is linked."""


@dataclass(frozen=True)
class Page:
    """All that the page of a record shows of the tables. ``above``: the records that it is a part of, from the root down."""

    address: str
    label: str
    spec: TableSpec
    above: tuple[Value, ...]
    facts: tuple[Fact, ...]
    tree: Branch | None
    sections: tuple[Section, ...]
    evidence: Section | None


def page_of(published: Published, spec: TableSpec, row: Row) -> Page:
    """The page of a row of an entity table."""
    view = _View(published, f"{spec.name}/{row['id']}")
    explorer = published.package.explorer
    named = {(table, column): title for table, column, title in (explorer.sections if explorer else ())}
    order = {place: index for index, place in enumerate(named)}
    sections = sorted(view.sections(named), key=lambda section: order.get((section.table, section.column), len(order)))
    evidence = next((section for section in sections if section.table == published.evidence and published.owns(section)), None)
    return Page(
        address=view.address,
        label=row["label"],
        spec=spec,
        above=tuple(view.above(spec, row)),
        facts=tuple(view.facts(spec, row)),
        tree=view.tree(spec, row),
        sections=tuple(section for section in sections if section is not evidence),
        evidence=evidence,
    )


@dataclass(frozen=True)
class _View:
    """Turns rows into values for the page of one record."""

    published: Published
    address: str

    def value(self, column: ColumnSpec, row: Row) -> Value:
        """One cell, which has something in it, for the eye."""
        raw = row[column.name]
        if column.reference:
            return self.link(address_in(column, row))
        if column.vocabulary:
            terms = self.published.vocabularies[column.vocabulary].terms
            return Value(words(raw), f"codebook.html#{column.vocabulary}.{raw}", terms.get(raw))
        if isinstance(raw, bool):
            return Value("yes" if raw else "no")
        text = raw.isoformat() if isinstance(raw, date) else f"{raw:g}" if isinstance(raw, float) else str(raw)
        if text.startswith(("https://", "http://")):
            return Value(text, text)
        return Value(f"{text} {column.unit}" if column.unit else text)

    def link(self, address: str) -> Value:
        return Value(self.published.labels[address], f"{address}.html", address)

    # ------------------------------------------------------------------------------------------------- facts, tree

    def facts(self, spec: TableSpec, row: Row) -> Iterator[Fact]:
        """The record's own columns, then its lists of references."""
        hidden = {"id", "label", *_spread(spec), *(TREE if is_tree(spec) else ())}
        own = list(self.rest(spec, row, hidden))
        yield from (fact for fact in own if not fact.last)
        for (table, column), rows in self.published.uses.get(self.address, {}).items():
            link = self.published.specs[table]
            if link.kind == "link" and column == link.columns[0].name:
                target = link.columns[1]
                yield Fact(target.title, target.description, tuple(self.value(target, each) for each in rows))
        yield from (fact for fact in own if fact.last)

    def rest(self, spec: TableSpec, row: Row, hidden: set[str]) -> Iterator[Fact]:
        """Every column that is not hidden and says something; a plain no is not said."""
        last = {field.name for field in fields_of(spec.model) if field.last} if spec.model else set()
        for column in spec.columns:
            if column.name not in hidden and row[column.name] is not None and row[column.name] is not False:
                value = self.value(column, row)
                wide = value.href is None and len(value.text) > 90
                yield Fact(column.title, column.description, (value,), wide, column.field in last, column.vocabulary is not None)

    def family(self, spec: TableSpec, row: Row) -> list[Row]:
        """All rows of the tree that a row stands in."""
        return self.published.trees[spec.name][row["id"].partition(".")[0]]

    def above(self, spec: TableSpec, row: Row) -> Iterator[Value]:
        if is_tree(spec) and row["parent"] is not None:
            (parent,) = (each for each in self.family(spec, row) if each["id"] == row["parent"])
            yield from self.above(spec, parent)
            yield self.link(f"{spec.name}/{parent['id']}")

    def tree(self, spec: TableSpec, row: Row) -> Branch | None:
        """The whole tree in which it stands; None for a record that stands alone."""
        if not is_tree(spec) or len(self.family(spec, row)) == 1:
            return None
        below: dict[str | None, list[Row]] = {}
        for each in self.family(spec, row):
            below.setdefault(each["parent"], []).append(each)

        def branch(each: Row, number: str) -> Branch:
            parts = sorted(below.get(each["id"], ()), key=lambda part: int(part["ordinal"]))
            grown = tuple(branch(part, f"{number}.{part['ordinal']}".lstrip(".")) for part in parts)
            return Branch(self.link(f"{spec.name}/{each['id']}"), number, each["id"] == row["id"], grown)

        return branch(below[None][0], "")

    # --------------------------------------------------------------------------------------------------- sections

    def sections(self, named: dict[tuple[str, str], str]) -> Iterator[Section]:
        """A section for each table and column by which rows name the record."""
        for (table, name), rows in self.published.uses.get(self.address, {}).items():
            spec = self.published.specs[table]
            own = spec.kind in ("part", "link") and name == owner_column(spec).name
            if name in TREE or (own and spec.kind == "link") or (spec.kind == "report" and (table, name) not in named):
                continue
            groups: dict[str, dict[Item, None]] = {}
            for row in rows:
                title, item = self.owned(spec, row) if own else self.naming(spec, row, name)
                groups.setdefault(title, {})[item] = None  # rows that say the same here are one line
            if own and (column := self.published.grouped_by(table)) and spec[column].terms:
                groups = {words(term): groups[words(term)] for term in spec[column].terms if words(term) in groups}
            count = sum(map(len, groups.values()))
            of = self.address if spec[name].reference == (INDEX, "address") else self.address.partition("/")[2]
            yield Section(
                table=table,
                column=name,
                title=named.get((table, name)) or (spec.title if own else f"{spec.title}: {spec[name].title.lower()}"),
                groups=tuple(_first(groups, MOST)),
                count=count,
                more=f"tables/{table}.html#is.{name}={of}" if count > MOST else None,
            )

    def owned(self, spec: TableSpec, row: Row) -> tuple[str, Item]:
        """A row that belongs to the record: the heading under which it stands, and what it says."""
        group, anchors = self.published.grouped_by(spec.name), self.published.package.anchors
        names = {column.name for column in spec.columns}
        place: tuple[Value, ...] = ()
        link, hidden = None, {"id", owner_column(spec).name, group or "id", *_spread(spec)}
        if anchors and anchors.source in names:
            place = tuple(self.place(spec, row))
            link = row.get(anchors.link) if anchors.link else None
            hidden |= {anchors.source, anchors.locator, f"{anchors.passage}_first", f"{anchors.passage}_last", anchors.link or "id"}
        first = [name for name in self.telling(spec) if name not in hidden and row[name] is not None]
        lead = tuple(self.value(spec[name], row) for name in first)
        return self.heading(group, row), Item(lead, tuple(self.rest(spec, row, hidden | set(first))), place, link)

    def telling(self, spec: TableSpec) -> list[str]:
        """The columns of a part that say what a row is: what a curator may write alone, else what must be written."""
        part = self.published.parts[spec.name]
        if part.shorthand:
            return [part.shorthand]
        required = {field.name for field in fields_of(part) if field.required}
        return [column.name for column in spec.columns if column.field in required and column.name == column.field]

    def naming(self, spec: TableSpec, row: Row, by: str) -> tuple[str, Item]:
        """A row of another record that names this one in the column ``by``; of a report, any row that does."""
        if spec.kind in ("entity", "link"):
            return "", Item((self.link(self.published.owner(spec, row)),))
        carries = spec.name == self.published.evidence  # then told by what rests on it, with the field beside each
        anchors, group = self.published.package.anchors, None if carries else self.published.grouped_by(spec.name)
        hidden = {"id", by, group or "id", *_spread(spec)}
        if anchors:  # where the other record has it from is to be read there
            hidden |= {anchors.source, anchors.locator, f"{anchors.passage}_first", f"{anchors.passage}_last", anchors.link or "id"}
        owner = owner_column(spec)
        if owner.name == by:  # of a report: the row's other reference leads
            owner = next((column for column in spec.columns if column.reference and column.name != by), owner)
        item = Item((self.value(owner, row),), tuple(self.rest(spec, row, hidden | {owner.name})))
        if carries:
            return self.published.specs[address_in(owner, row).partition("/")[0]].title, item
        return self.heading(group, row), item

    def heading(self, group: str | None, row: Row) -> str:
        if group is None:
            return ""
        return "The record itself" if row[group] is None else words(row[group])

    def place(self, spec: TableSpec, row: Row) -> Iterator[Value]:
        """Where a row has it from: source, place in it, the ends of the passage."""
        anchors = self.published.package.anchors
        assert anchors is not None
        if row[anchors.source] is not None:
            yield self.value(spec[anchors.source], row)
        if row.get(anchors.locator) is not None:
            yield Value(row[anchors.locator])
        if row.get(f"{anchors.passage}_first") is not None:
            yield Value(f"{row[f'{anchors.passage}_first']} … {row[f'{anchors.passage}_last']}", quoted=True)


def _first(groups: dict[str, dict[Item, None]], most: int) -> Iterator[Group]:
    for title, items in groups.items():
        if most > 0:
            yield Group(title, tuple(items)[:most])
            most -= len(items)


def _spread(spec: TableSpec) -> set[str]:
    """The columns that say of a date once more what its text says: its ends and its precision."""
    return {f"{column.name}_{end}" for column in spec.columns for end in ("start", "end", "precision")}
