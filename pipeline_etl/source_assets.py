"""The assets that bring data in: the survey of the exports folder, the settings as tables, and each kind of export."""

import time
from collections.abc import Iterator

import dagster as dg
from dagster import AssetExecutionContext

from pipeline_etl.catalog import SETTINGS_TABLES
from pipeline_etl.clean import spread_columns
from pipeline_etl.contract import Contract
from pipeline_etl.patience import worth_another_run
from pipeline_etl.rules import of_contract
from pipeline_etl.session import Session
from pipeline_etl.shown import OWNERS, SURVEY, asset_key, asset_spec, check_results, check_specs, look, table_of


def survey_asset() -> dg.AssetsDefinition:
    """What lies in the exports folder."""

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


def settings_assets() -> dg.AssetsDefinition:
    """The settings, for the SQL."""
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


def source_assets(contract: Contract) -> dg.AssetsDefinition:
    """The raw tables of one kind of export, with the rules of its contract."""
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
        files = "1 file" if len(arrivals) == 1 else f"{len(arrivals):,} files"
        context.log.info(f"{table}: {counts['kept']:,} rows of {files} read and checked in {seconds:.1f} s")
        yield dg.MaterializeResult(
            asset_key=specs[0].key,
            metadata={**counts, "files": len(arrivals), "seconds": seconds, **look(session, table, counts["kept"])},
            check_results=check_results(rules, outcomes, specs[0].key),
        )
        for spec in specs[1:]:
            yield dg.MaterializeResult(asset_key=spec.key, metadata=look(session, ".".join(spec.key.path)))

    return source
