"""The one factory: contract, model or report -> Dagster asset with its checks; and all of them -> Definitions."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl
from dagster import AssetExecutionContext

from pipeline_etl.catalog import CHECKS_TABLE, SETTINGS_TABLES, Catalog
from pipeline_etl.clean import spread_columns
from pipeline_etl.contract import Column, Contract
from pipeline_etl.home import Home
from pipeline_etl.lineage import Origins
from pipeline_etl.model import PREVIOUS, Model
from pipeline_etl.patience import in_turn, worth_another_run
from pipeline_etl.report_assets import edition_assets, report_asset
from pipeline_etl.rules import of_contract
from pipeline_etl.session import Session
from pipeline_etl.settings import load_settings, parse_as_of
from pipeline_etl.shown import (
    CHECKS,
    FRESH,
    OWNERS,
    SURVEY,
    WAREHOUSE,
    SqlType,
    asset_key,
    asset_spec,
    check_results,
    check_spec,
    check_specs,
    look,
    table_of,
)

if TYPE_CHECKING:
    from pipeline_etl.report import Report

JOB = "pipeline"
EXPECTED_SCHEMAS = ("raw", "marts", "quality")
"""Schemas whose tables Great Expectations checks too; the ones between are checked in SQL."""


class SessionResource(dg.ConfigurableResource):
    """Where the exports are read and the warehouse is written; shared by all steps of a run.

    settings: path of a settings file, or ''. as_of: a date or a time, or '' for the newest event in the exports.
    memory_limit: of a whole run, such as 4GB; '' for what the settings say. wait_minutes: for a run that holds the home.
    """

    exports: str
    home: str
    settings: str = ""
    as_of: str = ""
    memory_limit: str = ""
    wait_minutes: float = 0

    def open(self, catalog: Catalog, fresh: bool = True, progress: Callable[[str], None] = lambda line: None) -> Session:
        """The session that this configuration describes."""
        return Session(
            Path(self.exports), Home(Path(self.home)), load_settings(Path(self.settings) if self.settings else None),
            parse_as_of(self.as_of), catalog, fresh, progress, self.memory_limit, self.wait_minutes,
        )  # fmt: skip


def definitions(
    catalog: Catalog,
    reports: Sequence["Report"],
    session: SessionResource,
    opened: Session | None = None,
    more: Sequence[Any] = (),
) -> dg.Definitions:
    """Everything Dagster is to know: an asset per table and report, its checks, and the job that makes them all.

    opened: a session that is open already and serves the next run, in place of one of its own.
    """
    sources = [_source(contract) for contract in catalog.contracts]
    last = {m.table: n for n, m in enumerate(catalog.tables)}
    found_on: dict[str, list[Model]] = {}
    for check in catalog.checks:
        found_on.setdefault(max(check.dependencies, key=lambda t: last.get(t, -1)), []).append(check)
    # Who only runs does not look: the lineage of columns takes seconds.
    origins = {} if opened else catalog.origins
    models = [
        _model(m, found_on.get(m.table, []), _deps(m.dependencies, catalog), origins.get(m.table, {})) for m in catalog.tables
    ]
    made = [
        _survey(),
        _settings(),
        *sources,
        *models,
        _checks(catalog),
        *(report_asset(r, _deps(r.tables, catalog)) for r in reports),
        _publish(catalog, reports),
    ]

    editions = [asset for report in reports for asset in edition_assets(report, Home(Path(session.home)))]
    keys = {key for asset in made for key in asset.keys}

    @dg.resource
    def open_session(context: dg.InitResourceContext) -> Iterator[Session]:
        """A run of everything begins with nothing; a run of some assets with a copy of what is published."""
        if opened:
            yield opened
            return
        selected = context.dagster_run.asset_selection if context.dagster_run else None
        fresh = not selected or selected >= keys
        if not fresh and WAREHOUSE not in selected:
            context.log.warning("Nothing of this run will be published: select the asset `warehouse` too.")
        say = context.log.warning if context.log else lambda line: None
        with in_turn(lambda: session.open(catalog, fresh), context.dagster_run, say) as own:
            yield own

    return dg.Definitions(
        assets=[*made, *editions, *more],
        jobs=[
            dg.define_asset_job(
                JOB, selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*editions),
                executor_def=dg.in_process_executor, description="Exports folder in; published warehouse and reports out.",
            )
        ],
        resources={"session": open_session},
        executor=dg.in_process_executor,
    )  # fmt: skip


def _survey() -> dg.AssetsDefinition:
    @dg.asset(
        key=SURVEY, group_name="exports", owners=OWNERS, kinds={"file"}, required_resource_keys={"session"},
        description="One row per file of the exports folder: what it is, told from its headings.",
    )  # fmt: skip
    def survey(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        session.open_books()
        counts = {status: sum(f.status == status for f in session.files) for status in ("read", "unknown", "refused")}
        listing = table_of(["file", "status", "object", "note"], [
            (f.path, f.status, f.reading.contract.name if f.reading else "", f.note) for f in session.files
        ])  # fmt: skip
        return dg.MaterializeResult(metadata={"dagster/row_count": len(session.files), **counts, "files": listing})

    return survey


def _settings() -> dg.AssetsDefinition:
    meanings = {
        "settings.run": "One row: what the run was asked for.",
        "settings.stages": "One row per stage that the settings name: its place, or its kind.",
        "settings.exchange_rates": "One row per currency with a rate in the settings.",
        "settings.size_bands": "One row per band of deal sizes: from `low` on, below `high`.",
        "settings.required_fields": "One row per field that open deals of a stage, or of all stages, need.",
        "settings.follow_up": "One row: when people work, and after how many days an inbound sign counts as missed.",
        "settings.owner_time_zones": "One row per owner whose time zone the settings say.",
        "settings.answer_limits": "One row per lead source, and `*` for the others: working hours within which to answer.",
        "settings.automatic_mails": "One row per pattern of the types and subjects of what a machine did.",
        "settings.test_records": "One row per pattern by which the settings call records tests.",
        "settings.silent_after": "One row per source, and `*` for the others: days after which its silence is reported.",
    }

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(asset_key(t), group_name="settings", owners=OWNERS, kinds={"toml"}, description=meanings[t])
            for t in SETTINGS_TABLES
        ],
        required_resource_keys={"session"},
    )
    def settings(context: AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        session: Session = context.resources.session
        for table, columns in SETTINGS_TABLES.items():
            session.warehouse.create_table(table, columns)
        session.write_settings()
        for table in SETTINGS_TABLES:
            yield dg.MaterializeResult(asset_key=asset_key(table), metadata=look(session, table))

    return settings


def _source(contract: Contract) -> dg.AssetsDefinition:
    table, rules = f"raw.{contract.name}", list(of_contract(contract))
    specs = [asset_spec(table, contract.description, contract.columns, [SURVEY], {"polars", "parquet"}, contract.system)]
    if contract.spread:
        name, columns = f"raw.{contract.spread.table}", spread_columns(contract)
        specs.append(asset_spec(name, contract.spread.description, columns, [SURVEY], {"polars", "parquet"}, contract.system))

    @dg.multi_asset(
        name=f"read_{contract.name}", specs=specs, check_specs=check_specs(rules), required_resource_keys={"session"}
    )
    def source(context: AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        session: Session = context.resources.session
        session.progress(f"read {contract.name}")
        arrivals, began = session.arrivals(contract), time.perf_counter()
        with worth_another_run(context.run_id, context.instance):
            accounts = session.land(contract)
        counts = {c: sum(getattr(a, c) for a in accounts) for c in ("rows", "kept", "rejected", "duplicates", "was_read")}
        for damaged in session.lake.damaged:
            context.log.warning(f"{damaged} in the lake is damaged: its bytes are not those that were written; read again")
        session.lake.damaged.clear()
        for account, arrival in zip(accounts, arrivals, strict=True):
            context.log.info(f"{arrival.export.path}: {account}")
        outcomes = session.judge(rules, with_expectations=True) if arrivals else []
        seconds = round(time.perf_counter() - began, 3)
        yield dg.MaterializeResult(
            asset_key=specs[0].key,
            metadata={**counts, "files": len(arrivals), "seconds": seconds, **look(session, table, counts["kept"])},
            check_results=check_results(rules, outcomes, specs[0].key),
        )
        for spec in specs[1:]:
            yield dg.MaterializeResult(asset_key=spec.key, metadata=look(session, ".".join(spec.key.path)))

    return source


def _model(model: Model, checks: Sequence[Model], deps: Sequence[dg.AssetKey], origins: Origins) -> dg.AssetsDefinition:
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


def _checks(catalog: Catalog) -> dg.AssetsDefinition:
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


def _publish(catalog: Catalog, reports: Sequence["Report"]) -> dg.AssetsDefinition:
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


def _deps(read: Sequence[str], catalog: Catalog) -> list[dg.AssetKey]:
    """The assets behind these tables, none behind the run before; the books are complete once all exports have been read."""
    tables, contracts = catalog.behind(read), catalog.contracts
    keys = {asset_key(t) for t in tables if t == "rejects.survey" or not t.startswith(("rejects.", f"{PREVIOUS}."))}
    if any(t.startswith("rejects.") and t != "rejects.survey" for t in tables):
        keys |= {asset_key(f"raw.{c.name}") for c in contracts}
    return sorted(keys)
