"""What can be wrong with the values of the settings, in words that say what to write instead."""

from __future__ import annotations

import codecs
import math
import os
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from pipeline_etl.currencies import SHARED, codes
from pipeline_etl.editions import LENGTHS
from pipeline_etl.follow_up import WORKING_HOURS, is_time_zone, working_day
from pipeline_etl.memory import LEAST, parse_memory
from pipeline_etl.notify import faults as notify_faults
from pipeline_etl.workdays import is_country

TEST_FIELDS = ("names", "ids", "emails")
DEAL_FIELDS = ("amount", "close date", "owner", "account", "contact", "source", "product", "type", "probability")
Fault = tuple[str, str, str]
"""The key, the table that it stands in ('' for none), and what is wrong and what to write."""


def faults(document: Mapping[str, object]) -> Iterator[Fault]:
    """Every fault of settings whose keys are known and whose values are of the right kind."""
    yield from _of_places_and_times(document)
    yield from _of_numbers(document)
    yield from _of_text_and_memory(document)
    yield from _of_money(document)
    yield from _of_follow_up(document)
    yield from _of_names(document)
    yield from _of_privacy(document)
    yield from _of_nights(document)


def _of_privacy(document: Mapping) -> Iterator[Fault]:
    columns = document.get("personal_columns", [])
    if not all(isinstance(c, str) and re.fullmatch(r"!?[\w*?]+(\.[\w*?]+)?", c) for c in columns):
        yield "personal_columns", "", f'personal_columns reads `personal_columns = ["email", "!*_owners.*"]`; got {columns!r}'
    if key := document.get("pseudonym_key", ""):
        if not re.fullmatch(r"\$\w+", key):
            # What stands here is perhaps the key itself: it is not said again.
            yield "pseudonym_key", "", 'pseudonym_key names a variable: `pseudonym_key = "$PSEUDONYM_KEY"`; write no key here'
        elif len(os.environ.get(key[1:], "")) < 16:
            yield "pseudonym_key", "", f"the environment has no variable {key[1:]} with a key of 16 characters or more"


def _of_places_and_times(document: Mapping) -> Iterator[Fault]:
    for key in ("time_zone", "business_time_zone"):
        if not is_time_zone(document.get(key, "UTC")):
            yield key, "", f"{document[key]!r} is no time zone; write one such as Europe/Madrid"
    if not 1 <= (month := document.get("fiscal_year_begins", 1)) <= 12:
        yield "fiscal_year_begins", "", f"fiscal_year_begins is the number of a month, 1 to 12; got {month}"
    if (length := document.get("report_period", "quarter")) not in LENGTHS:
        yield "report_period", "", f"report_period is one of {', '.join(LENGTHS)}; got {length!r}"
    if not is_country(country := document.get("holidays", "")):
        yield "holidays", "", f"no holidays are known for {country!r}; write a country or region such as ES or ES-MD"


def _of_numbers(document: Mapping) -> Iterator[Fault]:
    bands = document.get("size_bands", [1])
    is_rising = all(isinstance(b, int | float) and not isinstance(b, bool) for b in bands) and bands == sorted(set(bands))
    if not bands or not is_rising or not 0 < bands[0] <= bands[-1] < math.inf:
        yield "size_bands", "", f"size_bands are rising amounts such as [5000, 20000, 100000]; got {bands!r}"
    for key in ("unanswered_days", "attribution_half_life_days"):
        if not 0 < (days := document.get(key, 1)) < math.inf:
            yield key, "", f"{key} is a number of days above 0, such as 2; got {days!r}"
    if not 0 <= (lag := document.get("acquisition_lag_days", 0)) < math.inf:
        yield "acquisition_lag_days", "", f"acquisition_lag_days is a number of days, such as 60; got {lag!r}"
    if probable := document.get("probable_duplicates"):
        if not 0.5 <= probable <= 1:
            yield "probable_duplicates", "", f"probable_duplicates is a probability from 0.5 to 1, such as 0.95; got {probable}"
        elif not find_spec("splink"):
            yield "probable_duplicates", "", "probable_duplicates needs Splink; run pip install 'pipeline-etl[dedupe]'"


def _of_text_and_memory(document: Mapping) -> Iterator[Fault]:
    try:
        codecs.lookup(document.get("encoding", "cp1252"))
    except LookupError:
        yield "encoding", "", f"{document['encoding']!r} is no text encoding; write one such as cp1250"
    if limit := document.get("memory_limit", ""):
        size = parse_memory(limit)
        if size is None:
            yield "memory_limit", "", f'memory_limit reads `memory_limit = "4GB"`; got {limit!r}'
        elif size < LEAST:
            yield "memory_limit", "", f"memory_limit is at least {LEAST >> 20}MB, with which small companies run; got {limit!r}"
    if (kept := document.get("keep_versions", 0)) < 0:
        yield "keep_versions", "", f"keep_versions is a number of warehouses, 0 for none; got {kept}"


def _of_money(document: Mapping) -> Iterator[Fault]:
    if not re.fullmatch("([A-Z]{3})?", base := document.get("base_currency", "")):
        yield "base_currency", "", f'base_currency reads `base_currency = "EUR"`; got {base!r}'
    for code, rate in document.get("exchange_rates", {}).items():
        number = isinstance(rate, int | float) and not isinstance(rate, bool)
        if not re.fullmatch("[A-Z]{3}", code) or not number or not 0 < rate < math.inf:
            wanted = "an exchange rate reads `EUR = 1.08`: one unit in base currency"
            yield code, "exchange_rates", f"{wanted}; got {code} = {rate!r}"
    for sign, code in document.get("currency_signs", {}).items():
        if sign not in SHARED or not isinstance(code, str) or code not in codes():
            known = ", ".join(SHARED)
            yield sign, "currency_signs", f'a currency sign reads `"$" = "USD"`, and is one of {known}; got {sign} = {code!r}'


def _of_follow_up(document: Mapping) -> Iterator[Fault]:
    hours = document.get("working_hours", WORKING_HOURS)
    try:
        working_day(tuple(hours))
    except ValueError:
        yield "working_hours", "", f'working_hours reads `working_hours = ["09:00", "17:00"]`; got {hours!r}'
    if not all(isinstance(pattern, str) for pattern in document.get("automatic_mails", ())):
        yield "automatic_mails", "", 'automatic_mails are patterns such as ["*newsletter*"]'
    for source, limit in document.get("answer_within_hours", {}).items():
        if not isinstance(limit, int | float) or isinstance(limit, bool) or not 0 < limit < math.inf:
            wanted = 'a limit reads `"Web" = 1`: working hours, above 0'
            yield source, "answer_within_hours", f"{wanted}; got {source} = {limit!r}"
    for owner, zone in document.get("owner_time_zones", {}).items():
        if not is_time_zone(zone):
            yield owner, "owner_time_zones", f'an owner\'s time zone reads `"Ana" = "Europe/Madrid"`; got {owner} = {zone!r}'


def _of_names(document: Mapping) -> Iterator[Fault]:
    for key in ("won", "lost"):
        if not all(isinstance(name, str) for name in document.get(key, ())):
            yield key, "", f"list the names of {key} stages as texts"
    for pipeline, stages in document.get("pipelines", {}).items():
        if not isinstance(stages, list) or not all(isinstance(s, str) for s in stages):
            yield pipeline, "pipelines", f"list the stages of {pipeline!r} in order, as texts"
    for kind, patterns in document.get("test_records", {}).items():
        if kind not in TEST_FIELDS or not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            wanted = f'test records read `names = ["*test*"]`, under one of {", ".join(TEST_FIELDS)}'
            yield kind, "test_records", f"{wanted}; got {kind} = {patterns!r}"
    for stage, fields in document.get("required_fields", {}).items():
        if not isinstance(fields, list) or not all(f in DEAL_FIELDS for f in fields):
            wanted = f'required fields read `"Proposal" = ["amount"]`, of {", ".join(DEAL_FIELDS)}'
            yield stage, "required_fields", f"{wanted}; got {stage} = {fields!r}"


def _of_nights(document: Mapping) -> Iterator[Fault]:
    for key in ("nightly_at", "reports_at"):
        if not re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d)?", at := document.get(key, "")):
            yield key, "", f'{key} reads `{key} = "02:30"`, a time in business_time_zone; got {at!r}'
    for source, days in document.get("silent_after_days", {}).items():
        if not isinstance(days, int | float) or isinstance(days, bool) or not 0 < days < math.inf:
            yield source, "silent_after_days", f"a limit reads `salesforce = 3`: days, above 0; got {source} = {days!r}"
    yield from notify_faults(document.get("notify", {}))
