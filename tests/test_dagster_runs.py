"""Runs as Dagster's users start them: everything, or a few assets on top of what is published."""

import duckdb
import pytest
from dagster import AssetKey, DagsterInstance

from assets.demo import write_demo
from pipeline_etl.build import SessionResource
from pipeline_etl.compose import build

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    home = tmp_path_factory.mktemp("dagster")
    write_demo(home)
    definitions = build(SessionResource(exports=str(home / "exports"), home=str(home)))
    with DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("pipeline").execute_in_process(instance=instance, raise_on_error=False)
        assert result.success
        yield home, definitions, instance, result


def rows(home, query):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def run(definitions, instance, keys):
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(instance=instance, raise_on_error=False, asset_selection=[AssetKey(k) for k in keys])


def test_each_table_says_how_many_rows_it_has_and_shows_some(published):
    home, _, _, result = published
    events = {e.asset_key.to_user_string(): e.materialization.metadata for e in result.get_asset_materialization_events()}
    assert events["marts/deals"]["dagster/row_count"].value == rows(home, "select count(*) from marts.deals")[0][0]
    assert events["marts/stage_snapshot"]["preview"].value.startswith("| pipeline | stage |")
    assert events["raw/salesforce_opportunities"]["rejected"].value == 4
    assert {"page_en", "page_es"} <= events["reports/pipeline"].keys()


def test_every_check_is_evaluated_and_names_its_expectation(published):
    evaluations = published[3].get_asset_check_evaluations()
    assert len(evaluations) > 90
    assert all(e.passed for e in evaluations)
    # Of a first run nothing is said to have changed: Great Expectations is not asked about empty tables.
    empty = {"deal_changes", "restatements"}
    marts = [e for e in evaluations if e.asset_key.path[0] == "marts" and e.asset_key.path[1] not in empty]
    # Rules across tables are SQL alone.
    across = {"waterfall_closes", "queues_balance", "stalled_deals_agree"}
    assert all("expect" in e.metadata["great_expectations"].value for e in marts if e.check_name not in across)


def test_some_assets_are_rebuilt_on_what_is_published(published):
    home, definitions, instance, _ = published
    before = rows(home, "select count(*) from quality.checks")
    assert run(definitions, instance, [["marts", "stage_duration"], ["quality", "checks"], ["warehouse"]]).success
    assert rows(home, "select count(*) from marts.deals")[0][0] > 500
    assert rows(home, "select count(*) from quality.checks") == before
    # A run that has not read the exports cannot say what they hold: the next whole run makes the table anew.
    assert rows(home, "select table_name from quality.tables where made_from = '' and table_name like 'marts.stage_d%'") == [("marts.stage_duration",)]


def test_a_run_without_the_warehouse_publishes_nothing(published):
    home, definitions, instance, _ = published
    before = (home / "warehouse.duckdb").stat().st_mtime_ns
    assert run(definitions, instance, [["marts", "stage_duration"]]).success
    assert (home / "warehouse.duckdb").stat().st_mtime_ns == before
