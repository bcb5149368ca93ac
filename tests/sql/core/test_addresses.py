"""Whom an address means: the record that bears it, a desk, or a person whom no record knows."""


def test_every_address_means_somebody_and_a_desk_that_several_records_bear_itself(example):
    example("core.addresses", {
        "staging.people": """
            system | person_id | email
            crm    | 1         | ana@acme.com
            crm    | 2         | info@acme.com
            crm    | 3         | sales@beta.org
            crm    | 4         | sales@beta.org
        """,
        "core.person_links": "\n".join(["system | person_id | person", *(f"crm | {n} | crm:{n}" for n in range(1, 5))]),
        "core.mailboxes": """
            email                    | key            | domain
            ana@acme.com             | ana@acme.com   | acme.com
            ana+news@acme.com        | ana@acme.com   | acme.com
            info@acme.com            | ''             | acme.com
            sales@beta.org           | ''             | beta.org
            eve@gmail.com            | eve@gmail.com  | ''
            contact@shop.gamma.co.uk | ''             | gamma.co.uk
            kim@delta.com            | kim@delta.com  | delta.com
        """,
    }, """
        email                    | person                          | is_strange | method            | confidence | domain
        ana@acme.com             | crm:1                           | false      | e-mail            | 0.95       | acme.com
        ana+news@acme.com        | crm:1                           | false      | e-mail            | 0.95       | acme.com
        info@acme.com            | crm:2                           | false      | mailbox of a desk | 0.5        | acme.com
        sales@beta.org           | e-mail:sales@beta.org           | true       | mailbox of a desk | 0.5        | beta.org
        eve@gmail.com            | e-mail:eve@gmail.com            | true       | e-mail            | 0.95       | ''
        contact@shop.gamma.co.uk | e-mail:contact@shop.gamma.co.uk | true       | mailbox of a desk | 0.5        | gamma.co.uk
        kim@delta.com            | e-mail:kim@delta.com            | true       | e-mail            | 0.95       | delta.com
    """)  # fmt: skip


def test_all_spellings_of_an_address_mean_whom_the_first_of_them_means(example):
    example("core.addresses", {
        "staging.people": "system | person_id | email\ncrm | 1 | b@acme.com\nweb | 2 | b+x@acme.com\ncrm | 3 | b+x@acme.com",
        "core.person_links": "system | person_id | person\ncrm | 1 | crm:1\nweb | 2 | crm:9\ncrm | 3 | crm:8",
        "core.mailboxes": "email | key\nb@acme.com | b@acme.com\nb+x@acme.com | b@acme.com\nb+y@acme.com | b@acme.com",
    }, """
        email        | person | is_strange
        b+x@acme.com | crm:8  | false
        b@acme.com   | crm:8  | false
        b+y@acme.com | crm:8  | false
    """)  # fmt: skip


def test_addresses_come_from_records_touches_and_changes_of_lifecycle_in_one_form(example):
    example("core.mailboxes", {
        "staging.people": "system | person_id | email\ncrm | 1 | ana@acme.com\ncrm | 2 |\ncrm | 3 | ''",
        "staging.touches": "system | touch_id | email\nweb | 1 | Ana+news@ACME.com\nweb | 2 | e.ve@gmail.com\nweb | 3 | contact@shop.gamma.co.uk\nweb | 4 |",
        "staging.lifecycle_changes": "system | person | email\nweb | x | kim@delta.com\nweb | y | nobody",
    }, """
        email                    | key           | domain
        ana@acme.com             | ana@acme.com  | acme.com
        ana+news@acme.com        | ana@acme.com  | acme.com
        e.ve@gmail.com           | eve@gmail.com | ''
        contact@shop.gamma.co.uk | ''            | gamma.co.uk
        kim@delta.com            | kim@delta.com | delta.com
        nobody                   | ''            | ''
    """)  # fmt: skip


def test_a_domain_of_two_companies_is_of_none(example):
    example("core.company_domains", {
        "staging.accounts": """
            system | account_id | website
            crm    | a          | https://www.acme.com/x
            crm    | b          | beta.org
            crm    | c          | www.beta.org
            crm    | d          | gmail.com
            other  | e          | acme.com
        """,
        "core.account_links": "system | account_id | account\ncrm | a | crm:a\ncrm | b | crm:b\ncrm | c | crm:c\ncrm | d | crm:d\nother | e | crm:a",
    }, """
        domain   | company
        acme.com | crm:a
    """)  # fmt: skip
