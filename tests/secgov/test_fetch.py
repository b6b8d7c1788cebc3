"""Releases from the web: fetched once, checked before they are kept, and nothing is left of what was refused."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from logging import INFO, WARNING, Logger
from pathlib import Path

import pooch
import pytest

from secgov import IntegrityError, Unavailable, _show, _tables
from secgov._dataset import HERE, Dataset
from secgov._fetch import _quiet, cache_folder
from secgov._versions import dataset_of
from tests.secgov.conftest import ARCHIVE, OLD, Server, kept
from tests.secgov.test_dataset import flip


def test_an_archive_is_fetched_once_and_quietly(
    wheel: Dataset, served: Server, cache: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = dataset_of(wheel, OLD, served.url)
    assert old.root == cache / ARCHIVE
    assert len(_tables.load(old, "books")) == 4
    monkeypatch.setenv("SECGOV_RELEASES", f"{served.url.upper()}/")
    assert "Robinson Crusoe" in str(_show.show(dataset_of(wheel, OLD), "books/crusoe"))
    assert served.asked == [f"/{ARCHIVE}"]
    assert kept(cache) == [ARCHIVE]
    assert capfd.readouterr() == ("", "")


def test_what_was_fetched_is_there_without_the_network(wheel: Dataset, served: Server, cache: Path, request: pytest.FixtureRequest) -> None:
    dataset_of(wheel, OLD, served.url)
    request.getfixturevalue("offline")
    assert len(_tables.load(dataset_of(wheel, OLD, served.url), "books")) == 4


def test_an_archive_that_was_damaged_in_the_cache_is_fetched_again(wheel: Dataset, served: Server, cache: Path) -> None:
    dataset_of(wheel, OLD, served.url)
    flip(cache / ARCHIVE)
    assert len(_tables.load(dataset_of(wheel, OLD, served.url), "books")) == 4
    assert len(served.asked) == 2
    old = dataset_of(wheel, OLD, served.url)
    flip(cache / ARCHIVE)  # after it was found, before it is read
    with pytest.raises(IntegrityError, match=rf"{ARCHIVE} has another sha256 than {ARCHIVE} as it was released"):
        _tables.load(old, "books")


def test_an_archive_with_one_byte_flipped_is_refused_and_not_kept(wheel: Dataset, served: Server, releases: Path, cache: Path) -> None:
    flip(releases / ARCHIVE)
    with pytest.raises(
        IntegrityError, match=rf"^{served.url}/{ARCHIVE} has another sha256 than {ARCHIVE} as it was released; nothing of it"
    ):
        dataset_of(wheel, OLD, served.url)
    assert kept(cache) == []


@pytest.mark.parametrize("more", [-7, 7])
def test_an_archive_that_is_too_short_or_too_long_is_refused_and_not_kept(
    wheel: Dataset, served: Server, releases: Path, cache: Path, more: int
) -> None:
    content = (releases / ARCHIVE).read_bytes()
    (releases / ARCHIVE).write_bytes(content[:more] if more < 0 else content + b"x" * more)
    message = "has another sha256 than" if more < 0 else rf"^what is sent for {ARCHIVE} is longer than it; nothing of it was used or kept$"
    with pytest.raises(IntegrityError, match=message):
        dataset_of(wheel, OLD, served.url)
    assert kept(cache) == []


def test_an_archive_that_is_not_there_is_unavailable(wheel: Dataset, served: Server, releases: Path, cache: Path) -> None:
    (releases / ARCHIVE).unlink()
    with pytest.raises(Unavailable, match=rf"^{served.url}/{ARCHIVE} cannot be fetched: 404 Client Error"):
        dataset_of(wheel, OLD, served.url)
    assert kept(cache) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://127.0.0.1:1/x", "http://", "http://[", "http://a:b:c", "http://\udcff/"])
def test_an_address_that_cannot_be_reached_is_unavailable(wheel: Dataset, cache: Path, url: str) -> None:
    with pytest.raises(Unavailable, match=rf"{ARCHIVE} cannot be fetched: "):
        dataset_of(wheel, OLD, url)
    assert kept(cache) == []


@pytest.fixture
def breaking(releases: Path) -> Iterator[str]:
    """A server that promises the archive and hangs up half-way."""
    content = (releases / ARCHIVE).read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_connection_that_breaks_leaves_nothing(wheel: Dataset, breaking: str, cache: Path) -> None:
    with pytest.raises(Unavailable, match=rf"^{breaking}/{ARCHIVE} cannot be fetched: "):
        dataset_of(wheel, OLD, breaking)
    assert kept(cache) == []


def test_a_cache_that_cannot_be_written_is_said_to_be_so(
    wheel: Dataset, served: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SECGOV_CACHE", str(tmp_path / "file/cache"))
    with pytest.raises(Unavailable, match=r"file/cache cannot be written: .*; the variable SECGOV_CACHE sets another folder$"):
        dataset_of(wheel, OLD, served.url)


def test_the_cache_is_where_the_system_keeps_caches_unless_another_is_set(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    monkeypatch.delenv("SECGOV_CACHE")
    assert cache_folder() == pooch.os_cache("secgov")
    monkeypatch.setenv("SECGOV_CACHE", "~/mine")
    assert cache_folder() == Path("~/mine").expanduser()


def test_the_logger_of_pooch_is_left_as_it_was() -> None:
    logger = Logger("pooch", "INFO")  # not its own, whose level another test may have left behind
    with _quiet(logger):
        assert not logger.isEnabledFor(WARNING)
    assert logger.level == INFO


def test_several_processes_may_fetch_at_once(wheel: Dataset, served: Server, cache: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from secgov._dataset import Dataset; from secgov._versions import dataset_of;"
        "print(dataset_of(Dataset(Path(sys.argv[1])), sys.argv[2], sys.argv[3]).path('books').read_bytes().count(b'\\n'))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-W", "error", "-c", script, str(wheel.root), OLD, served.url]
    started = [subprocess.Popen(command, cwd=HERE.parent, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in started] == ["5\n"] * 3
    assert kept(cache) == [f"library-{OLD}.zip", f"library-{OLD}/dataset/csv/books.csv"]
