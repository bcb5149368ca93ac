"""What a new customer cost and when the spend was back, read sale by sale."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

Row = dict[str, object]
ENOUGH = 20


def own_lag(deals: list[Row]) -> int:
    """Median days from the beginning of a deal to the first purchase, rounded; 0 under twenty of them."""
    waits = [(d["closed_on"] - d["began_on"]).days for d in deals if d["is_first_purchase"]]
    if len(waits) < ENOUGH:
        return 0
    middle = median(waits)
    return max(int(middle + 0.5), 0)


def acquisition_cost(spend: list[Row], deals: list[Row], starts: Callable[[date], dict[str, date]], today: date, lag: int | None) -> list[Row]:
    """Rows of `marts.acquisition_cost`.

    spend: spent_on, channel, campaign, spend; deals: channel, campaign, began_on, closed_on, status, amount, is_first_purchase;
    starts: day -> period -> its first day; lag: the setting.
    """
    days = own_lag(deals) if lag is None else lag
    later = [{**s, "day": s["spent_on"] + timedelta(days=days)} for s in spend]
    later = [s for s in later if s["day"] <= today]
    firsts = [d for d in deals if d["is_first_purchase"]]
    known = [s["spent_on"] for s in spend] + [s["day"] for s in later] + [d["closed_on"] for d in firsts] + [d["began_on"] for d in deals]
    beginning = min(known, default=None)

    def of(day: date, row: Row) -> set[tuple]:
        periods = [*starts(day).items(), ("all", beginning)]
        scopes = ((row["channel"], row["campaign"]), (row["channel"], "all"), ("all", "all"))
        return {(*period, *scope) for period in periods for scope in scopes}

    keys = {key for s in spend for key in of(s["spent_on"], s)} | {key for s in later for key in of(s["day"], s)}
    keys |= {key for d in firsts for key in of(d["closed_on"], d)} | {key for d in deals for key in of(d["began_on"], d)}
    rows = []
    for key in keys:
        spent = sum((s["spend"] or 0 for s in spend if key in of(s["spent_on"], s)), Decimal(0))
        earlier = sum((s["spend"] or 0 for s in later if key in of(s["day"], s)), Decimal(0))
        customers = sum(key in of(d["closed_on"], d) for d in firsts)
        begun = [d for d in deals if key in of(d["began_on"], d)]
        won = sorted((d for d in begun if d["status"] == "won"), key=lambda d: d["closed_on"])
        back, so_far = None, Decimal(0)
        for sale in won:
            so_far += sale["amount"] or 0
            # All sales of a day count on that day.
            is_last = all(other["closed_on"] != sale["closed_on"] for other in won[won.index(sale) + 1 :])
            if back is None and is_last and spent > 0 and so_far >= spent and key[0] != "all":
                back = sale["closed_on"]
        rows.append({
            **dict(zip(("period", "period_start", "channel", "campaign"), key, strict=True)), "lag_days": days, "earlier_spend": earlier,
            "new_customers": customers, "cac": float(earlier) / customers if earlier > 0 and customers else None, "spend": spent, "deals_begun": len(begun),
            "won": len(won), "won_amount": so_far, "return_on_spend": (float(so_far) - float(spent)) / float(spent) if spent > 0 else None,
            "paid_back_on": back, "payback_days": (back - key[1]).days if back else None,
        })  # fmt: skip
    return rows
