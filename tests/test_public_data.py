"""Public exports in real formats, which nobody here wrote: the totals that their own README states."""

import csv
import shutil
from decimal import Decimal

import duckdb
import pytest
import staged

from pipeline_etl.home import Home

pytestmark = pytest.mark.public_data


@pytest.fixture
def published(public_data, tmp_path, catalog):
    """`published(folder)` makes its warehouse and opens it."""
    connections = []

    def run(name):
        staged.publish(public_data / name, Home(tmp_path / name), catalog)
        connections.append(duckdb.connect(str(tmp_path / name / "warehouse.duckdb"), read_only=True))
        return connections[-1]

    yield run
    for connection in connections:
        connection.close()


def statuses(connection):
    return dict(connection.execute("select status, count(*) from marts.deals group by all").fetchall())


def test_a_hubspot_export_with_date_columns(published):
    warehouse = published("hubspot_leak_finder")
    assert statuses(warehouse) == {"won": 175, "lost": 1384, "open": 41}
    assert warehouse.execute("select sum(amount) from marts.deals where status = 'won'").fetchone()[0] == Decimal("6493000.00")
    ladder = warehouse.execute("select stage from core.stages where kind = 'open' order by stage_order").fetchall()
    assert [s for (s,) in ladder] == ["Discovery", "Qualified", "Demo", "Proposal", "Negotiation"]
    assert warehouse.execute("select date_order from quality.files").fetchone()[0] in (None, "")


def test_a_salesforce_field_history_report(published):
    warehouse = published("salesforce_leak_finder")
    assert statuses(warehouse) == {"won": 65, "lost": 521, "open": 14}
    evidence = dict(warehouse.execute("select evidence, count(*) from marts.stage_visits where visit_number = 1 group by all").fetchall())
    assert evidence["first stage, from the old value"] >= 590
    assert warehouse.execute("select date_order from quality.files").fetchone()[0] == "month/day"


def test_a_salesforce_demo_org(published):
    warehouse = published("salesforce_workshop")
    amounts = dict(warehouse.execute("select status, sum(amount) from marts.deals group by all").fetchall())
    assert statuses(warehouse) == {"won": 12, "lost": 3, "open": 35}
    assert (amounts["won"], amounts["lost"]) == (Decimal("10542562.98"), Decimal("3058912.50"))
    read = dict(warehouse.execute("select path, kept from quality.files where status = 'read'").fetchall())
    assert read == {"Account.csv": 22, "Campaign.csv": 8, "CampaignMember.csv": 68, "Contact.csv": 102, "Lead.csv": 60, "Opportunity.csv": 50, "Task.csv": 75}


def test_a_demo_org_imported_after_its_deals_closed_has_no_negative_cycle(published):
    warehouse = published("salesforce_workshop")
    (negative,) = warehouse.execute("select count(*) from marts.deals where days_to_close < 0").fetchone()
    health = warehouse.execute("select won, deals_without_cycle, average_days_to_close from marts.pipeline_health where period = 'all' and pipeline = 'all'").fetchone()
    assert negative == 0
    assert health[0] == 12
    assert (health[2] is None) == (health[1] == 12)


FOLDERS = (
    "facebook_ads_fivetran", "google_ads_fivetran", "hubspot_fivetran", "hubspot_leak_finder", "marketo_fivetran", "pardot_fivetran",
    "pipedrive_api", "salesforce_fivetran", "salesforce_leak_finder", "salesforce_workshop", "snowplow_web",
)  # fmt: skip
LEFT = {"facebook_ads_fivetran": 8, "google_ads_fivetran": 3, "hubspot_fivetran": 33, "marketo_fivetran": 3, "pardot_fivetran": 3, "salesforce_fivetran": 3, "salesforce_workshop": 3, "snowplow_web": 4}
"""How many files of each folder are of kinds that we do not read (lists, templates, tickets, licences …); at most."""


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_is_accounted_for_to_the_row(public_data, catalog, tmp_path, name):
    columns, rows = staged.staged(public_data / name, tmp_path, catalog)["quality.files"]
    files = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {f["path"] for f in files} == {str(p.relative_to(public_data / name)) for p in (public_data / name).rglob("*") if p.is_file()}
    for file in files:
        assert file["rows"] == file["kept"] + file["rejected"] + file["duplicates"], file["path"]
        assert file["status"] == "read" or file["note"], file["path"]
        if file["status"] == "read" and file["path"].endswith(".csv"):
            # The same rows as Python's own reader has.
            with (public_data / name / file["path"]).open(encoding="utf-8-sig", newline="") as stream:
                assert file["rows"] == sum(1 for row in csv.reader(stream) if row) - 1, file["path"]
    assert sum(f["status"] != "read" for f in files) <= LEFT.get(name, 0), [f["path"] for f in files if f["status"] != "read"]


@pytest.mark.parametrize(
    "name, files, total",
    [
        # The levels of this sample cover different days: one of them is a company's export.
        ("google_ads_fivetran", "campaign*", Decimal("231.33")),
        ("facebook_ads_fivetran", "*", Decimal("643.63")),
    ],
)
def test_spend_is_counted_once_and_equals_the_platforms_own_total(public_data, catalog, tmp_path, name, files, total):
    exports = tmp_path / "exports"
    exports.mkdir()
    for file in (public_data / name).glob(files):
        shutil.copy(file, exports)
    columns, rows = staged.staged(exports, tmp_path / "home", catalog)["staging.spend"]
    spend = columns.index("spend"), columns.index("campaign_id")
    assert sum(row[spend[0]] for row in rows if row[spend[1]]).quantize(Decimal("0.01")) == total
