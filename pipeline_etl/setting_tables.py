"""The settings as tables, which is how the SQL knows them."""

from __future__ import annotations

from datetime import datetime

from pipeline_etl.settings import Settings
from pipeline_etl.warehouse import Warehouse


def write_settings(s: Settings, warehouse: Warehouse, started_at: datetime, as_of: datetime | None) -> None:
    """Fill the tables `settings.x` for the SQL. started_at: of the run; as_of: what was asked for, naive UTC."""
    warehouse.execute("delete from settings.run")
    warehouse.execute(
        "insert into settings.run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            started_at, as_of, s.base_currency, s.time_zone, s.probable_duplicates, s.business_time_zone,
            s.fiscal_year_begins, s.holidays, float(s.attribution_half_life_days), s.acquisition_lag_days,
        ],
    )  # fmt: skip
    for band in s.bands:
        warehouse.execute("insert into settings.size_bands values (?, ?, ?)", list(band))
    stages = [(p, stage, n, None) for p, names in s.pipelines.items() for n, stage in enumerate(names, 1)]
    stages += [("", name.casefold(), None, kind) for kind in ("won", "lost") for name in getattr(s, kind)]
    for row in stages:
        warehouse.execute("insert into settings.stages values (?, ?, ?, ?)", list(row))
    for currency, rate in s.exchange_rates.items():
        warehouse.execute("insert into settings.exchange_rates values (?, ?)", [currency, float(rate)])
    for stage, fields in s.required_fields.items():
        for name in fields:
            warehouse.execute("insert into settings.required_fields values (?, ?)", [stage.casefold(), name])
    _write_follow_up(s, warehouse)
    for kind, patterns in s.test_records.items():
        for pattern in patterns:
            warehouse.execute("insert into settings.test_records values (?, ?)", [kind, pattern.casefold()])


def _write_follow_up(s: Settings, warehouse: Warehouse) -> None:
    warehouse.execute("insert into settings.follow_up values (?, ?, ?)", [*s.working_hours, float(s.unanswered_days)])
    for owner, zone in s.owner_time_zones.items():
        warehouse.execute("insert into settings.owner_time_zones values (?, ?)", [owner, zone])
    for source, hours in s.answer_limits.items():
        warehouse.execute("insert into settings.answer_limits values (?, ?)", [source, hours])
    for pattern in s.automatic_mails:
        warehouse.execute("insert into settings.automatic_mails values (?)", [pattern.casefold()])
    for source, days in s.silent_after_days.items():
        warehouse.execute("insert into settings.silent_after values (?, ?)", [source.casefold(), float(days)])
