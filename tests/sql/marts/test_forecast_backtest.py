"""What would have been said when a quarter began, from nothing that was known later, and what came."""

PERIODS = """
    period  | period_start | starts_at           | ends_before | is_running
    month   | 2024-01-01   | 2024-01-01 00:00:00 | 2024-02-01  | false
    quarter | 2024-01-01   | 2024-01-01 00:00:00 | 2024-04-01  | false
    quarter | 2024-04-01   | 2024-04-01 00:00:00 | 2024-07-01  | true
"""
AS_OF = "one | as_of\n1 | 2024-05-15"
STAGES = "pipeline | stage | stage_order | kind\np | Lead | 1 | open\np | Won | 2 | won"
TRACKED = """
    system | deal_id | field       | changed_at
    crm    | any     | amount      | 2023-01-01
    crm    | any     | close_on    | 2023-01-01
    crm    | any     | probability | 2023-01-01
    blind  | any     | amount      | 2024-05-16
"""
STATES = "system | deal_id | state_number | pipeline | stage | kind | valid_from | valid_to | amount | probability | close_on"
DEALS = "system | deal_id | created_at | updated_at"


def given(states, deals, now):
    return {
        "core.periods": PERIODS, "core.as_of": AS_OF, "core.stages": STAGES, "staging.deal_edits": TRACKED,
        "core.deal_states": f"{STATES}\n{states}", "core.deals": f"{DEALS}\n{deals}",
        "marts.deals": f"system | deal_id | pipeline | status | closed_on | amount\n{now}",
    }  # fmt: skip


def test_due_deals_by_the_crm_and_what_came_of_them(example):
    """What happens in the quarter's first moment is no more known; a deal created later is not either."""
    example("marts.forecast_backtest", given("""
        crm | won     | 1 | p | Lead | open | 2023-12-01 | 2024-01-01 | 100 | 0.5  | 2024-01-01
        crm | won     | 2 | p | Lead | open | 2024-01-01 | 2024-02-01 | 900 | 0.9  | 2024-09-01
        crm | won     | 3 | p | Won  | won  | 2024-02-01 |            | 120 | 1    | 2024-02-01
        crm | late    | 1 | p | Lead | open | 2023-12-01 | 2024-04-01 | 10  | 0.25 | 2024-03-31
        crm | late    | 2 | p | Won  | won  | 2024-04-01 |            | 10  | 1    | 2024-04-01
        crm | blank   | 1 | p | Lead | open | 2023-12-01 |            |     |      | 2024-03-01
        crm | insane  | 1 | p | Lead | open | 2023-12-01 |            | 7   | 50   | 2024-03-01
        crm | after   | 1 | p | Lead | open | 2023-12-01 |            | 50  | 0.5  | 2024-04-01
        crm | overdue | 1 | p | Lead | open | 2023-12-01 |            | 60  | 0.5  | 2023-12-31
        crm | undated | 1 | p | Lead | open | 2023-12-01 |            | 70  | 0.5  |
        crm | future  | 1 | p | Lead | open | 2023-12-01 |            | 80  | 0.5  | 2024-02-01
    """, """
        crm | won     | 2023-12-01 | 2024-02-01
        crm | late    | 2023-12-01 | 2024-04-01
        crm | blank   | 2023-12-01 | 2024-04-01
        crm | insane  | 2023-12-01 | 2024-04-01
        crm | after   | 2023-12-01 | 2024-04-01
        crm | overdue | 2023-12-01 | 2024-04-01
        crm | undated | 2023-12-01 | 2024-04-01
        crm | future  | 2024-01-01 | 2024-04-01
    """, """
        crm | won  | p | won | 2024-02-01 | 120
        crm | late | p | won | 2024-04-01 | 10
    """), """
        period_start | pipeline | is_running | open_deals_then | deals_without_close_date | overdue_deals | due_deals | due_amount_then | due_without_amount | due_without_probability | due_without_history | crm_said | own_said | due_won | crm_came | won | won_amount | crm_error | crm_relative_error
        2024-01-01   | p        | false      | 7               | 1                        | 1             | 4         | 117             | 1                  | 2                       | 4                   | 52.5     |          | 1       | 120      | 1   | 120        | -67.5     | -0.5625
        2024-01-01   | all      | false      | 7               | 1                        | 1             | 4         | 117             | 1                  | 2                       | 4                   | 52.5     |          | 1       | 120      | 1   | 120        | -67.5     | -0.5625
        2024-04-01   | p        | true       | 7               | 1                        | 5             | 1         | 50              | 0                  | 0                       | 1                   | 25       |          | 0       | 0        | 1   | 10         |           |
        2024-04-01   | all      | true       | 7               | 1                        | 5             | 1         | 50              | 0                  | 0                       | 1                   | 25       |          | 0       | 0        | 1   | 10         |           |
    """)  # fmt: skip


def test_a_value_that_nobody_recorded_is_not_known_unless_the_record_rested_since(example):
    """Of a system without histories the record says what is now: the close date of a won deal is the day of its win."""
    example("marts.forecast_backtest", given("""
        blind | won    | 1 | p | Lead | open | 2023-12-01 | 2024-02-01 | 100 | 1   | 2024-02-01
        blind | rested | 1 | p | Lead | open | 2023-12-01 |            | 30  | 0.5 | 2024-02-01
    """, """
        blind | won    | 2023-12-01 | 2024-02-01
        blind | rested | 2023-12-01 | 2023-12-31 23:59
    """, "blind | won | p | won | 2024-02-01 | 100"), """
        period_start | pipeline | open_deals_then | deals_without_close_date | due_deals | crm_said | own_said | crm_came | due_won_amount | won_amount
        2024-01-01   | p        | 2               | 1                        | 1         | 15       |          | 0        | 0              | 100
        2024-01-01   | all      | 2               | 1                        | 1         | 15       |          | 0        | 0              | 100
        2024-04-01   | p        | 1               | 0                        | 0         | 0        | 0        | 0        | 0              | 0
        2024-04-01   | all      | 1               | 0                        | 0         | 0        | 0        | 0        | 0              | 0
    """)  # fmt: skip


def test_own_history_is_that_of_then(example):
    """Twenty deals had closed when April began, five of them won; one fewer when January did."""
    ended = [(n, "won" if n < 5 else "lost", "2024-01-01" if n == 19 else "2023-12-20") for n in range(20)]
    states = "\n".join(
        f"crm | {n} | 1 | p | Lead | open | 2023-12-01 | {day} | | | \ncrm | {n} | 2 | p | End | {kind} | {day} | | | | " for n, kind, day in ended
    )
    deals = "\n".join(f"crm | {n} | 2023-12-01 | 2024-02-01" for n, *_ in ended)
    example("marts.forecast_backtest", given(
        states + "\ncrm | due | 1 | p | Lead | open | 2023-12-01 | | 100 | | 2024-05-01\ncrm | old | 1 | p | Lead | open | 2023-12-01 | | 100 | | 2024-03-01",
        deals + "\ncrm | due | 2023-12-01 | \ncrm | old | 2023-12-01 | ", "crm | due | p | won | 2024-05-01 | 90",
    ), """
        period_start | pipeline | closed_deals | due_deals | due_without_history | own_said | own_came | due_won_amount
        2024-01-01   | p        | 19           | 1         | 1                   |          |          | 0
        2024-01-01   | all      | 19           | 1         | 1                   |          |          | 0
        2024-04-01   | p        | 20           | 1         | 0                   | 25       | 90       | 90
        2024-04-01   | all      | 20           | 1         | 0                   | 25       | 90       | 90
    """)  # fmt: skip


def test_each_value_is_known_for_itself_up_to_as_of(example):
    """late: its amounts are recorded from the day after as-of on, its probabilities from as-of. edge was updated in the quarter's first moment."""
    tables = given("""
        late | late  | 1 | p | Lead | open | 2023-12-01 |            | 100 | 0.5 | 2024-02-01
        part | edge  | 1 | p | Lead | open | 2023-12-01 |            | 10  | 0.5 | 2024-02-01
        crm  | odd   | 1 | p | Lead | open | 2023-12-01 |            | 1   | 1.5 | 2024-02-01
        crm  | first | 1 | p | Lead | open | 2023-12-01 | 2024-01-01 | 2   | 0.5 | 2024-01-01
        crm  | first | 2 | p | Won  | won  | 2024-01-01 |            |     | 1   | 2024-01-01
    """, """
        late | late  | 2023-12-01 | 2024-03-01
        part | edge  | 2023-12-01 | 2024-01-01
        crm  | odd   | 2023-12-01 | 2024-03-01
        crm  | first | 2023-12-01 | 2024-03-01
    """, """
        crm  | first | p | won  | 2024-01-01 |
    """)  # fmt: skip
    tracked = f"{TRACKED}late | any | close_on | 2023-01-01\nlate | any | amount | 2024-05-16\nlate | any | probability | 2024-05-15\npart | any | close_on | 2023-01-01"
    example("marts.forecast_backtest", {**tables, "staging.deal_edits": tracked, "core.periods": PERIODS.replace("quarter | 2024-04-01", "skipped | 2024-04-01")}, """
        pipeline | due_deals | due_amount_then | due_without_amount | due_without_probability | crm_said | due_won | due_won_amount | crm_came | won
        p        | 4         | 3               | 2                  | 2                       | 1        | 1       | 0              | 0        | 1
        all      | 4         | 3               | 2                  | 2                       | 1        | 1       | 0              | 0        | 1
    """)  # fmt: skip


def test_an_error_is_that_of_an_ended_quarter_and_history_that_of_the_pipeline(example):
    """Of 20 deals five were won before January, and one of the due ones in it. Another system has a deal 0 too, and a won deal called due."""
    ended = "\n".join(
        f"crm | {n} | 1 | p | Lead | open | 2023-12-01 | 2023-12-20 | | | \ncrm | {n} | 2 | p | End | {'won' if n < 5 else 'lost'} | 2023-12-20 | | | | "
        for n in range(20)
    )  # fmt: skip
    tables = given(f"""{ended}
        web | 0     | 1 | p | Lead | open | 2023-12-01 |            |     |     |
        crm | due   | 1 | p | Lead | open | 2023-12-01 | 2024-02-15 | 100 | 0.5 | 2024-02-01
        crm | due   | 2 | p | End  | won  | 2024-02-15 |            | 20  | 1   | 2024-02-15
        crm | later | 1 | p | Lead | open | 2023-12-01 | 2024-05-01 | 100 | 0.5 | 2024-05-01
        crm | later | 2 | p | End  | won  | 2024-05-01 |            | 40  | 1   | 2024-05-01
        crm | other | 1 | q | Lead | open | 2023-12-01 |            | 100 | 0.5 | 2024-02-01
    """, "\n".join(f"{deal} | 2023-12-01 | 2024-05-02" for deal in ["web | 0", "crm | due", "crm | later", "crm | other", *(f"crm | {n}" for n in range(20))]), """
        crm | due   | p | won | 2024-02-15 | 20
        crm | later | p | won | 2024-05-01 | 40
        web | due   | p | won | 2024-02-15 | 999
    """)  # fmt: skip
    example("marts.forecast_backtest", {**tables, "core.stages": f"{STAGES}\nq | Lead | 1 | open"}, """
        period_start | pipeline | closed_deals | open_deals_then | due_deals | due_without_history | crm_said | own_said | crm_came | own_came | crm_error | own_error | crm_relative_error | own_relative_error
        2024-01-01   | p        | 20           | 3               | 1         | 0                   | 50       | 25       | 20       | 20       | 30        | 5         | 1.5                | 0.25
        2024-01-01   | q        | 0            | 1               | 1         | 1                   | 50       |          | 0        |          | 50        |           |                    |
        2024-01-01   | all      | 20           | 4               | 2         | 1                   | 100      | 25       | 20       | 20       | 80        | 5         | 4                  | 0.25
        2024-04-01   | p        | 21           | 2               | 1         | 0                   | 50       | 28.57    | 40       | 40       |           |           |                    |
        2024-04-01   | q        | 0            | 1               | 0         | 0                   | 0        | 0        | 0        | 0        |           |           |                    |
        2024-04-01   | all      | 21           | 3               | 1         | 0                   | 50       | 28.57    | 40       | 40       |           |           |                    |
    """)  # fmt: skip


def test_a_quarter_before_all_deals_is_all_noughts(example):
    example("marts.forecast_backtest", given("""
        crm | 1 | 1 | p | Lead | open | 2024-02-01 | | 5 | 0.5 | 2024-05-01
    """, "crm | 1 | 2024-02-01 | 2024-05-01", "crm | 1 | p | lost | 2024-01-15 | 5"), """
        period_start | pipeline | closed_deals | open_deals_then | deals_without_close_date | overdue_deals | due_deals | due_amount_then | due_without_amount | due_without_probability | due_without_history | crm_said | own_said | due_won | due_won_amount | won | won_amount | crm_came | own_came | crm_error | crm_relative_error
        2024-01-01   | p        | 0            | 0               | 0                        | 0             | 0         | 0               | 0                  | 0                       | 0                   | 0        | 0        | 0       | 0              | 0   | 0          | 0        | 0        | 0         |
        2024-01-01   | all      | 0            | 0               | 0                        | 0             | 0         | 0               | 0                  | 0                       | 0                   | 0        | 0        | 0       | 0              | 0   | 0          | 0        | 0        | 0         |
        2024-04-01   | p        | 0            | 1               | 0                        | 0             | 1         | 5               | 0                  | 0                       | 1                   | 2.5      |          | 0       | 0              | 0   | 0          | 0        |          |           |
        2024-04-01   | all      | 0            | 1               | 0                        | 0             | 1         | 5               | 0                  | 0                       | 1                   | 2.5      |          | 0       | 0              | 0   | 0          | 0        |          |           |
    """)  # fmt: skip
