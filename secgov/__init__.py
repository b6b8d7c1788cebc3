"""secgov: an open, versioned, evidence-anchored dataset of global security governance.

    >>> import secgov
    >>> secgov.tables()                                   # what there is
    >>> secgov.load("proposals", labels=True)             # one table as a pandas DataFrame
    >>> secgov.codebook("proposals")                      # what its columns mean
    >>> secgov.show("proposals/wang-yi-brics-nsa-14")        # one record with its evidence
    >>> print(secgov.cite("proposals", style="bibtex"))   # how to cite what you used
    >>> secgov.versions()                                 # which versions were released
    >>> secgov.load("proposals", version="0.1.0")         # the same table as it was in one of them
    >>> secgov.diff("0.1.0", "0.2.0")                     # what changed between two

The tables come with the package, or in a checkout from ``dataset/`` beside it. Nothing is loaded when secgov is imported;
a file is used only if its size and sha256 are those that ``datapackage.json`` gives, and that one only if ``SHA256SUMS`` lists it;
else :class:`IntegrityError` is raised. A name that does not exist raises :class:`UnknownName`, which names the nearest one that does.
FileNotFoundError is raised where there is no dataset at all (a checkout that was not built yet), by all but :func:`citations` and
:func:`citer`, which are handed a descriptor.

Any other released version is read from its archive, ``secgov-<version>.zip``. Where the archives are says the argument
``releases``, a folder or an http(s) address; without it the environment variable ``SECGOV_RELEASES``; without that, in a
checkout, they are in ``dataset/releases``. To say where and not which version is a ValueError. The network is used only if an
address was given so. What is fetched is kept in the user's cache, or in the folder that ``SECGOV_CACHE`` names. Wherever it comes
from, an archive is used only if its sha256 is the one in the ledger of releases that came with this installation; else
:class:`IntegrityError` is raised. :class:`Unavailable` is raised where it cannot be had. A version that this installation does not
know of is an :class:`UnknownName`: install a later secgov for a later one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secgov._dataset import default
from secgov._errors import IntegrityError, Unavailable, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from secgov._dataset import Dataset
    from secgov._fetch import Place
    from secgov._show import Record

__all__ = [
    "IntegrityError",
    "Unavailable",
    "UnknownName",
    "citations",
    "cite",
    "citer",
    "codebook",
    "diff",
    "load",
    "path",
    "plot",
    "show",
    "tables",
    "version",
    "versions",
]

__version__: str


def tables(version: str | None = None, releases: Place = None) -> pd.DataFrame:
    """What tables there are, in this version or another (see the module).

    One row for each published table, in the order of the descriptor, with the columns ``table`` (its name), ``kind`` (string:
    entity, part, link, report, generated or view), ``rows`` and ``columns`` (int64), ``title`` and ``description`` (string).
    An *entity* table has one row for each record; a *part* table has what repeats under records (evidence, names, statuses …); a
    *link* table has one row for each pair of a record and something it refers to; a *report* is computed from the other tables; a
    *view* is derived, for reading without joins.
    """
    from secgov import _tables

    return _tables.tables(_dataset(version, releases))


def load(table: str, labels: bool = False, version: str | None = None, releases: Place = None) -> pd.DataFrame:
    """The rows of one table.

    table:    the name of a published table, such as ``"proposals"``, ``"evidence"`` or ``"flat_proposals"``.
    labels:   whether to add, right after each column that refers to another table, a column ``<column>_label`` (string) with the
              label of the row that it refers to, in the same version.
    version:  a released version, such as ``"0.1.0"``; the one that came with the package if none is named.
    releases: the folder or address where the archives of releases are; see the module.

    One row for each row of the table, one column for each of its fields, in the published order. Types follow the descriptor:
    a term of a vocabulary is ``category``, with all terms of the vocabulary in its order; a date is ``datetime64[s]``; an
    integer ``Int64``; a number ``Float64``; a boolean ``bool`` where every row has one, else ``boolean``; all else is ``string``.
    What is missing is ``<NA>`` (``NaT`` for a date); the text "NA" is text. Dates that may be inexact come as four columns: as
    written (EDTF), ``_start``, ``_end`` and ``_precision``.

    ``.attrs`` of the frame has ``table``, ``version``, ``title`` and ``citation`` (APA), all text.

    A FutureWarning, once in a process each, says what to use instead of a column that is about to go, or of a term that the rows hold.

    Raises UnknownName if there is no such table or version, IntegrityError if its file or archive is damaged, Unavailable if the
    archive of a version cannot be had.
    """
    from secgov import _tables

    return _tables.load(_dataset(version, releases), table, labels)


def path(table: str, format: str = "csv", version: str | None = None, releases: Place = None) -> Path:  # noqa: A002 - the word of the field
    """The file of one table, for other programs: ``format`` is ``"csv"`` or ``"parquet"``. It was checked, and is to be read only.

    The file of another version is taken from its archive into the cache.

    When reading a CSV with pandas, say ``keep_default_na=False, na_values=[""]``: only an empty cell is missing, and NA is
    Namibia. Raises UnknownName if there is no such table, or not in that format (flat views are CSV only); IntegrityError if the
    file is damaged.
    """
    return _dataset(version, releases).path(table, format)


def codebook(table: str | None = None, version: str | None = None, releases: Place = None) -> pd.DataFrame:
    """What the columns of a table mean; of all tables, if none is named; in this version or another (see the module).

    One row for each field, in order, with the columns ``field``, ``type`` (string, integer, number, boolean or date),
    ``required`` (bool: whether every row has a value), ``unit``, ``vocabulary`` (its terms are defined in the table ``vocabularies``),
    ``refers_to`` (``table.column``) and ``description``, all of them ``string`` but for ``required``. For all tables, a
    column ``table`` comes first. Raises UnknownName if there is no such table.
    """
    from secgov import _tables

    return _tables.codebook(_dataset(version, releases), table)


def cite(what: str | None = None, style: str = "apa", version: str | None = None, releases: Place = None) -> str:
    """How to cite the dataset, always with its version, this one or another (see the module).

    what:  nothing for the whole dataset, the name of a table, or the address of a record (``"proposals/wang-yi-brics-nsa-14"``).
    style: ``"apa"``, ``"bibtex"``, ``"csl-json"`` or ``"ris"``; for the whole also ``"cff"`` (CITATION.cff), ``"zenodo"``
           (.zenodo.json) or ``"datacite"`` (DataCite 4.5 JSON).

    The year is that of the release; where the descriptor gives no date there is none (``n.d.``). There is a DOI only if the ledger
    of releases has one for this very version. A working version (``+dev``) is marked as not for citation. Raises UnknownName if
    there is no such table, record or style, Unavailable for DataCite metadata of what was not released, which must have a year.
    """
    from secgov import _cite

    return _cite.cite(_dataset(version, releases), what, style)


def citations(descriptor: Mapping[str, Any], doi: str | None = None) -> dict[str, str]:
    """The files that say how to cite a dataset, for whoever publishes it: their text, by their path below its root.

    descriptor: what ``datapackage.json`` holds. doi: of this very version, if it has one.

    CITATION.cff, .zenodo.json, and in dataset/citation BibTeX, RIS and CSL-JSON; DataCite metadata too if the version was released.
    Raises IntegrityError for what is no descriptor of a dataset.
    """
    from secgov import _cite

    return _cite.citations(descriptor, doi)


def citer(descriptor: Mapping[str, Any], doi: str | None = None) -> Callable[[str | None, str | None], dict[str, str]]:
    """How to cite a dataset and its records, for whoever publishes pages of it.

    descriptor: what ``datapackage.json`` holds. doi: of this very version, if it has one.

    The function that is given back takes an address and its label, or neither for the whole, and gives every form of citation by its style.
    Raises IntegrityError for what is no descriptor of a dataset.
    """
    from secgov import _cite

    return _cite.citer(descriptor, doi)


def plot(name: str, version: str | None = None, releases: Place = None) -> Figure:
    """One of the pictures that the dataset declares of itself, as a matplotlib figure, which a notebook shows.

    name: ``"network"``, ``"timeline"``, ``"balance"``, ``"years"``, ``"addressed"`` or ``"topics"``.

    Needs the extra ``plots`` (``pip install 'secgov[plots]'``). Raises UnknownName if there is no such picture, Unavailable without
    matplotlib, where there is nothing to draw, and for a version that declares none.
    """
    from secgov import _plot

    return _plot.plot(_dataset(version, releases), name)


def show(address: str, version: str | None = None, releases: Place = None) -> Record:
    """One record: its fields, its place among its parts, who did what, what became of it, its evidence, how to cite it.

    address: table and id, such as ``"proposals/wang-yi-brics-nsa-14"``, in this version or another (see the module).

    The object prints itself as text, and in a notebook as HTML. Raises UnknownName if there is no such record, and for one that
    was retired, with what took its place.
    """
    from secgov import _show

    return _show.show(_dataset(version, releases), address)


def version() -> str:
    """The version of the dataset that came along: ``"0.2.0"``, or ``"0.2.0+dev"`` for a working version that was not released."""
    return default().package.version


def versions() -> pd.DataFrame:
    """Which versions were released.

    One row for each, oldest first, with the columns ``version`` (string), ``date`` (``datetime64[s]``), ``rows`` (``Int64``: of all
    its tables together, flat views included), ``bytes`` (``Int64``) and ``sha256`` (string) of its archive, ``doi`` (string, ``<NA>``
    where there is none), and ``bundled`` (bool: whether it is the version that came along). No row if nothing was released.
    """
    from secgov import _versions

    return _versions.versions(default())


def diff(old: str, new: str | None = None, releases: Place = None) -> pd.DataFrame:
    """What changed from one version to another; to the one that came along, if only the old one is named.

    One row for each change, all columns ``string``:

    ``table``   the table that changed; ``<NA>`` for the package as a whole.
    ``key``     the row that changed, by its primary key; if that is of several columns, their values with blanks between.
    ``change``  ``added``, ``removed`` (a row) or ``changed`` (a value); for a change of the schema, which comes before those of the
                data, ``schema: `` and what it is, as in ``schema: field added``, ``schema: term removed`` or
                ``schema: constraint tightened``.
    ``field``   the column, where it is about one.
    ``old``, ``new``  the values, as the CSV has them; ``<NA>`` for an empty cell.

    No row means no difference. Flat views, which follow from the tables, are left out. ``.attrs`` has the two versions (``old`` and
    ``new``) and ``replaced``: each address that was retired in between, with what took its place, or None.

    Raises UnknownName, IntegrityError and Unavailable as :func:`load` does.
    """
    from secgov import _diff

    return _diff.diff(_dataset(old, releases), _dataset(new, new and releases))


def _dataset(version: str | None, releases: Place) -> Dataset:
    """The dataset of a version; ValueError for a place without one, or the rows would be others than those asked for."""
    if version is None:
        if releases is not None:
            raise ValueError("releases says where the archives are; name a version too")
        return default()
    from secgov._versions import dataset_of

    return dataset_of(default(), version, releases)


def __getattr__(name: str) -> str:
    if name == "__version__":  # read late, for it stands in the descriptor and nowhere else
        return version()
    raise AttributeError(f"module 'secgov' has no attribute '{name}'")
