"""The warehouse while it is built, and its publication: complete or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl

from pipeline_etl.beside import PARQUET, publish_reports, put_in_place, remove_dropped, sync
from pipeline_etl.functions import define
from pipeline_etl.hardening import CONFIG, confine, text
from pipeline_etl.home import Home
from pipeline_etl.model import FUNCTIONS, Model, sql_root
from pipeline_etl.rules import Rule, quoted

STORAGE_VERSION = "v1.4.0"
"""The file format that clients from DuckDB 1.4 on can open."""
PUBLISHED_TYPES = ("VARCHAR", "DECIMAL", "DOUBLE", "BIGINT", "INTEGER", "DATE", "TIMESTAMP", "BOOLEAN")
PUBLISHED = "published"
"""The database that is published, as a run sees it."""
SCRATCH = ("raw", "copies", "feeds", "checks")
"""Schemas of views over the lake and of checks; they are not published."""


class PreviousError(Exception):
    """What is published in the home cannot be read; the message says why."""


class PublishError(Exception):
    """The finished warehouse must not be published; the message says why."""


class Warehouse:
    """The DuckDB file of one run. Use `publish` at the end, or `discard`."""

    def __init__(self, home: Home, memory_limit: str, *, fresh: bool = True) -> None:
        self.home = home
        home.clean_work()
        self.path = home.work / "warehouse.duckdb"
        self.reports = home.work / "reports"
        self.reports.mkdir(exist_ok=True)
        self.beside = home.work / "beside"
        self.has_published = False
        if not fresh and home.warehouse.exists():
            shutil.copyfile(home.warehouse, self.path)
        self.connection = duckdb.connect(
            str(self.path),
            config={
                "storage_compatibility_version": STORAGE_VERSION,
                "memory_limit": memory_limit,
                "temp_directory": str(home.work / "spill"),
                **CONFIG,
                "preserve_insertion_order": "false",
                # Of `at <= (select as_of …)` DuckDB expects a handful of rows, and would build hash tables from all touches.
                "disabled_optimizers": "build_side_probe_side",
            },
        )
        # A run has a progress bar of its own.
        self.connection.execute("set enable_progress_bar = false")
        define(self.connection, sql_root() / FUNCTIONS)
        confine(self.connection, [home.folder])

    def attach_published(self) -> bool:
        """Attach what the home holds under the name PUBLISHED, for reading and until the end; whether there is anything.

        Once, and not for each question: a file that is attached again while its last result is being let go of is refused.
        Raises PreviousError.
        """
        if not self.has_published and self.home.warehouse.exists():
            try:
                self.execute(f"attach {text(str(self.home.warehouse))} as {PUBLISHED} (read_only)")
            except duckdb.Error as error:
                raise PreviousError(
                    f"{self.home.warehouse} cannot be read ({str(error).splitlines()[0]}); "
                    "close the program that has it open for writing, or if it is damaged, move it away"
                ) from error
            self.has_published = True
        return self.has_published

    def execute(self, query: str, parameters: list | None = None) -> list[tuple]:
        """Run a statement and return all of its rows."""
        return self.connection.execute(query, parameters).fetchall()

    def create_table(self, table: str, columns: Mapping[str, str]) -> None:
        """An empty table in place of whatever bears that name; columns: name -> DuckDB type."""
        self.drop(table)
        body = ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())
        self.execute(f"create table {address(table)} ({body})")

    def create_tables(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Many empty tables in place of whatever bears their names: table -> column -> DuckDB type."""
        for schema in {table.partition(".")[0] for table in tables}:
            self.execute(f"create schema if not exists {quoted(schema)}")
        found = self.execute("select schema_name, view_name from duckdb_views() where database_name = current_database()")
        views = {f"{schema}.{name}" for schema, name in found}
        for table, columns in tables.items():
            if table in views:
                self.execute(f"drop view {address(table)}")
            body = ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())
            self.execute(f"create or replace table {address(table)} ({body})")

    def append(self, table: str, frame: pl.DataFrame) -> None:
        """Add the rows of a frame, column by name."""
        if frame.height:
            self.connection.register("arriving", frame)
            self.execute(f"insert into {address(table)} by name select * from arriving")
            self.connection.unregister("arriving")

    def create_model(self, model: Model) -> int:
        """Run a model into its table or view, with its comments; returns the number of rows."""
        kind = "view" if model.is_view else "table"
        # One transaction: each statement of its own would wait for the disk.
        with self._transaction():
            if model.make:
                self.create_table(model.table, model.types)
                self.append(model.table, model.make(lambda query: self.connection.sql(query).pl()))
            else:
                self.drop(model.table)
                self.execute(f"create {kind} {address(model.table)} as {model.sql}")
            self.comment(model.table, model.description, model.columns, kind)
        return self.count(model.table)

    def take(self, model: Model) -> bool:
        """Copy a model's table from what is published; whether that could be read. A view is written down again."""
        if model.is_view:
            self.create_model(model)
            return True
        try:
            with self._transaction():
                self.drop(model.table)
                self.execute(f"create table {address(model.table)} as from {PUBLISHED}.{address(model.table)}")
                self.comment(model.table, model.description, model.columns)
        except duckdb.Error:
            return False
        return True

    def digest(self, table: str) -> str:
        """A digest of a table's rows, in whatever order they are."""
        columns = self.execute(
            "select column_name from duckdb_columns() where database_name = current_database()"
            " and schema_name || '.' || table_name = ? order by column_index", [table],
        )  # fmt: skip
        row = f"hash({', '.join(quoted(c) for (c,) in columns)})"
        return "-".join(map(str, self.execute(
            f"select count(*), coalesce(sum({row}::hugeint), 0), coalesce(bit_xor({row}), 0) from {address(table)}"
        )[0]))  # fmt: skip

    def create_view(self, name: str, query: str) -> None:
        """A view in place of whatever bears that name."""
        self.drop(name)
        self.execute(f"create view {address(name)} as {query}")

    def comment(self, table: str, description: str, columns: Mapping[str, str], kind: str = "table") -> None:
        """Write the documentation into the file, where every client shows it; kind is `table` or `view`."""
        said = [f"{kind} {address(table)} is {text(description)}"]
        said += [f"column {address(table)}.{quoted(column)} is {text(meaning)}" for column, meaning in columns.items()]
        self.execute("".join(f"comment on {what};" for what in said))

    def drop(self, table: str) -> None:
        """Remove the table or view of that name, if any, and make sure that its schema exists."""
        schema, _, name = table.partition(".")
        self.execute(f"create schema if not exists {quoted(schema)}")
        kind = self.execute(
            "select table_type from information_schema.tables where table_schema = ? and table_name = ?"
            " and table_catalog = current_database()",
            [schema, name],
        )
        if kind:
            self.execute(f"drop {'view' if kind[0][0] == 'VIEW' else 'table'} {address(table)}")

    def exists(self, table: str) -> bool:
        """Whether there is a table or view of that name."""
        schema, _, name = table.partition(".")
        where = "table_catalog = current_database() and table_schema = ? and table_name = ?"
        return bool(self.execute(f"select 1 from information_schema.tables where {where}", [schema, name]))

    def count(self, table: str) -> int:
        """Rows of a table."""
        return self.execute(f"select count(*) from {address(table)}")[0][0]

    def preview(self, query: str, rows: int) -> tuple[list[str], list[tuple]]:
        """Column names and the first rows of a query."""
        cursor = self.connection.execute(f"select * from ({query}) limit {rows}")
        return [c[0] for c in cursor.description], cursor.fetchall()

    def failing(self, rule: Rule, sample: int = 5) -> tuple[int, list[str], list[tuple]]:
        """How many rows break a rule, by plain SQL, and some of them."""
        query = rule.offending()
        failing = self.execute(f"select count(*) from ({query})")[0][0]
        # In an order, for the same rows every time; and a limit alone may never end (see `a view that reads` in model.py).
        columns, rows = self.preview(f"{query} order by all", sample) if failing else ([], [])
        return failing, columns, rows

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.execute("begin")
        try:
            yield
        except BaseException:
            self.execute("rollback")
            raise
        self.execute("commit")

    def publish(self, keep_versions: int = 0) -> None:
        """Close the file and put it, the reports and what is in `beside` in place of the previous, in one atomic step each.

        Of Parquet files only those in `beside` are left: one of another run would be read as if it were of this one.

        Raises PublishError when a column has a type that older clients or BI tools cannot read.
        """
        for schema in SCRATCH:
            self.execute(f"drop schema if exists {schema} cascade")
        strange = [
            f"{schema}.{table}.{column} ({kind})"
            for schema, table, column, kind in self.execute(
                "select table_schema, table_name, column_name, data_type from information_schema.columns"
                " where table_catalog = current_database()"
            )
            if kind.partition("(")[0] not in PUBLISHED_TYPES
        ]
        if strange:
            raise PublishError(f"these columns have types that BI tools cannot read: {', '.join(strange)}; cast them")
        self.execute("checkpoint")
        self.connection.close()
        sync(self.path)
        publish_reports(self.reports, self.home.reports)
        tables = {p.relative_to(self.beside / PARQUET).as_posix() for p in (self.beside / PARQUET).glob("*/*")}
        put_in_place(self.beside, self.home.folder)
        if keep_versions:
            self.home.keep_version()
        os.replace(self.path, self.home.warehouse)
        sync(self.home.folder)
        remove_dropped(tables, self.home.folder / PARQUET)
        self.home.prune_versions(keep_versions)

    def close(self) -> None:
        """Close the connection and remove what was not published."""
        self.connection.close()
        shutil.rmtree(self.home.work, ignore_errors=True)


def address(table: str) -> str:
    """`schema.name` in double quotes."""
    schema, _, name = table.partition(".")
    return f"{quoted(schema)}.{quoted(name)}"
