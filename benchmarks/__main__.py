"""``make bench``: every target of the table, measured in one run and written to ``benchmarks/RESULTS.md``.

The floor is the bare parse of the same bytes by yaml-rs, on one core, whatever reader the project uses; no value is kept, since keeping
them all at once takes twice the time. Every measurement is a ratio to what was measured in the same run, the best of a few, with all files
read once before; the outputs are compared, so that a build that is fast and wrong fails. ``--small`` takes minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = sys.executable
IMPORTS = [PYTHON, "-c", "import pydantic, pandera.polars"]
UNTRACED = "import pipeline.traces as t; t.Traces.outcome = lambda self, what, make, stands: make({})\nimport build; build.command()"
sys.path.insert(0, str(ROOT))


@dataclass
class Row:
    """One line of the table."""

    what: str
    target: str
    ratio: float
    met: bool
    bound: str


@dataclass
class Bench:
    """The folder of the corpora, how large they are, and what was found."""

    folder: Path
    count: int
    large: int
    repeats: int
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    tricks: list[tuple[str, float]] = field(default_factory=list)

    def add(self, what: str, limit: float, ratio: float, bound: str, *, at_least: bool = False) -> None:
        met = ratio >= limit if at_least else ratio <= limit
        self.rows.append(Row(what, f"{'≥' if at_least else '≤'} {limit:g} ×", ratio, met, bound))
        print(f"{'ok  ' if met else 'MISS'} {what}: {ratio:.2f} (target {self.rows[-1].target})", flush=True)


def timed(command: list[str], *, cache: Path | None = None, status: int = 0) -> tuple[float, str]:
    """Wall time of a command, and what it printed."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache or "/nonexistent")}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - start
    assert done.returncode == status, (command, done.returncode, done.stderr[-2000:], done.stdout[-2000:])
    return spent, done.stdout + done.stderr


def best(measure: Callable[[], float], repeats: int) -> float:
    """The shortest of several: what else ran on the machine can only have made the others longer."""
    return min(measure() for _ in range(repeats))


def files(root: Path) -> list[Path]:
    return sorted((root / "raw").rglob("*.yaml"))


def warm(root: Path) -> None:
    """Read every file once, so that it is the work that is measured and not the disk."""
    from pipeline.cache import Cache
    from pipeline.known import look

    look(root, Cache(Path("/nonexistent"), ""), jobs=1)


def chill(root: Path) -> None:
    """Have the system forget what is in every file, so that the disk has to be asked."""
    for path in files(root):
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def floor(root: Path, repeats: int) -> float:
    """Seconds of the bare parse on one core; in a process of its own, which holds nothing else."""
    code = (
        "import sys,time,glob,yaml_rs\n"
        "texts=[open(p,encoding='utf-8').read() for p in sorted(glob.glob(sys.argv[1]+'/raw/**/*.yaml',recursive=True))]\n"
        "start=time.perf_counter()\n"
        "for text in texts: yaml_rs.loads(text,parse_datetime=False)\n"
        "print(time.perf_counter()-start)"
    )
    return best(lambda: float(timed([PYTHON, "-c", code, str(root)])[1].split()[0]), repeats)


def build(root: Path, *options: str, cache: Path | None = None, status: int = 0) -> float:
    """One build, in a process of its own; nothing is there from before."""
    return timed([PYTHON, "build.py", "build", "--root", str(root), *options], cache=cache, status=status)[0]


def digest_of(root: Path) -> dict[str, str]:
    from pipeline.places import digests, published

    return digests(root, [*published(root), "datapackage.json"])


def corpus(bench: Bench, name: str, count: int, *, trees: bool = False, bad: float = 0.0) -> Path:
    """A corpus, made once a folder; the same for the same arguments."""
    from benchmarks.corpus import make
    from schemas.package import PACKAGE

    root = bench.folder / f"{name}-{count}"
    if not (root / "made").exists():
        shutil.rmtree(root, ignore_errors=True)
        made = make(PACKAGE, root, count, trees=trees, bad=bad)
        (root / "made").write_text(f"{made.files} {made.records} {made.bytes}\n" + "".join(f"{f}:{n}\n" for f, n in made.bad), "utf-8")
    return root


def made(root: Path) -> tuple[int, int, int, list[str]]:
    first, *bad = (root / "made").read_text(encoding="utf-8").splitlines()
    counts = [int(number) for number in first.split()]
    return counts[0], counts[1], counts[2], bad


# ---------------------------------------------------------------------------------------------------------- the lines


def full_build(bench: Bench) -> None:
    """The full build against the floor, one record a file and hundreds a file; and with other numbers of processes."""
    for name, trees in (("single", False), ("trees", True)):
        root = corpus(bench, name, bench.count, trees=trees)
        base = floor(root, bench.repeats)

        def once(root: Path = root) -> float:
            shutil.rmtree(root / "dataset", ignore_errors=True)
            warm(root)
            return build(root, "--no-cache")

        spent = best(once, bench.repeats)
        whole = digest_of(root)
        build(root, "--no-cache", "--jobs", "1")
        assert digest_of(root) == whole, "other bytes with one process"
        bound = "two cores: parse, pydantic and rows of every record, then tables" if not trees else "the same, fewer files to open"
        bench.add(f"full build, {made(root)[1]:,} records, {'hundreds' if trees else 'one'} a file", 1.25, spent / base, bound)
        bench.stages[f"floor ({name})"] = base
        bench.stages[f"full build ({name})"] = spent


def stages(bench: Bench) -> None:
    """Seconds of each stage of one build, and microseconds of each step for a record."""
    from benchmarks.steps import of_a_build, of_a_record

    root = corpus(bench, "single", bench.count)
    warm(root)
    bench.stages |= of_a_build(root)
    bench.steps = of_a_record(root, bench.repeats)


def limit(bench: Bench) -> None:
    """What cannot be gone below with these libraries: read, parse and pydantic alone on two cores, then the files of the tables alone."""
    records = (
        "import sys,glob,gc,time,yaml_rs;from multiprocessing import get_context;"
        "from schemas.package import PACKAGE\n"
        "models={m.table.name:m for m in PACKAGE.records}\n"
        "def part(paths):\n"
        "    gc.disable()\n"
        "    for p in paths: models[p.split('/')[-2]].model_validate(yaml_rs.loads(open(p,encoding='utf-8').read(),parse_datetime=False))\n"
        "if __name__=='__main__':\n"
        "    paths=sorted(glob.glob(sys.argv[1]+'/raw/*/*.yaml'))\n"
        "    start=time.perf_counter()\n"
        "    with get_context('fork').Pool(2) as pool: pool.map(part,[paths[n:n+500] for n in range(0,len(paths),500)],1)\n"
        "    print(time.perf_counter()-start)\n"
    )
    files = (
        "import sys,glob,time,tempfile,polars as pl,pyarrow.parquet as pq;from pathlib import Path\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "tables=[(p,pl.read_parquet(p)) for p in sorted(glob.glob(sys.argv[1]+'/dataset/parquet/*.parquet'))]\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    def write(each):\n"
        "        target=Path(folder,Path(each[0]).stem)\n"
        "        each[1].write_csv(target.with_suffix('.csv'))\n"
        "        pq.write_table(each[1].to_arrow(),target.with_suffix('.parquet'),compression='zstd',compression_level=3)\n"
        "    start=time.perf_counter()\n"
        "    with ThreadPoolExecutor(2) as pool: list(pool.map(write,tables))\n"
        "    print(time.perf_counter()-start)\n"
    )
    root = corpus(bench, "single", bench.count)
    base = bench.stages["floor (single)"]
    warm(root)

    def alone(code: str) -> float:
        return best(lambda: float(timed([PYTHON, "-c", code, str(root)])[1].split()[0]), bench.repeats) / base

    judged, written = alone(records), alone(files)
    imports = best(lambda: timed([PYTHON, "-c", "import pydantic, pandera.polars, schemas.package"])[0], bench.repeats) / base
    arrow = bench.steps["Arrow"] / 1e6 * made(root)[1] / 2 / base
    bench.notes.append(
        f"- **Full build.** With these libraries, each doing its work and nothing else on two cores: opening, yaml-rs and pydantic\n"
        f"  {judged:.2f} × the floor, Arrow of the cells {arrow:.2f} ×, the tables as CSV and Parquet {written:.2f} ×, importing\n"
        f"  {imports:.2f} ×; together {judged + arrow + written + imports:.2f} ×. By then nobody has looked for what yaml-rs lets\n"
        "  through, made a row, judged a table or hashed a file."
    )


def peers(bench: Bench) -> None:
    """PyYAML safe_load and pydantic, record by record, on a sample; per record."""
    root = corpus(bench, "single", bench.count)
    code = (
        "import sys,glob,time,yaml;from schemas.package import PACKAGE\n"
        "models={m.table.name:m for m in PACKAGE.records}\n"
        "def text(v):\n"
        "    if isinstance(v,dict): return {k:text(w) for k,w in v.items()}\n"
        "    if isinstance(v,list): return [text(w) for w in v]\n"
        "    return v.isoformat() if hasattr(v,'isoformat') else v\n"
        "paths=sorted(glob.glob(sys.argv[1]+'/raw/*/*.yaml'))[::int(sys.argv[2])]\n"
        "start=time.perf_counter()\n"
        "for p in paths: models[p.split('/')[-2]].model_validate(text(yaml.safe_load(open(p,encoding='utf-8'))))\n"
        "print((time.perf_counter()-start)/len(paths))\n"
    )
    each = best(lambda: float(timed([PYTHON, "-c", code, str(root), str(max(1, bench.count // 500))])[1].split()[0]), bench.repeats)
    spent = bench.stages["full build (single)"] / made(root)[1]
    bench.add("full build against PyYAML safe_load + pydantic, per record", 75, each / spent, "PyYAML's pure Python", at_least=True)
    bare = bench.stages["floor (single)"] / made(root)[1]
    bench.notes.append(
        f"- **PyYAML and pydantic.** The floor itself, which judges nothing, is {each / bare:.0f} × as fast for a record:\n"
        f"  whoever is 75 × as fast builds in {each / bare / 75:.2f} × the floor."
    )


def unchanged(bench: Bench) -> None:
    """A second build with nothing changed, and one with one file changed."""
    root = corpus(bench, "single", bench.count)
    base = bench.stages["floor (single)"]
    cache = bench.folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    build(root, cache=cache)
    whole = digest_of(root)
    again = best(lambda: build(root, cache=cache), bench.repeats + 2)
    assert digest_of(root) == whole
    git = ["git", "-C", str(root)]
    if not (root / ".git/bench").exists():  # where it was stopped midway it is made again
        shutil.rmtree(root / ".git", ignore_errors=True)
        timed([*git, "init", "-q"])
    timed([*git, "add", "raw"])  # it may have been another corpus: files that differ would be read every time
    timed([*git, "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-q", "--allow-empty", "-m", "the corpus"])
    (root / ".git/bench").touch()
    assert timed([*git, "status", "--short", "raw"])[1] == ""
    status = best(lambda: timed([*git, "status", "--short", "raw"])[0], bench.repeats + 2)
    bound = "opening, reading and hashing every file"
    bench.add("second build, nothing changed, against git status", 2, again / status, bound)
    bench.add("second build, nothing changed, against the floor", 0.1, again / base, bound)
    hashing = _hashing(root, bench)
    imports = best(lambda: timed(IMPORTS)[0], bench.repeats + 2)
    bench.notes.append(
        f"- **Nothing changed.** Opening, reading and hashing every file on two processes, and nothing else, takes {hashing / base:.2f} ×\n"
        f"  the floor and {hashing / status:.1f} × git status, which opens none: it believes the times."
    )
    bench.notes.append(
        f"- **One file changed.** Importing pydantic and pandera.polars takes {imports / base:.2f} × the floor, and finding the file\n"
        f"  {hashing / base:.2f} ×: who has pandera judge a table in a new process needs {(imports + hashing) / base:.2f} ×."
    )
    path = next(path for path in files(root) if path.parent.name == "claims")
    before, times = path.read_bytes(), []
    for number in range(bench.repeats + 2):
        change(path, number)
        times.append(build(root, cache=cache))
    changed = digest_of(root)
    build(root, "--no-cache")
    assert digest_of(root) == changed, "the incremental build is not the full one"
    assert changed != whole
    without = []
    for number in range(bench.repeats):
        path.write_bytes(before)
        change(path, -number)
        without.append(timed([PYTHON, "-c", UNTRACED, "--root", str(root)], cache=cache)[0])
    path.write_bytes(before)
    bench.add("one file changed", 0.3, min(times) / base, "imports; hashing every file; the index and what looks at it are made again")
    bench.tricks.append(("traces of what was judged and written (one file changed)", min(without) / min(times)))


def change(path: Path, number: int) -> None:
    """Another label for a record."""
    path.write_bytes(path.read_bytes().replace(b"label: ", f"label: Changed {number} ".encode(), 1))


def _hashing(root: Path, bench: Bench) -> float:
    code = (
        "import sys,glob,hashlib,os,time;from multiprocessing import get_context\n"
        "def part(paths):\n"
        "    for p in paths:\n"
        "        d=os.open(p,0); hashlib.sha256(os.read(d,65536)).digest(); os.close(d)\n"
        "if __name__=='__main__':\n"
        "    paths=sorted(glob.glob(sys.argv[1]+'/raw/*/*.yaml'))\n"
        "    start=time.perf_counter()\n"
        "    with get_context('fork').Pool(2) as pool: pool.map(part,[paths[::2],paths[1::2]],1)\n"
        "    print(time.perf_counter()-start)\n"
    )
    return best(lambda: float(timed([PYTHON, "-c", code, str(root)])[1].split()[0]), bench.repeats)


def cold(bench: Bench) -> None:
    """The real dataset, and what users import."""
    imports = best(lambda: timed(IMPORTS)[0], bench.repeats + 2)
    fresh = best(lambda: timed([PYTHON, "build.py", "check", "--no-cache"])[0], bench.repeats + 2)
    cache = bench.folder / "cache-real"
    timed([PYTHON, "build.py", "check"], cache=cache)
    kept = best(lambda: timed([PYTHON, "build.py", "check"], cache=cache)[0], bench.repeats + 2)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(ROOT / "raw", Path(folder) / "raw")).parent
        (root / "dataset").mkdir()
        shutil.copytree(ROOT / "dataset/releases", root / "dataset/releases")
        shutil.copyfile(ROOT / "dataset/releases.json", root / "dataset/releases.json")
        path, times = next(path for path in files(root) if path.parent.name == "proposals"), []
        for number in range(bench.repeats + 3):
            times.append(timed([PYTHON, "build.py", "check", "--root", str(root)], cache=cache)[0])
            change(path, number)
    bench.add("check of the real dataset, cold process", 1.5, kept / imports, "starting Python; reading and hashing the records")
    bench.add("the same after one record was edited", 1.5, min(times[1:]) / imports, "importing pandera and the schemas")
    bench.add("the same with --no-cache", 1.5, fresh / imports, "importing pandera, typer and the schemas; then 0.6 s of work")
    pandas = best(lambda: timed([PYTHON, "-c", "import pandas"])[0], bench.repeats + 2)
    own = best(lambda: timed([PYTHON, "-c", "import secgov"])[0], bench.repeats + 2)
    bench.add("import secgov against import pandas", 1.05, own / pandas, "tables and pandas are loaded when asked for")


def load(bench: Bench) -> None:
    """secgov.load of a table of a million rows."""
    from benchmarks.loading import ratio

    spent = ratio(corpus(bench, "single", bench.count), bench.folder / "million", bench.repeats)
    bench.add(
        "secgov.load of 1,000,000 rows against pandas.read_parquet, same types", 1.2, spent, "reading the Parquet; secgov hashes it too"
    )


def bad(bench: Bench) -> None:
    """One and ten in a hundred records bad: every problem with file, line and column."""

    clean = corpus(bench, "single", bench.count)
    for share, target, times in ((0.01, 1.05, 5), (0.1, 1.5, 2)):
        root = corpus(bench, f"bad{share:g}", bench.count, bad=share)
        command = [PYTHON, "build.py", "check", "--no-cache", "--root", str(root)]
        said = timed(command, status=1)[1]
        found = sorted(":".join(line.split("  ")[0].split(":")[:2]) for line in said.splitlines() if line.startswith("raw/"))
        assert found == sorted(made(root)[3]), set(found) ^ set(made(root)[3])
        warm(clean)
        ratios = [side_by_side(clean, root) for _ in range(times * bench.repeats)]
        bench.add(f"{share:.0%} of the records bad, against none", target, mean(ratios), "reading the bad files again with positions")
        error = stdev(ratios) / sqrt(len(ratios))
        bench.notes.append(
            f"- **{share:.0%} of the records bad.** The mean of {len(ratios)} comparisons, standard error {error:.3f}: both checks "
            "at once, each in one process on a core of its own, then with the cores exchanged, so that both have the same weather."
        )


def side_by_side(clean: Path, bad: Path) -> float:
    """How much longer a check of bad records takes than one of right ones at the same time; of each core, since they may differ.

    One after the other the same check takes a fifth longer or shorter here, which hides a difference of a twentieth.
    """
    ratio = 1.0
    for cores in ((0, 1), (1, 0)):
        spent = {}
        with ThreadPoolExecutor(2) as both:
            for root, core in zip((clean, bad), cores, strict=True):
                command = ["taskset", "-c", str(core), PYTHON, "build.py", "check", "--no-cache", "--jobs", "1", "--root", str(root)]
                spent[root] = both.submit(timed, command, status=int(root == bad))
        ratio *= spent[bad].result()[0] / spent[clean].result()[0]
    return sqrt(ratio)


def tables(bench: Bench) -> None:
    """The checks of the tables against frictionless on the same CSVs, per row."""
    from benchmarks.tables import ratio

    root = corpus(bench, "single", bench.count)
    spent, rows = ratio(root, bench.repeats)
    bench.add(f"table checks against frictionless validate, {rows:,} rows of CSV", 40, spent, "polars", at_least=True)


def tricks(bench: Bench) -> None:
    """What each trick brings that only the large corpora need, by leaving it out."""
    from benchmarks.steps import FROM_DISK, SPAWNED, TRICKS, look, without

    root = corpus(bench, "single", bench.count)
    programs = {what: (warm, without(""), without(code)) for what, code in TRICKS.items()}
    programs |= {what: (warm, look(""), look(code)) for what, code in SPAWNED.items()}
    programs |= {what: (chill, look(""), look(code)) for what, code in FROM_DISK.items()}
    for what, (ready, full, less) in programs.items():
        with_it, without_it = [], []
        for _ in range(bench.repeats):  # one after the other, so that both have the same weather
            ready(root)
            with_it.append(timed([PYTHON, "-c", full, str(root)])[0])
            ready(root)
            without_it.append(timed([PYTHON, "-c", less, str(root)])[0])
        bench.tricks.append((what, min(without_it) / min(with_it)))
        print(f"     without {what}: {bench.tricks[-1][1]:.2f} ×", flush=True)


LIMIT = 2 * 2**30
"""Bytes of memory that a build of the large corpora may use, all its processes together."""


def large(bench: Bench) -> None:
    """Ten times as many records: time, and peak memory of all processes; what is read alone, and whether a limit of memory is kept."""
    for name, trees in (("trees", True), ("single", False)):
        small, root = corpus(bench, name, bench.count, trees=trees), corpus(bench, name, bench.large, trees=trees)
        # The large one takes long enough for all sorts of weather; the small one has that before it and that after it, and no best.
        tenths = [_watched(small)[2] for _ in range(bench.repeats)]
        own, mapped, spent = _watched(root)
        tenths += [_watched(small)[2] for _ in range(bench.repeats)]
        share = made(root)[1] / made(small)[1]
        ratio = 10 * spent / mean(tenths) / share
        what = f"{made(root)[1]:,} records, {'hundreds' if trees else 'one'} a file"
        reading = _reading(root)
        alone = 10 * reading / _reading(small) / share
        bench.add(f"{what}, against a tenth of them", 10.5, ratio, f"opening and reading the files alone: {alone:.1f} ×, {reading:.0f} s")
        bench.add(f"{what}: memory of all processes, in GiB", 2, own / 2**20, "what is judged and written at a time")
        bench.notes.append(
            f"- **{what}.** With what is mapped from files, of which the system can let go, {mapped / 2**20:.1f} GiB; "
            + ("no limit could be set here." if (limited := _limited(root)) is None else f"held to 2 GiB by the system: {limited}.")
        )


def _watched(root: Path) -> tuple[int, int, float]:
    """KiB of memory of a build, its own and with what it mapped, and its seconds."""
    shutil.rmtree(root / "dataset", ignore_errors=True)
    warm(root)
    start = time.perf_counter()
    process = subprocess.Popen([PYTHON, "build.py", "build", "--no-cache", "--root", str(root)], cwd=ROOT, stderr=subprocess.DEVNULL)
    own = mapped = 0
    while process.poll() is None:
        used = [_memory(pid) for pid in _family(process.pid)]
        own, mapped = max(own, sum(mine for mine, _ in used)), max(mapped, sum(whole for _, whole in used))
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    assert process.returncode == 0
    return own, mapped, time.perf_counter() - start


def _reading(root: Path) -> float:
    """Seconds to open and read every file in two processes, and nothing else."""
    code = (
        "import sys,glob,os,time;from multiprocessing import get_context\n"
        "def part(paths):\n"
        "    for p in paths:\n"
        "        d=os.open(p,0); os.read(d,2**22); os.close(d)\n"
        "if __name__=='__main__':\n"
        "    paths=sorted(glob.glob(sys.argv[1]+'/raw/**/*.yaml',recursive=True))\n"
        "    start=time.perf_counter()\n"
        "    with get_context('fork').Pool(2) as pool: pool.map(part,[paths[n:n+500] for n in range(0,len(paths),500)],1)\n"
        "    print(time.perf_counter()-start)\n"
    )
    return float(timed([PYTHON, "-c", code, str(root)])[1].split()[0])


def _limited(root: Path) -> str | None:
    """How a build ends that may not use more memory than :data:`LIMIT`; None where the system sets no limits for us."""
    group = Path("/sys/fs/cgroup/memory/secgov-bench")
    try:
        group.mkdir(exist_ok=True)
        (group / "memory.limit_in_bytes").write_text(str(LIMIT))
    except OSError:
        return None
    shutil.rmtree(root / "dataset", ignore_errors=True)
    code = "import os,sys,pathlib; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])"
    command = [PYTHON, "-c", code, str(group / "cgroup.procs"), PYTHON, "build.py", "build", "--no-cache", "--root", str(root)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    spent = time.perf_counter() - start
    group.rmdir()
    return f"built in {spent:.0f} s" if done.returncode == 0 else f"ended with {done.returncode}"


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                yield from _family(int(child))
        except OSError:
            continue


def _memory(pid: int) -> tuple[int, int]:
    """KiB of a process that the system cannot let go of, and all that it has mapped; what processes share is counted for each of them."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    found = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if name.startswith(("Rss", "VmRSS"))}
    return found.get("RssAnon", 0) + found.get("RssShmem", 0), found.get("VmRSS", 0)


# ---------------------------------------------------------------------------------------------------------- writing


def report(bench: Bench) -> str:
    import platform

    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    lines = [
        "# How fast",
        "",
        f"Made by `make bench`: {len(os.sched_getaffinity(0))} cores ({model}), Python {platform.python_version()}, corpora of",
        f"{bench.count:,} records{f' and {bench.large:,}' if bench.large else ''}; the best of {bench.repeats}, but for a million,",
        "compared with the mean of what was measured before and after it, and for bad records, of which there are means. Every figure is a",
        "ratio in one run. The floor is the bare parse of the same bytes by yaml-rs on one core, no value kept. The outputs were compared:",
        "any number of processes, with and without the cache, gives the same bytes; every bad record is told at its line.",
        "",
        "| what | target | measured | | what bounds it |",
        "|---|---:|---:|---|---|",
        *(f"| {row.what} | {row.target} | {row.ratio:.2f} | {'met' if row.met else '**missed**'} | {row.bound} |" for row in bench.rows),
        "",
        "## Where a target is missed: what cannot be gone below",
        "",
        *bench.notes,
        "",
        "## Where the time goes",
        "",
        "| stage of a full build | seconds |",
        "|---|---:|",
        *(f"| {name} | {seconds:.2f} |" for name, seconds in bench.stages.items()),
        "",
        "| step for one record, in one process | microseconds |",
        "|---|---:|",
        *(f"| {name} | {micro:.1f} |" for name, micro in bench.steps.items()),
        "",
    ]  # fmt: skip
    if bench.tricks:
        lines += [
            "## What each trick brings",
            "",
            "A full build without it, against one with it; where it says so, what finds out that nothing has changed.",
            "",
            "| without | × |",
            "|---|---:|",
        ]
        lines += [f"| {what} | {share:.2f} |" for what, share in bench.tricks]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="corpora of 10,000 records and no large one")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "secgov-bench", help="where the corpora are kept")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--skip", nargs="*", default=[], help="steps to leave out, such as tricks and large")
    options = parser.parse_args()
    large_too = not options.small and "large" not in options.skip
    bench = Bench(options.folder, 10_000 if options.small else 100_000, 1_000_000 if large_too else 0, options.repeats)
    steps = [full_build, stages, limit, peers, tables, unchanged, bad, cold, load, tricks, *([large] if bench.large else [])]
    for step in steps:
        if step.__name__ in options.skip:
            continue
        print(f"… {step.__name__}", flush=True)
        step(bench)
        (options.folder / "RESULTS.md").write_text(report(bench), encoding="utf-8")  # what there is if a later step fails
    shutil.copyfile(options.folder / "RESULTS.md", HERE / "RESULTS.md")


if __name__ == "__main__":
    main()
