"""From which columns each column of a model is made, told from its SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlglot
from sqlglot import expressions as ast
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from pipeline_etl.model import Model

Origins = Mapping[str, Sequence[tuple[str, str]]]
"""Column -> the columns that its value is made from, as (schema.table, column)."""


def column_origins(models: Sequence[Model], types: Mapping[str, Mapping[str, str]]) -> dict[str, Origins]:
    """By table, what its columns are made from; types: table -> column -> DuckDB type, of everything that models read.

    Of what chooses rows (where, join, group by) nothing is said, nor of tables that are not made by SQL.
    """
    nested: dict[str, dict[str, Mapping[str, str]]] = {}
    for table, columns in types.items():
        schema, _, name = table.partition(".")
        nested.setdefault(schema, {})[name] = columns
    known = MappingSchema(nested, dialect="duckdb")
    return {m.table: _origins(m, known) for m in models if not m.make}


def _origins(model: Model, schema: MappingSchema) -> Origins:
    try:
        tree = qualify(
            sqlglot.parse_one(model.sql, dialect="duckdb"), schema=schema, dialect="duckdb", validate_qualify_columns=False
        )
    except SqlglotError:
        # It is documentation: what the parser cannot follow stays unsaid, and DuckDB has bound the query already.
        return {}
    root = build_scope(tree)
    if root is None:
        return {}
    seen: dict[tuple[int, str], list[tuple[str, str]]] = {}
    return {column: _trace(root, column, seen) for column in model.types}


def _trace(scope: Scope, column: str, seen: dict[tuple[int, str], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """The physical columns behind one column of a query, each once, in the order in which the query names them."""
    key = id(scope), column
    if key not in seen:
        # A query that reads itself comes by here again: it adds nothing new.
        seen[key] = []
        seen[key] = list(dict.fromkeys(_found(scope, column, seen)))
    return seen[key]


def _found(scope: Scope, column: str, seen: dict[tuple[int, str], list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    tree = scope.expression
    if isinstance(tree, ast.SetOperation):
        place = next((n for n, s in enumerate(tree.selects) if s.alias_or_name == column), None)
        for branch in scope.set_operation_scopes:
            names = [s.alias_or_name for s in branch.expression.selects]
            if place is not None and place < len(names):
                yield from _trace(branch, names[place], seen)
        return
    # What `unnest` or `generate_series` gives is made from all that they are given.
    made_by = next((s for s in tree.selects if s.alias_or_name == column), None) if isinstance(tree, ast.Query) else tree
    if made_by is None:
        return
    inner = {id(s.expression): s.sources for s in scope.subquery_scopes}
    for part in made_by.find_all(ast.Column, bfs=False):
        sources = {**scope.sources, **inner.get(id(part.find_ancestor(ast.Query)), {})}
        source = sources.get(part.table)
        if isinstance(source, Scope):
            yield from _trace(source, part.name, seen)
        elif isinstance(source, ast.Table) and source.db:
            yield f"{source.db}.{source.name}", part.name
