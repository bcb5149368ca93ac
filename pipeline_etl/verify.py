"""Check a published warehouse again: its laws, its checks, the digests of the lake."""

from __future__ import annotations

import duckdb

from pipeline_etl.home import Home
from pipeline_etl.lake import changed_files


def verify(home: Home) -> tuple[str, bool]:
    """A line per law, failed check and damaged file; and whether all is sound."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        laws = connection.execute(
            "select law, left_side, right_side, difference from quality.reconciliation order by law"
        ).fetchall()
        failed = connection.execute(
            "select table_name, rule, failing_rows, blocking from quality.checks where not passed order by all"
        ).fetchall()
        unbalanced = connection.execute(
            "select path, rows, kept, rejected, duplicates from quality.files where rows <> kept + rejected + duplicates"
        ).fetchall()
        promised = connection.execute(
            "select count(*) from information_schema.tables where table_schema in ('marts', 'quality')"
        ).fetchone()[0]
    damaged = changed_files(home.lake)
    lines = [f"{'holds ' if not d else 'BROKEN'}  {law}: {left:,.2f} = {right:,.2f}" for law, left, right, d in laws]
    lines += [
        f"BROKEN  {path}: {rows} rows, {kept} kept, {rejected} rejected, {twice} duplicates"
        for path, rows, kept, rejected, twice in unbalanced
    ]
    lines += [
        f"{'BROKEN' if blocking else 'warns '}  {table}: {rule} {failing:,} rows" for table, rule, failing, blocking in failed
    ]
    lines += [f"DAMAGED {name}: its bytes are not those that were written; run again to make it anew" for name in damaged]
    sound = not (any(d for *_, d in laws) or unbalanced or any(f[3] for f in failed) or damaged)
    lines.append(
        f"{'sound' if sound else 'NOT sound'}: {promised} promised tables, {len(laws)} laws, "
        f"{len(failed)} failed checks, {len(damaged)} damaged files"
    )
    return "\n".join(lines), sound
