"""Read the `.sql` files: one file is one table; its path is the name, its comments are the documentation and the checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import polars as pl
import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.bars import Bars
from pipeline_etl.functions import read_functions
from pipeline_etl.rules import Rule

Query = Callable[[str], pl.DataFrame]
"""Runs SQL on the warehouse under construction."""
FUNCTIONS = "functions"
"""The folder beside the models with the formulas that they share."""
KINDS = ("table", "view")
"""What a model may be, by its line `-- kind:`; without one it is a table."""
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
    is_view: the rows are not written but found again by whoever reads them; the key is that of the tables below it.
    make: for the few tables that SQL cannot say, what computes their rows instead of `sql`.
    sums: the columns that may be added up over rows; apart: columns whose values overlap (a deal is in its month and in its
    quarter) or follow each other (the stock of one day and of the next): nothing is added up across two values of theirs.
    bars: the chart that the Dagster UI shows of it.
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
    is_view: bool = False
    sums: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    bars: Bars | None = None

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
    kind, bars = "table", None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("--"):
            break
        comment = line[2:].strip()
        keyword, _, value = (part.strip() for part in comment.partition(":"))
        if keyword == "grain":
            grain = tuple(c.strip() for c in value.split(","))
            if not all(grain):
                raise ModelError(f"{path}:{number}: `grain:` names the columns which identify a row, between commas")
            if kind == "table":
                rules.append(Rule(table, "grain", "key", grain, line=number))
        elif keyword in lists:
            lists[keyword] = tuple(c.strip() for c in value.split(","))
        elif keyword == "kind":
            if value not in KINDS:
                raise ModelError(f"{path}:{number}: {value!r} is no kind of model; write one of {', '.join(KINDS)}")
            kind = value
        elif keyword == "bars":
            try:
                bars = Bars.parse(value)
            except ValueError as error:
                raise ModelError(f"{path}:{number}: {error}") from error
        elif keyword == "severity" and schema == "checks":
            said = " ".join(description)
            rules.append(Rule(table, name, "no_rows", condition=said, severity=value, blocking=value == "error", line=number))
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
    meanings, dependencies = _meanings(text), tuple(sorted(read))
    is_view = kind == "view"
    if is_view and (ours := sorted({f.name for f in tree.find_all(ast.Anonymous)} & _functions())):
        raise ModelError(f"{path}:1: readers of a view do not know {', '.join(ours)}; call it in a table that the view reads")
    if is_view and (kept := _kept_in_memory(tree)):
        # Measured on DuckDB 2.0: on millions of rows a query with a limit over such a view never ends.
        raise ModelError(f"{path}:1: a view that reads {kept[0]} more than once must write `{kept[0]} as not materialized (`")
    return Model(
        schema, name, path, text, " ".join(description), grain, tuple(rules), meanings, dependencies, {}, is_view=is_view,
        sums=lists["sum"], apart=lists["apart"], bars=bars,
    )  # fmt: skip


def read_models(root: Path, more: Sequence[Model] = ()) -> list[Model]:
    """All models and checks below `sql/`, and `more`, in an order in which each comes after those it reads."""
    paths = sorted(p for p in root.glob("*/*.sql") if p.parent.name != FUNCTIONS)
    models = {m.table: m for m in (*(read_model(p) for p in paths), *more)}
    try:
        read = {t: {source_of(d, models) for d in m.dependencies} for t, m in models.items()}
        read = {t: tables - {t} if reads_itself(models[t], models) else tables for t, tables in read.items()}
        order = list(TopologicalSorter(read).static_order())
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' -> '.join(error.args[1])}") from error
    return [models[t] for t in order if t in models]


def source_of(table: str, known: Container[str]) -> str:
    """The table whose published rows `previous.x` holds; any other table is its own."""
    schema, _, name = table.partition(".")
    return next((t for s in PROMISED if schema == PREVIOUS and (t := f"{s}.{name}") in known), table)


def reads_itself(model: Model, known: Container[str]) -> bool:
    """Whether a model carries on what it held in the run before."""
    return model.table not in model.dependencies and model.table in {source_of(d, known) for d in model.dependencies}


def is_number(kind: str) -> bool:
    """Whether values of a DuckDB type can be added up."""
    return kind.partition("(")[0] in ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL")


def _kept_in_memory(tree: ast.Expression) -> list[str]:
    """The common table expressions that DuckDB would keep in memory, because they are read more than once."""
    read = [t.name for t in tree.find_all(ast.Table) if not t.db]
    return [c.alias for c in tree.find_all(ast.CTE) if read.count(c.alias) > 1 and c.args.get("materialized") is not False]


def _functions() -> set[str]:
    return {function.name for function in read_functions(sql_root() / FUNCTIONS)}


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
