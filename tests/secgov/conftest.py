"""A small real dataset, built by the pipeline from the records in raw/ beside this file, and a foreign one of books with two releases."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.journey import build
from pipeline.language import Package
from pipeline.problems import FORMATS
from pipeline.release import plan, release
from schemas.package import PACKAGE
from secgov import citations
from secgov._dataset import Dataset
from tests.conftest import CRUSOE, DEFOE
from tests.library import LIBRARY

Edit = Callable[..., Dataset]


def built(package: Package, root: Path) -> Dataset:
    outcome, _ = build(package, root, citations=citations)
    assert FORMATS["text"](outcome.problems) == ""
    return Dataset(root)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small dataset. Not to be changed: take a copy."""
    root = tmp_path_factory.mktemp("dataset")
    shutil.copytree(Path(__file__).parent / "raw", root / "raw")
    return built(PACKAGE, root)


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of other tables."""
    root = tmp_path_factory.mktemp("books")
    for name, text in {"raw/books/crusoe.yaml": CRUSOE, "raw/authors.yaml": DEFOE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return built(LIBRARY, root)


@pytest.fixture
def copy(dataset: Dataset, tmp_path: Path) -> Dataset:
    """A copy of the small dataset that a test may damage."""
    shutil.copytree(dataset.root, tmp_path / "copy")
    return Dataset(tmp_path / "copy")


def seal(root: Path) -> Dataset:
    """Make the checksums of descriptor and ledger agree with them again, as whoever publishes would; give the dataset."""
    names = [name for name in ("datapackage.json", "dataset/releases.json") if (root / name).exists()]
    listed = [name.removeprefix("dataset/") if name.startswith("dataset/") else f"../{name}" for name in names]
    digests = [hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names]
    (root / "dataset").mkdir(exist_ok=True)
    lines = (f"{digest}  {name}\n" for digest, name in zip(digests, listed, strict=True))
    (root / "dataset/SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return Dataset(root)


@pytest.fixture
def edit(copy: Dataset) -> Edit:
    """Change members of the descriptor of a copy, and give the copy."""

    def change(**members: Any) -> Dataset:
        path = copy.root / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(descriptor | members), encoding="utf-8")
        return seal(copy.root)

    return change


# --------------------------------------------------------------------------------------------------- releases of books

OLD, NEW = "0.1.0", "0.2.0"
ARCHIVE = f"library-{OLD}.zip"


def freeze(root: Path, day: date, **files: str) -> None:
    """Build and release the library; ``files`` are the records, by the name of their file."""
    for name, text in files.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outcome, _ = build(LIBRARY, root, citations=citations)
    assert FORMATS["text"](outcome.problems) == ""
    planned = plan(LIBRARY, outcome.tabulated, root, day, citations=citations)
    release(LIBRARY, outcome.tabulated, root, planned, ("LICENSE",), citations)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of books with the releases 0.1.0 and 0.2.0, of which the build is the second. Not to be changed."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "LICENSE").write_text("Do what you like.\n")
    freeze(root, date(2026, 11, 22), **{"books/crusoe.yaml": CRUSOE, "authors.yaml": DEFOE})
    changed = CRUSOE.replace("pages: 300", "pages: 301").replace(
        "  - {key: end, label: The end}\n", "  - {key: more, label: More, pages: 3}\n"
    )
    retired = "books/crusoe.end: {replaced_by: books/crusoe.more, why: It was no end.}\n"
    freeze(root, date(2027, 3, 1), **{"books/crusoe.yaml": changed, "retired.yaml": retired})
    return root


@pytest.fixture
def repository(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the repository of books that a test may change."""
    shutil.copytree(checkout, tmp_path / "repository")
    return tmp_path / "repository"


@pytest.fixture
def wheel(checkout: Path, tmp_path: Path) -> Dataset:
    """The library as a wheel of 0.2.0 carries it: the tables and the ledger, no archives."""
    root = tmp_path / "wheel"
    shutil.copytree(checkout / "dataset", root / "dataset", ignore=shutil.ignore_patterns("releases"))
    shutil.copy(checkout / "datapackage.json", root)
    return Dataset(root)


@pytest.fixture
def releases(checkout: Path, tmp_path: Path) -> Path:
    """A folder with the archives, which a test may damage."""
    shutil.copytree(checkout / "dataset/releases", tmp_path / "releases")
    return tmp_path / "releases"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of a user who never used it and set no place for releases."""
    folder = tmp_path_factory.mktemp("user") / "cache"
    monkeypatch.setenv("SECGOV_CACHE", str(folder))
    monkeypatch.delenv("SECGOV_RELEASES", raising=False)
    return folder


def kept(folder: Path) -> list[str]:
    """The files below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any use of the network fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@dataclass
class Server:
    """A web server on this machine that serves a folder; ``asked`` are the paths it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def served(releases: Path) -> Iterator[Server]:
    """The folder of archives on the web."""
    server = Server("")

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(releases))

        def do_GET(self) -> None:
            server.asked.append(self.path)
            super().do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.url = f"http://127.0.0.1:{listening.server_port}"
        yield server
        listening.shutdown()
        thread.join()
