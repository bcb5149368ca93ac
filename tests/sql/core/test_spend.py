"""What was spent: day by day, in base currency, under the name and the channel of its campaign."""

EMPTY = "source | medium | campaign | referrer | click_id"


def spent(example, reports, expected, **more):
    example("core.spend", {"core.as_of": "as_of\n2024-01-31 10:00", "core.parameters": "base_currency\nEUR", "staging.spend": reports, **more}, expected)


def test_a_report_of_several_days_is_spread_and_its_last_day_takes_what_does_not_divide(example):
    spent(example, """
        system | spent_on   | spent_to   | account | campaign_id | currency | spend | impressions | clicks
        ads    | 2024-01-01 | 2024-01-03 | a       | c           | EUR      | 20    | 30          | 6
        ads    | 2024-01-03 | 2024-01-03 | a       | c           | EUR      | 5     | 7           |
        ads    | 2024-01-03 | 2024-01-03 | b       | c           | EUR      | 1     |             | 2
        ads    | 2024-01-03 | 2024-01-03 | a       | d           | EUR      | 2     |             |
        ads    | 2024-01-03 | 2024-01-03 | a       | c           | USD      | 3     |             |
        tv     | 2024-01-03 | 2024-01-03 | a       | c           | EUR      | 4     |             |
        ads    | 2024-01-31 | 2024-01-31 | a       | c           | EUR      | 6     |             |
        ads    | 2024-02-01 | 2024-02-01 | a       | c           | EUR      | 7     |             |
    """, """
        system | spent_on   | account | campaign_id | currency | spend_original | spend  | impressions | clicks
        ads    | 2024-01-01 | a       | c           | EUR      | 6.6666         | 6.6666 | 10          | 2
        ads    | 2024-01-02 | a       | c           | EUR      | 6.6666         | 6.6666 | 10          | 2
        ads    | 2024-01-03 | a       | c           | EUR      | 11.6668        | 11.6668| 17          | 2
        ads    | 2024-01-03 | b       | c           | EUR      | 1              | 1      |             | 2
        ads    | 2024-01-03 | a       | d           | EUR      | 2              | 2      |             |
        ads    | 2024-01-03 | a       | c           | USD      | 3              |        |             |
        tv     | 2024-01-03 | a       | c           | EUR      | 4              | 4      |             |
        ads    | 2024-01-31 | a       | c           | EUR      | 6              | 6      |             |
    """)  # fmt: skip


def test_the_rate_is_that_of_the_day_and_what_has_none_is_unknown(example):
    spent(example, """
        system | spent_on   | spent_to   | account | campaign_id | currency | spend
        ads    | 2024-01-04 | 2024-01-04 | ''      | ''          | USD      | 8
        ads    | 2024-01-05 | 2024-01-05 | ''      | ''          | USD      | 8
        ads    | 2024-01-09 | 2024-01-09 | ''      | ''          | USD      | 8
        ads    | 2024-01-10 | 2024-01-10 | ''      | ''          | USD      | 8
        ads    | 2024-01-20 | 2024-01-20 | ''      | ''          | USD      | 0.0001
        ads    | 2024-01-20 | 2024-01-20 | ''      | ''          | GBP      | 8
        ads    | 2024-01-20 | 2024-01-20 | ''      | ''          | EUR      | 8
        ads    | 2024-01-20 | 2024-01-20 | ''      | ''          | ''       | 8
    """, """
        spent_on   | currency | campaign | spend_original | spend
        2024-01-04 | USD      | none     | 8              |
        2024-01-05 | USD      | none     | 8              | 4
        2024-01-09 | USD      | none     | 8              | 4
        2024-01-10 | USD      | none     | 8              | 3.6
        2024-01-20 | USD      | none     | 0.0001         | 0.0000
        2024-01-20 | GBP      | none     | 8              |
        2024-01-20 | EUR      | none     | 8              | 8
        2024-01-20 | ''       | none     | 8              | 8
    """, **{"core.exchange_rates": """
        currency | valid_from | valid_to   | rate
        USD      | 2024-01-05 | 2024-01-10 | 0.5
        USD      | 2024-01-10 |            | 0.45
        EUR      | 2024-01-01 |            | 3
    """})  # fmt: skip


def test_a_campaign_has_the_name_that_is_known_and_a_platform_without_channels_its_own(example):
    spent(example, """
        system     | spent_on   | spent_to   | account | campaign_id | campaign_name | channel | currency | spend
        google_ads | 2024-01-01 | 2024-01-01 | ''      | 1           | Old name      | ''      | EUR      | 1
        google_ads | 2024-01-01 | 2024-01-01 | ''      | 2           | Brand         |         | EUR      | 1
        google_ads | 2024-01-01 | 2024-01-01 | ''      | 2           | A brand       |         | EUR      | 1
        google_ads | 2024-01-01 | 2024-01-01 | ''      | 3           |               |         | EUR      | 1
        google_ads | 2024-01-01 | 2024-01-01 | ''      | 3           |               | TV      | EUR      | 1
        other      | 2024-01-01 | 2024-01-01 | ''      | 1           |               |         | EUR      | 1
        other      | 2024-01-01 | 2024-01-01 | ''      | fair        |               | odd     | EUR      | 1
        other      | 2024-01-01 | 2024-01-01 | ''      | ''          |               | odd     | EUR      | 1
    """, """
        system     | campaign_id | campaign | word       | spend | channel
        google_ads | 1           | Spring   | google ads | 1     | Paid Search
        google_ads | 2           | Brand    | google ads | 2     | Branding
        google_ads | 3           | 3        | google ads | 1     | Unassigned
        google_ads | 3           | 3        | tv         | 1     | Broadcast
        other      | 1           | 1        | other      | 1     | Unassigned
        other      | fair        | Fair     | odd        | 1     | Event
        other      | ''          | none     | odd        | 1     | Odd
    """, **{
        "staging.campaigns": """
            system     | campaign_id | campaign_name | channel
            google_ads | 1           | Spring        | trade show
            other      | fair        | Fair          | Trade_Show
        """,
        "core.origins": f"""
            word       | {EMPTY}                       | channel     | rule
            google ads | ''  | ''  | old name | ''  | '' | Paid Search | 1
            google ads | ''  | ''  | brand    | ''  | '' | Branding    | 2
            tv         | ''  | ''  | 3        | ''  | '' | Broadcast   | 3
            odd        | ''  | ''  | fair     | ''  | '' | Unassigned  |
            odd        | ''  | ''  | ''       | ''  | '' | Odd         | 4
            odd        | x   | ''  | ''       | ''  | '' | Wrong       | 5
            odd        | ''  | x   | ''       | ''  | '' | Wrong       | 5
            odd        | ''  | ''  | ''       | x   | '' | Wrong       | 5
            odd        | ''  | ''  | ''       | ''  | x  | Wrong       | 5
            trade show | ''  | ''  | ''       | ''  | '' | Event       | 6
            trade show | x   | ''  | ''       | ''  | '' | Wrong       | 7
            trade show | ''  | x   | ''       | ''  | '' | Wrong       | 7
            trade show | ''  | ''  | x        | ''  | '' | Wrong       | 7
            trade show | ''  | ''  | ''       | x   | '' | Wrong       | 7
            trade show | ''  | ''  | ''       | ''  | x  | Wrong       | 7
        """,
    })  # fmt: skip


def test_a_campaign_that_only_the_crm_knows_costs_what_the_crm_says_over_its_days(example):
    """A fair of three days, one still going on, one without a name in the reports but with its id, and those that an ad account reports under either."""
    spent(example, """
        system | spent_on   | spent_to   | account | campaign_id | campaign_name | currency | spend
        ads    | 2024-01-03 | 2024-01-03 | a       | 7           | Search        | EUR      | 5
        ads    | 2024-01-03 | 2024-01-03 | b       | ''          |               | EUR      | 1
    """, """
        system | spent_on   | account | campaign_id | campaign | channel    | currency | spend_original | spend
        ads    | 2024-01-03 | a       | 7           | Search   | Unassigned | EUR      | 5              | 5
        ads    | 2024-01-03 | b       | ''          | none     | Unassigned | EUR      | 1              | 1
        crm    | 2024-01-05 | ''      | nameless    | nameless | Event      | EUR      | 3              | 3
        crm    | 2024-01-10 | ''      | fair        | The Fair | Event      | EUR      | 33.3333        | 33.3333
        crm    | 2024-01-11 | ''      | fair        | The Fair | Event      | EUR      | 33.3333        | 33.3333
        crm    | 2024-01-12 | ''      | fair        | The Fair | Event      | EUR      | 33.3334        | 33.3334
        crm    | 2024-01-30 | ''      | road        | Roadshow | Event      | ''       | 5              | 5
        crm    | 2024-01-31 | ''      | road        | Roadshow | Event      | ''       | 5              | 5
        crm    | 2024-01-20 | ''      | talk        | Talk     | Event      | EUR      | 8              | 8
    """, **{
        "core.origins": f"word | {EMPTY} | channel | rule\nfair | '' | '' | '' | '' | '' | Event | 1",
        "staging.campaigns": """
            system | campaign_id | campaign_name | channel | starts_on  | ends_on    | cost | currency
            crm    | fair        | The Fair      | Fair    | 2024-01-10 | 2024-01-12 | 100  | EUR
            crm    | road        | Roadshow      | Fair    | 2024-01-30 | 2024-02-20 | 10   |
            crm    | talk        | Talk          | Fair    | 2024-01-20 |            | 8    | EUR
            crm    | nameless    |               | Fair    | 2024-01-05 | 2024-01-05 | 3    | EUR
            crm    | soon        | Next Fair     | Fair    | 2024-02-10 | 2024-02-12 | 100  | EUR
            crm    | never       | Undated       | Fair    |            |            | 100  | EUR
            crm    | free        | Free          | Fair    | 2024-01-10 | 2024-01-12 | 0    | EUR
            crm    | s1          | search        | Fair    | 2024-01-10 | 2024-01-12 | 50   | EUR
            crm    | 7           | Ads of ours   | Fair    | 2024-01-10 | 2024-01-12 | 50   | EUR
        """,
    })  # fmt: skip
