"""Which touches belong to a deal, and whether they came before it, during it or after it."""


def test_whoever_has_a_part_counts_at_any_time_and_a_colleague_from_a_year_before_until_the_end(example):
    """Deal 1 was lost, came back and was won on the first of May. 365 days before the first of March 2024, a leap year, is the second of March."""
    example("core.deal_journeys", {
        "core.deals": """
            deal | system | deal_id | created_at | record_status
            1    | crm    | 1       | 2024-03-01 | live
            2    | crm    | 2       | 2024-03-01 | live
            3    | crm    | 3       | 2024-03-01 | deleted
            4    | crm    | 4       | 2024-03-01 | live
            5    | web    | 1       | 2024-03-01 | live
        """,
        "core.stage_events": """
            system | deal_id | event_number | kind | entered_at
            crm    | 1       | 1            | open | 2024-03-01
            crm    | 1       | 2            | lost | 2024-04-01
            crm    | 1       | 3            | open | 2024-04-10
            crm    | 1       | 4            | won  | 2024-05-01
            crm    | 2       | 1            | open | 2024-03-01
            crm    | 2       | 5            | open | 2024-03-02
            web    | 1       | 1            | open | 2024-03-01
            web    | 1       | 2            | won  | 2024-06-01
        """,
        "core.deal_people": """
            system | deal_id | person | method       | confidence | has_role
            crm    | 1       | ann    | main contact | 0.9        | true
            crm    | 2       | ann    | contact      | 0.97       | true
            crm    | 3       | ann    | contact      | 1          | true
            crm    | 4       | bob    | contact      | 1          | true
            crm    | 1       | kim    | same company | 0.6        | false
            crm    | 2       | kim    | same company | 0.6        | false
            web    | 1       | eve    | contact      | 1          | true
        """,
        "core.touches": """
            touch | side      | system | touch_id | occurred_at      | person | confidence | deal_id | excluded
            1     | marketing | crm    | names    | 2024-02-01 00:00 | ann    | 1          | 1       |
            2     | sales     | crm    | nobody   | 2024-04-05 00:00 |        |            | 1       |
            3     | marketing | crm    | machine  | 2024-02-01 00:00 | ann    | 1          | 1       | machine
            4     | marketing | crm    | gone     | 2024-02-01 00:00 | ann    | 1          | 3       |
            5     | marketing | web    | long ago | 2020-01-01 00:00 | ann    | 0.95       |         |
            6     | marketing | web    | created  | 2024-03-01 00:00 | ann    | 0.95       |         |
            7     | marketing | web    | closed   | 2024-05-01 00:00 | ann    | 0.95       |         |
            8     | marketing | web    | after    | 2024-05-01 00:01 | ann    | 0.95       |         |
            9     | marketing | web    | test     | 2024-05-01 00:00 | ann    | 0.95       |         | test or internal
            10    | marketing | web    | bobs     | 2030-01-01 00:00 | bob    | 0.5        |         |
            11    | marketing | web    | too soon | 2023-03-01 23:59 | kim    | 1          |         |
            12    | marketing | web    | a year   | 2023-03-02 00:00 | kim    | 1          |         |
            13    | marketing | web    | the end  | 2024-05-01 00:00 | kim    | 1          |         |
            14    | marketing | web    | too late | 2024-05-01 00:01 | kim    | 1          |         |
            15    | marketing | web    | eves     | 2024-05-15 00:00 | eve    | 0.8        |         |
            16    | marketing | web    | eves end | 2024-06-02 00:00 | eve    | 0.8        |         |
            17    | marketing | web    | unknown  | 2024-05-15 00:00 |        |            |         |
        """,
    }, """
        deal | touch | side      | touch_number | method       | confidence | phase
        1    | 1     | marketing | 1            | deal         | 1          | before creation
        1    | 2     | sales     | 2            | deal         | 1          | while open
        1    | 5     | marketing | 3            | main contact | 0.9        | before creation
        1    | 6     | marketing | 4            | main contact | 0.9        | while open
        1    | 7     | marketing | 5            | main contact | 0.9        | while open
        1    | 8     | marketing | 6            | main contact | 0.9        | after closing
        2    | 5     | marketing | 1            | contact      | 0.95       | before creation
        2    | 6     | marketing | 2            | contact      | 0.95       | while open
        2    | 7     | marketing | 3            | contact      | 0.95       | while open
        2    | 8     | marketing | 4            | contact      | 0.95       | while open
        4    | 10    | marketing | 1            | contact      | 0.5        | while open
        1    | 12    | marketing | 7            | same company | 0.6        | before creation
        1    | 13    | marketing | 8            | same company | 0.6        | while open
        2    | 12    | marketing | 5            | same company | 0.6        | before creation
        2    | 13    | marketing | 6            | same company | 0.6        | while open
        2    | 14    | marketing | 7            | same company | 0.6        | while open
        5    | 15    | marketing | 1            | contact      | 0.8        | while open
        5    | 16    | marketing | 2            | contact      | 0.8        | after closing
    """)  # fmt: skip
