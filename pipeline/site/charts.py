"""Figures as SVG: drawn when the site is made, with a title and a description, coloured by the stylesheet for light and for dark.

A figure is a mapping of plain values, as whoever counts it hands it over: title, description, kind and
numbers. Each picture has a table of the same numbers beside it, for those who can't use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any
from xml.etree import ElementTree as Xml

Figure = Mapping[str, Any]

ROWS, COLUMNS, BARS = 12, 12, 8
"""As many rows and columns of a matrix, and rows of a panel of bars, are drawn, the largest first."""


@dataclass(frozen=True)
class Chart:
    """One picture: its SVG, what is said of it in words, and the numbers as a table (the first row is the head)."""

    svg: str
    table: tuple[tuple[str, ...], ...]
    title: str = ""


def charts_of(figure: Figure) -> list[Chart]:
    """The pictures of a figure: one, or for bars one for each panel."""
    if figure["kind"] == "bars":
        return [_bars(figure, place) for place in range(len(figure["panels"]))]
    return [{"years": _years, "matrix": _matrix, "timeline": _timeline}[figure["kind"]](figure)]


# ------------------------------------------------------------------------------------------------------------ drawing


def drawing(name: str, kind: str, size: tuple[float, float], title: str, told: str, role: str = "img") -> Xml.Element:
    """An empty picture that says what it shows."""
    svg = Xml.Element("svg", {"viewBox": f"0 0 {number(size[0])} {number(size[1])}", "role": role, "aria-labelledby": f"{name}-t {name}-d"})
    svg.set("class", f"plot plot-{kind}")
    Xml.SubElement(svg, "title", {"id": f"{name}-t"}).text = title
    Xml.SubElement(svg, "desc", {"id": f"{name}-d"}).text = told
    return svg


def put(parent: Xml.Element, tag: str, text: str | None = None, **attributes: object) -> Xml.Element:
    """An element below another; ``class_`` is its class, numbers are rounded."""
    said = {name: number(value) if isinstance(value, float) else str(value) for name, value in attributes.items()}
    element = Xml.SubElement(parent, tag, {name.rstrip("_").replace("_", "-"): value for name, value in said.items()})
    element.text = text
    return element


def number(value: float) -> str:
    """A number as short as it can be, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def as_text(svg: Xml.Element) -> str:
    """The markup of a picture."""
    return Xml.tostring(svg, encoding="unicode")


def short(text: str, most: int) -> str:
    """A label that fits: cut at a word if need be."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(',;:')}…"


# ------------------------------------------------------------------------------------------------------------- kinds


def _years(figure: Figure) -> Chart:
    years, series = figure["years"], figure["series"]
    totals = [sum(counts) for counts in zip(*(one["counts"] for one in series), strict=True)]
    table = (
        ("Year", *(one["label"] for one in series)),
        *((str(year), *(str(one["counts"][place]) for one in series)) for place, year in enumerate(years)),
        ("No date", *(str(one["undated"]) for one in series)),
    )
    peak = max(range(len(years)), key=totals.__getitem__, default=None)
    told = "No record is dated."
    if peak is not None:
        told = f"Stacked columns, one for each year from {years[0]} to {years[-1]}; most records are of {years[peak]} ({totals[peak]})."
    width, height, left, bottom, top = 760.0, 300.0, 42.0, 28.0, 34.0
    svg = drawing(figure["name"], figure["kind"], (width, height), figure["title"], told)
    _legend(svg, [one["label"] for one in series], left)
    step = _step(max(totals, default=0))
    ceiling = step * (max(totals, default=0) // step + 1)
    scale = (height - top - bottom) / ceiling
    for value in range(0, ceiling + 1, step):
        y = height - bottom - value * scale
        put(svg, "line", x1=left, x2=width, y1=y, y2=y, class_="grid")
        put(svg, "text", str(value), x=left - 8, y=y + 4, class_="tick end")
    slot = (width - left) / max(len(years), 1)
    every = max(1, -(-len(years) * 40 // int(width - left)))
    for place, year in enumerate(years):
        y, x = height - bottom, left + place * slot
        for index, one in enumerate(series):
            if count := one["counts"][place]:
                y -= count * scale
                bar = put(svg, "rect", x=x + slot * 0.12, y=y, width=slot * 0.76, height=count * scale, class_=f"s{index % 6}")
                put(bar, "title", f"{one['label']}, {year}: {count}")
        if (len(years) - 1 - place) % every == 0:
            put(svg, "text", str(year), x=min(x + slot / 2, width - 20), y=height - 8, class_="tick middle")
    return Chart(as_text(svg), table)


def _legend(svg: Xml.Element, labels: Sequence[str], x: float) -> None:
    for index, label in enumerate(labels):
        put(svg, "rect", x=x, y=4.0, width=12.0, height=12.0, rx=2, class_=f"s{index % 6}")
        put(svg, "text", label, x=x + 18, y=14.0, class_="label")
        x += 34 + 7.4 * len(label)


def _step(largest: int) -> int:
    """The distance of ticks, so that there are some five of them."""
    step, factors = 1, cycle((2, 2.5, 2))
    while largest / step > 6:
        step = int(step * next(factors))
    return step


def _matrix(figure: Figure) -> Chart:
    rows, columns, counts = figure["rows"], figure["columns"], figure["counts"]
    lines = list(zip(rows, counts, strict=True))
    table = (("", *(column["label"] for column in columns)), *((row["label"], *map(str, line)) for row, line in lines))
    cells = [(count, row["label"], column["label"]) for row, line in lines for column, count in zip(columns, line, strict=True)]
    pairs = sorted(cells, key=lambda cell: -cell[0])[:3]
    told = "A table of tinted cells. Most frequent: " + "; ".join(f"{row} and {column} ({count})" for count, row, column in pairs) + "."
    down, across = rows[:ROWS], columns[:COLUMNS]
    if len(rows) > len(down) or len(columns) > len(across):
        told += f" Drawn are the {len(down)} most frequent of {len(rows)} rows and {len(across)} of {len(columns)} columns."
    left, top, cell, line = 224.0, 150.0, 40.0, 25.0
    width, height = left + cell * len(across) + 96, top + line * len(down) + 4
    svg = drawing(figure["name"], figure["kind"], (width, height), figure["title"], told)
    largest = max((count for count, *_ in pairs), default=1) or 1
    for place, column in enumerate(across):
        x, y = left + cell * (place + 0.5), top - 8
        put(svg, "text", short(column["label"], 27), x=x, y=y, transform=f"rotate(-42 {number(x)} {number(y)})", class_="label")
    for index, row in enumerate(down):
        y = top + line * index
        put(svg, "text", short(row["label"], 34), x=left - 10, y=y + line * 0.66, class_="label end")
        for place, column in enumerate(across):
            count = counts[index][place]
            shade = 0 if not count else 1 + int(4 * (count / largest) ** 0.5 - 1e-9)
            x = left + cell * place
            box = put(svg, "rect", x=x + 1, y=y + 1, width=cell - 2, height=line - 2, rx=3, class_=f"t{shade}")
            put(box, "title", f"{row['label']} – {column['label']}: {count}")
            if count:
                put(svg, "text", str(count), x=x + cell / 2, y=y + line * 0.66, class_=f"count middle c{shade}")
    return Chart(as_text(svg), table)


def _bars(figure: Figure, place: int) -> Chart:
    panel, series = figure["panels"][place], figure["series"]
    rows = panel["rows"]
    table = ((panel["label"], *series), *((row["label"], *(_percent(share) for share in row["shares"])) for row in rows))
    drawn = rows[:BARS]
    told = "Bars. Largest: " + "; ".join(f"{row['label']} ({', '.join(_shares(series, row))})" for row in drawn[:2]) + "."
    if len(rows) > len(drawn):
        told += f" Drawn are the {len(drawn)} largest of {len(rows)}."
    used = [index for index in range(len(series)) if any(row["shares"][index] is not None for row in rows)]
    left, bar, gap, width = 150.0, 8.0, 12.0, 400.0
    line = bar * len(used) + gap
    svg = drawing(f"{figure['name']}-{place}", figure["kind"], (width, line * len(drawn) + 4), f"{figure['title']}: {panel['label']}", told)
    for index, row in enumerate(drawn):
        y = index * line + 4
        put(svg, "text", short(row["label"], 24), x=left - 8, y=y + (line - gap) / 2 + 4, class_="label end")
        for position, one in enumerate(used):
            share = row["shares"][one]
            if share is not None:
                length = max(share * (width - left - 44), 1.0)
                box = put(svg, "rect", x=left, y=y + position * bar, width=length, height=bar - 1.5, rx=1, class_=f"s{one % 6}")
                put(box, "title", f"{row['label']}, {series[one]}: {_percent(share)}")
        largest = max(share for share in row["shares"] if share is not None)
        put(svg, "text", _percent(largest), x=left + max(largest * (width - left - 44), 1.0) + 6, y=y + (line - gap) / 2 + 4, class_="tick")
    return Chart(as_text(svg), table, panel["label"])


def _shares(series: Sequence[str], row: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{_percent(share)} of {one}" for one, share in zip(series, row["shares"], strict=True) if share is not None)


def _percent(share: float | None) -> str:
    return "" if share is None else "<1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _timeline(figure: Figure) -> Chart:
    events = figure["events"]
    days = [date.fromisoformat(event["start"]) for event in events]
    sizes = [sum(1 + record["parts"] for record in event["records"]) for event in events]
    table = (("Date", "Event", "Records"), *((event["date"], event["label"], str(size)) for event, size in zip(events, sizes, strict=True)))
    largest = max(range(len(events)), key=sizes.__getitem__, default=None)
    told = (
        "No event is dated."
        if largest is None
        else (
            f"A line of {len(events)} events from {days[0].year} to {days[-1].year}, each as high as the number of records tied to it; "
            f"the highest is {events[largest]['label']} ({sizes[largest]})."
        )
    )
    width, height, base, left = 960.0, 240.0, 206.0, 20.0
    svg = drawing(figure["name"], figure["kind"], (width, height), figure["title"], told)
    if not events:
        return Chart(as_text(svg), table)
    first, last = date(days[0].year, 1, 1), date(days[-1].year + 1, 1, 1)
    scale = (width - 2 * left) / (last - first).days
    years = range(first.year, last.year + 1)
    every = max(1, -(-len(years) * 46 // int(width)))
    put(svg, "line", x1=left, x2=width - left, y1=base, y2=base, class_="axis")
    for year in years:
        x = left + (date(year, 1, 1) - first).days * scale
        put(svg, "line", x1=x, x2=x, y1=base, y2=base + 6, class_="axis")
        if (last.year - year) % every == 0 and year < last.year:
            put(svg, "text", str(year), x=x + 4, y=base + 20, class_="tick")
    rise = (base - 40) / max(1, *sizes)
    stems = [(left + (day - first).days * scale, base - size * rise) for day, size in zip(days, sizes, strict=True)]
    for event, (x, y), size in zip(events, stems, sizes, strict=True):
        put(svg, "line", x1=x, x2=x, y1=base, y2=y, class_="stem")
        dot = put(svg, "circle", cx=x, cy=y, r=5.0 if size else 3.5, class_="dot" if size else "dot none")
        put(dot, "title", f"{event['date']}: {event['label']} ({size})")
    taken = [(x - 6, y - 6, 12.0) for x, y in stems]
    for place in sorted((place for place in range(len(events)) if sizes[place]), key=lambda place: -sizes[place]):
        text = short(events[place]["label"], 40)
        (x, y), wide = stems[place], 6.6 * len(text)
        for start, side in ((x + 10, ""), (x - 10 - wide, " end")):
            box = (start, y - 6, wide)
            free = not any(_meet(box, other) for other in taken if other[0] != x - 6)
            if 0 < start < width - wide and free and not any(start < at < start + wide and top < y + 8 for at, top in stems):
                put(svg, "text", text, x=x + (-10 if side else 10), y=y + 4, class_=f"label{side}")
                taken.append(box)
                break
    return Chart(as_text(svg), table)


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two lines of text (left, top, width) would touch."""
    return one[0] < other[0] + other[2] and other[0] < one[0] + one[2] and abs(one[1] - other[1]) < 15
