"""Replacing many files as if they were one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import swap as swapping
from pipeline.swap import STAGING, alone, discard, recover, stage, swap, unfinished

OLD = {"a": "old a", "b/c": "old c", "last": "old last", "gone": "old gone"}
NEW = {"a": "new a", "b/c": "new c", "d": "new d", "last": "new last"}


class Killed(BaseException):
    """Stands for a SIGKILL: nothing in the code may catch it and carry on."""


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def content(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file() and STAGING not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


def test_staged_files_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    put(stage(tmp_path), NEW)
    assert content(tmp_path) == OLD
    assert swap(tmp_path, last="last", remove=["gone"]) == ["b/c", "a", "d", "last", "gone"]
    assert content(tmp_path) == NEW
    assert not (tmp_path / STAGING).exists()


def test_a_list_is_never_there_before_what_lies_below_it_and_is_listed(tmp_path: Path) -> None:
    put(stage(tmp_path), {"releases.json": "lists the archive", "releases/one.zip": "the archive", "last": "the descriptor"})
    assert swap(tmp_path, last="last") == ["releases/one.zip", "releases.json", "last"]


def test_a_file_that_did_not_change_is_not_touched(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    before = (tmp_path / "a").stat().st_ino
    put(stage(tmp_path), {**OLD, "last": "new last"})
    assert swap(tmp_path, last="last") == ["last"]
    assert (tmp_path / "a").stat().st_ino == before


@pytest.mark.parametrize("there", [None, {"table": "old"}, {"table": "old", "stale": "old"}])
def test_a_folder_takes_the_place_of_another_or_leaves_it(
    there: dict[str, str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        put(tmp_path / "made", there)
    put(tmp_path / "fresh", {"table": "new"})

    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        swapping.exchange(tmp_path / "fresh", tmp_path / "made")
    assert content(tmp_path / "made") == (there or {})
    monkeypatch.undo()
    swapping.exchange(tmp_path / "fresh", tmp_path / "made")
    assert content(tmp_path) == {"made/table": "new"}


def test_what_was_staged_can_be_thrown_away(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    put(stage(tmp_path), NEW)
    discard(tmp_path)
    assert content(tmp_path) == OLD
    assert not recover(tmp_path)


def steps(run: Callable[[], object], monkeypatch: pytest.MonkeyPatch, kill_at: int | None) -> int:
    """Run with every system call that changes something counted, and killed just before the one that is asked for."""
    count = 0
    for owner, name in (
        (os, "replace"),
        (os, "fsync"),
        (Path, "unlink"),
        (Path, "mkdir"),
        (swapping.shutil, "rmtree"),
        (Path, "write_text"),
    ):
        real = getattr(owner, name)

        def counted(*args: object, real: Callable[..., object] = real, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == kill_at:
                raise Killed
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)
    try:
        run()
    finally:
        monkeypatch.undo()
    return count


def test_a_kill_at_any_step_leaves_the_old_or_lets_the_next_command_finish_the_new(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepared() -> Path:
        root = tmp_path_factory.mktemp("swap")
        put(root, OLD)
        put(stage(root), NEW)
        return root

    root = prepared()
    total = steps(lambda: swap(root, last="last", remove=["gone"]), monkeypatch, None)
    assert total > 15
    outcomes = set()
    for step in range(1, total + 1):
        root = prepared()
        with pytest.raises(Killed):
            steps(lambda root=root: swap(root, last="last", remove=["gone"]), monkeypatch, step)  # type: ignore[misc]
        if not unfinished(root):
            assert content(root) in (OLD, NEW), f"killed at step {step}"
        recover(root)
        assert content(root) in (OLD, NEW), f"recovered from step {step}"
        assert not (root / STAGING).exists()
        outcomes.add(content(root)["last"])
    assert outcomes == {"old last", "new last"}


def test_a_recovery_that_is_killed_itself_is_taken_up_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, OLD)
    put(stage(tmp_path), NEW)
    among_the_renames = 12
    with pytest.raises(Killed):
        steps(lambda: swap(tmp_path, last="last", remove=["gone"]), monkeypatch, among_the_renames)
    assert unfinished(tmp_path)
    with pytest.raises(Killed):
        steps(lambda: recover(tmp_path), monkeypatch, 2)
    assert unfinished(tmp_path)
    assert recover(tmp_path)
    assert content(tmp_path) == NEW


def test_a_second_process_waits_until_the_first_is_done(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from pipeline.swap import alone\n"
        "with alone(Path(sys.argv[1])):\n"
        "    log = Path(sys.argv[1]) / 'log'; log.open('a').write('in '); time.sleep(0.2); log.open('a').write('out ')\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    both = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment) for _ in range(3)]
    assert [process.wait() for process in both] == [0, 0, 0]
    assert (tmp_path / "log").read_text() == "in out in out in out "


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from pipeline.swap import alone\n"
        "with alone(Path(sys.argv[1])):\n"
        "    print(1, flush=True); time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    with alone(tmp_path):
        pass
