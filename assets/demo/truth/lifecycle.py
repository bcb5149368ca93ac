"""When each person entered which stage of a buyer's life, read event by event."""

from datetime import datetime

ORDER = ("disqualified", "lead", "mql", "sql", "opportunity", "customer", "post-sale")


def life(recorded: list[tuple], created_at: datetime | None, touched_at: datetime | None, deals: list[dict], as_of: datetime) -> list[tuple]:
    """Entries (stage, entered_at, evidence) of one person, in order.

    recorded: (stage, entered_at, evidence) of histories; deals: created_at, closed_at and status of those in which they have a part.
    """
    events = list(recorded)
    wins = [d["closed_at"] for d in deals if d["status"] == "won"]
    first_win = min(wins, default=None)
    for deal in deals:
        is_later = first_win is not None and deal["created_at"] > first_win
        events.append(("post-sale" if is_later else "opportunity", deal["created_at"], "deal created"))
    if first_win is not None:
        events.append(("customer", first_win, "deal won"))
    beginning, evidence = (created_at, "record created") if created_at else (touched_at, "first touch")
    if beginning and all(beginning <= at for _, at, _ in events):
        events.append(("lead", beginning, evidence))
    entries = []
    for stage, at, evidence in sorted(events, key=lambda e: (e[1], ORDER.index(e[0]), e[2])):
        if at <= as_of and (not entries or entries[-1][0] != stage):
            entries.append((stage, at, evidence))
    return entries


def funnel_stages(entries: list[tuple]) -> dict[str, object]:
    """The columns of `marts.funnel_stages` that follow from one person's entries."""
    row: dict[str, object] = {}
    furthest = max((ORDER.index(stage) for stage, _, _ in entries), default=-1)
    for place, stage in enumerate(ORDER[1:], 1):
        mine = [e for e in entries if e[0] == stage]
        name = stage.replace("-", "_")
        row |= {f"first_{name}_at": mine[0][1] if mine else None, f"{name}_times": len(mine), f"{name}_evidence": mine[0][2] if mine else None}
        if name != "post_sale":
            row[f"{name}_is_inferred"] = not mine and furthest > place
    row["furthest_stage"] = ORDER[furthest] if furthest >= 0 else "none"
    row["current_stage"], row["current_since"] = entries[-1][:2] if entries else (None, None)
    return row
