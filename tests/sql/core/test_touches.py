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
        web    | last     | 2024-06-30  | a         |              |
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
        last      | ann | record | 1    | |
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


def test_clicks_of_nobody_of_somebody_else_and_what_is_no_click_are_no_machines(example):
    touched(example, """
        system | touch_id | occurred_at             | email         | touch_type
        web    | 1        | 2024-01-01 10:00:00.1   | ann@acme.com  | email click
        web    | 2        | 2024-01-01 10:00:00.5   | ann@acme.com  | email click
        web    | open     | 2024-01-01 10:00:00.9   | ann@acme.com  | email open
        web    | 3        | 2024-01-02 10:00:00     | ''            | click
        web    | 4        | 2024-01-02 10:00:00     | ''            | click
        web    | 5        | 2024-01-02 10:00:00     | ''            | click
        web    | 6        | 2024-01-03 10:00:00     | ann@acme.com  | click
        web    | 7        | 2024-01-03 10:00:00     | ann@acme.com  | click
        web    | 8        | 2024-01-03 10:00:00     | ann@acme.com  | click
        web    | other    | 2024-01-03 10:00:00     | info@acme.com | click
    """, """
        1     | ann                  | e-mail            | 0.95 |                 |
        2     | ann                  | e-mail            | 0.95 |                 |
        open  | ann                  | e-mail            | 0.95 |                 |
        3     |                      |                   |      | nobody is named |
        4     |                      |                   |      | nobody is named |
        5     |                      |                   |      | nobody is named |
        6     | ann                  | e-mail            | 0.95 |                 | machine
        7     | ann                  | e-mail            | 0.95 |                 | machine
        8     | ann                  | e-mail            | 0.95 |                 | machine
        other | e-mail:info@acme.com | mailbox of a desk | 0.5  |                 |
    """)  # fmt: skip


def test_a_device_is_one_of_its_own_system_and_a_person_seen_twice_is_one(example):
    touched(example, """
        system | touch_id | occurred_at | visitor_id
        web    | own      | 2024-05-01  | one
        web    | shared   | 2024-02-20  | v
        app    | twin     | 2024-02-20  | v
    """, """
        own    | ann | device                   | 0.8 |                     |
        shared | ann | device of several people | 0.5 |                     |
        twin   |     |                          |     | device of several people |
    """, **{"core.sightings": """
        system | visitor_id | seen_at    | person
        web    | one        | 2024-01-01 | ann
        web    | one        | 2024-02-01 | ann
        web    | v          | 2024-01-10 | ann
        web    | v          | 2024-03-01 | ann
        web    | v          | 2024-04-01 | bob
        web    | w          | 2024-02-10 | bob
        web    | w          | 2024-05-01 | ann
        app    | v          | 2024-02-15 | bob
        app    | v          | 2024-02-25 | ann
    """})  # fmt: skip


def test_what_named_a_merged_deal_is_about_the_one_it_lives_on_in(example):
    example("core.touches", {
        "core.as_of": AS_OF,
        "staging.touches": """
            system | touch_id | occurred_at | deal_id | touch_type
            crm    | merged   | 2024-01-01  | old     | visit
            crm    | kept     | 2024-01-01  | 7       |
        """,
        "staging.activities": "system | activity_id | activity_type | occurred_at | is_done | deal_id\ncrm | call | | 2024-01-01 | true | old\ncrm | demo | Demo | 2024-01-01 | true | 7",
        "core.merged_records": """
            system | entity | record_id | into_id
            crm    | deal   | old       | new
            crm    | person | 7         | 8
            web    | deal   | 7         | 9
        """,
    }, """
        side      | touch_id | touch_type | deal_id
        marketing | merged   | visit      | new
        marketing | kept     | unknown    | 7
        sales     | call     | unknown    | new
        sales     | demo     | demo       | 7
    """)  # fmt: skip


def test_a_sighting_is_said_once_by_the_record_else_by_the_address_up_to_as_of(example):
    example("core.sightings", {
        "core.as_of": AS_OF, "core.person_links": LINKS, "core.addresses": ADDRESSES,
        "staging.touches": """
            system | touch_id | occurred_at      | person_id | email        | visitor_id
            web    | 1        | 2024-01-01       | b         | ann@acme.com | v
            web    | 2        | 2024-01-01       | b         |              | v
            web    | 3        | 2024-02-01       |           | Ann@acme.com | v
            web    | 4        | 2024-06-30       | a         |              | v
            web    | 5        | 2024-06-30 00:01 | a         |              | v
            web    | 6        | 2024-01-01       | a         |              | ''
            web    | 7        | 2024-01-01       |           |              | v
            crm    | 8        | 2024-01-01       | a         |              | v
        """,
    }, """
        system | visitor_id | seen_at    | person
        web    | v          | 2024-01-01 | bob
        web    | v          | 2024-02-01 | ann
        web    | v          | 2024-06-30 | ann
    """)  # fmt: skip


def test_what_sales_did_is_a_touch_once_it_is_done(example):
    touched(example, "system | touch_id", """
        call    | ann | record | 1 | |
        meeting | ann | record | 1 | |
        alone   |     |        |   | nobody is named |
        other   |     |        |   | nobody is named |
    """, **{"staging.activities": """
        system | activity_id | activity_type | occurred_at | is_done | person_id
        web    | call        | Call          | 2024-01-01  | true    | a
        web    | meeting     | Meeting       | 2024-01-01  |         | a
        web    | planned     | Meeting       | 2024-07-02  |         | a
        web    | open        | Task          |             | false   | a
        web    | cancelled   | Meeting       | 2024-01-01  | false   | a
        web    | alone       | Call          | 2024-01-01  | true    |
        crm    | other       | Call          | 2024-01-01  | true    | a
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
            x           | google | cpc    | c7       | ''       | ''       | Other       | 9
            paid search | x      | cpc    | c7       | ''       | ''       | Other       | 9
            paid search | google | x      | c7       | ''       | ''       | Other       | 9
            paid search | google | cpc    | x        | ''       | ''       | Other       | 9
            paid search | google | cpc    | c7       | x        | ''       | Other       | 9
            paid search | google | cpc    | c7       | ''       | x        | Other       | 9
            trade show  | x      | ''     | ''       | ''       | ''       | Other       | 9
            trade show  | ''     | x      | ''       | ''       | ''       | Other       | 9
            trade show  | ''     | ''     | x        | ''       | ''       | Other       | 9
            trade show  | ''     | ''     | ''       | x        | ''       | Other       | 9
            trade show  | ''     | ''     | ''       | ''       | x        | Other       | 9
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
