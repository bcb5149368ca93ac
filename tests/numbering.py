"""The numbers of touches and deals that core gives them, for tables that a test draws by their keys."""

from pipeline_etl.testing import read_drawing

OF_TOUCH, OF_DEAL = ("side", "touch_system", "touch_id"), ("system", "deal_id")


def rows_of(content):
    """A drawn or listed table as a list of rows."""
    if not isinstance(content, str):
        return content
    columns, cells = read_drawing(content)
    return [dict(zip(columns, row, strict=True)) for row in cells]


def numbered(given):
    """The same tables: core.touches numbered in the order of time, core.deals (those of marts.deals where none are given) by their key, the journeys with both."""
    touches = sorted(rows_of(given["core.touches"]), key=lambda t: (t.get("occurred_at") or "", t["side"], t["system"], t["touch_id"]))
    touches = [{"touch": n, **t} for n, t in enumerate(touches, 1)]
    deals = rows_of(given.get("core.deals", given.get("marts.deals", [])))
    deals = sorted(({k: v for k, v in d.items() if "core.deals" in given or k in OF_DEAL} for d in deals), key=lambda d: (d["system"], d["deal_id"]))
    deals = [{"deal": n, **d} for n, d in enumerate(deals, 1)]
    of_touch = {(t["side"], t["system"], t["touch_id"]): t["touch"] for t in touches}
    of_deal = {(d["system"], d["deal_id"]): d["deal"] for d in deals}
    keys = {*OF_TOUCH[1:], *OF_DEAL, "person"}
    journeys = [
        {"deal": of_deal[j["system"], j["deal_id"]], "touch": of_touch[tuple(j[k] for k in OF_TOUCH)], **{k: v for k, v in j.items() if k not in keys}}
        for j in rows_of(given.get("core.deal_journeys", []))
    ]  # fmt: skip
    return {**given, "core.touches": touches, "core.deals": deals, "core.deal_journeys": journeys}
