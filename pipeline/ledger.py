"""The ledger of releases: ``dataset/releases.json``, one entry a release, each chained to the one before it.

An entry can be made again from its archive, all but the DOI, which is given later and stands outside the chain. So a byte changed in an
archive or in an entry is found, and so is an entry that is taken out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.faces.table_schema import DESCRIPTOR
from pipeline.problems import Complaint
from pipeline.records import RAW, RETIRED, Records
from pipeline.snapshot import Snapshot, of_archive
from pipeline.tables import INDEX
from pipeline.tabulate import Tabulated

LEDGER, RELEASES = "dataset/releases.json", "dataset/releases"


@dataclass(frozen=True)
class Release:
    """One release. ``schema`` is the sha256 of all its table schemas, ``previous`` that of the entry before it."""

    version: str
    date: str
    schema: str
    rows: dict[str, int]
    archive: str
    bytes: int
    sha256: str
    files: dict[str, str]
    previous: str | None
    doi: str | None = None

    def digest(self) -> str:
        """The sha256 of the entry, without its DOI, as the next entry holds it."""
        chained = {key: value for key, value in asdict(self).items() if key != "doi"}
        return _sha256(json.dumps(chained, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def releases_of(root: Path) -> list[Release]:
    """Every release, oldest first; none where there is no ledger. ValueError if the ledger cannot be read."""
    path = root / LEDGER
    if not path.exists():
        return []
    try:
        return [Release(**entry) for entry in json.loads(path.read_bytes())["releases"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{LEDGER} cannot be read: {error}") from None


def as_json(releases: list[Release]) -> str:
    """The ledger as it is written."""
    return as_text({"releases": [asdict(release) for release in releases]})


def archive_path(name: str, version: str) -> str:
    """Where the archive of a version lies."""
    return f"{RELEASES}/{name}-{version}.zip"


def entry_of(archive: Path, previous: Release | None, doi: str | None = None) -> Release:
    """The entry of an archive, made from nothing but its bytes and the entry before it."""
    content, snapshot = archive.read_bytes(), of_archive(archive)
    descriptor = snapshot.descriptor
    return Release(
        version=snapshot.version,
        date=str(descriptor["created"])[:10],
        schema=schema_hash(snapshot),
        rows={name: snapshot.frame(name).height for name in snapshot.resources},
        archive=archive_path(descriptor["name"], snapshot.version),
        bytes=len(content),
        sha256=_sha256(content),
        files={name: _sha256(snapshot.read(name)) for name in sorted(snapshot.members)},
        previous=previous.digest() if previous else None,
        doi=doi,
    )


def schema_hash(snapshot: Snapshot) -> str:
    """The sha256 of the schemas of all tables, whatever their order in the file."""
    schemas = {name: resource["schema"] for name, resource in snapshot.resources.items()}
    return _sha256(json.dumps(schemas, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def check_ledger(root: Path) -> Iterator[tuple[str, str]]:
    """Path and complaint for every archive or entry that is not what it was when it was released."""
    try:
        releases = releases_of(root)
    except ValueError as error:
        yield LEDGER, str(error)
        return
    before: Release | None = None
    for release in releases:
        archive = root / release.archive
        if not archive.is_file():
            yield release.archive, f"the archive of {release.version} is not there"
        elif _sha256(archive.read_bytes()) != release.sha256:
            yield release.archive, f"the archive of {release.version} is not the one that was released"
        elif entry_of(archive, before, release.doi) != release:
            yield LEDGER, f"the entry of {release.version} does not agree with its archive or with the entry before it"
        before = release
    listed = {release.archive for release in releases}
    for path in sorted((root / RELEASES).glob("*")):
        if path.relative_to(root).as_posix() not in listed:
            yield path.relative_to(root).as_posix(), "the ledger does not know this file"


def check_ids(root: Path, tabulated: Tabulated, records: Records) -> Iterator[Complaint]:
    """An address that was released is there for ever: living, or retired; and what was retired does not come back."""
    releases = releases_of(root)
    if not releases:
        return
    last = releases[-1]
    index = of_archive(root / last.archive).frame(INDEX)
    living = dict(zip(tabulated.frames[INDEX]["address"].to_list(), tabulated.origins[INDEX], strict=True))
    for address, why in index.select("address", "why_retired").iter_rows():
        if not records.may_hold(address) and address not in records.retired:
            message = f"{address} was published in {last.version} and is gone; list it here with what replaced it, and why"
            yield Complaint(f"{RAW}/{RETIRED}.yaml", (), "dropped-id", message)
        elif why is not None and address in living and address not in records.retired:
            message = f"{address} was retired and its id is not used again; choose another"
            yield Complaint(living[address].file, living[address].path, "reused-id", message)


def is_release(descriptor: Any, release: Release) -> bool:
    """Whether a descriptor, as it would be written, is that of a release: then every file that it lists is too."""
    return _sha256(as_text(descriptor).encode()) == release.files[DESCRIPTOR]


def as_text(value: Any) -> str:
    """A JSON file as it is published."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
