"""How long people take from stage to stage, worked out by hand."""

STAGES = """
    person | is_test | channel | first_lead_at | first_mql_at | first_sql_at | first_opportunity_at | first_customer_at | mql_is_inferred | sql_is_inferred | opportunity_is_inferred | customer_is_inferred
    a | false | Email | 2024-01-01 | 2024-01-03 | | | | false | false | false | false
    b | false | Email | 2024-01-01 | 2024-01-05 | | | | false | false | false | false
    c | false | Email | 2024-01-28 | | | | | false | false | false | false
    d | false | Email | 2024-01-01 | | 2024-01-09 | | | true | false | false | false
    e | false | Event | 2024-01-11 | 2024-01-10 | | | | false | false | false | false
    f | true | Email | 2024-01-01 | 2024-01-02 | | | | false | false | false | false
    g | false | Event | 2024-01-01 | 2024-01-01 | | | | false | false | false | false
"""


def test_who_waits_is_censored_and_who_has_no_time_is_counted_apart(example):
    """Lead to MQL by e-mail: two days, four days, and one who has waited three. Of three left two, of those two none is left after the fourth."""
    example("marts.funnel_times", {"core.as_of": "as_of\n2024-01-31", "marts.funnel_stages": STAGES}, """
        step | step_order | channel | people | arrived | waiting | without_time | backwards | median_days | p75_days | p90_days | naive_median_days
        lead to mql | 1 | Email | 3 | 2 | 1 | 1 | 0 | 4 | 4 | 4 | 3
        lead to mql | 1 | Event | 1 | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0
        lead to mql | 1 | all | 4 | 3 | 1 | 1 | 1 | 2 | 4 | 4 | 2
        mql to sql | 2 | Email | 2 | 0 | 2 | 0 | 0 | | | |
        mql to sql | 2 | Event | 2 | 0 | 2 | 0 | 0 | | | |
        mql to sql | 2 | all | 4 | 0 | 4 | 0 | 0 | | | |
        sql to opportunity | 3 | Email | 1 | 0 | 1 | 0 | 0 | | | |
        sql to opportunity | 3 | all | 1 | 0 | 1 | 0 | 0 | | | |
        lead to customer | 5 | Email | 4 | 0 | 4 | 0 | 0 | | | |
        lead to customer | 5 | Event | 2 | 0 | 2 | 0 | 0 | | | |
        lead to customer | 5 | all | 6 | 0 | 6 | 0 | 0 | | | |
    """)
