"""A document as one self-contained page: no request to anyone, one inline script that its own policy names by hash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pipeline_etl import behind
from pipeline_etl.charts import draw
from pipeline_etl.document import Charts, Choice, Details, Document, Part, Prose, Row, Table, Tiles, is_default
from pipeline_etl.locale import period_end, period_label

TEMPLATES = Path(__file__).parent / "templates"


def html(document: Document) -> str:
    """The page. Filters work by its script; without it, the page shows what it shows where nothing is chosen."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    formats = document.formats
    dimensions = list(formats.words["filters"])
    choices = _choices(document, dimensions)
    script, style = ((TEMPLATES / f"report.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    policy = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    periods = list(choices.get("period", {}))
    environment.filters |= {"day": formats.day, "number": formats.number, "money": formats.money}
    environment.globals |= {
        "belongs": partial(_belongs, dimensions=dimensions, periods=periods),
        "is_default": is_default,
        "groups": _groups,
        "cell": partial(_cell, document=document),
        "drawing": lambda c: draw(c.kind, c.rows, c.top, formats.language, c.longest, c.ticks),
        "kind": lambda part: type(part).__name__.lower(),
        "link": behind.link,
        "shared": lambda row: urlencode(behind.shared(row)),
        "waits": _waits,
        "all_wait": lambda rows, part: all(_waits(row.choice, part.per, part.first) for row in rows),
        "held": lambda details: behind.held(details, formats, dimensions, document.asked.of(details.table.name)),
        "at_first": lambda table: replace(table, rows=table.rows[: behind.AT_FIRST]),
        "by_length": _by_length,
    }
    sections = [
        {
            "heading": s.heading,
            "parts": list(_side_by_side(s.parts)),
            "is_behind": any(isinstance(p, Details) for p in s.parts) and all(isinstance(p, Details | Prose) for p in s.parts),
        }
        for s in document.sections
    ]
    return environment.get_template("report.html.jinja").render(
        document=document, sections=sections, words=formats.words, script=script, style=style, policy=policy,
        choices={d: c for d, c in choices.items() if len(c) > 1}, word=formats.word,
    )  # fmt: skip


def _choices(document: Document, dimensions: Sequence[str]) -> dict[str, dict[str, str]]:
    """What can be chosen: by dimension, value -> its name; in alphabetical order, periods from the newest and longest."""
    found: dict[str, set[str]] = {d: set() for d in dimensions}
    for choice in _all_choices(document):
        for dimension, value in choice.items():
            if value not in ("", "all") and dimension in found:
                found[dimension].add(value)
    formats, word = document.formats, document.formats.word
    named = {d: {v: period_label(v, formats) if d == "period" else word(v) for v in values} for d, values in found.items()}
    return {
        d: dict(sorted(values.items(), key=_newest if d == "period" else lambda pair: pair[1].casefold()))
        for d, values in named.items()
    }


def _by_length(periods: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Periods by their length, as groups of what can be chosen."""
    groups: dict[str, dict[str, str]] = {}
    for key, name in periods.items():
        groups.setdefault(key.partition("-")[0], {})[key] = name
    return groups


def _newest(pair: tuple[str, str]) -> tuple[int, int]:
    name, _, day = pair[0].partition("-")
    return ["year", "quarter", "month", "week"].index(name), -date.fromisoformat(day).toordinal()


def _all_choices(document: Document) -> Iterator[Choice]:
    for part in (part for section in document.sections for part in section.parts):
        match part:
            case Table():
                yield from (row.choice for row in part.rows)
            case Charts():
                yield from (chart.choice for chart in part.charts)
            case Tiles():
                yield from (choice for choice, _ in part.sets)
            case Prose():
                yield from (choice for choice, _ in part.versions)


def _belongs(
    choice: Choice, per: Sequence[str] = (), first: str = "", *, dimensions: Sequence[str], periods: Sequence[str]
) -> Any:
    """The attributes of an element that belongs to something; hidden where it is shown only when chosen.

    Of periods shown one at a time, or not at first, none stands for a longer one that holds it.
    """
    from markupsafe import Markup

    later = bool(first) and not choice.get("period", first).startswith(first)
    alone = later or "period" in per
    said = [
        Markup(' data-{}="{}"').format(d, _within(v, periods) if d == "period" and not alone else v)
        for d, v in choice.items()
        if d in dimensions
    ]
    hidden = Markup(" hidden") if _waits(choice, per, first) else ""
    return Markup("").join([*said, Markup(" data-later") if later else "", hidden])


def _waits(choice: Choice, per: Sequence[str] = (), first: str = "") -> bool:
    """Whether an element is shown only when it is chosen."""
    return not is_default(choice, per) or (bool(first) and not choice.get("period", first).startswith(first))


def _within(key: str, periods: Sequence[str]) -> str:
    """A period and those that hold it: a reader who chooses a year sees its months too."""
    if key in ("", "all"):
        return key
    start, end = date.fromisoformat(key.partition("-")[2]), period_end(key)
    return " ".join(
        [key, *(p for p in periods if p != key and date.fromisoformat(p.partition("-")[2]) <= start and end <= period_end(p))]
    )


def _groups(table: Table) -> list[tuple[Any, list[Row]]]:
    """Row groups of a table: the value of its `by` column, or None, and the rows."""
    groups: dict[Any, list[Row]] = {}
    for row in table.rows:
        groups.setdefault(row.values[table.by] if table.by else None, []).append(row)
    first = table.shown[0].name
    # A group that is nothing but its own total needs no heading.
    return [(None if k == "all" and all(r.values[first] == "all" for r in rows) else k, rows) for k, rows in groups.items()]


def _cell(row: Row, column: str, document: Document) -> Any:
    """A value of a table; a number that leads to rows is a link."""
    if column == "period_start" and row.choice.get("period", "") not in ("", "all"):
        return period_label(row.choice["period"], document.formats)
    shown = document.formats.cell(column, row.values[column])
    return behind.link(row.links.get(column), shown, behind.shared(row))


def _side_by_side(parts: Sequence[Part]) -> Iterator[Part]:
    """Two charts of the same thing beside each other, where both have one for each."""
    waiting: Charts | None = None
    for part in parts:
        if isinstance(part, Charts):
            if waiting and waiting.per == part.per:
                one, other = waiting.charts, part.charts
                same = [c.key for c in one] == [c.key for c in other]
                both = [c for pair in zip(one, other, strict=True) for c in pair] if same else [*one, *other]
                part = Charts(both, part.table, part.per)
            elif waiting:
                yield waiting
            waiting = part
            continue
        if waiting:
            yield waiting
            waiting = None
        yield part
    if waiting:
        yield waiting
