"""The schema language: the few words in which a package of tables is declared.

A table is a pydantic model, a field is one line, and everything else is derived from it:

    Genre = Vocabulary("genre", "What sort of book it is.", {"novel": "A long story.", "essay": "A short argument."})

    class Edition(Part):
        '''One printing of a book.'''
        table = Table("editions", "edition", key=("year",))
        year: Date = Column("When it was printed.", example="1719")

    class Book(Record):
        '''One work, whatever its editions.'''
        table = Table("books", "book", lead=True)
        author: Annotated[str, Ref("authors")] = Column("Who wrote it.", example="daniel-defoe")
        genre: Annotated[str, Genre] = Column("What sort of book it is.", example="novel")
        editions: list[Edition] = Column("Its printings.", default=[])

What an annotation says is what is published:

| annotation                                   | published as                                                         |
|----------------------------------------------|----------------------------------------------------------------------|
| ``Text``, ``int``, ``float``, ``bool``       | one column                                                           |
| ``Annotated[str, Genre]``                    | one column, a term of a closed vocabulary                            |
| ``Annotated[str, Ref("authors")]``           | one column, the id of a record of that one table                     |
| ``Annotated[str, Ref("authors", "houses")]`` | one column, the address (``table/id``) of a record of either         |
| ``Day``                                      | one column of dates                                                  |
| ``Date``                                     | four columns: as written, ``_start``, ``_end``, ``_precision``       |
| ``Words``                                    | two columns: ``_first`` and ``_last`` words of a passage             |
| ``list`` of references                       | a link table, ``book_authors``                                       |
| ``list`` of a :class:`Part`                  | a table of its own, each row with the address of its record          |
| ``list`` of the record itself                | rows of the same table, with ``parent``, ``ordinal`` and ``depth``   |

Not supported: lists of plain values (what repeats is a table), references to a part, composite ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic import Field as PydanticField
from pydantic_core import CoreSchema, core_schema

from pipeline.explorer import Explorer
from pipeline.values import ADDRESS, ID
from pipeline.values import Code as Code
from pipeline.values import Date as Date
from pipeline.values import Day as Day
from pipeline.values import Slug as Slug
from pipeline.values import Text as Text
from pipeline.values import Words as Words

if TYPE_CHECKING:
    import polars as pl

    from pipeline.tables import ColumnSpec

# ---------------------------------------------------------------------------------- vocabularies, references


@dataclass(frozen=True)
class Vocabulary:
    """A closed list of terms, each with its definition. Used in an annotation: ``Annotated[str, Genre]``.

    ``deprecated`` maps a term that will go with the next release but one to what to use instead.
    """

    name: str
    description: str
    terms: Mapping[str, str] = field(hash=False)
    deprecated: Mapping[str, str] = field(hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.terms:
            raise TypeError(f"the vocabulary {self.name} has no terms")

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.terms), metadata={"vocabulary": self.name})

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        return {"enum": list(self.terms), "enumDescriptions": list(self.terms.values())}


@dataclass(frozen=True, init=False)
class Ref:
    """A reference to a record: a bare id where one table is named, an address where several may be meant.

    ``Ref()`` takes the address of a record of any table.
    """

    tables: tuple[str, ...]

    def __init__(self, *tables: str) -> None:
        object.__setattr__(self, "tables", tables)

    @property
    def bare(self) -> bool:
        """Whether the reference is written as a bare id."""
        return len(self.tables) == 1

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(strict=True, pattern=f"^{ID if self.bare else ADDRESS}$")


# ------------------------------------------------------------------------------------------ columns and tables


def Column(  # noqa: N802 - reads as the other words of the language do
    description: str,
    *,
    example: object = None,
    title: str | None = None,
    unit: str | None = None,
    default: object = ...,
    unique: bool = False,
    inherit: bool = False,
    each: str | None = None,
    term: str | None = None,
    index: bool = False,
    last: bool = False,
    deprecated: str | None = None,
) -> Any:
    """Describe one field, once.

    description: one sentence, shown in the codebook, in every descriptor and in the editor.
    example:     what a curator would write.
    unit:        of a number, where it has one.
    default:     for a field that may be left out (None, or an empty list).
    unique:      no two rows of the table have the same value.
    inherit:     in a tree, a child that does not state it has its parent's; a root that does not has the default, and
                 with no default it must.
    each:        for a list of values within a part: one published row for each value, in a column of this name.
    term:        for a list of parts that publish under which field they stand: the term, where it is not the field's name.
    index:       published in the index of all records too.
    last:        published after the fields that are not: for what is about the record and not about its subject.
    deprecated:  for a field that will go with the next release but one: what to use instead.
    """
    about: Any = {
        "unit": unit,
        "unique": unique,
        "inherit": inherit,
        "stated_by_root": inherit and default is ...,
        "fallback": default if inherit and default is not ... else None,
        "each": each,
        "term": term,
        "index": index,
        "last": last,
        "deprecated": deprecated,
    }
    given: Any = {"default": None if inherit else default}
    if default == []:  # pydantic copies a default that could be changed, with Python's slow copy; a new list is a tenth faster overall
        given = {"default_factory": list}
    field = PydanticField(
        **given,
        title=title,
        description=description,
        examples=None if example is None else [example],
        json_schema_extra={"column": about},
    )
    field.metadata.append(_GIVEN)
    return field


class _Given:
    """Marks a field that may be left out, but may not be there without a value: ``X | None`` takes X, and None is its default."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


_GIVEN = _Given()


@dataclass(frozen=True)
class Table:
    """The published table of a record or part.

    name:  as in paths, addresses and file names.
    one:   the word for one of its rows, used in the names of link tables.
    lead:  whether a flat view with labels is published beside it.
    key:   for a part: the fields that tell one row from another under the same record.
    owner: for a part that only one table has: that table; its rows then hold a bare id instead of an address.
    """

    name: str
    one: str
    lead: bool = False
    key: tuple[str, ...] = ()
    owner: str | None = None


_CONFIG = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, protected_namespaces=())


class Part(BaseModel):
    """What repeats under a record: each becomes a row of the part's own table.

    ``shorthand`` is the field that a bare text stands for; ``listed_under`` is the vocabulary of a published column that
    says under which field of the record the part was listed (its terms are names of fields).
    """

    model_config = _CONFIG

    table: ClassVar[Table]
    shorthand: ClassVar[str | None] = None
    listed_under: ClassVar[Vocabulary | None] = None

    @classmethod
    def from_text(cls, text: str) -> Mapping[str, object]:
        """The mapping that a bare text stands for."""
        assert cls.shorthand is not None
        return {cls.shorthand: text}

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: object) -> object:
        return cls.from_text(value) if cls.shorthand and isinstance(value, str) else value


class Record(BaseModel):
    """One row of an entity table, as a curator writes it. Its id is the name of its file, or its key in a tree."""

    model_config = _CONFIG

    table: ClassVar[Table]

    label: Text = Column("The name or short description by which people know it, in neutral words.")


class TreeRecord(Record):
    """A record that may hold records of its own kind, in order. A subclass names the field that lists them."""

    key: Slug | None = Column(
        "The name of this part of the tree, unique in its file; the published id is that of the root, a dot, and the key.",
        example="first-point",
        default=None,
    )


# ---------------------------------------------------------------------------------------------- the package

Frames: TypeAlias = "Mapping[str, pl.DataFrame]"
Holds: TypeAlias = "Callable[[Frames], pl.Series]"
"""For each row of a table, whether a rule holds there."""


@dataclass(frozen=True)
class Rule:
    """What must hold across rows. ``holds`` gives, for each row of the table, whether it does.

    message: what is wrong and what would be right; ``{column}`` stands for the row's value in that column.
    field:   where in the record to point when it does not hold; else the record itself.
    whole:   judged only when no record was refused before, since a missing row could break it.
    demands: the field without which it cannot hold: the card for a new record has it among what is to be filled in.
    """

    name: str
    table: str
    message: str
    holds: Holds
    field: str | None = None
    whole: bool = False
    demands: str | None = None


@dataclass(frozen=True)
class Derived:
    """A published column that nobody types: computed from the other columns and tables.

    ``vocabulary`` is that of its terms, where it has them and no field has the same.
    """

    table: str
    column: ColumnSpec
    compute: Callable[[Frames], pl.Series]
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True)
class Report:
    """A published table that nobody types: computed from all others, for readers who want to know what they are looking at.

    shown: whether its rows stand in the codebook too.
    vocabularies: those that only its columns use.
    """

    name: str
    one: str
    description: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    compute: Callable[[Frames], pl.DataFrame]
    shown: bool = False
    vocabularies: tuple[Vocabulary, ...] = ()


@dataclass(frozen=True)
class Doubts:
    """What the audit asks: rules whose breach is not an error, but is mended or explained in the record that it is about.

    kinds: the vocabulary whose terms are the names of the rules.
    table: the part in which records explain; it has the columns ``record`` and ``doubt``.
    rules: they may judge any table; a breach in a part is one of its record, and in a tree each node explains its own.
    """

    kinds: Vocabulary
    table: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Anchors:
    """What the columns of a passage anchor are called, in whatever part has them, and where the text is known by its sha256.

    source:  the column that refers to the source.
    locator: the column that says where in it.
    passage: the field that holds the ends of the passage.
    sources: the table of sources.
    digest:  its column with the sha256 of the text that was read.
    link:    the derived column, beside the source, with the address that opens it at the passage.
    quotable: the columns (table, column) of names, titles and official terms, which may stand in a text as a source words them.
    """

    source: str
    locator: str
    passage: str
    sources: str
    digest: str
    link: str | None = None
    quotable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class License:
    """A licence as the Data Package standard wants it."""

    name: str
    title: str
    path: str


@dataclass(frozen=True)
class Family:
    """A body of records that belongs together, and how far it has come: what a reader may take silence to mean.

    state:   ``complete`` (all that the sources named in ``covers`` show is recorded), ``partial`` or ``not begun``.
    covers:  what is meant by it.
    missing: what a reader would look for in vain, and why; a complete family has nothing missing.
    """

    name: str
    state: Literal["complete", "partial", "not begun"]
    covers: str
    missing: str | None = None

    def __post_init__(self) -> None:
        if (self.state == "complete") != (self.missing is None):
            raise ValueError(f"the family '{self.name}' is {self.state}: say what is missing of one that is not complete, and only of that")


@dataclass(frozen=True)
class Package:
    """Everything that a build needs to know: the metadata of the package, its tables, and the rules between them.

    ``version`` and ``released`` (a day) are not declared: a build takes them from the ledger of releases.
    """

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    licenses: tuple[License, ...]
    contributors: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]
    records: tuple[type[Record], ...]
    rules: tuple[Rule, ...] = ()
    derived: tuple[Derived, ...] = ()
    reports: tuple[Report, ...] = ()
    anchors: Anchors | None = None
    doubts: Doubts | None = None
    explorer: Explorer | None = None
    homepage: str | None = None
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    temporal: str | None = None
    spatial: str | None = None
    version: str = "0.0.0+dev"
    released: str | None = None

    def __post_init__(self) -> None:
        for name in ("records", "licenses", "contributors"):
            if not getattr(self, name):
                raise ValueError(f"the package {self.name} has no {name}; it needs one at least")

    def record(self, table: str) -> type[Record]:
        """The model of the entity table of that name; KeyError if there is none."""
        return {model.table.name: model for model in self.records}[table]
