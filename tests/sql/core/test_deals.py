"""Values in base currency, never mixed and never guessed."""


def test_amounts_in_other_currencies_need_a_rate(example):
    example("core.deals", {
        "core.parameters": """
            one | base_currency
            1   | USD
        """,
        "core.as_of": """
            one | as_of
            1   | 2025-06-30
        """,
        "core.exchange_rates": """
            currency | valid_from | valid_to | rate
            EUR      | 0001-01-01 |          | 1.1
        """,
        "staging.deals": """
            system | deal_id | amount  | currency | company_amount | is_deleted | is_merged
            crm    | same    | 10.005  | USD      |                | false      | false
            crm    | known   | 10      | EUR      |                | false      | false
            crm    | unknown | 10      | JPY      |                | false      | false
            crm    | own     | 10      | JPY      | 0.07           | false      | false
            crm    | empty   |         | JPY      |                | true       | false
        """,
    }, """
        deal_id | amount | lacks_rate | record_status
        same    | 10.01  | false      | live
        known   | 11.00  | false      | live
        unknown |        | true       | live
        own     | 0.07   | false      | live
        empty   |        | false      | deleted
    """)  # fmt: skip


def test_the_base_currency_is_the_most_frequent_one_unless_set(example):
    deals = """
        system | deal_id | currency
        crm    | 1       | EUR
        crm    | 2       | EUR
        crm    | 3       | USD
    """
    for setting, base, why in (("''", "EUR", "the most frequent currency of the deals"), ("CHF", "CHF", "settings")):
        run = f"""
            base_currency
            {setting}
        """
        example("core.parameters", {"staging.deals": deals, "settings.run": run}, f"""
            base_currency | base_currency_from
            {base}        | {why}
        """)  # fmt: skip


def test_a_closed_deal_is_worth_what_it_was_when_it_closed_and_an_open_one_what_it_is(example):
    example("core.deals", {
        "core.parameters": """
            one | base_currency
            1   | EUR
        """,
        "core.as_of": """
            one | as_of
            1   | 2025-06-30 18:00
        """,
        "core.exchange_rates": """
            currency | valid_from | valid_to   | rate
            USD      | 2025-01-01 | 2025-03-01 | 0.96
            USD      | 2025-03-01 | 2025-06-30 | 0.92
            USD      | 2025-06-30 |            | 0.85
        """,
        "core.stages": """
            pipeline | stage | kind
            default  | Lost  | lost
            default  | Demo  | open
        """,
        "staging.deals": """
            system | deal_id | pipeline | stage | crm_status | amount | currency | close_on   | is_deleted | is_merged
            crm    | early   | default  | Demo  | won        | 100    | USD      | 2024-12-31 | false      | false
            crm    | won     | default  | Demo  | won        | 100    | USD      | 2025-02-28 | false      | false
            crm    | lost    | default  | Lost  |            | 100    | USD      | 2025-03-01 | false      | false
            crm    | late    | default  | Demo  | open       | 100    | USD      | 2025-02-01 | false      | false
            crm    | open    | default  | Demo  |            | 100    | USD      | 2025-12-01 | false      | false
        """,
    }, """
        deal_id | amount | lacks_rate | exchange_rate | rate_on
        early   |        | true       |               |
        won     | 96     | false      | 0.96          | 2025-01-01
        lost    | 92     | false      | 0.92          | 2025-03-01
        late    | 85     | false      | 0.85          | 2025-06-30
        open    | 85     | false      | 0.85          | 2025-06-30
    """)  # fmt: skip


def test_the_value_in_company_currency_is_used_only_where_that_is_the_base_currency(example):
    given = {
        "core.parameters": """
            one | base_currency
            1   | EUR
        """,
        "core.as_of": """
            one | as_of
            1   | 2025-06-30
        """,
        "staging.deals": """
            system | deal_id | amount | currency | company_amount | is_deleted | is_merged
            home   | 1       | 100    | EUR      | 100            | false      | false
            home   | 2       | 100    | USD      | 85             | false      | false
            away   | 3       | 100    | EUR      | 118            | false      | false
            away   | 4       | 100    | USD      | 100            | false      | false
            away   | 5       | 200    | EUR      | 236            | false      | false
        """,
    }
    example("core.deals", given, """
        deal_id | amount | lacks_rate
        1       | 100    | false
        2       | 85     | false
        3       | 100    | false
        4       |        | true
        5       | 200    | false
    """)  # fmt: skip


def test_deals_that_the_settings_call_tests_are_marked(example):
    example("core.deals", {
        "settings.test_records": """
            field | pattern
            names | *test*
            names | a test*
            ids   | x-*
        """,
        "core.as_of": """
            as_of
            2024-06-30
        """,
        "core.parameters": """
            base_currency
            EUR
        """,
        "staging.deals": """
            system | deal_id | deal_name  | account_name | pipeline | stage | is_deleted | is_merged | created_at
            crm    | 1       | A Test one |              | p        | s     | false      | false     | 2024-01-01
            crm    | 2       | Real       | Testers Ltd  | p        | s     | false      | false     | 2024-01-01
            crm    | X-3     | Real       |              | p        | s     | false      | false     | 2024-01-01
            crm    | 4       | Real       |              | p        | s     | false      | false     | 2024-01-01
            crm    | 5       | Test       |              | p        | s     | true       | false     | 2024-01-01
            crm    | test-6  | X-ray      |              | p        | s     | false      | false     | 2024-01-01
            web    | 1       | Real       |              | p        | s     | false      | false     | 2024-01-01
        """,
    }, """
        deal_id | record_status
        1       | test
        2       | test
        X-3     | test
        4       | live
        5       | deleted
        test-6  | live
        1       | live
    """)  # fmt: skip


def test_names_come_from_the_system_that_holds_the_deal_and_else_from_the_deal(example):
    example("core.deals", {
        "core.parameters": "one | base_currency\n1 | EUR",
        "core.as_of": "one | as_of\n1 | 2025-06-30",
        "staging.owners": """
            system | owner_id | owner_name | team
            crm    | o1       | Olga       | East
            crm    | o9       | Nobody     | West
            other  | o2       | Stranger   | South
        """,
        "staging.accounts": """
            system | account_id | account_name
            crm    | a1         | Acme
            crm    | a9         | Nothing
            other  | a2         | Strange
        """,
        "staging.campaigns": """
            system | campaign_id | campaign_name
            crm    | c1          | Spring
            crm    | c9          | Never
            other  | c2          | Strange
        """,
        "staging.deals": """
            system | deal_id | owner_id | owner_name | account_id | account_name | campaign_id | is_deleted | is_merged
            crm    | known   | o1       | old name   | a1         | old name     | c1          | false      | false
            crm    | told    | o2       | Oskar      | a2         | Apex         | c2          | false      | true
            crm    | bare    | o3       |            | a3         |              |             | false      | false
        """,
    }, """
        deal_id | owner | team | account | campaign | record_status
        known   | Olga  | East | Acme    | Spring   | live
        told    | Oskar |      | Apex    | c2       | merged
        bare    | o3    |      |         |          | live
    """)  # fmt: skip


def test_a_rate_is_named_only_where_it_was_used(example):
    example("core.deals", {
        "core.parameters": "one | base_currency\n1 | EUR",
        "core.as_of": "one | as_of\n1 | 2025-06-30",
        "core.exchange_rates": """
            currency | valid_from | valid_to | rate
            EUR      | 2020-01-01 |          | 1
            USD      | 2020-01-01 |          | 0.90
        """,
        "staging.deals": """
            system | deal_id | amount | currency | company_amount | is_deleted | is_merged
            crm    | home    | 10     | EUR      |                | false      | false
            crm    | away    | 10     | USD      |                | false      | false
            crm    | told    | 10     | USD      | 8              | false      | false
        """,
    }, """
        deal_id | amount | exchange_rate | rate_on
        home    | 10     |               |
        away    | 9      | 0.9           | 2020-01-01
        told    | 8      |               |
    """)  # fmt: skip


def test_without_any_currency_there_is_no_base_and_a_tie_goes_by_the_alphabet(example):
    run = "base_currency\n''"
    example("core.parameters", {"settings.run": run, "staging.deals": "system | deal_id | currency\ncrm | 1 |\ncrm | 2 |"}, """
        one | base_currency | base_currency_from
        1   | ''            | no currency is named anywhere
    """)  # fmt: skip
    example("core.parameters", {"settings.run": run, "staging.deals": "system | deal_id | currency\ncrm | 1 |\ncrm | 2 |\ncrm | 3 | USD\ncrm | 4 | EUR"}, """
        one | base_currency | base_currency_from
        1   | EUR           | the most frequent currency of the deals
    """)  # fmt: skip


def test_an_amount_without_a_currency_is_in_the_only_one_its_crm_uses_or_in_none(example):
    example("core.deals", {
        "core.parameters": """
            one | base_currency
            1   | EUR
        """,
        "core.as_of": """
            one | as_of
            1   | 2025-06-30
        """,
        "core.exchange_rates": """
            currency | valid_from | valid_to | rate
            USD      | 0001-01-01 |          | 0.9
        """,
        "staging.deals": """
            system  | deal_id | amount | currency | company_amount | is_deleted | is_merged
            several | 1       | 10     | EUR      |                | false      | false
            several | 2       | 10     | USD      |                | false      | false
            several | 3       | 10     |          |                | false      | false
            several | 4       | 10     |          | 9              | false      | false
            dollars | 5       | 10     | USD      |                | false      | false
            dollars | 6       | 10     |          |                | false      | false
            silent  | 7       | 10     |          |                | false      | false
        """,
    }, """
        deal_id | amount | currency | lacks_currency | lacks_rate
        1       | 10     | EUR      | false          | false
        2       | 9      | USD      | false          | false
        3       |        |          | true           |
        4       | 9      |          | false          | false
        5       | 9      | USD      | false          | false
        6       | 9      | USD      | false          | false
        7       | 10     |          | false          |
    """)  # fmt: skip


def test_the_company_is_that_of_the_account_else_of_its_name_in_one_crm(example):
    example("core.deals", {
        "core.as_of": "as_of\n2024-06-30",
        "core.parameters": "base_currency\nEUR",
        "staging.deals": """
            system | deal_id | account_id | account_name
            crm    | linked  | a          | Acme
            other  | linked  | x          | Acme Inc
            crm    | alone   | b          | Beta
            crm    | named   |            | " Gamma "
            crm    | blank   | ''         | ''
        """,
        "core.account_links": "system | account_id | account | confidence\ncrm | a | crm:a | 1\nother | x | crm:a | 0.9",
    }, """
        system | deal_id | company              | company_confidence
        crm    | linked  | crm:a                | 1
        other  | linked  | crm:a                | 0.9
        crm    | alone   | crm:b                | 1
        crm    | named   | crm, by name: " gamma " | 1
        crm    | blank   |                      | 1
    """)  # fmt: skip
