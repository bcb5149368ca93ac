"""What open deals lack of what their stages need, by the shipped settings: deal by deal."""

from collections import defaultdict

from assets.demo.truth.counts import total

NEEDED = ("amount", "close date", "owner", "account")


def missing_fields(deals, company_of):
    """quality.missing_fields."""
    return [
        {**{name: deal[name] for name in ("system", "deal_id", "pipeline", "stage", "owner", "amount")}, "field": field}
        for deal in deals
        for field, value in _needed(deal, company_of)
        if value is None
    ]


def completeness(deals, company_of):
    """quality.completeness."""
    heaps = defaultdict(list)
    for deal in deals:
        for field, value in _needed(deal, company_of):
            heaps[deal["system"], deal["pipeline"], deal["stage"], deal["owner"] or "unknown", field].append((value, deal["amount"]))
    rows = []
    for where, heap in heaps.items():
        blocked = [amount for value, amount in heap if value is None]
        names = dict(zip(("system", "pipeline", "stage", "owner", "field"), where, strict=True))
        rows.append({
            **names, "deals": len(heap), "missing": len(blocked), "complete_rate": 1 - len(blocked) / len(heap), "amount_blocked": total(blocked),
        })  # fmt: skip
    return rows


def _needed(deal, company_of):
    if deal["status"] != "open":
        return []
    values = deal["amount"], deal["expected_close_on"], deal["owner"], company_of.get((deal["system"], deal["deal_id"]))
    return zip(NEEDED, values, strict=True)
