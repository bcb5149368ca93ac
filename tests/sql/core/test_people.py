"""One person of several records: whose record says what, for whom they work, and whether an answer would be seen."""

RECORDS = "system | person_id | record_type | created_at | owner_id | email | first_name | last_name | lead_source | lifecycle | company_name | account_id"


def people(example, links, records, expected, **more):
    example("core.people", {
        "core.as_of": "as_of\n2024-06-30", "core.person_links": f"person | system | person_id | is_test\n{links}", "staging.people": f"{RECORDS}\n{records}", **more,
    }, expected)  # fmt: skip


def test_lead_records_of_crms_speak_first_then_other_records_of_crms_then_the_rest(example):
    """Ann's mailing list is the oldest, but no CRM; of her two leads the older one goes first, with the younger one's words where it has none."""
    people(example, """
        ann | mail | 1 | false
        ann | crm  | 1 | false
        ann | crm  | 2 | false
        ann | crm  | 3 | false
        bob | sf   | 1 | false
        bob | sf   | 2 | true
        cat | crm  | 4 |
        gus | crm  | 8 | false
        gus | crm  | 9 | false
        gus | sf   | 8 | false
    """, """
        mail | 1 | contact | 2020-01-01 |    | ann@mail.org | Mail | Ann  | List | sub      | Mail Inc |
        crm  | 1 | contact | 2024-02-01 | o1 | ann@old.org  | Old  | Ann  | Web  | customer |          | a1
        crm  | 2 | lead    | 2024-03-01 | '' | ''           |      |      | ''   | Open     | Acme     | a2
        crm  | 3 | lead    | 2024-04-01 | o9 | ann@new.org  | New  | Ann  |      | Closed   | Beta     | a3
        sf   | 1 | lead    | 2024-01-01 | o1 |              |      |      |      |          |          |
        sf   | 2 | contact | 2023-01-01 |    |              |      | Bob  |      | customer |          |
        sf   | 3 | contact | 2023-01-01 |    | x@y.org      | X    | Y    |      |          |          |
        crm  | 4 | contact | 2024-01-01 | o1 |              |      |      |      |          |          | a1
        crm  | 8 | contact | 2024-01-01 |    | g8@x.org     |      |      |      |          |          |
        crm  | 9 | contact | 2024-01-01 |    | g9@x.org     |      |      |      |          |          |
        sf   | 8 | contact | 2024-01-01 |    | s8@x.org     |      |      |      |          |          |
    """, """
        person | person_name | email       | records | is_test | created_at | lead_source | lead_status | lead_record_at | owner | team | company | company_method        | company_confidence | company_name
        ann    | New Ann     | ann@new.org | 4       | false   | 2020-01-01 | Web         | Open        | 2024-03-01     | o9    |      | crm:a   | account of the record | 1                  | Acme
        bob    | Bob         |             | 2       | true    | 2023-01-01 |             |             | 2024-01-01     | Sol   | T2   |         |                       |                    |
        cat    |             |             | 1       | false   | 2024-01-01 |             |             |                | Olga  | T1   | crm:b   | account of the record | 1                  |
        gus    |             | g8@x.org    | 3       | false   | 2024-01-01 |             |             |                |       |      |         |                       |                    |
    """, **{
        "staging.owners": "system | owner_id | owner_name | team\ncrm | o1 | Olga | T1\nsf | o1 | Sol | T2",
        "core.account_links": """
            system | account_id | account | confidence
            crm    | a1         | crm:b   | 1
            crm    | a2         | crm:z   | 0.9
            crm    | a3         | crm:a   | 1
            sf     | a1         | sf:q    | 1
        """,
        "core.addresses": "email | person | is_strange | domain\nann@new.org | ann | false | new.org",
        "core.company_domains": "domain | company\nnew.org | crm:new",
    })  # fmt: skip


def test_a_lead_counts_once_its_record_is_there_and_of_a_merged_record_only_the_id_may_be_left(example):
    people(example, """
        dan | crm | 5  | false
        eve | crm | 6  | false
        fay | crm | 7  | false
        hal | crm | 99 | true
        ian | web | 1  | false
    """, """
        crm | 5 | lead    | 2024-06-30 | o |  |  |  |  | New | |
        crm | 6 | lead    | 2024-06-30 00:01 | o |  |  |  |  | New | |
        crm | 7 | lead    |            | o |  |  |  |  | New | |
        web | 1 | lead    | 2024-01-01 |   |  |  |  |  | New | |
    """, """
        person | records | is_test | has_lead_record | lead_record_at | lead_status | is_in_crm
        dan    | 1       | false   | true            | 2024-06-30     | New         | true
        eve    | 1       | false   | false           |                |             | true
        fay    | 1       | false   | true            |                | New         | true
        hal    | 0       | true    | false           |                |             | false
        ian    | 1       | false   | false           |                |             | false
    """)  # fmt: skip


def test_an_answer_would_be_seen_where_the_persons_own_crm_records_what_is_done(example):
    """Activities that name neither a person nor a deal say nothing; a system without owners is no CRM, whatever it records."""
    people(example, """
        ann | crm  | 1 | false
        ann | crm  | 2 | false
        bob | sf   | 1 | false
        jon | cold | 1 | false
        jon | mail | 2 | false
        kit | mail | 3 | false
    """, """
        crm  | 1 | contact | | o  | | | | | | |
        crm  | 2 | contact | | o  | | | | | | |
        sf   | 1 | contact | | o  | | | | | | |
        cold | 1 | contact | | o  | | | | | | |
        mail | 2 | contact | | '' | | | | | | |
        mail | 3 | contact | |    | | | | | | |
    """, """
        person | records | is_in_crm | is_judged
        ann    | 2       | true      | true
        bob    | 1       | true      | true
        jon    | 2       | true      | false
        kit    | 1       | false     | true
    """, **{"staging.activities": """
        system | activity_id | person_id | deal_id
        crm    | 1           | 1         | ''
        crm    | 2           | 1         |
        sf     | 1           | ''        | d
        cold   | 1           | ''        | ''
        mail   | 1           | 2         |
    """})  # fmt: skip


def test_an_address_without_a_record_is_a_person_whose_company_is_known_by_the_domain(example):
    people(example, "ann | web | 1 | false", "web | 1 | contact | | | ann@x.org | | | | | |", """
        person           | email         | records | is_test | has_lead_record | is_in_crm | is_judged | company | company_method       | company_confidence | domain
        ann              | ann@x.org     | 1       | false   | false           | false     | false     |         |                      |                    | x.org
        e-mail:ok@y.org  | ok@y.org      | 0       | false   | false           | false     | false     | crm:y   | domain of the e-mail | 0.9                | y.org
        e-mail:zed@z.org | zed+1@z.org   | 0       | true    | false           | false     | false     |         |                      |                    |
    """, **{
        "core.addresses": """
            email       | person           | is_strange | domain
            ann@x.org   | ann              | false      | x.org
            ok@y.org    | e-mail:ok@y.org  | true       | y.org
            zed+1@z.org | e-mail:zed@z.org | true       | ''
            zed@z.org   | e-mail:zed@z.org | true       | ''
        """,
        "core.company_domains": "domain | company\ny.org | crm:y",
        "settings.test_records": "field | pattern\nemails | zed@*\ndeals | *",
    })  # fmt: skip
