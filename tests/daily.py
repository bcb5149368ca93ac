"""The demo company as its tools would deliver it day by day: what each day's files hold, with all that goes wrong in sixty days."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

TIMES = (
    "SystemModstamp", "LastModifiedDate", "Last Modified Date", "Fecha de la última modificación", "occurred_at", "Activity date",
    "CreatedDate", "date",
)  # fmt: skip
"""Columns by which a delta export chooses its rows, the best first."""
AMOUNTS = ("Amount", "spend")


@dataclass
class Delivery:
    """The files of one day: path below the exports folder -> content. events: what went wrong on it, in words."""

    day: date
    files: dict[str, bytes] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


def deliveries(exports: Path, days: int, last: date, seed: int) -> list[Delivery]:
    """A first delivery of all that is older, then one for each of the days up to `last`."""
    chance = random.Random(seed)
    first = last - timedelta(days=days)
    found = [Delivery(first + timedelta(days=n)) for n in range(days + 1)]
    for file in sorted(p for p in exports.rglob("*") if p.is_file()):
        _spread(file, file.relative_to(exports), first, found, chance)
    _trouble(found, chance)
    return found


def _spread(file: Path, name: Path, first: date, found: list[Delivery], chance: random.Random) -> None:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = ";" if text.partition("\n")[0].count(";") > 3 else ","
    head, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    at = next((head.index(t) for t in TIMES if t in head), None)
    if at is None:
        found[0].files[name.as_posix()] = content
        return
    by_day: dict[int, list[list[str]]] = defaultdict(list)
    amount = next((head.index(a) for a in AMOUNTS if a in head), None)
    deleted = head.index("IsDeleted") if "IsDeleted" in head else None
    for row in rows:
        day = _day(row[at], first, len(found)) if len(row) == len(head) else 0
        late = min(day + chance.randrange(2, 9), len(found) - 1) if day and chance.random() < 0.08 else day
        by_day[late].append(row)
        if not day or len(row) != len(head):
            continue
        if chance.random() < 0.05:
            by_day[min(late + 1, len(found) - 1)].append(row)
            found[late].events.append(f"{name}: a row twice")
        if amount is not None and row[amount] and chance.random() < 0.2:
            by_day[late][-1] = [*row[:amount], re.sub(r"^\d", "9", row[amount]), *row[amount + 1 :]]
            by_day[min(late + 3, len(found) - 1)].append(row)
            found[late].events.append(f"{name}: an amount to be restated")
        if deleted is not None and chance.random() < 0.02:
            by_day[min(late + 2, len(found) - 1)].append([*row[:deleted], "true", *row[deleted + 1 :]])
            found[late].events.append(f"{name}: a record to be deleted")
    for day, those in by_day.items():
        path = f"{name.parent.as_posix()}/{found[day].day}/{name.name}" if day else name.as_posix()
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter).writerows([head, *those])
        found[day].files[path] = stream.getvalue().encode("utf-8")


def _day(text: str, first: date, count: int) -> int:
    """On which delivery a row of that moment comes."""
    if iso := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
        moment = date(*map(int, iso.groups()))
    elif local := re.match(r"(\d\d)/(\d\d)/(\d{4})", text):
        moment = date(int(local[3]), int(local[2]), int(local[1]))
    else:
        return 0
    return min(max((moment - first).days, 0), count - 1)


def _trouble(found: list[Delivery], chance: random.Random) -> None:
    """A day without files, which come with the next one's; a broken archive, sent again whole a day later; a file sent twice."""
    days = range(1, len(found) - 1)
    if len(days) < 3:
        return
    missing, broken, twice = chance.sample(days, 3)
    found[missing + 1].files = {**found[missing].files, **found[missing + 1].files}
    found[missing].files = {}
    found[missing].events.append("a missing day")
    if names := sorted(found[broken].files):
        name, packed = names[0], gzip.compress(found[broken].files[names[0]])
        del found[broken].files[name]
        found[broken].files[f"{name}.gz"] = packed[: len(packed) // 2]
        found[broken + 1].files[f"{name}.gz"] = packed
        found[broken].events.append("a broken file")
    for name, content in sorted(found[twice].files.items())[:1]:
        found[twice].files[f"again/{name}"] = content
        found[twice].events.append("a file twice")
