"""A small chart of a table, for where only Markdown is shown: its model says `-- bars:` and what.

    -- bars: open_deals by pipeline, stage where stage <> 'all' order by stage_order

The value is a column, which is summed, or `rows`, which are counted; each combination of the columns behind `by` has a bar.
Without an order the largest come first; bars of dates are the newest ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

SHOWN, WIDEST, LONGEST = 15, 16, 34
"""Bars at most; blocks of the longest bar; characters of a label."""
ROOM = 1_000
"""Characters of Markdown that Dagster shows in place; more stand behind a link."""
BLOCKS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Bars:
    """What the line says."""

    value: str
    by: tuple[str, ...]
    condition: str = "true"
    order: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Bars:
        """Raises ValueError where the line reads otherwise."""
        found = re.fullmatch(r"(\w+) by (\w+(?:, *\w+)*)(?: where (.+?))?(?: order by (\w+(?:, *\w+)*))?", text)
        if not found:
            raise ValueError("`bars:` reads `value by column, … where condition order by column, …`")
        value, by, condition, order = found.groups()
        return cls(value, _names(by), condition or "true", _names(order or ""))

    def query(self, table: str) -> str:
        """The bars in their order: the columns behind `by`, then the value."""
        labels = ", ".join(f'"{c}"' for c in self.by)
        value = "count(*)" if self.value == "rows" else f'sum("{self.value}")'
        order = ", ".join(f'min("{c}")' for c in self.order) or "value desc nulls last"
        where = f"where {self.condition} group by {labels} order by {order}, {labels}"
        return f"select {labels}, {value}::double as value from {table} {where}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def markdown(bars: Bars, rows: Sequence[Sequence[object]]) -> str:
    """The rows of the query as a table with bars, below ROOM characters; empty where there is nothing above zero."""
    for shown in range(SHOWN, 0, -1):
        drawn = _drawn(bars, rows, shown)
        if len(drawn) < ROOM:
            break
    return drawn


def _drawn(bars: Bars, rows: Sequence[Sequence[object]], number: int) -> str:
    are_dates = bool(rows) and isinstance(rows[0][0], date)
    shown = rows[-number:] if are_dates else rows[:number]
    top = max((row[-1] or 0 for row in shown), default=0)
    if not top > 0:
        return ""
    lines = []
    for *labels, value in shown:
        label = ", ".join("–" if v is None else str(v) for v in labels).replace("|", "\\|").replace("\n", " ")
        label = label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip("\\") + "…"
        lines.append(f"| {label} | {_number(value)} | {_bar((value or 0) / top)} |")
    if left := len(rows) - len(shown):
        lines.insert(0 if are_dates else len(lines), f"| … | | {left} {'before' if are_dates else 'more'} |")
    return "\n".join([f"| {', '.join(bars.by)} | {bars.value} | |", "|---|--:|---|", *lines])


def _bar(share: float) -> str:
    eighths = round(max(share, 0) * WIDEST * 8)
    return "█" * (eighths // 8) + BLOCKS[eighths % 8].strip()


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.3g}"
