"""A document as a workbook: an overview, then a sheet per table with real numbers and dates, and no formula anywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline_etl.document import Charts, Column, Details, Document, Part, Prose, Section, Table, Tiles, is_default

LONGEST_TEXT, LONGEST_NAME = 32_767, 31
WIDEST, NARROWEST, MEASURED = 60, 9, 300
DATE, MOMENT, COUNT = 14, 22, 3
"""Excel's own formats by number: each reader sees them as at home."""


def write(document: Document, path: Path) -> None:
    """Write the workbook; of what a page shows one at a time it holds everything, with the columns that tell which."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        # Without it the file would hold the time of its writing, and no two were the same.
        made = document.started_at or document.as_of or datetime(2000, 1, 1)
        workbook.set_properties({"title": document.title, "created": made})
        _Writer(workbook, document).all()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Legal and unique names of sheets for these texts: no []:*?/\\, at most 31 characters, no two alike but for case."""
    names: list[str] = []
    taken: set[str] = {"history"}
    for text in wanted:
        base = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", text)).strip(" '") or "–"
        name, number = base[:LONGEST_NAME].strip(" '"), 1
        while name.casefold() in taken:
            number += 1
            name = f"{base[: LONGEST_NAME - 1 - len(str(number))].strip()} {number}"
        taken.add(name.casefold())
        names.append(name)
    return names


class _Writer:
    """Writes one document into one workbook."""

    def __init__(self, workbook: Any, document: Document) -> None:
        self.workbook, self.document, self.words = workbook, document, document.formats.words
        currency = re.sub(r"[^A-Z]", "", document.formats.currency)
        # The code of the currency reads alike everywhere; where a sign stands depends on the reader.
        money = f'#,##0.00 "{currency}"' if currency else "#,##0.00"
        kinds = {"day": DATE, "moment": MOMENT, "percent": "0.0%", "days": "#,##0.0", "money": money, "number": COUNT}
        self.formats = {k: workbook.add_format({"num_format": f, "valign": "top"}) for k, f in kinds.items()}
        self.fraction = workbook.add_format({"num_format": "#,##0.0##", "valign": "top"})
        self.left = {k: workbook.add_format({"num_format": f, "valign": "top", "align": "left"}) for k, f in kinds.items()}
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.heading = workbook.add_format({"bold": True, "font_size": 12, "valign": "top"})
        self.header = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": "#F2F5F6"}
        )

    def all(self) -> None:
        """The overview and every table."""
        found = [(section, before, table) for section in self.document.sections for before, table in _tables(section)]
        titles = self.words.get("sheets", {})
        wanted = [titles.get(table.name, section.heading) for section, _, table in found]
        overview, *names = sheet_names([self.words["workbook"]["overview"], *wanted])
        self._overview(overview, [(name, before) for name, (_, before, _) in zip(names, found, strict=True)])
        for name, (_, _, table) in zip(names, found, strict=True):
            self._sheet(name, table)

    def _overview(self, name: str, sheets: list[tuple[str, str]]) -> None:
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        for column, width in enumerate((34, 18, 90)):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, self.document.title, self.title)
        line = 1
        facts = ((self.words["page"]["as_of"], self.document.as_of), (self.words["page"]["from"], self.document.exports))
        for label, value in facts:
            if value:
                sheet.write_string(line, 0, label)
                self._write(sheet, line, 1, value, "moment" if isinstance(value, datetime) else "text", self.left)
                line += 1
        for section in self.document.sections:
            line += 1
            sheet.write_string(line, 0, section.heading, self.heading)
            line += 1
            for part in section.parts:
                line = self._said(sheet, line, part)
        line += 1
        sheet.write_string(line, 0, self.words["workbook"]["sheets"], self.heading)
        for line, (title, before) in enumerate(sheets, line + 1):  # noqa: B020
            sheet.write_url(line, 0, "internal:'{}'!A1".format(title.replace("'", "''")), string=title)
            sheet.write_string(line, 2, before, self.text)

    def _said(self, sheet: Any, line: int, part: Part) -> int:
        """The sentences and tiles that a page shows where nothing is chosen; returns the next line."""
        if isinstance(part, Prose):
            for choice, html in part.versions:
                if is_default(choice, part.per) and (words := _plain(html)):
                    sheet.merge_range(line, 0, line, 2, "", self.text)
                    sheet.write_string(line, 0, words[:LONGEST_TEXT], self.text)
                    # Merged cells do not grow by themselves; about 135 characters fit into one line.
                    sheet.set_row(line, 15 * math.ceil(len(words) / 125))
                    line += 1
        elif isinstance(part, Tiles):
            for tile in (tile for choice, tiles in part.sets if is_default(choice, part.per) for tile in tiles):
                sheet.write_string(line, 0, tile.label, self.text)
                self._write(sheet, line, 1, tile.value, tile.unit, self.left)
                sheet.write_string(line, 2, _plain(tile.note), self.text)
                line += 1
        return line

    def _sheet(self, name: str, table: Table) -> None:
        sheet = self.workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        for n, column in enumerate(table.columns):
            sheet.write_string(0, n, column.heading, self.header)
            if column.meaning:
                sheet.write_comment(0, n, column.meaning, {"author": "", "x_scale": 2, "y_scale": 0.8})
            sheet.set_column(n, n, self._width(column, table))
            for line, row in enumerate(table.rows, 1):
                value = row.values[column.name]
                shown = self.document.formats.word(value, column.name) if isinstance(value, str) else value
                self._write(sheet, line, n, shown, column.kind, self.formats)

    def _width(self, column: Column, table: Table) -> float:
        shown = (self.document.formats.cell(column.name, row.values[column.name]) for row in table.rows[:MEASURED])
        longest = max((len(text) for text in shown), default=0)
        # The filter's arrow covers the end of the heading, and amounts have cents and their currency here.
        room = {"money": 8, "moment": 4}.get(column.kind, 2)
        heading = max(len(word) for word in column.heading.split()) + 4 if column.heading.split() else 0
        return min(max(longest + room, heading, NARROWEST), WIDEST)

    def _write(self, sheet: Any, line: int, column: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(line, column, value, self.text)
        elif isinstance(value, date) and value.year >= 1900:
            sheet.write_datetime(line, column, value, formats["moment" if isinstance(value, datetime) else "day"])
        elif isinstance(value, int | float | Decimal) and math.isfinite(value):
            whole = kind == "number" and float(value).is_integer()
            sheet.write_number(
                line, column, value, formats.get(kind, self.fraction) if kind != "number" or whole else self.fraction
            )
        else:
            # Never `write`: it would take =HYPERLINK(...) from an export for a formula.
            sheet.write_string(line, column, str(value)[:LONGEST_TEXT], self.text)


def _tables(section: Section) -> Iterator[tuple[str, Table]]:
    """The tables of a section, each with the paragraph before it."""
    before = section.heading
    for part in section.parts:
        if isinstance(part, Prose):
            before = next((_plain(html) for choice, html in part.versions if is_default(choice, part.per)), before)
        elif isinstance(part, Table):
            yield before, part
        elif isinstance(part, Charts | Details):
            yield before, part.table


def _plain(html: str) -> str:
    from markupsafe import Markup

    return Markup(html).striptags()
