"""New exports: whether the files of the folder are whole, and whether what they hold has been published.

One look alone cannot tell a whole file from one that is being written. So a folder counts as settled when two looks in a row
saw the same sizes and times, and nothing in it was touched within the last seconds. Only then is anything read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb

from pipeline_etl.digests import digest
from pipeline_etl.exports import PASSING, find_files
from pipeline_etl.home import Home

QUIET = 20
"""Seconds for which nothing in the folder has been touched."""
SECONDS_TO_READ = 25.0
"""After which the digests of what is new go on at the next look: Dagster gives a sensor a minute."""
RSYNC = r"\..+\.\w{6}"
"""How rsync calls a file that it is still writing."""


@dataclass(frozen=True)
class File:
    """A file as a look sees it; path is below the folder, with `/`."""

    path: str
    size: int
    modified: int


@dataclass(frozen=True)
class Seen:
    """What is known from the looks before: the state of the folder at the last one, and the last that was dealt with."""

    look: str = ""
    handled: str = ""

    @classmethod
    def read(cls, text: str | None) -> Seen:
        """From the text of a cursor; empty where it is not ours."""
        try:
            known = json.loads(text or "{}")
            look, handled = known["look"], known["handled"]
        except (ValueError, KeyError, TypeError):
            return cls()
        return cls(look, handled) if isinstance(look, str) and isinstance(handled, str) else cls()

    def written(self) -> str:
        """The text of a cursor."""
        return json.dumps({"look": self.look, "handled": self.handled})


@dataclass(frozen=True)
class Found:
    """What a look led to: the key of a run to start, or the reason why there is none."""

    key: str = ""
    reason: str = ""


class Digests:
    """sha256 of files, read once as long as size and time stay the same."""

    def __init__(self) -> None:
        self._known: dict[File, str] = {}

    def of(self, folder: Path, files: Iterable[File]) -> dict[File, str]:
        """As many as can be had within SECONDS_TO_READ; all of them at some later call."""
        files, until = list(files), time.monotonic() + SECONDS_TO_READ
        self._known = {f: self._known[f] for f in files if f in self._known}
        for file in files:
            if file not in self._known and time.monotonic() < until:
                self._known[file] = digest(folder / file.path)
        return dict(self._known)


def examine(folder: Path, home: Home, seen: Seen, digests: Digests, now: float) -> tuple[Seen, Found]:
    """Look at the exports folder: what to remember, and whether a run is to start. now: seconds since 1970."""
    if not folder.is_dir():
        return Seen(handled=seen.handled), Found(reason=f"there is no such folder: {folder}")
    exports, passing = _listing(folder)
    state = _fingerprint(exports)
    look = Seen(_fingerprint([*exports, *passing]), seen.handled)
    if not exports:
        return look, Found(reason="there are no files in the folder")
    if state == seen.handled:
        return look, Found(reason="nothing new in the folder")
    # A time in the future is another clock's, and says nothing about now.
    touched = any(0 <= now - f.modified / 1e9 < QUIET for f in (*exports, *passing))
    if look.look != seen.look or touched:
        return look, Found(reason="files are still arriving; another look will tell")
    try:
        sums = digests.of(folder, exports)
    except OSError as error:
        return look, Found(reason=f"{error.filename}: {error.strerror}; another look will tell")
    if len(sums) < len(exports):
        return look, Found(reason=f"reading what is new: {len(sums)} of {len(exports)} files")
    handled = Seen(look.look, state)
    published, begun = _published(home)
    # Beside a run whose clock was ahead, whatever is younger seems to be older.
    known_until = begun if begun <= now else 0.0
    if all(_is_published(f, sums[f], published, known_until) for f in exports):
        return handled, Found(reason="what lies in the folder is published")
    return handled, Found(key=_key({f.path: sums[f] for f in exports}, begun))


def _listing(folder: Path) -> tuple[list[File], list[File]]:
    """What a run would read, mapping files included; and what programs are writing or have left behind."""
    exports, passing = [], []
    hidden = (f for f in folder.rglob(".*") if re.fullmatch(RSYNC, f.name) and f.is_file())
    for path in (*find_files(folder), *sorted(folder.rglob("*mapping.toml")), *sorted(hidden)):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        is_passing = path.name.startswith(("~$", ".")) or path.name.lower().endswith(PASSING)
        found = File(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns)
        (passing if is_passing else exports).append(found)
    return exports, passing


def _fingerprint(files: Iterable[File]) -> str:
    text = "\n".join(f"{f.path}\0{f.size}\0{f.modified}" for f in files)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _key(content: Mapping[str, str], begun: float) -> str:
    """The same for the same content on top of the same publication: content that comes back later is new again."""
    text = "\n".join(f"{path}\0{sha}" for path, sha in sorted(content.items()))
    return hashlib.sha256(f"{begun}\n{text}".encode(errors="surrogateescape")).hexdigest()[:32]


def _published(home: Home) -> tuple[dict[str, list[tuple[str | None, int]]], float]:
    """Path of a file or of a part of it -> digest and size of the file, as published; and when that run began."""
    if not home.warehouse.exists():
        return {}, 0.0
    try:
        with duckdb.connect(str(home.warehouse), read_only=True) as connection:
            rows = connection.execute("select path, sha256, bytes from quality.files").fetchall()
            ((begun,),) = connection.execute("select started_at from settings.run").fetchall()
    except (duckdb.Error, ValueError):
        return {}, 0.0
    found: dict[str, list[tuple[str | None, int]]] = {}
    for path, sha, size in rows:
        # `all.zip/deals.csv` and `book.xlsx#Deals` are parts of a file; which of the names is the file, the folder knows.
        for name in (path, *(path[: cut.start()] for cut in re.finditer("[/#]", path))):
            found.setdefault(name, []).append((sha, size))
    return found, begun.replace(tzinfo=UTC).timestamp()


def _is_published(file: File, sha: str, published: Mapping[str, list[tuple[str | None, int]]], until: float) -> bool:
    if os.path.basename(file.path).endswith(".toml"):
        return file.modified / 1e9 <= until
    parts = published.get(file.path, [])
    # What could not be read has no digest.
    return bool(parts) and all(known == sha if known else size == file.size for known, size in parts)
