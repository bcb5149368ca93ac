"""What a run was told, each setting as one text that a later run can compare."""


def test_each_setting_is_one_text_in_one_order(example):
    """Whatever the order of the rows: by what sorts each list, and then by its words."""
    example("core.run_settings", {
        "core.parameters": """
            one | base_currency | time_zone | business_time_zone | fiscal_year_begins | holidays | attribution_half_life_days | acquisition_lag_days
            1   | EUR           | UTC       | Europe/Madrid      | 4                  | ''       | 7                          | 60
        """,
        "settings.size_bands": "band | low\nlarge | 100\nsmall | 0\nequal | 100",
        "settings.stages": """
            pipeline | stage | stage_order | kind
            b        | Demo  | 1           | open
            a        | Won   | 2           | won
            a        | Zoo   | 1           | open
            a        | Ask   | 1           | open
        """,
        "settings.exchange_rates": "currency | rate\nUSD | 0.9\nGBP | 1.1",
        "settings.follow_up": "opens_at | closes_at | unanswered_days\n09:00 | 17:00 | 5",
        "settings.owner_time_zones": "owner | time_zone\nBen | UTC\nAna | Asia/Tokyo",
        "settings.answer_limits": "lead_source | hours\nweb | 2\nads | 1",
        "settings.automatic_mails": "pattern\nno-reply\nbounce",
        "settings.test_records": "field | pattern\nname | test\nemail | z\nemail | a",
    }, """
        setting                        | value
        base currency                  | EUR
        time zone                      | UTC
        business time zone             | Europe/Madrid
        first month of the fiscal year | 4
        holidays                       | ''
        attribution half-life in days  | 7.0
        acquisition lag in days        | 60.0
        size bands                     | small, equal, large
        stages                         | a 1 Ask open, a 1 Zoo open, a 2 Won won, b 1 Demo open
        exchange rates                 | GBP 1.1, USD 0.9
        working hours                  | 09:00-17:00
        unanswered days                | 5.0
        owner time zones               | Ana Asia/Tokyo, Ben UTC
        answer limits                  | ads 1.0, web 2.0
        automatic mails                | bounce, no-reply
        test records                   | email a, email z, name test
    """)  # fmt: skip


def test_what_is_not_set_is_empty(example):
    example("core.run_settings", {"core.parameters": "one | base_currency\n1 | EUR"}, """
        setting                        | value
        base currency                  | EUR
        time zone                      | ''
        business time zone             | ''
        first month of the fiscal year | ''
        holidays                       | ''
        attribution half-life in days  | ''
        acquisition lag in days        | ''
        size bands                     | ''
        stages                         | ''
        exchange rates                 | ''
        owner time zones               | ''
        answer limits                  | ''
        automatic mails                | ''
        test records                   | ''
    """)  # fmt: skip
