"""How much each channel is missed: the removal effect of a first-order Markov chain over the ways to a milestone."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline_etl import Query, computed

COLUMNS = {
    "milestone": ("VARCHAR", "lead, mql, sql, opportunity or won."),
    "channel": ("VARCHAR", "Channel."),
    "conversion_rate": ("DOUBLE", "Share of all ways with a touch that led to the milestone."),
    "rate_without": ("DOUBLE", "What that share would be if every way ended where it meets the channel."),
    "removal_effect": ("DOUBLE", "1 − rate_without ÷ conversion_rate, 0..1."),
    "share": ("DOUBLE", "removal_effect ÷ the sum over all channels of the milestone: the channel's part of all conversions."),
}
SCHEMA = {name: pl.String if kind == "VARCHAR" else pl.Float64 for name, (kind, _) in COLUMNS.items()}


def chance(steps: Mapping[tuple[str, str], float], ends: Mapping[str, float], channels: list[str]) -> float:
    """Probability of converting from the beginning, over these channels alone.

    steps: (from, to) -> share of the steps from there, '' for the beginning; ends: from -> share that converts there and then.
    """
    states = ["", *channels]
    # A state's chance is what converts from it at once, plus the chances of where it leads: (1 − Q) x = r.
    onwards = np.array([[steps.get((here, there), 0.0) if there else 0.0 for there in states] for here in states])
    at_once = np.array([ends.get(here, 0.0) for here in states])
    return float(np.linalg.solve(np.eye(len(states)) - onwards, at_once)[0])


def effects(rows: list[dict]) -> list[dict]:
    """The channels of one milestone, from its rows of marts.channel_steps."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["from_channel"]] = totals.get(row["from_channel"], 0) + row["steps"]
    steps = {(r["from_channel"], r["to_channel"]): r["steps"] / totals[r["from_channel"]] for r in rows if r["to_channel"]}
    ends = {r["from_channel"]: r["steps"] / totals[r["from_channel"]] for r in rows if r["is_converted"]}
    channels = sorted({to for _, to in steps})
    whole = chance(steps, ends, channels)
    if not whole:
        return []
    without = {c: chance(steps, ends, [other for other in channels if other != c]) for c in channels}
    removal = {c: max(0.0, 1 - rate / whole) for c, rate in without.items()}
    # The beginning leads to some channel, and every conversion passes through one: the sum is at least 1.
    total = sum(removal.values())
    rows = [(c, whole, without[c], removal[c], removal[c] / total) for c in channels]
    return [dict(zip(list(COLUMNS)[1:], row, strict=True)) for row in rows]


def removal_effects(query: Query) -> pl.DataFrame:
    """Every milestone that was reached by somebody who had been touched."""
    rows = query("select * from marts.channel_steps order by all").to_dicts()
    milestones = sorted({r["milestone"] for r in rows})
    found = [{"milestone": m, **e} for m in milestones for e in effects([r for r in rows if r["milestone"] == m])]
    return pl.DataFrame(found, schema=SCHEMA)


MODELS = [
    computed(
        "marts.removal_effects",
        "One row per milestone and channel that touched anybody: what share of the conversions would be missing without it.\n\n"
        "Anderl, Becker, von Wangenheim and Schumann (2016), Mapping the customer journey. First order: where somebody goes "
        "next is taken to depend on the present channel alone.",
        COLUMNS,
        ("milestone", "channel"),
        ("marts.channel_steps",),
        removal_effects,
    )
]
