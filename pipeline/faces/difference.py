"""A difference between two snapshots as text, JSON, Markdown and HTML."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import groupby

from pipeline.diff import Change, Difference, SchemaChange
from pipeline.faces.markdown import plain
from pipeline.versions import demand


def sentence(change: SchemaChange | Change) -> str:
    """One change in one line."""
    if isinstance(change, Change):
        where = f"{change.table}: {change.key}"
        if change.change == "changed":
            return f"{where}: {change.field}: {_shown(change.old)} → {_shown(change.new)}"
        return f"{where} {change.change}"
    where = ".".join(part for part in (change.table, change.field) if part) or "package"
    values = f": {change.old or '(nothing)'} → {change.new or '(nothing)'}" if change.old or change.new else ""
    return f"{where}: {change.kind} {change.change}{values}"


def reason(difference: Difference) -> str:
    """The step that a difference asks for, and a change that asks for it."""
    needed = demand(difference)
    because = needed.because
    assert because is not None, "nothing differs"
    told = f"{because.table}: {because.key} {because.change}" if isinstance(because, Change) else sentence(because)
    return f"{needed.step.name.lower()}, since {told}"


def _shown(value: str | None) -> str:
    return "(empty)" if value is None else f"'{value}'"


def summary(difference: Difference) -> list[str]:
    """What changed, counted: a line for each change of the schema, each table whose rows changed, and each retired address."""
    lines = [sentence(change) for change in difference.schema if change.kind != "description"]
    descriptive = sum(change.kind == "description" for change in difference.schema)
    if descriptive:
        lines.append(f"{descriptive} description{'s' * (descriptive != 1)} changed")
    for table, changes in groupby(difference.rows, key=lambda change: change.table):
        counts = Counter((change.change, change.key) for change in changes)
        kinds = Counter(kind for kind, _ in counts)
        lines.append(f"{table}: " + ", ".join(f"{kinds[kind]} {kind}" for kind in ("added", "changed", "removed") if kinds[kind]))
    lines += [f"{address}: retired" + (f", replaced by {new}" if new else "") for address, new in sorted(difference.replaced.items())]
    return lines


def as_text(difference: Difference) -> str:
    """The summary, then every change, a line each."""
    title = f"{difference.old} → {difference.new}"
    if not difference:
        return f"{title}: no difference\n"
    lines = [f"{title}: {reason(difference)}", *(f"  {line}" for line in summary(difference)), ""]
    lines += [sentence(change) for change in difference.schema]
    lines += [sentence(change) for change in difference.rows]
    return "\n".join(lines) + "\n"


def as_json(difference: Difference) -> str:
    """One object: old, new, step, reason, schema, rows, replaced."""
    value = {
        "old": difference.old,
        "new": difference.new,
        "step": demand(difference).step.name.lower(),
        "reason": reason(difference) if difference else None,
        "schema": [asdict(change) for change in difference.schema],
        "rows": [asdict(change) for change in difference.rows],
        "replaced": dict(difference.replaced),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_markdown(difference: Difference) -> str:
    """A heading, the summary as a list, and a table of changes for each table."""
    return "\n".join(_markdown(difference)) + "\n"


def _markdown(difference: Difference) -> Iterator[str]:
    yield f"# {plain(difference.old)} → {plain(difference.new)}\n"
    yield from (f"- {plain(line)}" for line in summary(difference)) if difference else ("No difference.",)
    for table, changes in _by_table(difference):
        yield f"\n## {plain(table)}\n"
        yield "| row | change | field | old | new |"
        yield "|---|---|---|---|---|"
        for change in changes:
            cells = (change.key, change.change, change.field, change.old or "", change.new or "")
            yield "| " + " | ".join(plain(cell) for cell in cells) + " |"


def as_html(difference: Difference) -> str:
    """A page of its own, without script: removed cells struck through in red, added ones in green."""
    return "\n".join(_html(difference)) + "\n"


_STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #bbb;padding:.2em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
del{background:#fdd;color:#700}ins{background:#dfd;color:#040;text-decoration:none}"""


def _html(difference: Difference) -> Iterator[str]:
    title = html.escape(f"{difference.old} → {difference.new}")
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>'
    yield f"<h1>{title}</h1><ul>"
    yield from (f"<li>{html.escape(line)}</li>" for line in (summary(difference) if difference else ["No difference."]))
    yield "</ul>"
    for table, changes in _by_table(difference):
        yield f"<h2>{html.escape(table)}</h2><table><tr><th>row</th><th>change</th><th>field</th><th>old</th><th>new</th></tr>"
        for change in changes:
            tag = {"added": "ins", "removed": "del", "changed": "span"}[change.change]
            old = f"<del>{html.escape(change.old)}</del>" if change.old is not None else ""
            new = f"<ins>{html.escape(change.new)}</ins>" if change.new is not None else ""
            row = f"<{tag}>{html.escape(change.key)}</{tag}>"
            yield f"<tr><td>{row}</td><td>{change.change}</td><td>{html.escape(change.field)}</td><td>{old}</td><td>{new}</td></tr>"
        yield "</table>"
    yield "</body></html>"


def _by_table(difference: Difference) -> Iterator[tuple[str, list[Change]]]:
    for table, changes in groupby(difference.rows, key=lambda change: change.table):
        yield table, list(changes)


FORMATS: dict[str, Callable[[Difference], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown, "html": as_html}
