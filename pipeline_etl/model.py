"""Read the `.sql` files: one file is one table; its path is the name, its comments are the documentation and the checks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb
import polars as pl
import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.functions import define
from pipeline_etl.rules import Rule, quoted

Query = Callable[[str], pl.DataFrame]
"""Runs SQL on the warehouse under construction."""
FUNCTIONS = "functions"
"""The folder beside the models with the formulas that they share."""
PROMISED = ("marts", "quality")
"""Schemas in which every column must say what it means."""
PREVIOUS = "previous"
"""`previous.x` is `marts.x` or `quality.x` as the home holds it when the run begins: empty where nothing is published yet."""


class ModelError(Exception):
    """A model cannot be used; the message names file and line and says what to do."""


@dataclass(frozen=True)
class Model:
    """One table: where it is written, what a row is, what must hold, what it is made from.

    columns: name -> meaning, as far as the file says; types: name -> DuckDB type, once bound.
    make: for the few tables that SQL cannot say, what computes their rows instead of `sql`.
    sums: the columns that may be added up over rows; apart: columns whose values overlap (a deal is in its month and in its
    quarter) or follow each other (the stock of one day and of the next): nothing is added up across two values of theirs.
    """

    schema: str
    name: str
    path: Path
    sql: str
    description: str
    grain: tuple[str, ...]
    rules: tuple[Rule, ...]
    columns: Mapping[str, str]
    dependencies: tuple[str, ...]
    types: Mapping[str, str]
    make: Callable[[Query], pl.DataFrame] | None = None
    sums: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"

    @cached_property
    def is_check(self) -> bool:
        """Whether the query returns offending rows instead of a table."""
        return self.schema == "checks"


def computed(
    table: str,
    description: str,
    columns: Mapping[str, tuple[str, str]],
    grain: tuple[str, ...],
    reads: tuple[str, ...],
    make: Callable[[Query], pl.DataFrame],
) -> Model:
    """A table made by a function: columns are name -> (DuckDB type, meaning); reads are the tables that `make` queries."""
    schema, _, name = table.partition(".")
    rules = (Rule(table, "grain", "key", grain),)
    meanings, types = {c: m for c, (_, m) in columns.items()}, {c: t for c, (t, _) in columns.items()}
    path = Path(make.__code__.co_filename)
    sql = f"-- computed by {make.__name__} in {path.name}"
    return Model(schema, name, path, sql, description, grain, rules, meanings, tuple(sorted(reads)), types, make)


def sql_root() -> Path:
    """The folder `sql`, beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).parent / "sql"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "sql"


def read_model(path: Path) -> Model:
    """Parse one file; raises ModelError."""
    text = path.read_text(encoding="utf-8")
    schema, name = path.parent.name, path.stem
    table = f"{schema}.{name}"
    description: list[str] = []
    grain: tuple[str, ...] = ()
    lists: dict[str, tuple[str, ...]] = {"sum": (), "apart": ()}
    rules: list[Rule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("--"):
            break
        comment = line[2:].strip()
        keyword, _, value = (part.strip() for part in comment.partition(":"))
        if keyword == "grain":
            grain = tuple(c.strip() for c in value.split(","))
            if not all(grain):
                raise ModelError(f"{path}:{number}: `grain:` names the columns which identify a row, between commas")
            rules.append(Rule(table, "grain", "key", grain, line=number))
        elif keyword in lists:
            lists[keyword] = tuple(c.strip() for c in value.split(","))
        elif keyword == "severity" and schema == "checks":
            rules.append(Rule(table, name, "no_rows", severity=value, blocking=value == "error", line=number))
        elif keyword in ("check", "warn"):
            rules.append(_condition(table, path, number, value, keyword))
        elif comment and not grain and not rules:
            description.append(comment)
    if not description:
        raise ModelError(f"{path}:1: begin the file with a comment that says what a row is")
    if schema == "checks" and not any(r.severity in ("error", "warning") for r in rules):
        raise ModelError(f"{path}:1: add a line `-- severity: error` or `-- severity: warning`")
    if not grain and schema != "checks":
        raise ModelError(f"{path}:1: add a line `-- grain: column, …` that names the columns which identify a row")
    begins = next((n for n, line in enumerate(text.splitlines(), 1) if not line.startswith("--")), 1)
    try:
        tree, *more = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        at = error.errors[0] if error.errors else {}
        raise ModelError(f"{path}:{at.get('line', 1)}: {at.get('description', error)}") from error
    except sqlglot.errors.TokenError as error:
        raise ModelError(f"{path}:{begins}: a quote or a comment below is never closed") from error
    if any(more) or not tree:
        second = text.count("\n", 0, text.index(";")) + 2 if more else begins
        raise ModelError(f"{path}:{second}: a model is one query; write each further one to a file of its own")
    ctes = {cte.alias for cte in tree.find_all(ast.CTE)}
    read = {f"{t.db}.{t.name}" for t in tree.find_all(ast.Table) if t.db}
    if loose := sorted({t.name for t in tree.find_all(ast.Table) if not t.db and t.name and t.name not in ctes}):
        raise ModelError(f"{path}:1: write the schema of {', '.join(loose)} (staging, core, marts …) before the name")
    return Model(
        schema, name, path, text, " ".join(description), grain, tuple(rules), _meanings(text), tuple(sorted(read)), {},
        sums=lists["sum"], apart=lists["apart"],
    )  # fmt: skip


def read_models(root: Path, more: Sequence[Model] = ()) -> list[Model]:
    """All models and checks below `sql/`, and `more`, in an order in which each comes after those it reads."""
    paths = sorted(p for p in root.glob("*/*.sql") if p.parent.name != FUNCTIONS)
    models = {m.table: m for m in (*(read_model(p) for p in paths), *more)}
    try:
        read = {t: {_source(d, models) for d in m.dependencies} for t, m in models.items()}
        read = {t: tables - {t} if _reads_itself(models[t], models) else tables for t, tables in read.items()}
        order = list(TopologicalSorter(read).static_order())
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' -> '.join(error.args[1])}") from error
    return [models[t] for t in order if t in models]


def previous_tables(models: Sequence[Model], sources: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The tables of the schema `previous` that bound models read, with their column types."""
    types = {**sources, **{m.table: m.types for m in models}}
    read = {d for m in models for d in m.dependencies if d.startswith(f"{PREVIOUS}.")}
    return {table: types[_source(table, types)] for table in sorted(read)}


def _source(table: str, known: Container[str]) -> str:
    """The table whose published rows `previous.x` holds; any other table is its own."""
    schema, _, name = table.partition(".")
    return next((t for s in PROMISED if schema == PREVIOUS and (t := f"{s}.{name}") in known), table)


def _reads_itself(model: Model, known: Container[str]) -> bool:
    """Whether a model carries on what it held in the run before."""
    return model.table not in model.dependencies and model.table in {_source(d, known) for d in model.dependencies}


def bind(models: Sequence[Model], sources: Mapping[str, Mapping[str, str]]) -> list[Model]:
    """Create every model on empty tables and learn its column types; raises ModelError for what does not bind.

    sources: table -> column -> DuckDB type, for the tables that are no models.
    """
    bound = []
    with duckdb.connect() as connection:
        define(connection, sql_root() / FUNCTIONS)
        for schema in {PREVIOUS, *(t.partition(".")[0] for t in [*sources, *(m.table for m in models)])}:
            connection.execute(f"create schema if not exists {schema}")
        for table, columns in sources.items():
            connection.execute(f"create table {table} ({_body(columns)})")
        types_of = dict(sources)
        known = {*sources, *(m.table for m in models)}
        known |= {f"{PREVIOUS}.{t.partition('.')[2]}" for t in known if t.startswith(PROMISED)}
        for model in models:
            for dependency in model.dependencies:
                if dependency not in known:
                    near = difflib.get_close_matches(dependency, known, n=1)
                    hint = f"; did you mean {near[0]}?" if near else ""
                    raise ModelError(f"{model.path}:1: it reads {dependency}, which does not exist{hint}")
                if dependency.startswith(f"{PREVIOUS}."):
                    # Its own columns of the run before have no type yet: those that the query gives them.
                    columns = types_of.get(_source(dependency, known), dict.fromkeys(model.columns, '"NULL"'))
                    connection.execute(f"create or replace table {dependency} ({_body(columns)})")
            try:
                rows_of = f"({_body(model.types)})" if model.make else f"as {model.sql}"
                connection.execute(f"create table {model.table} {rows_of}")
            except duckdb.Error as error:
                line = re.search(r"LINE (\d+)", str(error))
                at = int(line.group(1)) if line else 1
                raise ModelError(f"{model.path}:{at}: {str(error).splitlines()[0]}") from error
            for rule in model.rules:
                try:
                    connection.execute(rule.offending()).fetchall()
                except duckdb.Error as error:
                    raise ModelError(f"{model.path}:{rule.line}: {str(error).splitlines()[0]}") from error
            rows = connection.execute(f"describe {model.table}").fetchall()
            types_of[model.table] = types = {row[0]: row[1] for row in rows}
            if _reads_itself(model, known):
                connection.execute(f"create or replace table {PREVIOUS}.{model.name} ({_body(types)})")
                connection.execute(f"create or replace table {model.table} as {model.sql}")
                again = connection.execute(f"describe {model.table}").fetchall()
                if loose := [c for c, kind, *_ in again if kind != types[c] or "NULL" in kind]:
                    names = ", ".join(loose)
                    raise ModelError(f"{model.path}:1: cast {names}: the type must not hang on that in {PREVIOUS}.{model.name}")
            if model.schema in PROMISED and (silent := [c for c in types if c not in model.columns]):
                raise ModelError(f"{model.path}:1: say in a trailing comment what {', '.join(silent)} means")
            strange = [c for c in model.sums if not is_number(types.get(c, ""))] + [c for c in model.apart if c not in types]
            if strange:
                names = ", ".join(strange)
                raise ModelError(f"{model.path}:1: {names} in `sum:` or `apart:` is no column, or no number to sum")
            meanings = {c: model.columns[c] for c in types if c in model.columns}
            bound.append(replace(model, types=types, columns=meanings))
    return bound


def is_number(kind: str) -> bool:
    """Whether values of a DuckDB type can be added up."""
    return kind.partition("(")[0] in ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL")


def _body(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())


def _condition(table: str, path: Path, number: int, value: str, keyword: str) -> Rule:
    if not value:
        raise ModelError(f"{path}:{number}: `{keyword}:` needs a condition that is true for every good row")
    name = re.sub(r"\W+", "_", value).strip("_").lower()[:60].rstrip("_")
    error = keyword == "check"
    return Rule(table, name, "holds", condition=value, severity="error" if error else "warning", blocking=error, line=number)


def _meanings(text: str) -> dict[str, str]:
    """Trailing comments: the last word before the comma is the column; of several the last, which is the final select."""
    found = re.findall(r"(\w+)\"?\s*,?\s*--\s*(\S.*)$", text, flags=re.MULTILINE)
    return {name: meaning.strip() for name, meaning in found}
