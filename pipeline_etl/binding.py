"""Bind models on empty tables: what does not fit is found before any data, and the types of the columns are learnt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from pipeline_etl.functions import define
from pipeline_etl.model import FUNCTIONS, PREVIOUS, PROMISED, Model, ModelError, is_number, reads_itself, source_of, sql_root
from pipeline_etl.rules import quoted


def previous_tables(models: Sequence[Model], sources: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The tables of the schema `previous` that bound models read, with their column types."""
    types = {**sources, **{m.table: m.types for m in models}}
    read = {d for m in models for d in m.dependencies if d.startswith(f"{PREVIOUS}.")}
    return {table: types[source_of(table, types)] for table in sorted(read)}


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
                    columns = types_of.get(source_of(dependency, known), dict.fromkeys(model.columns, '"NULL"'))
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
            if model.bars:
                try:
                    connection.execute(model.bars.query(model.table)).fetchall()
                except duckdb.Error as error:
                    raise ModelError(f"{model.path}:1: the line `bars:` fails: {str(error).splitlines()[0]}") from error
            rows = connection.execute(f"describe {model.table}").fetchall()
            types_of[model.table] = types = {row[0]: row[1] for row in rows}
            if reads_itself(model, known):
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


def _body(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())
