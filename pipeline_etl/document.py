"""A report with its numbers, before anyone has decided whether it becomes a page, a workbook or paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline_etl.beyond import Beyond
from pipeline_etl.formats import Formats

Choice = Mapping[str, str]
"""What a part belongs to: dimension -> value, such as {"pipeline": "Sales"}; a period is `quarter-2026-04-01`."""


@dataclass(frozen=True)
class Target:
    """Where a number leads: the name of a query of rows, and what its rows must have: column -> value.

    sums: the column of which the number is the sum; '' where it is the number of rows.
    """

    name: str
    of: Choice
    sums: str = ""


@dataclass(frozen=True)
class Asked:
    """What the numbers of a document ask of each query of rows, noted as they are made."""

    _found: dict[str, dict[frozenset[tuple[str, str]], Choice]] = field(default_factory=dict)

    def note(self, target: Target) -> Target:
        """The target, known from now on."""
        self._found.setdefault(target.name, {})[frozenset(target.of.items())] = target.of
        return target

    def of(self, name: str) -> Collection[Choice]:
        """What is asked of one query, each but once."""
        return self._found.get(name, {}).values()


def text(value: Any) -> str:
    """A value as links name it; what is unknown is the empty text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def is_default(choice: Choice, per: Sequence[str]) -> bool:
    """Whether a part is shown where nothing has been chosen: of what is shown one at a time, that of all."""
    return all(choice.get(dimension) == "all" for dimension in per)


@dataclass(frozen=True)
class Column:
    """A column of a table: `kind` is one of formats.KINDS, `meaning` what the warehouse says of it, or ''."""

    name: str
    heading: str
    kind: str
    meaning: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values are written to the right."""
        return self.kind in ("number", "money", "percent", "days")


@dataclass(frozen=True)
class Row:
    """A row of a table: values by column, and for each column that leads to rows, to which."""

    values: Mapping[str, Any]
    choice: Choice
    links: Mapping[str, Target]


@dataclass(frozen=True)
class Table:
    """Rows with typed values. by: the column whose values are groups, or ''. per: dimensions shown one value at a time.

    first: the length of the periods in sight where none is chosen, or '' for all.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    by: str = ""
    per: Sequence[str] = ()
    first: str = ""

    @property
    def shown(self) -> list[Column]:
        """The columns that a page shows: what all rows in sight have in common is said by their group or the choice."""
        hidden = {self.by, *self.per, *(("period_start",) if "period" in self.per else ())}
        return [c for c in self.columns if c.name not in hidden]


@dataclass(frozen=True)
class Details:
    """The rows behind numbers: those that are held, what is beyond them, and the query of them all.

    keys: the columns by which links choose; day: the one that places a row in a period, or ''. sums: columns that numbers are
    sums of. beyond: the rows that are not held, or None where all are.
    """

    table: Table
    keys: Sequence[str]
    day: str
    sums: Sequence[str]
    beyond: Beyond | None
    sql: str

    @property
    def total(self) -> int:
        """Rows of the query."""
        return len(self.table.rows) + (self.beyond.rows if self.beyond else 0)


@dataclass(frozen=True)
class Tile:
    """One figure: its value with its unit (one of formats.KINDS), and what it is of, as HTML."""

    label: str
    unit: str
    value: Any
    shown: str
    note: str
    link: Target | None = None


@dataclass(frozen=True)
class Tiles:
    """Sets of tiles, of which one is shown at a time."""

    per: Sequence[str]
    sets: Sequence[tuple[Choice, Sequence[Tile]]]


@dataclass(frozen=True)
class Prose:
    """A paragraph as HTML, in as many versions as there are values of `per`; one is shown at a time.

    is_computed: whether it depends on the numbers.
    """

    per: Sequence[str]
    versions: Sequence[tuple[Choice, str]]
    is_computed: bool


@dataclass(frozen=True)
class Chart:
    """One drawing: see charts.draw for its rows; `alt` says the same in words, `now` the last value of a line."""

    key: Any
    kind: str
    heading: str
    now: str
    alt: str
    rows: Sequence[Mapping[str, Any]]
    top: float
    longest: int
    ticks: Mapping[float, str]
    choice: Choice
    link: Target | None = None


@dataclass(frozen=True)
class Charts:
    """Drawings of one query, and its rows."""

    charts: Sequence[Chart]
    table: Table
    per: Sequence[str] = ()


@dataclass(frozen=True)
class Empty:
    """A query without rows."""

    text: str


Part = Prose | Tiles | Table | Details | Charts | Empty


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Document:
    """One report in one language. asked: by all its links. as_of and started_at are UTC; exports: name of the folder, or ''."""

    name: str
    title: str
    formats: Formats
    sections: Sequence[Section]
    asked: Asked = field(default_factory=Asked)
    as_of: datetime | None = None
    started_at: datetime | None = None
    exports: str = ""

    @property
    def language(self) -> str:
        """ISO 639 code."""
        return self.formats.language
