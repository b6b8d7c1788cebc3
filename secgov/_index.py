"""The index of records: which addresses there are, and the label of each."""

from __future__ import annotations

import difflib

from secgov._dataset import Dataset
from secgov._errors import UnknownName, unknown

INDEX = "records"


def label_of(dataset: Dataset, address: str) -> str:
    """The label of the record at an address (``table/id``).

    UnknownName names the nearest address there is; for one that was retired, why it was and what took its place.
    """
    index = dataset.arrow(INDEX)
    addresses = index["address"].to_pylist()
    if address in dataset.tables:
        raise UnknownName(f"'{address}' is a table; the address of a record is table/id")
    if address not in addresses:
        raise _unknown(address, addresses)
    record = index.slice(addresses.index(address), 1).to_pylist()[0]
    if record["why_retired"] is not None:
        instead = f"; see '{record['replaced_by']}'" if record["replaced_by"] else ""
        raise UnknownName(f"'{address}' was retired: {record['why_retired']}{instead}")
    return str(record["label"])


def _unknown(address: str, known: list[str]) -> UnknownName:
    """Most likely a record of that id was meant, whatever its table; else one of that table, or of any if there is no such table."""
    table, _, name = str(address).rpartition("/")
    same_id = [other for other in known if other.rpartition("/")[2] == name]
    same_table = [other for other in known if other.startswith(f"{table}/")]
    near = difflib.get_close_matches(name, [other.rpartition("/")[2] for other in same_table], n=1)  # the table's name is no likeness
    guesses = [*same_id, *(f"{table}/{other}" for other in near)]
    if same_table and not guesses:
        return UnknownName(f"there is no record '{address}'")
    return unknown("record", address, known, guess=guesses[0] if guesses else None)


def labels(dataset: Dataset) -> dict[str, str]:
    """Every address with its label."""
    index = dataset.arrow(INDEX)
    return dict(zip(index["address"].to_pylist(), index["label"].to_pylist(), strict=True))
