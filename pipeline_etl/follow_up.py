"""The settings of follow-up: when people work and where, how soon a lead is answered, which mails a machine sends."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WORKING_HOURS = ("09:00", "17:00")
ALL_SOURCES = "*"
AUTOMATIC_MAILS = (
    "list email*", "listemail*", "pardot list email*", "mass email*", "mass mail*", "massmail*", "marketing email*",
    "automated email*", "automatic email*", "sequence email*", "sequence:*", "newsletter*", "was sent email*",
    "automatic reply*", "auto-reply*", "auto reply*", "autoreply*", "out of office*", "respuesta automática*",
    "fuera de la oficina*", "automatische antwort*", "abwesenheit*", "réponse automatique*",
)  # fmt: skip
"""What CRMs call the mails of machines, in the type or the subject of an activity; marketing tools log theirs there too."""


def is_time_zone(name: object) -> bool:
    """Whether it names a time zone, such as Europe/Madrid."""
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def working_day(hours: tuple[str, ...]) -> tuple[time, time]:
    """When work begins and ends, of `("09:00", "17:00")`; raises ValueError."""
    if len(hours) != 2 or not all(isinstance(text, str) and re.fullmatch(r"\d\d:\d\d", text) for text in hours):
        raise ValueError("two times of the day")
    opens, closes = (time.fromisoformat(text) for text in hours)
    if opens >= closes:
        raise ValueError("the first time must come first")
    return opens, closes


def hours_of(opens: time, closes: time) -> float:
    """The length of a working day."""
    return (closes.hour - opens.hour) + (closes.minute - opens.minute) / 60


def faults(document: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """(key, its table, what is wrong and what to write) of each fault in these settings."""
    hours = document.get("working_hours", WORKING_HOURS)
    try:
        working_day(tuple(hours))
    except ValueError:
        yield "working_hours", "", f'working_hours reads `working_hours = ["09:00", "17:00"]`; got {hours!r}'
    for key in ("unanswered_days", "attribution_half_life_days"):
        if not 0 < (days := document.get(key, 1)) < math.inf:
            yield key, "", f"{key} is a number of days above 0, such as 2; got {days!r}"
    if not all(isinstance(pattern, str) for pattern in document.get("automatic_mails", ())):
        yield "automatic_mails", "", 'automatic_mails are patterns such as ["*newsletter*"]'
    for source, limit in document.get("answer_within_hours", {}).items():
        if not isinstance(limit, int | float) or isinstance(limit, bool) or not 0 < limit < math.inf:
            yield source, "answer_within_hours", f'a limit reads `"Web" = 1`: working hours, above 0; got {source} = {limit!r}'
    for owner, zone in document.get("owner_time_zones", {}).items():
        if not is_time_zone(zone):
            yield owner, "owner_time_zones", f'an owner\'s time zone reads `"Ana" = "Europe/Madrid"`; got {owner} = {zone!r}'
