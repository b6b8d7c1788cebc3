"""``secgov.load`` of a million rows against ``pandas.read_parquet`` of the same file into the same types."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TABLE, ROWS = "evidence", 1_000_000


def ratio(built: Path, folder: Path, repeats: int) -> float:
    """How many times as long it takes; ``built`` is a folder with a published dataset, ``folder`` gets one with a long table."""
    import pandas as pd

    from secgov._dataset import Dataset
    from secgov._tables import load

    path = _lengthen(built, folder)
    dataset = Dataset(folder)
    frame = load(dataset, TABLE)
    types = frame.dtypes.to_dict()
    other = pd.read_parquet(path).astype(types)
    assert len(frame) == ROWS
    assert frame.equals(other)
    del frame, other
    return _best(lambda: load(dataset, TABLE), repeats) / _best(lambda: pd.read_parquet(path).astype(types), repeats)


def _best(do: Callable[[], Any], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        do()
        times.append(time.perf_counter() - start)
    return min(times)


def _lengthen(built: Path, folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    descriptor = json.loads((built / "datapackage.json").read_bytes())
    resource = next(item for item in descriptor["resources"] if item["name"] == f"{TABLE}_parquet")
    path = folder / resource["path"]
    shutil.rmtree(folder, ignore_errors=True)
    path.parent.mkdir(parents=True)
    rows = pq.read_table(built / resource["path"])
    rows = pa.concat_tables([rows] * (ROWS // rows.num_rows + 1)).slice(0, ROWS)
    pq.write_table(rows, path, compression="zstd", compression_level=3)
    content = path.read_bytes()
    resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    described = json.dumps(descriptor).encode()
    (folder / "datapackage.json").write_bytes(described)
    (folder / "dataset/SHA256SUMS").write_text(f"{hashlib.sha256(described).hexdigest()}  ../datapackage.json\n", encoding="utf-8")
    return path
