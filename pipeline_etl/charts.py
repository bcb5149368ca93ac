"""Charts by Vega-Altair in the colours of the page, light or dark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipeline_etl.locale import axis_locales

Rows = Sequence[Mapping[str, Any]]
FIELDS = ("label", "value", "low", "high", "shown")
WIDTH, LABEL_ROOM, FONT = 420, 190, 13
ROWS = "rows"
# Stand-ins that become CSS variables of the page once the picture is drawn.
INK, MUTED, ACCENT, GRID = "#010203", "#020304", "#030405", "#040506"
VARIABLES = {INK: "currentColor", MUTED: "var(--muted)", ACCENT: "var(--accent)", GRID: "var(--rule)"}


def draw(kind: str, rows: Rows, top: float, language: str, longest: int, ticks: Mapping[float, str]) -> str:
    """One chart as an SVG element.

    kind: `bars` (one per row, `shown` as its text), `dots` (with an interval low..high) or `lines` (label is a date).
    rows: label and shown as text, value, low, high as numbers or None; order is kept. top: end of the scale.
    longest: characters of the longest label among the charts that stand together, so that their bars begin in one line.
    ticks: marks of the scale of dots, with their text.
    """
    data = [{**{f: row[f] for f in FIELDS}, "at": n} for n, row in enumerate(rows)]
    return _drawn(kind, json.dumps(data), top, language, longest, json.dumps(list(ticks.items())))


# A page and its PDF show the same charts, and to draw one takes a tenth of a second.
@lru_cache(maxsize=256)
def _drawn(kind: str, rows: str, top: float, language: str, longest: int, marked: str) -> str:
    import altair as alt
    import vl_convert

    data, ticks = json.loads(rows), dict(json.loads(marked))
    # The grammar copies what it is given at every step, so the rows come in at the end.
    base = alt.Chart(alt.NamedData(name=ROWS)).transform_calculate(end="datum.value || 0")
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
    # What we build is always of the same form; to check it against the grammar's schema takes as long as to draw it.
    drawn = {**spec.to_dict(validate=False), "datasets": {ROWS: data}}
    svg = vl_convert.vegalite_to_svg(drawn, format_locale=numbers, time_format_locale=times)
    for stand_in, variable in VARIABLES.items():
        svg = svg.replace(stand_in, variable)
    return re.sub(
        r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"',
        r'<svg aria-hidden="true" focusable="false" \1style="width:100%;max-width:\2px;height:auto"',
        svg,
        count=1,
    )
