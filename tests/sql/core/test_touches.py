"""Whom a touch reached, and how that is known."""

LINKS = """
    system | person_id | person | is_test
    web    | a         | ann    | false
    web    | b         | bob    | false
    web    | t         | tom    | true
"""
PEOPLE = """
    person | is_test
    ann    | false
    bob    | false
    tom    | true
"""
ADDRESSES = """
    email        | person | method            | confidence
    ann@acme.com | ann    | e-mail            | 0.95
    info@acme.com| e-mail:info@acme.com | mailbox of a desk | 0.5
"""
AS_OF = "as_of\n2024-06-30"
HEADINGS = "touch_id | person | method | confidence | not_linked | excluded"


def touched(example, touches, expected, **more):
    example("core.touches", {
        "core.as_of": AS_OF, "core.person_links": LINKS, "core.people": PEOPLE, "core.addresses": ADDRESSES, "staging.touches": touches, **more,
    }, f"{HEADINGS}\n{expected}")  # fmt: skip


def test_a_record_goes_before_an_address_and_an_address_before_a_device(example):
    touched(example, """
        system | touch_id | occurred_at | person_id | email        | visitor_id
        web    | record   | 2024-01-01  | b         | ann@acme.com | v
        web    | address  | 2024-01-01  |           | Ann@Acme.com | v
        web    | device   | 2023-01-01  |           |              | v
        web    | other    | 2024-01-01  |           |              | w
        web    | desk     | 2024-01-01  |           | info@acme.com|
        web    | nobody   | 2024-01-01  |           |              |
        crm    | elsewhere| 2024-01-01  | a         |              | v
        web    | late     | 2024-07-01  | a         |              |
        web    | test     | 2024-01-01  | t         |              |
    """, """
        record    | bob | record | 1    | |
        address   | ann | e-mail | 0.95 | |
        device    | ann | device | 0.8  | |
        other     |     |        |      | visitor never known |
        desk      | e-mail:info@acme.com | mailbox of a desk | 0.5 | |
        nobody    |     |        |      | nobody is named     |
        elsewhere |     |        |      | visitor never known |
        test      | tom | record | 1    | | test or internal
    """, **{"core.sightings": "system | visitor_id | seen_at | person\nweb | v | 2024-01-01 | ann"})  # fmt: skip


def test_on_a_device_of_several_people_only_what_lies_between_two_sightings_of_one_is_theirs(example):
    touched(example, """
        system | touch_id | occurred_at | visitor_id
        web    | before   | 2024-01-01  | v
        web    | anns     | 2024-01-15  | v
        web    | between  | 2024-02-15  | v
        web    | bobs     | 2024-03-15  | v
        web    | after    | 2024-05-01  | v
    """, """
        before  |     |                          |     | device of several people |
        anns    | ann | device of several people | 0.5 | |
        between |     |                          |     | device of several people |
        bobs    | bob | device of several people | 0.5 | |
        after   |     |                          |     | device of several people |
    """, **{"core.sightings": """
        system | visitor_id | seen_at    | person
        web    | v          | 2024-01-10 | ann
        web    | v          | 2024-02-01 | ann
        web    | v          | 2024-03-01 | bob
        web    | v          | 2024-04-01 | bob
    """})  # fmt: skip


def test_three_clicks_in_a_second_are_a_machines_and_two_are_not(example):
    touched(example, """
        system | touch_id | occurred_at             | email        | touch_type
        web    | 1        | 2024-01-01 10:00:00.1   | ann@acme.com | email click
        web    | 2        | 2024-01-01 10:00:00.5   | Ann@acme.com | email click
        web    | 3        | 2024-01-01 10:00:00.9   | ann@acme.com | email click
        web    | open     | 2024-01-01 10:00:00.9   | ann@acme.com | email open
        web    | 4        | 2024-01-02 10:00:00     | ann@acme.com | email click
        web    | 5        | 2024-01-02 10:00:00     | ann@acme.com | email click
    """, """
        1    | ann | e-mail | 0.95 | | machine
        2    | ann | e-mail | 0.95 | | machine
        3    | ann | e-mail | 0.95 | | machine
        open | ann | e-mail | 0.95 | |
        4    | ann | e-mail | 0.95 | |
        5    | ann | e-mail | 0.95 | |
    """)  # fmt: skip


def test_what_sales_did_is_a_touch_once_it_is_done(example):
    touched(example, "system | touch_id", """
        call    | ann | record | 1 | |
        meeting | ann | record | 1 | |
        alone   |     |        |   | nobody is named |
    """, **{"staging.activities": """
        system | activity_id | activity_type | occurred_at | is_done | person_id
        web    | call        | Call          | 2024-01-01  | true    | a
        web    | meeting     | Meeting       | 2024-01-01  |         | a
        web    | planned     | Meeting       | 2024-07-02  |         | a
        web    | open        | Task          |             | false   | a
        web    | cancelled   | Meeting       | 2024-01-01  | false   | a
        web    | alone       | Call          | 2024-01-01  | true    |
    """})  # fmt: skip


def test_a_touch_has_the_channel_of_its_origin_and_the_name_of_its_campaign(example):
    example("core.touches", {
        "core.as_of": AS_OF,
        "staging.touches": """
            system | touch_id | occurred_at | channel     | source | medium | campaign_id
            web    | 1        | 2024-01-01  | Paid_Search | Google | cpc    | C7
            crm    | 2        | 2024-01-01  |             |        |        | C7
            crm    | 3        | 2024-01-01  | campaign    |        |        | C8
        """,
        "core.origins": """
            word        | source | medium | campaign | referrer | click_id | channel     | rule
            paid search | google | cpc    | c7       | ''       | ''       | Paid Search | 1
            ''          | ''     | ''     | c7       | ''       | ''       | Unknown     |
            campaign    | ''     | ''     | c8       | ''       | ''       | Unassigned  |
            trade show  | ''     | ''     | ''       | ''       | ''       | Event       | 2
            email       | ''     | ''     | ''       | ''       | ''       | Email       | 3
        """,
        "staging.campaigns": """
            system | campaign_id | campaign_name | channel
            web    | C7          | Spring        | Email
            crm    | C8          | Fair          | Trade Show
        """,
    }, """
        touch_id | channel     | campaign | campaign_id | source
        1        | Paid Search | Spring   | C7          | Google
        2        | Unknown     | C7       | C7          |
        3        | Event       | Fair     | C8          |
    """)  # fmt: skip
