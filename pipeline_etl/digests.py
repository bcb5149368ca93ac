"""Digests of files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(file: Path) -> str:
    """The sha256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
