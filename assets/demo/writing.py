"""Write export files and keep count of what a reader must make of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass
class File:
    """One export file under way: `path` below the exports folder, and the fate of its rows."""

    path: str
    headings: Sequence[str]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    quote_all: bool = False
    kept: int = 0
    rejected: int = 0
    duplicates: int = 0
    unreadable_values: int = 0

    def __post_init__(self) -> None:
        self._text = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        self._writer = csv.writer(self._text, delimiter=self.delimiter, lineterminator=self.newline, quoting=quoting)
        self._writer.writerow(self.headings)

    def keep(self, row: Mapping[str, object], unreadable: int = 0) -> None:
        """A row that must arrive."""
        self._write(row)
        self.kept += 1
        self.unreadable_values += unreadable

    def duplicate(self, row: Mapping[str, object]) -> None:
        """An older copy of a row that arrives."""
        self._write(row)
        self.duplicates += 1

    def reject(self, row: Mapping[str, object]) -> None:
        """A row that a reader must reject for one of its values."""
        self._write(row)
        self.rejected += 1

    def reject_text(self, line: str) -> None:
        """A line that is no row at all."""
        self._text.write(line + self.newline)
        self.rejected += 1

    def save(self, folder: Path) -> dict[str, object]:
        """Write the file; returns its line of the truth."""
        target = folder / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self._text.getvalue().encode(self.encoding, errors="replace"))
        counts = {c: getattr(self, c) for c in ("kept", "rejected", "duplicates", "unreadable_values")}
        rows = self.kept + self.rejected + self.duplicates
        return {"path": self.path, "rows": rows, **counts}

    def _write(self, row: Mapping[str, object]) -> None:
        self._writer.writerow(["" if row.get(h) is None else row[h] for h in self.headings])


def stamp(moment: datetime | None) -> str:
    """A time as Salesforce's Data Loader writes it."""
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def minute(moment: datetime | None) -> str:
    """A time as HubSpot's exports write it."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
