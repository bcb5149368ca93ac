"""Values in base currency, never mixed and never guessed."""


def test_amounts_in_other_currencies_need_a_rate(example):
    example("core.deals", {
        "core.parameters": """
            one | base_currency
            1   | USD
        """,
        "settings.exchange_rates": """
            currency | rate
            EUR      | 1.1
        """,
        "staging.deals": """
            system | deal_id | amount  | currency | company_amount | is_deleted | is_merged
            crm    | same    | 10.005  | USD      |                | false      | false
            crm    | none    | 10      |          |                | false      | false
            crm    | known   | 10      | EUR      |                | false      | false
            crm    | unknown | 10      | JPY      |                | false      | false
            crm    | own     | 10      | JPY      | 0.07           | false      | false
            crm    | empty   |         | JPY      |                | true       | false
        """,
    }, """
        deal_id | amount | lacks_rate | record_status
        same    | 10.01  | false      | live
        none    | 10.00  |            | live
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
