"""The rows behind numbers, in a page: the link of a number, and the rows as data that its script shows on demand.

A link says what its rows must have as the query of an address, `data-of="stage=Lead&is_stalled=true"`, together with that of
the row around it, and in `data-sum` the column of which the number is the sum. The data are written column by column, so that
a text that stands in many rows is written once.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from pipeline_etl.beyond import PERIOD, Beyond, Counts
from pipeline_etl.document import Choice, Details, Row, Target, text
from pipeline_etl.formats import Formats, kind

AT_FIRST = 10
"""Rows that stand in the page as it is opened; the script adds forty at a time."""
SIGNS = string.digits + string.ascii_letters
"""The numbers from 0 on, by which a column with few texts names them."""


def shared(row: Row) -> Mapping[str, str]:
    """What all links of a row ask for, which the row says for them."""
    first, *others = [t.of for t in row.links.values()] or [{}]
    return {k: v for k, v in first.items() if all(other.get(k) == v for other in others)}


def link(target: Target | None, shown: str, said: Mapping[str, str] = MappingProxyType({})) -> Any:
    """A number as a link to its rows; where it leads nowhere, as it is. said: what an element around it says already."""
    from markupsafe import Markup

    if target is None:
        return shown
    sums = Markup(' data-sum="{}"').format(target.sums) if target.sums else ""
    return Markup('<a href="#rows-{}" data-of="{}"{}>{}</a>').format(
        target.name, urlencode({k: v for k, v in target.of.items() if k not in said}), sums, shown
    )


def held(details: Details, formats: Formats, dimensions: Collection[str], asked: Collection[Choice]) -> Any:
    """The rows of one query as JSON, as the text of an element. dimensions: of the filters; asked: what links ask of the rows.

    columns: their texts, see _columns; the first `shown` of them are cells, those of `numbers` written to the right. keys: in
    which column the values of a key stand. beyond: of what is not held, how many there are and their sums, by what is asked.
    labels: what keys and values are called.
    """
    from markupsafe import Markup

    rows = details.table.rows
    shown = details.table.shown
    columns = [_cells([row.values[c.name] for row in rows], partial(formats.cell, c.name)) for c in shown]
    keys: dict[str, int] = {}
    for key in details.keys:
        values = [text(row.values[details.day if key == PERIOD else key]) for row in rows]
        # Many keys are cells as they are shown, which are written once.
        if values not in columns:
            columns.append(values)
        keys[key] = columns.index(values)
    sums: dict[str, Any] = {}
    for name in details.sums:
        values = [row.values[name] for row in rows]
        known = next((v for v in values if v is not None), None)
        sums[name] = {
            "label": formats.heading(name),
            "isMoney": kind(name, known) == "money",
            "values": [None if v is None else _short(float(v)) for v in values],
        }
    beyond = _counts(details.beyond, dimensions, asked) if details.beyond else []
    data = {
        "count": len(rows),
        "shown": len(shown),
        "numbers": [n for n, c in enumerate(shown) if c.is_number],
        "keys": keys,
        "day": details.day,
        "currency": formats.currency,
        "columns": _columns(columns),
        "beyond": [
            {
                "keys": counts.keys,
                "isByDay": counts.is_by_day,
                "columns": _columns(counts.columns),
                "counts": counts.rows,
                "sums": {name: [_short(v) for v in of] for name, of in zip(details.sums, counts.sums, strict=True)},
            }
            for counts in beyond
        ],
        "sums": sums,
        "labels": _labels(details, beyond, formats),
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _counts(beyond: Beyond, dimensions: Collection[str], asked: Collection[Choice]) -> list[Counts]:
    """What is not held: by all that can be chosen, in every combination, and what links ask of other keys."""
    chosen = [key for key in beyond.keys if key in dimensions]
    return [beyond.by(chosen), *beyond.answers(of for of in asked if not of.keys() <= set(chosen))]


def _labels(details: Details, beyond: Sequence[Counts], formats: Formats) -> Mapping[str, Mapping[str, str]]:
    """What conditions are called: by key its heading under '', and its values where they are not shown as they are."""
    labels: dict[str, dict[str, str]] = {}
    for key in details.keys:
        known = labels[key] = {"": formats.words["filters"].get(key) or formats.heading(key)}
        values: Sequence[str] = [text(r.values.get(key)) for r in details.table.rows] if key != PERIOD else ()
        more = [of for counts in beyond for name, of in zip(counts.keys, counts.columns, strict=True) if name == key != PERIOD]
        for value in dict.fromkeys(chain(values, *more)):
            named = formats.words["units"].get({"true": "yes", "false": "no"}.get(value, ""), formats.word(value, key))
            if value and named != value:
                known[value] = named
    return labels


def _cells(values: Sequence[Any], written: Callable[[Any], str]) -> list[str]:
    known: dict[Any, str] = {}
    # 1 and true are one key, but stand in no column together.
    return [known[v] if v in known else known.setdefault(v, written(v)) for v in values]


def _columns(columns: Sequence[Sequence[str]]) -> list[Mapping[str, Any]]:
    """Columns: `each` of their values; or their `texts`, and `at` by row the numbers of these, as signs where they are few.

    `like`: an earlier column whose texts change where these do, such as a day as it is written and as it is compared.
    """
    written: list[Mapping[str, Any]] = []
    known: dict[tuple[int, ...], int] = {}
    for values in columns:
        texts = {value: n for n, value in enumerate(dict.fromkeys(values))}
        numbers = tuple(texts[v] for v in values)
        if len(texts) > len(values) / 2:
            written.append({"each": list(values)})
        elif numbers in known:
            written.append({"texts": list(texts), "like": known[numbers]})
        else:
            known[numbers] = len(written)
            signs = len(texts) <= len(SIGNS)
            written.append({"texts": list(texts), "at": "".join(SIGNS[n] for n in numbers) if signs else numbers})
    return written


def _short(value: float) -> float | int:
    return int(value) if value.is_integer() else round(value, 4)
