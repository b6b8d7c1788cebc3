"""Which tables a package publishes, with every column: derived from its models, and the source of all other faces.

:func:`tables_of` gives the published tables as plain values; pandera, Arrow, Table Schema, the codebook and the rest are
each made from these by a module of :mod:`pipeline.faces`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pydantic import BaseModel

from pipeline.fields import FieldSpec, fields_of, first_sentence, title_of
from pipeline.language import Package, Part, Record, Table, TreeRecord, Vocabulary
from pipeline.problems import suggest
from pipeline.values import ADDRESS, ID

INDEX, VOCABULARIES, FIELDS = "records", "vocabularies", "fields"
"""The generated tables: the index of every record, every term, every column."""

PRECISION = Vocabulary(
    "precision",
    "How exactly a date is known.",
    {
        "day": "To the day.",
        "month": "To the month.",
        "year": "To the year.",
        "approximate": "About that year.",
    },
)


@dataclass(frozen=True)
class ColumnSpec:
    """One published column. ``type`` is string, integer, number, boolean or date; ``field`` is where a curator wrote it."""

    name: str
    type: str
    description: str
    title: str = ""
    required: bool = False
    unique: bool = False
    example: object = None
    unit: str | None = None
    vocabulary: str | None = None
    terms: tuple[str, ...] = ()
    pattern: str | None = None
    reference: tuple[str, str] | None = None
    among: tuple[str, ...] = ()
    field: str | None = None
    deprecated: str | None = None
    deprecated_terms: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", title_of(self.name))


@dataclass(frozen=True)
class TableSpec:
    """One published table. ``kind`` is entity, part, link, report, generated or view."""

    name: str
    kind: str
    description: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    one: str = ""
    lead: bool = False
    shown: bool = False
    model: type[Record] | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if twice := [name for name in names if names.count(name) > 1]:
            raise TypeError(f"{self.name} would have two columns called {twice[0]}; give the field another name")
        if not self.description:
            raise TypeError(
                f"{self.model.__name__ if self.model else self.name} has no docstring, whose first sentence describes the table"
            )

    def __getitem__(self, name: str) -> ColumnSpec:
        return next(column for column in self.columns if column.name == name)

    @property
    def title(self) -> str:
        """The name of the table in words."""
        return title_of(self.name)

    @property
    def owner(self) -> str:
        """Of an entity, part or link table: the column that names the record that a row belongs to, by id or by address."""
        return self.columns[1 if self.kind == "part" else 0].name

    def record(self, owner: str) -> str:
        """The address of the record that a row belongs to, by what stands in its column :attr:`owner`."""
        reference = self[self.owner].reference
        table = self.name if self.kind == "entity" or reference is None else reference[0]
        return owner if table == INDEX else f"{table}/{owner}"

    def root(self, owner: str) -> str:
        """The address of the record in whose file a row stands: in a tree its root."""
        return self.record(owner).partition(".")[0]


def tables_of(package: Package) -> dict[str, TableSpec]:
    """The published tables by name: entities, then parts, then links, then the generated ones."""
    tables = tables_of_rows(package.records)
    for derived in package.derived:
        table = _named(tables, derived.table, f"the column {derived.column.name}")
        tables[derived.table] = replace(table, columns=(*table.columns, derived.column))
    for report in package.reports:
        _put(tables, TableSpec(report.name, "report", report.description, report.columns, report.key, report.one, shown=report.shown))
    for generated in (_index_table(package), _VOCABULARY_TABLE, _FIELD_TABLE):
        _put(tables, generated)
    for rule in (*package.rules, *(package.doubts.rules if package.doubts else ())):
        _named(tables, rule.table, f"the rule {rule.name}")
    for table in tables.values():
        for column in table.columns:
            targets = {*column.among, *(column.reference or ())[:1]}
            if unknown := sorted(targets - tables.keys()):
                raise TypeError(f"{table.name}.{column.name} refers to {unknown[0]}, and there is no such table")
    return tables


def _put(tables: dict[str, TableSpec], spec: TableSpec) -> None:
    if spec.name in tables:
        raise TypeError(f"two tables would be published as {spec.name}; call one otherwise")
    tables[spec.name] = spec


def _named(tables: Mapping[str, TableSpec], name: str, what: str) -> TableSpec:
    if name not in tables:
        raise TypeError(f"{what} is of {name}, and there is no such table{suggest(name, tables)}")
    return tables[name]


def tables_of_rows(records: Sequence[type[Record]]) -> dict[str, TableSpec]:
    """The tables that the rows of records go into, without derived columns: entities, then parts, then links."""
    tables = tables_of_records(records)
    for part, owner in _parts(records):
        spec = _part_table(part, owner)
        known = tables.get(spec.name)
        if known is not None and known.kind == "part":
            tables[spec.name] = _with_terms_of(known, spec)
        else:
            _put(tables, spec)
    for model in records:
        for field in fields_of(model):
            if field.many and field.reference:
                _put(tables, _link_table(model.table, field))
    return tables


def tables_of_records(records: Iterable[type[Record]]) -> dict[str, TableSpec]:
    """The entity tables alone, without derived columns: what the rules of a package can be written from."""
    tables: dict[str, TableSpec] = {}
    for model in records:
        if model.table.name in tables:
            raise TypeError(f"{model.__name__} would be published as {model.table.name}, and another record is already")
        tables[model.table.name] = _entity_table(model)
    return tables


def _parts(records: Iterable[type[Record]]) -> Iterator[tuple[type[Part], Table]]:
    for model in records:
        for field in fields_of(model):
            if field.part is not None:
                yield field.part, model.table


def vocabularies_of(package: Package) -> dict[str, Vocabulary]:
    """Every vocabulary that the package uses, by name."""
    computed = [*(d.vocabulary for d in package.derived if d.vocabulary), *chain(*(report.vocabularies for report in package.reports))]
    found = {vocabulary.name: vocabulary for vocabulary in (PRECISION, *computed)}
    models: list[type[BaseModel]] = list(dict.fromkeys(chain(package.records, (part for part, _ in _parts(package.records)))))
    for model in models:
        listed = model.listed_under if issubclass(model, Part) else None
        for vocabulary in (listed, *(field.vocabulary for field in fields_of(model))):
            if vocabulary is None:
                continue
            known = found.setdefault(vocabulary.name, vocabulary)
            if known is not vocabulary:  # the same name for a narrower list: the published one is the union
                found[vocabulary.name] = replace(known, terms={**known.terms, **vocabulary.terms})
    return dict(sorted(found.items()))


def _entity_table(model: type[Record]) -> TableSpec:
    table = model.table
    if issubclass(model, TreeRecord) and not any(field.kind == "tree" for field in fields_of(model)):
        raise TypeError(f"{model.__name__} is a tree, and no field of it lists its parts")
    columns = [ColumnSpec("id", "string", f"The {table.one}'s id, unique in this table and never reused.", "Id", True, True, pattern=ID)]
    if issubclass(model, TreeRecord):
        columns += [
            ColumnSpec("parent", "string", f"The {table.one} that this one is a part of; empty for a root.", reference=(table.name, "id")),
            ColumnSpec("ordinal", "integer", "Its place among the parts of its parent, from 1; empty for a root."),
            ColumnSpec("depth", "integer", "How far below the root it stands; 0 for a root.", required=True),
        ]
    for field in fields_of(model):
        if field.kind not in ("part", "tree", "key") and not field.many:
            more = _INHERITED if field.inherit and issubclass(model, TreeRecord) else ""
            columns += [replace(column, description=column.description + more) for column in _columns(field)]
    return TableSpec(table.name, "entity", first_sentence(model), tuple(columns), ("id",), table.one, table.lead, model=model)


def _part_table(part: type[Part], owner: Table) -> TableSpec:
    table = part.table
    columns = [
        ColumnSpec("id", "string", "The row's key: its record's address and what tells it from the record's other rows.", "Id", True, True)
    ]
    if table.owner:
        if table.owner != owner.name:
            raise TypeError(f"{part.__name__} belongs to {table.owner} and cannot be listed under {owner.name}")
        columns.append(ColumnSpec(owner.one, "string", f"The {owner.one} it belongs to.", required=True, reference=(owner.name, "id")))
    else:
        columns.append(
            ColumnSpec("record", "string", "The address of the record it belongs to.", required=True, reference=(INDEX, "address"))
        )
    if part.listed_under:
        columns.append(_term_column(part.listed_under, part.listed_under.name, part.listed_under.description, True))
    for field in fields_of(part):
        columns += _columns(field)
    if unknown := sorted({*table.key} - {column.name for column in columns}):
        raise TypeError(f"the key of {part.__name__} names {unknown[0]}, and there is no such column")
    return TableSpec(table.name, "part", first_sentence(part), tuple(columns), ("id",), table.one)


def _with_terms_of(known: TableSpec, other: TableSpec) -> TableSpec:
    """One table that two kinds of part share: the same columns, and the terms of both."""
    if [(column.name, column.type) for column in known.columns] != [(column.name, column.type) for column in other.columns]:
        raise TypeError(f"the parts published as {known.name} have different columns")
    columns = tuple(
        replace(mine, terms=tuple(dict.fromkeys((*mine.terms, *theirs.terms))))
        for mine, theirs in zip(known.columns, other.columns, strict=True)
    )
    return replace(known, columns=columns)


def link_name(table: Table, field: FieldSpec) -> str:
    """The name of the link table for a list of references: ``book_authors``."""
    return f"{table.one}_{field.name}"


def _link_table(table: Table, field: FieldSpec) -> TableSpec:
    assert field.reference is not None
    target = _reference_column(field, target_column(table, field))
    owner = ColumnSpec(table.one, "string", f"The {table.one}.", required=True, reference=(table.name, "id"))
    description = f"One row for each entry under {field.name} of {_a(table.one)}: {field.description}"
    return TableSpec(link_name(table, field), "link", description, (owner, replace(target, required=True)), (owner.name, target.name))


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def target_column(table: Table, field: FieldSpec) -> str:
    """The column of a link table that holds the reference: the singular of the field, unless that is the owner's word."""
    name = field.term or field.name.removesuffix("s")
    return name if name != table.one else f"{name}_listed"


def _columns(field: FieldSpec) -> list[ColumnSpec]:
    """The columns that one field is published as, all of them deprecated if the field is."""
    return [replace(column, deprecated=field.deprecated) for column in _columns_of_kind(field)]


_INHERITED = " Inherited: a part that states none has its parent's."


def _columns_of_kind(field: FieldSpec) -> list[ColumnSpec]:
    required = field.filled
    if field.kind == "date":
        title, name = field.title, field.name
        return [
            ColumnSpec(name, "string", field.description, title, required, field.unique, example=field.example, field=name),
            ColumnSpec(f"{name}_start", "date", f"{title}: the first day it may mean.", required=required, field=name),
            ColumnSpec(f"{name}_end", "date", f"{title}: the last day it may mean; empty if open.", field=name),
            replace(_term_column(PRECISION, f"{name}_precision", f"{title}: how exactly it is known.", required), field=name),
        ]
    if field.kind == "words":
        return [
            ColumnSpec(f"{field.name}_first", "string", f"{field.description} Its first words.", required=required, field=field.name),
            ColumnSpec(f"{field.name}_last", "string", f"{field.description} Its last words.", required=required, field=field.name),
        ]
    if field.reference is not None:
        return [_reference_column(field, field.name)]
    if field.vocabulary is not None:
        column = _term_column(field.vocabulary, field.name, field.description, required)
        return [replace(column, title=field.title, unique=field.unique, example=field.example, field=field.name)]
    return [
        ColumnSpec(
            name=field.each or field.name,
            type={"text": "string", "day": "date"}.get(field.kind, field.kind),
            description=field.description,
            title=field.title if not field.each else "",
            required=required and not field.each,
            unique=field.unique,
            example=field.example,
            unit=field.unit,
            pattern=field.pattern,
            field=field.name,
        )
    ]


def _term_column(vocabulary: Vocabulary, name: str, description: str, required: bool) -> ColumnSpec:
    terms = tuple(vocabulary.terms)
    going = tuple(vocabulary.deprecated.items())
    return ColumnSpec(name, "string", description, required=required, vocabulary=vocabulary.name, terms=terms, deprecated_terms=going)


def _reference_column(field: FieldSpec, name: str) -> ColumnSpec:
    assert field.reference is not None
    bare = field.reference.bare
    return ColumnSpec(
        name=name,
        type="string",
        description=field.description,
        title=field.title if name == field.name else "",
        required=field.filled and not field.many,
        unique=field.unique,
        example=field.example[0] if isinstance(field.example, list) else field.example,
        pattern=ID if bare else ADDRESS,
        reference=(field.reference.tables[0], "id") if bare else (INDEX, "address"),
        among=() if bare else field.reference.tables,
        field=field.name,
    )


def _index_table(package: Package) -> TableSpec:
    shared = [field for field in fields_of(package.records[0]) if field.index]
    columns = [
        ColumnSpec("address", "string", "Where the record is found: its table and its id.", required=True, unique=True, pattern=ADDRESS),
        ColumnSpec("table", "string", "The table that holds it.", required=True),
        ColumnSpec("id", "string", "Its id in that table.", required=True),
        ColumnSpec("label", "string", "Its label.", required=True),
        *(replace(column, required=False) for field in shared for column in _columns(field)),
        ColumnSpec(
            "replaced_by",
            "string",
            "For a retired address: the record that took its place, if any.",
            reference=(INDEX, "address"),
            field="replaced_by",
        ),
        ColumnSpec("why_retired", "string", "For a retired address: why it is gone."),
    ]
    description = "Every record of every table, and every address that was retired: what a column that holds an address refers to."
    return TableSpec(INDEX, "generated", description, tuple(columns), ("address",), "record")


_VOCABULARY_TABLE = TableSpec(
    VOCABULARIES,
    "generated",
    "Every term of every vocabulary, with its definition.",
    (
        ColumnSpec("vocabulary", "string", "The vocabulary.", required=True),
        ColumnSpec("term", "string", "The term, as it stands in the data.", required=True),
        ColumnSpec("definition", "string", "What it means.", required=True),
    ),
    ("vocabulary", "term"),
    "term",
)

_FIELD_TABLE = TableSpec(
    FIELDS,
    "generated",
    "Every column of every table: the codebook as a table.",
    (
        ColumnSpec("table", "string", "The table.", required=True),
        ColumnSpec("field", "string", "The column.", required=True),
        ColumnSpec("type", "string", "Its type: string, integer, number, boolean or date.", required=True),
        ColumnSpec("required", "boolean", "Whether every row has a value.", required=True),
        ColumnSpec("unit", "string", "The unit of a number."),
        ColumnSpec("vocabulary", "string", "The vocabulary that its terms come from."),
        ColumnSpec("refers_to", "string", "The table and column that it refers to."),
        ColumnSpec("description", "string", "What it says.", required=True),
    ),
    ("table", "field"),
    "field",
)
