"""Faults in the system itself: a build and a release are disturbed at every single step that changes something on disk.

    python -m tests.campaigns.faults [build|release …]

The work is done in a process of its own under strace, which makes the n-th call of a kind fail (the disk is full, permission is
refused, the device has an error) or kills the process just before it, for every n, in what compiled libraries write too. After each
run: what is published is the old dataset, the new one, or something that ``verify`` refuses; nothing but an OSError came out; and the
next command leaves the new dataset and nothing else. What was measured stands in docs/robustness.md.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from pipeline import journey
from pipeline.release import Refused, plan
from pipeline.release import release as freeze
from pipeline.verify import verify
from tests.conftest import CRUSOE, DEFOE
from tests.library import LIBRARY

CREATES = "O_CREAT"
CALLS = ("write", "pwrite64", "ftruncate", "fsync", "rename", "renameat", "unlink", "unlinkat", "rmdir", "mkdir", "flock", "openat")
ERRORS = {"write": "ENOSPC", "pwrite64": "ENOSPC", "ftruncate": "ENOSPC", "fsync": "EIO", "mkdir": "ENOSPC", "flock": "ENOLCK"}
"""What each call fails with; the others with EACCES."""
FOUL = 3
"""The exit code of a worker out of which something else than an OSError came."""

RAW = {"raw/books/crusoe.yaml": CRUSOE, "raw/authors.yaml": DEFOE, "LICENSE": "None.\n"}
CHANGED = {"raw/books/crusoe.yaml": CRUSOE.replace("pages: 300", "pages: 301")}


@dataclass(frozen=True)
class Step:
    """The ``number``-th call of a kind, and the fault that is put there."""

    call: str
    number: int
    fault: str

    def __str__(self) -> str:
        return f"{self.call} {self.number}: {self.fault}"


def build(root: Path) -> None:
    outcome, _ = journey.build(LIBRARY, root)
    assert outcome.problems == []


def release(root: Path) -> None:
    tabulated = journey.check(LIBRARY, root).tabulated
    with suppress(Refused):  # nothing differs any more: it was made
        freeze(LIBRARY, tabulated, root, plan(LIBRARY, tabulated, root, date(2026, 11, 22)), ("LICENSE",))


def whole(root: Path) -> None:
    if verify(LIBRARY, root):
        raise OSError("it is not whole")


WORK: dict[str, Callable[[Path], None]] = {"build": build, "release": release, "whole": whole}


def apart(what: str, root: Path, *strace: str) -> int:
    """Do the work in a process of its own, under strace if options are given; its exit code, negative for a signal.

    The process is forked, so that nothing has to be imported again, and waits until strace is there. Whatever uses polars is done apart,
    since a fork does not take its threads along.
    """
    waits, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go)
        os.read(waits, 1)
        code = FOUL
        try:
            WORK[what](root)
            code = 0
        except OSError:
            code = 1
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(waits)
    tracer = None
    if strace:
        line = ["strace", "-f", "-o", str(root.parent / "trace"), *strace, "-p", str(pid)]
        tracer = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
    os.write(go, b".")
    os.close(go)
    _, status = os.waitpid(pid, 0)
    if tracer is not None:
        tracer.communicate()
    return os.waitstatus_to_exitcode(status)


def steps(what: str, root: Path) -> list[Step]:
    """Every call that changes something below ``root``, found by doing the work once."""
    assert apart(what, root, "-y", "-e", "trace=" + ",".join(CALLS)) == 0
    counts: Counter[tuple[str, str]] = Counter()
    aimed: dict[tuple[str, int], list[bool]] = {}  # strace counts by thread, and the n-th call of another may go elsewhere
    for line in (root.parent / "trace").read_text(encoding="utf-8", errors="replace").splitlines():
        if match := re.match(r"(\d+) +(\w+)\(", line):
            thread, call = match.groups()
            counts[thread, call] += 1
            on_disk = str(root) in line and (call != "openat" or CREATES in line)
            aimed.setdefault((call, counts[thread, call]), []).append(on_disk)
    kills = [Step(call, number, "KILL") for (call, number), there in aimed.items() if any(there)]
    return kills + [Step(call, number, ERRORS.get(call, "EACCES")) for (call, number), there in aimed.items() if all(there)]


def content(root: Path) -> dict[str, bytes]:
    """Everything but the records and the lock, by path."""
    files = (path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] not in ("raw", ".staging.lock"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def lay(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def campaign(what: str, most: int | None = None) -> Counter[str]:
    """Disturb a build or release at every step (or at ``most``, by a seeded draw) and count what came of it.

    AssertionError at the first step after which anything is wrong.
    """
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        base, root = Path(folder) / "base", Path(folder) / "root"
        lay(base, RAW)
        assert apart("build", base) == 0
        lay(base, CHANGED if what == "build" else {})
        old = content(base)
        shutil.copytree(base, root)
        every = steps(what, root)
        new = content(root)
        assert new != old
        for step in every if most is None else random.Random(most).sample(every, most):
            shutil.rmtree(root)
            shutil.copytree(base, root)
            outcomes[_disturb(what, root, step, old, new)] += 1
    return outcomes


def _disturb(what: str, root: Path, step: Step, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    effect = "signal=KILL" if step.fault == "KILL" else f"error={step.fault}"
    code = apart(what, root, "-e", f"trace={step.call}", "-e", f"inject={step.call}:{effect}:when={step.number}")
    assert code != FOUL, f"{step}: something else than an OSError came out"
    now = {path: content for path, content in content(root).items() if not path.startswith(".staging/")}
    taken = apart("whole", root) == 0
    begun = (root / ".staging/journal.json").exists()  # then nothing is taken for whole, were it so
    state = "refused" if begun or now not in (old, new) else "the old" if now == old else "the new"
    assert taken == (state != "refused"), f"{step}: verify takes {state} for {'whole' if taken else 'broken'}"
    assert apart(what, root) == 0, f"{step}: the next {what} fails"
    assert content(root) == new, f"{step}: the next {what} does not leave the new dataset and nothing else"
    return f"{'killed' if code < 0 else 'error told' if code else 'error survived'}, {state}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("what", nargs="*", help="build, release, or both")
    parser.add_argument("--most", type=int)
    arguments = parser.parse_args()
    for each in arguments.what or ["build", "release"]:
        print(each, dict(sorted(campaign(each, arguments.most).items())), flush=True)
    sys.exit(0)
