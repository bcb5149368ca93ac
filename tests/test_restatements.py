"""A past figure that changes is said: several runs on one home, and what came between them."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from staged import publish

from pipeline_etl import session
from pipeline_etl.home import Home
from pipeline_etl.previous import keep_previous
from pipeline_etl.run import run
from pipeline_etl.warehouse import PreviousError, Warehouse

pytestmark = pytest.mark.integration

HEAD = "deal_id,deal_name,stage,amount,created_at,closed_at,updated_at\n"
FIRST = HEAD + (
    "1,A,closed_won,100,2024-01-05,2024-02-10,2024-02-10\n"
    "2,B,closed_lost,50,2024-01-06,2024-02-20,2024-02-20\n"
    "3,C,lead,70,2024-02-01,,2024-05-10\n"
    "4,D,closed_won,40,2024-02-02,2024-03-10,2024-03-10\n"
)
LATE = HEAD + "9,Late,closed_won,25,2024-01-20,2024-03-20,2024-05-01\n"


class Company:
    """A folder of exports and a home that they are run into."""

    def __init__(self, folder, catalog):
        self.exports, self.home, self.catalog = folder / "exports", Home(folder / "home"), catalog
        self.exports.mkdir()

    def run(self, **files):
        for name, text in files.items():
            (self.exports / f"{name}.csv").write_text(text)
        publish(self.exports, self.home, self.catalog)

    def query(self, sql):
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def newest(self, where="true"):
        """What the last run said otherwise."""
        return self.query(f"""
            select period, period_start::varchar, pipeline, metric, value_before, value_now, reason, deal_ids, files, files_gone, edits
            from marts.restatements
            where restated_at = (select max(started_at) from quality.runs) and {where}
            order by all
        """)

    def count(self):
        return self.query("select count(*) from marts.restatements")[0][0]


def test_a_late_deal_an_edited_amount_and_deals_that_are_gone(tmp_path, catalog):
    company = Company(tmp_path, catalog)
    company.run(deals=FIRST)
    assert company.count() == 0

    company.run(late=LATE)
    why = ("1 deal is new.", "generic:9", "late.csv", None, 2)
    assert company.newest("period = 'quarter' and pipeline = 'all' and metric in ('won', 'won_amount', 'deals_created', 'average_deal_size')") == [
        ("quarter", "2024-01-01", "all", "average_deal_size", 70, 55, *why),
        ("quarter", "2024-01-01", "all", "deals_created", 4, 5, *why),
        ("quarter", "2024-01-01", "all", "won", 2, 3, *why),
        ("quarter", "2024-01-01", "all", "won_amount", 140, 165, *why),
    ]
    january = "period = 'month' and pipeline = 'default' and period_start = date '2024-01-01'"
    assert [row[3:6] for row in company.newest(january)] == [("deals_created", 2, 3), ("deals_in_pipeline", 2, 3), ("open_amount", 150, 175)]
    so_far = company.count()

    company.run(again=FIRST)
    assert company.newest() == [], "the same file twice is no change"
    assert company.count() == so_far, "what an earlier run said stays"

    (company.exports / "late.csv").unlink()
    (company.exports / "again.csv").unlink()
    company.run(deals=FIRST.replace("1,A,closed_won,100", "1,A,closed_won,130").replace("4,D,closed_won,40", "4,D,lead,40"))
    rows = {row[3]: row[4:] for row in company.newest("period = 'quarter' and pipeline = 'all'")}
    assert rows["won"][:5] == (3, 1, "1 deal is in no export any more, 1 deal has another status.", "generic:4, generic:9", "deals.csv")
    assert rows["won_amount"][:4] == (
        165, 130, "1 deal is in no export any more, 1 deal has another status, 1 deal has another amount.", "generic:1, generic:4, generic:9",
    )  # fmt: skip
    assert rows["deals_created"][:4] == (5, 4, "1 deal is in no export any more.", "generic:9")
    assert rows["won"][5] == "again.csv, deals.csv, late.csv"
    assert company.query("select count(*) from quality.runs") == [(4,)]

    company.home.warehouse.write_bytes(b"damaged" * 1000)
    result = run(company.exports, company.home, None, "")
    assert not result.published
    assert "cannot be read" in result.problems[0] and "move it away" in result.problems[0]
    assert company.home.warehouse.read_bytes() == b"damaged" * 1000
    assert not company.home.work.exists()


class Clock(datetime):
    """A clock that is ahead of the true one."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.ahead


def test_runs_are_in_order_whatever_the_clock_says(tmp_path, catalog, monkeypatch):
    monkeypatch.setattr(session, "datetime", Clock)
    company = Company(tmp_path, catalog)
    amounts = {0: "100", 5 * 365: "110", -3: "120", -2: "130", 1: "140"}
    began = []
    for number, (days, amount) in enumerate(amounts.items(), 1):
        monkeypatch.setattr(Clock, "ahead", timedelta(days))
        company.run(deals=FIRST.replace("1,A,closed_won,100", f"1,A,closed_won,{amount}"))
        began += company.query("select started_at from core.run")[0]
        assert abs(began[-1] - (datetime.now(UTC).replace(tzinfo=None) + timedelta(days))) < timedelta(minutes=5)
        assert company.query("select run_number, started_at from quality.runs order by 1") == list(enumerate(began, 1))
        said = company.query(
            "select restated_at, previous_run_at, value_before, value_now from marts.restatements"
            " where metric = 'won_amount' and period = 'quarter' and pipeline = 'all' order by value_now"
        )
        totals = [40 + float(a) for a in list(amounts.values())[:number]]
        assert said == list(zip(began[1:], began, totals, totals[1:], strict=False)), "each run is compared with the one before it"


def test_of_another_release_only_the_columns_that_are_still_the_same_are_taken(tmp_path):
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema marts; create schema quality")
        connection.execute("create table marts.days as select date '2024-01-01' as day, 7::bigint as deals, 'x' as gone, 'text' as won")
        connection.execute("create table quality.files as select 'a.csv' as path")
    wanted = {"day": "DATE", "deals": "BIGINT", "won": "BIGINT", "added": "DOUBLE"}
    with duckdb.connect(str(home.warehouse), read_only=True):
        warehouse = Warehouse(home, "1GB")
        keep_previous(warehouse, {"previous.days": wanted, "previous.files": {"path": "VARCHAR"}, "previous.absent": {"n": "BIGINT"}})
    assert warehouse.preview("select day::varchar, deals, won, added from previous.days", 9)[1] == [("2024-01-01", 7, None, None)]
    assert warehouse.preview("select path from previous.files", 9)[1] == [("a.csv",)]
    assert warehouse.count("previous.absent") == 0
    warehouse.create_table("marts.kept", {"n": "BIGINT"})
    warehouse.publish()
    warehouse.close()
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert connection.execute("select table_schema, table_name from information_schema.tables").fetchall() == [("marts", "kept")]


def test_a_warehouse_that_is_no_warehouse_is_said(tmp_path):
    home = Home(tmp_path)
    home.warehouse.write_text("no warehouse" * 500)
    warehouse = Warehouse(home, "1GB")
    with pytest.raises(PreviousError, match="move it away"):
        keep_previous(warehouse, {"previous.days": {"day": "DATE"}})
    warehouse.close()


def test_a_clock_behind_what_the_exports_tell_publishes_and_the_next_run_counts_all(tmp_path, catalog, monkeypatch):
    monkeypatch.setattr(session, "datetime", Clock)
    company = Company(tmp_path, catalog)
    monkeypatch.setattr(Clock, "ahead", datetime(2024, 3, 1) - datetime.now())
    company.run(deals=FIRST)
    assert company.query("select as_of < timestamp '2024-03-02' from core.as_of") == [(True,)]
    monkeypatch.setattr(Clock, "ahead", timedelta(0))
    company.run(deals=FIRST)
    assert company.query("select as_of from core.as_of") == [(datetime(2024, 5, 10),)]
    assert company.query("select sum(won_amount) from marts.pipeline_health where period = 'all' and pipeline = 'all'") == [(140.0,)]
    assert company.query("select won from marts.pipeline_health where period = 'month' and period_start = '2024-03-01' and pipeline = 'all'") == [(1,)]
