"""The lake: what each export file became, as Parquet, kept from run to run under the digest of all that decides it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline_etl.digests import digest

MANIFEST = "manifest.json"
ENTRIES = "entries"


@dataclass
class Found:
    """What the rows of one file became before older copies are set aside.

    last_row: line on which the last whole row begins. filled: column -> how many cells of it, and the newest time (`filling`).
    """

    lines: int = 0
    rows: int = 0
    kept: int = 0
    rejected: int = 0
    unreadable_values: int = 0
    date_order: str = ""
    decimal_mark: str = ""
    last_row: int = 0
    filled: dict[str, tuple[int, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One file that has been read. name: digest of its bytes and how they are read; digests: table -> sha256 of its part."""

    name: str
    found: Found
    digests: Mapping[str, str]


@dataclass
class Lake:
    """Entries by name: `TABLE/NAME.parquet` for each table that a file has rows for, and `entries/NAME.json`, written last.

    damaged: parts found with other bytes than were written, below the folder; their files are read again.
    """

    folder: Path
    damaged: list[str] = field(default_factory=list)

    def part(self, table: str, name: str) -> Path:
        """Where the rows of an entry for a table lie: never by the export's own name."""
        return self.folder / table / f"{name}.parquet"

    def find(self, name: str) -> Entry | None:
        """The entry of that name, each of its parts whole to the last bit; None where the file has to be read."""
        record = self._record(name)
        try:
            said = json.loads(record.read_bytes())
            body = said["entry"]
            if said["sha256"] != _digest_of(body):
                raise ValueError
            entry = Entry(name, Found(**body["found"]), body["digests"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            # A flipped bit may leave any text.
            self.damaged.append(self._below(record))
            return None
        changed = [self.part(t, name) for t, sha256 in entry.digests.items() if not _is_whole(self.part(t, name), sha256)]
        self.damaged += map(self._below, changed)
        return None if changed else entry

    def keep(self, name: str, found: Found, tables: Sequence[str]) -> Entry:
        """Enter what has been read into these tables' parts."""
        entry = Entry(name, found, {t: digest(self.part(t, name)) for t in tables})
        body = {"found": asdict(found), "digests": dict(entry.digests)}
        _write(self._record(name), {"entry": body, "sha256": _digest_of(body)})
        return entry

    def publish(self, read: Mapping[str, tuple[Entry, Sequence[str]]]) -> None:
        """Write the manifest of a run, and remove what belongs to none of its files.

        read: entry name -> the entry, and the paths of the exports that it is of.
        """
        files = {
            self._below(file): {"exports": list(exports), "sha256": digest(file) if sha256 is None else sha256}
            for entry, exports in read.values()
            for file, sha256 in [
                *((self.part(t, entry.name), sha256) for t, sha256 in entry.digests.items()), (self._record(entry.name), None)
            ]
        }  # fmt: skip
        _write(self.folder / MANIFEST, dict(sorted(files.items())))
        for file in self.folder.glob("*/*"):
            if self._below(file) not in files:
                file.unlink()
        for emptied in self.folder.glob("*/"):
            if not any(emptied.iterdir()):
                emptied.rmdir()

    def _record(self, name: str) -> Path:
        return self.folder / ENTRIES / f"{name}.json"

    def _below(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()


class Part:
    """One Parquet file of the lake, written block by block, complete under its name or not there at all."""

    def __init__(self, path: Path, empty: pl.DataFrame, key: Sequence[str] = ()) -> None:
        """empty: no rows, with the columns and types of the part; key: columns whose texts do not repeat."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._empty = path, empty
        self._partial = path.with_suffix(".partial")
        self._schema = _arrow(empty).schema
        repeating = [c for c, kind in empty.schema.items() if kind == pl.String and c not in key]
        self._writer = pq.ParquetWriter(
            self._partial, self._schema, compression="lz4", write_statistics=False, use_dictionary=repeating
        )
        # Writing takes as long as cleaning: it goes on beside the next block, never more than one behind.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[None] | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of a frame that has the columns of the part."""
        if self._writing:
            self._writing.result()
        whole = frame.select(self._empty.columns)
        self._writing = self._thread.submit(lambda: self._writer.write_table(_arrow(whole).cast(self._schema)))

    def __enter__(self) -> Part:
        return self

    def __exit__(self, kind: type | None, error: object, trace: object) -> None:
        try:
            if kind is None and self._writing:
                self._writing.result()
        finally:
            self._thread.shutdown()
            self._writer.close()
            if kind is not None:
                self._partial.unlink(missing_ok=True)
        if kind is None:
            self._partial.replace(self._path)


def changed_files(lake: Path) -> list[str]:
    """Files of the manifest whose bytes are not those that were written; Parquet would read a flipped bit as a wrong value."""
    manifest = lake / MANIFEST
    if not manifest.exists():
        return []
    try:
        files = {name: entry["sha256"] for name, entry in json.loads(manifest.read_bytes()).items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return [MANIFEST]
    return [name for name, sha256 in files.items() if not _is_whole(lake / name, sha256)]


def _is_whole(path: Path, sha256: str) -> bool:
    return path.exists() and digest(path) == sha256


def _digest_of(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, path)


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
