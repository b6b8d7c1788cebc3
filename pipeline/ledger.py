"""The ledger of releases: ``dataset/releases.json``, one entry a release, each chained to the one before it.

An entry can be made again from its archives, all but the DOI, which is given later and stands outside the chain. So a byte changed in an
archive or in an entry is found, and so is an entry that is taken out. The renditions of a release in the formats of other programs, which
none of our own readers needs, are an archive of their own; the first releases had none.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.faces.table_schema import DESCRIPTOR
from pipeline.files import RAW, RETIRED
from pipeline.places import LEDGER, RELEASES
from pipeline.problems import Complaint
from pipeline.records import Records
from pipeline.snapshot import Snapshot, of_archive
from pipeline.tables import INDEX
from pipeline.tabulate import Tabulated


@dataclass(frozen=True)
class Renditions:
    """The archive of a release in the formats of other programs."""

    archive: str
    bytes: int
    sha256: str
    files: dict[str, str]


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
    renditions: Renditions | None = None

    def as_dict(self) -> dict[str, Any]:
        """The entry as it is written; without renditions where it has none."""
        return {key: value for key, value in asdict(self).items() if (key, value) != ("renditions", None)}

    def digest(self) -> str:
        """The sha256 of the entry, without its DOI, as the next entry holds it."""
        chained = {key: value for key, value in self.as_dict().items() if key != "doi"}
        return _sha256(json.dumps(chained, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def releases_of(root: Path) -> list[Release]:
    """Every release, oldest first; none where there is no ledger. ValueError if the ledger cannot be read."""
    path = root / LEDGER
    if not path.exists():
        return []
    try:
        return [_release(entry) for entry in json.loads(path.read_bytes())["releases"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{LEDGER} cannot be read: {error}") from None


def _release(entry: dict[str, Any]) -> Release:
    renditions = entry.get("renditions")
    return Release(**entry | {"renditions": Renditions(**renditions) if renditions else None})


def as_json(releases: list[Release]) -> str:
    """The ledger as it is written."""
    return as_text({"releases": [release.as_dict() for release in releases]})


def archive_path(name: str, version: str) -> str:
    """Where the archive of a version lies."""
    return f"{RELEASES}/{name}-{version}.zip"


def renditions_path(name: str, version: str) -> str:
    """Where the archive of its renditions lies."""
    return f"{RELEASES}/{name}-{version}-renditions.zip"


def entry_of(archive: Path, previous: Release | None, doi: str | None = None, renditions: Path | None = None) -> Release:
    """The entry of an archive and of that of its renditions, made from nothing but their bytes and the entry before it."""
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
        renditions=_renditions(renditions, renditions_path(descriptor["name"], snapshot.version)) if renditions else None,
    )


def _renditions(archive: Path, path: str) -> Renditions:
    content = archive.read_bytes()
    with zipfile.ZipFile(archive) as members:
        files = {name: _sha256(members.read(name)) for name in sorted(members.namelist())}
    return Renditions(path, len(content), _sha256(content), files)


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
    listed = set()
    for release in releases:
        whole = True
        for archive in (release, release.renditions):
            if archive is not None:
                listed.add(archive.archive)
                for complaint in _not_released(root / archive.archive, archive.sha256, release.version):
                    whole = False
                    yield archive.archive, complaint
        renditions = root / release.renditions.archive if release.renditions else None
        if whole and entry_of(root / release.archive, before, release.doi, renditions) != release:
            yield LEDGER, f"the entry of {release.version} does not agree with its archive or with the entry before it"
        before = release
    for path in sorted((root / RELEASES).glob("*")):
        if path.relative_to(root).as_posix() not in listed:
            yield path.relative_to(root).as_posix(), "the ledger does not know this file"


def _not_released(archive: Path, sha256: str, version: str) -> Iterator[str]:
    if not archive.is_file():
        yield f"the archive of {version} is not there"
    elif _sha256(archive.read_bytes()) != sha256:
        yield f"the archive of {version} is not the one that was released"


def check_ids(folder: Path, tabulated: Tabulated, records: Records) -> Iterator[Complaint]:
    """An address that was released is there for ever: living, or retired; and what was retired does not come back."""
    try:
        releases = releases_of(folder)
    except ValueError as error:
        yield Complaint(LEDGER, (), "bad-release", str(error))
        return
    if not releases:
        return
    last = releases[-1]
    if wrong := list(_not_released(folder / last.archive, last.sha256, last.version)):
        yield Complaint(last.archive, (), "bad-release", f"{wrong[0]}; put it back, since what was released says which ids are taken")
        return
    index = of_archive(folder / last.archive).frame(INDEX)
    living = tabulated.frames[INDEX]["address"]
    there = index["address"].is_in(living.implode())
    gone: dict[str, list[str]] = defaultdict(list)  # by the root of the tree, which is told of once
    for address, why, is_there in index.select("address", "why_retired", there=there).iter_rows():
        if not is_there and not records.may_hold(address):
            gone[address.partition(".")[0]].append(address)
        elif why is not None and is_there and address not in records.retired:
            message = f"{address} was retired and its id is not used again; choose another"
            origin = tabulated.origins.of_address(address)
            yield Complaint(origin.file, origin.path, "reused-id", message)
    for root, addresses in gone.items():
        whole = root in addresses and len(addresses) > 1
        for address in [root] if whole else addresses:
            entry = f"{address}: {{replaced_by: {address.partition('/')[0]}/…, why: …}}"
            what, line = (f"{root}, with {len(addresses) - 1} parts,", "for each a line such as") if whole else (address, "the line")
            message = f"{what} was published in {last.version} and is gone; put it back, or add {line} '{entry}'"
            yield Complaint(f"{RAW}/{RETIRED}.yaml", (), "dropped-id", message)


def is_release(descriptor: Any, release: Release) -> bool:
    """Whether a descriptor, as it would be written, is that of a release: then every file that it lists is too."""
    return _sha256(as_text(descriptor).encode()) == release.files[DESCRIPTOR]


def as_text(value: Any) -> str:
    """A JSON file as it is published."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
