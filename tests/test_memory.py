"""A run keeps to its memory limit as a whole: Python, Polars, Arrow and DuckDB together, as the operating system counts them."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
TOUCHES = 3_000_000
PEOPLE = 1_500_000
RUN = """
import sys
from pathlib import Path
from staged import publish
from pipeline_etl import compose, session
from pipeline_etl.home import Home
from pipeline_etl.settings import Settings
session.warm_up = lambda: None
settings = Settings(memory_limit=sys.argv[3])
publish(Path(sys.argv[1]), Home(Path(sys.argv[2])), compose.catalog(), settings, only=(sys.argv[4],))
(most,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print("most:", most.split()[1])
"""


@pytest.fixture(scope="module")
def touches(tmp_path_factory):
    folder, chance = tmp_path_factory.mktemp("touches"), random.Random(3)
    visitors = [f"{chance.randrange(10**12):x}@c{chance.randrange(10**6)}.example.com" for _ in range(50_000)]
    with (folder / "touches.csv").open("w", encoding="utf-8") as file:
        file.write("touch_id,email,anon_id,occurred_at,campaign_id,channel,event_type,page\n")
        for begin in range(0, TOUCHES, 10_000):
            file.writelines(
                f"{n},{visitors[n * 7919 % 50_000]},a{n % 400_000},2025-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00Z,{n % 90},paid_social,page_view,/p/{n % 300}\n"
                for n in range(begin, begin + 10_000)
            )
    return folder


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """One record in fifty shares its address with another one, as after an import."""
    folder = tmp_path_factory.mktemp("people")
    with (folder / "contacts.csv").open("w", encoding="utf-8") as file:
        file.write("contact_id,email,first_name,last_name,company_id,lifecycle,created_at,updated_at\n")
        for n in range(PEOPLE):
            m = n - (n % 50 == 1)
            file.write(f"{n},user{m}@c{m // 15}.example.com,First{n % 997},Last{n % 1009},{n // 15},lead,2025-01-{n % 28 + 1:02}T10:00:00Z,2025-06-01T10:00:00Z\n")
    return folder


def peak(exports, home, limit, table):
    """Bytes of memory that a run had at its most: its own count, since `ru_maxrss` of a child begins with what its parent had."""
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"}
    run = subprocess.run([sys.executable, "-c", RUN, str(exports), str(home), limit, table], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return int(run.stdout.rpartition("most: ")[2]) * 1024


def test_a_run_of_more_than_its_memory_keeps_to_it(touches, tmp_path):
    free = peak(touches, tmp_path / "free", "8GB", "core.touches")
    assert free > 1.25 * (1 << 30), "the exports must be more than the limit, or this says nothing"
    assert peak(touches, tmp_path / "bound", "1GB", "core.touches") < 1 << 30


def test_people_are_joined_without_a_python_object_for_each(people, tmp_path):
    """Dictionaries of these people take 2.3 GB, of which no limit of DuckDB knows."""
    assert peak(people, tmp_path, "1200MB", "core.addresses") < 1200 << 20
