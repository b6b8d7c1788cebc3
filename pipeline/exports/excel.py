"""One Excel workbook for those who look: a sheet that says what it is, a data dictionary, and a sheet for each table and flat view.

Every text is written as text: nothing in the workbook is a formula or becomes a link. Dates are dates, but for those before March 1900,
which Excel cannot count rightly and which stand as text (``1815-06-09``). A text that is longer than a cell holds, or a whole number
that Excel would round, is refused; other numbers have the sixteen digits that the format keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.exports.names import fitted
from pipeline.exports.published import Published, Unfit, check_exact
from pipeline.tables import TableSpec

MOST_CHARACTERS, MOST_ROWS, NAME = 32_767, 1_048_575, 31
FIRST_DAY = date(1900, 3, 1)
"""Before it, Excel counts a day that never was."""
README, DICTIONARY = "READ ME", "DATA DICTIONARY"
_NEVER = "1980-01-01"
_WIDTHS = {"string": 28, "integer": 9, "number": 9, "boolean": 9, "date": 11}


def write(published: Published, folder: Path) -> None:
    """Make ``<name>.xlsx``."""
    package = published.package
    sheets = fitted(published.specs, NAME)
    with xlsxwriter.Workbook(folder / f"{package.name}.xlsx") as workbook:
        workbook.set_properties(
            {
                "title": package.title,
                "author": ", ".join(str(contributor["title"]) for contributor in package.contributors),
                "comments": published.about["how to cite"],
                "created": datetime.fromisoformat(package.released or _NEVER),
            }
        )
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        _readme(workbook.add_worksheet(README), published, sheets, bold, wrapped)
        _dictionary(workbook, published, sheets, bold, wrapped)
        for name, spec in published.specs.items():
            _table(workbook.add_worksheet(sheets[name]), spec, published.frames[name], bold, day)


def _readme(sheet: Worksheet, published: Published, sheets: Mapping[str, str], bold: Format, wrapped: Format) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 110)
    row = 0
    for item, value in published.about.items():
        sheet.write_string(row, 0, item.capitalize(), bold)
        sheet.write_string(row, 2, value, wrapped)
        row += 1
    sheet.write_string(row, 0, "How to read it", bold)
    explained = (
        "An empty cell is missing; NA is data. Dates before March 1900 stand as text, because Excel cannot count them. "
        f"What every column means: sheet {DICTIONARY}. The sheets whose names begin with flat_ have labels beside references and are "
        "the place to begin."
    )
    sheet.write_string(row, 2, explained, wrapped)
    row += 2
    for column, heading in enumerate(("Sheet", "Rows", "One row is")):
        sheet.write_string(row, column, heading, bold)
    for name, spec in published.specs.items():
        row += 1
        sheet.write_url(row, 0, f"internal:'{sheets[name]}'!A1", string=sheets[name])
        sheet.write_number(row, 1, published.frames[name].height)
        sheet.write_string(row, 2, spec.description, wrapped)


def _dictionary(workbook: Workbook, published: Published, sheets: Mapping[str, str], bold: Format, wrapped: Format) -> None:
    sheet = workbook.add_worksheet(DICTIONARY)
    headings = ("sheet", "column", "title", "type", "required", "unit", "vocabulary", "refers to", "description")
    for place, (heading, width) in enumerate(zip(headings, (24, 24, 24, 9, 9, 9, 18, 22, 100), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    row = 0
    for name, spec in published.specs.items():
        for column in spec.columns:
            row += 1
            target = ".".join(column.reference) if column.reference else ""
            required = "yes" if column.required else ""
            cells = (sheets[name], column.name, column.title, column.type, required, column.unit or "", column.vocabulary or "", target)
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell)
            sheet.write_string(row, len(cells), column.description, wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(headings) - 1)


def _table(sheet: Worksheet, spec: TableSpec, frame: pl.DataFrame, bold: Format, day: Format) -> None:
    check_exact(spec.name, frame, "Excel")
    if frame.height > MOST_ROWS:
        raise Unfit(spec.name, MOST_ROWS, f"{spec.name} has {frame.height:,} rows, and a sheet holds {MOST_ROWS:,}")
    for place, column in enumerate(spec.columns):
        sheet.set_column(place, place, max(_WIDTHS[column.type], min(len(column.name) + 4, 28)))
        sheet.write_string(0, place, column.name, bold)
    for row, values in enumerate(frame.iter_rows()):
        for place, value in enumerate(values):
            if isinstance(value, str):
                _text(sheet, spec, row, place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row + 1, place, value)
            elif isinstance(value, date) and value >= FIRST_DAY:
                sheet.write_datetime(row + 1, place, value, day)
            elif isinstance(value, date):
                sheet.write_string(row + 1, place, value.isoformat())
            elif value is not None:
                sheet.write_number(row + 1, place, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, frame.height, len(spec.columns) - 1)


def _text(sheet: Worksheet, spec: TableSpec, row: int, place: int, value: str) -> None:
    length = len(value.encode("utf-16-le")) // 2  # as Excel counts
    if length > MOST_CHARACTERS:
        name = spec.columns[place].name
        raise Unfit(spec.name, row, f"{name} has {length:,} characters, and a cell of a workbook holds {MOST_CHARACTERS:,}")
    sheet.write_string(row + 1, place, value)
