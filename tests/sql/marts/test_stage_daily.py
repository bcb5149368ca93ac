"""Totals are there where an open stage is, whatever else the pipeline has."""


def test_a_pipeline_without_a_closed_stage_has_totals_and_one_without_an_open_stage_none(example):
    example("marts.stage_daily", {
        "core.as_of": "one | as_of\n1 | 2024-01-02 12:00",
        "core.stages": """
            pipeline | stage | stage_order | kind
            p        | Lead  | 1           | open
            q        | Won   | 1           | won
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at | left_at | amount
            crm    | 1       | 1            | p        | Lead  | open       | 2024-01-01 |         | 5
            crm    | 2       | 1            | q        | Won   | won        | 2024-01-01 |         | 7
        """,
    }, """
        day        | pipeline | stage | open_deals | open_amount | entered | left
        2024-01-01 | p        | Lead  | 1          | 5           | 1       | 0
        2024-01-01 | p        | all   | 1          | 5           | 1       | 0
        2024-01-01 | all      | all   | 1          | 5           | 1       | 0
        2024-01-02 | p        | Lead  | 1          | 5           | 0       | 0
        2024-01-02 | p        | all   | 1          | 5           | 0       | 0
        2024-01-02 | all      | all   | 1          | 5           | 0       | 0
    """)  # fmt: skip


def test_without_an_open_stage_there_are_no_totals(example):
    example("marts.stage_daily", {
        "core.as_of": "one | as_of\n1 | 2024-01-02",
        "core.stages": "pipeline | stage | stage_order | kind\nq | Won | 1 | won",
        "marts.stage_visits": "system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at\ncrm | 1 | 1 | q | Won | won | 2024-01-01",
    }, "pipeline | stage | open_deals")  # fmt: skip
