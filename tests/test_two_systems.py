"""The same deals, given once as a HubSpot export and once as a Salesforce history, have the same metrics."""

import csv
from datetime import datetime

import duckdb
import pytest
from staged import publish

from pipeline_etl.home import Home

pytestmark = pytest.mark.integration

STAGES = ["Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"]
DEALS = [
    # amount, then (stage, day entered): the first one at creation.
    ("1000.00", [("Prospecting", "2024-01-02 09:00"), ("Qualification", "2024-01-10 10:00"), ("Needs Analysis", "2024-01-20 11:00"), ("Closed Won", "2024-03-01 12:00")]),
    ("2500.50", [("Prospecting", "2024-01-05 09:00"), ("Negotiation/Review", "2024-02-05 09:30"), ("Closed Lost", "2024-04-01 08:00")]),
    ("", [("Prospecting", "2024-02-01 09:00"), ("Qualification", "2024-02-03 09:00")]),
    ("700", [("Prospecting", "2024-02-11 09:00"), ("Qualification", "2024-02-11 09:00"), ("Proposal/Price Quote", "2024-05-05 10:00")]),
    ("90", [("Prospecting", "2024-03-11 09:00")]),
    ("4000", [("Prospecting", "2024-03-12 09:00"), ("Closed Lost", "2024-03-30 17:00")]),
    ("5000", [("Prospecting", "2024-03-14 09:00"), ("Qualification", "2024-04-30 17:00"), ("Closed Won", "2024-06-01 09:00")]),
]  # fmt: skip
METRICS = {
    "marts.pipeline_health": "period, period_start",
    "marts.stage_conversion": "stage_order",
    "marts.stage_duration": "stage_order",
    "marts.stage_snapshot": "stage_order",
    "marts.stage_daily": "day, stage_order",
}


def write(path, headings, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([headings, *rows])


def as_hubspot(folder):
    rows = []
    for n, (amount, moves) in enumerate(DEALS):
        entered = dict(moves)
        close = moves[-1][1] if moves[-1][0].startswith("Closed") else ""
        rows.append([n, f"Deal {n}", "default", moves[-1][0], amount, moves[0][1], close, *(entered.get(s, "") for s in STAGES)])
    headings = ["Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Create Date", "Close Date", *(f'Date entered "{s} (default)"' for s in STAGES)]
    write(folder / "deals.csv", headings, rows)


def iso(text):
    return text.replace(" ", "T") + ":00.000Z"


def opportunities(folder):
    rows = [
        [f"006A{n:011d}", "false", f"Deal {n}", m[-1][0], a, m[-1][1][:10], iso(m[0][1]), iso(m[-1][1]), str(m[-1][0].startswith("Closed")).lower(), str(m[-1][0] == "Closed Won").lower(), "005000000000001"]
        for n, (a, m) in enumerate(DEALS)
    ]
    write(folder / "opps.csv", ["Id", "IsDeleted", "Name", "StageName", "Amount", "CloseDate", "CreatedDate", "LastStageChangeDate", "IsClosed", "IsWon", "OwnerId"], rows)


def as_history_object(folder):
    opportunities(folder)
    rows = []
    for n, (amount, moves) in enumerate(DEALS):
        for k, (stage, at) in enumerate(moves):
            rows.append([f"008{n:06d}{k:06d}", f"006A{n:011d}", iso(at), stage, amount])
            if k == 0 and len(moves) > 1:
                # An edit of the amount, with the stage of the moment: no movement.
                rows.append([f"009{n:06d}{k:06d}", f"006A{n:011d}", iso(at), stage, amount])
    write(folder / "history.csv", ["Id", "OpportunityId", "CreatedDate", "StageName", "Amount"], rows)


def as_field_history(folder):
    opportunities(folder)
    rows = []
    for n, (_, moves) in enumerate(DEALS):
        rows += [[f"017{n:06d}{k:06d}", f"006A{n:011d}", iso(at), "StageName", moves[k][0], stage] for k, (stage, at) in enumerate(moves[1:])]
    write(folder / "field_history.csv", ["Id", "OpportunityId", "CreatedDate", "Field", "OldValue", "NewValue"], rows)


@pytest.fixture(scope="module")
def metrics(tmp_path_factory, catalog):
    """All metric tables by the way in which the deals were given."""
    found = {}
    for way in (as_hubspot, as_history_object, as_field_history):
        folder = tmp_path_factory.mktemp(way.__name__)
        way(folder / "exports")
        publish(folder / "exports", Home(folder), catalog, as_of=datetime(2024, 6, 30, 23, 59, 59))
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            found[way.__name__] = {
                table: connection.execute(f"select * from {table} where pipeline = 'default' order by {order}").fetchall()
                for table, order in METRICS.items()
            }
    return found


def near(row):
    """Means depend in the last digit on the order in which they are summed."""
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row)


@pytest.mark.parametrize("table", METRICS)
@pytest.mark.parametrize("way", ["as_history_object", "as_field_history"])
def test_the_metrics_do_not_depend_on_the_system(metrics, way, table):
    assert metrics["as_hubspot"][table], "there is nothing to compare"
    assert [near(row) for row in metrics[way][table]] == [near(row) for row in metrics["as_hubspot"][table]]
