"""The settings of follow-up: when people work and where, how soon a lead is answered, which mails a machine sends."""

from __future__ import annotations

import re
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
