"""What a deal was worth when: recorded edits, what was before the first, and what the record says since the last."""

AS_OF = "one | as_of\n1 | 2024-06-30"


def test_before_the_first_edit_holds_the_old_value_and_after_the_last_what_the_record_says(example):
    example("core.deal_values", {
        "core.as_of": AS_OF,
        "staging.deals": """
            system | deal_id | amount | close_on   | updated_at
            crm    | edited  | 300    | 2024-05-01 | 2024-03-01
            crm    | silent  | 50     | 2024-05-01 |
            crm    | unsaid  | 300    |            |
            crm    | cleared |        |            | 2024-02-15
        """,
        "staging.deal_edits": """
            system | deal_id | field  | changed_at | old_value | new_value | knows_old
            crm    | edited  | amount | 2024-02-01 | 100.0     | 200.00    | true
            crm    | unsaid  | amount | 2024-02-01 |           | 200       | false
            crm    | unsaid  | amount | 2024-03-01 |           | 300.0000  | false
            crm    | cleared | amount | 2024-02-01 |           | 10        | true
            crm    | nobody  | amount | 2024-02-01 | 1         | 2         | true
        """,
    }, """
        deal_id | valid_from | valid_to   | amount | close_on
        edited  | 0001-01-01 | 2024-02-01 | 100    | 2024-05-01
        edited  | 2024-02-01 | 2024-03-01 | 200    | 2024-05-01
        edited  | 2024-03-01 |            | 300    | 2024-05-01
        unsaid  | 0001-01-01 | 2024-02-01 | 200    |
        unsaid  | 2024-02-01 | 2024-03-01 | 200    |
        unsaid  | 2024-03-01 |            | 300    |
        cleared | 0001-01-01 | 2024-02-01 |        |
        cleared | 2024-02-01 | 2024-02-15 | 10     |
        cleared | 2024-02-15 |            |        |
    """)  # fmt: skip


def test_what_comes_after_as_of_is_not_known_but_what_was_before_it_is(example):
    example("core.deal_values", {
        "core.as_of": AS_OF,
        "staging.deals": """
            system | deal_id | amount | owner_name | updated_at
            crm    | 1       | 900    | Ben        | 2024-12-01
        """,
        "staging.deal_edits": """
            system | deal_id | field  | changed_at | old_value | new_value | knows_old
            crm    | 1       | amount | 2024-09-01 | 400       | 900       | true
            crm    | 1       | owner  | 2024-05-01 | Ana       | Ben       | true
        """,
    }, """
        valid_from | valid_to   | amount | owner
        0001-01-01 | 2024-05-01 | 400    | Ana
        2024-05-01 |            | 400    | Ben
    """)  # fmt: skip


def test_owners_are_called_by_name_and_several_fields_change_at_once(example):
    example("core.deal_values", {
        "core.as_of": AS_OF,
        "staging.owners": """
            system | owner_id | owner_name
            crm    | 7        | Ana
            crm    | 8        | Ben
            other  | 7        | Cruz
        """,
        "staging.deals": """
            system | deal_id | amount | currency | owner_id | probability | forecast_category
            crm    | 1       | 20     | USD      | 8        | 0.5         | Commit
        """,
        "staging.deal_edits": """
            system | deal_id | field             | changed_at | old_value | new_value | knows_old
            crm    | 1       | owner             | 2024-02-01 | 7         | 8         | true
            crm    | 1       | currency          | 2024-02-01 | eur       | usd       | true
            crm    | 1       | probability       | 2024-02-01 | 0.10      | 0.5       | true
            crm    | 1       | forecast_category | 2024-02-01 | Pipeline  | Commit    | true
            crm    | 1       | close_on          | 2024-02-01 | 2024-03-01T00:00:00Z |  | true
        """,
    }, """
        valid_from | currency | owner | probability | forecast_category | close_on
        0001-01-01 | EUR      | Ana   | 0.1         | Pipeline          | 2024-03-01
        2024-02-01 | USD      | Ben   | 0.5         | Commit            |
    """)  # fmt: skip


def test_what_the_record_says_in_other_words_is_no_change_and_what_cannot_be_read_is_unknown(example):
    """Both systems have a deal 1 and an owner 8; of the deal x only one has edits, and it is owned by somebody without a name."""
    example("core.deal_values", {
        "core.as_of": AS_OF,
        "staging.owners": "system | owner_id | owner_name\ncrm | 7 | Ana\ncrm | 8 | Ben\nweb | 7 | Zed\nweb | 8 | Cruz",
        "staging.deals": """
            system | deal_id | amount | currency | owner_id | close_on   | probability | forecast_category | updated_at
            crm    | 1       | 300    | USD      | 8        | 2024-05-01 | 0.5         | Commit            | 2024-06-01
            web    | 1       | 70     | GBP      | 8        | 2024-05-02 | 0.7         | Omitted           | 2024-06-01
            crm    | x       | 2      | EUR      | 9        |            |             |                   | 2024-06-01
            web    | x       | 3      | EUR      | 9        |            |             |                   | 2024-06-01
            crm    | z       | 3      | EUR      | 9        |            |             |                   | 2024-06-01
        """,
        "staging.deal_edits": """
            system | deal_id | field             | changed_at | old_value | new_value            | knows_old
            crm    | 1       | amount            | 2024-01-15 | n/a       | 150                  | true
            crm    | 1       | amount            | 2024-02-01 | 150       | 300.00               | true
            crm    | 1       | currency          | 2024-02-01 | eur       | usd                  | true
            crm    | 1       | close_on          | 2024-02-01 | soon      | 2024-05-01T00:00:00Z | true
            crm    | 1       | owner             | 2024-01-15 | 7         | 8                    | true
            crm    | 1       | probability       | 2024-02-01 | high      | 0.50                 | true
            crm    | 1       | forecast_category | 2024-02-01 | Pipeline  | Commit               | true
            web    | 1       | amount            | 2024-01-15 | 60        | 70                   | true
            crm    | x       | amount            | 2024-06-30 | 1         | 2                    | true
            web    | z       | amount            | 2024-02-01 | 1         | 2                    | true
        """,
    }, """
        system | deal_id | valid_from | valid_to   | amount | currency | owner | close_on   | probability | forecast_category
        crm    | 1       | 0001-01-01 | 2024-01-15 |        | EUR      | Ana   |            |             | Pipeline
        crm    | 1       | 2024-01-15 | 2024-02-01 | 150    | EUR      | Ben   |            |             | Pipeline
        crm    | 1       | 2024-02-01 |            | 300    | USD      | Ben   | 2024-05-01 | 0.5         | Commit
        web    | 1       | 0001-01-01 | 2024-01-15 | 60     | GBP      | Cruz  | 2024-05-02 | 0.7         | Omitted
        web    | 1       | 2024-01-15 |            | 70     | GBP      | Cruz  | 2024-05-02 | 0.7         | Omitted
        crm    | x       | 0001-01-01 | 2024-06-30 | 1      | EUR      | 9     |            |             |
        crm    | x       | 2024-06-30 |            | 2      | EUR      | 9     |            |             |
    """)  # fmt: skip


def test_where_the_record_does_not_say_when_it_changed_it_was_with_the_last_edit(example):
    example("core.deal_values", {
        "core.as_of": AS_OF,
        "staging.deals": """
            system | deal_id | amount | currency | owner_name | close_on   | probability | forecast_category
            crm    | 1       | 1      | GBP      | Ben        | 2024-06-01 | 0.1         | Best case
        """,
        "staging.deal_edits": """
            system | deal_id | field             | changed_at | old_value  | new_value  | knows_old
            crm    | 1       | amount            | 2024-02-01 | 3          | 2          | true
            crm    | 1       | currency          | 2024-02-01 | AUD        | USD        | true
            crm    | 1       | close_on          | 2024-02-01 | 2024-03-01 | 2024-04-01 | true
            crm    | 1       | owner             | 2024-02-01 | Ana        | Cid        | true
            crm    | 1       | probability       | 2024-02-01 | 0.3        | 0.2        | true
            crm    | 1       | forecast_category | 2024-02-01 | Omitted    | Commit     | true
        """,
    }, """
        valid_from | amount | currency | owner | close_on   | probability | forecast_category
        0001-01-01 | 3      | AUD      | Ana   | 2024-03-01 | 0.3         | Omitted
        2024-02-01 | 1      | GBP      | Ben   | 2024-06-01 | 0.1         | Best case
    """)  # fmt: skip


def test_several_exports_of_a_deal_are_its_edits_where_none_is_recorded(example):
    example("staging.deal_edits", {
        "staging.snapshots": """
            system | deal_id | file | exported_at | amount | close_on   | owner
            crm    | seen    | 1    | 2024-01-05  | 100    | 2024-03-01 | Ana
            crm    | seen    | 2    | 2024-01-12  | 150    | 2024-03-01 | Ben
            crm    | seen    | 3    | 2024-01-19  | 150    |            | Ben
            crm    | told    | 1    | 2024-01-05  | 100    |            |
            crm    | told    | 2    | 2024-01-12  | 150    |            |
        """,
        "feeds.deal_edits": """
            system | deal_id | field  | changed_at | new_value | knows_old | sequence
            crm    | told    | amount | 2024-01-08 | 120       |           | 1
            crm    | told    | amount | 2024-01-08 | 150       |           | 2
            crm    | told    | colour | 2024-01-08 | red       |           | 3
            crm    | told    | amount |            | 1         |           | 4
        """,
    }, """
        deal_id | field    | changed_at | old_value  | new_value | knows_old
        seen    | amount   | 2024-01-12 | 100.0000   | 150.0000  | true
        seen    | owner    | 2024-01-12 | Ana        | Ben       | true
        seen    | close_on | 2024-01-19 | 2024-03-01 |           | true
        told    | amount   | 2024-01-08 |            | 150       | false
    """)  # fmt: skip
