"""Tables as pandas: what there is, the rows of one, and the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secgov._cite import cite
from secgov._dataset import Dataset
from secgov._deprecated import warn
from secgov._descriptor import Field, Table
from secgov._errors import IntegrityError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def load(dataset: Dataset, name: str, labels: bool = False) -> pd.DataFrame:
    """The rows of one table; see :func:`secgov.load`."""
    import pandas as pd
    import pyarrow as pa

    from secgov._frame import framed

    table = dataset.table(name)
    rows = labelled(dataset, name) if labels else dataset.arrow(name)
    warn(table, rows)
    types = {
        pa.string(): pd.StringDtype("pyarrow"),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    frame: pd.DataFrame = rows.to_pandas(types_mapper=types.get, date_as_object=False)
    for field in table.fields:
        if field.terms:
            frame[field.name] = _categorical(rows[field.name], field, name)
        elif field.type == "date":
            frame[field.name] = frame[field.name].astype("datetime64[s]")  # nanoseconds would end in 1677 and 2262
        elif field.type == "boolean" and field.required:
            frame[field.name] = frame[field.name].astype(bool)
    package = dataset.package
    frame.attrs = {"table": name, "version": package.version, "title": table.title, "citation": cite(dataset, name)}
    return framed(frame)


def _categorical(column: pa.ChunkedArray, field: Field, table: str) -> pd.Categorical:
    """Terms as categories: all terms of the vocabulary, in its order, whether they are used or not."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.index_in(column, value_set=pa.array(field.terms, pa.string()))
    if codes.null_count != column.null_count:  # pandas would make such a term a missing value, silently
        raise IntegrityError(f"{table}.{field.name} holds a term that is not in the vocabulary '{field.vocabulary}'")
    kind = pd.CategoricalDtype(pd.Index(field.terms, dtype=pd.StringDtype("pyarrow")))
    return pd.Categorical.from_codes(codes.fill_null(-1).to_numpy(), dtype=kind)


def labelled(dataset: Dataset, name: str) -> pa.Table:
    """The rows of one table, and right after each reference the label of the row that it refers to."""
    import pyarrow.compute as pc

    rows = dataset.arrow(name)
    for field in dataset.table(name).fields:
        if field.refers_to is None or "label" not in dataset.table(field.refers_to[0]):
            continue
        target = dataset.arrow(field.refers_to[0])
        places = pc.index_in(rows[field.name], value_set=target[field.refers_to[1]])
        after = rows.schema.get_field_index(field.name) + 1
        rows = rows.add_column(after, f"{field.name}_label", target["label"].take(places))
    return rows


def summary(dataset: Dataset) -> list[dict[str, Any]]:
    """One mapping for each table: see :func:`secgov.tables` for its keys."""
    return [
        {
            "table": table.name,
            "kind": table.kind,
            "rows": dataset.rows(table.name),
            "columns": len(table.fields),
            "title": table.title,
            "description": table.description,
        }
        for table in dataset.tables.values()
    ]


def tables(dataset: Dataset) -> pd.DataFrame:
    """What tables there are; see :func:`secgov.tables`."""
    import pandas as pd

    from secgov._frame import framed

    text = pd.StringDtype("pyarrow")
    types: dict[str, Any] = {"table": text, "kind": text, "rows": "int64", "columns": "int64", "title": text, "description": text}
    return framed(pd.DataFrame(summary(dataset), columns=list(types)).astype(types))


def codebook_rows(dataset: Dataset, name: str | None = None) -> list[dict[str, Any]]:
    """One mapping for each field of one table, or of all: see :func:`secgov.codebook` for its keys."""
    chosen = dataset.tables.values() if name is None else [dataset.table(name)]
    return [_entry(table, field) for table in chosen for field in table.fields]


def _entry(table: Table, field: Field) -> dict[str, Any]:
    return {
        "table": table.name,
        "field": field.name,
        "type": field.type,
        "required": field.required,
        "unit": field.unit,
        "vocabulary": field.vocabulary,
        "refers_to": ".".join(field.refers_to) if field.refers_to else None,
        "description": field.description,
    }


def codebook(dataset: Dataset, name: str | None = None) -> pd.DataFrame:
    """What the columns mean; see :func:`secgov.codebook`."""
    import pandas as pd

    from secgov._frame import framed

    text = pd.StringDtype("pyarrow")
    columns = ("table", "field", "type", "required", "unit", "vocabulary", "refers_to", "description")
    frame = pd.DataFrame(codebook_rows(dataset, name), columns=list(columns))
    frame = frame.astype({column: bool if column == "required" else text for column in columns})
    return framed(frame if name is None else frame.drop(columns="table"))
