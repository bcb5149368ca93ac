"""Merges of merges."""


def test_a_chain_of_merges_ends_where_nothing_was_merged_away_and_a_circle_nowhere(example):
    example("core.merged_records", {
        "staging.merges": """
            system | entity | record_id | into_id
            crm    | deal   | 1         | 2
            crm    | deal   | 2         | 3
            crm    | deal   | 3         | 4
            crm    | person | 1         | 9
            crm    | deal   | 7         | 8
            crm    | deal   | 8         | 7
        """,
    }, """
        system | entity | record_id | into_id | steps
        crm    | deal   | 1         | 4       | 3
        crm    | deal   | 2         | 4       | 2
        crm    | deal   | 3         | 4       | 1
        crm    | person | 1         | 9       | 1
    """)  # fmt: skip


def test_ids_of_other_systems_and_entities_continue_no_chain(example):
    example("core.merged_records", {
        "staging.merges": """
            system | entity | record_id | into_id
            crm    | deal   | 1         | 2
            crm    | person | 2         | 3
            web    | deal   | 2         | 4
        """,
    }, """
        system | entity | record_id | into_id | steps
        crm    | deal   | 1         | 2       | 1
        crm    | person | 2         | 3       | 1
        web    | deal   | 2         | 4       | 1
    """)  # fmt: skip
