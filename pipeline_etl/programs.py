"""Digests of programs: the modules that decide a result, and the versions of what they run on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path


def modules_behind(module: Path) -> list[Path]:
    """A module, and each module of its package that it or one of them imports, sorted."""
    root = _package(module)
    known, open_ends = set(), [module]
    while open_ends:
        file = open_ends.pop()
        if file not in known:
            known.add(file)
            found = re.findall(rf"^\s*from {root.name}\.([\w.]+) import", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            open_ends += [path for name in found if (path := root / f"{name.replace('.', '/')}.py").exists()]
    return sorted(known)


@cache
def program_digest(module: Path, libraries: Sequence[str] = ()) -> str:
    """A digest of a module with all behind it, and of the versions of these libraries; of all that is installed for ('*',)."""
    total = hashlib.sha256()
    for file in modules_behind(module):
        total.update(file.read_bytes())
    total.update(repr(_installed() if libraries == ("*",) else [(name, version(name)) for name in libraries]).encode())
    return total.hexdigest()


def _package(module: Path) -> Path:
    """The folder of the top package."""
    folder = module.parent
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder


@cache
def _installed() -> list[tuple[str, str]]:
    return sorted((d.metadata["Name"], d.version) for d in distributions())
