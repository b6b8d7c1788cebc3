"""Dates: six forms, and what each may mean."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edtf import Edtf


@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        ("2006", "2006-01-01", "2006-12-31", "year"),
        ("2024-12", "2024-12-01", "2024-12-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2023-02", "2023-02-01", "2023-02-28", "month"),
        ("2024-09-11", "2024-09-11", "2024-09-11", "day"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
        ("2013~", "2013-01-01", "2013-12-31", "approximate"),
        ("2024-09-10/2024-09-12", "2024-09-10", "2024-09-12", "day"),
        ("2024-09-10/2024-09-10", "2024-09-10", "2024-09-10", "day"),
        ("2015/2022", "2015-01-01", "2022-12-31", "year"),
        ("2015-06/2022", "2015-06-01", "2022-12-31", "year"),
        ("2024-09-10/2024-10", "2024-09-10", "2024-10-31", "month"),
        ("2024/2024-05", "2024-01-01", "2024-05-31", "year"),
        ("2015/..", "2015-01-01", None, "year"),
        ("2024-01-01/..", "2024-01-01", None, "day"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("9999-12-31", "9999-12-31", "9999-12-31", "day"),
    ],
)
def test_a_date_spans_the_days_that_it_may_mean(written: str, start: str, end: str | None, precision: str) -> None:
    expected = Edtf(written, date.fromisoformat(start), date.fromisoformat(end) if end else None, precision)
    assert Edtf.parse(written) == expected


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "'' is not a date; write 2006, 2024-12, 2024-09-11, 2013~, 2024-09-10/2024-09-12 or 2015/.."),
        ("last week", "'last week' is not a date"),
        ("24", "'24' is not a date"),
        ("12024", "'12024' is not a date"),
        ("-2024", "'-2024' is not a date"),
        ("2024-9-1", "'2024-9-1' is not a date"),
        ("2024-09-1", "'2024-09-1' is not a date"),
        ("20240911", "'20240911' is not a date"),
        ("2024-09-11T08:00", "'2024-09-11T08:00' is not a date"),
        ("2024-W37", "'2024-W37' is not a date"),
        ("2024-XX", "'2024-XX' is not a date"),
        ("202X", "'202X' is not a date"),
        ("2024?", "'2024?' is not a date"),
        ("2024%", "'2024%' is not a date"),
        ("~2024", "'~2024' is not a date"),
        ("2024~~", "'2024~' is not a date"),
        (" 2024", "' 2024' is not a date"),
        ("2024\n", "'2024\n' is not a date"),
        ("٢٠٢٤", "'٢٠٢٤' is not a date"),
        ("2024–09", "'2024–09' is not a date"),
        ("2024-09~", "'2024-09~' is not a date; only a year can be approximate, as in 2013~"),
        ("2024-09-11~", "'2024-09-11~' is not a date; only a year can be approximate, as in 2013~"),
        ("2024-13", "'2024-13' is not in the calendar; write what the calendar has, or the year alone"),
        ("2024-00", "'2024-00' is not in the calendar; write what the calendar has, or the year alone"),
        ("2024-21", "'2024-21' is not in the calendar; write what the calendar has, or the year alone"),
        ("2023-02-29", "'2023-02-29' is not in the calendar; write what the calendar has, or the year alone"),
        ("2024-09-31", "'2024-09-31' is not in the calendar; write what the calendar has, or the year alone"),
        ("2024-09-00", "'2024-09-00' is not in the calendar; write what the calendar has, or the year alone"),
        ("0000", "'0000' is not in the calendar; write what the calendar has, or the year alone"),
        ("2024-09-12/2024-09-10", "'2024-09-12/2024-09-10' ends before it starts; the earlier comes first"),
        ("2024/2023", "'2024/2023' ends before it starts; the earlier comes first"),
        ("../2024", "'..' is not a date"),
        ("../..", "'..' is not a date"),
        ("2024/", "'' is not a date"),
        ("/2024", "'' is not a date"),
        ("2013~/2015", "'2013~' is not a date"),
        ("2013/2015~", "'2015~' is not a date"),
        ("2013/2015/2017", "'2015/2017' is not a date"),
        ("2024-02-30/..", "'2024-02-30' is not in the calendar; write what the calendar has, or the year alone"),
    ],
)
def test_anything_else_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        Edtf.parse(written)


DAYS = st.dates()
POINTS = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))
SINGLE = POINTS | POINTS.map(lambda point: f"{point[:4]}~")


@given(SINGLE)
def test_no_date_ends_before_it_starts(written: str) -> None:
    read = Edtf.parse(written)
    assert read.text == written
    assert read.end is not None
    assert read.start <= read.end


@given(POINTS, POINTS)
def test_an_interval_runs_from_the_first_day_of_the_one_to_the_last_of_the_other(first: str, last: str) -> None:
    start, end = Edtf.parse(first).start, Edtf.parse(last).end
    assert end is not None
    if end < start:
        with pytest.raises(ValueError, match=f"^'{first}/{last}' ends before it starts; the earlier comes first$"):
            Edtf.parse(f"{first}/{last}")
    else:
        between = Edtf.parse(f"{first}/{last}")
        assert (between.start, between.end) == (start, end)


@given(POINTS)
def test_an_open_interval_has_no_end(first: str) -> None:
    since = Edtf.parse(f"{first}/..")
    assert (since.start, since.end) == (Edtf.parse(first).start, None)


@given(DAYS)
def test_a_day_lies_in_its_month_and_its_month_in_its_year(day: date) -> None:
    text = day.isoformat()
    exact, month, year = (Edtf.parse(text[:length]) for length in (10, 7, 4))
    assert exact.start == exact.end == day
    assert month.end is not None
    assert year.end is not None
    assert year.start <= month.start <= day <= month.end <= year.end
    assert (month.start.day, year.start.month, year.end.day) == (1, 1, 31)
    assert month.end == date.max or (month.end + timedelta(days=1)).day == 1


@given(st.text(st.sampled_from("0123456789-/.~?x"), max_size=12) | st.text(max_size=12))
def test_whatever_is_written_is_read_or_refused_as_a_date(written: str) -> None:
    try:
        assert Edtf.parse(written).text == written
    except ValueError as error:
        assert re.search(r"is not a date|is not in the calendar|ends before it starts", str(error))  # noqa: PT017
