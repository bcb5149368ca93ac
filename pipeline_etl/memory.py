"""How much memory a run may use, and what share of it DuckDB gets."""

from __future__ import annotations

import os
import re
from pathlib import Path

SHARE = 0.5
"""Of the machine's memory that a run takes where nothing says how much."""
FOR_DUCKDB = 0.5
"""Of a run's memory that DuckDB gets: it goes up to 45 % over its limit, and Polars, Arrow and Python need the rest.
Measured: 10 million touches with 2 GB for DuckDB peak at 3.2 GB."""
LEAST = 512 << 20
"""Below this nothing runs to its end."""
UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}
CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def parse_memory(text: str) -> int | None:
    """Bytes of `4GB`, `1.5 GiB` or `800MB`; None where it is no such text. Units are powers of two, as on memory modules."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])i?B", text.strip())
    return int(float(found[1]) * (1 << UNITS[found[2]])) if found else None


def memory_of_machine() -> int:
    """Bytes that this machine, or the container we run in, has."""
    known = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for file in CGROUPS:
        if file.is_file() and (limit := file.read_text().strip()).isdigit():
            known.append(int(limit))
    return min(known)


def memory_of_run(limit: str) -> int:
    """Bytes that a run may use in all: the limit given, or a share of the machine."""
    return parse_memory(limit) or int(memory_of_machine() * SHARE)


def for_duckdb(limit: str) -> str:
    """DuckDB's `memory_limit` in a run with this limit, '' for none given."""
    return f"{int(memory_of_run(limit) * FOR_DUCKDB) >> 20}MiB"
