"""The one factory: contract, model or report -> Dagster asset with its checks; and all of them -> Definitions."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipeline_etl.catalog import Catalog
from pipeline_etl.home import Home
from pipeline_etl.model import PREVIOUS, Model
from pipeline_etl.model_assets import checks_asset, model_asset, publish_asset
from pipeline_etl.patience import in_turn
from pipeline_etl.report_assets import edition_assets, report_asset
from pipeline_etl.session import Session
from pipeline_etl.settings import load_settings, parse_as_of
from pipeline_etl.shown import WAREHOUSE, asset_key
from pipeline_etl.source_assets import settings_assets, source_assets, survey_asset

if TYPE_CHECKING:
    from pipeline_etl.report import Report

JOB = "pipeline"


class SessionResource(dg.ConfigurableResource):
    """Where the exports are read and the warehouse is written; shared by all steps of a run.

    settings: path of a settings file, or ''. as_of: a date or a time, or '' for the newest event in the exports.
    memory_limit: of a whole run, such as 4GB; '' for what the settings say. wait_minutes: for a run that holds the home.
    anew: make every table, also those of which nothing has changed.
    """

    exports: str
    home: str
    settings: str = ""
    as_of: str = ""
    memory_limit: str = ""
    wait_minutes: float = 0
    anew: bool = False

    def open(self, catalog: Catalog, fresh: bool = True, progress: Callable[[str], None] = lambda line: None) -> Session:
        """The session that this configuration describes."""
        return Session(
            Path(self.exports), Home(Path(self.home)), load_settings(Path(self.settings) if self.settings else None),
            parse_as_of(self.as_of), catalog, fresh, progress, self.memory_limit, self.wait_minutes, self.anew,
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
    sources = [source_assets(contract) for contract in catalog.contracts]
    last = {m.table: n for n, m in enumerate(catalog.tables)}
    found_on: dict[str, list[Model]] = {}
    for check in catalog.checks:
        found_on.setdefault(max(check.dependencies, key=lambda t: last.get(t, -1)), []).append(check)
    # Who only runs does not look: the lineage of columns takes seconds.
    origins = {} if opened else catalog.origins
    models = [
        model_asset(m, found_on.get(m.table, []), _deps(m.dependencies, catalog), origins.get(m.table, {}))
        for m in catalog.tables
    ]
    made = [
        survey_asset(),
        settings_assets(),
        *sources,
        *models,
        checks_asset(catalog),
        *(report_asset(r, _deps(r.tables, catalog)) for r in reports),
        publish_asset(catalog, reports),
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


def _deps(read: Sequence[str], catalog: Catalog) -> list[dg.AssetKey]:
    """The assets behind these tables, none behind the run before; the books are complete once all exports have been read."""
    tables, contracts = catalog.behind(read), catalog.contracts
    keys = {asset_key(t) for t in tables if t == "rejects.survey" or not t.startswith(("rejects.", f"{PREVIOUS}."))}
    if any(t.startswith("rejects.") and t != "rejects.survey" for t in tables):
        keys |= {asset_key(f"raw.{c.name}") for c in contracts}
    return sorted(keys)
