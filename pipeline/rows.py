"""Records to rows: what the annotations of a record say becomes rows of its own table, of part tables and of link tables.

:func:`rows_of` gives Arrow tables. Rows stand in the order of the records and, within a record, in the curator's order; a tree is walked
from the root, parents before their parts. A part's id is made of its record's address and its key fields, so that it survives
re-ordering; where two parts of a record have the same key, the second is told apart by ``~2``.

Where each row was written is not noted: a row knows its record, and :func:`origins_of` tells for the rows of one record when
somebody has to complain. This stage runs in worker processes, so it knows neither polars nor pandas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.fields import FieldSpec, fields_of
from pipeline.language import Part, Record, TreeRecord
from pipeline.problems import Path
from pipeline.records import Checked
from pipeline.tables import TableSpec, link_name

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was written; ``stated`` has, for a field that was inherited, where the ancestor states it."""

    file: str
    path: Path
    stated: Mapping[str, Path] = field(default_factory=dict)

    def of(self, name: str | None) -> Path:
        """The path of one field of the row, or of the row itself."""
        if name is None:
            return self.path
        return self.stated.get(name, (*self.path, name))


class Packed(NamedTuple):
    """The rows of a batch as bytes: the whole, and where each table begins and ends in it, with the sha256 of what lies between."""

    content: bytes
    places: Mapping[str, tuple[int, int, str]]


def rows_of(specs: Mapping[str, TableSpec], accepted: Iterable[Checked]) -> dict[str, pa.Table]:
    """The rows of some records, by table; ``specs`` are the tables without derived columns. A table without rows is left out."""
    import pyarrow as pa

    from pipeline.faces.arrow import plain_schema

    sheet = _Sheet()
    for checked in accepted:
        sheet.add_root(checked)
    tables = {}
    for table, columns in sheet.columns():
        schema = plain_schema(specs[table])
        arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
        tables[table] = pa.Table.from_arrays(arrays, schema=schema)
    return tables


def pack(rows: Mapping[str, pa.Table]) -> Packed:
    """Rows as bytes, to be handed on or kept: an Arrow stream for each table, one after the other."""
    import pyarrow as pa

    sink, ends = pa.BufferOutputStream(), []
    for table in rows.values():
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        ends.append(sink.tell())
    content = sink.getvalue().to_pybytes()
    between = zip(rows, [0, *ends], ends, strict=False)
    return Packed(content, {name: (start, end, sha256(memoryview(content)[start:end]).hexdigest()) for name, start, end in between})


def unpack(content: bytes) -> pa.Table:
    """One table of what was packed; ``pyarrow.ArrowInvalid`` if that is not whole."""
    import pyarrow as pa

    return pa.ipc.open_stream(content).read_all()


def origins_of(checked: Checked) -> dict[str, list[Origin]]:
    """For each table the origins of the rows of one record, in their order."""
    sheet = _Sheet(origins={})
    sheet.add_root(checked)
    return sheet.origins or {}


# ------------------------------------------------------------------------------------------------ what a model says


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the values of one model become cells of its table, worked out once a model.

    ``fixed`` are the columns before those of its fields. ``cells`` takes the values of all ``fields`` from an instance's ``__dict__`` in
    one call: rows straight from what pydantic made take a quarter of the time of rows that are put together field by field.
    """

    table: str
    fixed: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    cells: Callable[[dict[str, Any]], Row]
    lists: tuple[_List, ...] = ()
    inherited: tuple[str, ...] = ()
    fallbacks: Mapping[str, object] = field(default_factory=dict)
    is_tree: bool = False
    each: int | None = None
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _List:
    """One field that repeats. ``plan`` is that of its parts; where there is none it lists records of the same tree, or references."""

    name: str
    table: str
    plan: _Plan | None = None
    is_owned: bool = False
    listed: tuple[str, ...] = ()


def _getter(names: Sequence[str]) -> Callable[[dict[str, Any]], Row]:
    return itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)


@cache
def _record_plan(model: type[Record]) -> _Plan:
    fields = fields_of(model)
    single = tuple(spec for spec in fields if spec.kind not in ("part", "tree", "key") and not spec.many)
    is_tree = issubclass(model, TreeRecord)
    inherited = {spec.name: spec.fallback for spec in fields if spec.inherit}
    return _Plan(
        table=model.table.name,
        fixed=("id", "parent", "ordinal", "depth") if is_tree else ("id",),
        fields=single,
        cells=_getter([spec.name for spec in single]),
        lists=tuple(_list(model, spec) for spec in fields if spec.many),
        inherited=tuple(inherited),
        fallbacks=inherited,
        is_tree=is_tree,
    )


def _list(model: type[Record], spec: FieldSpec) -> _List:
    if spec.part is None:
        return _List(spec.name, model.table.name if spec.kind == "tree" else link_name(model.table, spec))
    listed = (spec.term or spec.name,) if spec.part.listed_under else ()
    return _List(spec.name, spec.part.table.name, _part_plan(spec.part), spec.part.table.owner is not None, listed)


@cache
def _part_plan(part: type[Part]) -> _Plan:
    fields = fields_of(part)
    return _Plan(
        table=part.table.name,
        fixed=("id", "record", *((part.listed_under.name,) if part.listed_under else ())),
        fields=fields,
        cells=_getter([spec.name for spec in fields]),
        each=next((place for place, spec in enumerate(fields) if spec.each), None),
        key=part.table.key,
    )


def _expanded(spec: FieldSpec, column: Sequence[Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    """The published columns of one field: name and values."""
    if spec.kind == "date":
        yield spec.name, [date and date.text for date in column]
        yield f"{spec.name}_start", [date and date.start for date in column]
        yield f"{spec.name}_end", [date and date.end for date in column]
        yield f"{spec.name}_precision", [date and date.precision for date in column]
    elif spec.kind == "words":
        yield f"{spec.name}_first", [words and words[0] for words in column]
        yield f"{spec.name}_last", [words and words[1] for words in column]
    else:
        yield spec.each or spec.name, column


# ------------------------------------------------------------------------------------------------------ collecting


class _Sheet:
    """Collects rows: tuples of cells, turned into columns at the end. With ``origins`` it notes where each was written too."""

    def __init__(self, origins: dict[str, list[Origin]] | None = None) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.plans: dict[str, _Plan] = {}
        self.origins = origins

    def add_root(self, checked: Checked) -> None:
        entry, plan = checked.entry, _record_plan(type(checked.record))
        origin = None if self.origins is None else Origin(entry.file, entry.path)
        self._add(plan, checked.record, entry.id, entry.id, (None, None, 0), plan.fallbacks, origin)

    def _table(self, name: str, plan: _Plan | None) -> list[Row]:
        """The rows of a table."""
        rows = self.rows.get(name)
        if rows is None:
            rows = self.rows[name] = []
            if plan is not None:
                self.plans[name] = plan
        return rows

    def _note(self, table: str, origin: Origin) -> None:
        if self.origins is not None:
            self.origins.setdefault(table, []).append(origin)

    def _add(self, plan: _Plan, record: Record, root: str, name: str, place: Row, above: Mapping[str, Any], origin: Origin | None) -> None:
        """One record and all that hangs on it; ``above`` has what it takes from its parent, or by default, where it states nothing."""
        values: dict[str, Any] = record.__dict__
        taken = {field: above[field] for field in plan.inherited if values[field] is None}
        if taken:
            values = values | taken
        cells = plan.cells(values)
        self._table(plan.table, plan).append((name, *place, *cells) if plan.is_tree else (name, *cells))
        if origin is not None:
            origin = Origin(origin.file, origin.path, {field: path for field, path in origin.stated.items() if field in taken})
            self._note(plan.table, origin)
        for listed in plan.lists:
            items = values[listed.name]
            if not items:
                continue
            if listed.plan is not None:
                self._add_parts(listed, listed.plan, items, plan.table, name, origin)
            elif listed.table == plan.table:
                self._add_below(listed, plan, items, root, name, place[2] + 1, values, origin)
            else:
                self._table(listed.table, None).extend((name, item) for item in items)
                for position in range(len(items) if origin else 0):
                    self._note(listed.table, _item(origin, listed, position))

    def _add_below(
        self,
        listed: _List,
        plan: _Plan,
        items: list[Record],
        root: str,
        name: str,
        depth: int,
        values: Mapping[str, Any],
        here: Origin | None,
    ) -> None:
        """The parts of a tree, which inherit."""
        above = {field: values[field] for field in plan.inherited}
        stated = {field: here.of(field) for field in plan.inherited} if here else {}
        for position, item in enumerate(items):
            origin = here and Origin(here.file, (*here.path, listed.name, position), stated)
            self._add(plan, item, root, f"{root}.{item.__dict__['key']}", (name, position + 1, depth), above, origin)

    def _add_parts(self, listed: _List, plan: _Plan, items: list[Part], table: str, name: str, here: Origin | None) -> None:
        address = f"{table}/{name}"
        before = (address, name if listed.is_owned else address, *listed.listed)
        rows, each = self._table(plan.table, plan), plan.each
        for position, item in enumerate(items):
            cells = plan.cells(item.__dict__)
            if each is None:
                rows.append(before + cells)
            else:
                rows.extend((*before, *cells[:each], value, *cells[each + 1 :]) for value in cells[each] or (None,))
            for _ in range(len((each is not None and cells[each]) or (None,)) if here else 0):
                self._note(plan.table, _item(here, listed, position))

    def columns(self) -> Iterator[tuple[str, list[Sequence[Any]]]]:
        """Each table with its columns."""
        for table, rows in self.rows.items():
            columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
            plan = self.plans.get(table)
            if plan is None:  # a link table
                yield table, columns
                continue
            named: dict[str, Sequence[Any]] = dict(zip(plan.fixed, columns, strict=False))
            for spec, column in zip(plan.fields, columns[len(plan.fixed) :], strict=True):
                named.update(_expanded(spec, column))
            if plan.key:
                named["id"] = _part_ids(named["id"], [named[name] for name in plan.key])
            yield table, list(named.values())


def _item(here: Origin | None, listed: _List, position: int) -> Origin:
    """Where one entry of a list was written."""
    assert here is not None
    return Origin(here.file, (*here.of(listed.name), position))


def _part_ids(addresses: Sequence[str], keys: Sequence[Sequence[Any]]) -> list[str]:
    """The ids of the rows of a part table: address and key; of those that are the same the second ends in ``~2``."""
    texts = [column if all(value is None or type(value) is str for value in column) else _as_text(column) for column in keys]
    ids = [":".join(filter(None, parts)) for parts in zip(addresses, *texts, strict=True)]
    if len(set(ids)) == len(ids):
        return ids
    seen: dict[str, int] = {}
    for place, key in enumerate(ids):
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            ids[place] = f"{key}~{seen[key]}"
    return ids


def _as_text(column: Sequence[Any]) -> list[str | None]:
    return [None if value is None else str(value) for value in column]
