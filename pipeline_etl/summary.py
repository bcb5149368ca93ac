"""What a run says at its end, in words a person can read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline_etl.home import Home
from pipeline_etl.paper import ABSENT


def summary(home: Home, was_read: int = 0) -> str:
    """A page of text about the published warehouse: files, decisions, pipeline, faults, and where everything is.

    was_read: files that an earlier run had read already.
    """
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:

        def rows(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        files = dict(rows("select status, count(*) from quality.files group by all"))
        read, kept, rejected, duplicates, unreadable = rows(
            "select coalesce(sum(rows), 0)::bigint, coalesce(sum(kept), 0)::bigint, coalesce(sum(rejected), 0)::bigint,"
            " coalesce(sum(duplicates), 0)::bigint, coalesce(sum(unreadable_values), 0)::bigint from quality.files"
        )[0]
        lines = [
            f"Files      {files.get('read', 0)} read, {files.get('unknown', 0)} unknown, {files.get('refused', 0)} refused",
            f"Rows       {read:,} = {kept:,} kept + {rejected:,} rejected + {duplicates:,} older duplicates",
        ]
        if unreadable:
            lines.append(f"           {unreadable:,} unreadable values were left empty")
        if was_read:
            lines.append(f"           {was_read:,} files had been read by an earlier run")
        for path, note in rows("select path, note from quality.files where status <> 'read' order by path limit 8"):
            lines.append(f"           {path}: {note}")
        for path, order in rows("select path, date_order from quality.files where date_order <> '' order by path limit 8"):
            lines.append(f"Dates      {path}: {order}")
        (as_of, why), (currency, from_where) = (
            rows("select as_of, as_of_from from core.as_of")[0],
            rows("select base_currency, base_currency_from from core.parameters")[0],
        )
        lines.append(f"As of      {as_of:%Y-%m-%d %H:%M} UTC, {why}")
        lines.append(f"Amounts    in {currency or 'one currency'}: {from_where}")
        for pipeline, evidence in rows("select distinct pipeline, evidence from core.stages where kind = 'open' order by all"):
            lines.append(f"Stages     {pipeline}: in {evidence}")
        for deals, amount, without in rows(
            "select open_deals, open_amount, deals_without_amount from marts.stage_snapshot where pipeline = 'all'"
        ):
            lines.append(
                f"Pipeline   {deals:,} open deals worth {amount:,.2f}" + (f" ({without:,} without amount)" if without else "")
            )
        for won, lost, rate, size, days in rows(
            "select won, lost, win_rate, average_deal_size, median_days_to_close from marts.pipeline_health"
            " where period = 'all' and pipeline = 'all'"
        ):
            lines.append(f"Closed     {won:,} won, {lost:,} lost" + (f": win rate {rate:.1%}" if rate is not None else ""))
            if size is not None:
                lines.append(
                    f"           average won deal {size:,.2f}"
                    + (f", median {days:.0f} days to close" if days is not None else "")
                )
        made, kept = rows(
            "select count(*) filter (made_at = newest), count(*) filter (made_at < newest)"
            " from (select made_at, max(made_at) over () as newest from quality.tables)"
        )[0]
        if kept:
            lines.append(f"Tables     {made} made, {kept} kept: nothing that they are made from has changed")
        checks, failed = rows("select count(*), count(*) filter (where not passed) from quality.checks")[0]
        lines.append(f"Checks     {checks - failed} of {checks} passed")
        for table, rule, failing in rows(
            "select table_name, rule, failing_rows from quality.checks where not passed order by all"
        ):
            lines.append(f"           {table}: {rule} {failing:,} rows break it")
    lines.append(f"Warehouse  {_shown(home.warehouse)}")
    # Editions of single periods, such as pipeline.2026-06.en.html, are no part of the run.
    own = [report for report in home.reports.iterdir() if report.name.count(".") == 2]
    reports = sorted(own, key=lambda r: (r.suffix, r.name))
    lines += [f"Report     {_shown(report)}" for report in reports]
    if not any(report.suffix == ".pdf" for report in reports):
        lines.append(f"PDF        {ABSENT}")
    return "\n".join(lines)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path.resolve())
