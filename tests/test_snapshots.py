"""A folder of weekly exports without any history: the differences between them are the history, from files to marts."""

import duckdb
from staged import publish

from pipeline_etl.home import Home

WEEKS = {
    "weekly/deals_2025-01-05.csv": "1,Lead,2025-01-02,100\n2,Lead,2025-01-03,200\n",
    "weekly/deals_2025-01-12.csv": "1,Demo,2025-01-02,100\n2,Lead,2025-01-03,250\n3,Lead,2025-01-10,300\n",
    "weekly/deals_2025-01-19.csv": "1,Won,2025-01-02,100\n2,Demo,2025-01-03,250\n3,Lead,2025-01-10,300\n",
}


def test_weekly_exports_become_stage_visits_with_the_interval_of_each_change(tmp_path, catalog):
    for name, rows in WEEKS.items():
        file = tmp_path / "exports" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("deal_id,stage,created_at,amount\n" + rows)
    publish(tmp_path / "exports", Home(tmp_path / "home"), catalog)
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as warehouse:
        visits = warehouse.execute(
            "select deal_id, stage, entered_at::date::varchar, entered_not_before::date::varchar, outcome, evidence"
            " from marts.stage_visits order by deal_id, visit_number"
        ).fetchall()
        files = warehouse.execute("select path, rows, kept, duplicates from quality.files order by path").fetchall()
        deals = warehouse.execute("select deal_id, status, amount::int from marts.deals order by all").fetchall()
    assert visits == [
        ("1", "Lead", "2025-01-02", None, "advanced", "first stage, from the old value"),
        ("1", "Demo", "2025-01-12", "2025-01-05", "won", "snapshots"),
        ("1", "Won", "2025-01-19", "2025-01-12", "still_there", "snapshots"),
        ("2", "Lead", "2025-01-03", None, "advanced", "first stage, from the old value"),
        ("2", "Demo", "2025-01-19", "2025-01-12", "still_there", "snapshots"),
        ("3", "Lead", "2025-01-10", None, "still_there", "current stage, since creation"),
    ]
    assert files == [(name, WEEKS[name].count("\n"), *kept) for name, kept in zip(WEEKS, [(0, 2), (0, 3), (3, 0)], strict=True)]
    assert deals == [("1", "won", 100), ("2", "open", 250), ("3", "open", 300)]
