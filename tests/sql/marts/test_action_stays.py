"""Stays with and without an action, one by one: those that marts.action_rates counts."""


def test_each_stay_says_whether_the_action_was_done_in_time_and_whether_it_is_compared(example):
    """The median time of the stage is eight days, so that the landmark is the fourth; another CRM records no actions."""
    example("marts.action_stays", {
        "core.as_of": "one | as_of\n1 | 2024-06-30 00:00",
        "marts.survival": "measure | pipeline | stage | size_band | cohort | cohort_start | median_days\nstage | p | Demo | all | all | 2024-01-01 | 8",
        "marts.stage_visits": """
            system | deal_id  | visit_number | pipeline | stage | stage_order | stage_kind | entered_at       | left_at          | days | outcome     | is_observed
            crm    | in time  | 1            | p        | Demo  | 1           | open       | 2024-01-01 00:00 | 2024-01-11 00:00 | 10   | advanced    | true
            crm    | too late | 2            | p        | Demo  | 1           | open       | 2024-01-01 00:00 | 2024-01-21 00:00 | 20   | lost        | true
            crm    | soon     | 1            | p        | Demo  | 1           | open       | 2024-01-01 00:00 | 2024-01-05 00:00 | 4    | won         | true
            crm    | young    | 1            | p        | Demo  | 1           | open       | 2024-06-27 00:00 |                  | 3    | still_there | true
            crm    | assumed  | 1            | p        | Demo  | 1           | open       | 2024-01-01 00:00 | 2024-01-21 00:00 | 20   | moved_back  | false
            crm    | closed   | 1            | p        | Won   | 2           | won        | 2024-01-01 00:00 |                  |      | still_there | true
            other  | silent   | 1            | p        | Demo  | 1           | open       | 2024-01-01 00:00 | 2024-01-21 00:00 | 20   | won         | true
        """,
        "core.actions": """
            system | activity_id | deal_id  | action | occurred_at
            crm    | 1           | in time  | call   | 2024-01-04 23:59
            crm    | 2           | too late | call   | 2024-01-05 00:00
        """,
    }, """
        system | deal_id  | visit_number | action | landmark_days | has_action | is_with | state         | is_resolved | goes_on
        crm    | in time  | 1            | call   | 4             | true       | true    | compared      | true        | true
        crm    | too late | 2            | call   | 4             | true       | false   | compared      | true        | false
        crm    | soon     | 1            | call   | 4             | false      | false   | left          | true        | true
        crm    | young    | 1            | call   | 4             | false      | false   | before        | false       | false
        crm    | assumed  | 1            | call   | 4             | false      | false   | unknown entry | true        | false
        crm    | in time  | 1            | any    | 4             | true       | true    | compared      | true        | true
        crm    | too late | 2            | any    | 4             | true       | false   | compared      | true        | false
        crm    | soon     | 1            | any    | 4             | false      | false   | left          | true        | true
        crm    | young    | 1            | any    | 4             | false      | false   | before        | false       | false
        crm    | assumed  | 1            | any    | 4             | false      | false   | unknown entry | true        | false
    """)  # fmt: skip
