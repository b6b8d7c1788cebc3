"""The record stage on a Dask cluster of two worker processes, one of which is killed midway: the build still ends right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.corpus import make
from pipeline.journey import build
from pipeline.places import digests, published
from schemas.package import PACKAGE
from secgov import citations

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    make(PACKAGE, root, 6000)
    build(PACKAGE, root, citations=citations, jobs=1)
    return root


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process; its address and the workers."""
    note = tmp_path / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = {"cwd": tmp_path, "env": environment, "stderr": subprocess.DEVNULL}
    dask = "import sys; from distributed.cli.{0} import main; main()"
    scheduler = [sys.executable, "-c", dask.format("dask_scheduler"), "--port", "0", "--no-dashboard", "--scheduler-file", str(note)]
    worker = [
        sys.executable,
        "-c",
        dask.format("dask_worker"),
        "--scheduler-file",
        str(note),
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    processes = [subprocess.Popen(scheduler, **run)]
    try:
        processes += [subprocess.Popen(worker, **run) for _ in range(2)]
        for _ in range(300):
            if note.exists() and note.stat().st_size:
                break
            time.sleep(0.1)

        yield json.loads(note.read_text())["address"].replace("tcp://", "dask://"), processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_cluster_that_loses_a_worker_midway_gives_the_same_dataset(
    corpus: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, (victim, survivor) = cluster
    before = digests(corpus, [*published(corpus), "datapackage.json"])
    (corpus / "datapackage.json").unlink()
    command = [sys.executable, "build.py", "build", "--no-cache", "--root", str(corpus), "--executor", address]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)

    def kill() -> None:  # once it has begun to work: some seconds of processor time are spent on starting
        spent = _spent(victim.pid)
        while running.poll() is None and _spent(victim.pid) < spent + 0.5:
            time.sleep(0.02)
        os.kill(victim.pid, signal.SIGKILL)

    threading.Thread(target=kill).start()
    _, said = running.communicate(timeout=300)
    assert running.returncode == 0, said.decode()
    assert victim.wait(10) == -signal.SIGKILL
    assert survivor.poll() is None
    assert digests(corpus, [*published(corpus), "datapackage.json"]) == before


def _spent(pid: int) -> float:
    """The processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_what_is_published_opens_elsewhere_with_the_same_types(corpus: Path) -> None:
    path = corpus / "dataset/parquet/sources.parquet"
    kinds = {"String": "VARCHAR", "Int64": "BIGINT", "Boolean": "BOOLEAN", "Date": "DATE", "Float64": "DOUBLE"}
    frame = pl.read_parquet(path)
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    assert {row[0]: row[1] for row in described} == {name: kinds[str(kind)] for name, kind in frame.schema.items()}
    assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall() == [(frame.height,)]
