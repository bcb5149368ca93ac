"""Reports in Dagster: one asset per report, made by every run, and three whose partitions are its editions."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import AssetExecutionContext

from pipeline_etl.editions import LENGTHS, Edition, NoEdition
from pipeline_etl.home import Home
from pipeline_etl.locale import period_end
from pipeline_etl.outputs import write_all
from pipeline_etl.reissue import open_published, reissue
from pipeline_etl.report import Report, ReportError
from pipeline_etl.session import Session
from pipeline_etl.shown import CHECKS, FRESH, OWNERS, WAREHOUSE

REPORTS_URL = "/home/reports"
"""Where `pipeline-etl ui` serves the folder of reports; a link without a host holds for any port."""
UNPUBLISHED = date(2020, 1, 1)
"""First day of the partitions of a home in which nothing is published yet."""
CALLED = {"week": "weekly", "month": "monthly", "quarter": "quarterly"}


def report_asset(report: Report, deps: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The report that a run writes; published with the warehouse."""
    spec = dg.AssetSpec(
        ["reports", report.name], group_name="reports", owners=OWNERS, kinds={"html", "excel"}, freshness_policy=FRESH,
        description=f"{report.description}\n\n{_links(report.name, report.languages)}", deps=sorted({*deps, CHECKS}),
    )  # fmt: skip

    @dg.multi_asset(name=f"write_report_{report.name}", specs=[spec], required_resource_keys={"session"})
    def write(context: AssetExecutionContext) -> dg.MaterializeResult:
        session: Session = context.resources.session
        current = report.current(session.warehouse.connection, session.settings.report_period)
        answers = current.ask(session.warehouse.connection)
        facts = {"exports": session.exports.name, "started_at": session.started_at}
        written = {}
        for language in report.languages:
            session.progress(f"write report {report.name} ({language})")
            names = write_all(current.document(answers, language, facts), session.warehouse.reports)
            written[language] = {kind: session.home.reports / name for kind, name in names.items()}
        return dg.MaterializeResult(asset_key=spec.key, metadata=files_metadata(written))

    return write


def edition_assets(report: Report, home: Home) -> list[dg.AssetsDefinition]:
    """One asset each for the weeks, months and quarters of a report; none where it has no editions.

    Their partitions are the periods of what is published when the definitions are loaded.
    """
    if not report.has_editions:
        return []
    try:
        with open_published(home) as connection:
            known = report.editions(connection)
    except (NoEdition, ReportError):
        known = []
    return [_edition_asset(report, home, length, _partitions(length, known)) for length in LENGTHS]


def _partitions(length: str, known: Sequence[Edition]) -> dg.TimeWindowPartitionsDefinition:
    first = min((e.start for e in known if e.period == length), default=min((e.start for e in known), default=UNPUBLISHED))
    begins = known[0].year_begins if known else 1
    months = ",".join(str(m) for m in sorted((begins - 1 + n) % 12 + 1 for n in (0, 3, 6, 9)))
    cron = {"week": "0 0 * * 1", "month": "0 0 1 * *", "quarter": f"0 0 1 {months} *"}[length]
    last = max((e.start for e in known if e.period == length), default=None)
    end = str(period_end(f"{length}-{last}")) if last else None
    # One beyond those that have ended by the clock: the running period can be looked at too.
    return dg.TimeWindowPartitionsDefinition(str(first), "%Y-%m-%d", end=end, cron_schedule=cron, end_offset=1)


def _edition_asset(
    report: Report, home: Home, length: str, partitions: dg.TimeWindowPartitionsDefinition
) -> dg.AssetsDefinition:
    @dg.asset(
        key=["reports", f"{report.name}_{CALLED[length]}"], partitions_def=partitions, deps=[WAREHOUSE], group_name="editions",
        owners=OWNERS, kinds={"html", "excel"},
        description=f"One edition of the report {report.name} per {length}, from what is published.\n\n"
        f"Choose a {length} by its first day and materialize it: no export is read again. "
        "For the periods of a later run press *Reload definitions*.",
    )  # fmt: skip
    def write_edition(context: AssetExecutionContext) -> dg.MaterializeResult:
        try:
            edition, written = reissue(report, home, length, date.fromisoformat(context.partition_key))
        except (NoEdition, ReportError) as error:
            raise dg.Failure(description=str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            metadata={"edition": edition.key, "last_day": str(edition.last_day), **files_metadata(written)}
        )

    return write_edition


def files_metadata(written: Mapping[str, Mapping[str, Path]]) -> dict[str, Any]:
    """Links to files by language and kind, for the UI, and where they are, for everyone else."""
    links = {
        f"{kind}_{language}": dg.MetadataValue.url(f"{REPORTS_URL}/{file.name}")
        for language, files in written.items()
        for kind, file in files.items()
    }
    folder = next(file.parent for files in written.values() for file in files.values())
    return {**links, "folder": dg.MetadataValue.path(str(folder.resolve()))}


def _links(stem: str, languages: Sequence[str]) -> str:
    """The files that every run writes, as Markdown, by the language's own name."""
    from babel import Locale

    named = {language: Locale.parse(language).get_display_name().capitalize() for language in languages}
    return " · ".join(
        f"[{name}]({REPORTS_URL}/{stem}.{language}.html) ([Excel]({REPORTS_URL}/{stem}.{language}.xlsx))"
        for language, name in named.items()
    )
