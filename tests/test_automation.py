"""The night: when it begins, when it does not, what is tried again, and what is told of it."""

import os
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._core.storage.tags import (
    MAX_RETRIES_TAG,
    RETRY_NUMBER_TAG,
    RETRY_ON_ASSET_OR_OP_FAILURE_TAG,
    RUN_FAILURE_REASON_TAG,
    WILL_RETRY_TAG,
)
from dagster._utils.error import serializable_error_info_from_exc_info
from test_notify import hook  # noqa: F401

from pipeline_etl import automation, patience
from pipeline_etl.alerts import of_run
from pipeline_etl.automation import is_at_work, last_ended
from pipeline_etl.home import Home, LockedError
from pipeline_etl.refusal import Refused
from pipeline_etl.run import open_instance
from pipeline_etl.settings import Settings, SettingsError

ON = Settings(nightly_at="03:05", reports_at="06:30", watch_exports=True, notify={"webhook": "http://x"}, business_time_zone="Europe/Madrid", fiscal_year_begins=2)


class OneReport:
    """A report with editions, of which none is ever written."""

    name, has_editions = "pipeline", True


def made(tmp_path, settings=ON):
    (tmp_path / "exports").mkdir(exist_ok=True)
    (tmp_path / "home").mkdir(exist_ok=True)
    definitions = automation.automation([OneReport()], tmp_path / "exports", Home(tmp_path / "home"), settings)
    everything = dg.Definitions.merge(definitions, dg.Definitions(jobs=[everything_job()]))
    return everything.get_repository_def()


def everything_job(fault=None, tags=None):
    @dg.op
    def work():
        if fault:
            raise fault

    @dg.job(name="pipeline", tags=tags)
    def pipeline():
        work()

    return pipeline


def test_all_is_off_unless_the_settings_say_when(tmp_path):
    for settings, status in ((Settings(), "STOPPED"), (ON, "RUNNING")):
        found = made(tmp_path, settings)
        assert {s.default_status.value for s in (*found.schedule_defs, *found.sensor_defs)} == {status}
        assert {s.name for s in found.schedule_defs} == {"nightly", "reports_weekly", "reports_monthly", "reports_quarterly"}
        assert {s.name for s in found.sensor_defs} == {"new_exports", "tell_of_failed_runs", "tell_of_failed_checks"}


def test_times_are_those_of_the_business(tmp_path):
    crons = {s.name: (s.cron_schedule, s.execution_timezone) for s in made(tmp_path).schedule_defs}
    assert crons == {
        "nightly": ("5 3 * * *", "Europe/Madrid"), "reports_weekly": ("30 6 * * 1", "Europe/Madrid"),
        "reports_monthly": ("30 6 1 * *", "Europe/Madrid"), "reports_quarterly": ("30 6 1 2,5,8,11 *", "Europe/Madrid"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "length, today, begins, start",
    [
        ("week", date(2026, 6, 29), 1, date(2026, 6, 22)), ("week", date(2027, 1, 3), 1, date(2026, 12, 21)),
        ("month", date(2026, 3, 1), 1, date(2026, 2, 1)), ("month", date(2026, 1, 31), 1, date(2025, 12, 1)),
        ("quarter", date(2026, 1, 1), 1, date(2025, 10, 1)), ("quarter", date(2026, 6, 30), 1, date(2026, 1, 1)),
        ("quarter", date(2026, 2, 1), 2, date(2025, 11, 1)), ("quarter", date(2026, 1, 31), 2, date(2025, 8, 1)),
        ("quarter", date(2026, 4, 1), 4, date(2026, 1, 1)), ("quarter", date(2026, 12, 31), 12, date(2026, 9, 1)),
    ],
)  # fmt: skip
def test_what_has_just_ended(length, today, begins, start):
    assert last_ended(length, today, begins) == start


def tick(repository, name, at, instance):
    context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at)
    return repository.get_schedule_def(name).evaluate_tick(context)


def test_each_schedule_asks_for_its_run(tmp_path):
    repository = made(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        (night,) = tick(repository, "nightly", datetime(2026, 6, 30, 3, 5, tzinfo=ZoneInfo("Europe/Madrid")), instance).run_requests
        assert patience.AGAIN.items() <= night.tags.items()
        # 23:30 of the last day in UTC is the first of the month in Madrid.
        (month,) = tick(repository, "reports_monthly", datetime(2026, 6, 30, 22, 30, tzinfo=ZoneInfo("UTC")), instance).run_requests
        assert month.run_config == {"ops": {"write_editions": {"config": {"period": "month", "start": "2026-06-01"}}}}
        (quarter,) = tick(repository, "reports_quarterly", datetime(2026, 5, 1, 6, 30, tzinfo=ZoneInfo("Europe/Madrid")), instance).run_requests
        assert quarter.run_config["ops"]["write_editions"]["config"] == {"period": "quarter", "start": "2026-02-01"}


def test_a_new_file_starts_one_run_and_none_while_one_is_at_work(tmp_path):
    repository = made(tmp_path)
    (tmp_path / "exports" / "a.csv").write_text("x")
    os.utime(tmp_path / "exports" / "a.csv", (1e9, 1e9))
    sensor, cursor, keys = repository.get_sensor_def("new_exports"), None, []

    def look(instance):
        nonlocal cursor
        found = sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=cursor, repository_def=repository))
        cursor = found.cursor or cursor
        return found

    with dg.DagsterInstance.ephemeral() as instance:
        running = instance.create_run_for_job(everything_job(), status=dg.DagsterRunStatus.STARTED)
        assert [look(instance).skip_message for _ in range(3)] == ["a run is at work; what is new is looked at when it has ended"] * 3
        instance.report_run_canceled(running)
        for _ in range(4):
            keys += look(instance).run_requests or []
    assert len(keys) == 1
    assert keys[0].run_key and patience.AGAIN.items() <= keys[0].tags.items()


def test_a_run_that_was_killed_long_ago_is_not_at_work(tmp_path):
    home = Home(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        assert not is_at_work(instance, home, 0)
        instance.create_run_for_job(everything_job(), status=dg.DagsterRunStatus.STARTED)
        now = datetime.now().timestamp()
        assert is_at_work(instance, home, now)
        assert not is_at_work(instance, home, now + 3600)
        with home.lock():
            assert is_at_work(instance, home, now + 3600)


def editions(tmp_path, monkeypatch, day, period="month", start="2026-06-01"):
    monkeypatch.setattr(automation, "_published_on", lambda home, settings: day)
    monkeypatch.setattr(automation, "APART", 0)
    written = []

    class Edition:
        key, last_day = "2026-06", date(2026, 6, 30)

    def reissue(report, home, length, begin):
        written.append((report.name, length, begin))
        return Edition, {"en": {"page": tmp_path / "pipeline.2026-06.en.html"}}

    monkeypatch.setattr(automation, "reissue", reissue)
    job = made(tmp_path).get_job("editions")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            run_config={"ops": {"write_editions": {"config": {"period": period, "start": start}}}}, instance=instance, raise_on_error=False
        )
    return result, written


def test_an_edition_of_the_schedule_is_a_partition_of_its_asset(tmp_path, monkeypatch):
    result, written = editions(tmp_path, monkeypatch, date(2026, 7, 1))
    assert result.success and written == [("pipeline", "month", date(2026, 6, 1))]
    (event,) = [e for e in result.all_events if e.event_type_value == "ASSET_MATERIALIZATION"]
    assert (event.asset_key.path, event.partition) == (["reports", "pipeline_monthly"], "2026-06-01")


def test_an_edition_waits_for_a_run_that_saw_the_end_of_its_period(tmp_path, monkeypatch):
    result, written = editions(tmp_path, monkeypatch, date(2026, 6, 30))
    assert not result.success and written == []
    assert sum(e.event_type_value == "STEP_RESTARTED" for e in result.all_events) == automation.TRIES
    (failed,) = (e for e in result.all_events if e.is_step_failure)
    assert "no run has been published since (2026-06-30 is the newest)" in failed.step_failure_data.user_failure_data.description


# What is tried again


class Turn:
    """A session that cannot be opened for some time."""

    def __init__(self, faults):
        self.faults = faults

    def __enter__(self):
        if self.faults:
            raise self.faults.pop(0)
        return self

    def __exit__(self, *_):
        pass


@pytest.fixture
def no_waiting(monkeypatch):
    waited = []
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    return waited


def test_a_run_waits_for_its_turn(no_waiting):
    said, turn = [], Turn([LockedError("another run is at work in h"), LockedError("again")])
    with patience.in_turn(lambda: turn, None, said.append) as own:
        assert own is turn
    assert (no_waiting, said) == ([patience.LOOK_EVERY] * 2, ["This run waits for its turn: another run is at work in h"])


def test_a_run_does_not_wait_for_ever(no_waiting, monkeypatch):
    monkeypatch.setattr(patience, "LONGEST_WAIT", -1)
    with pytest.raises(LockedError), patience.in_turn(lambda: Turn([LockedError("x")]), None, str):
        pass


def failed_run(tmp_path, fault, at_start, tags=patience.AGAIN):
    """How a run ends that fails like this: its tags, as the daemon sees them."""

    @dg.resource
    def session(context):
        if at_start:
            with patience.in_turn(lambda: Turn([fault]), context.dagster_run, str) as own:
                yield own
        yield None

    @dg.op(required_resource_keys={"session"})
    def work(context):
        with patience.worth_another_run(context.run_id, context.instance):
            raise fault

    @dg.job(name="pipeline", resource_defs={"session": session}, tags=tags)
    def pipeline():
        work()

    with open_instance(Home(tmp_path)) as instance:
        result = pipeline.execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
        return instance.get_run_by_id(result.run_id).tags


@pytest.mark.parametrize(
    "fault, at_start, again",
    [
        (Refused("it changed while it was read"), False, True), (OSError(5, "the share is gone"), False, True), (ValueError("a bug"), False, False),
        (OSError(5, "the share is gone"), True, True),
    ],
)  # fmt: skip
def test_a_run_that_nobody_watches_is_begun_again_where_that_helps(tmp_path, no_waiting, fault, at_start, again):
    tags = failed_run(tmp_path, fault, at_start)
    assert tags[WILL_RETRY_TAG] == str(again).lower(), tags[RUN_FAILURE_REASON_TAG]


def test_a_run_that_somebody_began_is_not(tmp_path, no_waiting):
    tags = failed_run(tmp_path, Refused("it changed"), False, tags={})
    assert tags.get(WILL_RETRY_TAG, "false") == "false"
    assert (tags[RETRY_ON_ASSET_OR_OP_FAILURE_TAG], MAX_RETRIES_TAG in tags) == ("true", False)


def test_a_retry_gives_the_fault_time_to_pass(no_waiting):
    class Run:
        tags = {RETRY_NUMBER_TAG: "2"}  # noqa: RUF012

    with patience.in_turn(lambda: Turn([]), Run, str):
        pass
    assert no_waiting == [2 * patience.PAUSE]


# Who is told


def told(repository, name, instance, run, event):
    context = dg.build_run_status_sensor_context(name, event, instance, run, repository_def=repository)
    repository.get_sensor_def(name)(context.for_run_failure() if name == "tell_of_failed_runs" else context)


def ended(instance, job):
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    kind = "PIPELINE_SUCCESS" if result.success else "PIPELINE_FAILURE"
    return instance.get_run_by_id(result.run_id), next(e for e in result.all_events if e.event_type_value == kind)


def test_a_run_that_failed_is_told_once_nothing_tries_it_again(tmp_path, hook):  # noqa: F811
    address, received, _ = hook
    repository = made(tmp_path, Settings(notify={"webhook": address}))
    with open_instance(Home(tmp_path)) as instance:
        told(repository, "tell_of_failed_runs", instance, *ended(instance, everything_job(OSError("ana@example.com is a value"), patience.AGAIN | {RETRY_ON_ASSET_OR_OP_FAILURE_TAG: "true"})))
        assert received == [], "it will be tried again"
        told(repository, "tell_of_failed_runs", instance, *ended(instance, everything_job(OSError("ana@example.com is a value"))))
        told(repository, "tell_of_failed_runs", instance, *ended(instance, everything_job(dg.Failure("the exports are gone"))))
    bodies = [body for _, _, body in received]
    assert [b["event"] for b in bodies] == ["run failed"] * 2
    assert [b["lines"] for b in bodies] == [["work failed: OSError; the whole trace is in pipeline-etl ui"], ["the exports are gone"]]
    assert all(b["title"] == "pipeline-etl: the run failed in home" and b["run_id"] for b in bodies)


def checked(*found):
    """A job with an asset whose checks come out like this: (passed, severity, blocking, metadata)."""

    specs = [dg.AssetCheckSpec(f"c{n}", asset="deals", blocking=blocking) for n, (_, _, blocking, _) in enumerate(found)]

    @dg.asset(check_specs=specs)
    def deals():
        return dg.MaterializeResult(check_results=[
            dg.AssetCheckResult(passed=passed, check_name=f"c{n}", severity=dg.AssetCheckSeverity[severity], metadata=metadata)
            for n, (passed, severity, _, metadata) in enumerate(found)
        ])  # fmt: skip

    return dg.Definitions(assets=[deals], jobs=[dg.define_asset_job("pipeline", executor_def=dg.in_process_executor)]).resolve_job_def("pipeline")


def test_failed_checks_of_a_published_run_are_told_without_rows_of_the_exports(tmp_path, hook):  # noqa: F811
    address, received, _ = hook
    repository = made(tmp_path, Settings(notify={"webhook": address}))
    rule = {"rule": "This must not occur: x.", "failing_rows": 3, "example": "email = ana@example.com"}
    with open_instance(Home(tmp_path)) as instance:
        told(repository, "tell_of_failed_checks", instance, *ended(instance, checked((True, "WARN", False, {}))))
        assert received == []
        told(repository, "tell_of_failed_checks", instance, *ended(instance, checked(
            (False, "WARN", False, rule), (True, "ERROR", True, {}), (False, "WARN", False, {**rule, "says": "crm has sent nothing for 3 days\nhs has sent nothing for 4 days"})
        )))  # fmt: skip
    ((_, _, body),) = received
    assert (body["event"], body["title"]) == ("checks failed", "pipeline-etl: 2 checks failed in home")
    assert body["lines"] == ["deals: This must not occur: x. (3 rows break it)", "crm has sent nothing for 3 days", "hs has sent nothing for 4 days", "and 1 more of the same kind"]


def test_a_blocking_check_is_why_a_run_failed(tmp_path):
    with open_instance(Home(tmp_path)) as instance:
        run, _ = ended(instance, checked((False, "ERROR", True, {"rule": "Every row satisfies: a = b", "failing_rows": 1}), (False, "WARN", False, {})))
        alert = of_run(instance, run, "/data/night", published=False)
    assert (alert.event, alert.lines) == ("run failed", ("deals: Every row satisfies: a = b (1 rows break it)",))


def test_a_hook_that_fails_is_logged_and_fails_nothing(tmp_path, hook):  # noqa: F811
    address, received, answer = hook
    answer["status"] = 503
    repository = made(tmp_path, Settings(notify={"webhook": address}))
    with open_instance(Home(tmp_path)) as instance:
        told(repository, "tell_of_failed_runs", instance, *ended(instance, everything_job(OSError("x"))))
    assert len(received) == 1


def test_a_fault_of_the_settings_is_told_in_its_own_words(tmp_path, no_waiting):
    failed_run(tmp_path, SettingsError("s.toml:1: there is no setting 'x'"), at_start=True)
    with open_instance(Home(tmp_path)) as instance:
        (run,) = instance.get_runs()
        assert of_run(instance, run, "/data/night", published=False).lines == ("s.toml:1: there is no setting 'x'",)


def test_a_run_that_never_began_is_told_by_what_its_worker_met(tmp_path):
    with open_instance(Home(tmp_path)) as instance:
        run = instance.create_run_for_job(everything_job(), status=dg.DagsterRunStatus.STARTING)
        try:
            raise SettingsError("s.toml:2: nightly_at reads …")
        except SettingsError:
            error = serializable_error_info_from_exc_info(sys.exc_info())
        instance.report_engine_event("Could not load job definition.", run, EngineEventData(error=error))
        instance.report_engine_event("Retrying the run", run)
        instance.report_run_failed(run)
        assert of_run(instance, run, "/data/night", published=False).lines == ("s.toml:2: nightly_at reads …",)


def test_a_worker_that_was_killed_is_told_by_what_dagster_saw(tmp_path):
    with open_instance(Home(tmp_path)) as instance:
        run = instance.create_run_for_job(everything_job(), status=dg.DagsterRunStatus.STARTED)
        instance.report_run_failed(run, "Run execution process for 1 unexpectedly exited.")
        assert of_run(instance, run, "/data/night", published=False).lines == ("Run execution process for 1 unexpectedly exited.",)
