"""secgov: an open, versioned, evidence-anchored dataset of global security governance.

    >>> import secgov
    >>> secgov.tables()                                   # what there is
    >>> secgov.load("proposals", labels=True)             # one table as a pandas DataFrame
    >>> secgov.codebook("proposals")                      # what its columns mean
    >>> secgov.show("proposals/wang-yi-brics-nsa-14")        # one record with its evidence
    >>> print(secgov.cite("proposals", style="bibtex"))   # how to cite what you used

The tables come with the package, or in a checkout from ``dataset/`` beside it. Nothing is loaded when secgov is imported;
a file is used only if its size and sha256 are those that ``datapackage.json`` gives, and :class:`IntegrityError` is raised if
they are not. A name that does not exist raises :class:`UnknownName`, which names the nearest one that does.
FileNotFoundError is raised by every function where there is no dataset at all (a checkout that was not built yet).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from secgov._dataset import default
from secgov._errors import IntegrityError, UnknownName

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from secgov._show import Record

__all__ = ["IntegrityError", "UnknownName", "cite", "codebook", "load", "path", "show", "tables", "version"]

__version__: str


def tables() -> pd.DataFrame:
    """What tables there are.

    One row for each published table, in the order of the descriptor, with the columns ``table`` (its name), ``kind`` (string:
    entity, part, link, generated or view), ``rows`` and ``columns`` (int64), ``title`` and ``description`` (string).
    An *entity* table has one row for each record; a *part* table has what repeats under records (evidence, names, statuses …); a
    *link* table has one row for each pair of a record and something it refers to; a *view* is derived, for reading without joins.
    """
    from secgov import _tables

    return _tables.tables(default())


def load(table: str, labels: bool = False) -> pd.DataFrame:
    """The rows of one table.

    table:  the name of a published table, such as ``"proposals"``, ``"evidence"`` or ``"flat_proposals"``.
    labels: whether to add, right after each column that refers to another table, a column ``<column>_label`` (string) with the
            label of the row that it refers to.

    One row for each row of the table, one column for each of its fields, in the published order. Types follow the descriptor:
    a term of a vocabulary is ``category``, with all terms of the vocabulary in its order; a date is ``datetime64[s]``; an
    integer ``Int64``; a number ``Float64``; a boolean ``bool`` where every row has one, else ``boolean``; all else is ``string``.
    What is missing is ``<NA>`` (``NaT`` for a date); the text "NA" is text. Dates that may be inexact come as four columns: as
    written (EDTF), ``_start``, ``_end`` and ``_precision``.

    ``.attrs`` of the frame has ``table``, ``version``, ``title`` and ``citation`` (APA), all text.

    Raises UnknownName if there is no such table, IntegrityError if its file is damaged.
    """
    from secgov import _tables

    return _tables.load(default(), table, labels)


def path(table: str, format: str = "csv") -> Path:  # noqa: A002 - the word of the field
    """The file of one table, for other programs: ``format`` is ``"csv"`` or ``"parquet"``. It was checked, and is to be read only.

    When reading a CSV with pandas, say ``keep_default_na=False, na_values=[""]``: only an empty cell is missing, and NA is
    Namibia. Raises UnknownName if there is no such table, or not in that format (flat views are CSV only); IntegrityError if the
    file is damaged.
    """
    return default().path(table, format)


def codebook(table: str | None = None) -> pd.DataFrame:
    """What the columns of a table mean; of all tables, if none is named.

    One row for each field, in order, with the columns ``field``, ``type`` (string, integer, number, boolean or date),
    ``required`` (bool: whether every row has a value), ``unit``, ``vocabulary`` (its terms are defined in the table ``vocabularies``),
    ``refers_to`` (``table.column``) and ``description``, all of them ``string`` but for ``required``. For all tables, a
    column ``table`` comes first. Raises UnknownName if there is no such table.
    """
    from secgov import _tables

    return _tables.codebook(default(), table)


def cite(what: str | None = None, style: str = "apa") -> str:
    """How to cite the dataset, always with its version.

    what:  nothing for the whole dataset, the name of a table, or the address of a record (``"proposals/wang-yi-brics-nsa-14"``).
    style: ``"apa"``, ``"bibtex"``, ``"csl-json"`` or ``"ris"``.

    The year is that of the release; where the descriptor gives no date there is none (``n.d.``). A working version (``+dev``) is
    marked as not for citation. Raises UnknownName if there is no such table, record or style.
    """
    from secgov import _cite

    return _cite.cite(default(), what, style)


def show(address: str) -> Record:
    """One record: its fields, its place among its parts, who did what, what became of it, its evidence, how to cite it.

    address: table and id, such as ``"proposals/wang-yi-brics-nsa-14"``.

    The object prints itself as text, and in a notebook as HTML. Raises UnknownName if there is no such record, and for one that
    was retired, with what took its place.
    """
    from secgov import _show

    return _show.show(default(), address)


def version() -> str:
    """The version of the dataset: ``"0.2.0"``, or ``"0.3.0+dev"`` for a working version that was not released."""
    return default().package.version


def __getattr__(name: str) -> str:
    if name == "__version__":  # read late, for it stands in the descriptor and nowhere else
        return version()
    raise AttributeError(f"module 'secgov' has no attribute '{name}'")
