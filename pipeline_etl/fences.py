"""A query of a report file: what to show of it, and how its rows can be chosen and followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.editions import PARAMETERS
from pipeline_etl.locale import PERIODS

CHARTS = ("bars", "dots", "lines")
SHOWN = ("nothing", "table", "tiles", "rows", *CHARTS)
COLUMN_OPTIONS = ("label", "value", "low", "high", "by")
LIST_OPTIONS = ("per", "on", "hide", "sums")
OPTIONS = {*COLUMN_OPTIONS, *LIST_OPTIONS, "optional", "dates", "first", "rows", "limit", "day"}


@dataclass(frozen=True)
class Link:
    """Where the numbers of a column lead: the rows of the query `target`, of those the ones whose columns have these values.

    sums: the column of which the number is the sum, or '' where it is their count.
    """

    target: str
    conditions: tuple[tuple[str, str], ...] = ()
    sums: str = ""


@dataclass(frozen=True)
class Fence:
    """One query and what to show of it; `tables` are those it reads, as schema.table, `parameters` what it names behind a $.

    per: dimensions of which one value is shown at a time. links: by column, and '' for all others. on: of `rows`, the columns
    by which links choose, or none for all that they share; sums: those of which numbers are the sum. hide: columns that nobody
    sees, there for links alone.
    """

    line: int
    name: str
    show: str
    options: Mapping[str, str]
    sql: str
    tables: frozenset[str]
    per: tuple[str, ...]
    links: Mapping[str, Link | None]
    parameters: frozenset[str] = frozenset()
    on: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()

    @classmethod
    def parse(cls, number: int, opening: str, sql: str) -> Fence:
        """One fence by its opening line, such as "```sql stages table by=pipeline"; raises ValueError."""
        name, show, *options = opening.removeprefix("```sql").split() + [""] * 2
        pairs = dict(o.partition("=")[::2] for o in options if o)
        if not name:
            raise ValueError("name the query behind ```sql, and say what to show of it")
        if show not in SHOWN:
            raise ValueError(f"{show!r} cannot be shown; write one of {', '.join(SHOWN)} behind {name!r}")
        if unknown := sorted(set(pairs) - OPTIONS):
            raise ValueError(f"{unknown[0]!r} is no option; the options are {', '.join(sorted(OPTIONS))}")
        if show in CHARTS and not {"label", "value"} <= set(pairs):
            raise ValueError("a chart needs label=column and value=column")
        if show == "tiles" and "by" in pairs:
            raise ValueError(f"tiles stand in no groups; write per={pairs['by']} to show one set at a time")
        if pairs.get("dates", "month") not in PERIODS:
            raise ValueError(f"dates={pairs['dates']} is no period; write one of {', '.join(PERIODS)}")
        if pairs.get("first", "month") not in PERIODS or ("first" in pairs and show != "table"):
            raise ValueError(
                f"first= is the period that a table shows at first; write one of {', '.join(PERIODS)} behind `table`"
            )
        if odd := next((o for o in ("on", "day", "sums") if o in pairs and show != "rows"), None):
            raise ValueError(f"{odd}= says how links choose and sum up rows; write it behind `rows`")
        if "limit" in pairs and (show != "rows" or not pairs["limit"].isdecimal()):
            raise ValueError("limit= is the number of rows that are in the page, behind `rows`")
        try:
            trees = sqlglot.parse(sql, dialect="duckdb")
        except sqlglot.errors.SqlglotError as error:
            raise ValueError(f"the query {name!r} cannot be parsed; try it in DuckDB: {sql.strip()[:60]!r}") from error
        if len(trees) != 1 or not isinstance(trees[0], ast.Query):
            raise ValueError(f"the query {name!r} must do nothing but read; write one select")
        parameters = frozenset(p.name for p in trees[0].find_all(ast.Placeholder, ast.Parameter))
        if unknown := sorted(parameters - set(PARAMETERS)):
            known = " and ".join(f"${p}" for p in PARAMETERS)
            raise ValueError(f"the query {name!r} names ${unknown[0]}; of the edition it may name {known}")
        tables = frozenset(f"{t.db}.{t.name}" for t in trees[0].find_all(ast.Table) if t.db)
        per, on, hide, sums = (tuple(c for c in pairs.get(o, "").split(",") if c) for o in LIST_OPTIONS)
        return cls(number, name, show, pairs, sql, tables, per, _links(pairs.get("rows", "")), parameters, on, hide, sums)

    @property
    def columns(self) -> list[str]:
        """The columns that the options name, which the query must give."""
        linked = [c for c in self.links if c and self.show != "tiles"]
        per = ["period_start" if d == "period" else d for d in self.per]
        return [
            *(self.options[o] for o in (*COLUMN_OPTIONS, "day") if o in self.options),
            *per,
            *self.on,
            *self.hide,
            *self.sums,
            *linked,
        ]

    def spelled(self, values: Mapping[str, object]) -> str:
        """The query with values in place of what it names behind a $, for whoever copies it."""
        sql, tokens = self.sql, sqlglot.tokenize(self.sql, dialect="duckdb")
        for dollar, name in reversed([*pairwise(tokens)]):
            if dollar.token_type == sqlglot.TokenType.PARAMETER and (key := name.text.lower()) in values:
                value = values[key]
                literal = ast.Literal.string(str(value)).sql(dialect="duckdb")
                sql = sql[: dollar.start] + ("date " if isinstance(value, date) else "") + literal + sql[name.end + 1 :]
        return sql

    def link(self, column: str) -> Link | None:
        """Where the numbers of a column lead."""
        return self.links.get(column, self.links.get(""))


def _links(text: str) -> dict[str, Link | None]:
    """`deals,won:deals.status=won+amount,mean:` -> where the numbers of each column lead.

    All lead to `deals`, those of `won` to some of them, of whose `amount` they are the sum, `mean` nowhere.
    """
    links: dict[str, Link | None] = {}
    for part in filter(None, text.split(",")):
        column, colon, target = part.partition(":")
        if not colon:
            column, target = "", column
        target, _, sums = target.partition("+")
        target, *conditions = target.split(".")
        pairs = (c.partition("=")[::2] for c in conditions)
        links[column] = Link(target, tuple((name, value or "true") for name, value in pairs), sums) if target else None
    return links
