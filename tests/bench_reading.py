"""make bench: how fast one file is read, clean and with 1 % of its rows broken, beside DuckDB's own reader on the same file.

Each reading runs in a process of its own, in turn. Ours is the whole of it: digest, survey, recognition, cleaning, Parquet,
keys that repeat, books. DuckDB's is `create table as from read_csv`, which finds out dialect and types, with its rejects
stored where the file is broken.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADINGS = "touch_id,email,occurred_at,campaign_id,channel,event_type,page"
BROKEN = (
    lambda row: row.rsplit(",", 2)[0],
    lambda row: row + ",one,more",
    lambda row: row.replace("@", '@"', 1).replace(",2024", ',"2024', 1),
    lambda row: row.replace("@", "@\0", 1),
    lambda row: row.replace("@", "@\udcff", 1),
)
"""A short row, a long one, stray quotes, a NUL byte, invalid UTF-8."""


def write(file, rows, share_broken):
    """A file of touches; the broken ones of its rows are written in five ways."""
    chance = random.Random(7)
    with file.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
        stream.write(HEADINGS + "\n")
        for number in range(rows):
            person = chance.randrange(rows // 5)
            row = (
                f"t{number},user{person}@c{person % 997}.example.com,2024-{number % 12 + 1:02}-{number % 28 + 1:02}T"
                f"{number % 24:02}:{number % 60:02}:07Z,{number % 131},paid_social,webinar_attend,/p/{number % 307}"
            )
            stream.write((BROKEN[number % 5](row) if chance.random() < share_broken else row) + "\n")


def read_ours(file, scratch):
    from assets.sources import generic
    from pipeline_etl.exports import survey
    from pipeline_etl.home import Home
    from pipeline_etl.lake import Lake
    from pipeline_etl.landing import BOOKS, Arrival, land
    from pipeline_etl.recognise import Recogniser
    from pipeline_etl.warehouse import Warehouse

    warehouse = Warehouse(Home(scratch / "home"), "2GB")
    for table, columns in BOOKS.items():
        warehouse.create_table(table, columns)
    began = time.perf_counter()
    recogniser = Recogniser(generic.CONTRACTS)
    (export,) = survey(file, file.parent, scratch / "unpacked", recogniser.fits)
    reading = recogniser.recognise(export.headings)
    (account,) = land(reading.contract, [Arrival(1, export, reading)], warehouse, Lake(warehouse.home.lake), "UTC")
    return time.perf_counter() - began, f"{account.kept} kept + {account.rejected} rejected + {account.duplicates} duplicates"


def read_duckdb(file, scratch, options):
    import duckdb

    with duckdb.connect(str(scratch / "floor.duckdb")) as connection:
        began = time.perf_counter()
        connection.execute(f"create table touches as from read_csv('{file}'{options})")
        seconds = time.perf_counter() - began
        return seconds, f"{connection.execute('select count(*) from touches').fetchone()[0]} rows"


READERS = {
    "ours": read_ours,
    "duckdb": lambda file, scratch: read_duckdb(file, scratch, ""),
    "duckdb with rejects": lambda file, scratch: read_duckdb(file, scratch, ", store_rejects = true"),
}


def measured(reader, file):
    """Seconds, and what became of the rows, of one reading in a process of its own."""
    done = subprocess.run([sys.executable, __file__, reader, str(file)], capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr.strip().splitlines()[-1][:150]
    seconds, rows = done.stdout.strip().split("\t")
    return float(seconds), rows


def compare(rows):
    """Print seconds, rows per second and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        for name, share, base in (("clean", 0, "duckdb"), ("1 % broken", 0.01, "duckdb with rejects")):
            file = Path(folder) / f"touches {name[:5]}.csv"
            write(file, rows, share)
            print(f"reading {rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB, {name}")
            found = {reader: measured(reader, file) for reader in ("ours", base)}
            for reader, (seconds, said) in found.items():
                speed = f"{seconds:7.2f} s  {rows / seconds:12,.0f} rows/s" if seconds else "failed"
                print(f"  {reader:<20} {speed}  {said}")
            (mine, _), (theirs, _) = found.values()
            if mine and theirs:
                print(f"  ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        with tempfile.TemporaryDirectory() as scratch:
            print(*READERS[sys.argv[1]](Path(sys.argv[2]), Path(scratch)), sep="\t")
    else:
        compare(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
