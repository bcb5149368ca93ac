"""Charts by Vega-Altair, rendered offline to SVG whose colours follow the page, light or dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
KINDS = ("bars", "dots", "lines")
WIDTH = 460
LABEL_ROOM = 190
# Stand-ins that become CSS variables of the page once the picture is drawn.
INK, MUTED, ACCENT, GRID = "#010203", "#020304", "#030405", "#040506"
VARIABLES = {INK: "currentColor", MUTED: "var(--muted)", ACCENT: "var(--accent)", GRID: "var(--rule)"}


def draw(kind: str, rows: Rows, label: str, value: str, low: str = "", high: str = "", longest: int = 0) -> str:
    """One chart as an SVG element.

    kind: `bars` (one per row, with `shown` as its text), `dots` (with an interval low..high) or `lines` (label is a date).
    rows: `label` and `value` as text or date and number, `shown` the value in the reader's words; order is kept.
    longest: characters of the longest label among the charts that stand together, so that their bars begin in one line.
    """
    import altair as alt
    import vl_convert

    data = [
        {
            "label": str(row[label]), "value": _number(row[value]), "shown": row["shown"], "at": n,
            "low": _number(row.get(low)), "high": _number(row.get(high)),
        }
        for n, row in enumerate(rows)
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=data))
    if kind == "lines":
        line = base.mark_line(color=ACCENT, strokeWidth=2).encode(
            x=alt.X("label:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=8)),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, format="~s")),
        )
        chart = line + base.mark_area(color=ACCENT, opacity=0.12).encode(x="label:T", y="value:Q")
        height = 180
    else:
        # The reader's font may be wider than the one that measures here.
        room = min(LABEL_ROOM, 14 + int(7.2 * max([longest, *(len(d["label"]) for d in data)])))
        axis = alt.Axis(labelLimit=LABEL_ROOM, minExtent=room, maxExtent=room, ticks=False, domain=False, labelPadding=8)
        y = alt.Y("label:N", sort=None, title=None, axis=axis)
        top = max([d["high"] or d["value"] or 0 for d in data] or [1]) or 1
        scale = alt.Scale(domain=[0 if kind == "bars" else -top / 50, top * 1.25], nice=False)
        x = alt.X("value:Q", title=None, scale=scale, axis=None)
        words = base.mark_text(align="left", dx=6, color=INK).encode(y=y, x=x, text="shown:N")
        if kind == "bars":
            chart = base.mark_bar(color=ACCENT, height={"band": 0.62}, cornerRadiusEnd=2).encode(y=y, x=x) + words
        else:
            span = base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.55).encode(
                y=y, x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q"
            )
            dots = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1).encode(y=y, x=x)
            words = base.mark_text(align="left", dx=6, color=INK).encode(
                y=y, x=alt.X("high:Q", scale=scale, axis=None), text="shown:N"
            )
            chart = span + dots + words
        height = max(28 * len(data), 28)
    spec = (
        chart.properties(width=WIDTH - (50 if kind == "lines" else room), height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=MUTED, gridColor=GRID, domainColor=GRID, tickColor=GRID, labelFontSize=12)
        .configure_axisY(labelColor=INK if kind != "lines" else MUTED)
        .configure_text(fontSize=12)
    )
    svg = vl_convert.vegalite_to_svg(spec.to_dict())
    for stand_in, variable in VARIABLES.items():
        svg = svg.replace(stand_in, variable)
    svg = re.sub(
        r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"',
        r'<svg \1style="width:100%;max-width:\2px;height:auto"',
        svg,
        count=1,
    )
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
