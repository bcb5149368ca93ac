"""The rows behind numbers, in a page: the link of a number, and the rows as data that its script shows on demand.

A link says what its rows must have as the query of an address, `data-of="pipeline=Sales&stage=Lead"`, and in `data-sum` the column
of which the number is the sum. The data are texts by number, so that a text that stands in many rows is written once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from pipeline_etl.answers import PERIOD, text
from pipeline_etl.document import Details, Row, Target
from pipeline_etl.formats import Formats, kind

AT_FIRST = 40
"""Rows that stand in the page as it is opened, and that are added at a time."""


def link(target: Target | None, shown: str) -> Any:
    """A number as a link to its rows; where it leads nowhere, as it is."""
    from markupsafe import Markup

    if target is None:
        return shown
    sums = Markup(' data-sum="{}"').format(target.sums) if target.sums else ""
    return Markup('<a href="#rows-{}" data-of="{}"{}>{}</a>').format(target.name, urlencode(target.of), sums, shown)


def held(details: Details, formats: Formats, cell: Callable[[Row, str], str]) -> str:
    """The rows of one query as JSON.

    columns: how many cells a row has, of which those of `numbers` are written to the right; a row is the numbers of its cells in
    `texts`, then those of its keys. beyond: keys, how many, and sums of what is not held. labels: what keys and values are called.
    """
    texts: dict[str, int] = {}

    def number(value: str) -> int:
        return texts.setdefault(value, len(texts))

    shown = details.table.shown
    rows = []
    for row in details.table.rows:
        cells = [str(cell(row, c.name)) for c in shown]
        keys = [text(row.values[details.day if k == PERIOD else k]) for k in details.keys]
        rows.append([number(t) for t in (*cells, *keys)])
    beyond = [[[number(v) for v in choice.values()], n, *sums] for choice, n, sums in details.beyond]
    sums = {}
    for name in details.sums:
        values = [row.values[name] for row in details.table.rows]
        known = next((v for v in values if v is not None), None)
        sums[name] = {
            "label": formats.heading(name),
            "isMoney": kind(name, known) == "money",
            "values": [None if v is None else _short(float(v)) for v in values],
        }
    data = {
        "columns": len(shown),
        "numbers": [n for n, c in enumerate(shown) if c.is_number],
        "keys": list(details.keys),
        "day": details.day,
        "currency": formats.currency,
        "rows": rows,
        "beyond": beyond,
        "sums": sums,
        "labels": _labels(details, formats),
        "texts": list(texts),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _labels(details: Details, formats: Formats) -> Mapping[str, Mapping[str, str]]:
    """What conditions are called: by key its heading under '', and its values where they are not shown as they are."""
    labels: dict[str, dict[str, str]] = {}
    for key in details.keys:
        known = labels[key] = {"": formats.words["filters"].get(key) or formats.heading(key)}
        values: Sequence[str] = [text(r.values.get(key)) for r in details.table.rows] if key != PERIOD else ()
        for value in dict.fromkeys([*values, *(c[key] for c, _, _ in details.beyond if key != PERIOD)]):
            named = formats.words["units"].get({"true": "yes", "false": "no"}.get(value, ""), formats.word(value, key))
            if value and named != value:
                known[value] = named
    return labels


def _short(value: float) -> float | int:
    return int(value) if value.is_integer() else round(value, 4)
