"""All contracts, tables and models as one whole: found, ordered and bound once."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from pipeline_etl.binding import bind, previous_tables
from pipeline_etl.contract import Contract
from pipeline_etl.feed import Entity, Feeds, bind_feeds
from pipeline_etl.landing import BOOKS, raw_columns, raw_spread_columns
from pipeline_etl.ledgers import LEDGERS
from pipeline_etl.lineage import Origins, column_origins
from pipeline_etl.model import Model, read_models, sql_root

SETTINGS_TABLES = {
    "settings.run": {
        "started_at": "TIMESTAMP",
        "as_of": "TIMESTAMP",
        "base_currency": "VARCHAR",
        "time_zone": "VARCHAR",
        "probable_duplicates": "DOUBLE",
        "business_time_zone": "VARCHAR",
        "fiscal_year_begins": "INTEGER",
        "holidays": "VARCHAR",
        "attribution_half_life_days": "DOUBLE",
        "acquisition_lag_days": "DOUBLE",
    },
    "settings.stages": {"pipeline": "VARCHAR", "stage": "VARCHAR", "stage_order": "INTEGER", "kind": "VARCHAR"},
    "settings.exchange_rates": {"currency": "VARCHAR", "rate": "DOUBLE"},
    "settings.size_bands": {"band": "VARCHAR", "low": "DOUBLE", "high": "DOUBLE"},
    "settings.required_fields": {"stage": "VARCHAR", "field": "VARCHAR"},
    "settings.follow_up": {"opens_at": "VARCHAR", "closes_at": "VARCHAR", "unanswered_days": "DOUBLE"},
    "settings.owner_time_zones": {"owner": "VARCHAR", "time_zone": "VARCHAR"},
    "settings.answer_limits": {"lead_source": "VARCHAR", "hours": "DOUBLE"},
    "settings.automatic_mails": {"pattern": "VARCHAR"},
    "settings.test_records": {"field": "VARCHAR", "pattern": "VARCHAR"},
    "settings.silent_after": {"source": "VARCHAR", "days": "DOUBLE"},
}
"""What the settings become for the SQL; where a stage stands without its pipeline ('' in `stages`), it is in lower case.

`answer_limits` always has a row for `*`, the sources without one of their own.
"""


@dataclass(frozen=True)
class Catalog:
    """contracts: every kind of export; feeds: what makes them one; models: every `.sql`, bound, in dependency order."""

    contracts: tuple[Contract, ...]
    feeds: Feeds
    models: tuple[Model, ...]

    @property
    def tables(self) -> list[Model]:
        """The models that are tables."""
        return [m for m in self.models if not m.is_check]

    @property
    def checks(self) -> list[Model]:
        """The models that return offending rows."""
        return [m for m in self.models if m.is_check]

    @property
    def sources(self) -> dict[str, Mapping[str, str]]:
        """The tables that are no models: table -> column -> DuckDB type."""
        return source_tables(self.contracts) | self.feeds.tables

    @property
    def previous(self) -> dict[str, Mapping[str, str]]:
        """The tables of the run before that models read, with their column types of today."""
        return previous_tables(self.models, self.sources)

    @cached_property
    def origins(self) -> dict[str, Origins]:
        """By table, the columns that each column is made from; it takes seconds, and no run needs it."""
        types = {**self.sources, **self.previous, **{m.table: m.types for m in self.tables}}
        return column_origins(self.tables, types)

    def behind(self, tables: Sequence[str]) -> set[str]:
        """These tables, those of feeds replaced by the raw ones behind them."""
        return {t for table in tables for t in (self.feeds.behind(table) if table.startswith("feeds.") else [table])}


def raw_tables(contracts: Sequence[Contract]) -> dict[str, Mapping[str, str]]:
    """The tables that the contracts' files become."""
    raw: dict[str, Mapping[str, str]] = {}
    for contract in contracts:
        raw[f"raw.{contract.name}"] = raw_columns(contract)
        if contract.spread:
            raw[f"raw.{contract.spread.table}"] = raw_spread_columns(contract)
    return raw


def source_tables(contracts: Sequence[Contract]) -> dict[str, Mapping[str, str]]:
    """Everything that SQL may read besides models and feeds."""
    return {**BOOKS, **SETTINGS_TABLES, **raw_tables(contracts), **{ledger.table: ledger.types for ledger in LEDGERS}}


def find(package: ModuleType, name: str) -> list[Any]:
    """What the lists of this name hold in a package's modules, in the order of the modules' names."""
    modules = sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name)
    return [x for m in modules for x in getattr(importlib.import_module(f"{package.__name__}.{m.name}"), name, [])]


def find_contracts(package: ModuleType) -> tuple[Contract, ...]:
    """The contracts in the lists named CONTRACTS of a package's modules."""
    found: list[Contract] = find(package, "CONTRACTS")
    names = [c.name for c in found]
    if twice := {n for n in names if names.count(n) > 1}:
        raise ValueError(f"two contracts are called {', '.join(sorted(twice))}")
    return tuple(found)


def load_catalog(package: ModuleType, entities: Sequence[Entity], models: ModuleType) -> Catalog:
    """Contracts and feeds of `package`, models of `sql/` and MODELS of `models`; raises FeedError, ModelError."""
    contracts = find_contracts(package)
    feeds = bind_feeds(entities, find(package, "FEEDS"), contracts, raw_tables(contracts))
    sources = source_tables(contracts) | feeds.tables
    return Catalog(contracts, feeds, tuple(bind(read_models(sql_root(), find(models, "MODELS")), sources)))
