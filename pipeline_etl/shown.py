"""How things look in Dagster: keys, column schemas, checks with their failing rows, previews."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import dagster as dg

from pipeline_etl.bars import Bars, markdown
from pipeline_etl.contract import Column
from pipeline_etl.lineage import Origins
from pipeline_etl.model import PROMISED
from pipeline_etl.rules import Rule
from pipeline_etl.session import Outcome, Session

OWNERS = ["team:revenue-operations"]
SURVEY = dg.AssetKey(["exports", "survey"])
CHECKS = dg.AssetKey(["quality", "checks"])
WAREHOUSE = dg.AssetKey(["warehouse"])

FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=8), warn_window=timedelta(days=2))
"""What people read should be of yesterday, and has failed when a weekly meeting would see that of the week before."""
NAMED = 6
"""Columns named of those that a column is made from."""


class SqlType:
    """A DuckDB type as a column's type."""

    def __init__(self, sql: str) -> None:
        self.sql = self.name = sql


def asset_spec(
    table: str,
    description: str,
    columns: Sequence[Column],
    deps: Sequence[dg.AssetKey],
    kinds: set[str],
    system: str | None = None,
    grain: tuple[str, ...] = (),
    origins: Origins = MappingProxyType({}),
) -> dg.AssetSpec:
    shown = [
        dg.TableColumn(
            c.name, c.type.sql, " ".join(filter(None, (c.meaning, _made_from(origins.get(c.name, ()))))),
            dg.TableColumnConstraints(nullable=c.nullable if not grain else c.name not in grain, unique=grain == (c.name,)),
        )
        for c in columns
    ]  # fmt: skip
    metadata: dict[str, Any] = {"dagster/column_schema": dg.TableSchema(columns=shown), "dagster/table_name": table}
    if origins:
        behind = {c: [dg.TableColumnDep(asset_key(t), name) for t, name in found] for c, found in origins.items()}
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(deps_by_column=behind)
    return dg.AssetSpec(
        asset_key(table), deps=deps, description=description, group_name=table.partition(".")[0], owners=OWNERS, kinds=kinds,
        metadata=metadata, tags={"system": system} if system else {},
        freshness_policy=FRESH if table.startswith(PROMISED) else None,
    )  # fmt: skip


def _made_from(origins: Sequence[tuple[str, str]]) -> str:
    """`← core.deals: amount, currency; core.as_of: as_of`, of which the first few are named."""
    tables: dict[str, list[str]] = {}
    for table, column in origins[:NAMED]:
        tables.setdefault(table, []).append(column)
    said = "; ".join(f"{table}: {', '.join(columns)}" for table, columns in tables.items())
    more = f" and {len(origins) - NAMED} more" if len(origins) > NAMED else ""
    return f"← {said}{more}" if said else ""


def asset_key(table: str) -> dg.AssetKey:
    return SURVEY if table == "rejects.survey" else dg.AssetKey(table.split("."))


def check_specs(rules: Sequence[Rule]) -> list[dg.AssetCheckSpec]:
    return [check_spec(rule, asset_key(rule.table)) for rule in rules]


def check_spec(rule: Rule, key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(identifier(rule.name), asset=key, description=rule.sentence, blocking=rule.blocking)


def check_results(rules: Sequence[Rule], outcomes: Sequence[Outcome], key: dg.AssetKey) -> list[dg.AssetCheckResult]:
    """One result per rule; a rule that was not run had no rows to fail on."""
    by_rule: Mapping[str, Outcome] = {o.rule.name: o for o in outcomes}
    results = []
    for rule in rules:
        outcome = by_rule.get(rule.name)
        metadata: dict[str, Any] = {"failing_rows": outcome.failing if outcome else 0, "rule": rule.sentence}
        if outcome is None:
            metadata["note"] = "There are no rows."
        elif outcome.expectation:
            metadata["great_expectations"] = outcome.expectation
        if outcome and outcome.sample and "says" in outcome.columns:
            metadata["says"] = "\n".join(str(row[outcome.columns.index("says")]) for row in outcome.sample)
        if outcome and outcome.sample:
            metadata["sample"] = table_of(outcome.columns, outcome.sample)
            # Beside a check the UI puts tables behind a link; what it shows in place is text.
            for number, row in enumerate(outcome.sample, 1):
                said = list(zip(outcome.columns, row, strict=True))[:6]
                metadata["example" if number == 1 else f"example_{number}"] = ", ".join(f"{c} = {v}" for c, v in said)
        if outcome and not outcome.agrees:
            metadata["disagreement"] = (
                "Great Expectations and plain SQL come to different verdicts; please report this as a bug."
            )
        severity = dg.AssetCheckSeverity.ERROR if rule.severity == "error" else dg.AssetCheckSeverity.WARN
        results.append(
            dg.AssetCheckResult(
                check_name=identifier(rule.name), asset_key=key, passed=outcome is None or outcome.passed,
                severity=severity, metadata=metadata,
            )
        )  # fmt: skip
    return results


def identifier(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def look(session: Session, table: str, rows: int | None = None, bars: Bars | None = None) -> dict[str, Any]:
    """Metadata of a table as it is now: its number of rows, its first ones, and its chart."""
    columns, sample = session.warehouse.preview(f"from {table}", 5)
    count = session.warehouse.count(table) if rows is None else rows
    drawn = markdown(bars, session.warehouse.execute(bars.query(table))) if bars else ""
    chart = {"chart": dg.MetadataValue.md(drawn)} if drawn else {}
    return {"dagster/row_count": count, **chart, "preview": table_of(columns, sample)}


def table_of(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """Rows as Markdown; a cell is cut at 40 characters so that a table stays readable in the UI."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
        return text if len(text) <= 40 else text[:39] + "…"

    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))
