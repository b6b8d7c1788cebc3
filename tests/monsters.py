"""Hostile files by name: what they hold or are, and the rule by which each must be refused.

    python -m tests.monsters FOLDER [NAME …]

checks each alone, in a tree laid into the folder, and prints for each the problems, the seconds of processor time and the most memory
in MiB, as one JSON object. tests/test_monsters.py checks the quick ones all at once, tests/slow/test_monsters.py each alone.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline.read import MOST_VALUES

BASE = Path(__file__).parent / "bad/base/raw"
Lay: TypeAlias = "Callable[[Path], object]"


@dataclass(frozen=True)
class Monster:
    """Where it lies below raw/, as the problem must name it; how it gets there; the rule; whether it takes a while."""

    path: str
    lay: Lay
    rule: str
    heavy: bool = False
    shown: str | None = None
    """The path as a problem shows it, if it is not what a terminal can show."""


def _bytes(content: bytes) -> Lay:
    return lambda path: path.write_bytes(content)


def _sparse(size: int) -> Lay:
    def lay(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return lay


def _link(target: str) -> Lay:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    """A socket has to be bound by a short path."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _device(path: Path) -> None:
    """What /dev/zero is."""
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def _record(what: str, content: bytes, rule: str, *, heavy: bool = False) -> tuple[str, Monster]:
    """A record that holds something."""
    return what, Monster(f"topics/{'-'.join(what.split())}.yaml", _bytes(content), rule, heavy)


def _named(what: str, name: bytes, shown: str | None = None) -> tuple[str, Monster]:
    """A harmless record under a name."""
    return what, Monster(f"events/{os.fsdecode(name)}", _bytes(b"label: A\n"), "misplaced-file", shown=shown and f"events/{shown}")


def _topics(number: int, broader: Callable[[int], str]) -> bytes:
    """So many topics in one file, as good as topics can be but for what is above them."""
    line = "t{0}: {{label: l{0}, definition: d., confidence: low, kept: true{1}}}\n"
    return "".join(line.format(i, broader(i)) for i in range(number)).encode()


MANY = MOST_VALUES // 7
"""So many records of six values fit into one file."""

BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter + 1, letter + 1, b", ".join([b"*%c" % letter] * 9)) for letter in range(ord("a"), ord("z"))
)

MONSTERS: Mapping[str, Monster] = dict(
    [
        _record("bomb of aliases", BOMB, "alias"),
        _record("fifty thousand brackets", b"a: " + b"[" * 50_000 + b"\n", "too-deep"),
        _record("fifty thousand braces", b"{a: " * 50_000, "too-deep"),
        _record("self reference", b"label: &a [*a]\n", "alias"),
        _record("itself merged", b"&a a: {<<: *a}\n", "anchor"),
        _record("object of python", b"label: !!python/object/apply:os.system ['touch made-by-a-tag']\n", "tag"),
        _record("object by its long name", b"label: !<tag:yaml.org,2002:python/name:os.system> x\n", "tag"),
        _record("binary", b"label: !!binary R0lGODlh\n", "tag"),
        _record("null byte", b"label: a\x00b\n", "forbidden-character"),
        _record("null byte by an escape", b'label: "a\\0b"\n', "forbidden-character"),
        _record("latin", "label: Café\n".encode("latin-1"), "not-utf8"),
        _record("utf sixteen", "label: a\n".encode("utf-16"), "not-utf8"),
        _record("half of a pair", b"label: \xed\xa0\x80\n", "not-utf8"),
        _record("overlong slash", b"label: ..\xc0\xaf\n", "not-utf8"),
        _record("byte order mark", b"\xef\xbb\xbflabel: a\n", "forbidden-character"),
        _record("byte order mark within", "label: a\ufeffb\n".encode(), "forbidden-character"),
        _record("direction override", "label: a\u202egpj.exe\n".encode(), "forbidden-character"),
        _record("isolate", "label: a\u2067b\u2069\n".encode(), "forbidden-character"),
        _record("escape of a terminal", b"label: \x1b]0;title\x07\n", "forbidden-character"),
        _record("formula", b"label: =cmd|' /C calc'!A0\n", "formula"),
        _record("line of a megabyte", b"label: " + b"x" * 2**20 + b"\n", "missing-field"),
        ("line of a gigabyte", Monster("topics/gigabyte.yaml", _sparse(2**30), "too-large")),
        ("file of a gigabyte for a table", Monster("places.yaml", _sparse(2**30), "too-large")),
        _record("million keys", b"".join(b"k%x: 1\n" % key for key in range(300_000)), "too-many-values"),
        _record("as many keys as fit", b"".join(b"k%x: 1\n" % key for key in range(MOST_VALUES - 1)), "unknown-field", heavy=True),
        _record(
            "as many wrong entries", b"evidence:\n" + b"".join(b"- e%x\n" % key for key in range(MOST_VALUES - 2)), "wrong-type", heavy=True
        ),
        _record("key of a megabyte", b'{"' + b"k" * 900 + b'": 1, ' + b'"a": ' + b"x" * 2**20 + b"}\n", "unknown-field"),
        _record("date of a megabyte", b"label: a\nconfidence: low\ndefinition: d\nbroader: " + b"2024-" * 200_000 + b"\n", "bad-reference"),
        (
            "records of a wrong id",
            Monster("topics.yaml", _bytes(b"".join(b"T%x: {a: b}\n" % i for i in range(16_000))), "bad-id", heavy=True),
        ),
        ("broken references", Monster("topics.yaml", _bytes(_topics(MANY, lambda i: f", broader: t{i}x")), "broken-reference", heavy=True)),
        (
            "chain without end",
            Monster("topics.yaml", _bytes(_topics(MANY, lambda i: f", broader: t{(i + 1) % MANY}")), "circular", heavy=True),
        ),
        (
            "retired by the thousand",
            Monster("retired.yaml", _bytes(b"".join(b"a b%x: {why: w}\n" % i for i in range(16_000))), "bad-reference", heavy=True),
        ),
        ("link out", Monster("topics/link-out.yaml", _link("/etc/passwd"), "misplaced-file")),
        ("link up", Monster("topics/link-up.yaml", _link("../events.yaml"), "misplaced-file")),
        ("link to nowhere", Monster("topics/link-to-nowhere.yaml", _link("nowhere"), "misplaced-file")),
        ("link to itself", Monster("topics/link-to-itself.yaml", _link("link-to-itself.yaml"), "misplaced-file")),
        ("link to zeros", Monster("topics/zeros.yaml", _link("/dev/zero"), "misplaced-file")),
        ("table that is a link", Monster("claims", _link("/"), "misplaced-file")),
        ("file of a table that is a link", Monster("people.yaml", _link("/dev/zero"), "misplaced-file")),
        ("folder that is a link to itself", Monster("roundabout", _link("."), "misplaced-file")),
        ("pipe", Monster("topics/pipe.yaml", os.mkfifo, "misplaced-file")),
        ("pipe for a table", Monster("instruments.yaml", os.mkfifo, "misplaced-file")),
        ("socket", Monster("topics/socket.yaml", _socket, "misplaced-file")),
        ("folder called as a record", Monster("topics/folder.yaml", Path.mkdir, "misplaced-file")),
        ("folder called as a table", Monster("proposals.yaml", Path.mkdir, "misplaced-file")),
        _named("name with a line end", b"a\nb.yaml", r"a\u000ab.yaml"),
        _named("name that is no text", b"a\xff.yaml", r"a\udcff.yaml"),
        _named("name with an escape", b"a\x1b[2J.yaml", r"a\u001b[2J.yaml"),
        _named("name that runs backwards", "a\u202elmay.yaml".encode(), r"a\u202elmay.yaml"),
        _named("name like an option", b"-rf.yaml"),
        _named("name with blanks", b" a b .yaml"),
        _named("name in capitals", b"MOSCOW.yaml"),
        _named("name in capitals of a suffix", b"moscow.YAML"),
        _named("name with an accent", "caf\u00e9.yaml".encode()),
        _named("name with an accent by itself", "cafe\u0301.yaml".encode()),
        _named("name of dots", b"a..yaml"),
        _named("name of formula", b"=1+1.yaml"),
        _named("name with a colon", b"a:b.yaml"),
        _named("name with a backslash", b"a\\..\\b.yaml"),
        _named("name as long as may be", b"a" * 249 + b"_.yaml"),
    ]
)
if os.geteuid() == 0:  # nobody else can make one
    MONSTERS = {**MONSTERS, "device": Monster("topics/device.yaml", _device, "misplaced-file")}


def lay(monster: Monster, root: Path) -> None:
    """Put it into a tree."""
    path = root / "raw" / monster.path
    path.parent.mkdir(parents=True, exist_ok=True)
    monster.lay(path)


def shown(monster: Monster) -> str:
    """The file that the problem names."""
    return f"raw/{monster.shown or monster.path}"


def _alone(name: str, folder: Path) -> dict[str, object]:
    from pipeline.journey import check
    from schemas.package import PACKAGE

    root = folder / "tree"
    shutil.copytree(BASE, root / "raw")
    (root / "raw/topics.yaml").unlink()
    try:
        lay(MONSTERS[name], root)
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted anew
        start = time.process_time()
        problems = check(PACKAGE, root).problems
        seconds = time.process_time() - start
    finally:
        shutil.rmtree(root)
    (most,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return {"problems": [str(problem) for problem in problems], "seconds": seconds, "mebibytes": int(most) / 1024}


if __name__ == "__main__":
    from pipeline.journey import check
    from schemas.package import PACKAGE

    check(PACKAGE, BASE.parent)  # everything is imported, and not counted
    json.dump({name: _alone(name, Path(sys.argv[1])) for name in sys.argv[2:] or MONSTERS}, sys.stdout)
