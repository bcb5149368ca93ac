"""Killed at any system call, out of disk, with files that change: what is published is whole, and the next run loses nothing.

`make crashes` kills CRASHES runs (200), the suite a few. The kernel does it: strace sends SIGKILL at the n-th call that changes a
file, be it Python's, DuckDB's or Arrow's. Half of the kills are at the calls that make, move and remove files, in turn; half at
writes by chance. A run that is killed finds what the one before it has left; after a few kills one run goes to its end.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipeline_etl.home import Home
from pipeline_etl.lake import changed_files
from pipeline_etl.verify import verify

pytestmark = pytest.mark.integration
RUN = [sys.executable, str(Path(__file__).parent / "crashes" / "run_once.py")]
MOVES = "rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,rmdir,fsync"
WRITES = "write,pwrite64,fdatasync,ftruncate"
CRASHES = int(os.environ.get("CRASHES", "4"))
IN_A_ROW = 4
# Stopping at the traced calls only, where every call would cost.
STRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-o")
HEAD = "deal_id,stage,created_at,amount,owner,updated_at\n"
FIRST = {
    "deals.csv": HEAD + "1,lead,2024-01-01,10,Ana,2024-01-05\n2,won,2024-01-02,x,Ben,2024-01-06\n,lead,2024-01-03,1,Ana,\n",
    "history.csv": "deal_id,stage,entered_at\n1,lead,2024-01-01\n2,lead,2024-01-02\n2,won,2024-01-06\n",
}
SECOND = {
    "deals-2.csv": HEAD + "1,demo,2024-01-01,12,Ana,2024-02-05\n3,lead,2024-02-02,5,Ben,2024-02-02\nbad\n",
    "history-2.csv": "deal_id,stage,entered_at\n1,demo,2024-02-05\n3,lead,2024-02-02\n",
}


def write(folder, files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def run(exports, home, *before):
    """One run, to its end or not."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run([*before, *RUN, exports, home], env=environment, capture_output=True, text=True, timeout=300)


def published(home):
    """All that is published, table by table; None where nothing is."""
    if not (home / "warehouse.duckdb").exists():
        return None
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        # When the run began is its own, and so is what the earlier one had, and which tables that has made.
        columns = connection.execute(
            "select schema_name || '.' || table_name, string_agg('\"' || column_name || '\"', ', ' order by column_index) from duckdb_columns()"
            " where schema_name not in ('settings', 'rejects') and column_name <> 'started_at' and not internal"
            " and schema_name || '.' || table_name <> 'quality.tables' group by all order by all"
        ).fetchall()
        return {table: connection.execute(f"select {names} from {table} order by all").fetchall() for table, names in columns}


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """A home after a first day, the exports of two days, what each day publishes, and how many calls a run makes."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed: it is what kills a run at a system call")
    root = tmp_path_factory.mktemp("lives")
    write(root / "exports", FIRST)
    assert run(root / "exports", root / "home").returncode == 0
    first = published(root / "home")
    write(root / "exports", SECOND)
    shutil.copytree(root / "home", root / "whole")
    calls = Counter()
    for kind in (MOVES, WRITES):
        done = run(root / "exports", root / "whole", *STRACE, root / "calls", "-e", f"trace={kind}", "-e", "signal=none")
        assert done.returncode == 0, done.stderr
        # The kernel counts calls by thread; most are the first one's.
        by_thread = Counter(line.split()[0] for line in (root / "calls").read_text().splitlines())
        calls[kind] = max(by_thread.values())
    second = published(root / "whole")
    assert first != second
    return root, first, second, calls


def kills():
    """Which call each killed run dies at, so many runs in a row: a share of all calls, so that it holds for any number of them."""
    chance = random.Random(7)
    places = [(MOVES if n % 2 else WRITES, chance.random() if n % 2 == 0 else (n // 2 + 0.5) / max(CRASHES // 2, 1)) for n in range(CRASHES)]
    chance.shuffle(places)
    return [places[n : n + IN_A_ROW] for n in range(0, CRASHES, IN_A_ROW)]


@pytest.mark.parametrize("places", kills(), ids=lambda places: "-".join(f"{place:.3f}" for _, place in places))
def test_killed_runs_leave_the_earlier_or_the_later_warehouse_and_the_next_one_succeeds(lives, tmp_path, places):
    root, first, second, calls = lives
    home = None
    for number, (kind, place) in enumerate(places):
        if home is None:
            home = tmp_path / f"home {number}"
            shutil.copytree(root / "home", home)
        call = 1 + int(place * calls[kind])
        killed = run(root / "exports", home, *STRACE, "/dev/null", "-e", f"trace={kind}", "-e", f"inject={kind}:signal=KILL:when={call}")
        found = published(home)
        assert found in (first, second), f"{kind} {call}: neither the earlier nor the later warehouse"
        # The counts of two runs differ a little by the turns that threads take: the last calls may not come.
        assert killed.returncode != 0 or found == second
        if found == second:
            assert_recovers(root / "exports", home, second)
            home = None
    if home:
        assert_recovers(root / "exports", home, second)


def assert_recovers(exports, home, second):
    """The next run succeeds, whatever those that were killed have left."""
    again = run(exports, home)
    assert again.returncode == 0, again.stderr
    assert published(home) == second
    assert_clean(home)


def assert_clean(home):
    """Nothing is left over, and all is sound."""
    assert not (home / "work").exists()
    assert not (home / "run.json").exists()
    assert [p.name for p in home.rglob("*.partial")] == []
    assert len({p.name for p in (home / "lake" / "generic_deals").iterdir()}) == 2
    for version in (home / "versions").iterdir():
        duckdb.connect(str(version), read_only=True).close()
    kept = [path.stat().st_ino for _, path in Home(home).kept_versions()]
    assert len(kept) == len(set(kept)) <= 3
    assert changed_files(home / "lake") == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few MB, mounted for the test alone."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_leaves_the_earlier_warehouse_and_room_lets_the_next_run_succeed(lives, small_disk):
    root, first, second, _ = lives
    home = small_disk / "home"
    shutil.copytree(root / "home", home)
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    for share in (0.97, 0.8):
        filler.write_bytes(b"\0" * int(free * share))
        done = run(root / "exports", home)
        assert published(home) in (first, second)
        if done.returncode:
            assert published(home) == first
            assert "No space left on device" in done.stderr
    filler.unlink()
    assert run(root / "exports", home).returncode == 0
    assert published(home) == second
    assert_clean(home)


def test_verify_is_asked_of_a_whole_home(demo_home):
    assert verify(Home(demo_home))[1]


def test_an_export_that_changes_while_it_is_read_is_not_published_half(lives, tmp_path):
    """A tool goes on writing a file of many blocks while it is read; the run says so, and the next one reads it whole."""
    root, first, _, _ = lives
    home, exports = tmp_path / "home", tmp_path / "exports"
    shutil.copytree(root / "home", home)
    write(exports, FIRST)
    rows = "".join(f"{n},lead,2024-01-01,10,Ana,2024-01-05\n" for n in range(4, 700_000))
    (exports / "deals.csv").write_text(FIRST["deals.csv"] + rows)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    reading = subprocess.Popen([*RUN, exports, home], env=environment, stderr=subprocess.PIPE, text=True)
    while reading.poll() is None and not any((home / "lake" / "generic_deals").glob("*.partial")):
        pass
    with (exports / "deals.csv").open("a") as more:
        more.write("700000,won,2024-01-01,10,Ana,2024-01-05\n")
    said = reading.communicate()[1]
    assert reading.returncode == 1
    assert "it changed while it was read; run again once it is completely written" in said
    assert published(home) == first
    assert run(exports, home).returncode == 0
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select rows from quality.files where path = 'deals.csv'").fetchall() == [(700_000,)]
