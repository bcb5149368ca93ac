"""Public exports in real formats, which nobody here wrote: the totals that their own README states."""

from decimal import Decimal

import duckdb
import pytest

from pipeline_etl import cli

pytestmark = pytest.mark.public_data


@pytest.fixture
def published(public_data, tmp_path):
    """`published(folder)` runs it and opens its warehouse."""
    connections = []

    def run(name):
        assert cli.main(["run", str(public_data / name), "--home", str(tmp_path / name)]) == 0
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
