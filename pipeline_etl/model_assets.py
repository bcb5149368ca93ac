"""The assets that are made of what came in: each model, the table of checks, and the published warehouse."""

import time
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

import dagster as dg
from dagster import AssetExecutionContext

from pipeline_etl.catalog import Catalog
from pipeline_etl.contract import Column
from pipeline_etl.ledgers import CHECKS
from pipeline_etl.lineage import Origins
from pipeline_etl.model import Model
from pipeline_etl.session import Session
from pipeline_etl.shown import (
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
        made = session.tables.make(model)
        outcomes = session.judge(rules, with_expectations=model.schema in EXPECTED_SCHEMAS and made.rows > 0)
        for check in checks:
            session.warehouse.create_view(check.table, check.sql)
            outcomes += session.judge(check.rules, with_expectations=False)
        seconds = round(time.perf_counter() - began, 3)
        fate = "kept" if made.is_kept else "made"
        context.log.info(f"{model.table}: {made.rows:,} rows {fate} and checked in {seconds:.1f} s")
        return dg.MaterializeResult(
            asset_key=spec.key,
            metadata={
                **look(session, model.table, made.rows, model.bars), "seconds": seconds,
                "made_at": dg.MetadataValue.timestamp(made.made_at.replace(tzinfo=UTC)), "kept": made.is_kept,
                "sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```"),
            },
            check_results=check_results([*rules, *found], outcomes, spec.key),
        )  # fmt: skip

    return make


def checks_asset(catalog: Catalog) -> dg.AssetsDefinition:
    """What each check of the run found, as a table."""
    columns = [Column(c, SqlType(kind), CHECKS.meanings[c]) for c, kind in CHECKS.types.items()]
    deps = [asset_key(m.table) for m in catalog.tables]
    spec = asset_spec(CHECKS.table, CHECKS.description, columns, deps, {"duckdb", "greatexpectations"})

    @dg.multi_asset(name="make_quality_checks", specs=[spec], required_resource_keys={"session"})
    def checks(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        session.write_checks()
        return dg.MaterializeResult(asset_key=spec.key, metadata=look(session, CHECKS.table))

    return checks


def publish_asset(catalog: Catalog, reports: Sequence["Report"]) -> dg.AssetsDefinition:
    """The last step: everything in place at once."""
    deps = [
        *(asset_key(m.table) for m in catalog.tables),
        asset_key(CHECKS.table),
        *(dg.AssetKey(["reports", r.name]) for r in reports),
    ]
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
