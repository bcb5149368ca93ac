"""The folder that the product writes to: where things are in it, whose turn it is, and the versions before this one."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import filelock

LOCK, HOLDER = "run.lock", "run.json"
VERSION = re.compile(r"warehouse-(\d{6,})\.duckdb")


class LockedError(Exception):
    """Another run is at work in this home; the message says which and since when."""


@dataclass(frozen=True)
class Home:
    """The folder that the product writes to."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The published warehouse."""
        return self.folder / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        """The published reports."""
        return self.folder / "reports"

    @property
    def lake(self) -> Path:
        """Cleaned rows as Parquet."""
        return self.folder / "lake"

    @property
    def versions(self) -> Path:
        """Warehouses that were published before, by number, the newest with the largest."""
        return self.folder / "versions"

    @property
    def work(self) -> Path:
        """What a run is building; emptied under the lock."""
        return self.folder / "work"

    @property
    def dagster(self) -> Path:
        """The run history."""
        return self.folder / "dagster"

    @contextmanager
    def lock(self, wait_minutes: float = 0) -> Iterator[None]:
        """Hold the home for one run; raises LockedError when another one still does after so many minutes.

        The lock is the operating system's: it is free again the moment its holder ends, however it ends.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.folder / LOCK)
        try:
            lock.acquire(timeout=wait_minutes * 60)
        except filelock.Timeout as error:
            raise LockedError(
                f"{self._holder()} is at work in {self.folder}; wait for it to end (--wait MINUTES does that), or choose"
                " another --home"
            ) from error
        try:
            self._sign()
            yield
        finally:
            (self.folder / HOLDER).unlink(missing_ok=True)
            lock.release()

    def clean_work(self) -> None:
        """Remove what a run that was killed has left; only who holds the lock may do that."""
        shutil.rmtree(self.work, ignore_errors=True)
        private(self.work)

    def keep_version(self) -> None:
        """Let the published warehouse stay under a number of its own when the next one takes its place."""
        if not self.warehouse.exists():
            return
        private(self.versions)
        number = max((n for n, _ in self.kept_versions()), default=0) + 1
        target = self.versions / f"warehouse-{number:06}.duckdb"
        try:
            os.link(self.warehouse, target)
        except OSError:
            # A file system without hard links.
            shutil.copyfile(self.warehouse, target)

    def prune_versions(self, keep: int) -> None:
        """Remove all but the newest versions before the published one."""
        versions = self.kept_versions()
        for _, path in versions[: max(len(versions) - keep, 0)]:
            path.unlink()
        if self.versions.is_dir() and not any(self.versions.iterdir()):
            self.versions.rmdir()

    def kept_versions(self) -> list[tuple[int, Path]]:
        """The versions before the published one with their numbers, oldest first: numbers, since a clock may jump."""
        found = [(VERSION.fullmatch(p.name), p) for p in self.versions.glob("*")] if self.versions.is_dir() else []
        return sorted((int(match[1]), path) for match, path in found if match)

    def _sign(self) -> None:
        said = {"process": os.getpid(), "machine": socket.gethostname(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M}"}
        (self.folder / HOLDER).write_text(json.dumps(said), encoding="utf-8")

    def _holder(self) -> str:
        # It may be gone, or half written, by the time it is read.
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads((self.folder / HOLDER).read_text(encoding="utf-8"))
            return f"another run (process {said['process']} on {said['machine']}, since {said['since']} UTC)"
        return "another run"


def private(folder: Path) -> None:
    """Make a folder that its owner alone can look into: it holds what exports say of people, rejected rows included."""
    folder.mkdir(parents=True, exist_ok=True)
    # A shared or mounted folder may not let itself be closed.
    with suppress(PermissionError):
        folder.chmod(0o700)
