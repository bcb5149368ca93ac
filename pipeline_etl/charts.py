"""What a page shows of a query: tiles, a table, or charts by Vega-Altair in the colours of the page, light or dark."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.formats import Formats
from pipeline_etl.locale import PERIODS, axis_locales, period

Rows = Sequence[Mapping[str, Any]]
KINDS = ("bars", "dots", "lines")
SHOWN = ("nothing", "table", "tiles", *KINDS)
COLUMN_OPTIONS = ("label", "value", "low", "high", "by")
OPTIONS = {*COLUMN_OPTIONS, "optional", "dates"}
TILE_COLUMNS = ("tile", "unit", "value")
UNITS = ("number", "money", "percent", "days")
WIDTH, LABEL_ROOM, FONT = 420, 190, 13
# Stand-ins that become CSS variables of the page once the picture is drawn.
INK, MUTED, ACCENT, GRID = "#010203", "#020304", "#030405", "#040506"
VARIABLES = {INK: "currentColor", MUTED: "var(--muted)", ACCENT: "var(--accent)", GRID: "var(--rule)"}


@dataclass(frozen=True)
class Fence:
    """One query and what to show of it; `tables` are those it reads, as schema.table."""

    line: int
    name: str
    show: str
    options: Mapping[str, str]
    sql: str
    tables: frozenset[str]

    @classmethod
    def parse(cls, number: int, opening: str, sql: str) -> Fence:
        """One fence by its opening line, such as "```sql stages table by=pipeline"; raises ValueError."""
        name, show, *options = opening.removeprefix("```sql").split() + [""] * 2
        pairs = dict(o.partition("=")[::2] for o in options if o)
        if not name:
            raise ValueError("name the query behind ```sql, and say what to show of it")
        if show not in SHOWN:
            raise ValueError(f"{show!r} cannot be shown; write one of {', '.join(SHOWN)} behind {name!r}")
        if unknown := sorted(set(pairs) - OPTIONS):
            raise ValueError(f"{unknown[0]!r} is no option; the options are {', '.join(sorted(OPTIONS))}")
        if show in KINDS and not {"label", "value"} <= set(pairs):
            raise ValueError("a chart needs label=column and value=column")
        if pairs.get("dates", "month") not in PERIODS:
            raise ValueError(f"dates={pairs['dates']} is no period; write one of {', '.join(PERIODS)}")
        try:
            trees = sqlglot.parse(sql, dialect="duckdb")
        except sqlglot.errors.SqlglotError as error:
            raise ValueError(f"the query {name!r} cannot be parsed; try it in DuckDB: {sql.strip()[:60]!r}") from error
        if len(trees) != 1 or not isinstance(trees[0], ast.Query):
            raise ValueError(f"the query {name!r} must do nothing but read; write one select")
        tables = frozenset(f"{t.db}.{t.name}" for t in trees[0].find_all(ast.Table) if t.db)
        return cls(number, name, show, pairs, sql, tables)


def parts(
    fence: Fence, columns: Sequence[str], rows: Rows, formats: Formats, prose: Callable[..., str]
) -> list[dict[str, Any]]:
    """What the template is to draw of one query; `prose(template, row=…)` writes the note of a tile.

    Raises ValueError where the query does not give what is to be shown.
    """
    named = [fence.options[o] for o in COLUMN_OPTIONS if o in fence.options]
    wanted = [*named, *(TILE_COLUMNS if fence.show == "tiles" else ())]
    if absent := [c for c in wanted if c not in columns]:
        raise ValueError(f"gives no column {absent[0]!r}; it gives {', '.join(columns)}")
    if fence.show == "nothing" or (not rows and "optional" in fence.options):
        return []
    if not rows:
        return [{"kind": "empty", "text": formats.words["units"]["empty"]}]
    if fence.show == "tiles":
        return [{"kind": "tiles", "tiles": [_tile(row, formats, prose) for row in rows]}]
    if fence.show == "table":
        return [_table(fence, rows, formats)]
    return [{"kind": "charts", "charts": _charts(fence, rows, formats)}]


def side_by_side(charts: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two charts of the same thing beside each other, where both have one for each."""
    if [c["key"] for c in charts] != [m["key"] for m in more]:
        return charts + more
    return [chart for pair in zip(charts, more, strict=True) for chart in pair]


def _tile(row: Mapping[str, Any], formats: Formats, prose: Callable[..., str]) -> dict[str, str]:
    words = formats.words["tiles"].get(row["tile"])
    if words is None:
        raise ValueError(f"has a tile without words; write [tiles.{row['tile']}] in words.{formats.language}.toml")
    if row["unit"] not in UNITS:
        raise ValueError(f"has a tile with the unit {row['unit']!r}; write one of {', '.join(UNITS)}")
    shown = getattr(formats, row["unit"])(row["value"])
    return {"label": words["label"], "value": shown, "note": prose(words["note"], row=row)}


def _table(fence: Fence, rows: Rows, formats: Formats) -> dict[str, Any]:
    """The values of the `by` column become row groups of one table, so that all columns stay in line."""
    by = fence.options.get("by", "")
    columns = [c for c in rows[0] if c != by]
    numeric = [any(isinstance(r[c], int | float | Decimal) for r in rows) for c in columns]
    groups = []
    for key, group in _grouped(rows, by).items():
        total = [r[columns[0]] == "all" for r in group]
        # A group that is nothing but its own total needs no heading.
        caption = "" if key is None or (key == "all" and all(total)) else formats.word(str(key))
        cells = [[formats.cell(c, r[c]) for c in columns] for r in group]
        groups.append({"caption": caption, "rows": list(zip(cells, total, strict=True))})
    return {"kind": "table", "headings": [formats.heading(c) for c in columns], "numeric": numeric, "groups": groups}


def _charts(fence: Fence, rows: Rows, formats: Formats) -> list[dict[str, Any]]:
    """One chart per value of the `by` column, all on one scale so that they can be compared."""
    label, value, low, high, by = (fence.options.get(o, "") for o in COLUMN_OPTIONS)
    drawn = [
        {
            "key": row.get(by),
            "label": _label(fence, row[label], formats),
            "value": _number(row[value]),
            "low": _number(row.get(low)),
            "high": _number(row.get(high)),
            "shown": formats.cell(value, row[value]),
            "told": formats.day(row[label]) if fence.show == "lines" else _label(fence, row[label], formats),
        }
        for row in rows
    ]
    top = max((n for d in drawn for n in (d["value"], d["high"]) if n is not None), default=0) or 1
    ticks = {}
    if fence.show == "dots" and top <= 1:
        top, ticks = 1, {t: formats.cell(value, t) for t in (0.0, 0.5, 1.0)}
    longest = max(len(d["label"]) for d in drawn)
    charts = []
    for key, group in _grouped(drawn, "key").items():
        heading = formats.heading(value) + (f": {formats.word(str(key))}" if key is not None else "")
        told = [group[0], group[-1]] if fence.show == "lines" else group
        alt = "; ".join(f"{d['told']}: {d['shown']}" for d in told)
        svg = draw(fence.show, group, top, formats.language, longest, ticks)
        now = group[-1]["shown"] if fence.show == "lines" else ""
        charts.append({"key": key, "svg": svg, "heading": heading, "now": now, "alt": f"{heading}. {alt}"})
    return charts


def draw(kind: str, rows: Rows, top: float, language: str, longest: int, ticks: Mapping[float, str]) -> str:
    """One chart as an SVG element.

    kind: `bars` (one per row, `shown` as its text), `dots` (with an interval low..high) or `lines` (label is a date).
    rows: label and shown as text, value, low, high as numbers or None; order is kept. top: end of the scale.
    longest: characters of the longest label among the charts that stand together, so that their bars begin in one line.
    ticks: marks of the scale of dots, with their text.
    """
    import altair as alt
    import vl_convert

    fields = ("label", "value", "low", "high", "shown")
    data = [{**{f: row[f] for f in fields}, "at": n} for n, row in enumerate(rows)]
    base = alt.Chart(alt.Data(values=data)).transform_calculate(end="datum.value || 0")
    if kind == "lines":
        room, height = 40, 180
        axis = alt.Axis(format="%b %Y", tickCount=4, grid=False)
        x = alt.X("label:T", title=None, scale=alt.Scale(type="utc"), axis=axis)
        scale = alt.Scale(domain=[0, top * 1.08], nice=False)
        nought = "datum.value == 0 ? '0' : datum.label"
        axis = alt.Axis(tickCount=4, format="~s", labelExpr=nought, domain=False, ticks=False)
        y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
        last = base.transform_filter(f"datum.at == {len(data) - 1}")
        chart = (
            base.mark_area(color=ACCENT, opacity=0.12).encode(x=x, y=y)
            + base.mark_line(color=ACCENT, strokeWidth=2).encode(x=x, y=y)
            + last.mark_point(filled=True, size=50, color=ACCENT, opacity=1).encode(x=x, y=y)
        )
    else:
        # The reader's font may be wider than the one that measures here.
        room, height = min(LABEL_ROOM, 14 + int(7.8 * longest)), 30 * len(data)
        extent = {"minExtent": room, "maxExtent": room, "labelLimit": LABEL_ROOM - 12, "labelPadding": 10}
        axis = alt.Axis(ticks=False, domain=False, grid=False, **extent)
        # Given as the scale's domain, a row without a value keeps its place.
        y = alt.Y("label:N", title=None, scale=alt.Scale(domain=[d["label"] for d in data]), axis=axis)
        # The marks speak the reader's language, so they are looked up and not formatted.
        texts = json.dumps({str(round(t * 100)): text for t, text in ticks.items()})
        marks = alt.Axis(
            values=list(ticks), labelExpr=f"({texts})[toString(round(datum.value * 100))]",
            labelFontSize=FONT - 2, domain=False, ticks=False,
        )  # fmt: skip
        # Behind the longest bar the longest text must have room.
        text_room = 20 + 8.5 * max(len(d["shown"]) for d in data)
        end = top * (WIDTH - room) / (WIDTH - room - text_room)
        scale = {"title": None, "scale": alt.Scale(domain=[0, end], nice=False), "axis": marks if ticks else None}
        if kind == "bars":
            bars = base.mark_bar(color=ACCENT, height={"band": 0.62}, cornerRadiusEnd=2)
            words = base.mark_text(align="left", dx=8, color=INK).encode(x=alt.X("end:Q", **scale), y=y, text="shown:N")
            chart = bars.encode(y=y, x=alt.X("value:Q", **scale)) + words
        else:
            span = base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.75)
            dots = base.mark_point(filled=True, size=80, color=ACCENT, opacity=1)
            # Beside the interval they would lie on the grid; so they stand in a column of their own.
            words = base.mark_text(align="right", color=INK).encode(x=alt.datum(end), y=y, text="shown:N")
            chart = span.encode(y=y, x=alt.X("low:Q", **scale), x2="high:Q")
            chart += dots.encode(y=y, x=alt.X("value:Q", **scale)) + words
    spec = (
        chart.properties(width=WIDTH - room, height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=MUTED, gridColor=GRID, domainColor=GRID, tickColor=GRID, labelFontSize=FONT)
        .configure_axisY(labelColor=INK if kind != "lines" else MUTED)
        .configure_text(fontSize=FONT)
    )
    numbers, times = axis_locales(language)
    svg = vl_convert.vegalite_to_svg(spec.to_dict(), format_locale=numbers, time_format_locale=times)
    for stand_in, variable in VARIABLES.items():
        svg = svg.replace(stand_in, variable)
    return re.sub(
        r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"',
        r'<svg aria-hidden="true" focusable="false" \1style="width:100%;max-width:\2px;height:auto"',
        svg,
        count=1,
    )


def _grouped(rows: Rows, by: str) -> dict[Any, list[Mapping[str, Any]]]:
    """Rows by the value of a column, in the order of their first; all under None when there is no such column."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[by] if by else None, []).append(row)
    return groups


def _label(fence: Fence, value: Any, formats: Formats) -> str:
    if not isinstance(value, date):
        return formats.word(str(value))
    if fence.show == "lines":
        return value.isoformat()
    name = fence.options.get("dates", "")
    return period(value, name, formats.language) if name else formats.day(value)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
