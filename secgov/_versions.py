"""The versions there are, and the dataset of any one of them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from secgov._dataset import Dataset
from secgov._errors import unknown
from secgov._fetch import Place, archive_of
from secgov._ledger import LEDGER, releases_of

if TYPE_CHECKING:
    import pandas as pd


def dataset_of(bundled: Dataset, version: str | None, place: Place = None) -> Dataset:
    """The dataset of a version: the one that came along if none is named, or if it is that one; else the one in its archive.

    UnknownName names the nearest version; Unavailable says how to set the place of releases; IntegrityError if what was fetched is
    not what was released. An archive in a folder is checked when it is used first.
    """
    if version is None or version == bundled.package.version:
        return bundled
    from secgov._archive import Archived

    releases = releases_of(bundled.root)
    if version not in releases:
        known = dict.fromkeys([*releases, bundled.package.version])
        raise unknown("version", version, known, of=" that this installation knows of")
    folder = bundled.root / PurePosixPath(LEDGER).with_suffix("")
    return Archived(archive_of(releases[version], place, folder), releases[version])


def version_rows(bundled: Dataset) -> list[dict[str, Any]]:
    """One mapping for each release: see :func:`secgov.versions` for its keys."""
    own = bundled.package.version
    return [
        {
            "version": release.version,
            "date": release.date,
            "rows": sum(release.rows.values()),
            "bytes": release.bytes,
            "sha256": release.sha256,
            "doi": release.doi,
            "bundled": release.version == own,
        }
        for release in releases_of(bundled.root).values()
    ]


def versions(bundled: Dataset) -> pd.DataFrame:
    """The released versions; see :func:`secgov.versions`."""
    import pandas as pd

    from secgov._frame import framed

    text = pd.StringDtype("pyarrow")
    types: dict[str, Any] = {"version": text, "date": "datetime64[s]", "rows": "Int64", "bytes": "Int64"}
    types |= {"sha256": text, "doi": text, "bundled": bool}
    return framed(pd.DataFrame(version_rows(bundled), columns=list(types)).astype(types))
