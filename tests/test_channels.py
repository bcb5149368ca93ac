"""Spend and what came of it, by channel and campaign: counted again in plain Python, and nothing falls between two periods."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

FIRST, LAST = date(2023, 12, 30), date(2024, 4, 2)
CALENDAR = [
    {"day": day, "week_start": day - timedelta(days=day.weekday()), "month_start": day.replace(day=1), "quarter_start": day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1), "year_start": date(day.year, 1, 1)}
    for day in (date(2023, 1, 1) + timedelta(days=n) for n in range(730))
]
EMPTY = {"word": "", "source": "", "medium": "", "campaign": "", "referrer": "", "click_id": ""}
days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
channels, campaigns = st.sampled_from(["Email", "Display"]), st.sampled_from([None, "a", "b"])
money = st.none() | st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-2))


@st.composite
def markets(draw):
    """Spend, touches, people and deals of a few months, channels and campaigns."""

    def moment():
        return datetime.combine(draw(days), datetime.min.time()) + timedelta(hours=draw(st.sampled_from([0, 23])))

    spend = [
        {"spent_on": draw(days), "channel": draw(channels), "campaign": draw(campaigns) or "none", "spend": draw(money), "impressions": 10.0, "clicks": 1.0}
        for _ in range(draw(st.integers(0, 6)))
    ]
    touches = [
        {"side": draw(st.sampled_from(["marketing", "marketing", "sales"])), "occurred_at": moment(), "channel": draw(channels), "campaign": draw(campaigns), "excluded": draw(st.sampled_from([None, None, "machine"]))}
        for _ in range(draw(st.integers(0, 6)))
    ]
    people = [
        {
            "channel": draw(channels), "campaign": draw(campaigns), "is_test": draw(st.sampled_from([False, False, True])),
            **{f"first_{s}_at": moment() if draw(st.booleans()) else None for s in ("lead", "mql", "sql")},
        }
        for _ in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    deals = []
    for number in range(draw(st.integers(0, 6))):
        status = draw(st.sampled_from(["open", "won", "lost", "deleted"]))
        deals.append({
            "system": "crm", "deal_id": str(number), "status": status, "amount": draw(money), "created_on": draw(days), "closed_on": draw(days) if status in ("won", "lost") else None,
            "first_channel": draw(st.none() | channels), "first_campaign": draw(campaigns), "campaign": draw(campaigns), "lead_source": draw(st.sampled_from(["Trade Show", "Odd", None])),
        })  # fmt: skip
    return {
        "core.calendar": CALENDAR, "core.spend": spend, "core.touches": touches, "marts.funnel_stages": people, "marts.deals": deals,
        "core.origins": [{**EMPTY, "word": "trade show", "channel": "Event"}, {**EMPTY, "channel": "Unknown"}, {**EMPTY, "word": "odd", "channel": "Unassigned"}],
    }  # fmt: skip


def truth(tables):
    """(period, start, channel, campaign) -> sums."""
    happened = []
    for s in tables["core.spend"]:
        happened.append((s["spent_on"], s["channel"], s["campaign"], {"spend": s["spend"] or 0, "days_without_rate": int(s["spend"] is None), "clicks": 1, "impressions": 10}))
    for t in tables["core.touches"]:
        if t["side"] == "marketing" and not t["excluded"]:
            happened.append((t["occurred_at"].date(), t["channel"], t["campaign"] or "none", {"touches": 1}))
    for p in tables["marts.funnel_stages"]:
        for stage in ("lead", "mql", "sql"):
            if (at := p[f"first_{stage}_at"]) and not p["is_test"]:
                happened.append((at.date(), p["channel"], p["campaign"] or "none", {f"{stage}s": 1}))
    for d in tables["marts.deals"]:
        if d["status"] != "deleted":
            channel = d["first_channel"] or {"Trade Show": "Event", "Odd": "Unassigned", None: "Unknown"}[d["lead_source"]]
            campaign = d["first_campaign"] or d["campaign"] or "none"
            happened.append((d["created_on"], channel, campaign, {"deals": 1}))
            if d["status"] == "won":
                happened.append((d["closed_on"], channel, campaign, {"won": 1, "won_amount": d["amount"] or 0, "won_without_amount": int(d["amount"] is None)}))
    first = min((day for day, *_ in happened), default=None)
    found = defaultdict(Counter)
    for day, channel, campaign, counts in happened:
        quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        monday = date.fromordinal((day.toordinal() - 1) // 7 * 7 + 1)
        for period, start in (("week", monday), ("month", day.replace(day=1)), ("quarter", quarter), ("year", date(day.year, 1, 1)), ("all", first)):
            for scope in ((channel, campaign), (channel, "all"), ("all", "all")):
                found[period, start, *scope].update(counts)
    return found


@laws(40)
@given(tables=markets())
def test_every_period_channel_and_campaign_is_what_the_reference_counts(bench, tables):
    found, wanted = bench.run(["marts.deal_origins", "marts.channel_performance"], tables)["marts.channel_performance"], truth(tables)
    assert {(r["period"], r["period_start"], r["channel"], r["campaign"]) for r in found} == set(wanted)
    for row in found:
        counts = wanted[row["period"], row["period_start"], row["channel"], row["campaign"]]
        names = ("spend", "days_without_rate", "impressions", "clicks", "touches", "leads", "mqls", "sqls", "deals", "won", "won_amount", "won_without_amount")
        assert {n: row[n] for n in names} == {n: counts[n] for n in names}
        spend = float(counts["spend"])
        for name, of in (("cost_per_lead", "leads"), ("cost_per_mql", "mqls"), ("cost_per_sql", "sqls"), ("cost_per_deal", "deals"), ("cost_per_won", "won")):
            assert row[name] == (spend / counts[of] if spend > 0 and counts[of] else None)
        assert row["roi"] == ((float(counts["won_amount"]) - spend) / spend if spend > 0 else None)


reports = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 40), st.sampled_from(["EUR", "USD", "GBP", ""])), max_size=5)


@laws(40)
@given(reports=reports)
def test_the_days_of_a_report_add_up_to_what_the_platform_says(bench, reports):
    spend = [
        {
            "system": "google_ads", "spent_on": FIRST + timedelta(days=n), "spent_to": FIRST + timedelta(days=n + length), "account": "", "campaign_id": f"c{n}",
            "channel": "", "currency": currency, "spend": Decimal(amount).scaleb(-4), "clicks": 7,
        }
        for n, (amount, length, currency) in enumerate(reports)
    ]  # fmt: skip
    found = bench.run(["core.spend"], {
        "core.as_of": [{"as_of": datetime(2024, 12, 31)}], "core.parameters": [{"base_currency": "EUR"}], "staging.spend": spend,
        "core.exchange_rates": [{"currency": "USD", "valid_from": date(1, 1, 1), "valid_to": None, "rate": 0.5}],
        "core.origins": [{**EMPTY, "word": "google ads", "campaign": f"c{n}", "channel": "Paid Search", "rule": 28} for n in range(len(reports))],
    })["core.spend"]  # fmt: skip
    for n, report in enumerate(spend):
        mine = [r for r in found if r["campaign_id"] == f"c{n}"]
        assert len(mine) == (report["spent_to"] - report["spent_on"]).days + 1
        assert sum(r["spend_original"] for r in mine) == report["spend"]
        assert abs(sum(r["clicks"] for r in mine) - 7) < 1e-9
        assert {r["channel"] for r in mine} == {"Paid Search"}
        for row in mine:
            rate = {"EUR": 1, "": 1, "USD": Decimal("0.5"), "GBP": None}[report["currency"]]
            assert row["spend"] is None if rate is None else abs(row["spend"] - row["spend_original"] * rate) <= Decimal("0.00005")
