"""Who has a part in a deal, and as what: of several ways the most telling one."""


def test_a_part_comes_of_roles_conversions_actions_and_the_company(example):
    """Deal old lives on in 1. What has the id 2 elsewhere, or is no deal, does not move deal 2. From Ned on, two records of one person compete."""
    example("core.deal_people", {
        "core.as_of": "as_of\n2024-06-30",
        "core.deals": """
            system | deal_id | company | company_confidence | record_status
            crm    | 1       | crm:a   | 1                  | live
            crm    | 2       |         |                    | live
            crm    | 3       | crm:b   | 0.3                | deleted
            crm    | old     | crm:b   | 1                  | merged
            web    | 1       |         |                    | live
            web    | alien   |         |                    | live
        """,
        "core.merged_records": """
            system | entity | record_id | into_id
            crm    | deal   | old       | 1
            crm    | person | 2         | 1
            web    | deal   | 2         | 1
        """,
        "core.person_links": """
            system | person_id | person | confidence
            crm    | ann       | ann    | 1
            crm    | bob       | bob    | 0.9
            crm    | cat       | cat    | 0.95
            crm    | dan       | dan    | 1
            crm    | fay       | fay    | 1
            crm    | gus       | gus    | 1
            crm    | hal       | hal    | 0.5
            crm    | ivy       | ivy    | 1
            crm    | jon       | jon    | 1
            crm    | rey       | rey    | 1
            crm    | tia       | tia    | 1
            web    | rey       | rey    | 1
            web    | ann       | eve    | 0.7
            crm    | ned 1     | ned    | 0.9
            crm    | ned 2     | ned    | 1
            crm    | oli 1     | oli    | 0.9
            crm    | oli 2     | oli    | 1
            crm    | pam 1     | pam    | 0.6
            crm    | pam 2     | pam    | 1
            crm    | que 1     | que    | 0.9
            crm    | que 2     | que    | 1
        """,
        "staging.deal_people": """
            system | deal_id | person_id | is_primary
            crm    | 1       | ann       | true
            crm    | 1       | bob       | false
            crm    | 1       | rey       | false
            crm    | 1       | unlinked  | false
            crm    | 2       | bob       | false
            crm    | old     | cat       | false
            crm    | gone    | ann       | true
            crm    | alien   | ann       | true
            crm    | old     | tia       | false
            web    | 1       | ann       | true
            web    | 1       | rey       | false
            crm    | 2       | ned 1     | true
            crm    | 2       | oli 2     | false
            crm    | 2       | pam 1     | false
            crm    | 2       | que 1     | false
            crm    | 2       | que 2     | false
        """,
        "staging.people": """
            system | person_id | converted_deal_id
            crm    | ann       | ''
            crm    | bob       |
            crm    | cat       | old
            crm    | dan       | 1
            crm    | fay       | 2
            crm    | unlinked  | 1
            web    | ann       | 1
            crm    | ned 2     | 2
            crm    | oli 1     | 2
        """,
        "staging.activities": """
            system | activity_id | deal_id | person_id | is_done | occurred_at
            crm    | 1           | 1       | gus       | true    | 2024-06-01
            crm    | 2           | 1       | hal       |         | 2024-06-01
            crm    | 3           | 1       | ivy       |         | 2024-07-01
            crm    | 4           | 1       | ivy       | false   | 2024-06-01
            crm    | 5           | ''      | ivy       | true    | 2024-06-01
            crm    | 6           | old     | jon       | true    | 2024-06-01
            crm    | 7           | 2       | jon       | true    | 2024-06-01
            crm    | 8           | 1       | ann       | true    | 2024-06-01
            crm    | 9           | 1       | unlinked  | true    | 2024-06-01
            web    | 10          | 1       | ann       | true    | 2024-06-01
            crm    | 11          | 2       | pam 2     | true    | 2024-06-01
        """,
        "core.people": """
            person | company | company_confidence
            ann    | crm:a   | 1
            hal    | crm:a   | 1
            kim    | crm:a   | 0.9
            lee    | crm:a   | 0.5
            mia    | crm:b   | 1
            nobody |         |
        """,
    }, """
        system | deal_id | person | method         | confidence | has_role
        crm    | 1       | ann    | main contact   | 1          | true
        crm    | 1       | bob    | contact        | 0.9        | true
        crm    | 1       | cat    | converted lead | 0.95       | true
        crm    | 1       | dan    | converted lead | 1          | true
        crm    | 1       | gus    | activity       | 0.8        | true
        crm    | 1       | hal    | activity       | 0.5        | true
        crm    | 1       | jon    | activity       | 0.8        | true
        crm    | 1       | kim    | same company   | 0.6        | false
        crm    | 1       | lee    | same company   | 0.5        | false
        crm    | 1       | rey    | contact        | 1          | true
        crm    | 1       | tia    | contact        | 1          | true
        crm    | 2       | bob    | contact        | 0.9        | true
        crm    | 2       | fay    | converted lead | 1          | true
        crm    | 2       | jon    | activity       | 0.8        | true
        crm    | 2       | ned    | main contact   | 0.9        | true
        crm    | 2       | oli    | converted lead | 0.9        | true
        crm    | 2       | pam    | contact        | 0.6        | true
        crm    | 2       | que    | contact        | 1          | true
        crm    | 3       | mia    | same company   | 0.3        | false
        web    | 1       | eve    | main contact   | 0.7        | true
        web    | 1       | rey    | contact        | 1          | true
    """)  # fmt: skip
