"""What comes in from others: locked by hash, under licences that were looked at."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib"}
FOR_WORK_ONLY = {"MPL-2.0"}
"""Asks for nothing of what is only made with it; not of what users install."""

FREE_TEXTS = {
    "apache": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",
    "mit": "MIT",
    "matplotlib": "PSF-2.0",
    "python software foundation": "PSF-2.0",
    "mozilla public license 2.0": "MPL-2.0",
}
"""How packages name their licence that do not use an SPDX expression: by what it begins with."""


def direct() -> dict[str, str]:
    """Every direct dependency, with what it is for: ``users`` or ``work``."""
    groups = [entry for group in PROJECT["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    extras = [entry for extra in PROJECT["project"]["optional-dependencies"].values() for entry in extra]
    work = {_name(entry): "work" for entry in [*groups, *PROJECT["build-system"]["requires"]]}
    return work | {_name(entry): "users" for entry in [*PROJECT["project"]["dependencies"], *extras]}


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return match[0]


def licences(name: str) -> set[str]:
    """The licences that the installed package names, as SPDX identifiers where they are known."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return set(re.findall(r"[A-Za-z0-9.-]+", expression)) - {"AND", "OR", "WITH"}
    classified = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License :: OSI")]
    named = classified or [about.get("License") or _file(name)]
    short = [re.sub(r"^the |\s+licen[cs]e.*$|[\"()]", "", text.strip().split("\n")[0], flags=re.IGNORECASE).strip() for text in named]
    return {next((spdx for key, spdx in FREE_TEXTS.items() if text.lower().startswith(key)), text) for text in short}


def _file(name: str) -> str:
    """The text of the licence that is installed with a package."""
    (path, *_) = (path for path in metadata.files(name) or () if path.name.startswith("LICEN"))
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", direct())
def test_the_licence_of_a_direct_dependency_is_on_the_list(name: str) -> None:
    allowed = PERMISSIVE if direct()[name] == "users" else PERMISSIVE | FOR_WORK_ONLY
    assert licences(name), "it names none"
    assert licences(name) <= allowed


def test_a_licence_that_is_not_on_the_list_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    about = metadata.metadata("pandas")
    del about["License-Expression"], about["License"], about["Classifier"]
    about["License-Expression"] = "MIT AND GPL-3.0-or-later"
    monkeypatch.setattr(metadata, "metadata", lambda _: about)
    assert licences("pandas") - PERMISSIVE == {"GPL-3.0-or-later"}


def test_every_package_of_the_lock_has_one_version_and_hashes_and_none_an_address() -> None:
    entries = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    packages = [entry for entry in entries if entry and not entry.startswith("#")]
    assert len(packages) > 50
    for entry in packages:
        assert re.match(r"[a-z0-9._-]+==[^\s;\\]+( ; [^\\\n]+)? \\\n", entry), entry.split("\n")[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.split("\n")[0]
    assert "://" not in LOCK


def test_every_direct_dependency_is_locked_and_the_environment_is_made_from_the_lock_by_hash() -> None:
    locked = {name.replace("_", "-").replace(".", "-") for name in re.findall(r"^([a-z0-9._-]+)==", LOCK, re.MULTILINE)}
    assert {name.lower().replace("_", "-").replace(".", "-") for name in direct()} <= locked
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [line for line in makefile.splitlines() if "pip install" in line and "--require-hashes -r requirements.lock" not in line] == []
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
