"""What a customer cost, with the lag between spend and sale: against a reading sale by sale."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

from assets.demo.truth.acquisition import acquisition_cost

FIRST, TODAY = date(2023, 11, 20), date(2024, 4, 2)
TARGETS = ["marts.deal_origins", "marts.acquisition_cost"]
days = st.integers(0, (TODAY - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
money = st.none() | st.integers(0, 10**4).map(lambda n: Decimal(n).scaleb(-2))
EMPTY = {"source": "", "medium": "", "campaign": "", "referrer": "", "click_id": ""}


def starts(day):
    """First day of each period, of a fiscal year that begins in February."""
    year = day.year if day.month >= 2 else day.year - 1
    months = (day.month - 2) % 12 // 3 * 3 + 1
    quarter = date(year if months + 1 <= 12 else year + 1, (months % 12) + 1, 1)
    return {"month": day.replace(day=1), "quarter": quarter, "year": date(year, 2, 1)}


CALENDAR = [
    {"day": day, **{f"{period}_start": start for period, start in starts(day).items()}} for day in (date(2023, 1, 1) + timedelta(days=n) for n in range(800))
]


@st.composite
def markets(draw):
    """Spend of a few campaigns, and deals that began, and mostly were won, some days later."""
    spend = [
        {"spent_on": draw(days), "channel": draw(st.sampled_from(["Email", "Event"])), "campaign": draw(st.sampled_from(["a", "none"])), "spend": draw(money)}
        for _ in range(draw(st.integers(0, 6)))
    ]
    deals, purchases = [], []
    for number in range(draw(st.sampled_from([0, 1, 5, 24]))):
        status, touched, created = draw(st.sampled_from(["won", "won", "won", "lost", "open", "deleted"])), draw(st.booleans()), draw(days)
        closed = min(created + timedelta(days=draw(st.sampled_from([0, 9, 40, 41]))), TODAY) if status in ("won", "lost") else None
        deals.append({
            "system": "crm", "deal_id": str(number), "status": status, "amount": draw(money), "created_on": created, "closed_on": closed, "lead_source": "Fair",
            "first_channel": "Email" if touched else None, "first_campaign": "a" if touched else None, "campaign": None,
            "first_touch_at": datetime.combine(created, datetime.min.time()) - timedelta(days=draw(st.integers(0, 30)), hours=1) if touched else None,
        })  # fmt: skip
        if status == "won" and draw(st.sampled_from([True, True, True, False])):
            purchases.append({"system": "crm", "deal_id": str(number), "sale": draw(st.sampled_from(["first purchase"] * 4 + ["renewal"]))})
    return {
        "core.parameters": [{"one": 1, "business_time_zone": "UTC", "acquisition_lag_days": draw(st.sampled_from([None, None, 0.0, 31.0]))}],
        "core.run": [{"as_of_on": TODAY}], "core.calendar": CALENDAR, "core.spend": spend, "marts.deals": deals, "marts.customer_deals": purchases,
        "core.origins": [{**EMPTY, "word": "fair", "channel": "Event"}],
    }  # fmt: skip


@laws(40)
@given(tables=markets())
def test_costs_and_returns_are_what_the_reference_says(bench, tables):
    found = bench.run(TARGETS, tables)["marts.acquisition_cost"]
    firsts = {p["deal_id"] for p in tables["marts.customer_deals"] if p["sale"] == "first purchase"}
    deals = [
        {
            **d, "channel": d["first_channel"] or "Event", "campaign": d["first_campaign"] or "none", "is_first_purchase": d["deal_id"] in firsts,
            "began_on": d["first_touch_at"].date() if d["first_touch_at"] else d["created_on"],
        }
        for d in tables["marts.deals"] if d["status"] != "deleted"
    ]  # fmt: skip
    lag = tables["core.parameters"][0]["acquisition_lag_days"]
    wanted = acquisition_cost(tables["core.spend"], deals, starts, TODAY, None if lag is None else int(lag))
    compare("marts.acquisition_cost", found, wanted)
