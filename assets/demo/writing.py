"""Write export files and keep count of what a reader must make of each row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path


class File:
    """One export file under way: `path` below the exports folder, and the fate of its rows."""

    def __init__(
        self, folder: Path, path: str, headings: Sequence[str], *,
        delimiter: str = ",", encoding: str = "utf-8", newline: str = "\n", quote_all: bool = False,
    ) -> None:  # fmt: skip
        self._path, self._headings, self._newline = path, headings, newline
        self._kept = self._rejected = self._duplicates = self._unreadable_values = 0
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # A letter that the encoding lacks arrives as "?", as it does from the tools themselves.
        self._stream = target.open("w", encoding=encoding, errors="replace", newline="")
        quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        self._writer = csv.writer(self._stream, delimiter=delimiter, lineterminator=newline, quoting=quoting)
        self._writer.writerow(headings)

    def keep(self, row: Mapping[str, object], unreadable: int = 0) -> None:
        """A row that must arrive, `unreadable` of its values as unknown."""
        self._write(row)
        self._kept += 1
        self._unreadable_values += unreadable

    def duplicate(self, row: Mapping[str, object]) -> None:
        """An older copy of a row that arrives."""
        self._write(row)
        self._duplicates += 1

    def reject(self, row: Mapping[str, object]) -> None:
        """A row that a reader must reject for one of its values."""
        self._write(row)
        self._rejected += 1

    def reject_text(self, line: str) -> None:
        """A line with more or fewer fields than headings."""
        self._stream.write(line + self._newline)
        self._rejected += 1

    def close(self) -> dict[str, object]:
        """Finish the file; returns its line of the truth."""
        self._stream.close()
        return {
            "path": self._path,
            "rows": self._kept + self._rejected + self._duplicates,
            "kept": self._kept,
            "rejected": self._rejected,
            "duplicates": self._duplicates,
            "unreadable_values": self._unreadable_values,
        }

    def _write(self, row: Mapping[str, object]) -> None:
        self._writer.writerow([row.get(heading) for heading in self._headings])


def stamp(moment: datetime) -> str:
    """A time as Salesforce's Data Loader writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def minute(moment: datetime) -> str:
    """A time as HubSpot's exports write it."""
    return f"{moment:%Y-%m-%d %H:%M}"
