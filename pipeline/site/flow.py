"""A network of three columns as SVG: ribbons from the left through the middle to the right, as broad as the records that take that way.

The layout is made with the site: no waiting in the browser, the same picture every time. Every node is a link, so the keyboard reaches it;
the script of the page marks the ways of a node that is chosen and shows only its records in the table beside the picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from pipeline.site.charts import Figure, as_text, drawing, put, short

MOST = 18
"""As many nodes of a column are drawn, the most frequent first; the others are one."""

NONE, OTHERS = "none", "others"
WIDTH, HEIGHT, BAR, GAP, TOP = 1180.0, 640.0, 14.0, 6.0, 40.0
LEFT = (230.0, 480.0, 930.0)


@dataclass
class _Node:
    """A node of a column: what it is, in which records, and where it stands."""

    key: str
    label: str
    records: list[int]
    size: float = 0.0
    y: float = 0.0
    out: float = 0.0
    into: float = 0.0


def network_svg(figure: Figure) -> str:
    """The picture of a network. Nodes and ribbons name the records that they stand for by their place in the figure."""
    columns = [_nodes(figure, place) for place in range(3)]
    ribbons = [_ribbons(figure, columns[place], columns[place + 1], place) for place in range(2)]
    for place, nodes in enumerate(columns):
        for node in nodes.values():
            leaving = sum(len(records) for (one, _), records in ribbons[place].items() if one == node.key) if place < 2 else 0
            coming = sum(len(records) for (_, one), records in ribbons[place - 1].items() if one == node.key) if place else 0
            node.size = max(leaving, coming)
    scale = min((HEIGHT - GAP * len(nodes)) / max(sum(node.size for node in nodes.values()), 1) for nodes in columns if nodes)
    bottom = TOP
    for nodes in columns:
        y = TOP
        for node in nodes.values():
            node.size *= scale
            node.y = node.out = node.into = y
            y += max(node.size, 15.0) + GAP
        bottom = max(bottom, y)
    busiest = [next(iter(nodes.values())).label for nodes in columns if nodes]
    told = f"Three columns joined by ribbons. The largest of each: {', '.join(busiest)}. Every way stands in the table."
    svg = drawing(figure["name"], figure["kind"], (WIDTH, bottom + 8), figure["title"], told, role="group")
    for place in range(2):
        layer = put(svg, "g", class_="ribbons", aria_hidden="true")
        for (one, other), records in ribbons[place].items():
            _ribbon(layer, columns[place][one], columns[place + 1][other], records, place, scale)
    for place, nodes in enumerate(columns):
        anchor = ("end", "", "")[place]
        x = LEFT[place] + (BAR, 0, 0)[place]
        put(svg, "text", figure["columns"][place], x=x, y=22.0, class_=f"head {anchor}")
        for node in nodes.values():
            _draw(svg, node, place)
    return as_text(svg)


def _key(column: int, tie: Mapping[str, str | None]) -> str:
    return f"{column}:{tie['address'] or tie['label']}"


def _drawn(figure: Figure, column: int) -> dict[str, str]:
    """Key → label of the nodes of a column that are drawn, the most frequent first; what is not stated comes last."""
    counted: Counter[str] = Counter()
    labels: dict[str, str] = {f"{column}:{NONE}": "not stated"}
    for record in figure["records"]:
        for tie in record["ties"][column] or [{"address": NONE, "label": "not stated"}]:
            counted[_key(column, tie)] += 1
            labels.setdefault(_key(column, tie), tie["label"])
    ranked = sorted(counted, key=lambda key: (key.endswith(f":{NONE}"), -counted[key], key))
    return {key: labels[key] for key in ranked[:MOST]}


def _nodes(figure: Figure, column: int) -> dict[str, _Node]:
    nodes = {key: _Node(key, label, []) for key, label in _drawn(figure, column).items()}
    rest: set[str] = set()
    for place, record in enumerate(figure["records"]):
        for tie in record["ties"][column] or [{"address": NONE, "label": ""}]:
            key = _key(column, tie)
            if key not in nodes or key.endswith(f":{OTHERS}"):
                rest.add(key)
                key = f"{column}:{OTHERS}"
                nodes.setdefault(key, _Node(key, "", []))
            if place not in nodes[key].records[-1:]:
                nodes[key].records.append(place)
    if rest:
        nodes[f"{column}:{OTHERS}"].label = f"{len(rest)} others"
    return nodes


def _ribbons(figure: Figure, left: Mapping[str, _Node], right: Mapping[str, _Node], place: int) -> dict[tuple[str, str], list[int]]:
    """Pairs of nodes with the records that tie them, in the order of the nodes."""
    on_left, on_right = ({key: set(node.records) for key, node in nodes.items()} for nodes in (left, right))
    pairs = {(one, other): sorted(on_left[one] & on_right[other]) for one in left for other in right}
    return {pair: records for pair, records in pairs.items() if records}


def _ribbon(layer: Xml.Element, one: _Node, other: _Node, records: Sequence[int], place: int, scale: float) -> None:
    thick = len(records) * scale
    x1, x2 = LEFT[place] + BAR, LEFT[place + 1]
    y1, y2 = one.out + thick / 2, other.into + thick / 2
    one.out += thick
    other.into += thick
    middle = (x1 + x2) / 2
    path = f"M{x1:.0f} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"
    put(layer, "path", d=path, stroke_width=max(thick, 1.2), data_records=" ".join(map(str, records)))


def _draw(svg: Xml.Element, node: _Node, place: int) -> None:
    link = put(svg, "a", href=f"#{node.key}", class_="node", data_key=node.key, data_records=" ".join(map(str, node.records)))
    put(link, "title", f"{node.label}: {len(node.records)}")
    x, y = LEFT[place], node.y
    height = max(node.size, 2.0)
    put(link, "rect", x=x, y=y, width=BAR, height=height, rx=2, class_=f"n{place}")
    text = f"{short(node.label, 33 if place != 1 else 58)} {len(node.records)}"
    if place == 0:
        put(link, "text", text, x=x - 8, y=y + max(height / 2, 6) + 4, class_="label end")
    elif place == 1:
        put(link, "text", text, x=x + BAR + 6, y=y + max(height / 2, 6) + 4, class_="label halo")
    else:
        put(link, "text", text, x=x + BAR + 8, y=y + max(height / 2, 6) + 4, class_="label")
