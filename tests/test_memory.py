"""A run keeps to its memory limit as a whole: Python, Polars, Arrow and DuckDB together, as the operating system counts them."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
TOUCHES = 3_000_000
RUN = """
import sys
from pathlib import Path
from staged import publish
from pipeline_etl import compose, session
from pipeline_etl.home import Home
from pipeline_etl.settings import Settings
session.warm_up = lambda: None
settings = Settings(memory_limit=sys.argv[3])
publish(Path(sys.argv[1]), Home(Path(sys.argv[2])), compose.catalog(), settings, only=("core.touches",))
(most,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print("most:", most.split()[1])
"""


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    folder, chance = tmp_path_factory.mktemp("exports"), random.Random(3)
    visitors = [f"{chance.randrange(10**12):x}@c{chance.randrange(10**6)}.example.com" for _ in range(50_000)]
    with (folder / "touches.csv").open("w", encoding="utf-8") as file:
        file.write("touch_id,email,anon_id,occurred_at,campaign_id,channel,event_type,page\n")
        for begin in range(0, TOUCHES, 10_000):
            file.writelines(
                f"{n},{visitors[n * 7919 % 50_000]},a{n % 400_000},2025-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00Z,{n % 90},paid_social,page_view,/p/{n % 300}\n"
                for n in range(begin, begin + 10_000)
            )
    return folder


def peak(exports, home, limit):
    """Bytes of memory that a run had at its most: its own count, since `ru_maxrss` of a child begins with what its parent had."""
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"}
    run = subprocess.run([sys.executable, "-c", RUN, str(exports), str(home), limit], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return int(run.stdout.rpartition("most: ")[2]) * 1024


def test_a_run_of_more_than_its_memory_keeps_to_it(exports, tmp_path):
    free = peak(exports, tmp_path / "free", "8GB")
    assert free > 1.25 * (1 << 30), "the exports must be more than the limit, or this says nothing"
    assert peak(exports, tmp_path / "bound", "1GB") < 1 << 30
