"""The lake: cleaned rows as Parquet, one file per export file and table, and the manifest of their digests."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

MANIFEST = "manifest.json"


def write_manifest(lake: Path, parts: dict[str, str]) -> None:
    """Record the digest of each part that this run wrote, and remove the parts of earlier runs.

    parts: name below the lake -> path of the export file that it comes from.
    """
    lake.mkdir(parents=True, exist_ok=True)
    entries = {name: {"export": export, "sha256": _digest(lake / name)} for name, export in sorted(parts.items())}
    partial = lake / f"{MANIFEST}.partial"
    partial.write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, lake / MANIFEST)
    for file in lake.glob("*/*"):
        if file.relative_to(lake).as_posix() not in entries:
            file.unlink()


def changed_files(lake: Path) -> list[str]:
    """Parts whose bytes are not those that were written; Parquet would read a flipped bit as a wrong value in silence."""
    manifest = lake / MANIFEST
    if not manifest.exists():
        return []
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    return [n for n, e in entries.items() if not (lake / n).exists() or _digest(lake / n) != e["sha256"]]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
