"""make bench BENCH=FOLDER: the product, once more after one more day, and the plain script; rows per second, seconds, memory.

FOLDER holds the exports, and FOLDER/../floor.py (or FLOOR=path) the plain script, called as `floor.py EXPORTS DB`.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

HOW = """\
make bench BENCH=FOLDER [FLOOR=floor.py]
  FOLDER: exports with the generic headings (companies, contacts, deals, stage_history, deal_contacts, activities,
          campaigns, ad_spend, touches). The bench folder that comes with this project's guide writes them:
              python gen.py S FOLDER      (XS, S, M or L)
  FLOOR:  a script called as `python FLOOR FOLDER DB`; the same guide's floor.py. Without it only the product is timed.
"""


def measured(command):
    """Wall seconds, CPU seconds and peak MiB of a command, from the operating system."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([str(part) for part in command], stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        if status:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{said.read()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def phases(home):
    """Seconds per group of assets, from the run history."""
    os.environ["DAGSTER_HOME"] = str(home / "dagster")
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        (run,) = instance.get_runs(limit=1)
        totals = {}
        for step in instance.get_run_step_stats(run.run_id):
            group = re.split(r"_+", step.step_key)
            name = group[0] if group[0] != "make" else f"make {group[1]}"
            totals[name] = totals.get(name, 0) + step.end_time - step.start_time
    return totals


def one_day_more(exports, folder):
    """The same exports, and one file with the touches of one more day of two years: as-of moves on by a day."""
    folder.mkdir()
    for file in exports.iterdir():
        (folder / file.name).symlink_to(file)
    touches = exports / "touches.csv"
    with touches.open(encoding="utf-8") as whole:
        heading = next(whole)
        when = heading.rstrip().split(",").index("occurred_at")
        next_day = str(date.fromisoformat(max(line.split(",")[when][:10] for line in whole)) + timedelta(1))
    with touches.open(encoding="utf-8") as whole, (folder / "touches_of_one_day.csv").open("w", encoding="utf-8") as day:
        day.write(next(whole))
        for row in (line.split(",") for number, line in enumerate(whole) if number % 730 == 0):
            day.write(",".join(["added-" + row[0], *row[1:when], next_day + row[when][10:], *row[when + 1 :]]))
    return folder


def main():
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(HOW)
    exports = Path(sys.argv[1]).resolve()
    floor = Path(os.environ.get("FLOOR") or exports.parent / "floor.py")
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        wall, cpu, peak = measured([sys.executable, "-m", "pipeline_etl.cli", "run", exports, "--home", home])
        import duckdb

        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
            rows, size = connection.execute("select sum(rows), sum(bytes) from quality.files").fetchone()
        print(f"{rows:,} rows, {size / 1e6:,.0f} MB")
        print(f"product  wall {wall:7.2f} s  cpu {cpu:7.2f} s  peak {peak:6.0f} MiB  {rows / wall:12,.0f} rows/s")
        for name, seconds in sorted(phases(home).items(), key=lambda pair: -pair[1]):
            print(f"           {name:<16}{seconds:7.2f} s")
        day, day_cpu, day_peak = measured([sys.executable, "-m", "pipeline_etl.cli", "run", one_day_more(exports, Path(scratch) / "more"), "--home", home])
        print(f"one day  wall {day:7.2f} s  cpu {day_cpu:7.2f} s  peak {day_peak:6.0f} MiB  {day / wall:.0%} of the whole")
        if floor.is_file():
            base, base_cpu, base_peak = measured([sys.executable, floor, exports, Path(scratch) / "floor.duckdb"])
            print(f"floor    wall {base:7.2f} s  cpu {base_cpu:7.2f} s  peak {base_peak:6.0f} MiB")
            print(f"ratio    wall {wall / base:7.2f}    cpu {cpu / base_cpu:7.2f}    peak {peak / base_peak:6.2f}")
            print(json.dumps({"rows": rows, "wall": round(wall, 2), "floor": round(base, 2), "ratio": round(wall / base, 2)}))
        else:
            print(f"no floor script at {floor}: give FLOOR=path")


if __name__ == "__main__":
    main()
