"""What became of each company after its first win: one company's deals at a time, in the order in which they closed."""

import calendar
import re
from collections import defaultdict

from assets.demo.truth.counts import total
from assets.demo.truth.events import days_between, key
from assets.demo.truth.statistics import ratio, wilson
from assets.demo.truth.survival import quarter

BUSINESS = {
    "renewal": r"renew\b|renewal|renovaci.n|renova..o|renouvellement|verl.ngerung|vertragsverl.ngerung|rinnov",
    "contraction": r"downgrade|down ?sell|contraction|reducci.n",
    "expansion": r"upgrade|up ?sell|cross ?sell|expansi.n|ampliaci.n|add on\b|addon|venta cruzada|erweiterung",
    "existing": r"existing|existente|existant|bestandskund|repeat|replacement",
    "new": r"new ?business|new\b|nuev.\b|neu\b|neukund|neugesch.ft|nouve|nov.\b",
}


def business_of(deal_type, pipeline):
    """The first kind that either of them names."""
    texts = [" ".join(re.findall(r"[^\W_]+", (text or "").lower())) for text in (deal_type, pipeline)]
    return next((kind for kind, words in BUSINESS.items() if any(re.search(rf"\b({words})", text) for text in texts)), "unknown")


def customer_deals(deals, company_of):
    """marts.customer_deals; company_of: deal -> the company it belongs to, None where nobody knows."""
    lives, rows = defaultdict(list), []
    for deal in deals:
        company = company_of.get(key(deal))
        business = business_of(deal["deal_type"], deal["pipeline"])
        if company and (deal["status"] == "won" or business == "renewal"):
            names = ("system", "deal_id", "status", "closed_at", "amount")
            lives[company].append({**{name: deal[name] for name in names}, "customer_id": company, "business": business})
    for life in lives.values():
        won = sorted((row for row in life if row["status"] == "won"), key=lambda row: (row["closed_at"], *key(row)))
        for number, row in enumerate(won, 1):
            after = row["business"] if row["business"] in ("renewal", "expansion", "contraction") else "repeat purchase"
            row |= {"sale_number": number, "sale": "first purchase" if number == 1 else after}
        rows += won + [{**row, "sale_number": None, "sale": None} for row in life if row["status"] != "won"]
    return rows


def _lives(sales):
    lives = defaultdict(list)
    for row in sales:
        lives[row["customer_id"]].append(row)
    return lives


def _churned_at(life):
    """When the first renewal was lost after which nothing was won."""
    wins = [row["closed_at"] for row in life if row["status"] == "won"]
    return min((row["closed_at"] for row in life if row["status"] == "lost" and all(win <= row["closed_at"] for win in wins)), default=None)


def customers(sales, as_of):
    """marts.customers, from the rows of `customer_deals`."""
    rows = []
    for company, life in _lives(sales).items():
        won = [row for row in life if row["status"] == "won"]
        first = min(won, key=lambda row: row["sale_number"], default=None)
        due = [row for row in life if row["status"] == "open"]
        named = [row["sale"] for row in won]
        again = [row["closed_at"] for row in won if row["sale"] == "repeat purchase"]
        churned_at = _churned_at(life)
        rows.append({
            "customer_id": company,
            "customer_status": "churned" if churned_at else "renewal due" if due else "customer",
            "first_won_at": first and first["closed_at"], "first_amount": first and first["amount"],
            "cohort_month": first and first["closed_at"].date().replace(day=1),
            "was_customer_before": first is None or first["business"] not in ("new", "unknown"),
            "won_deals": len(won), "won_amount": total(row["amount"] for row in won),
            "won_without_amount": sum(row["amount"] is None for row in won),
            "repeat_purchases": len(again), "renewals": named.count("renewal"), "expansions": named.count("expansion"),
            "contractions": named.count("contraction"), "renewals_lost": sum(row["status"] == "lost" for row in life),
            "renewals_due": len(due), "renewals_due_amount": total(row["amount"] for row in due),
            "days_to_second_purchase": days_between(first["closed_at"], min(again)) if again else None,
            "days_since_first_won": first and days_between(first["closed_at"], as_of),
            "last_won_at": max((row["closed_at"] for row in won), default=None), "churned_at": churned_at,
        })  # fmt: skip
    return rows


def customer_retention(sales, first_day, as_of):
    """marts.customer_retention, from the rows of `customer_deals`: every customer's life cut off at each age."""
    cells, sizes = defaultdict(list), defaultdict(int)
    for life in _lives(sales).values():
        won = [row["closed_at"] for row in life if row["status"] == "won"]
        if not won:
            continue
        cohorts = ("quarter", quarter(min(won).date())), ("all", first_day)
        for cohort in cohorts:
            sizes[cohort] += 1
        age = 1
        while (asked_at := _months_later(min(won), 3 * age)) <= as_of:
            then = [row for row in life if row["closed_at"] and row["closed_at"] <= asked_at]
            decided = any(row["business"] == "renewal" and row["sale"] != "first purchase" for row in then)
            for cohort in cohorts:
                cells[*cohort, age].append((sum(row["status"] == "won" for row in then) > 1, decided, _churned_at(then) is not None))
            age += 1
    return [_cell(where, states, sizes[where[:2]]) for where, states in cells.items()]


def _cell(where, states, customers_of_cohort):
    again, decided, churned = (sum(column) for column in zip(*states, strict=True))
    at_risk = len(states)
    found = {"cohort": where[0], "cohort_start": where[1], "quarters_since": where[2], "customers": customers_of_cohort, "at_risk": at_risk}
    found |= {"with_later_win": again, "with_renewal_decided": decided, "churned": churned}
    for name, hits in (("later_win_rate", again), ("retained_rate", at_risk - churned)):
        rate = ratio(hits, at_risk)
        found |= dict(zip((name, f"{name}_low", f"{name}_high"), (rate, *wilson(rate, at_risk)), strict=True))
    return found


def _months_later(moment, months):
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
