"""What came, what moved, what left: each on its own line, and nothing left over."""

import pytest

DEALS = """
    system | deal_id | currency | exchange_rate | lacks_rate
    crm    | 1       | EUR      |               | false
    crm    | 2       | EUR      |               | false
    crm    | 3       | EUR      |               | false
    crm    | 4       | EUR      |               | false
"""
QUARTER = """
    period  | period_start | ends_before | last_day   | is_running
    quarter | 2024-01-01   | 2024-04-01  | 2024-03-31 | false
"""
RUNNING = """
    period  | period_start | ends_before | last_day   | is_running
    quarter | 2024-01-01   | 2024-04-01  | 2024-02-15 | true
    all     | 2023-12-01   |             | 2024-02-15 | true
"""


def days(first, last):
    """All days of some months, as core.calendar has them."""
    return [{"day": f"{month}-{day:02}"} for month in (first, last) for day in range(1, 29)] + [{"day": f"{m}-{d}"} for m, d in (("2023-12", 31), ("2024-03", 31))]


@pytest.fixture
def waterfall(bench):
    """The entries of a scope, from states that are drawn without what all have in common."""

    def check(states, expected, periods=QUARTER, deals=DEALS, **given):
        tables = {"core.deal_states": states, "core.periods": periods, "core.deals": deals, "core.parameters": "one | base_currency\n1 | EUR"}
        bench.check("marts.waterfall_deals", tables | {f"core.{name}": rows for name, rows in given.items()}, expected)

    return check


def test_a_deal_may_come_grow_and_be_won_in_one_period(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | close_on
        crm    | 1       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 100    | 2024-03-31
        crm    | 1       | 2            | 2024-02-01 | 2024-02-09 | p        | open | Ana   | 130    | 2024-03-31
        crm    | 1       | 3            | 2024-02-09 | 2024-03-31 | p        | open | Ana   | 120    | 2024-03-31
        crm    | 1       | 4            | 2024-03-31 |            | p        | won  | Ana   | 120    | 2024-03-31
    """, """
        scope | period  | period_start | pipeline | owner | line       | deals | amount | deals_without_amount
        open  | quarter | 2024-01-01   | p        | Ana   | created    | 1     | 100    | 0
        open  | quarter | 2024-01-01   | p        | Ana   | value up   | 0     | 30     | 0
        open  | quarter | 2024-01-01   | p        | Ana   | value down | 0     | -10    | 0
        open  | quarter | 2024-01-01   | p        | Ana   | won        | -1    | -120   | 0
        due   | quarter | 2024-01-01   | p        | Ana   | created    | 1     | 100    | 0
        due   | quarter | 2024-01-01   | p        | Ana   | value up   | 0     | 30     | 0
        due   | quarter | 2024-01-01   | p        | Ana   | value down | 0     | -10    | 0
        due   | quarter | 2024-01-01   | p        | Ana   | won        | -1    | -120   | 0
    """)  # fmt: skip


def test_what_happens_on_the_first_day_of_the_next_period_belongs_there(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2023-12-31 | 2024-04-01 | p        | open | Ana   | 100
        crm    | 1       | 2            | 2024-04-01 |            | p        | lost | Ana   | 100
        crm    | 2       | 1            | 2023-12-01 | 2024-01-01 | p        | open | Ana   | 50
        crm    | 2       | 2            | 2024-01-01 |            | p        | lost | Ana   | 50
        crm    | 3       | 1            | 2024-04-01 |            | p        | open | Ana   | 7
        crm    | 4       | 1            | 2023-12-01 | 2023-12-31 | p        | open | Ana   | 9
        crm    | 4       | 2            | 2023-12-31 |            | p        | won  | Ana   | 9
    """, """
        deal_id | scope | line    | deals | amount
        1       | open  | opening | 1     | 100
        1       | open  | closing | 1     | 100
        2       | open  | opening | 1     | 50
        2       | open  | lost    | -1    | -50
    """)  # fmt: skip


def test_the_close_date_pulls_a_deal_into_a_period_and_pushes_it_out(waterfall):
    """What changes at the very moment comes in as it is then, and goes out as it was."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | close_on
        crm    | 1       | 1            | 2023-12-01 | 2024-01-10 | p        | open | Ana   | 100    | 2024-04-01
        crm    | 1       | 2            | 2024-01-10 | 2024-02-01 | p        | open | Ana   | 110    | 2024-03-31
        crm    | 1       | 3            | 2024-02-01 | 2024-03-01 | p        | open | Ana   | 80     | 2024-03-31
        crm    | 1       | 4            | 2024-03-01 |            | p        | open | Ben   | 60     | 2024-04-01
        crm    | 2       | 1            | 2023-12-01 | 2024-02-01 | p        | open | Ana   | 5      | 2024-01-01
        crm    | 2       | 2            | 2024-02-01 |            | p        | open | Ana   | 5      |
    """, """
        scope | deal_id | owner | line                 | deals | amount
        due   | 1       | Ana   | pulled in            | 1     | 110
        due   | 1       | Ana   | value down           | 0     | -30
        due   | 1       | Ana   | pushed out           | -1    | -80
        due   | 2       | Ana   | opening              | 1     | 5
        due   | 2       | Ana   | pushed out           | -1    | -5
        open  | 1       | Ana   | opening              | 1     | 100
        open  | 1       | Ana   | value up             | 0     | 10
        open  | 1       | Ana   | value down           | 0     | -50
        open  | 1       | Ana   | moved between owners | -1    | -60
        open  | 1       | Ben   | moved between owners | 1     | 60
        open  | 1       | Ben   | closing              | 1     | 60
        open  | 2       | Ana   | opening              | 1     | 5
        open  | 2       | Ana   | closing              | 1     | 5
    """)  # fmt: skip


def test_a_reopened_deal_was_not_created_again(waterfall):
    """Each time counts: reopened twice are two."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2023-12-01 | 2023-12-05 | p        | open | Ana   | 100
        crm    | 1       | 2            | 2023-12-05 | 2024-01-05 | p        | lost | Ana   | 100
        crm    | 1       | 3            | 2024-01-05 | 2024-01-09 | p        | open | Ana   | 100
        crm    | 1       | 4            | 2024-01-09 | 2024-02-01 | p        | won  | Ana   | 100
        crm    | 1       | 5            | 2024-02-01 |            | p        | open | Ana   | 90
        crm    | 2       | 1            | 2024-01-01 | 2024-01-02 | p        | won  | Ana   | 1
        crm    | 2       | 2            | 2024-01-02 |            | p        | open | Ana   | 1
    """, """
        deal_id | line     | deals | amount
        1       | reopened | 2     | 190
        1       | won      | -1    | -100
        1       | closing  | 1     | 90
        2       | created  | 1     | 1
        2       | closing  | 1     | 1
    """)  # fmt: skip


def test_deleted_and_merged_deals_have_lines_of_their_own_unless_they_were_closed_before(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind    | owner | amount
        crm    | 1       | 1            | 2023-12-01 | 2024-01-05 | p        | open    | Ana   | 100
        crm    | 1       | 2            | 2024-01-05 |            | p        | deleted | Ana   | 100
        crm    | 2       | 1            | 2024-01-01 | 2024-01-05 | p        | open    | Ana   | 50
        crm    | 2       | 2            | 2024-01-05 |            | p        | merged  | Ana   | 50
        crm    | 3       | 1            | 2024-01-01 | 2024-01-05 | p        | open    | Ana   | 7
        crm    | 3       | 2            | 2024-01-05 | 2024-01-06 | p        | won     | Ana   | 7
        crm    | 3       | 3            | 2024-01-06 |            | p        | deleted | Ana   | 7
    """, """
        deal_id | line    | deals | amount
        1       | opening | 1     | 100
        1       | deleted | -1    | -100
        2       | created | 1     | 50
        2       | merged  | -1    | -50
        3       | created | 1     | 7
        3       | won     | -1    | -7
    """)  # fmt: skip


def test_a_deal_leaves_its_pipeline_and_its_owner_for_the_new_ones_with_its_new_value(waterfall):
    """Its value changes where it was; then it moves between pipelines, then between owners; back and forth nets to nothing."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | 100
        crm    | 1       | 2            | 2024-01-05 |            | q        | open |       | 140
        crm    | 2       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | 5
        crm    | 2       | 2            | 2024-01-05 | 2024-01-06 | p        | open | Ben   | 5
        crm    | 2       | 3            | 2024-01-06 |            | p        | open | Ana   | 5
    """, """
        deal_id | pipeline | owner   | line                    | deals | amount
        1       | p        | Ana     | opening                 | 1     | 100
        1       | p        | Ana     | value up                | 0     | 40
        1       | p        | Ana     | moved between pipelines | -1    | -140
        1       | q        | Ana     | moved between pipelines | 1     | 140
        1       | q        | Ana     | moved between owners    | -1    | -140
        1       | q        | unknown | moved between owners    | 1     | 140
        1       | q        | unknown | closing                 | 1     | 140
        2       | p        | Ana     | opening                 | 1     | 5
        2       | p        | Ana     | closing                 | 1     | 5
    """)  # fmt: skip


def test_a_deal_without_an_amount_is_counted_and_its_first_amount_is_value_up(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   |
        crm    | 1       | 2            | 2024-01-05 | 2024-01-06 | p        | open | Ana   | 0
        crm    | 1       | 3            | 2024-01-06 | 2024-01-07 | p        | open | Ana   | 80
        crm    | 1       | 4            | 2024-01-07 |            | p        | open | Ana   |
        crm    | 2       | 1            | 2024-01-01 | 2024-01-05 | p        | open | Ana   |
        crm    | 2       | 2            | 2024-01-05 |            | p        | lost | Ana   |
        crm    | 3       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | 0
        crm    | 3       | 2            | 2024-01-05 |            | p        | open | Ana   |
    """, """
        deal_id | line       | deals | amount | deals_without_amount
        1       | opening    | 1     | 0      | 1
        1       | value up   | 0     | 80     | -1
        1       | value down | 0     | -80    | 1
        1       | closing    | 1     | 0      | 1
        2       | created    | 1     | 0      | 1
        2       | lost       | -1    | 0      | -1
        3       | opening    | 1     | 0      | 0
        3       | value down | 0     | 0      | 1
        3       | closing    | 1     | 0      | 1
    """)  # fmt: skip


def test_several_things_at_one_moment_still_add_up(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2024-01-05 | 2024-01-05 | p        | open | Ana   | 100
        crm    | 1       | 2            | 2024-01-05 | 2024-01-05 | p        | open | Ana   | 70
        crm    | 1       | 3            | 2024-01-05 | 2024-01-05 | p        | won  | Ana   | 70
        crm    | 1       | 4            | 2024-01-05 | 2024-01-05 | q        | open | Ana   | 70
        crm    | 1       | 5            | 2024-01-05 |            | q        | lost | Ana   | 70
    """, """
        pipeline | line       | deals | amount
        p        | created    | 1     | 100
        p        | value down | 0     | -30
        p        | won        | -1    | -70
        q        | reopened   | 1     | 70
        q        | lost       | -1    | -70
    """)  # fmt: skip


def test_the_running_period_closes_at_as_of_and_all_time_opens_with_nothing(waterfall):
    """Also not with a deal that was deleted before the first day of the others."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind    | owner | amount | close_on
        crm    | 1       | 1            | 2023-12-01 |            | p        | open    | Ana   | 100    | 2024-03-31
        crm    | 2       | 1            | 2023-10-01 | 2023-11-01 | p        | open    | Ana   | 50     | 2024-03-31
        crm    | 2       | 2            | 2023-11-01 |            | p        | deleted | Ana   | 50     | 2024-03-31
    """, """
        scope | period  | period_start | deal_id | line    | deals | amount
        open  | quarter | 2024-01-01   | 1       | opening | 1     | 100
        open  | quarter | 2024-01-01   | 1       | closing | 1     | 100
        due   | quarter | 2024-01-01   | 1       | opening | 1     | 100
        due   | quarter | 2024-01-01   | 1       | closing | 1     | 100
        open  | all     | 2023-12-01   | 1       | created | 1     | 100
        open  | all     | 2023-12-01   | 1       | closing | 1     | 100
        open  | all     | 2023-12-01   | 2       | created | 1     | 50
        open  | all     | 2023-12-01   | 2       | deleted | -1    | -50
    """, periods=RUNNING)  # fmt: skip


FOREIGN = """
    system | deal_id | currency | exchange_rate | lacks_rate
    crm    | 1       | USD      | 0.8           | false
    crm    | 2       | USD      | 0.5           | false
    crm    | 3       | USD      |               | false
    crm    | 4       | USD      | 0.8           | false
"""
RATES = """
    currency | valid_from | valid_to   | rate
    USD      | 0001-01-01 | 2024-01-01 | 1.01
    USD      | 2024-01-01 | 2024-02-01 | 1.1
    USD      | 2024-02-01 | 2024-03-01 | 1.2
    USD      | 2024-03-01 |            | 1.3
    GBP      | 0001-01-01 |            | 2
    JPY      | 2024-02-01 |            | 9
"""


def test_the_rate_of_the_day_is_the_line_currency_and_only_what_the_deal_did_is_value(waterfall):
    """Deal 1 is still open, deal 2 was won at the rate of core.deals, deal 3 the CRM converts itself."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | 80     | 100             | USD
        crm    | 1       | 2            | 2024-01-05 |            | p        | open | Ana   | 160    | 200             | USD
        crm    | 2       | 1            | 2024-02-01 | 2024-02-02 | p        | open | Ana   | 5      | 10              | USD
        crm    | 2       | 2            | 2024-02-02 |            | p        | won  | Ana   | 5      | 10              | USD
        crm    | 3       | 1            | 2023-12-01 |            | p        | open | Ana   | 33     | 100             | USD
    """, """
        deal_id | line     | deals | amount
        1       | opening  | 1     | 101
        1       | currency | 0     | 49
        1       | value up | 0     | 110
        1       | closing  | 1     | 260
        2       | created  | 1     | 12
        2       | currency | 0     | -7
        2       | won      | -1    | -5
        3       | opening  | 1     | 33
        3       | closing  | 1     | 33
    """, deals=FOREIGN, exchange_rates=RATES, calendar=days("2024-01", "2024-02"))  # fmt: skip


def test_the_running_period_closes_at_the_rate_of_the_deals(waterfall):
    """A deal that was won and reopened was won at the rate of that day."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 80     | 100             | USD
        crm    | 1       | 2            | 2024-02-01 | 2024-02-02 | p        | won  | Ana   | 80     | 100             | USD
        crm    | 1       | 3            | 2024-02-02 |            | p        | open | Ana   | 80     | 100             | USD
        crm    | 2       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 50     | 100             | USD
        crm    | 2       | 2            | 2024-02-01 |            | p        | deleted | Ana | 50    | 100             | USD
    """, """
        period  | deal_id | line     | deals | amount
        quarter | 1       | created  | 1     | 110
        quarter | 1       | currency | 0     | -30
        quarter | 1       | won      | -1    | -120
        quarter | 1       | reopened | 1     | 120
        quarter | 1       | closing  | 1     | 80
        quarter | 2       | created  | 1     | 110
        quarter | 2       | currency | 0     | 10
        quarter | 2       | deleted  | -1    | -120
    """, periods=RUNNING.replace("all     | 2023-12-01   |             | 2024-02-15 | true", ""), deals=FOREIGN, exchange_rates=RATES, calendar=days("2024-01", "2024-02"))  # fmt: skip


def test_another_currency_of_the_deal_is_the_line_currency_and_no_rate_is_no_amount(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2024-01-01 | 2024-01-05 | p        | open | Ana   | 200    | 100             | GBP
        crm    | 1       | 2            | 2024-01-05 | 2024-01-06 | p        | open | Ana   | 80     | 100             | USD
        crm    | 1       | 3            | 2024-01-06 |            | p        | open | Ana   | 90     | 90              | EUR
        crm    | 2       | 1            | 2024-01-01 |            | p        | open | Ana   |        | 10              | JPY
        crm    | 3       | 1            | 2024-01-01 | 2024-01-06 | p        | open | Ana   | 7      | 7               | EUR
        crm    | 3       | 2            | 2024-01-06 |            | p        | open | Ana   |        | 9               |
    """, """
        deal_id | line     | deals | amount | deals_without_amount
        1       | created  | 1     | 200    | 0
        1       | currency | 0     | -110   | 0
        1       | closing  | 1     | 90     | 0
        2       | created  | 1     | 0      | 1
        2       | currency | 0     | 90     | -1
        2       | closing  | 1     | 90     | 0
        3       | created  | 1     | 7      | 0
        3       | currency | 0     | -7     | 1
        3       | closing  | 1     | 0      | 1
    """, deals=FOREIGN, exchange_rates=RATES, calendar=days("2024-01", "2024-02"))  # fmt: skip


STEADY = """
    currency | valid_from | valid_to   | rate
    USD      | 2024-01-01 | 2024-04-01 | 1.1
    USD      | 2024-04-01 |            | 1.4
    GBP      | 2024-01-01 |            | 2
    JPY      | 2024-02-01 |            | 9
"""
TURNS = [{"day": day} for day in ("2024-01-01", "2024-02-01", "2024-03-01", "2024-03-31", "2024-04-01")]


def test_a_deal_due_on_the_first_day_is_due_and_one_that_was_due_before_is_not(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | close_on
        crm    | 1       | 1            | 2023-12-01 | 2024-01-10 | p        | open | Ana   | 100    | 2024-01-01
        crm    | 1       | 2            | 2024-01-10 | 2024-02-01 | p        | open | Ana   | 110    | 2024-01-01
        crm    | 1       | 3            | 2024-02-01 |            | p        | open | Ana   | 110    | 2023-12-15
    """, """
        scope | line       | deals | amount
        due   | opening    | 1     | 100
        due   | value up   | 0     | 10
        due   | pushed out | -1    | -110
        open  | opening    | 1     | 100
        open  | value up   | 0     | 10
        open  | closing    | 1     | 110
    """)  # fmt: skip


def test_a_credit_and_half_a_euro_are_amounts_too(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount
        crm    | 1       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | 0.5
        crm    | 1       | 2            | 2024-01-05 |            | p        | open | Ana   |
        crm    | 2       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   |
        crm    | 2       | 2            | 2024-01-05 |            | p        | open | Ana   | -5
        crm    | 3       | 1            | 2023-12-01 | 2024-01-05 | p        | open | Ana   | -5
        crm    | 3       | 2            | 2024-01-05 |            | p        | open | Ana   |
    """, """
        deal_id | line       | deals | amount | deals_without_amount
        1       | opening    | 1     | 0.5    | 0
        1       | value down | 0     | -0.5   | 1
        1       | closing    | 1     | 0      | 1
        2       | opening    | 1     | 0      | 1
        2       | value down | 0     | -5     | -1
        2       | closing    | 1     | -5     | 0
        3       | opening    | 1     | -5     | 0
        3       | value up   | 0     | 5      | 1
        3       | closing    | 1     | 0      | 1
    """)  # fmt: skip


def test_every_deal_has_the_rates_of_its_own_record(waterfall):
    """Deal 1 is won on the day after the quarter, deal 2 lost in it. The CRM converts deal 3, but not out of pounds; of deal 4 it has no rate."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2024-01-01 | 2024-04-01 | p        | open | Ana   | 80     | 100             | USD
        crm    | 1       | 2            | 2024-04-01 |            | p        | won  | Ana   | 80     | 100             | USD
        web    | 1       | 1            | 2023-12-01 | 2024-01-01 | p        | won  | Zoe   | 7      | 7               | EUR
        web    | 1       | 2            | 2024-01-01 | 2024-02-01 | p        | open | Zoe   | 7      | 7               | EUR
        web    | 1       | 3            | 2024-02-01 |            | p        | lost | Zoe   | 7      | 7               | EUR
        crm    | 2       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 80     | 100             | USD
        crm    | 2       | 2            | 2024-02-01 |            | p        | lost | Ana   | 80     | 100             | USD
        crm    | 3       | 1            | 2024-01-01 |            | p        | open | Ana   | 15     | 10              | GBP
        crm    | 4       | 1            | 2024-01-01 |            | p        | open | Ana   |        | 10              | JPY
    """, """
        system | deal_id | owner | line     | deals | amount | deals_without_amount
        crm    | 1       | Ana   | created  | 1     | 110    | 0
        crm    | 1       | Ana   | closing  | 1     | 110    | 0
        web    | 1       | Zoe   | created  | 1     | 7      | 0
        web    | 1       | Zoe   | lost     | -1    | -7     | 0
        crm    | 2       | Ana   | created  | 1     | 110    | 0
        crm    | 2       | Ana   | currency | 0     | -30    | 0
        crm    | 2       | Ana   | lost     | -1    | -80    | 0
        crm    | 3       | Ana   | created  | 1     | 20     | 0
        crm    | 3       | Ana   | closing  | 1     | 20     | 0
        crm    | 4       | Ana   | created  | 1     | 0      | 1
        crm    | 4       | Ana   | currency | 0     | 90     | -1
        crm    | 4       | Ana   | closing  | 1     | 90     | 0
    """, deals="""
        system | deal_id | currency | exchange_rate | lacks_rate
        crm    | 1       | USD      | 0.8           | false
        web    | 1       | EUR      |               | false
        crm    | 2       | USD      | 0.8           | false
        crm    | 3       | USD      |               | false
        crm    | 4       | JPY      |               | true
    """, exchange_rates=STEADY, calendar=TURNS)  # fmt: skip


def test_whatever_changes_changes_on_its_day_and_not_with_the_next_thing(waterfall):
    """One doubles, one turns into pounds, one changes hands, one its pipeline; the next thing comes after the quarter. Of the last deal nothing is known."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 80     | 100             | USD
        crm    | 1       | 2            | 2024-02-01 | 2024-04-01 | p        | open | Ana   | 80     | 200             | USD
        crm    | 1       | 3            | 2024-04-01 |            | p        | open | Ben   | 80     | 200             | USD
        crm    | 2       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 80     | 100             | USD
        crm    | 2       | 2            | 2024-02-01 | 2024-04-01 | p        | open | Ana   | 80     | 100             | GBP
        crm    | 2       | 3            | 2024-04-01 |            | p        | open | Ben   | 80     | 100             | GBP
        crm    | 3       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 7      | 7               | EUR
        crm    | 3       | 2            | 2024-02-01 | 2024-04-01 | p        | open | Ben   | 7      | 7               | EUR
        crm    | 3       | 3            | 2024-04-01 |            | p        | open | Ben   | 8      | 8               | EUR
        crm    | 4       | 1            | 2024-01-01 | 2024-02-01 | p        | open | Ana   | 7      | 7               | EUR
        crm    | 4       | 2            | 2024-02-01 | 2024-04-01 | q        | open | Ana   | 7      | 7               | EUR
        crm    | 4       | 3            | 2024-04-01 |            | q        | open | Ana   | 8      | 8               | EUR
        crm    | 5       | 1            | 2024-01-01 |            | p        | open |       |        |                 |
    """, """
        deal_id | pipeline | owner   | line                    | deals | amount | deals_without_amount
        1       | p        | Ana     | created                 | 1     | 110    | 0
        1       | p        | Ana     | value up                | 0     | 110    | 0
        1       | p        | Ana     | closing                 | 1     | 220    | 0
        2       | p        | Ana     | created                 | 1     | 110    | 0
        2       | p        | Ana     | currency                | 0     | 90     | 0
        2       | p        | Ana     | closing                 | 1     | 200    | 0
        3       | p        | Ana     | created                 | 1     | 7      | 0
        3       | p        | Ana     | moved between owners    | -1    | -7     | 0
        3       | p        | Ben     | moved between owners    | 1     | 7      | 0
        3       | p        | Ben     | closing                 | 1     | 7      | 0
        4       | p        | Ana     | created                 | 1     | 7      | 0
        4       | p        | Ana     | moved between pipelines | -1    | -7     | 0
        4       | q        | Ana     | moved between pipelines | 1     | 7      | 0
        4       | q        | Ana     | closing                 | 1     | 7      | 0
        5       | p        | unknown | created                 | 1     | 0      | 1
        5       | p        | unknown | closing                 | 1     | 0      | 1
    """, deals="""
        system | deal_id | currency | exchange_rate | lacks_rate
        crm    | 1       | USD      | 0.8           | false
        crm    | 2       | USD      | 0.8           | false
        crm    | 3       | EUR      |               | false
        crm    | 4       | EUR      |               | false
        crm    | 5       |          |               | false
    """, exchange_rates=STEADY, calendar=TURNS)  # fmt: skip


WEEKS = """
    period | period_start | ends_before | last_day   | is_running | previous_start
    week   | 2024-01-01   | 2024-01-08  | 2024-01-07 | false      |
    week   | 2024-01-08   | 2024-01-15  | 2024-01-14 | false      | 2024-01-01
    week   | 2024-01-15   | 2024-01-22  | 2024-01-21 | false      | 2024-01-08
    week   | 2024-01-22   | 2024-01-29  | 2024-01-24 | true       | 2024-01-15
"""


def test_of_a_week_only_what_moves_has_rows_and_what_stood_before_the_first(waterfall):
    """Deal 2 was there before anything else was; deal 3 is due in one week, and open for as long as it is."""
    waterfall("""
        system | deal_id | state_number | from_on    | to_on      | pipeline | kind | owner | amount | close_on
        crm    | 1       | 1            | 2024-01-02 | 2024-01-17 | p        | open | Ana   | 100    |
        crm    | 1       | 2            | 2024-01-17 | 2024-01-18 | p        | open | Ben   | 130    |
        crm    | 1       | 3            | 2024-01-18 |            | p        | won  | Ben   | 130    |
        crm    | 2       | 1            | 2023-12-01 | 2024-01-22 | p        | open | Ana   | 50     |
        crm    | 2       | 2            | 2024-01-22 |            | p        | deleted | Ana | 50    |
        crm    | 3       | 1            | 2024-01-07 |            | p        | open | Ana   | 7      | 2024-01-21
    """, """
        scope | period_start | deal_id | owner | line                 | deals | amount
        open  | 2024-01-01   | 1       | Ana   | created              | 1     | 100
        open  | 2024-01-15   | 1       | Ana   | value up             | 0     | 30
        open  | 2024-01-15   | 1       | Ana   | moved between owners | -1    | -130
        open  | 2024-01-15   | 1       | Ben   | moved between owners | 1     | 130
        open  | 2024-01-15   | 1       | Ben   | won                  | -1    | -130
        open  | 2024-01-01   | 2       | Ana   | opening              | 1     | 50
        open  | 2024-01-22   | 2       | Ana   | deleted              | -1    | -50
        open  | 2024-01-01   | 3       | Ana   | created              | 1     | 7
        due   | 2024-01-15   | 3       | Ana   | opening              | 1     | 7
        due   | 2024-01-15   | 3       | Ana   | closing              | 1     | 7
    """, periods=WEEKS)  # fmt: skip


def test_a_deal_in_another_currency_has_a_row_for_each_week_in_which_the_rate_moved(waterfall):
    waterfall("""
        system | deal_id | state_number | from_on    | to_on | pipeline | kind | owner | amount | amount_original | currency
        crm    | 1       | 1            | 2024-01-02 |       | p        | open | Ana   | 80     | 100             | USD
    """, """
        period_start | line     | deals | amount
        2024-01-01   | created  | 1     | 110
        2024-01-15   | currency | 0     | 20
        2024-01-22   | currency | 0     | -50
    """, periods=WEEKS, deals=FOREIGN, calendar=days("2024-01", "2024-02"), exchange_rates="""
        currency | valid_from | valid_to   | rate
        USD      | 2024-01-01 | 2024-01-17 | 1.1
        USD      | 2024-01-17 |            | 1.3
    """)  # fmt: skip


def test_what_stands_at_both_ends_of_a_week_is_what_came_and_left_until_then(bench):
    entries = """
        scope | period | period_start | system | deal_id | pipeline | owner | line     | deals | amount | deals_without_amount
        open  | week   | 2024-01-01   | crm    | 1       | p        | Ana   | opening  | 1     | 50     | 0
        open  | week   | 2024-01-01   | crm    | 2       | p        | Ana   | created  | 1     | 0      | 1
        open  | week   | 2024-01-15   | crm    | 1       | p        | Ana   | won      | -1    | -50    | 0
        open  | week   | 2024-01-15   | crm    | 2       | p        | Ana   | value up | 0     | 9      | -1
        open  | week   | 2024-01-15   | crm    | 3       | q        | Ben   | created  | 1     | 4      | 0
        open  | week   | 2024-01-15   | crm    | 3       | q        | Ben   | lost     | -1    | -4     | 0
        due   | week   | 2024-01-15   | crm    | 2       | p        | Ana   | opening  | 1     | 0      | 1
    """
    bench.run(["marts.pipeline_waterfall"], {"marts.waterfall_deals": entries, "core.periods": WEEKS})
    rows = bench.rows("marts.pipeline_waterfall")
    found = {
        (str(row["period_start"]), row["pipeline"], row["owner"], row["line"]): (row["deals"], row["amount"], row["deals_without_amount"])
        for row in rows if row["scope"] == "open"
    }  # fmt: skip
    stocks = {key: sums for key, sums in found.items() if key[3] in ("opening", "closing")}
    assert {key: sums for key, sums in stocks.items() if key[1:3] == ("p", "Ana")} == {
        ("2024-01-01", "p", "Ana", "opening"): (1, 50, 0), ("2024-01-01", "p", "Ana", "closing"): (2, 50, 1),
        ("2024-01-08", "p", "Ana", "opening"): (2, 50, 1), ("2024-01-08", "p", "Ana", "closing"): (2, 50, 1),
        ("2024-01-15", "p", "Ana", "opening"): (2, 50, 1), ("2024-01-15", "p", "Ana", "closing"): (1, 9, 0),
        ("2024-01-22", "p", "Ana", "opening"): (1, 9, 0), ("2024-01-22", "p", "Ana", "closing"): (1, 9, 0),
    }  # fmt: skip
    assert {key[0] for key in found if key[1:3] == ("q", "Ben")} == {"2024-01-15"}, "where nothing stood and nothing moved there is no row"
    for week in ("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"):
        assert [found[week, *total, line] for total in (("all", "all"), ("all", "Ana"), ("p", "all")) for line in ("opening", "closing")] == [
            found[week, "p", "Ana", line] for line in ("opening", "closing")
        ] * 3
    due = {row["line"]: row["deals"] for row in rows if (row["scope"], row["pipeline"], str(row["period_start"])) == ("due", "p", "2024-01-15")}
    assert (due["opening"], due["closing"]) == (1, 0), "deals that are due come and go with their close dates"


def test_every_line_adds_up_by_pipeline_owner_and_in_total(bench):
    entries = """
        scope | period | period_start | system | deal_id | pipeline | owner | line    | deals | amount | deals_without_amount
        open  | month  | 2024-01-01   | crm    | 1       | p        | Ana   | created | 1     | 10     | 0
        open  | month  | 2024-01-01   | crm    | 2       | p        | Ben   | created | 1     | 5      | 0
        open  | month  | 2024-01-01   | crm    | 3       | q        | Ana   | created | 1     | 0      | 1
        open  | month  | 2024-01-01   | crm    | 1       | p        | Ana   | won     | -1    | -10    | 0
    """
    periods = """
        period | period_start
        month  | 2024-01-01
        all    | 2024-01-01
    """
    bench.run(["marts.pipeline_waterfall"], {"marts.waterfall_deals": entries, "core.periods": periods})
    found = {
        (row["scope"], row["period"], row["pipeline"], row["owner"], row["line"]): (row["deals"], row["amount"], row["deals_without_amount"])
        for row in bench.rows("marts.pipeline_waterfall")
    }
    assert len(found) == 15 * (8 + 2)
    assert {key: sums for key, sums in found.items() if any(sums)} == {
        ("open", "month", "p", "Ana", "created"): (1, 10, 0), ("open", "month", "p", "Ana", "won"): (-1, -10, 0),
        ("open", "month", "p", "Ben", "created"): (1, 5, 0), ("open", "month", "q", "Ana", "created"): (1, 0, 1),
        ("open", "month", "p", "all", "created"): (2, 15, 0), ("open", "month", "p", "all", "won"): (-1, -10, 0),
        ("open", "month", "q", "all", "created"): (1, 0, 1),
        ("open", "month", "all", "Ana", "created"): (2, 10, 1), ("open", "month", "all", "Ana", "won"): (-1, -10, 0),
        ("open", "month", "all", "Ben", "created"): (1, 5, 0),
        ("open", "month", "all", "all", "created"): (3, 15, 1), ("open", "month", "all", "all", "won"): (-1, -10, 0),
    }  # fmt: skip


def test_the_lines_stand_in_the_order_of_the_waterfall(bench):
    bench.run(["marts.pipeline_waterfall"], {"core.periods": "period | period_start\nall | 2024-01-01"})
    rows = sorted(bench.rows("marts.pipeline_waterfall"), key=lambda row: row["line_order"])
    assert [row["line"] for row in rows] == [
        "opening", "created", "reopened", "pulled in", "value up", "value down", "currency", "pushed out", "moved between pipelines",
        "moved between owners", "won", "lost", "deleted", "merged", "closing",
    ]  # fmt: skip
