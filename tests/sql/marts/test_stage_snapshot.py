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
