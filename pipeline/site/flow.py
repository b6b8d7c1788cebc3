"""A network of three columns as SVG: ribbons from the left through the middle to the right, as broad as the records that take that way.

The layout is made with the site: no waiting in the browser, the same picture every time. Every node is a link, so the keyboard reaches it;
the script of the page marks the ways of a node that is chosen and shows only its records in the table beside the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from pipeline.site.charts import Figure, as_text, drawing, put, short

WIDTH, HEIGHT, BAR, GAP, TOP, LINE = 1180.0, 640.0, 14.0, 6.0, 40.0, 15.0
LEFT = (230.0, 480.0, 930.0)
FITS = (33, 58, 28)
"""As many letters a label has in each column."""


@dataclass
class _Box:
    """Where a node stands: its top and height, and how far ribbons that leave and come have filled it."""

    y: float
    height: float
    out: float
    into: float


def network_svg(figure: Figure) -> str:
    """The picture of a network. Nodes and ribbons name the records that they stand for by their place in the figure."""
    boxes, scale, bottom = _layout(figure)
    largest = [nodes[0]["label"] for nodes in figure["nodes"] if nodes]
    told = f"Three columns joined by ribbons. The largest of each: {', '.join(largest)}. Every way stands in the table."
    svg = drawing(figure["name"], figure["kind"], (WIDTH, bottom + 8), figure["title"], told, role="group")
    for place, ribbons in enumerate(figure["ribbons"]):
        layer = put(svg, "g", class_="ribbons", aria_hidden="true")
        for ribbon in ribbons:
            _ribbon(layer, place, boxes[place][ribbon["from"]], boxes[place + 1][ribbon["to"]], ribbon["records"], scale)
    for place, nodes in enumerate(figure["nodes"]):
        x = LEFT[place] + (BAR, 0, 0)[place]
        put(svg, "text", figure["columns"][place], x=x, y=22.0, class_="head end" if place == 0 else "head")
        for node, box in zip(nodes, boxes[place], strict=True):
            _node(svg, place, node, box)
    return as_text(svg)


def _layout(figure: Figure) -> tuple[list[list[_Box]], float, float]:
    """The box of every node, the height of one record, and where the lowest box ends."""
    sizes = []
    for place, nodes in enumerate(figure["nodes"]):
        leaving, coming = [0] * len(nodes), [0] * len(nodes)
        for ribbon in figure["ribbons"][place] if place < 2 else ():
            leaving[ribbon["from"]] += len(ribbon["records"])
        for ribbon in figure["ribbons"][place - 1] if place else ():
            coming[ribbon["to"]] += len(ribbon["records"])
        sizes.append([max(pair) for pair in zip(leaving, coming, strict=True)])
    scale = min((HEIGHT - GAP * len(column)) / max(sum(column), 1) for column in sizes)
    boxes, bottom = [], TOP
    for column in sizes:
        y, made = TOP, []
        for size in column:
            made.append(_Box(y, size * scale, y, y))
            y += max(size * scale, LINE) + GAP
        boxes.append(made)
        bottom = max(bottom, y)
    return boxes, scale, bottom


def _ribbon(layer: Xml.Element, place: int, one: _Box, other: _Box, records: Sequence[int], scale: float) -> None:
    thick = len(records) * scale
    x1, x2 = LEFT[place] + BAR, LEFT[place + 1]
    y1, y2 = one.out + thick / 2, other.into + thick / 2
    one.out += thick
    other.into += thick
    middle = (x1 + x2) / 2
    path = f"M{x1:.0f} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"
    put(layer, "path", d=path, stroke_width=max(thick, 1.2), data_records=" ".join(map(str, records)))


def _node(svg: Xml.Element, place: int, node: Figure, box: _Box) -> None:
    key, count = f"{place}:{node['key']}", len(node["records"])
    link = put(svg, "a", href=f"#{key}", class_="node", data_key=key, data_records=" ".join(map(str, node["records"])))
    put(link, "title", f"{node['label']}: {count}")
    put(link, "rect", x=LEFT[place], y=box.y, width=BAR, height=max(box.height, 2.0), rx=2, class_=f"n{place}")
    x = LEFT[place] + (-8.0, BAR + 6, BAR + 8)[place]
    text = short(node["label"], FITS[place]) + ("" if node["key"] == "others" else f" {count}")  # "59 others" has a number already
    put(link, "text", text, x=x, y=box.y + max(box.height / 2, 6) + 4, class_=("label end", "label halo", "label")[place])
