"""What becomes of a company after its first win: bought again, renewed, expanded, due, churned, and how many of each cohort."""

import pytest

from assets.demo.truth import wilson

KINDS = """
    text       | business    | place
    new        | new         | 5
    existing   | existing    | 4
    upgrade    | expansion   | 3
    downgrade  | contraction | 2
    Renewals   | renewal     | 1
    Farming    | existing    | 4
"""
DEALS = "system | deal_id | company | account | pipeline | deal_type | status | closed_at        | closed_on  | amount"


def test_a_sale_is_named_by_its_place_and_its_kind(example):
    example("marts.customer_deals", {"core.business_kinds": KINDS, "marts.deals": f"""
        {DEALS}
        crm   | 1 | crm:a | Acme   | Sales    | new       | won     | 2024-01-05 10:00 | 2024-01-05 | 100
        other | 2 | crm:a | Acme   | Sales    |           | won     | 2024-02-05 10:00 | 2024-02-05 |
        crm   | 3 | crm:a | Acme   | Sales    | upgrade   | won     | 2024-03-05 10:00 | 2024-03-05 | 5
        crm   | 4 | crm:a | Acme   | Sales    | downgrade | won     | 2024-04-05 10:00 | 2024-04-05 | 5
        crm   | 5 | crm:a | Acme   | Renewals | existing  | won     | 2024-05-05 10:00 | 2024-05-05 | 5
        crm   | 6 | crm:a | Acme   | Renewals | new       | lost    | 2024-06-05 10:00 | 2024-06-05 | 5
        crm   | 7 | crm:a | Acme   | Renewals |           | open    |                  |            | 5
        crm   | 8 | crm:a | Acme   | Sales    | new       | lost    | 2024-06-05 10:00 | 2024-06-05 | 5
        crm   | 9 | crm:a | Acme   | Sales    | new       | deleted |                  |            | 5
        crm   | n | crm, by name: b | B | Sales    | existing  | won     | 2024-05-05 10:00 | 2024-05-05 | 5
        crm   | o | crm:c | C      | Sales    | new       | won     | 2024-05-05 10:00 | 2024-05-05 | 5
        crm   | u | crm:d | D      | Farming  | upgrade   | won     | 2024-05-05 10:00 | 2024-05-05 | 5
        crm   | p |    |        | Sales    | new       | won     | 2024-05-05 10:00 | 2024-05-05 | 5
    """}, """
        system | deal_id | customer_id | business    | status | sale_number | sale
        crm    | 1       | crm:a       | new         | won    | 1           | first purchase
        other  | 2       | crm:a       | unknown     | won    | 2           | repeat purchase
        crm    | 3       | crm:a       | expansion   | won    | 3           | expansion
        crm    | 4       | crm:a       | contraction | won    | 4           | contraction
        crm    | 5       | crm:a       | renewal     | won    | 5           | renewal
        crm    | 6       | crm:a       | renewal     | lost   |             |
        crm    | 7       | crm:a       | renewal     | open   |             |
        crm    | n       | crm, by name: b | existing | won | 1       | first purchase
        crm    | o       | crm:c       | new         | won    | 1           | first purchase
        crm    | u       | crm:d       | expansion   | won    | 1           | first purchase
    """)  # fmt: skip


AS_OF = "one | as_of\n1 | 2025-01-01 00:00"
SALES = "system | deal_id | customer_id | account | business | status | closed_at  | closed_on  | amount | sale_number | sale"


def test_a_customer_is_what_its_sales_say(example):
    example("marts.customers", {"core.as_of": AS_OF, "marts.customer_deals": f"""
        {SALES}
        crm | 1 | a | Acme | new     | won  | 2024-01-05 | 2024-01-05 | 100 | 1 | first purchase
        crm | 2 | a | Acme | renewal | won  | 2024-02-05 | 2024-02-05 | 10  | 2 | renewal
        crm | 3 | a | Acme | new     | won  | 2024-03-05 | 2024-03-05 |     | 3 | repeat purchase
        crm | 4 | a | Acme | new     | won  | 2024-04-05 | 2024-04-05 | 1   | 4 | repeat purchase
        crm | 5 | a | Acme | renewal | open |            |            | 7   |   |
        crm | 6 | b | Bull | renewal | won  | 2024-02-29 | 2024-02-29 |     | 1 | first purchase
        crm | 7 | b | Bull | renewal | lost | 2024-05-01 | 2024-05-01 | 9   |   |
        crm | 8 | b | Bull | renewal | lost | 2024-06-01 | 2024-06-01 | 9   |   |
        crm | 9 | b | Bull | renewal | open |            |            |     |   |
        crm | c | c | Cat  | renewal | lost | 2024-05-01 | 2024-05-01 | 9   |   |
        crm | d | d | Dog  | new     | won  | 2024-01-01 | 2024-01-01 | 5   | 1 | first purchase
        crm | e | d | Dog  | renewal | lost | 2024-05-01 | 2024-05-01 | 9   |   |
        crm | f | d | Dog  | expansion | won | 2024-05-02 | 2024-05-02 | 5  | 2 | expansion
    """}, """
        customer_id | account | customer_status | first_won_at | first_amount | cohort_month | was_customer_before | won_deals | won_amount | won_without_amount | repeat_purchases | renewals | expansions | contractions | renewals_lost | renewals_due | renewals_due_amount | days_to_second_purchase | days_since_first_won | churned_at
        a           | Acme    | renewal due     | 2024-01-05   | 100          | 2024-01-01   | false               | 4         | 111        | 1                  | 2                | 1        | 0          | 0            | 0             | 1            | 7                   | 60                      | 362                  |
        b           | Bull    | churned         | 2024-02-29   |              | 2024-02-01   | true                | 1         | 0          | 1                  | 0                | 0        | 0          | 0            | 2             | 1            | 0                   |                         | 307                  | 2024-05-01
        c           | Cat     | churned         |              |              |              | true                | 0         | 0          | 0                  | 0                | 0        | 0          | 0            | 1             | 0            | 0                   |                         |                      | 2024-05-01
        d           | Dog     | customer        | 2024-01-01   | 5            | 2024-01-01   | false               | 2         | 10         | 0                  | 0                | 0        | 1          | 0            | 1             | 0            | 0                   |                         | 366                  |
    """)  # fmt: skip


def test_a_cohort_is_asked_after_each_quarter_that_each_customer_has_lived(example):
    example("marts.customer_retention", {
        "core.as_of": "one | as_of\n1 | 2024-09-01 00:00",
        "core.calendar": "day | quarter_start\n2024-01-10 | 2024-01-01\n2024-03-02 | 2024-01-01\n2024-05-31 | 2024-04-01",
        "core.periods": "period | period_start\nall | 2024-01-01",
        "marts.customer_deals": f"""
            {SALES}
            crm | 1 | a | Acme | new     | won  | 2024-01-10 | 2024-01-10 | 1 | 1 | first purchase
            crm | 2 | a | Acme | renewal | lost | 2024-04-10 | 2024-04-10 | 1 |   |
            crm | 3 | a | Acme | new     | won  | 2024-07-10 | 2024-07-10 | 1 | 2 | repeat purchase
            crm | 4 | b | Bull | new     | won  | 2024-03-02 | 2024-03-02 | 1 | 1 | first purchase
            crm | 5 | b | Bull | renewal | won  | 2024-06-03 | 2024-06-03 | 1 | 2 | renewal
            crm | 6 | c | Cat  | new     | won  | 2024-05-31 | 2024-05-31 | 1 | 1 | first purchase
            crm | 7 | c | Cat  | renewal | open |            |            | 1 |   |
            crm | 8 | d | Dog  | renewal | lost | 2024-02-01 | 2024-02-01 | 1 |   |
        """,
    }, """
        cohort  | cohort_start | quarters_since | customers | at_risk | with_later_win | with_renewal_decided | churned | later_win_rate | retained_rate
        quarter | 2024-01-01   | 1              | 2         | 2       | 0              | 1                    | 1       | 0              | 0.5
        quarter | 2024-01-01   | 2              | 2         | 1       | 1              | 1                    | 0       | 1              | 1
        quarter | 2024-04-01   | 1              | 1         | 1       | 0              | 0                    | 0       | 0              | 1
        all     | 2024-01-01   | 1              | 3         | 3       | 0              | 1                    | 1       | 0              | 0.666667
        all     | 2024-01-01   | 2              | 3         | 1       | 1              | 1                    | 0       | 1              | 1
    """)  # fmt: skip


def test_rates_of_a_cohort_have_intervals_and_a_renewal_lost_when_the_first_was_won_is_a_loss(bench):
    sales = [
        {"system": "crm", "deal_id": f"{customer}{number}", "customer_id": customer, "business": "renewal" if status == "lost" else "new",
         "status": status, "closed_at": f"2024-01-{day}", "closed_on": f"2024-01-{day}", "sale_number": number,
         "sale": number and ("first purchase" if number == 1 else "repeat purchase")}
        for customer, number, status, day in [
            ("a", 1, "won", 10), ("a", 2, "won", 20), ("b", 1, "won", 10), ("b", 2, "won", 20), ("c", 1, "won", 10), ("c", None, "lost", 10),
        ]
    ]  # fmt: skip
    given = {
        "core.as_of": "one | as_of\n1 | 2024-05-01", "core.calendar": "day | quarter_start\n2024-01-10 | 2024-01-01",
        "core.periods": "period | period_start\nall | 2024-01-01", "marts.customer_deals": sales,
    }  # fmt: skip
    for row in bench.run(["marts.customer_retention"], given)["marts.customer_retention"]:
        assert (row["at_risk"], row["with_later_win"], row["churned"]) == (3, 2, 1)
        assert (row["later_win_rate_low"], row["later_win_rate_high"]) == pytest.approx(wilson(2 / 3, 3))
        assert (row["retained_rate_low"], row["retained_rate_high"]) == pytest.approx(wilson(2 / 3, 3))


def test_sales_of_one_moment_are_numbered_by_system_and_id_and_lost_renewals_not_at_all(example):
    example("marts.customer_deals", {"core.business_kinds": KINDS, "marts.deals": f"""
        {DEALS}
        crm | 0 | crm:a | Acme | Renewals |     | lost | 2024-01-01 10:00 | 2024-01-01 | 5
        web | 1 | crm:a | Acme | Sales    | new | won  | 2024-01-05 10:00 | 2024-01-05 | 5
        crm | 2 | crm:a | Acme | Sales    | new | won  | 2024-01-05 10:00 | 2024-01-05 | 5
        crm | 1 | crm:a | Acme | Sales    | new | won  | 2024-01-05 10:00 | 2024-01-05 | 5
    """}, """
        system | deal_id | business | sale_number
        crm    | 0       | renewal  |
        crm    | 1       | new      | 1
        crm    | 2       | new      | 2
        web    | 1       | new      | 3
    """)  # fmt: skip


def test_a_renewal_lost_at_the_moment_of_a_win_is_the_end_and_the_first_name_stands(example):
    example("marts.customers", {"core.as_of": AS_OF, "marts.customer_deals": f"""
        {SALES}
        crm | 1 | e | Zeta  | new     | won  | 2024-05-01 | 2024-05-01 | 5 | 1 | first purchase
        crm | 2 | e | Alpha | renewal | lost | 2024-05-01 | 2024-05-01 | 9 |   |
    """}, "customer_id | account | customer_status | churned_at\ne | Alpha | churned | 2024-05-01")  # fmt: skip


def test_a_renewal_as_first_purchase_decides_nothing_and_the_last_decision_counts(example):
    """Both won first on the tenth of January: at as-of, on the tenth of July, six months have passed."""
    example("marts.customer_retention", {
        "core.as_of": "one | as_of\n1 | 2024-07-10 00:00", "core.calendar": "day | quarter_start\n2024-01-10 | 2024-01-01",
        "core.periods": "period | period_start\nall | 2023-10-01",
        "marts.customer_deals": f"""
            {SALES}
            crm | 1 | a | Acme | new     | won  | 2024-01-10 | 2024-01-10 | 1 | 1 | first purchase
            crm | 2 | a | Acme | renewal | lost | 2024-02-20 | 2024-02-20 | 1 |   |
            crm | 3 | a | Acme | renewal | won  | 2024-03-01 | 2024-03-01 | 1 | 2 | renewal
            crm | 4 | a | Acme | renewal | lost | 2024-03-10 | 2024-03-10 | 1 |   |
            crm | 5 | b | Bull | renewal | won  | 2024-01-10 | 2024-01-10 | 1 | 1 | first purchase
        """,
    }, """
        cohort  | cohort_start | quarters_since | customers | at_risk | with_later_win | later_win_rate | with_renewal_decided | churned
        quarter | 2024-01-01   | 1              | 2         | 2       | 1              | 0.5            | 1                    | 1
        quarter | 2024-01-01   | 2              | 2         | 2       | 1              | 0.5            | 1                    | 1
        all     | 2023-10-01   | 1              | 2         | 2       | 1              | 0.5            | 1                    | 1
        all     | 2023-10-01   | 2              | 2         | 2       | 1              | 0.5            | 1                    | 1
    """)  # fmt: skip
