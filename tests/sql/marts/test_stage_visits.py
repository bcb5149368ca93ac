"""Stays and their ends, where the random companies do not look."""


def test_an_entry_seen_between_two_snapshots_says_since_when_it_may_have_been(example):
    example("marts.stage_visits", {
        "core.as_of": "one | as_of\n1 | 2024-02-01",
        "core.deals": "system | deal_id\ncrm | 1\ncrm | 2\nweb | 1",
        "core.stage_events": """
            system | deal_id | event_number | pipeline | stage | stage_order | kind | entered_at | evidence  | is_observed
            crm    | 1       | 1            | p        | Lead  | 1           | open | 2024-01-01 | snapshots | true
            crm    | 1       | 2            | p        | Demo  | 2           | open | 2024-01-05 | snapshots | true
            crm    | 1       | 3            | p        | Offer | 3           | open | 2024-01-09 | history   | true
            crm    | 2       | 1            | p        | Lead  | 1           | open | 2024-01-05 | snapshots | true
            web    | 1       | 1            | p        | Lead  | 1           | open | 2024-01-05 | snapshots | true
        """,
        "staging.stage_changes": """
            system | deal_id | pipeline | stage | changed_at | evidence  | not_before
            crm    | 1       | p        | Demo  | 2024-01-05 | snapshots | 2024-01-03
            crm    | 1       | p        | Demo  | 2024-01-09 | snapshots | 2024-01-07
            crm    | 1       | p        | Offer | 2024-01-09 | snapshots | 2024-01-08
            crm    | 1       | p        | Lead  | 2024-01-05 | snapshots | 2024-01-02
            crm    | 1       | q        | Demo  | 2024-01-05 | snapshots | 2024-01-02
            crm    | 1       | p        | Lead  | 2024-01-01 | history   | 2023-12-31
        """,
    }, """
        system | deal_id | visit_number | stage | left_at    | days | outcome     | next_stage | entered_not_before
        crm    | 1       | 1            | Lead  | 2024-01-05 | 4    | advanced    | Demo       |
        crm    | 1       | 2            | Demo  | 2024-01-09 | 4    | advanced    | Offer      | 2024-01-03
        crm    | 1       | 3            | Offer |            | 23   | still_there |            |
        crm    | 2       | 1            | Lead  |            | 27   | still_there |            |
        web    | 1       | 1            | Lead  |            | 27   | still_there |            |
    """)  # fmt: skip
