"""Editions from a published home, by the command and from Dagster: files, errors for people, and no run that has to wait."""

import shutil
from datetime import date

import dagster as dg
import duckdb
import pytest

from pipeline_etl import cli
from pipeline_etl.build import SessionResource
from pipeline_etl.compose import build
from pipeline_etl.home import Home

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory):
    """What the demo company published, without its exports: nothing can be read again."""
    folder = tmp_path_factory.mktemp("editions")
    shutil.copy(demo_home / "warehouse.duckdb", folder)
    return folder


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def files(home):
    return {p.name for p in (home / "reports").iterdir() if p.suffix != ".pdf"} if (home / "reports").exists() else set()


def test_the_command_writes_an_edition_while_a_run_holds_the_home(home, capsys):
    with Home(home).lock():
        code, out, err = run(capsys, "report", "--period", "month", "--home", home)
    assert (code, err) == (0, "")
    (newest,) = ended(home, "month")
    names = {f"pipeline.{newest:%Y-%m}.{language}.{ending}" for language in ("en", "es") for ending in ("html", "xlsx")}
    assert names <= files(home)
    assert all(str(home / "reports" / name) in out.splitlines() for name in names)
    page = (home / "reports" / f"pipeline.{newest:%Y-%m}.en.html").read_text(encoding="utf-8")
    assert f"<h1>Pipeline report, {newest:%B %Y}</h1>" in page
    assert not list(home.glob("edition-*"))


def ended(home, length):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute("select max(period_start) from core.periods where period = ? and not is_running", [length]).fetchone()


@pytest.mark.parametrize(
    "arguments, fault",
    [
        (["--start", "2026-02-30"], "--start 2026-02-30: write the first day of a quarter, such as 2026-03-01"),
        (["--period", "month", "--start", "2031-01-01"], "no month with data begins on 2031-01-01; the nearest begin on "),
        (["sales"], "there is no report 'sales'; there are pipeline"),
        (["--home", "nowhere"], "nowhere/warehouse.duckdb: nothing is published there; run `pipeline-etl run` first"),
    ],
)
def test_what_cannot_be_made_is_said(home, capsys, arguments, fault):
    before = files(home)
    code, out, err = run(capsys, "report", "--home", home, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"pipeline-etl: {fault}")
    assert files(home) == before


def materialized(definitions, asset, key):
    made = definitions.get_assets_def(dg.AssetKey(["reports", asset]))
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([made], instance=instance, raise_on_error=False, partition_key=key)


def test_a_partition_is_an_edition(home):
    with Home(home).lock():
        result = materialized(build(SessionResource(exports=str(home / "exports"), home=str(home))), "pipeline_monthly", "2026-03-01")
    assert result.success
    assert {"pipeline.2026-03.en.html", "pipeline.2026-03.es.xlsx"} <= files(home)
    (event,) = result.get_asset_materialization_events()
    metadata = event.materialization.metadata
    assert metadata["page_en"].value == "/home/reports/pipeline.2026-03.en.html"
    assert (metadata["edition"].value, metadata["last_day"].value) == ("2026-03", "2026-03-31")


def test_a_partition_without_data_says_which_have_some(home):
    # The definitions may be older than what is published since.
    definitions = build(SessionResource(exports=str(home / "exports"), home=str(home)))
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("delete from core.periods where period = 'quarter' and period_start = '2025-01-01'")
    result = materialized(definitions, "pipeline_quarterly", "2025-01-01")
    assert not result.success
    (failed,) = (e for e in result.all_events if e.is_step_failure)
    said = failed.step_failure_data.user_failure_data.description
    assert said.startswith("no quarter with data begins on 2025-01-01; the nearest begin on")


def test_a_home_in_which_nothing_is_published_says_so(tmp_path):
    result = materialized(build(SessionResource(exports=str(tmp_path / "exports"), home=str(tmp_path))), "pipeline_monthly", "2026-03-01")
    assert not result.success
    (failed,) = (e for e in result.all_events if e.is_step_failure)
    assert failed.step_failure_data.user_failure_data.description.endswith("nothing is published there; run `pipeline-etl run` first")


def test_partitions_begin_with_the_data_and_editions_are_no_part_of_a_run(home):
    definitions = build(SessionResource(exports=str(home / "exports"), home=str(home)))
    graph = definitions.resolve_asset_graph()
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        periods = connection.execute("select period, min(period_start), max(period_start) from core.periods group by period").fetchall()
    first, last = {p: str(f) for p, f, _ in periods}, {p: str(t) for p, _, t in periods}
    keys = {length: graph.get(dg.AssetKey(["reports", f"pipeline_{called}"])).partitions_def.get_partition_keys() for length, called in (("week", "weekly"), ("month", "monthly"), ("quarter", "quarterly"))}
    assert [(keys[p][0], keys[p][-1]) for p in ("month", "quarter")] == [(first[p], last[p]) for p in ("month", "quarter")]
    assert all(date.fromisoformat(key).isoweekday() == 1 for key in keys["week"])
    assert {date.fromisoformat(key).month for key in keys["quarter"]} == {1, 4, 7, 10}
    job = definitions.resolve_job_def("pipeline")
    assert dg.AssetKey(["reports", "pipeline"]) in job.asset_layer.selected_asset_keys
    assert dg.AssetKey(["reports", "pipeline_monthly"]) not in job.asset_layer.selected_asset_keys
