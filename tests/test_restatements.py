"""A past figure that changes is said: two runs on one home, and what came between them."""

import duckdb
import pytest

from pipeline_etl.run import run
from pipeline_etl.warehouse import Home

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

    def __init__(self, folder):
        self.exports, self.home = folder / "exports", Home(folder / "home")
        self.exports.mkdir()

    def write(self, name, text):
        (self.exports / name).write_text(text)

    def run(self, settings=None, as_of=""):
        result = run(self.exports, self.home, settings, as_of)
        assert result.published, result.problems
        return result

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


@pytest.fixture
def company(tmp_path):
    found = Company(tmp_path)
    found.write("deals.csv", FIRST)
    found.run()
    return found


QUARTER = "period = 'quarter' and pipeline = 'all' and metric in ('won', 'won_amount', 'deals_created', 'average_deal_size')"


def test_a_deal_that_arrives_late_an_edited_amount_and_a_deleted_deal(company):
    assert company.count() == 0
    company.write("late.csv", LATE)
    company.run()
    why = ("1 deal is new.", "generic:9", "late.csv", None, 2)
    assert company.newest(QUARTER) == [
        ("quarter", "2024-01-01", "all", "average_deal_size", 70, 55, *why),
        ("quarter", "2024-01-01", "all", "deals_created", 4, 5, *why),
        ("quarter", "2024-01-01", "all", "won", 2, 3, *why),
        ("quarter", "2024-01-01", "all", "won_amount", 140, 165, *why),
    ]
    january = "period = 'month' and pipeline = 'default' and period_start = date '2024-01-01'"
    assert [row[3:6] for row in company.newest(january)] == [("deals_created", 2, 3), ("deals_in_pipeline", 2, 3), ("open_amount", 150, 175)]
    so_far = company.count()

    company.run()
    assert company.newest() == [], "nothing came between"
    assert company.count() == so_far, "what an earlier run said stays"

    company.write("deals.csv", FIRST.replace("1,A,closed_won,100", "1,A,closed_won,130").replace("4,D,closed_won,40", "4,D,lead,40"))
    company.run()
    rows = {row[3]: row[4:] for row in company.newest("period = 'quarter' and pipeline = 'all'")}
    assert rows["won"] == (3, 2, "1 deal has another status.", "generic:4", "deals.csv", "deals.csv", 0)
    assert rows["won_amount"] == (165, 155, "1 deal has another status, 1 deal has another amount.", "generic:1, generic:4", "deals.csv", "deals.csv", 0)
    assert "deals_created" not in rows

    (company.exports / "late.csv").unlink()
    company.run()
    rows = {row[3]: row[4:] for row in company.newest("period = 'quarter' and pipeline = 'all'")}
    assert rows["won"] == (2, 1, "1 deal is in no export any more.", "generic:9", None, "late.csv", 0)
    assert rows["deals_created"][:2] == (5, 4)
    assert company.query("select count(*) from quality.runs") == [(5,)]


def test_the_same_file_twice_and_a_file_under_another_name_restate_nothing(company):
    company.write("again.csv", FIRST)
    company.run()
    assert company.count() == 0
    (company.exports / "deals.csv").unlink()
    company.run()
    assert company.count() == 0


def test_what_goes_on_after_a_period_does_not_restate_it(company):
    company.write("deals.csv", FIRST.replace("3,C,lead,70,2024-02-01,,2024-05-10", "3,C,closed_won,70,2024-02-01,2024-06-03,2024-06-03"))
    company.run()
    assert company.newest("metric = 'deals_in_pipeline'") == []
    assert company.newest("metric in ('won', 'won_amount', 'win_rate')") == []


def test_an_earlier_moment_and_other_settings_are_reasons_of_their_own(company, tmp_path):
    company.write("deals.csv", FIRST.replace("2,B,closed_lost,50,2024-01-06,2024-02-20", "2,B,closed_lost,50,2024-01-06,2024-01-20"))
    company.run(as_of="2024-02-15")
    assert {row[:2] for row in company.newest()} == {("month", "2024-01-01")}, "only periods that had ended at both"
    assert {row[6].split(". ")[0] for row in company.newest()} == {"As of an earlier moment than the run before"}
    company.run()
    settings = tmp_path / "settings.toml"
    settings.write_text('won = ["lead"]\n')
    company.run(settings=settings)
    rows = {row[3]: row[4:] for row in company.newest("period = 'month' and pipeline = 'all' and period_start = date '2024-02-01'")}
    assert rows["won"][2] == "Other settings: stages was  and is lead won. 1 deal has another status."


def test_a_warehouse_that_cannot_be_read_is_said_and_stays(company):
    company.home.warehouse.write_bytes(b"damaged" * 1000)
    result = run(company.exports, company.home, None, "")
    assert not result.published
    assert "cannot be read" in result.problems[0] and "move it away" in result.problems[0]
    assert company.home.warehouse.read_bytes() == b"damaged" * 1000
    assert not company.home.work.exists()


def test_what_an_older_release_did_not_know_is_empty(company):
    with duckdb.connect(str(company.home.warehouse)) as connection:
        connection.execute("alter table marts.pipeline_health drop column won_amount")
        connection.execute("alter table marts.pipeline_health alter column lost type varchar")
        connection.execute("drop table marts.restatements")
    company.run()
    assert {row[3:5] for row in company.newest()} <= {("won_amount", 0.0), ("lost", 0.0)}
    assert company.query("select count(*) from marts.restatements where metric = 'won'") == [(0,)]
