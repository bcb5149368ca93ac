"""Totals are there where an open stage is, whatever else the pipeline has."""


def test_a_pipeline_without_a_closed_stage_has_totals_and_one_without_an_open_stage_none(example):
    example("marts.stage_daily", {
        "core.calendar": "day\n2024-01-01\n2024-01-02\n2024-01-03",
        "core.periods": "period | period_start | last_day\nall | 2024-01-01 | 2024-01-02",
        "core.stages": """
            pipeline | stage | stage_order | kind
            p        | Lead  | 1           | open
            q        | Won   | 1           | won
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | stage_kind | entered_on | left_on
            crm    | 1       | 1            | p        | Lead  | open       | 2024-01-01 |
            crm    | 2       | 1            | q        | Won   | won        | 2024-01-01 |
        """,
        "core.deal_states": """
            system | deal_id | state_number | pipeline | stage | kind | record_status | from_on    | to_on      | amount
            crm    | 1       | 1            | p        | Lead  | open | live          | 2024-01-01 | 2024-01-02 | 4
            crm    | 1       | 2            | p        | Lead  | open | live          | 2024-01-02 |            | 5
            crm    | 2       | 1            | q        | Won   | won  | live          | 2024-01-01 |            | 7
            crm    | 3       | 1            | p        | Lead  | open | deleted       | 2024-01-01 |            | 9
        """,
    }, """
        day        | pipeline | stage | open_deals | open_amount | entered | left
        2024-01-01 | p        | Lead  | 1          | 4           | 1       | 0
        2024-01-01 | p        | all   | 1          | 4           | 1       | 0
        2024-01-01 | all      | all   | 1          | 4           | 1       | 0
        2024-01-02 | p        | Lead  | 1          | 5           | 0       | 0
        2024-01-02 | p        | all   | 1          | 5           | 0       | 0
        2024-01-02 | all      | all   | 1          | 5           | 0       | 0
    """)  # fmt: skip


def test_without_an_open_stage_there_are_no_totals(example):
    example("marts.stage_daily", {
        "core.calendar": "day\n2024-01-01\n2024-01-02",
        "core.periods": "period | period_start | last_day\nall | 2024-01-01 | 2024-01-02",
        "core.stages": "pipeline | stage | stage_order | kind\nq | Won | 1 | won",
        "marts.stage_visits": "system | deal_id | visit_number | pipeline | stage | stage_kind | entered_on\ncrm | 1 | 1 | q | Won | won | 2024-01-01",
    }, "pipeline | stage | open_deals")  # fmt: skip
