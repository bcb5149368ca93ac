"""The assets that are made of what came in: each model, the table of checks, and the published warehouse."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl
from dagster import AssetExecutionContext

from pipeline_etl.catalog import CHECKS_TABLE, Catalog
from pipeline_etl.contract import Column
from pipeline_etl.lineage import Origins
from pipeline_etl.model import Model
from pipeline_etl.session import Session
from pipeline_etl.shown import (
    CHECKS,
    FRESH,
    OWNERS,
    WAREHOUSE,
    SqlType,
    asset_key,
    asset_spec,
    check_results,
    check_spec,
    check_specs,
    look,
)

if TYPE_CHECKING:
    from pipeline_etl.report import Report

EXPECTED_SCHEMAS = ("raw", "marts", "quality")
"""Schemas whose tables Great Expectations checks too; the ones between are checked in SQL."""


def model_asset(model: Model, checks: Sequence[Model], deps: Sequence[dg.AssetKey], origins: Origins) -> dg.AssetsDefinition:
    """One model with its rules, and with the checks across tables that come due once it is made."""
    rules, found = list(model.rules), [rule for check in checks for rule in check.rules]
    columns = [Column(c, SqlType(t), model.columns.get(c, "")) for c, t in model.types.items()]
    spec = asset_spec(model.table, model.description, columns, deps, {"duckdb", "sql"}, None, model.grain, origins)

    @dg.multi_asset(
        name=f"make_{model.schema}_{model.name}", specs=[spec], required_resource_keys={"session"},
        check_specs=[*check_specs(rules), *(check_spec(rule, spec.key) for rule in found)],
    )  # fmt: skip
    def make(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        session.progress(f"make {model.table}")
        began = time.perf_counter()
        session.make_feeds(model.dependencies)
        rows = session.warehouse.create_model(model)
        outcomes = session.judge(rules, with_expectations=model.schema in EXPECTED_SCHEMAS and rows > 0)
        for check in checks:
            session.warehouse.create_view(check.table, check.sql)
            outcomes += session.judge(check.rules, with_expectations=False)
        return dg.MaterializeResult(
            asset_key=spec.key,
            metadata={
                **look(session, model.table, rows, model.bars), "seconds": round(time.perf_counter() - began, 3),
                "sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```"),
            },
            check_results=check_results([*rules, *found], outcomes, spec.key),
        )  # fmt: skip

    return make


def checks_asset(catalog: Catalog) -> dg.AssetsDefinition:
    """What each check of the run found, as a table."""
    columns = [Column(c, SqlType(kind), meaning) for c, (kind, meaning) in CHECKS_TABLE.items()]
    description = "One row per check of the run: what must hold, and whether it does."
    spec = asset_spec(
        "quality.checks", description, columns, [asset_key(m.table) for m in catalog.tables], {"duckdb", "greatexpectations"}
    )

    @dg.multi_asset(name="make_quality_checks", specs=[spec], required_resource_keys={"session"})
    def checks(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        types = {c: kind for c, (kind, _) in CHECKS_TABLE.items()}
        if session.fresh or not session.warehouse.exists("quality.checks"):
            session.warehouse.create_table("quality.checks", types)
        judged = sorted({o.rule.table for o in session.outcomes})
        session.warehouse.execute("delete from quality.checks where list_contains(?::varchar[], table_name)", [judged])
        rows = [
            {
                "name": o.rule.name, "table_name": o.rule.table, "rule": o.rule.sentence, "passed": o.passed,
                "severity": o.rule.severity, "blocking": o.rule.blocking, "failing_rows": o.failing,
                "sample": "; ".join(str(row) for row in o.sample) or None, "expectation": o.expectation,
            }
            for o in session.outcomes
        ]  # fmt: skip
        session.warehouse.append("quality.checks", pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame())
        session.warehouse.comment("quality.checks", description, {c: meaning for c, (_, meaning) in CHECKS_TABLE.items()})
        return dg.MaterializeResult(asset_key=spec.key, metadata=look(session, "quality.checks"))

    return checks


def publish_asset(catalog: Catalog, reports: Sequence["Report"]) -> dg.AssetsDefinition:
    """The last step: everything in place at once."""
    deps = [*(asset_key(m.table) for m in catalog.tables), CHECKS, *(dg.AssetKey(["reports", r.name]) for r in reports)]
    spec = dg.AssetSpec(
        WAREHOUSE, deps=deps, group_name="warehouse", owners=OWNERS, kinds={"duckdb"}, freshness_policy=FRESH,
        description="The published warehouse: one DuckDB file, put in place in one step once every blocking check has passed.",
    )  # fmt: skip

    @dg.multi_asset(name="publish", specs=[spec], required_resource_keys={"session"})
    def publish(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        session.progress("publish")
        session.publish()
        path = session.home.warehouse
        return dg.MaterializeResult(
            asset_key=spec.key,
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "bytes": path.stat().st_size,
                "checks": len(session.outcomes),
            },
        )

    return publish
