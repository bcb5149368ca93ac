"""Feeds: how the tables of one system become rows of the entities that all systems share (`feeds.<entity>`)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import duckdb
import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.contract import Contract
from pipeline_etl.rules import quoted

COPIES = "_copies"
"""`feeds.<entity>_copies`: the same rows made from every copy of a record, the older ones that were set aside included."""


class FeedError(Exception):
    """A feed cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Entity:
    """What all systems hold alike: columns -> DuckDB types; has_copies: whether `feeds.<name>_copies` exists too."""

    name: str
    columns: Mapping[str, str]
    has_copies: bool = False


@dataclass(frozen=True)
class Feed:
    """One system's rows of an entity: a query on its `raw` tables, with columns of the entity; those it lacks are NULL."""

    entity: str
    sql: str
    columns: tuple[str, ...] = field(default=(), compare=False)
    system: str = field(default="", compare=False)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The `raw` tables that it reads."""
        tree = sqlglot.parse_one(self.sql, dialect="duckdb")
        return tuple(sorted({f"{t.db}.{t.name}" for t in tree.find_all(ast.Table) if t.db}))

    @cached_property
    def of_copies(self) -> str:
        """The same query on `copies` in place of `raw`."""
        tree = sqlglot.parse_one(self.sql, dialect="duckdb")
        for table in tree.find_all(ast.Table):
            if table.db == "raw":
                table.set("db", ast.to_identifier("copies"))
        return tree.sql(dialect="duckdb")


@dataclass(frozen=True)
class Feeds:
    """All feeds, bound."""

    entities: tuple[Entity, ...]
    feeds: tuple[Feed, ...]

    @property
    def tables(self) -> dict[str, Mapping[str, str]]:
        """`feeds.<entity>` -> column -> DuckDB type."""
        plain = {f"feeds.{e.name}": {"system": "VARCHAR", **e.columns} for e in self.entities}
        copies = {f"feeds.{e.name}{COPIES}": plain[f"feeds.{e.name}"] for e in self.entities if e.has_copies}
        return plain | copies

    def behind(self, table: str) -> set[str]:
        """The raw tables behind `feeds.<entity>`."""
        return {raw for feed in self._of(table) for raw in feed.tables}

    def query(self, table: str, is_present: Callable[[str], bool] = lambda raw: True) -> str:
        """The rows of all systems; a feed of which no raw table `is_present` has none and is left out."""
        columns = self.tables[table]
        branches = [
            _branch(feed, feed.of_copies if table.endswith(COPIES) else feed.sql, columns)
            for feed in self._of(table)
            if any(is_present(raw) for raw in feed.tables)
        ]
        nothing = ", ".join(f"cast(null as {kind}) as {quoted(c)}" for c, kind in columns.items())
        return "\nunion all\n".join(branches) or f"select {nothing} where false"

    def _of(self, table: str) -> list[Feed]:
        entity = table.removeprefix("feeds.").removesuffix(COPIES)
        return [f for f in self.feeds if f.entity == entity]


def bind_feeds(
    entities: Sequence[Entity], feeds: Iterable[Feed], contracts: Sequence[Contract], raw: Mapping[str, Mapping[str, str]]
) -> Feeds:
    """Try every feed on empty tables and learn its columns; raises FeedError for what does not bind.

    raw: table -> column -> DuckDB type, for all raw tables.
    """
    systems = {f"raw.{c.name}": c.system for c in contracts}
    systems |= {f"raw.{c.spread.table}": c.system for c in contracts if c.spread}
    known = {e.name: e for e in entities}
    bound = []
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        for table, columns in raw.items():
            connection.execute(f"create table {table} ({', '.join(f'{quoted(c)} {t}' for c, t in columns.items())})")
        for feed in feeds:
            where = f"the feed of {feed.entity} from {', '.join(feed.tables)}"
            if feed.entity not in known:
                raise FeedError(f"{where}: there is no entity {feed.entity!r}; it is one of {', '.join(known)}")
            read = {systems.get(t) for t in feed.tables}
            if len(read) != 1 or None in read:
                raise FeedError(f"{where}: a feed reads the raw tables of one system")
            try:
                names = [row[0] for row in connection.execute(f"describe {feed.sql}").fetchall()]
            except duckdb.Error as error:
                raise FeedError(f"{where}: {str(error).splitlines()[0]}") from error
            entity = known[feed.entity]
            if strange := [n for n in names if n not in entity.columns]:
                near = difflib.get_close_matches(strange[0], entity.columns, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(entity.columns)}"
                raise FeedError(f"{where}: {entity.name} has no column {strange[0]}; {hint}")
            bound.append(Feed(feed.entity, feed.sql, tuple(names), read.pop() or ""))
    return Feeds(tuple(entities), tuple(bound))


def _branch(feed: Feed, sql: str, columns: Mapping[str, str]) -> str:
    system = "'" + feed.system.replace("'", "''") + "'"
    shown = [
        f"{system} as system" if c == "system"
        else f"cast({quoted(c) if c in feed.columns else 'null'} as {kind}) as {quoted(c)}"
        for c, kind in columns.items()
    ]  # fmt: skip
    return f"select {', '.join(shown)} from ({sql}) as feed"
