"""What open deals lack of what their stage needs: deal by deal, and how complete each owner, stage and system is."""

REQUIRED = """
    pipeline | stage | field      | blinds
    p        | Demo  | amount     | a
    p        | Demo  | owner      | b
    p        | Offer | close date | c
    p        | Offer | contact    | d
"""
DEALS = """
    system | deal_id | deal_name | pipeline | stage | stage_order | status | owner | amount | expected_close_on
    crm    | 1       | One       | p        | Demo  | 1           | open   |       | 10     |
    crm    | 2       | Two       | p        | Demo  | 1           | open   | Ana   |        | 2024-01-01
    crm    | 3       | Three     | p        | Demo  | 1           | open   | Ana   | 5      |
    crm    | 4       | Four      | p        | Offer | 2           | open   | Ana   | 7      |
    crm    | 5       | Five      | p        | Offer | 2           | open   | Ana   | 9      | 2024-01-01
    crm    | 6       | Six       | p        | Won   | 3           | won    |       |        |
    crm    | 7       | Seven     | q        | Demo  | 1           | open   |       |        |
"""
PEOPLE = "system | deal_id | person_id\ncrm | 4 | x\ncrm | 5 | ''"


def test_a_deal_lacks_what_its_own_stage_needs(example):
    example("quality.missing_fields", {"core.required_fields": REQUIRED, "marts.deals": DEALS, "staging.deal_people": PEOPLE}, """
        system | deal_id | deal_name | pipeline | stage | owner | field      | amount | blinds
        crm    | 1       | One       | p        | Demo  |       | owner      | 10     | b
        crm    | 2       | Two       | p        | Demo  | Ana   | amount     |        | a
        crm    | 4       | Four      | p        | Offer | Ana   | close date | 7      | c
        crm    | 5       | Five      | p        | Offer | Ana   | contact    | 9      | d
    """)  # fmt: skip


def test_completeness_counts_what_is_there_too(example):
    example("quality.completeness", {
        "core.required_fields": REQUIRED, "marts.deals": DEALS,
        "quality.missing_fields": """
            system | deal_id | pipeline | stage | owner | field      | amount
            crm    | 1       | p        | Demo  |       | owner      | 10
            crm    | 2       | p        | Demo  | Ana   | amount     |
            crm    | 4       | p        | Offer | Ana   | close date | 7
            crm    | 5       | p        | Offer | Ana   | contact    | 9
        """,
    }, """
        system | pipeline | stage | owner   | field      | deals | missing | complete_rate | amount_blocked | blinds
        crm    | p        | Demo  | unknown | amount     | 1     | 0       | 1             | 0              | a
        crm    | p        | Demo  | unknown | owner      | 1     | 1       | 0             | 10             | b
        crm    | p        | Demo  | Ana     | amount     | 2     | 1       | 0.5           | 0              | a
        crm    | p        | Demo  | Ana     | owner      | 2     | 0       | 1             | 0              | b
        crm    | p        | Offer | Ana     | close date | 2     | 1       | 0.5           | 7              | c
        crm    | p        | Offer | Ana     | contact    | 2     | 1       | 0.5           | 9              | d
    """)  # fmt: skip


def test_the_settings_name_fields_for_all_stages_or_for_one_by_its_name(example):
    example("core.required_fields", {
        "core.stages": "pipeline | stage | stage_order | kind\np | Demo | 1 | open\nq | demo | 1 | open\np | Won | 2 | won",
        "settings.required_fields": "stage | field\nall | owner\ndemo | amount\ndemo | owner\noffer | account",
    }, """
        pipeline | stage | field  | blinds
        p        | Demo  | owner  | Figures per owner and team, and capacity.
        p        | Demo  | amount | Value of the pipeline, average size, forecast.
        q        | demo  | owner  | Figures per owner and team, and capacity.
        q        | demo  | amount | Value of the pipeline, average size, forecast.
    """)  # fmt: skip
