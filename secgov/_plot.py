"""The pictures that the package declares, drawn with matplotlib: the same numbers as on the pages of the static site.

Needs the extra ``plots``. The same figures make the same bytes.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secgov._dataset import Dataset
from secgov._errors import Unavailable, unknown
from secgov.figures import Figure, figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

FORMATS = {".svg": "svg", ".png": "png"}
INK, DIM, LINE, ACCENT = "#1b2430", "#5a6472", "#ddd9cf", "#14506b"
SERIES = ("#14506b", "#d98a00", "#58a7cf", "#a6476f", "#2f8a63", "#8a8f98")
ROWS, COLUMNS, BARS, LABEL = 12, 12, 8, 40
"""As many rows and columns of a matrix, rows of a panel, and letters of a label are drawn."""


def plot(dataset: Dataset, name: str) -> Picture:
    """The picture of that name; see :func:`secgov.plot`."""
    found = figures(dataset)
    if name not in found:
        raise unknown("picture", name, found)
    try:
        from matplotlib.figure import Figure as New
    except ModuleNotFoundError:
        raise Unavailable("pictures need matplotlib; install it with: pip install 'secgov[plots]'") from None
    figure = found[name]
    if not all(numbers for numbers in figure.values() if isinstance(numbers, list)):
        raise Unavailable(f"there is nothing to draw for '{name}' in {dataset.package.name} {dataset.package.version}")
    tall = {"network": 8.5, "timeline": 4.0, "years": 4.2, "matrix": 6.2}.get(figure["kind"]) or 3.2 * -(-len(figure["panels"]) // 2)
    picture = New(figsize=(11.0, tall), layout="constrained")
    _DRAWN[figure["kind"]](picture, figure)
    picture.suptitle(figure["title"], x=0.01, ha="left", fontweight="bold", color=INK)
    return picture


def saved(picture: Picture, to: Path | None) -> bytes:
    """The picture in the format that the name of a file asks for, SVG if there is none."""
    import matplotlib as mpl

    suffix = to.suffix.lower() if to else ".svg"
    if suffix not in FORMATS:
        raise unknown("format", suffix or "(none)", FORMATS)
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "secgov", "svg.fonttype": "none"}):
        made_by: dict[str, Any] = {"Date": None} if suffix == ".svg" else {"Software": None}  # or no two would be alike
        picture.savefig(out, format=FORMATS[suffix], metadata=made_by, dpi=144)
    return out.getvalue()


def _bare(axes: Axes, *sides: str) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(side in sides)
    axes.tick_params(length=0, colors=DIM, labelsize=8)


def _short(text: str, most: int = LABEL) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def _years(picture: Picture, figure: Figure) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = picture.subplots()
    below = [0] * len(figure["years"])
    for color, one in zip(SERIES, figure["series"], strict=False):
        axes.bar(figure["years"], one["counts"], bottom=below, color=color, label=one["label"], width=0.78)
        below = [sum(pair) for pair in zip(below, one["counts"], strict=True)]
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, ncols=4, loc="upper left")
    _bare(axes, "bottom")


def _matrix(picture: Picture, figure: Figure) -> None:
    axes = picture.subplots()
    rows, columns = figure["rows"][:ROWS], figure["columns"][:COLUMNS]
    counts = [line[: len(columns)] for line in figure["counts"][: len(rows)]]
    largest = max((count for line in counts for count in line), default=1) or 1
    axes.imshow([[(count / largest) ** 0.5 for count in line] for line in counts], cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for y, line in enumerate(counts):
        for x, count in enumerate(line):
            if count:
                axes.text(x, y, str(count), ha="center", va="center", fontsize=8, color="white" if count / largest > 0.4 else INK)
    axes.set_xticks(range(len(columns)), [_short(column["label"], 26) for column in columns], rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(len(rows)), [_short(row["label"]) for row in rows], fontsize=8)
    _bare(axes)


def _bars(picture: Picture, figure: Figure) -> None:
    panels = figure["panels"]
    grid = picture.subplots(-(-len(panels) // 2), 2, squeeze=False)
    for axes, panel in zip(grid.flat, panels, strict=False):
        rows = panel["rows"][:BARS]
        used = [place for place in range(len(figure["series"])) if any(row["shares"][place] is not None for row in panel["rows"])]
        high = min(0.8 / max(len(used), 1), 0.35)
        for at, place in enumerate(used):
            shares = [100 * (row["shares"][place] or 0) for row in rows]
            axes.barh(
                [y + at * high for y in range(len(rows))], shares, height=high, color=SERIES[place % 6], label=figure["series"][place]
            )
        axes.set_yticks([y + high * (len(used) - 1) / 2 for y in range(len(rows))], [_short(row["label"], 28) for row in rows], fontsize=8)
        axes.invert_yaxis()
        axes.set_title(panel["label"], loc="left", fontsize=10, color=INK)
        axes.set_xlim(0, 100)
        axes.xaxis.set_major_formatter("{x:.0f} %")
        axes.legend(frameon=False, fontsize=7, loc="lower right")
        _bare(axes, "left")
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_axis_off()


def _network(picture: Picture, figure: Figure) -> None:
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path as Line

    axes = picture.subplots()
    tops: list[list[list[float]]] = []  # for each node: where it starts, where the next ribbon leaves, where the next one comes in
    for place, nodes in enumerate(figure["nodes"]):
        y, column = 0.0, []
        for at, node in enumerate(nodes):
            leaving = sum(len(ribbon["records"]) for ribbon in figure["ribbons"][place] if ribbon["from"] == at) if place < 2 else 0
            coming = sum(len(ribbon["records"]) for ribbon in figure["ribbons"][place - 1] if ribbon["to"] == at) if place else 0
            high = max(leaving, coming)
            column.append([y, y, y])
            axes.add_patch(Rectangle((place, y), 0.03, high, color=SERIES[(0, 1, 4)[place]], lw=0))
            x, side = (place - 0.02, "right") if place == 0 else (place + 0.05, "left")
            text = f"{_short(node['label'])} {len(node['records'])}"
            axes.text(x, y + high / 2, text, ha=side, va="center", fontsize=8, color=INK, zorder=3)
            y += max(high, 1.4) + 0.6
        tops.append(column)
        axes.text(place, -1.5, figure["columns"][place], fontweight="bold", color=INK, ha="right" if place == 0 else "left")
    for place, ribbons in enumerate(figure["ribbons"]):
        for ribbon in ribbons:
            thick, one, other = len(ribbon["records"]), tops[place][ribbon["from"]], tops[place + 1][ribbon["to"]]
            (x, a), (z, b), middle = (place + 0.03, one[1]), (place + 1, other[2]), place + 0.515
            one[1] += thick
            other[2] += thick
            upper = [(x, a), (middle, a), (middle, b), (z, b)]
            points = [*upper, *((at, y + thick) for at, y in reversed(upper)), (x, a)]
            codes = [Line.MOVETO, *[Line.CURVE4] * 3, Line.LINETO, *[Line.CURVE4] * 3, Line.CLOSEPOLY]
            axes.add_patch(PathPatch(Line(points, codes), facecolor="#6ba5c0", alpha=0.35, lw=0))
    deepest = max((column[-1][0] for column in tops if column), default=1.0)
    axes.set_xlim(-0.75, 2.75)
    axes.set_ylim(deepest + 6, -3)
    axes.set_axis_off()


def _timeline(picture: Picture, figure: Figure) -> None:
    axes = picture.subplots()
    days = [date.fromisoformat(event["start"]) for event in figure["events"]]
    sizes = [sum(1 + record["parts"] for record in event["records"]) for event in figure["events"]]
    colors = [ACCENT if size else DIM for size in sizes]
    axes.vlines(days, 0, sizes, color=ACCENT, lw=1.5)  # type: ignore[arg-type]
    axes.scatter(days, sizes, color=colors, s=[28 if size else 12 for size in sizes], zorder=3)  # type: ignore[arg-type]
    named: list[int] = []
    for place in sorted(range(len(days)), key=lambda each: -sizes[each])[:8]:
        clear = all(abs((days[place] - days[one]).days) > 1500 or abs(sizes[place] - sizes[one]) > max(sizes) / 12 for one in named)
        if sizes[place] and clear:
            named.append(place)
            at: Any = (days[place], sizes[place])
            axes.annotate(
                _short(figure["events"][place]["label"]),
                at,
                xytext=(-6, 0),
                textcoords="offset points",
                fontsize=7,
                ha="right",
                va="center",
            )
    axes.set_ylim(bottom=0)
    axes.margins(y=0.15)
    _bare(axes, "bottom")


_DRAWN = {"years": _years, "matrix": _matrix, "bars": _bars, "network": _network, "timeline": _timeline}
