"""Cohorts of leads at the bounds: the twentieth customer, a maturity of just a tenth or nine tenths, an age of just the days that customers need."""

from datetime import datetime, timedelta

import pytest

AS_OF = datetime(2024, 3, 31)
STAGES = ["lead", "mql", "sql", "opportunity", "customer"]


def people(number, channel, age, reached=1, days=0, **more):
    """So many people who became leads `age` days ago, and whatever they became after so many days more."""
    began = AS_OF - timedelta(days=age)
    times = {f"first_{stage}_at": began + timedelta(days=days if n else 0) for n, stage in enumerate(STAGES[:reached])}
    inferred = {f"{stage}_is_inferred": False for stage in STAGES}
    return [{"person": "", "channel": channel, "campaign": None, "is_test": False, "furthest_stage": "lead", **times, **inferred, **more}] * number


def table(*parts):
    """Rows with all columns, whatever is unknown."""
    rows = [row for part in parts for row in part]
    return [{name: row.get(name) for name in {n for r in rows for n in r}} for row in rows]


def cohorts(bench, *parts):
    given = {"core.as_of": [{"as_of": AS_OF}], "marts.funnel_stages": table(*parts)}
    found = bench.run(["marts.funnel_people", "marts.funnel_conversion"], given)["marts.funnel_conversion"]
    return {(r["cohort"], str(r["cohort_start"]), r["channel"]): r for r in found if r["campaign"] == r["dimension"] == "all"}


def test_twenty_customers_say_what_a_cohort_can_be_by_now(bench):
    """Of 41 people 31 are at risk on the second day, when ten buy, and 20 on the fourth, when ten more do: by the second day 10/31 have bought, in all 41/62."""
    rows = cohorts(
        bench,
        people(9, "Email", 90, 5, 2), people(10, "Email", 90, 5, 4), people(1, "Tin", 2, 5, 2), people(1, "Ads", 2),
        people(6, "Event", 30), people(2, "Event", 30, 2), people(1, "Event", 30, 3), people(1, "Event", 0, 4),
        people(1, "Fair", 30), people(9, "Fair", 0),
        people(5, "Email", 90, 5, 2, is_test=True), people(5, "Email", 90, 0, furthest_stage="none"), people(5, "Email", 90, 0, furthest_stage="disqualified"),
    )  # fmt: skip
    assert {key for key in rows if key[0] == "all"} == {("all", "2024-01-01", c) for c in ("all", "Email", "Tin", "Ads", "Event", "Fair")}
    assert {key for key in rows if key[0] == "month"} == {
        ("month", "2024-01-01", "all"), ("month", "2024-01-01", "Email"), *(("month", "2024-03-01", c) for c in ("all", "Tin", "Ads", "Event", "Fair")),
    }  # fmt: skip
    names = ("leads", "mqls", "sqls", "opportunities", "customers", "lead_to_mql", "mql_to_sql", "sql_to_opportunity", "opportunity_to_customer", "is_mature")
    assert {key[2]: tuple(row[n] for n in names) for key, row in rows.items() if key[0] == "month" and key[2] != "all"} == {
        "Email": (19, 19, 19, 19, 19, 1, 1, 1, 1, True), "Tin": (1, 1, 1, 1, 1, 1, 1, 1, 1, False), "Ads": (1, 0, 0, 0, 0, 0, None, None, None, False),
        "Event": (10, 4, 2, 1, 0, 0.4, 0.5, 0.5, 0, True), "Fair": (10, 0, 0, 0, 0, 0, None, None, None, False),
    }  # fmt: skip
    names = ("maturity", "lead_to_customer_estimate", "median_days_to_customer")
    assert {key[2]: tuple(row[n] for n in names) for key, row in rows.items() if key[0] == "month" and key[2] != "all"} == {
        "Email": (1, 1, 4), "Tin": (pytest.approx(20 / 41), 1, 2), "Ads": (pytest.approx(20 / 41), 0, None), "Event": (0.9, 0, None), "Fair": (0.1, 0, None),
    }  # fmt: skip
    whole = rows["all", "2024-01-01", "all"]
    assert whole["maturity"] == pytest.approx((19 + 2 * 20 / 41 + 9 + 1) / 41)
    assert whole["lead_to_customer_estimate"] == pytest.approx(20 / (29 + 40 / 41))


def test_where_the_last_ones_all_buy_everybody_will(bench):
    """Of 22 people eleven of 21 are left after the second day, and none of ten after the third; nobody is as young as their first day."""
    rows = cohorts(bench, people(10, "Email", 90, 5, 2), people(10, "Email", 90, 5, 3), people(1, "Ads", 2), people(1, "Fair", 1))
    maturity = {key[2]: (row["maturity"], row["lead_to_customer_estimate"], row["lead_to_customer_estimate_low"]) for key, row in rows.items() if key[0] == "all"}
    assert maturity["Email"][:2] == (1, 1)
    assert maturity["Ads"][:2] == (pytest.approx(10 / 21), 0)
    assert maturity["Fair"] == (0, None, None)


def test_nineteen_customers_say_nothing(bench):
    rows = cohorts(bench, people(19, "Email", 90, 5, 2), people(2, "Ads", 2))
    assert {(r["maturity"], r["lead_to_customer_estimate"], r["is_mature"]) for r in rows.values()} == {(None, None, None)}
