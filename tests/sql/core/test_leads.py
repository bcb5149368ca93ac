"""Who is a lead, since when, from where and whose; and of whom the exports could show an answer."""

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
    "core.parameters": "one\n1",
    "staging.activities": "system | activity_id | person_id\ncrm | 1 | x",
}


def people(example, given, expected):
    example("core.people", {**GIVEN, **given}, expected)


def test_what_a_person_is_comes_from_the_lead_record_of_a_crm_first_then_from_older_records(example):
    people(example, {
        "staging.people": """
            system  | person_id | record_type | owner_id | first_name | last_name | lead_source | lifecycle | created_at
            letters | 1         | lead        |          | A.         |           | Newsletter  | Member    | 2023-01-01
            crm     | 2         | contact     | 7        | Ana        | Ray       | Fair        | Customer  | 2024-01-01
            crm     | 3         | lead        | 8        |            |           | Web         | Working   | 2024-03-01
            crm     | 4         | lead        | 9        | Anna       |           |             | New       | 2024-02-01
        """,
        "staging.owners": "system | owner_id | owner_name | team\ncrm | 9 | Ben | North\ncrm | 7 | Cleo | South",
        "core.person_links": "\n".join(["system | person_id | person", *(f"{s} | {n} | crm:2" for n, s in enumerate(["letters", "crm", "crm", "crm"], 1))]),
    }, """
        person | person_name | owner | team  | lead_source | lead_status | has_lead_record | lead_record_at | is_in_crm | is_judged
        crm:2  | Anna        | Ben   | North | Web         | New         | true            | 2024-02-01     | true      | true
    """)  # fmt: skip


def test_the_subscriber_of_a_mailing_list_is_no_lead_and_a_lead_of_tomorrow_is_none_yet(example):
    people(example, {
        "staging.people": """
            system  | person_id | record_type | owner_id | created_at
            letters | 1         | lead        |          | 2023-01-01
            crm     | 2         | contact     | 7        | 2024-01-01
            crm     | 3         | lead        |          | 2024-07-01
            crm     | 4         | lead        |          |
        """,
        "core.person_links": "system | person_id | person\nletters | 1 | a\ncrm | 2 | b\ncrm | 3 | c\ncrm | 4 | d",
    }, """
        person | has_lead_record | lead_record_at | is_in_crm
        a      | false           |                | false
        b      | false           |                | true
        c      | false           |                | true
        d      | true            |                | true
    """)  # fmt: skip


def test_an_answer_can_be_seen_where_the_crm_of_the_person_exports_activities(example):
    people(example, {
        "staging.people": "system | person_id | owner_id\ncrm | 1 | 7\nsilent | 2 | 7\nletters | 3 |\nsilent | 4 | 7\ncrm | 5 | 7",
        "core.person_links": "system | person_id | person\ncrm | 1 | a\nsilent | 2 | b\nletters | 3 | c\nsilent | 4 | d\ncrm | 5 | d",
        "core.addresses": "email | person | is_strange\nwho@x.example | e-mail:who@x.example | true\na@x.example | a | false",
    }, """
        person               | is_judged
        a                    | true
        b                    | false
        c                    | true
        d                    | true
        e-mail:who@x.example | true
    """)  # fmt: skip


def test_test_records_and_test_addresses(example):
    people(example, {
        "staging.people": "system | person_id\ncrm | 1\ncrm | 2",
        "core.person_links": "system | person_id | person | is_test\ncrm | 1 | a | true\ncrm | 2 | a | false",
        "core.addresses": """
            email           | person      | is_strange
            me@test.example | e-mail:me   | true
            you@x.example   | e-mail:you  | true
            a@test.example  | crm:1       | false
        """,
        "settings.test_records": "field | pattern\nemails | *@test.example\nnames | you*",
    }, """
        person     | is_test
        a          | true
        e-mail:me  | true
        e-mail:you | false
    """)  # fmt: skip


def test_a_lead_arrives_with_its_record_or_its_first_request_whichever_is_first(example):
    example("core.leads", {
        "core.people": """
            person | has_lead_record | lead_record_at   | is_test | lead_source
            a      | true            | 2024-05-01 10:00 | false   | Web
            b      | true            | 2024-05-01 10:00 | false   |
            c      | true            |                  | false   |
            d      | true            |                  | false   |
            e      | false           |                  | false   |
            f      | false           |                  | false   |
            g      | true            | 2024-05-01 10:00 | true    |
            h      | true            | 2024-05-01 10:00 | false   |
        """,
        "core.inbound_signs": """
            system | sign_id | person | sign            | occurred_at      | source
            web    | 1       | a      | form            | 2024-05-01 10:00 | news
            web    | 2       | b      | meeting request | 2024-05-01 09:59 | Email
            web    | 3       | b      | form            | 2024-05-02       | news
            web    | 4       | b      | reply           | 2024-04-01       |
            web    | 5       | d      | form            | 2024-05-02       |
            web    | 6       | e      | form            | 2024-05-02       | news
            web    | 7       | f      | pricing page    | 2024-05-02       |
        """,
    }, """
        person | arrived_at       | arrived_by      | lead_source
        a      | 2024-05-01 10:00 | lead record     | Web
        b      | 2024-05-01 09:59 | meeting request | Email
        c      |                  | not known       | unknown
        d      | 2024-05-02       | form            | unknown
        e      | 2024-05-02       | form            | news
        h      | 2024-05-01 10:00 | lead record     | unknown
    """)  # fmt: skip
