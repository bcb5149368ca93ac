"""One row per person: the first time and every time."""

from datetime import datetime


def test_who_becomes_mql_again_is_counted_in_the_month_of_the_first_time(example):
    example("marts.funnel_stages", {
        "core.people": "person | is_test\nann | false",
        "marts.lifecycle_events": """
            person | event_number | stage | stage_order | entered_at | evidence
            ann    | 1            | lead  | 1           | 2024-01-01 | record created
            ann    | 2            | mql   | 2           | 2024-02-01 | lifecycle history
            ann    | 3            | lead  | 1           | 2024-05-01 | lifecycle history
            ann    | 4            | mql   | 2           | 2025-02-01 | lifecycle history
        """,
    }, """
        person | first_lead_at | lead_times | first_mql_at | mql_times | mql_evidence      | first_sql_at | sql_times | sql_is_inferred | furthest_stage | current_stage | current_since
        ann    | 2024-01-01    | 2          | 2024-02-01   | 2         | lifecycle history |              | 0         | false           | mql            | mql           | 2025-02-01
    """)  # fmt: skip


def test_a_stage_that_only_a_later_one_implies_has_no_time_and_says_so(example):
    example("marts.funnel_stages", {
        "core.people": "person | is_test\nann | false\ntom | true\neve | false",
        "marts.lifecycle_events": """
            person | event_number | stage        | stage_order | entered_at | evidence
            ann    | 1            | opportunity  | 4           | 2024-01-01 | deal created
            ann    | 2            | customer     | 5           | 2024-02-01 | deal won
            eve    | 1            | disqualified | 0           | 2024-02-01 | lifecycle history
        """,
    }, """
        person | is_test | first_mql_at | mql_is_inferred | sql_is_inferred | opportunity_is_inferred | first_customer_at | customer_is_inferred | furthest_stage | current_stage
        ann    | false   |              | true            | true            | false                   | 2024-02-01        | false                | customer       | customer
        eve    | false   |              | false           | false           | false                   |                   | false                | disqualified   | disqualified
        tom    | true    |              | false           | false           | false                   |                   | false                | none           |
    """)  # fmt: skip


def test_the_channel_is_that_of_the_first_touch_else_of_the_lead_source(example):
    example("marts.funnel_stages", {
        "core.people": "person | lead_source\nann | Trade Show\nbob | Trade Show\neve | Nonsense\ntom |",
        "core.touches": """
            side      | system | touch_id | occurred_at | person | channel | campaign | excluded
            marketing | web    | 2        | 2024-02-01  | ann    | Email   | b        |
            marketing | web    | 1        | 2024-01-01  | ann    | Display | a        |
            marketing | web    | 0        | 2023-01-01  | ann    | Referral| x        | machine
            sales     | crm    | 1        | 2023-01-01  | bob    | Sales   |          |
        """,
        "core.origins": """
            word       | source | medium | campaign | referrer | click_id | channel
            trade show | ''     | ''     | ''       | ''       | ''       | Event
            trade show | x      | ''     | ''       | ''       | ''       | Other
            ''         | ''     | ''     | ''       | ''       | ''       | Unknown
        """,
    }, """
        person | channel | campaign | first_touch_at
        ann    | Display | a        | 2024-01-01
        bob    | Event   |          |
        eve    | Unknown |          |
        tom    | Unknown |          |
    """)  # fmt: skip


STAGES = ["lead", "mql", "sql", "opportunity", "customer", "post-sale"]


def test_every_stage_has_its_first_time_its_evidence_and_what_only_the_next_one_implies(bench):
    """Ann goes through all of them twice; of each of the others one stage is known, of Tom the first and the fifth, of Eve none."""
    events = [
        {"person": "ann", "event_number": 6 * turn + n, "stage": stage, "stage_order": n, "entered_at": datetime(2024, 1 + turn, n), "evidence": f"{2 - turn} {stage}"}
        for turn in (0, 1) for n, stage in enumerate(STAGES, 1)
    ]  # fmt: skip
    events += [{**row, "person": row["stage"], "event_number": 1} for row in events[:6]]
    events += [{**row, "person": "tom"} for row in (events[0], events[4])]
    found = bench.run(["marts.funnel_stages"], {
        "core.people": [{"person": p, "is_test": False} for p in ("ann", "tom", "eve", *STAGES)], "marts.lifecycle_events": events,
    })["marts.funnel_stages"]  # fmt: skip
    rows = {row["person"]: row for row in found}
    for n, stage in enumerate(STAGES, 1):
        column = stage.replace("-", "_")
        first = datetime(2024, 1, n), f"2 {stage}"
        ann, only = rows["ann"], rows[stage]
        assert (ann[f"first_{column}_at"], ann[f"{column}_evidence"], ann[f"{column}_times"]) == (*first, 2)
        assert (only[f"first_{column}_at"], only[f"{column}_evidence"], only[f"{column}_times"]) == (*first, 1)
        implied = [s for s in STAGES[:-1] if only[f"{s}_is_inferred"]]
        assert implied == STAGES[: n - 1]
        assert ann.get(f"{column}_is_inferred", False) is rows["eve"].get(f"{column}_is_inferred", False) is False
        assert (rows["eve"][f"first_{column}_at"], rows["eve"][f"{column}_times"]) == (None, 0)
    assert [s for s in STAGES[:-1] if rows["tom"][f"{s}_is_inferred"]] == ["mql", "sql", "opportunity"]
    assert (rows["ann"]["furthest_stage"], rows["ann"]["current_stage"], rows["ann"]["current_since"]) == ("post-sale", "post-sale", datetime(2024, 2, 6))


def test_a_lead_source_is_a_word_alone(example):
    example("marts.funnel_stages", {
        "core.people": "person | lead_source\nann | Fair",
        "core.touches": "side | system | touch_id | occurred_at | person | channel\nmarketing | web | 1 | 2024-01-01 | | Email",
        "core.origins": """
            word | source | medium | campaign | referrer | click_id | channel
            fair | ''     | ''     | ''       | ''       | ''       | Event
            fair | ''     | x      | ''       | ''       | ''       | Other
            fair | ''     | ''     | x        | ''       | ''       | Other
            fair | ''     | ''     | ''       | x        | ''       | Other
            fair | ''     | ''     | ''       | ''       | x        | Other
        """,
    }, "person | channel\nann | Event")  # fmt: skip
