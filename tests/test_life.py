"""The life of a warehouse: a run after each day's exports, some of them killed; after every day the laws hold, and at the end
all is as if every file had been read at once.

`make life` lives LIFE (60) days, the suite a few.
"""

import math
import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from daily import deliveries
from staged import publish

from pipeline_etl.home import Home
from pipeline_etl.lake import changed_files

pytestmark = pytest.mark.integration
DAYS = int(os.environ.get("LIFE", "4"))
SEED = int(os.environ.get("SEED", "1"))
LAST = date(2026, 6, 30)
BEFORE = {"core.last_run", "marts.restatements", "marts.deal_changes", "quality.runs", "quality.run_settings", "quality.sources", "quality.tables"}
"""Tables of what earlier runs said and made, of which a warehouse with a past has more to tell; and of silence up to the moment of the run."""
KILLED = """
import sys
from pathlib import Path
from staged import publish
from pipeline_etl import compose, session
from pipeline_etl.home import Home
session.warm_up = lambda: None
publish(Path(sys.argv[1]), Home(Path(sys.argv[2])), compose.catalog())
"""


def kill_a_run(exports, home, seconds):
    """Begin a run and kill it after so many seconds, if it has not ended by then."""
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"}
    begun = subprocess.Popen([sys.executable, "-c", KILLED, str(exports), str(home)], env=environment, stderr=subprocess.DEVNULL)
    try:
        begun.wait(seconds)
    except subprocess.TimeoutExpired:
        begun.kill()
        begun.wait()


def tables(home):
    """Every table that is published, promised or not: name -> its rows in order, but for when the run began."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name || '.' || table_name, string_agg('\"' || column_name || '\"', ', ' order by column_index) from duckdb_columns()"
            " where schema_name not in ('settings') and column_name <> 'started_at' and not internal group by all order by all"
        ).fetchall()
        found = {t: connection.execute(f"select {names} from {t}").fetchall() for t, names in columns if t not in BEFORE}
        return {t: sorted(rows, key=lambda row: [f"{v:.5g}" if isinstance(v, float) else str(v) for v in row]) for t, rows in found.items()}


def differences(ones, others):
    """Pairs of rows that differ; a sum of floats depends in its last digits on the order in which threads come to it."""
    found = [(len(ones), len(others))] if len(ones) != len(others) else []
    for one, other in zip(ones, others, strict=False):
        near = (math.isclose(a, b, rel_tol=1e-9) if isinstance(a, float) and isinstance(b, float) else a == b for a, b in zip(one, other, strict=True))
        found += [] if all(near) else [(one, other)]
    return found


def broken_laws(home):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        laws = connection.execute("select law, left_side, right_side from quality.reconciliation where difference <> 0").fetchall()
        files = connection.execute("select path from quality.files where rows <> kept + rejected + duplicates").fetchall()
    return laws + files


def test_the_life_of_a_warehouse(demo_home, catalog, tmp_path):
    exports, home, chance = tmp_path / "exports", tmp_path / "home", random.Random(SEED)
    lived = deliveries(demo_home / "exports", DAYS, LAST, SEED)
    killed = chance.sample(range(1, len(lived)), max(1, DAYS // 6))
    for number, delivery in enumerate(lived):
        for name, content in delivery.files.items():
            (exports / name).parent.mkdir(parents=True, exist_ok=True)
            (exports / name).write_bytes(content)
        if number in killed:
            kill_a_run(exports, home, chance.uniform(3, 20))
        publish(exports, Home(home), catalog)
        assert broken_laws(home) == [], delivery
        assert changed_files(home / "lake") == [], delivery
    publish(exports, Home(tmp_path / "at once"), catalog)
    by_day, at_once = tables(home), tables(tmp_path / "at once")
    assert by_day.keys() == at_once.keys()
    different = {table: differences(by_day[table], at_once[table])[:2] for table in by_day}
    assert {table: pairs for table, pairs in different.items() if pairs} == {}


def test_the_deliveries_hold_all_rows_and_all_kinds_of_trouble(demo_home):
    """What the simulation is worth: nothing of the company is left out, and each kind of trouble occurs in sixty days."""
    lived = deliveries(demo_home / "exports", 60, LAST, SEED)
    events = " ".join(event for delivery in lived for event in delivery.events)
    for kind in ("a missing day", "a broken file", "a file twice", "a row twice", "an amount to be restated", "a record to be deleted"):
        assert kind in events
    assert len([d for d in lived if d.files]) >= 55
    for name in ("salesforce/OpportunityHistory.csv", "marketing/touches.csv"):
        whole = set((demo_home / "exports" / name).read_text(encoding="utf-8-sig").splitlines())
        stem = name.partition("/")[2]
        sent = [c.decode() for d in lived for path, c in d.files.items() if path.endswith(stem)]
        assert len(whole) <= len({line for text in sent for line in text.splitlines()})
