"""Marketing touches reach a deal by the e-mail of its people."""

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2025-06-30 18:00",
    "staging.people": """
        system | person_id | email
        crm    | ann       | ann@x.com
        crm    | bob       | bob@x.com
        crm    | cold      | cold@x.com
        crm    | nobody    |
        crm2   | ann       | other@x.com
    """,
    "staging.touches": """
        system | touch_id | email       | occurred_at      | channel | campaign_id
        web    | 1        | ann@x.com   | 2025-02-01       | mail    | spring
        web    | 2        | ann@x.com   | 2025-03-01       | ads     | summer
        web    | 3        | bob@x.com   | 2025-01-01       | fair    | winter
        web    | 4        | bob@x.com   | 2025-06-30 18:00 | call    |
        web    | 5        | bob@x.com   | 2025-06-30 18:01 | late    | late
        web    | 6        | other@x.com | 2024-01-01       | other   | other
        web    | 7        |             | 2024-01-01       | nobody  | nobody
    """,
}
HEADINGS = "system | deal_id | touches | first_touch_at | first_channel | first_campaign | last_touch_at | last_channel | last_campaign"


def test_a_deal_has_the_touches_of_all_its_people_up_to_as_of(example):
    example("core.deal_touches", {
        **GIVEN,
        "staging.deal_people": """
            system | deal_id | person_id
            crm    | one     | ann
            crm    | one     | ann
            crm    | two     | ann
            crm    | two     | bob
            crm    | none    | nobody
            crm    | cold    | cold
        """,
    }, f"""
        {HEADINGS}
        crm | one | 2 | 2025-02-01 | mail | spring | 2025-03-01       | ads  | summer
        crm | two | 4 | 2025-01-01 | fair | winter | 2025-06-30 18:00 | call |
    """)  # fmt: skip


def test_what_a_merged_deal_had_belongs_to_the_one_it_lives_on_in(example):
    example("core.deal_touches", {
        **GIVEN,
        "staging.deal_people": """
            system | deal_id | person_id
            crm    | old     | ann
            crm    | new     | ann
            crm    | ann     | bob
        """,
        "core.merged_records": """
            system | entity | record_id | into_id
            crm    | deal   | old       | new
            crm2   | deal   | new       | elsewhere
            crm    | person | ann       | nobody
        """,
    }, f"""
        {HEADINGS}
        crm | new | 2 | 2025-02-01 | mail | spring | 2025-03-01       | ads  | summer
        crm | ann | 2 | 2025-01-01 | fair | winter | 2025-06-30 18:00 | call |
    """)  # fmt: skip


def test_touches_at_one_moment_are_told_apart_by_their_id(example):
    example("core.deal_touches", {
        **GIVEN,
        "staging.touches": """
            system | touch_id | email     | occurred_at | channel
            web    | 1        | ann@x.com | 2025-02-01  | mail
            web    | 2        | ann@x.com | 2025-02-01  | ads
        """,
        "staging.deal_people": """
            system | deal_id | person_id
            crm    | one     | ann
        """,
    }, """
        deal_id | touches | first_channel | last_channel
        one     | 2       | mail          | ads
    """)  # fmt: skip
