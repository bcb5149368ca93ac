"""What happens along a buyer's life, and what of it is an entry into a stage."""


def test_a_life_is_told_by_histories_records_touches_and_deals(example):
    """Ann's second deal was won first; what comes later is post-sale. Bob was rated, sent back and rated again, and his words are from before his record."""
    example("marts.lifecycle_events", {
        "core.as_of": "as_of\n2024-06-30",
        "core.people": """
            person           | created_at
            ann              | 2024-01-05
            bob              | 2024-02-10
            cat              | 2024-03-01
            dot              |
            gus              |
            hal              | 2024-02-01
            e-mail:eve@x.org |
            e-mail:fay@x.org |
        """,
        "core.person_links": "system | person_id | person\ncrm | 1 | ann\ncrm | 2 | bob\ncrm | 3 | hal\nweb | 1 | cat",
        "core.addresses": "email | person\neve@x.org | e-mail:eve@x.org\nfay@x.org | e-mail:fay@x.org",
        "core.lifecycle_words": "word | stage\nlead | lead\nmql | mql\nsql | sql\nopportunity | opportunity\ncustomer | customer",
        "staging.lifecycle_changes": """
            system | person      | email       | stage       | changed_at | evidence
            crm    | 1           |             | opportunity | 2024-01-10 | history
            crm    | 2           |             | other       | 2024-01-01 | history
            crm    | 2           |             | mql         | 2024-03-01 | date column
            crm    | 2           |             | lead        | 2024-04-01 | history
            crm    | 2           |             | mql         | 2024-04-01 | history
            crm    | 2           |             | sql         | 2024-06-30 | history
            crm    | 2           |             | customer    | 2024-07-01 | history
            crm    | 3           |             | mql         | 2024-01-01 | history
            crm    | 77          | Eve@X.org   | sql         | 2024-05-01 | history
            crm    | Fay@x.org   |             | mql         | 2024-01-01 | history
            crm    | 99          |             | sql         | 2024-05-01 | history
        """,
        "core.touches": """
            person           | occurred_at | excluded
            e-mail:eve@x.org | 2024-03-01  |
            e-mail:eve@x.org | 2024-02-01  |
            e-mail:eve@x.org | 2024-01-01  | machine
            e-mail:fay@x.org | 2024-02-01  |
            cat              | 2024-02-01  |
                             | 2024-02-01  |
        """,
        "core.deal_people": """
            system | deal_id  | person | has_role
            crm    | lost     | ann    | true
            crm    | won      | ann    | true
            crm    | before   | ann    | true
            crm    | same day | ann    | true
            crm    | again    | ann    | true
            crm    | deleted  | ann    | true
            crm    | gone     | ann    | true
            crm    | other's  | ann    | false
            crm    | lost     | dot    | true
            crm    | new      | gus    | true
        """,
        "marts.deals": """
            system | deal_id  | status  | created_at | closed_at
            crm    | lost     | lost    | 2024-01-10 | 2024-03-01
            crm    | won      | won     | 2024-02-01 | 2024-04-01
            crm    | before   | open    | 2024-03-15 |
            crm    | same day | open    | 2024-04-01 |
            crm    | again    | won     | 2024-05-01 | 2024-06-01
            crm    | deleted  | deleted | 2023-01-01 |
            crm    | other's  | won     | 2023-01-01 | 2023-05-01
            crm    | new      | open    | 2024-05-01 |
            web    | lost     | won     | 2022-01-01 | 2022-02-01
        """,
    }, """
        person           | event_number | stage       | stage_order | entered_at | evidence
        ann              | 1            | lead        | 1           | 2024-01-05 | record created
        ann              | 2            | opportunity | 4           | 2024-01-10 | deal created
        ann              | 3            | customer    | 5           | 2024-04-01 | deal won
        ann              | 4            | post-sale   | 6           | 2024-05-01 | deal created
        bob              | 1            | lead        | 1           | 2024-02-10 | record created
        bob              | 2            | mql         | 2           | 2024-03-01 | lifecycle date column
        bob              | 3            | lead        | 1           | 2024-04-01 | lifecycle history
        bob              | 4            | mql         | 2           | 2024-04-01 | lifecycle history
        bob              | 5            | sql         | 3           | 2024-06-30 | lifecycle history
        cat              | 1            | lead        | 1           | 2024-03-01 | record created
        dot              | 1            | opportunity | 4           | 2024-01-10 | deal created
        gus              | 1            | opportunity | 4           | 2024-05-01 | deal created
        hal              | 1            | mql         | 2           | 2024-01-01 | lifecycle history
        e-mail:eve@x.org | 1            | lead        | 1           | 2024-02-01 | first touch
        e-mail:eve@x.org | 2            | sql         | 3           | 2024-05-01 | lifecycle history
        e-mail:fay@x.org | 1            | mql         | 2           | 2024-01-01 | lifecycle history
    """)  # fmt: skip
