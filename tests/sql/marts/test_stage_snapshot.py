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


def visits(*rows):
    heading = "system | deal_id | visit_number | pipeline | stage | stage_kind | days | left_at | is_observed"
    return "\n".join([heading, *(f"crm | {n} | 1 | p | {row}" for n, row in enumerate(rows))])


def test_a_stage_knows_stalled_deals_from_its_tenth_ended_and_recorded_visit_on(example):
    """p75 of 1 … 10 days is 7.75: a deal is stalled beyond it, not at it; what never ended or was assumed is no measure."""
    ended = [f"Lead | open | {days} | 2024-01-31 | true" for days in range(1, 11)]
    others = ["Lead | open | 90 | | true", "Lead | open | 90 | 2024-01-31 | false", "Lead | won | 90 | 2024-01-31 | true"]
    stages = """
        pipeline | stage | stage_order | kind
        p        | Lead  | 1           | open
        p        | Demo  | 2           | open
        q        | Won   | 1           | won
    """
    deals = """
        system | deal_id | pipeline | stage | status | amount | days_in_stage
        crm    | 1       | p        | Lead  | open   | 100    | 7.75
        crm    | 2       | p        | Lead  | open   | 10     | 8
        crm    | 3       | p        | Lead  | won    | 1      | 90
        crm    | 4       | p        | Demo  | open   | 5      | 90
    """
    given = {"core.stages": stages, "marts.deals": deals}
    example("marts.stage_snapshot", {**given, "marts.stage_visits": visits(*ended, *others)}, """
        pipeline | stage | open_deals | stalled_deals | stalled_amount
        p        | Lead  | 2          | 1             | 10
        p        | Demo  | 1          |               |
        p        | all   | 3          | 1             | 10
        all      | all   | 3          | 1             | 10
    """)  # fmt: skip
    example("marts.stage_snapshot", {**given, "marts.stage_visits": visits(*ended[1:], *others)}, """
        pipeline | stage | open_deals | stalled_deals | stalled_amount
        p        | Lead  | 2          |               |
        p        | Demo  | 1          |               |
        p        | all   | 3          |               |
        all      | all   | 3          |               |
    """)  # fmt: skip


def test_a_stage_in_which_no_deal_is_stalled_has_none_and_a_value_of_nothing(example):
    example("marts.stage_snapshot", {
        "core.stages": "pipeline | stage | stage_order | kind\np | Lead | 1 | open",
        "marts.stage_visits": visits(*["Lead | open | 5 | 2024-01-31 | true"] * 10),
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
