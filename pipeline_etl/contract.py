"""Contracts: what one kind of export holds, said once.

A contract drives everything that happens to its files: recognising them by their headings, cleaning, rejecting,
the DDL, the Great Expectations suite, the Dagster columns tab and the data dictionary. It knows no Dagster.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from pipeline_etl.currencies import in_heading


@dataclass(frozen=True)
class Type:
    """What a column holds once cleaned: its name in messages, its DuckDB type and its Polars type."""

    name: str
    sql: str
    polars: pl.DataType


String = Type("text", "VARCHAR", pl.String())
Email = Type("e-mail address", "VARCHAR", pl.String())
Money = Type("amount of money", "DECIMAL(18,4)", pl.Decimal(18, 4))
Number = Type("number", "DOUBLE", pl.Float64())
Integer = Type("whole number", "BIGINT", pl.Int64())
Percent = Type("percentage", "DOUBLE", pl.Float64())
"""A share, 0..1 once cleaned."""
Boolean = Type("yes or no", "BOOLEAN", pl.Boolean())
Date = Type("date", "DATE", pl.Date())
Timestamp = Type("date and time", "TIMESTAMP", pl.Datetime("us"))
"""Naive UTC, in microseconds."""


@lru_cache(maxsize=1 << 16)
def normalise(heading: str) -> str:
    """The form in which headings are compared: case, accents, blanks and punctuation do not count.

    `Create Date`, `createdate` and `Create_Date` are one heading; so are `Correo electrónico` and `correo electronico`, and
    `Amount spent (USD)` and `Amount spent`: there the currency is a value that stands in the heading.
    """
    if in_heading(heading):
        heading = heading.rstrip(" )]").rpartition("(" if heading.rstrip().endswith(")") else "[")[0]
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True)
class Column:
    """One column of a cleaned table.

    reads: the headings under which systems write it, any language, best first (compared by `normalise`).
    nullable: a required column (the default) without a readable value rejects its row; a nullable one is left empty, and
        a value that could not be read is kept in `quality.unreadable_values`.
    clean: a last step on the typed values, for example a canonical form of an id.
    otherwise: columns whose values joined with `|` stand in where the file has no such heading.
    scale: what a Percent without a percent sign is out of: 1 (0.25) or 100 (25); None to tell it from the file's values.
    currency: of Money, the column that says its currency; a sign beside the number or in the heading fills it.
    day_of: of a Date, the column of a time whose heading it reads too: the day as it was written, which in UTC may be another.
    one_of, between: a rule on the cleaned values; it warns and rejects nothing.
    """

    name: str
    type: Type
    meaning: str
    reads: Sequence[str] = ()
    nullable: bool = False
    clean: Callable[[pl.Expr], pl.Expr] | None = None
    otherwise: tuple[str, ...] = ()
    scale: float | None = 1
    currency: str = ""
    day_of: str = ""
    one_of: tuple[str, ...] = ()
    between: tuple[float, float] | None = None

    @property
    def headings(self) -> frozenset[str]:
        """All normalised headings of this column, its own name among them."""
        return frozenset(normalise(h) for h in (self.name, *self.reads))


@dataclass(frozen=True)
class Spread:
    """Headings that carry data: each matching column of a wide file becomes rows of a second table.

    headings: regular expressions whose named groups become text columns of that table, beside `position` (1, 2, 3 … from
        left to right, often the only place where an export says the order) and `value`, the cell.
    carries: columns of the wide row repeated on each of its rows.
    """

    table: str
    description: str
    headings: tuple[str, ...]
    value: Column
    carries: tuple[str, ...]
    groups: Mapping[str, str]

    def match(self, heading: str) -> dict[str, str] | None:
        """The named groups of the first expression that fits the whole heading, or None."""
        for expression in self.headings:
            if found := re.fullmatch(expression, heading.strip(), flags=re.IGNORECASE):
                return found.groupdict()
        return None


@dataclass(frozen=True, init=False)
class Contract:
    """One kind of export file of one system, and the cleaned table it becomes (`raw.<name>`).

    name: `<system>_<object>`; system: the first word of the name, unless said.
    key: the columns that identify a record; of several rows with one key the latest is kept.
    latest_by: the column that says which one is the latest; among equals the one read last.
    marks: groups of headings; of each group a file must have at least one to be taken for this contract.
    never: headings that no file of this contract has, though it may have all others.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    latest_by: str | None
    marks: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    spread: Spread | None
    system: str
    _by_heading: Mapping[str, Column] = field(repr=False, compare=False)

    def __init__(
        self,
        name: str,
        description: str,
        *columns: Column,
        key: tuple[str, ...] = (),
        latest_by: str | None = None,
        marks: tuple[tuple[str, ...], ...] = (),
        never: tuple[str, ...] = (),
        spread: Spread | None = None,
        system: str = "",
    ) -> None:
        names = [c.name for c in columns]
        if system and not name.startswith(f"{system}_"):
            raise ValueError(f"contract {name}: its name begins with its system, {system}_")
        said = [name for c in columns for name in (c.currency, c.day_of) if name]
        for wanted in (*key, *((latest_by,) if latest_by else ()), *(spread.carries if spread else ()), *said):
            if wanted not in names:
                raise ValueError(f"contract {name}: there is no column {wanted!r}; it has {', '.join(names)}")
        if len(set(names)) != len(names):
            raise ValueError(f"contract {name}: a column stands in it twice")
        by_heading: dict[str, Column] = {}
        for column in columns:
            for heading in column.headings:
                by_heading.setdefault(heading, column)
        for attribute, value in {
            "name": name,
            "description": description,
            "columns": columns,
            "key": key,
            "latest_by": latest_by,
            "marks": marks,
            "never": never,
            "spread": spread,
            "system": system or name.partition("_")[0],
            "_by_heading": by_heading,
        }.items():
            object.__setattr__(self, attribute, value)

    @property
    def object(self) -> str:
        """What the file holds: the rest of the name."""
        return self.name.removeprefix(f"{self.system}_")

    @property
    def required(self) -> tuple[Column, ...]:
        """Columns without which a file cannot be read as this contract."""
        return tuple(c for c in self.columns if not c.nullable and not c.otherwise)

    def reads(self, heading: str) -> Column | None:
        """The column that reads this heading, or None."""
        return self._by_heading.get(normalise(heading))

    def map(self, headings: Sequence[str]) -> dict[str, str]:
        """Which heading each column is read from: the best alias that the file has, each heading used once."""
        present: dict[str, str] = {}
        for heading in headings:
            present.setdefault(normalise(heading), heading)
        mapping = {}
        for column in self.columns:
            wanted = [normalise(h) for h in (*column.reads, column.name)]
            if found := next((present[h] for h in wanted if h in present), None):
                mapping[column.name] = found
        return mapping
