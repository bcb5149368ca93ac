"""Formulas that several models share: one file of `sql/functions` is one function, inlined by DuckDB where it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb


class FunctionError(Exception):
    """A file of `sql/functions` cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Function:
    """name(arguments) = expression, and in one sentence what it is."""

    name: str
    arguments: tuple[str, ...]
    description: str
    expression: str

    @property
    def definition(self) -> str:
        """The statement that makes it known to one connection; nothing of it stays in the file."""
        return f"create or replace temp macro {self.name}({', '.join(self.arguments)}) as {self.expression}"


@cache
def read_functions(folder: Path) -> Sequence[Function]:
    """All functions of a folder; raises FunctionError."""
    return tuple(_read(path) for path in sorted(folder.glob("*.sql")))


def define(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the functions of a folder known to a connection."""
    for function in read_functions(folder):
        connection.execute(function.definition)


def _read(path: Path) -> Function:
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line[2:].strip() for line in lines if line.startswith("--")]
    arguments = next((c.removeprefix("arguments:") for c in comments if c.startswith("arguments:")), None)
    if arguments is None or not comments[0] or comments[0].startswith("arguments:"):
        raise FunctionError(f"{path}:1: begin with a comment that says what it is, and a line `-- arguments: a, b`")
    expression = "\n".join(line for line in lines if not line.startswith("--")).strip()
    description = " ".join(c for c in comments if c and not c.startswith("arguments:"))
    return Function(path.stem, tuple(a.strip() for a in arguments.split(",")), description, expression)
