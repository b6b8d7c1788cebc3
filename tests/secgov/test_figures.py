"""The figures that a package declares: counted right, drawn the same every time, refused where there are none."""

from __future__ import annotations

import builtins
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import secgov
from secgov import _plot
from secgov._dataset import Dataset
from secgov._errors import Unavailable, UnknownName
from secgov._tables import load
from secgov._terminal import NARROWEST, columns
from secgov.command import main
from secgov.figures import _Reader, figures

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["years", "addressed", "topics", "balance", "network", "timeline"]


@pytest.fixture(scope="module")
def real() -> Dataset:
    return Dataset(ROOT)


@pytest.fixture(scope="module")
def counted(real: Dataset) -> dict[str, Any]:
    return figures(real)


def test_the_dataset_declares_the_pictures_that_readers_are_told_of(counted: dict[str, Any]) -> None:
    assert list(counted) == NAMES
    assert json.loads(json.dumps(counted)) == counted  # plain values only


def test_years_count_every_record_once(real: Dataset, counted: dict[str, Any]) -> None:
    for one in counted["years"]["series"]:
        assert sum(one["counts"]) + one["undated"] == real.rows(one["label"].lower())


def test_a_matrix_counts_what_pandas_counts(real: Dataset, counted: dict[str, Any]) -> None:
    who = load(real, "involvements")
    who = who[who["record"].str.startswith("proposals/")].assign(
        root=lambda frame: frame["record"].str.split(".").str[0], what=lambda frame: frame["actor"].fillna(frame["kind"].astype("string"))
    )
    by, to = (who[who["role"] == role][["root", "what"]].drop_duplicates() for role in ("proposer", "addressee"))
    pairs = by.merge(to, on="root").groupby(["what_x", "what_y"]).size()
    figure = counted["addressed"]
    place = [row["label"] for row in figure["rows"]].index("China"), [column["label"] for column in figure["columns"]].index("BRICS")
    assert figure["counts"][place[0]][place[1]] == pairs["states/chn", "institutions/brics"]
    assert sum(map(sum, figure["counts"])) == pairs.sum()


def test_bars_are_the_shares_of_the_report(real: Dataset, counted: dict[str, Any]) -> None:
    balance = load(real, "balance").set_index("id")
    panel = next(panel for panel in counted["balance"]["panels"] if panel["label"] == "speaker state")
    china = next(row for row in panel["rows"] if row["label"] == "China")
    assert china["address"] == "states/chn"
    shares = dict(zip(counted["balance"]["series"], china["shares"], strict=True))
    assert shares["proposals"] == balance["share"]["speaker-state:proposals:chn"]
    assert "target" not in {panel["label"] for panel in counted["balance"]["panels"]}


def test_every_record_of_the_network_passes_each_column(counted: dict[str, Any]) -> None:
    network = counted["network"]
    everyone = set(range(len(network["records"])))
    for nodes in network["nodes"]:
        assert {place for node in nodes for place in node["records"]} == everyone
    for place, ribbons in enumerate(network["ribbons"]):
        for ribbon in ribbons:
            left, right = network["nodes"][place][ribbon["from"]], network["nodes"][place + 1][ribbon["to"]]
            assert set(ribbon["records"]) == set(left["records"]) & set(right["records"])


def test_a_column_of_the_network_names_eighteen_and_counts_the_others(dataset: Dataset) -> None:
    ties = [[f"topics/{name}"] for name in "abcdefghijklmnopqrst"]
    nodes = _Reader(dataset).nodes([*ties, []])
    assert "".join(node["label"] for node in nodes[:-2]) == "abcdefghijklmnopqr"
    assert [(node["label"], node["records"]) for node in nodes[-2:]] == [("2 others", [18, 19]), ("not stated", [20])]


def test_the_timeline_has_every_dated_event_in_order_and_what_was_made_at_it(real: Dataset, counted: dict[str, Any]) -> None:
    events, proposals = load(real, "events"), load(real, "proposals")
    line = counted["timeline"]["events"]
    assert [event["start"] for event in line] == sorted(events["date_start"].dropna().dt.strftime("%Y-%m-%d"))
    made = sum(1 + record["parts"] for event in line for record in event["records"])
    dated = set(events[events["date_start"].notna()]["id"])
    assert made == proposals["forum"].isin(dated).sum()


# --------------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_drawn_with_its_title_and_the_same_twice(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", name]) == 0
    one = capsys.readouterr().out
    assert one.startswith("<?xml")
    assert figures(Dataset(ROOT))[name]["title"] in one  # text stays text
    assert main(["plot", name]) == 0
    assert capsys.readouterr().out == one


def test_a_picture_is_written_to_a_file_in_the_format_of_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "network.PNG"
    assert main(["plot", "network", "--to", str(file)]) == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr() == ("", f"secgov: wrote {file}\n")
    before = file.read_bytes()
    main(["plot", "network", "--to", str(file)])
    assert file.read_bytes() == before
    capsys.readouterr()
    assert main(["plot", "network", "--to", str(tmp_path / "network.jpg")]) == 2
    assert capsys.readouterr().err == "secgov: there is no format '.jpg'; did you mean '.png'?\n"
    assert not (tmp_path / "network.jpg").exists()


def test_an_unknown_picture_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", "timelines"]) == 2
    assert capsys.readouterr().err == "secgov: there is no picture 'timelines'; did you mean 'timeline'?\n"
    assert secgov.plot("years").get_suptitle() == "Records over time"


@pytest.mark.parametrize("name", NAMES)
def test_where_there_is_nothing_to_draw_one_is_told(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(_Reader, "rows", lambda *_: [])
    with pytest.raises(Unavailable, match=rf"^there is nothing to draw for '{name}' in secgov "):
        _plot.plot(dataset, name)


def test_a_dataset_that_declares_none_has_none(books: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unavailable, match=r"^library 0\.0\.0\+dev declares no pictures$"):
        figures(books)
    assert main(["plot", "network"], books) == 1
    assert capsys.readouterr().err == "secgov: library 0.0.0+dev declares no pictures\n"


def test_without_matplotlib_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, real: Dataset) -> None:
    known = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError(name)
        return known(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Unavailable, match=r"pip install 'secgov\[plots\]'"):
        _plot.plot(real, "network")
    with pytest.raises(UnknownName, match="there is no picture 'map'"):
        _plot.plot(real, "map")


# ------------------------------------------------------------------------------------------- notebooks and terminals


def test_a_frame_says_in_a_notebook_what_it_is_and_shows_whole_texts_escaped(dataset: Dataset) -> None:
    frame = load(dataset, "sources")
    shown = frame._repr_html_()  # type: ignore[operator]
    assert f"<strong>Sources · {dataset.package.version}</strong> {len(frame)} rows × {len(frame.columns)} columns" in shown
    assert "&lt;b&gt;of the day&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert "[Data set]." in shown
    assert "NaN" not in shown
    assert "&lt;NA&gt;" not in shown


def test_a_frame_is_a_plain_one_and_what_is_computed_from_it_looks_as_pandas_has_it(dataset: Dataset) -> None:
    frame = load(dataset, "sources")
    assert type(frame) is pd.DataFrame
    assert "[Data set]." not in frame.copy()._repr_html_()  # type: ignore[operator]
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(frame)), frame)


def test_a_long_frame_is_cut_in_a_notebook_and_says_how_long_it_is(real: Dataset) -> None:
    frame = load(real, "evidence")
    shown = frame._repr_html_()  # type: ignore[operator]
    assert shown.count("<tr") == 1 + 20
    assert f"{len(frame):,} rows × " in shown
    assert f"… and {len(frame) - 20:,} more rows" in shown


@pytest.mark.parametrize("frame", [secgov.tables, secgov.codebook, secgov.versions, lambda: secgov.diff("0.1.0", "0.2.0")])
def test_what_else_is_a_frame_shows_whole_texts_too(frame: Callable[[], pd.DataFrame]) -> None:
    rows = frame()
    shown = rows._repr_html_()  # type: ignore[operator]
    assert "..." not in shown
    assert "<table" in shown
    assert f"{len(rows):,} rows" in shown


ROWS_SHOWN = [{"name": "one", "count": 1, "text": "a few words"}, {"name": "two", "count": None, "text": "word " * 30}]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_in_a_terminal_no_line_is_wider_than_it_and_no_word_is_lost(width: int) -> None:
    lines = list(columns(ROWS_SHOWN, width))
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split().count("word") == 30
    assert lines[0].split() == ["name", "count", "text"]


def test_where_columns_would_be_too_narrow_each_row_is_a_list() -> None:
    rows = [{f"column {place}": "x" * NARROWEST if place else None for place in range(5)}]
    lines = list(columns(rows, 60))
    assert lines == [*(f"column {place}  {'x' * NARROWEST}" for place in range(1, 5)), ""]


def test_a_pipe_gets_every_row_on_one_line_and_chinese_is_as_wide_as_it_is() -> None:
    assert list(columns(ROWS_SHOWN)) == ["name  count  text", "one       1  a few words", f"two          {('word ' * 30).strip()}"]
    assert list(columns([{"name": "金砖", "n": 1}, {"name": "BRIC", "n": 2}])) == ["name  n", "金砖  1", "BRIC  2"]
    assert list(columns([])) == []


def test_load_prints_a_table_for_the_eye(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", "states", "--format", "table"], dataset) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["id", "label"]
    assert any(line.startswith("nam  Namibia") for line in lines)  # NA is a code, and not what is missing
