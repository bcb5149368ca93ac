"""Apache Superset, started as `make bi` starts it: its chart is what the warehouse holds, and what differs is said."""

import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(demo_home, tmp_path):
    """Superset on a copy of the demo's home: `start(edit)` says how it ended; `edit(home)` changes what it reads."""
    python = ROOT / ".venv-bi" / "bin" / "python"
    if not python.exists():
        pytest.skip("Superset is not installed: run `make .venv-bi/.installed`")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("warehouse.duckdb", "semantics.yml"):
        shutil.copy(demo_home / name, home / name)

    def run(edit):
        edit(home)
        command = [python, ROOT / "scripts" / "bi" / "start.py", home, "--port", "0", "--check"]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})

    return run


def test_the_funnel_is_drawn_as_the_warehouse_holds_it(start, demo_home):
    with duckdb.connect(str(demo_home / "warehouse.duckdb"), read_only=True) as connection:
        pipeline, stages = connection.execute("""
            select pipeline, count(*) from marts.stage_snapshot where stage <> 'all' group by pipeline
            order by max(open_deals) = 0, sum(open_deals) desc, pipeline limit 1
        """).fetchone()
    done = start(lambda home: None)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"Superset draws the {stages} stages of {pipeline} as the warehouse holds them"


def test_a_measure_that_is_wrong_is_found(start):
    def double(home):
        file = home / "semantics.yml"
        text = file.read_text(encoding="utf-8")
        assert text.count('sum({CUBE}."open_deals")') > 1
        file.write_text(text.replace('sum({CUBE}."open_deals")', '2 * sum({CUBE}."open_deals")'), encoding="utf-8")

    done = start(double)
    assert done.returncode == 1 and "the chart shows" in done.stderr and "the warehouse holds" in done.stderr


def test_without_a_warehouse_it_says_what_to_do(start):
    done = start(lambda home: (home / "semantics.yml").unlink())
    assert done.returncode == 2 and "run `make run` first" in done.stderr
