"""Weighted value is a share of the value, not 39 times the pipeline; closed deals are not in the pipeline."""


def test_value_weighted_value_and_what_is_missing(example):
    example("marts.stage_snapshot", {
        "core.stages": """
            pipeline | stage | stage_order | kind
            p        | Lead  | 1           | open
            p        | Demo  | 2           | open
            p        | Won   | 3           | won
        """,
        "marts.deals": """
            system | deal_id | pipeline | stage | status | amount | probability | age_days | days_in_stage
            crm    | 1       | p        | Lead  | open   | 100    | 0.5         | 10       | 10
            crm    | 2       | p        | Lead  | open   | 0.33   | 0.5         | 20       | 5
            crm    | 3       | p        | Lead  | open   |        | 0.9         | 30       | 3
            crm    | 4       | p        | Lead  | open   | 7      |             | 40       | 2
            crm    | 5       | p        | Won   | won    | 999    | 1           |          |
        """,
    }, """
        pipeline | stage | open_deals | open_amount | average_amount | weighted_amount | average_age_days | stalled_deals | deals_without_amount | deals_without_probability
        p        | Lead  | 4          | 107.33      | 35.776666667   | 50.17           | 25               |               | 1                    | 1
        p        | Demo  | 0          | 0           |                | 0               |                  |               | 0                    | 0
        p        | all   | 4          | 107.33      | 35.776666667   | 50.17           | 25               |               | 1                    | 1
        all      | all   | 4          | 107.33      | 35.776666667   | 50.17           | 25               |               | 1                    | 1
    """)  # fmt: skip


STAGES = """
    pipeline | stage | stage_order | kind
    p        | Lead  | 1           | open
    p        | Demo  | 2           | open
    q        | Won   | 1           | won
"""
DEALS = """
    system | deal_id | pipeline | stage | status | amount | days_in_stage | size_band
    crm    | 1       | p        | Lead  | open   | 100    | 7.75          | small
    crm    | 2       | p        | Lead  | open   | 10     | 8             | small
    crm    | 3       | p        | Lead  | open   | 50     | 8             | large
    crm    | 4       | p        | Lead  | won    | 1      | 90            | small
    crm    | 5       | p        | Demo  | open   | 5      | 90            | small
"""


def test_a_deal_is_stalled_beyond_the_limit_of_its_size_band_and_not_at_it(example):
    example("marts.stage_snapshot", {"core.stages": STAGES, "marts.deals": DEALS, "marts.stall_limits": """
        pipeline | stage | size_band | limit_days
        p        | Lead  | all       | 7
        p        | Lead  | small     | 7.75
        p        | Lead  | large     | 9
        p        | Demo  | all       |
        p        | Demo  | small     |
    """}, """
        pipeline | stage | open_deals | stalled_deals | stalled_amount
        p        | Lead  | 3          | 1             | 10
        p        | Demo  | 1          |               |
        p        | all   | 4          | 1             | 10
        all      | all   | 4          | 1             | 10
    """)  # fmt: skip


def test_without_a_limit_nothing_is_said_of_stalled_deals(example):
    example("marts.stage_snapshot", {"core.stages": STAGES, "marts.deals": DEALS}, """
        pipeline | stage | open_deals | stalled_deals | stalled_amount
        p        | Lead  | 3          |               |
        p        | Demo  | 1          |               |
        p        | all   | 4          |               |
        all      | all   | 4          |               |
    """)  # fmt: skip


def test_a_stage_in_which_no_deal_is_stalled_has_none_and_a_value_of_nothing(example):
    example("marts.stage_snapshot", {
        "core.stages": "pipeline | stage | stage_order | kind\np | Lead | 1 | open",
        "marts.stall_limits": "pipeline | stage | size_band | limit_days\np | Lead | all | 5",
    }, """
        pipeline | stage | open_deals | average_amount | stalled_deals | stalled_amount
        p        | Lead  | 0          |                | 0             | 0
        p        | all   | 0          |                | 0             | 0
        all      | all   | 0          |                | 0             | 0
    """)  # fmt: skip


def test_without_an_open_stage_there_are_no_totals(example):
    example("marts.stage_snapshot", {
        "core.as_of": "one | as_of\n1 | 2024-01-02",
        "core.stages": "pipeline | stage | stage_order | kind\nq | Won | 1 | won",
        "marts.stage_visits": "system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at\ncrm | 1 | 1 | q | Won | won | 2024-01-01",
    }, "pipeline | stage | open_deals")  # fmt: skip
