"""Quotas and capacities: what is met is met, what cannot be known is empty, what a plan leaves out is added up."""

GIVEN = {
    "core.run": "started_at | as_of | as_of_on\n2026-05-16 | 2026-05-15 | 2026-05-15",
    "core.calendar": "day | month_start | quarter_start | year_start\n2026-05-15 | 2026-05-01 | 2026-04-01 | 2026-01-01\n2026-05-14 | 2026-05-02 | 2026-05-02 | 2026-05-02",
}
MONTH, QUARTER, YEAR = "month | 2026-05-01 | 2026-06-01", "quarter | 2026-04-01 | 2026-07-01", "year | 2026-01-01 | 2027-01-01"
OVER = "quarter | 2026-01-01 | 2026-04-01"
WEEK = "week | 2026-05-11 |"


def targets(*lines):
    heading = "period | period_start | period_end | pipeline | owner | team | metric | target | copies"
    return "\n".join([heading, *(f"{period} | all | {owner} | {team} | won_amount | {target} | 1" for period, owner, team, target in lines)])


def capacities(*lines):
    heading = "period | period_start | period_end | owner | team | open_deals_capacity | delivery_capacity | copies"
    return "\n".join([heading, *(" | ".join([*line, "1"]) for line in lines)])


def deals(*lines):
    heading = "system | deal_id | status | owner | team | amount | closed_at | expected_close_on | closed_on"
    rows = (f"crm | {n} | {' | '.join(line[:6])} | {line[6] if len(line) > 6 else line[4][:10]}" for n, line in enumerate(lines))
    return "\n".join([heading, *rows])


def closings(owner, won, lost, on="2025-05-15 00:00:01", amount=""):
    """Deals closed just in the twelve months before as-of."""
    return [("won", owner, "", amount, on, "")] * won + [("lost", owner, "", amount, on, "")] * lost


def test_plans_that_are_left_out_are_the_sums_of_those_below(example):
    """Of an owner the plan for all teams, else the sum over teams; a sum with an unknown part is unknown. Each kind and period by itself."""
    sales = f"{QUARTER} | Sales | all | North | won_amount | 9 | 1\n{QUARTER} | all | all | North | won | 3 | 1"
    example("marts.capacity", {
        **GIVEN, "core.owner_teams": "owner | team\nAna | North\nBen | North\nCruz | South\nDora |\nEve | West",
        "core.targets": targets(
            (QUARTER, "Ana", "all", 10), (QUARTER, "Ben", "North", 5), (QUARTER, "Ben", "South", 15), (QUARTER, "Cruz", "all", 7), (QUARTER, "Cruz", "North", 3),
            (QUARTER, "all", "South", 100), (QUARTER, "Dora", "all", 1), (MONTH, "Eve", "North", 5), (MONTH, "Eve", "all", ""), (MONTH, "Flo", "North", 5),
            (MONTH, "Flo", "South", ""), (OVER, "Ana", "all", 3), (OVER, "all", "North", 8), (OVER, "all", "all", 50), (WEEK, "Ana", "all", 4),
        ) + "\n" + sales,
        "core.capacities": capacities((YEAR, "Ana", "all", "5", "2"), (YEAR, "all", "North", "8", ""), (YEAR, "all", "South", "", "")),
    }, """
        period  | period_start | owner | team  | owner_team | quota | quota_from              | open_deals_capacity | open_deals_capacity_from | delivery_capacity | delivery_capacity_from  | target_status
        quarter | 2026-04-01   | Ana   | all   | North      | 10    | plan                    |                     |                          |                   |                         | open
        quarter | 2026-04-01   | Ben   | all   | North      | 20    | plan                    |                     |                          |                   |                         | open
        quarter | 2026-04-01   | Cruz  | all   | South      | 7     | plan                    |                     |                          |                   |                         | open
        quarter | 2026-04-01   | Dora  | all   |            | 1     | plan                    |                     |                          |                   |                         | open
        quarter | 2026-04-01   | all   | North |            | 30    | sum of owners           |                     |                          |                   |                         | open
        quarter | 2026-04-01   | all   | South |            | 100   | plan                    |                     |                          |                   |                         | open
        quarter | 2026-04-01   | all   | all   |            | 131   | sum of teams and owners |                     |                          |                   |                         | open
        month   | 2026-05-01   | Eve   | all   | West       |       | plan                    |                     |                          |                   |                         | target unknown
        month   | 2026-05-01   | Flo   | all   |            |       | plan                    |                     |                          |                   |                         | target unknown
        month   | 2026-05-01   | all   | West  |            |       | sum of owners           |                     |                          |                   |                         | target unknown
        month   | 2026-05-01   | all   | all   |            |       | sum of teams and owners |                     |                          |                   |                         | target unknown
        quarter | 2026-01-01   | Ana   | all   | North      | 3     | plan                    |                     |                          |                   |                         | missed
        quarter | 2026-01-01   | all   | North |            | 8     | plan                    |                     |                          |                   |                         | missed
        quarter | 2026-01-01   | all   | all   |            | 50    | plan                    |                     |                          |                   |                         | missed
        year    | 2026-01-01   | Ana   | all   | North      |       |                         | 5                   | plan                     | 2                 | plan                    | no target
        year    | 2026-01-01   | all   | North |            |       |                         | 8                   | plan                     | 2                 | sum of owners           | no target
        year    | 2026-01-01   | all   | all   |            |       |                         | 8                   | sum of teams and owners  | 2                 | sum of teams and owners | no target
    """)  # fmt: skip


def test_deals_are_won_and_due_on_days_of_a_period_and_open_when_it_ends(example):
    """For the owner, the team (the deal's own, else the owner's) and the company; who only has deals due has no row.

    Days are those of the business time zone: half past ten on the last of March, UTC, is April in Madrid.
    """
    example("marts.capacity", {
        **GIVEN, "core.owner_teams": "owner | team\nAna | North\nBen | North",
        "core.capacities": capacities((OVER, "all", "all", "1", "2"), (QUARTER, "all", "all", "3", "0"), (QUARTER, "Ben", "all", "0", "")),
        "marts.deals": deals(
            ("open", "Ana", "South", "10", "", "2026-06-30"), ("open", "", "", "", "", "2026-04-01"), ("won", "Ben", "", "7", "2026-03-31 22:30:00", "2026-05-01", "2026-04-01"),
            ("won", "Ben", "", "", "2026-03-31 23:59:59", ""), ("deleted", "Ben", "", "5", "", "2026-05-01"), ("lost", "Ben", "", "99", "2026-05-02", ""),
            ("open", "Gil", "", "50", "", "2026-07-01"), ("open", "Gil", "", "70", "", "2026-03-31"),
        ),
        "core.deal_states": """
            system | deal_id | kind | record_status | from_on    | to_on      | amount
            crm    | 0       | open | live          | 2026-01-02 | 2026-02-01 | 8
            crm    | 0       | open | live          | 2026-02-01 |            | 10
            crm    | 0       | won  | live          | 2026-02-01 |            | 10
            crm    | 1       | open | live          | 2026-04-01 |            |
            crm    | 1       | open | deleted       | 2026-02-01 |            |
            crm    | 2       | open | live          | 2026-01-01 | 2026-04-01 | 7
            crm    | 3       | open | live          | 2026-01-05 | 2026-03-31 |
            crm    | 4       | open | live          | 2026-01-05 |            | 5
            other  | 0       | open | live          | 2026-01-02 |            | 11
        """,
    }, """
        period  | period_start | period_end | owner | team  | period_state | open_deals | open_amount | open_without_amount | won | booked | won_without_amount | due_deals | coverage | due_without_amount | capacity_used | deals_over_capacity | delivery_used | deals_over_delivery | target_status
        quarter | 2026-01-01   | 2026-04-01 | all   | all   | ended        | 2          | 17          | 0                   | 1   | 0      | 1                  |           |          |                    | 2             | 1                   | 0.5           | 0                   | no target
        quarter | 2026-01-01   | 2026-04-01 | Ana   | all   | ended        | 1          | 10          | 0                   | 0   | 0      | 0                  |           |          |                    |               |                     |               |                     | no target
        quarter | 2026-01-01   | 2026-04-01 | Ben   | all   | ended        | 1          | 7           | 0                   | 1   | 0      | 1                  |           |          |                    |               |                     |               |                     | no target
        quarter | 2026-01-01   | 2026-04-01 | all   | South | ended        | 1          | 10          | 0                   | 0   | 0      | 0                  |           |          |                    |               |                     |               |                     | no target
        quarter | 2026-01-01   | 2026-04-01 | all   | North | ended        | 1          | 7           | 0                   | 1   | 0      | 1                  |           |          |                    |               |                     |               |                     | no target
        quarter | 2026-04-01   | 2026-07-01 | all   | all   | running      | 2          | 10          | 1                   | 1   | 7      | 0                  | 2         | 10       | 1                  | 0.666667      | 0                   |               | 1                   | no target
        quarter | 2026-04-01   | 2026-07-01 | Ana   | all   | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 1         | 10       | 0                  |               |                     |               |                     | no target
        quarter | 2026-04-01   | 2026-07-01 | Ben   | all   | running      | 0          | 0           | 0                   | 1   | 7      | 0                  | 0         | 0        | 0                  |               | 0                   |               |                     | no target
        quarter | 2026-04-01   | 2026-07-01 | all   | South | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 1         | 10       | 0                  |               |                     |               |                     | no target
        quarter | 2026-04-01   | 2026-07-01 | all   | North | running      | 0          | 0           | 0                   | 1   | 7      | 0                  | 0         | 0        | 0                  |               | 0                   |               |                     | no target
        month   | 2026-05-01   | 2026-06-01 | all   | all   | running      | 2          | 10          | 1                   | 0   | 0      | 0                  | 0         | 0        | 0                  |               |                     |               |                     | no target
        month   | 2026-05-01   | 2026-06-01 | Ana   | all   | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 0         | 0        | 0                  |               |                     |               |                     | no target
        month   | 2026-05-01   | 2026-06-01 | all   | South | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 0         | 0        | 0                  |               |                     |               |                     | no target
        year    | 2026-01-01   | 2027-01-01 | all   | all   | running      | 2          | 10          | 1                   | 2   | 7      | 1                  | 4         | 130      | 1                  |               |                     |               |                     | no target
        year    | 2026-01-01   | 2027-01-01 | Ana   | all   | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 1         | 10       | 0                  |               |                     |               |                     | no target
        year    | 2026-01-01   | 2027-01-01 | Ben   | all   | running      | 0          | 0           | 0                   | 2   | 7      | 1                  | 0         | 0        | 0                  |               |                     |               |                     | no target
        year    | 2026-01-01   | 2027-01-01 | all   | South | running      | 1          | 10          | 0                   | 0   | 0      | 0                  | 1         | 10       | 0                  |               |                     |               |                     | no target
        year    | 2026-01-01   | 2027-01-01 | all   | North | running      | 0          | 0           | 0                   | 2   | 7      | 1                  | 0         | 0        | 0                  |               |                     |               |                     | no target
    """)  # fmt: skip


def test_coverage_needed_is_what_is_missing_by_the_first_win_rate_of_ten_closed_deals(example):
    """Ana has closed ten, Ben nine and his team twenty, Dan none: the company's rate. What is met needs no more; a rate of 0 divides nothing."""
    example("marts.capacity", {
        **GIVEN, "core.owner_teams": "owner | team\nBen | East\nCleo | East",
        "core.targets": targets(
            (QUARTER, "Ana", "all", 1000), (QUARTER, "Ben", "all", 100), (QUARTER, "Cleo", "all", 50), (QUARTER, "Dan", "all", 0), (QUARTER, "Eve", "all", 100),
            (MONTH, "Eve", "all", 0), (OVER, "Ana", "all", 100),
        ),
        "marts.deals": deals(
            *closings("Ana", 3, 6), ("won", "Ana", "", "400", "2026-04-01", ""), *closings("Ben", 4, 5), *closings("Cleo", 5, 5),
            ("won", "Cleo", "", "60", "2026-05-15 00:00:00", ""), *closings("Eve", 0, 10),
            *closings("Ana", 10, 0, "2025-05-15 00:00:00"), *closings("Ana", 0, 5, "2026-05-15 00:00:01"),
            ("open", "Ana", "", "900", "", "2026-06-01"), ("open", "Ben", "", "500", "", "2026-06-01"),
        ),
    }, """
        period  | period_start | owner | team | quota | booked | attainment | target_status | trailing_win_rate | trailing_win_rate_from | trailing_closed | own_closed | coverage | coverage_needed | coverage_gap | coverage_ratio | coverage_ratio_needed
        quarter | 2026-04-01   | Ana   | all  | 1000  | 400    | 0.4        | open          | 0.4               | owner                  | 10              | 10         | 900      | 1500            | 600          | 1.5            | 2.5
        quarter | 2026-04-01   | Ben   | all  | 100   | 0      | 0          | open          | 0.5               | team                   | 20              | 9          | 500      | 200             | 0            | 5              | 2
        quarter | 2026-04-01   | Cleo  | all  | 50    | 60     | 1.2        | met           | 0.545455          | owner                  | 11              | 11         | 0        | 0               | 0            |                | 1.833333
        quarter | 2026-04-01   | Dan   | all  | 0     | 0      |            | met           | 0.35              | company                | 40              | 0          | 0        | 0               | 0            |                | 2.857143
        quarter | 2026-04-01   | Eve   | all  | 100   | 0      | 0          | open          | 0                 | owner                  | 10              | 10         | 0        |                 |              | 0              |
        quarter | 2026-04-01   | all   | East | 150   | 60     | 0.4        | open          | 0.5               | team                   | 20              | 20         | 500      | 180             | 0            | 5.555556       | 2
        quarter | 2026-04-01   | all   | all  | 1250  | 460    | 0.368      | open          | 0.35              | company                | 40              | 40         | 1400     | 2257.142857     | 857.142857   | 1.772152       | 2.857143
        quarter | 2026-01-01   | Ana   | all  | 100   | 0      | 0          | missed        | 0.4               | owner                  | 10              | 10         |          |                 |              |                | 2.5
        quarter | 2026-01-01   | all   | all  | 100   | 0      | 0          | missed        | 0.35              | company                | 40              | 40         |          |                 |              |                | 2.857143
        month   | 2026-05-01   | Eve   | all  | 0     | 0      |            | met           | 0                 | owner                  | 10              | 10         | 0        | 0               | 0            |                |
        month   | 2026-05-01   | Cleo  | all  |       | 60     |            | no target     | 0.545455          | owner                  | 11              | 11         | 0        |                 |              |                | 1.833333
        month   | 2026-05-01   | all   | East |       | 60     |            | no target     | 0.5               | team                   | 20              | 20         | 0        |                 |              |                | 2
        month   | 2026-05-01   | all   | all  | 0     | 60     |            | met           | 0.35              | company                | 40              | 40         | 0        | 0               | 0            |                | 2.857143
        year    | 2026-01-01   | Ana   | all  |       | 400    |            | no target     | 0.4               | owner                  | 10              | 10         | 900      |                 |              |                | 2.5
        year    | 2026-01-01   | Cleo  | all  |       | 60     |            | no target     | 0.545455          | owner                  | 11              | 11         | 0        |                 |              |                | 1.833333
        year    | 2026-01-01   | all   | East |       | 60     |            | no target     | 0.5               | team                   | 20              | 20         | 500      |                 |              |                | 2
        year    | 2026-01-01   | all   | all  |       | 460    |            | no target     | 0.35              | company                | 40              | 40         | 1400     |                 |              |                | 2.857143
    """)  # fmt: skip


def test_the_running_periods_are_the_fiscal_ones_where_no_plan_holds_today(example):
    """A plan holds from its first day to the day before it ends. Nobody closed ten deals: what is needed is unknown."""
    example("marts.capacity", {
        **GIVEN, "core.calendar": "day | month_start | quarter_start | year_start\n2026-05-15 | 2026-05-01 | 2026-05-01 | 2025-08-01",
        "core.targets": targets(
            ("month | 2026-04-15 | 2026-05-15", "all", "all", 1), ("month | 2026-05-16 | 2026-06-16", "all", "all", 2),
            ("year | 2026-05-15 | 2027-05-15", "all", "all", 3),
        ),
        "marts.deals": deals(*closings("Ana", 4, 5)),
    }, """
        period  | period_start | period_end | period_state | owner | team | quota | trailing_win_rate | trailing_win_rate_from | trailing_closed | own_closed | coverage | coverage_needed | coverage_gap | open_deals | open_amount | open_without_amount | won | booked | won_without_amount | due_deals | due_without_amount
        month   | 2026-04-15   | 2026-05-15 | ended        | all   | all  | 1     |                   | too few closed deals   |                 | 9          |          |                 |            | 0          | 0           | 0                   | 0   | 0      | 0                  |           | 
        month   | 2026-05-01   | 2026-06-01 | running      | all   | all  |       |                   | too few closed deals   |                 | 9          | 0        |                 |            | 0          | 0           | 0                   | 0   | 0      | 0                  | 0         | 0
        month   | 2026-05-16   | 2026-06-16 | ahead        | all   | all  | 2     |                   | too few closed deals   |                 | 9          | 0        |                 |            | 0          | 0           | 0                   | 0   | 0      | 0                  | 0         | 0
        quarter | 2026-05-01   | 2026-08-01 | running      | all   | all  |       |                   | too few closed deals   |                 | 9          | 0        |                 |            | 0          | 0           | 0                   | 0   | 0      | 0                  | 0         | 0
        year    | 2026-05-15   | 2027-05-15 | running      | all   | all  | 3     |                   | too few closed deals   |                 | 9          | 0        |                 |            | 0          | 0           | 0                   | 0   | 0      | 0                  | 0         | 0
    """)  # fmt: skip
