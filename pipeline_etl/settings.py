"""Settings: one TOML file over shipped defaults; every fault is said with its line."""

from __future__ import annotations

import difflib
import fnmatch
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline_etl.currencies import resolve
from pipeline_etl.follow_up import ALL_SOURCES, AUTOMATIC_MAILS, WORKING_HOURS, hours_of, working_day
from pipeline_etl.privacy import PERSONAL_COLUMNS
from pipeline_etl.setting_faults import faults


class SettingsError(Exception):
    """A settings or mapping file cannot be used; the message says file, line and what to do."""


REQUIRED_FIELDS = {"all": ("amount", "close date", "owner", "account")}


@dataclass(frozen=True)
class Settings:
    """What a user may set.

    base_currency: ISO code, or '' to take the most frequent one of the deals; exchange_rates: code -> base currency per unit.
    currency_signs: what `$`, `kr` or `¥` mean in this company's exports. time_zone: of times that carry none. encoding: of text
    that is neither UTF-8 nor UTF-16. pipelines: pipeline -> its stages in order. test_records: `names`, `ids` and `emails` of
    records that are no business, as patterns with * and ?. probable_duplicates: probability from which on two records that only
    look alike are taken for one, 0 for never. won, lost: names of closed stages. business_time_zone: where days, months and
    quarters begin. fiscal_year_begins: month, 1..12. holidays: ISO code of the country (`ES`, or `ES-MD` with its region) whose
    holidays are no working days, '' for weekends alone. size_bands: amounts in base currency at which one band of deal sizes
    ends and the next begins. working_hours: from when to when people work on a working day. owner_time_zones: of owners who
    work elsewhere than in business_time_zone. answer_within_hours: lead source -> working hours within which a lead is to be
    answered; `*` for all other sources, else a working day. unanswered_days: after which an inbound sign counts as missed.
    automatic_mails: patterns of the types and subjects of activities that a machine did. required_fields: stage, or `all`, ->
    what an open deal in it needs. attribution_half_life_days: after which a touch counts half in the attribution by time decay.
    acquisition_lag_days: by which a purchase is taken to follow the spend on it, None for the median of own purchases.
    memory_limit: what a whole run may use, '' for half of the machine. keep_versions: warehouses that stay when newer ones are
    published, in `versions/` of the home. parquet: whether every promised table is written beside the warehouse as Parquet too.
    personal_columns: which columns say who somebody is, as patterns (`privacy.Privacy`). pseudonym_key: `$NAME` of the
    environment variable with the key of pseudonyms, '' for none; they then stand in the place of what is personal.
    report_period: `week`, `month` or `quarter`; the report of a run is of the period of this length in which as-of lies.
    nightly_at, reports_at: when (`02:30`, in business_time_zone) a run begins each night, and editions of what has ended are
    written; '' for never. watch_exports: whether new files in the exports folder start a run. silent_after_days: system or kind
    of export (`salesforce`, `salesforce_tasks`) -> days after which its silence is reported; `*` for all other systems. notify:
    whom to tell of failed runs and checks (`pipeline_etl.notify`).
    """

    base_currency: str = ""
    time_zone: str = "UTC"
    business_time_zone: str = "UTC"
    fiscal_year_begins: int = 1
    holidays: str = ""
    size_bands: tuple[float, ...] = (5_000, 20_000, 100_000)
    working_hours: tuple[str, ...] = WORKING_HOURS
    unanswered_days: float = 2.0
    attribution_half_life_days: float = 7.0
    acquisition_lag_days: float | None = None
    encoding: str = "cp1252"
    memory_limit: str = ""
    keep_versions: int = 3
    personal_columns: tuple[str, ...] = PERSONAL_COLUMNS
    pseudonym_key: str = ""
    parquet: bool = True
    report_period: str = "quarter"
    probable_duplicates: float = 0.0
    currency_signs: Mapping[str, str] = field(default_factory=dict)
    exchange_rates: Mapping[str, float] = field(default_factory=dict)
    pipelines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    test_records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required_fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(REQUIRED_FIELDS))
    owner_time_zones: Mapping[str, str] = field(default_factory=dict)
    answer_within_hours: Mapping[str, float] = field(default_factory=dict)
    automatic_mails: tuple[str, ...] = AUTOMATIC_MAILS
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    nightly_at: str = ""
    reports_at: str = ""
    watch_exports: bool = False
    silent_after_days: Mapping[str, float] = field(default_factory=dict)
    notify: Mapping[str, Any] = field(default_factory=dict)
    source: str = "defaults"

    @property
    def bands(self) -> list[tuple[str, float, float | None]]:
        """The bands of deal sizes: name (`5000-20000`), from, and below which amount; the last one is open."""
        edges = [0.0, *self.size_bands]
        names = [f"{low:.15g}-{high:.15g}" for low, high in pairwise(edges)] + [f"{edges[-1]:.15g}+"]
        return list(zip(names, edges, [*self.size_bands, None], strict=True))

    @property
    def answer_limits(self) -> dict[str, float]:
        """Lead source in lower case -> working hours; `*` is always there, and one working day unless it is set."""
        limits = {ALL_SOURCES: hours_of(*working_day(self.working_hours)), **self.answer_within_hours}
        return {source.casefold(): float(hours) for source, hours in limits.items()}

    @property
    def signs(self) -> dict[str, str]:
        """What the currency signs that several currencies share mean in this company."""
        return resolve(self.base_currency, self.currency_signs)


KEYS = {
    "base_currency": str,
    "time_zone": str,
    "business_time_zone": str,
    "fiscal_year_begins": int,
    "holidays": str,
    "size_bands": list,
    "working_hours": list,
    "unanswered_days": float,
    "attribution_half_life_days": float,
    "acquisition_lag_days": float,
    "encoding": str,
    "memory_limit": str,
    "keep_versions": int,
    "personal_columns": list,
    "pseudonym_key": str,
    "parquet": bool,
    "report_period": str,
    "probable_duplicates": float,
    "currency_signs": dict,
    "exchange_rates": dict,
    "pipelines": dict,
    "test_records": dict,
    "required_fields": dict,
    "owner_time_zones": dict,
    "answer_within_hours": dict,
    "automatic_mails": list,
    "won": list,
    "lost": list,
    "nightly_at": str,
    "reports_at": str,
    "watch_exports": bool,
    "silent_after_days": dict,
    "notify": dict,
}


LISTS = ("won", "lost", "working_hours", "automatic_mails", "personal_columns")


def load_settings(path: Path | None) -> Settings:
    """Settings from a file, or the defaults; raises SettingsError."""
    if path is None:
        return Settings()
    document, text = read_toml(path)
    for key, value in document.items():
        where = f"{path}:{line_of(text, key)}"
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known settings are {', '.join(KEYS)}"
            raise SettingsError(f"{where}: there is no setting {key!r}; {hint}")
        # A bool is an int to Python, and no number to anybody else.
        kind = (int, float) if KEYS[key] is float else KEYS[key]
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            raise SettingsError(f"{where}: {key} must be {_kind(KEYS[key])}, not {value!r}")
    for key, table, fault in faults(document):
        raise SettingsError(f"{path}:{line_of(text, key, table)}: {fault}")
    return Settings(
        **{
            **document,
            "pipelines": {p: tuple(s) for p, s in document.get("pipelines", {}).items()},
            "test_records": {k: tuple(p) for k, p in document.get("test_records", {}).items()},
            "required_fields": REQUIRED_FIELDS | {s: tuple(f) for s, f in document.get("required_fields", {}).items()},
            **({"size_bands": tuple(map(float, document["size_bands"]))} if "size_bands" in document else {}),
            **{key: tuple(document[key]) for key in LISTS if key in document},
            "source": path.name,
        }
    )


def parse_as_of(text: str) -> datetime | None:
    """`--as-of` as naive UTC: a date means the end of that day; '' means none was given. Raises SettingsError."""
    if not text:
        return None
    try:
        try:
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59))
        except ValueError:
            moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"--as-of {text}: write a date such as 2026-06-30 or a time such as 2026-06-30T18:00") from error


def load_mappings(folder: Path, *, deep: bool = True) -> dict[str, tuple[str, dict[str, str]]]:
    """The mapping files of an exports folder (`*mapping.toml`): file pattern -> contract name and heading -> column.

    deep: whether those of the folders below count too.
    """
    mappings = {}
    for path in sorted(folder.rglob("*mapping.toml") if deep else folder.glob("*mapping.toml")):
        document, text = read_toml(path)
        for pattern, entry in document.items():
            where = f"{path}:{line_of(text, pattern)}"
            if not isinstance(entry, dict) or not isinstance(entry.get("object"), str):
                raise SettingsError(f'{where}: a mapping reads `["{pattern}"]` and below it `object = "generic_deals"`')
            if unknown := set(entry) - {"object", "columns"}:
                raise SettingsError(f"{where}: unknown key {', '.join(sorted(unknown))}; a mapping has object and columns")
            columns = entry.get("columns", {})
            if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
                raise SettingsError(f'{where}: each line of columns reads `"Heading in the file" = "column"`')
            mappings[pattern] = (entry["object"], columns)
    return mappings


def mapping_of(name: str, mappings: Mapping[str, tuple[str, dict[str, str]]]) -> tuple[str, dict[str, str]] | None:
    """The mapping whose pattern fits a file's name below the exports folder, or None."""
    return next((m for pattern, m in mappings.items() if fnmatch.fnmatch(name, pattern)), None)


def read_toml(path: Path) -> tuple[dict, str]:
    """A TOML document and its text; raises SettingsError with the line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}:1: it is not UTF-8; save it as UTF-8") from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found.group(1) if found else text.rstrip().count("\n") + 1
        raise SettingsError(f"{path}:{line}: this is not valid TOML: {error}") from error


def line_of(text: str, key: str, table: str = "") -> int:
    """The line on which a key is written (below the heading of its table), for messages."""
    begin = 0
    if table and (heading := re.search(rf"^\s*\[\s*{re.escape(table)}\s*\]", text, flags=re.MULTILINE)):
        begin = heading.end()
    pattern = re.compile(rf"""^[^\S\n]*\[*[^\S\n]*["']?(\w+\.)*["']?{re.escape(key)}["']?\s*(=|\]|\.)""", flags=re.MULTILINE)
    found = pattern.search(text, begin)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _kind(kind: type) -> str:
    return {
        str: "a text", dict: "a table", list: "a list", float: "a number", int: "a whole number", bool: "true or false"
    }[kind]  # fmt: skip
