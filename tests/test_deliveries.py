"""From files to `quality.sources`, `deliveries` and `delivered_columns`: what is counted while files are read, and night after night."""

import os
from datetime import datetime

import duckdb
import polars as pl
import pytest
import staged
from reading_files import survey_one

from assets.sources import generic
from pipeline_etl.filling import Filling, delivery, rows_of
from pipeline_etl.home import Home
from pipeline_etl.settings import Settings

ARRIVING = ("quality.sources", "quality.deliveries", "quality.delivered_columns")
HEAD = "deal_id,deal_name,stage,amount,created_at,updated_at\n"


def rows(number, amount="10", day="2026-06-01"):
    return HEAD + "".join(f"{n},D{n},lead,{amount},2024-01-01,{day}\n" for n in range(number))


def write(folder, name, text, day):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    at = datetime.fromisoformat(f"{day}T03:00:00+00:00").timestamp()
    os.utime(folder / name, (at, at))


def query(home, sql):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_filled_cells_and_the_newest_moment_of_each_column_are_counted_over_all_blocks(tmp_path):
    write(tmp_path, "deals.csv", rows(1), "2026-06-02")
    filling = Filling(generic.DEALS, survey_one(tmp_path / "deals.csv", tmp_path))
    empty = {c.name: pl.Series(c.name, [None, None], dtype=c.type.polars) for c in generic.DEALS.columns}
    days = pl.Series([datetime(2026, 5, 1), datetime(2026, 6, 3)])
    # What lies more than a day behind the file's own time is no event that it tells of.
    late = pl.Series([datetime(2026, 5, 9), datetime(2026, 6, 4)])
    filling.add(pl.DataFrame({**empty, "deal_id": ["1", "2"], "created_at": days, "updated_at": late}))
    filling.add(pl.DataFrame({**empty, "deal_id": ["3", None], "created_at": days.reverse().shift(1)}))
    found = {column: (filled, newest) for file, column, filled, newest in rows_of(7, filling.found()).rows() if file == 7}
    assert found["deal_id"] == (3, None)
    assert found["created_at"] == (3, datetime(2026, 6, 3))
    assert found["updated_at"] == (2, datetime(2026, 5, 9))
    assert found["amount"] == (0, None)
    assert set(found) == {c.name for c in generic.DEALS.columns}


@pytest.mark.parametrize(
    "path, series",
    [
        ("deals.csv", "deals.csv"), ("deals_2026-06-01.csv", "deals_*.csv"), ("20260601/deals.csv", "*/deals.csv"),
        ("all 2026-06-01 0230.zip/deals.csv", "all *.zip/deals.csv"), ("part 12.csv", "part 12.csv"),
    ],
)  # fmt: skip
def test_deliveries_of_one_series_differ_by_their_dates(path, series):
    assert delivery(path, None)["series"] == series


def test_dated_files_of_one_folder_are_a_history_of_their_own(tmp_path, catalog):
    exports, home = tmp_path / "exports", tmp_path / "home"
    for day in range(1, 6):
        write(exports, f"deals_2026-06-0{day}.csv", rows(4 if day == 5 else 50, amount="" if day == 5 else "10"), "2026-06-09")
    staged.publish(exports, Home(home), catalog, Settings(silent_after_days={"generic": 2}), datetime(2026, 6, 9), ARRIVING)
    assert query(home, "select path, rows, earlier_deliveries, finding from quality.deliveries where is_newest") == [("deals_2026-06-05.csv", 4, 4, "far fewer rows")]
    assert query(home, "select column_name from quality.delivered_columns where is_emptied") == [("amount",)]
    assert query(home, "select says from quality.sources where is_silent") == [("generic has sent nothing for 8 days",)]


def test_a_file_that_each_night_overwrites_is_remembered_from_run_to_run(tmp_path, catalog):
    exports, home = tmp_path / "exports", tmp_path / "home"
    for day, number, amount in ((1, 40, "10"), (2, 41, "10"), (3, 42, "10"), (4, 43, "10"), (4, 43, "10"), (5, 5, "")):
        write(exports, "deals.csv", rows(number, amount, f"2026-06-0{day}"), f"2026-06-0{day}")
        staged.publish(exports, Home(home), catalog, only=ARRIVING)
    assert query(home, "select rows, is_present, finding from quality.deliveries order by delivered_at") == [
        (40, False, None), (41, False, None), (42, False, None), (43, False, None), (5, True, "far fewer rows"),
    ]  # fmt: skip
    assert query(home, "select column_name, usual_rate from quality.delivered_columns where is_emptied") == [("amount", 1.0)]
