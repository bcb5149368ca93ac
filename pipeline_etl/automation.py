"""What happens unattended: the nightly run, editions of what has ended, a run for new exports, and who is told of failures.

All of it exists in every home and is off until the settings say when (docs/operating.md); the UI switches each of them.
"""

import time
from collections.abc import Sequence
from datetime import UTC, date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.storage.tags import WILL_RETRY_TAG

from pipeline_etl.alerts import of_run
from pipeline_etl.arriving import Digests, Seen, examine
from pipeline_etl.editions import LENGTHS, NoEdition
from pipeline_etl.home import Home, LockedError
from pipeline_etl.locale import period_end
from pipeline_etl.notify import send
from pipeline_etl.patience import AGAIN
from pipeline_etl.reissue import open_published, reissue
from pipeline_etl.report import Report, ReportError
from pipeline_etl.report_assets import CALLED, files_metadata
from pipeline_etl.settings import Settings

JOB, EDITIONS = "pipeline", "editions"
NIGHT, MORNING = "02:30", "07:00"
"""When it would be, where the settings do not say: a schedule that is off has a time, too."""
LOOK_EVERY = 30
TAKES_ITS_TIME = 600.0
"""Seconds within which a run that has begun holds the home."""
TRIES, APART = 8, 1800
"""An edition waits four hours for the night's run that it is to be of."""
UNDERWAY = [dg.DagsterRunStatus[s] for s in ("NOT_STARTED", "QUEUED", "STARTING", "STARTED", "CANCELING")]


def automation(reports: Sequence[Report], exports: Path, home: Home, settings: Settings) -> dg.Definitions:
    """Schedules, sensors and the job of the editions."""
    schedules = [_nightly(settings), *(_edition_schedule(length, settings) for length in LENGTHS)]
    sensors = [_new_exports(exports, home, settings), *_tellers(home, settings)]
    return dg.Definitions(jobs=[_editions(reports, home, settings)], schedules=schedules, sensors=sensors)


def _nightly(settings: Settings) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="nightly", job_name=JOB, cron_schedule=f"{_cron(settings.nightly_at or NIGHT)} * * *",
        execution_timezone=settings.business_time_zone, default_status=_schedule_status(settings.nightly_at),
        description="A run of everything each night. Setting: nightly_at.",
    )  # fmt: skip
    def nightly() -> dg.RunRequest:
        # Where another run is at work this one waits for its turn (`patience`).
        return dg.RunRequest(tags=AGAIN)

    return nightly


def _edition_schedule(length: str, settings: Settings) -> dg.ScheduleDefinition:
    months = ",".join(str(month) for month in sorted((settings.fiscal_year_begins - 1 + n) % 12 + 1 for n in (0, 3, 6, 9)))
    days = {"week": "* * 1", "month": "1 * *", "quarter": f"1 {months} *"}[length]

    @dg.schedule(
        name=f"reports_{CALLED[length]}", job_name=EDITIONS, cron_schedule=f"{_cron(settings.reports_at or MORNING)} {days}",
        execution_timezone=settings.business_time_zone, default_status=_schedule_status(settings.reports_at),
        description=f"The reports of the {length} that has just ended. Setting: reports_at.",
    )  # fmt: skip
    def ended(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        today = context.scheduled_execution_time.astimezone(ZoneInfo(settings.business_time_zone)).date()
        start = last_ended(length, today, settings.fiscal_year_begins)
        config = {"ops": {"write_editions": {"config": {"period": length, "start": str(start)}}}}
        return dg.RunRequest(run_config=config, tags={"edition": f"{length} {start}"})

    return ended


def last_ended(length: str, today: date, year_begins: int) -> date:
    """First day of the newest week, month or fiscal quarter that ended before today."""
    if length == "week":
        return today - timedelta(days=today.weekday() + 7)
    months = today.year * 12 + today.month - 1
    behind = (today.month - year_begins) % 3 + 3 if length == "quarter" else 1
    year, month = divmod(months - behind, 12)
    return date(year, month + 1, 1)


class Ended(dg.Config):
    """Which editions: `week`, `month` or `quarter`, and its first day."""

    period: str
    start: str


def _editions(reports: Sequence[Report], home: Home, settings: Settings) -> dg.JobDefinition:
    @dg.op
    def write_editions(context: dg.OpExecutionContext, config: Ended) -> None:
        start = date.fromisoformat(config.start)
        end = period_end(f"{config.period}-{config.start}")
        try:
            if (day := _published_on(home, settings)) < end:
                since = f"no run has been published since ({day} is the newest)"
                said = f"the {config.period} that began on {start} has ended, and {since}"
                if context.retry_number < TRIES:
                    context.log.warning(f"{said}; another look in {APART // 60} minutes")
                    raise dg.RetryRequested(TRIES, seconds_to_wait=APART)
                raise dg.Failure(said, allow_retries=False)
            for report in reports:
                if report.has_editions:
                    edition, written = reissue(report, home, config.period, start)
                    context.log_event(dg.AssetMaterialization(
                        ["reports", f"{report.name}_{CALLED[config.period]}"], partition=config.start,
                        metadata={"edition": edition.key, "last_day": str(edition.last_day), **files_metadata(written)},
                    ))  # fmt: skip
        except (NoEdition, ReportError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    @dg.job(name=EDITIONS, executor_def=dg.in_process_executor, description="Editions of all reports from what is published.")
    def editions() -> None:
        write_editions()

    return editions


def _published_on(home: Home, settings: Settings) -> date:
    """The business day on which the published run began."""
    with open_published(home) as connection:
        ((started_at,),) = connection.execute("select started_at from settings.run").fetchall()
    return started_at.replace(tzinfo=UTC).astimezone(ZoneInfo(settings.business_time_zone)).date()


def _new_exports(exports: Path, home: Home, settings: Settings) -> dg.SensorDefinition:
    digests = Digests()

    @dg.sensor(
        name="new_exports", job_name=JOB, minimum_interval_seconds=LOOK_EVERY,
        default_status=_sensor_status(settings.watch_exports),
        description="A run when new files lie in the exports folder and are whole; never twice for the same content. "
        "Setting: watch_exports.",
    )  # fmt: skip
    def new_exports(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if is_at_work(context.instance, home, time.time()):
            return dg.SkipReason("a run is at work; what is new is looked at when it has ended")
        seen, found = examine(exports, home, Seen.read(context.cursor), digests, time.time())
        requests = [dg.RunRequest(run_key=found.key, tags=AGAIN)] if found.key else []
        return dg.SensorResult(requests, cursor=seen.written(), skip_reason=None if requests else found.reason)

    return new_exports


def _tellers(home: Home, settings: Settings) -> list[dg.SensorDefinition]:
    status = _sensor_status(bool(settings.notify))

    @dg.run_failure_sensor(
        name="tell_of_failed_runs", default_status=status, minimum_interval_seconds=LOOK_EVERY,
        description="Tells whom the settings name of runs that failed, once nothing tries them again. Setting: [notify].",
    )  # fmt: skip
    def tell_of_failed_runs(context: dg.RunFailureSensorContext) -> None:
        if context.dagster_run.tags.get(WILL_RETRY_TAG) != "true":
            _tell(context, published=False)

    @dg.run_status_sensor(
        name="tell_of_failed_checks", run_status=dg.DagsterRunStatus.SUCCESS, default_status=status,
        minimum_interval_seconds=LOOK_EVERY,
        description="Tells whom the settings name of checks that failed in a run that was published. Setting: [notify].",
    )  # fmt: skip
    def tell_of_failed_checks(context: dg.RunStatusSensorContext) -> None:
        _tell(context, published=True)

    def _tell(context: dg.RunStatusSensorContext, *, published: bool) -> None:
        alert = of_run(context.instance, context.dagster_run, str(home.folder.resolve()), published=published)
        for fault in send(alert, settings.notify) if alert else []:
            context.log.warning(fault)

    return [tell_of_failed_runs, tell_of_failed_checks]


def is_at_work(instance: dg.DagsterInstance, home: Home, now: float) -> bool:
    """Whether a run of everything is on its way; one that was killed stays in the history as if it were, but holds no lock."""
    running = instance.get_run_records(dg.RunsFilter(job_name=JOB, statuses=UNDERWAY))
    if not running:
        return False
    youngest = max(record.create_timestamp for record in running)
    if now - youngest.timestamp() < TAKES_ITS_TIME:
        return True
    try:
        with home.lock():
            return False
    except LockedError:
        return True


def _cron(at: str) -> str:
    hour, minute = at.split(":")
    return f"{int(minute)} {int(hour)}"


def _schedule_status(setting: object) -> dg.DefaultScheduleStatus:
    return dg.DefaultScheduleStatus.RUNNING if setting else dg.DefaultScheduleStatus.STOPPED


def _sensor_status(setting: object) -> dg.DefaultSensorStatus:
    return dg.DefaultSensorStatus.RUNNING if setting else dg.DefaultSensorStatus.STOPPED
