"""The deals behind each obstacle, one by one: those that marts.obstacle_rates counts."""


def test_each_closed_deal_has_its_traits_and_a_lost_one_its_reason(example):
    example("marts.obstacle_deals", {
        "marts.deals": """
            system | deal_id | pipeline | status | lead_source | size_band | product | deal_type | lost_reason
            crm    | 1       | p        | lost   | Web         | small     | A       | new       | Price
            crm    | 2       | p        | won    |             | large     |         | new       | Price
            crm    | 3       | p        | open   | Web         | small     | A       | new       |
        """,
        "core.loss_reasons": "lost_reason | reason\nPrice | price",
    }, """
        system | deal_id | pipeline | dimension | obstacle | is_lost | has_it
        crm    | 1       | p        | reason    | price    | true    | true
        crm    | 1       | p        | source    | Web      | true    | true
        crm    | 1       | p        | size band | small    | true    | true
        crm    | 1       | p        | product   | A        | true    | true
        crm    | 1       | p        | type      | new      | true    | true
        crm    | 2       | p        | source    | unknown  | false   | true
        crm    | 2       | p        | size band | large    | false   | true
        crm    | 2       | p        | product   | unknown  | false   | true
        crm    | 2       | p        | type      | new      | false   | true
    """)  # fmt: skip


def test_a_step_can_be_missing_only_before_the_furthest_one_and_where_all_entries_are_known(bench):
    found = bench.run(["marts.obstacle_deals"], {
        "marts.deals": """
            system | deal_id | pipeline | status
            crm    | stepped | p        | won
            crm    | skipped | p        | lost
            crm    | early   | p        | lost
            crm    | assumed | p        | won
        """,
        "core.stages": "pipeline | stage | stage_order | kind\np | Lead | 1 | open\np | Demo | 2 | open\np | Won | 3 | won",
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | stage_order | stage_kind | is_observed
            crm    | stepped | 1            | p        | Lead  | 1           | open       | true
            crm    | stepped | 2            | p        | Demo  | 2           | open       | true
            crm    | skipped | 1            | p        | Demo  | 2           | open       | true
            crm    | early   | 1            | p        | Lead  | 1           | open       | true
            crm    | assumed | 1            | p        | Demo  | 2           | open       | false
        """,
    })["marts.obstacle_deals"]  # fmt: skip
    steps = [(row["deal_id"], row["obstacle"], row["is_lost"], row["has_it"]) for row in found if row["dimension"] == "missing step"]
    assert sorted(steps) == [("skipped", "Lead", True, True), ("stepped", "Lead", False, False)]
