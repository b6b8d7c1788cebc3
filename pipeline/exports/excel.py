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
from xlsxwriter.exceptions import FileCreateError
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
_NEVER, _LINE = "1980-01-01", 110
_WIDTHS = {"string": 28, "integer": 9, "number": 9, "boolean": 9, "date": 11}


def write(published: Published, folder: Path) -> None:
    """Make ``<name>.xlsx``."""
    package = published.package
    specs = sorted(published.specs.values(), key=lambda spec: spec.kind != "view")  # what is easiest to read comes first
    sheets = fitted([spec.name for spec in specs], NAME)
    try:
        with xlsxwriter.Workbook(folder / f"{package.name}.xlsx") as workbook:
            workbook.set_properties(
                {
                    "title": package.title,
                    "author": ", ".join(str(contributor["title"]) for contributor in package.contributors),
                    "comments": published.about["how to cite"],
                    "created": datetime.fromisoformat(package.released or _NEVER),
                }
            )
            bold, day = workbook.add_format({"bold": True, "valign": "top"}), workbook.add_format({"num_format": "yyyy-mm-dd"})
            wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "indent": 1})
            _readme(workbook.add_worksheet(README), published, sheets, bold, wrapped)
            _dictionary(workbook, published, sheets, bold, wrapped)
            pages = {name: workbook.add_worksheet(title) for name, title in sheets.items()}
            for name, spec in published.specs.items():
                _table(pages[name], spec, published.frames[name], bold, day)
    except FileCreateError as error:
        raise OSError(f"{package.name}.xlsx cannot be written: {error}") from error


def _readme(sheet: Worksheet, published: Published, sheets: Mapping[str, str], bold: Format, wrapped: Format) -> None:
    explained = (
        f"The sheets whose names begin with flat_ have labels beside references and are the place to begin. What every column means: "
        f"sheet {DICTIONARY}. An empty cell is missing; NA is data. Dates before March 1900 stand as text, because Excel cannot count them."
    )
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, _LINE)
    for row, (item, value) in enumerate({**published.about, "how to read it": explained}.items()):
        sheet.set_row(row, 15 * -(-len(value) // (_LINE - 10)))  # not every program makes room for a text of several lines
        sheet.write_string(row, 0, item.capitalize(), bold)
        sheet.write_string(row, 2, value, wrapped)
    row += 2
    for column, heading in enumerate(("Sheet", "Rows", "One row is")):
        sheet.write_string(row, column, heading, bold)
    for name, title in sheets.items():
        row += 1
        sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
        sheet.write_number(row, 1, published.frames[name].height)
        sheet.write_string(row, 2, published.specs[name].description, wrapped)


def _dictionary(workbook: Workbook, published: Published, sheets: Mapping[str, str], bold: Format, wrapped: Format) -> None:
    sheet = workbook.add_worksheet(DICTIONARY)
    headings = ("sheet", "column", "title", "type", "required", "unit", "vocabulary", "refers to", "description")
    for place, (heading, width) in enumerate(zip(headings, (24, 24, 24, 9, 9, 9, 18, 22, 100), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    row = 0
    for name, title in sheets.items():
        for column in published.specs[name].columns:
            row += 1
            target = ".".join(column.reference) if column.reference else ""
            required = "yes" if column.required else ""
            cells = (title, column.name, column.title, column.type, required, column.unit or "", column.vocabulary or "", target)
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
