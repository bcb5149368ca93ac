"""What a connection of ours may not do: read or write files elsewhere, load extensions, change its configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    # A query could else read any variable of the Python that runs it.
    "python_enable_replacements": "false",
}
"""How connections are opened."""


def confine(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """From here on the connection reads and writes files below these folders alone, and none of this can be undone."""
    whole = [str(folder.resolve()) for folder in folders]
    # A path in which `[` stands for itself is compared as it is written.
    allowed = ", ".join(text(path) for path in dict.fromkeys([*whole, *map(literal, whole)]))
    connection.execute(f"set allowed_directories = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def literal(path: str) -> str:
    """A path in which `*`, `?` and `[` stand for themselves."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def text(value: str) -> str:
    """A value as SQL text."""
    return "'" + value.replace("'", "''") + "'"
