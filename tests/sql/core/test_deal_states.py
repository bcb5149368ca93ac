"""Stage and values of a deal in one line of time, in base currency at one rate."""


def test_values_change_before_the_stage_does_and_end_with_the_record(example):
    example("core.deal_states", {
        "core.deals": """
            system | deal_id | amount | amount_original | currency | base_per_unit | owner | record_status | ended_at   | valued_on
            crm    | kept    | 180    | 200             | USD      | 0.9           | Ana   | live          |            | 2024-06-30
            crm    | gone    | 10     | 10              |          | 1             | Ben   | deleted       | 2024-04-01 | 2024-06-30
        """,
        "core.stage_events": """
            system | deal_id | event_number | pipeline | stage | stage_order | kind | entered_at | record_status
            crm    | kept    | 1            | p        | Lead  | 1           | open | 2024-01-01 | live
            crm    | kept    | 2            | p        | Won   | 2           | won  | 2024-03-01 | live
            crm    | gone    | 1            | p        | Lead  | 1           | open | 2024-01-01 | deleted
        """,
        "core.deal_values": """
            system | deal_id | valid_from | amount | currency | owner
            crm    | kept    | 0001-01-01 | 100    | USD      | Ana
            crm    | kept    | 2024-02-01 |        | USD      | Ana
            crm    | kept    | 2024-03-01 | 200    | USD      | Ben
        """,
    }, """
        deal_id | state_number | valid_from | valid_to   | from_on    | to_on      | stage | kind    | event_number | owner | amount
        kept    | 1            | 2024-01-01 | 2024-02-01 | 2024-01-01 | 2024-02-01 | Lead  | open    | 1            | Ana   | 90
        kept    | 2            | 2024-02-01 | 2024-03-01 | 2024-02-01 | 2024-03-01 | Lead  | open    |              | Ana   |
        kept    | 3            | 2024-03-01 | 2024-03-01 | 2024-03-01 | 2024-03-01 | Lead  | open    |              | Ben   | 180
        kept    | 4            | 2024-03-01 |            | 2024-03-01 |            | Won   | won     | 2            | Ben   | 180
        gone    | 1            | 2024-01-01 | 2024-04-01 | 2024-01-01 | 2024-04-01 | Lead  | open    | 1            | Ben   | 10
        gone    | 2            | 2024-04-01 |            | 2024-04-01 |            | Lead  | deleted |              | Ben   | 10
    """)  # fmt: skip


def test_a_deal_that_changed_its_currency_is_converted_from_each_at_one_day(example):
    example("core.deal_states", {
        "core.parameters": """
            one | base_currency
            1   | EUR
        """,
        "core.exchange_rates": """
            currency | valid_from | valid_to   | rate
            GBP      | 2024-01-01 | 2024-06-01 | 1.1
            GBP      | 2024-06-01 |            | 1.2
        """,
        "core.deals": """
            system | deal_id | amount | amount_original | currency | base_per_unit | record_status | valued_on
            crm    | 1       | 90     | 100             | USD      | 0.9           | live          | 2024-06-30
        """,
        "core.stage_events": """
            system | deal_id | event_number | pipeline | stage | stage_order | kind | entered_at | record_status
            crm    | 1       | 1            | p        | Lead  | 1           | open | 2024-01-01 | live
        """,
        "core.deal_values": """
            system | deal_id | valid_from | amount | currency
            crm    | 1       | 0001-01-01 | 50     | GBP
            crm    | 1       | 2024-02-01 | 80     | EUR
            crm    | 1       | 2024-03-01 | 100    | USD
        """,
    }, """
        state_number | amount | amount_original | currency
        1            | 60     | 50              | GBP
        2            | 80     | 80              | EUR
        3            | 90     | 100             | USD
    """)  # fmt: skip


def test_each_state_says_what_held_then_and_a_deal_without_edits_what_it_is_now(example):
    """The CRM itself converts 200 dollars to 181; a value without a currency is in that of the deal. Pounds are converted on the day on which deals are."""
    example("core.deal_states", {
        "core.parameters": "one | base_currency\n1 | EUR",
        "core.exchange_rates": """
            currency | valid_from | valid_to   | rate
            GBP      | 2024-01-01 | 2024-06-30 | 1.1
            GBP      | 2024-06-30 | 2024-12-31 | 1.2
            GBP      | 2024-12-31 |            | 1.3
            CHF      | 2024-01-01 |            | 9
        """,
        "core.deals": """
            system | deal_id | amount | amount_original | currency | base_per_unit | owner | close_on   | probability | forecast_category | record_status | valued_on
            crm    | plain   | 181    | 200             | USD      | 0.9           | Ana   | 2024-09-01 | 0.5         | Commit            | live          | 2024-06-30
            crm    | valued  | 181    | 200             | USD      | 0.9           | Ana   | 2024-09-01 | 0.5         | Commit            | live          | 2024-06-30
            web    | valued  | 7      | 7               | EUR      | 1             | Zoe   | 2024-09-01 | 0.7         | Omitted           | live          | 2024-06-30
            crm    | twin    | 3      | 3               | EUR      | 1             |       |            |             |                   | live          | 2024-06-30
            web    | twin    | 4      | 4               | EUR      | 1             |       |            |             |                   | live          | 2024-06-30
        """,
        "core.stage_events": """
            system | deal_id | event_number | pipeline | stage | stage_order | kind | entered_at | record_status
            crm    | plain   | 1            | p        | Lead  | 1           | open | 2024-01-01 | live
            crm    | valued  | 1            | p        | Lead  | 1           | open | 2024-01-01 | live
            crm    | valued  | 2            | p        | Demo  | 2           | open | 2024-05-01 | live
            web    | valued  | 1            | p        | Lead  | 1           | open | 2024-01-15 | live
            crm    | twin    | 1            | p        | Lead  | 1           | open | 2024-01-15 | live
            web    | twin    | 1            | p        | Lead  | 1           | open | 2024-01-15 | live
        """,
        "core.deal_values": """
            system | deal_id | valid_from | amount | currency | owner | close_on   | probability | forecast_category
            crm    | valued  | 0001-01-01 | 200    |          | Ana   | 2024-08-01 | 0.1         | Pipeline
            crm    | valued  | 2024-02-01 | 100    |          | Ana   | 2024-08-01 | 0.1         | Pipeline
            crm    | valued  | 2024-03-01 | 200    | GBP      | Ben   | 2024-08-02 | 0.2         | Best case
            crm    | valued  | 2024-04-01 | 10.005 | EUR      | Ben   | 2024-08-02 | 0.2         | Best case
            crm    | twin    | 0001-01-01 | 3      | EUR      |       |            |             |
            web    | twin    | 0001-01-01 | 4      | EUR      |       |            |             |
        """,
    }, """
        system | deal_id | state_number | valid_from | stage | stage_order | event_number | owner | amount | amount_original | currency | close_on   | probability | forecast_category
        crm    | plain   | 1            | 2024-01-01 | Lead  | 1           | 1            | Ana   | 181    | 200             | USD      | 2024-09-01 | 0.5         | Commit
        crm    | valued  | 1            | 2024-01-01 | Lead  | 1           | 1            | Ana   | 181    | 200             | USD      | 2024-08-01 | 0.1         | Pipeline
        crm    | valued  | 2            | 2024-02-01 | Lead  | 1           |              | Ana   | 90     | 100             | USD      | 2024-08-01 | 0.1         | Pipeline
        crm    | valued  | 3            | 2024-03-01 | Lead  | 1           |              | Ben   | 240    | 200             | GBP      | 2024-08-02 | 0.2         | Best case
        crm    | valued  | 4            | 2024-04-01 | Lead  | 1           |              | Ben   | 10.01  | 10.005          | EUR      | 2024-08-02 | 0.2         | Best case
        crm    | valued  | 5            | 2024-05-01 | Demo  | 2           | 2            | Ben   | 10.01  | 10.005          | EUR      | 2024-08-02 | 0.2         | Best case
        web    | valued  | 1            | 2024-01-15 | Lead  | 1           | 1            | Zoe   | 7      | 7               | EUR      | 2024-09-01 | 0.7         | Omitted
        crm    | twin    | 1            | 2024-01-15 | Lead  | 1           | 1            |       | 3      | 3               | EUR      |            |             |
        web    | twin    | 1            | 2024-01-15 | Lead  | 1           | 1            |       | 4      | 4               | EUR      |            |             |
    """)  # fmt: skip


def test_a_record_ends_after_all_that_is_known_of_it(example):
    example("core.deal_states", {
        "core.deals": "system | deal_id | record_status | ended_at\ncrm | gone | merged | 2024-02-01\nweb | gone | live |\ncrm | never | deleted | 2024-02-01\ncrm | other | live |",
        "core.stage_events": """
            system | deal_id | event_number | pipeline | stage | stage_order | kind | entered_at
            crm    | gone    | 1            | p        | Lead  | 1           | open | 2024-01-01
            crm    | gone    | 2            | q        | Demo  | 2           | open | 2024-03-01
            crm    | other   | 1            | p        | Lead  | 1           | open | 2024-12-01
            web    | gone    | 1            | p        | Lead  | 1           | open | 2024-09-01
            web    | gone    | 2            | p        | Demo  | 2           | open | 2024-09-01
        """,
    }, """
        system | deal_id | state_number | valid_from | valid_to   | pipeline | stage | kind   | event_number
        crm    | gone    | 1            | 2024-01-01 | 2024-03-01 | p        | Lead  | open   | 1
        crm    | gone    | 2            | 2024-03-01 | 2024-03-01 | q        | Demo  | open   | 2
        crm    | gone    | 3            | 2024-03-01 |            | q        | Demo  | merged |
        crm    | other   | 1            | 2024-12-01 |            | p        | Lead  | open   | 1
        web    | gone    | 1            | 2024-09-01 | 2024-09-01 | p        | Lead  | open   | 1
        web    | gone    | 2            | 2024-09-01 |            | p        | Demo  | open   | 2
    """)  # fmt: skip
