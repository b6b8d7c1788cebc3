"""Where the time goes: the stages of a build, the steps for one record, and what a build takes without this or that trick."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def of_a_build(root: Path) -> dict[str, float]:
    """Seconds of each stage of one build of a corpus, in a process of its own."""
    code = (
        "import sys,time;start=time.perf_counter()\n"
        "from pathlib import Path;from pipeline import journey;from schemas.package import PACKAGE\n"
        "journey.build(PACKAGE,Path(sys.argv[1]),lambda stage: print(time.perf_counter()-start,stage,flush=True))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], cwd=ROOT, capture_output=True, text=True, check=True)
    marks = [float(line.split(" ")[0]) for line in done.stdout.splitlines()]
    names = ("import pydantic and the schemas", "find, read, judge, rows (two processes)", "make and judge the tables", "")
    spent = {name: later - before for name, before, later in zip(names, [0.0, *marks], marks, strict=False) if name}
    return spent | {"write, describe, checksums, put in place": marks[-1] - marks[-2]}


def of_a_record(root: Path, repeats: int, share: int = 8) -> dict[str, float]:
    """Microseconds of each step for a record, over every eighth batch, in this process and without the cyclic garbage collector."""
    import gc

    import pyarrow as pa
    import yaml_rs

    from pipeline.faces.arrow import plain_schema
    from pipeline.fast import read_values
    from pipeline.files import contents, cut
    from pipeline.records import Entry, Records, _accept, find
    from pipeline.rows import _Sheet, pack
    from pipeline.tables import tables_of_rows
    from schemas.package import PACKAGE

    batches = [batch for batch in cut(find(PACKAGE, root)[0], root) if batch.ids][::share]
    specs = tables_of_rows(PACKAGE.records)
    best: dict[str, float] = {}

    def step(name: str, do: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = do()
        spent[name] = spent.get(name, 0.0) + time.perf_counter() - start
        return made

    gc.disable()
    for _ in range(repeats):
        spent: dict[str, float] = {}
        for batch in batches:
            model = PACKAGE.record(batch.table)
            content = step("open and read", lambda batch=batch: contents(root, batch))
            texts = [whole.decode() for whole in content]
            step("yaml-rs", lambda texts=texts: [None for text in texts if yaml_rs.loads(text, parse_datetime=False) is None])
            step("yaml-rs behind the pattern", lambda content=content: [None for value in read_values(content) if value is None])
            taken = [value for value in read_values(content) if value is not None]
            models = step("pydantic", lambda taken=taken, model=model: [model.model_validate(value) for value in taken])
            found, sheet = Records(), _Sheet()
            entries = [Entry(file, (), batch.table, name) for file, name in zip(batch.files(), batch.ids, strict=True)]
            step(
                "keys, what a root must state",
                lambda m=model, e=entries, r=models, f=found: [_accept(m, *pair, f) for pair in zip(e, r, strict=False)],
            )
            step("cells of each row", lambda sheet=sheet, found=found: [sheet.add_root(checked) for checked in found.accepted])
            columns = step("columns", lambda sheet=sheet: list(sheet.columns()))

            def arrow(columns: Any = columns) -> bytes:
                tables = {}
                for table, cells in columns:
                    schema = plain_schema(specs[table])
                    arrays = [pa.array(column, kind) for column, kind in zip(cells, schema.types, strict=True)]
                    tables[table] = pa.Table.from_arrays(arrays, schema=schema)
                return pack(tables).content

            step("Arrow", arrow)
        count = sum(len(batch.ids) for batch in batches)
        best = {name: min(best.get(name, 1e9), seconds / count * 1e6) for name, seconds in spent.items()}
    gc.enable()
    best["yaml-rs behind the pattern"] -= best["yaml-rs"]
    return {("the pattern before it" if name == "yaml-rs behind the pattern" else name): micro for name, micro in best.items()}


_LATE = "o = journey._import_while_they_read\ndef hook():\n    o()\n{}\njourney._import_while_they_read = hook"
"""What needs polars is changed when it is imported anyway: before that it would keep processes from being forked."""

TRICKS = {
    "yaml-rs (the strict reader reads all)": "import pipeline.records as r; r.read_values = lambda c: iter([None] * len(c))",
    "a second process": "options['jobs'] = 1",
    "switching off the cyclic garbage collector": "import gc; gc.disable = gc.freeze = lambda: None",
    "one check for all that is asked of a table": _LATE.format(
        "    import pipeline.check as c; from dataclasses import replace; from pipeline.faces.pandera import pandera_schema\n"
        "    def each(spec, frames, rules, excused=()):\n"
        "        named = [replace(rule, name=key) for key, rule in rules.items()]\n"
        "        return [] if pandera_schema(spec, frames, named).validate(frames[spec.name], lazy=True) is not None else 1\n"
        "    c.failures = each\n"
    ),
}
"""What is left out, and the code that leaves it out."""


SPAWNED = {
    "forking, to find that nothing has changed (processes are spawned)": "import pipeline.workers as w; w._start = lambda: 'spawn'",
}
"""Processes that import everything for themselves."""

FROM_DISK = {
    "asking for files before they are read, to find that nothing has changed (from disk)": "import pipeline.files as f; f._ASK_AHEAD = 0",
}
"""The disk hears of each file when that is read."""


def look(code: str) -> str:
    """A program that finds out whether anything has changed, without a trick."""
    return (
        "import sys, build\n"
        "from pathlib import Path; from pipeline.known import look; from pipeline.cache import Cache\n"
        f"{code}\n"
        "if __name__ == '__main__':\n"
        "    assert look(Path(sys.argv[1]), Cache(Path('/nonexistent'), '')).key\n"
    )


def without(code: str) -> str:
    """A program that builds a corpus without a trick."""
    return (
        "import sys; options = {}\n"
        "from pathlib import Path; from pipeline import journey; from schemas.package import PACKAGE\n"
        f"{code}\n"
        "if __name__ == '__main__':\n"
        "    outcome, _ = journey.build(PACKAGE, Path(sys.argv[1]), **options); assert not outcome.problems\n"
    )
