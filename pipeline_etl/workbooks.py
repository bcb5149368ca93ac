"""Excel and OpenDocument workbooks: each sheet's cells as texts, with the numbers of their rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline_etl.grids import Grid, GridWriter
from pipeline_etl.refusal import Refused


def read_workbook(file: Path, scratch: Path) -> list[tuple[str, Grid]]:
    """The sheets that hold anything, hidden ones too: name and cells, whose columns are called 1, 2, 3 …"""
    import python_calamine as calamine

    found = []
    try:
        with calamine.CalamineWorkbook.from_path(str(file)) as book:
            for number, sheet in enumerate(book.sheets_metadata):
                if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                with GridWriter(scratch / f"sheet{number}", "Excel") as writer:
                    for line, row in enumerate(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1):
                        writer.add(line, {str(n): text(cell) for n, cell in enumerate(row, 1)})
                if writer.grid.rows:
                    found.append((sheet.name, writer.grid))
    except calamine.PasswordError as error:
        raise Refused("the workbook is locked with a password; save it without one") from error
    # The reader of damaged workbooks may panic, which is no Exception in Python.
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused(f"the workbook cannot be read ({error}); save it again as XLSX or CSV") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Refused("the workbook is damaged; save it again as XLSX or CSV") from error
    if not found:
        raise Refused("the workbook is empty")
    return found


def text(cell: Any) -> str | None:
    """A cell as an export in text would have it; a number in its shortest exact form, never in the form of a grouped one."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else str(cell)
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def _number(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    digits = format(Decimal(repr(value)), "f")
    # 1.234 could be read as one thousand two hundred and thirty-four, 1.2340 cannot.
    return digits + "0" if len(digits.partition(".")[2]) == 3 else digits
