"""Queues by months: arrivals less departures, how long the queue takes at the rate at which the stage worked."""

GIVEN = {
    "core.stages": "pipeline | stage | stage_order | kind\np | Demo | 1 | open\np | Won | 2 | won",
    "core.periods": """
        period  | period_start | ends_before | last_day
        all     | 2024-01-17   |             | 2024-05-10
        month   | 2024-01-01   | 2024-02-01  | 2024-01-31
        month   | 2024-02-01   | 2024-03-01  | 2024-02-29
        month   | 2024-03-01   | 2024-04-01  | 2024-03-31
        month   | 2024-04-01   | 2024-05-01  | 2024-04-30
        month   | 2024-05-01   | 2024-06-01  | 2024-05-10
        quarter | 2024-04-01   | 2024-07-01  | 2024-05-10
    """,
}


def daily(*queues):
    ends = ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-10")
    rows = [f"{day} | p | Demo | {queue} | {queue}00" for day, queue in zip(ends, queues, strict=True)]
    return "\n".join(["day | pipeline | stage | open_deals | open_amount", *rows, "2024-05-10 | p | all | 999 | 999"])


def visits(*rows):
    heading = "system | deal_id | visit_number | pipeline | stage | stage_kind | entered_on | left_on | outcome"
    return "\n".join([heading, *(f"crm | {n} | 1 | p | {row}" for n, row in enumerate(rows))])


def test_an_empty_stage_has_its_months_and_nothing_in_them(example):
    example("marts.bottlenecks", GIVEN, """
        stage | period_start | arrivals | departures | queue | queue_amount | queue_before | departures_per_day | days_of_work | state
        Demo  | 2024-01-01   | 0        | 0          | 0     | 0            | 0            | 0                  | 0            | empty
        Demo  | 2024-02-01   | 0        | 0          | 0     | 0            | 0            | 0                  | 0            | empty
        Demo  | 2024-03-01   | 0        | 0          | 0     | 0            | 0            | 0                  | 0            | empty
        Demo  | 2024-04-01   | 0        | 0          | 0     | 0            | 0            | 0                  | 0            | empty
        Demo  | 2024-05-01   | 0        | 0          | 0     | 0            | 0            | 0                  | 0            | empty
    """)  # fmt: skip


def test_rates_are_those_of_three_months_and_of_fewer_at_the_beginning(example):
    """January has 31 days, with February 60, with March 91; then February to April 90, March to the tenth of May 71."""
    example("marts.bottlenecks", {
        **GIVEN, "marts.stage_daily": daily(1, 1, 1, 0, 2),
        "marts.stage_visits": visits(
            "Demo | open | 2024-01-31 | 2024-02-01 | advanced", "Demo | open | 2024-02-29 | 2024-04-30 | lost",
            "Demo | open | 2024-03-01 | 2024-03-31 | won", "Demo | open | 2024-05-01 | | still_there",
            "Demo | open | 2024-05-01 | 2024-05-10 | moved_back", "Demo | open | 2024-05-01 | 2024-05-10 | handed_off",
            "Demo | open | 2024-05-10 | | still_there", "Won | won | 2024-05-10 | | still_there",
        ),
    }, """
        period_start | arrivals | departures | went_on | lost | moved_back | handed_off | queue | queue_amount | queue_before | departures_per_day | days_of_work | state
        2024-01-01   | 1        | 0          | 0       | 0    | 0          | 0          | 1     | 100          | 0            | 0                  |              | no departures
        2024-02-01   | 1        | 1          | 1       | 0    | 0          | 0          | 1     | 100          | 0            | 0.016666667        | 60           | filling
        2024-03-01   | 1        | 1          | 1       | 0    | 0          | 0          | 1     | 100          | 0            | 0.021978022        | 45.5         | filling
        2024-04-01   | 0        | 1          | 0       | 1    | 0          | 0          | 0     | 0            | 1            | 0.033333333        | 0            | empty
        2024-05-01   | 4        | 2          | 0       | 0    | 1          | 1          | 2     | 200          | 1            | 0.056338028        | 35.5         | filling
    """)  # fmt: skip


def test_clogged_is_a_growing_queue_with_more_work_than_the_limit(example):
    given = {
        **GIVEN, "marts.stage_daily": daily(2, 2, 2, 2, 3),
        "marts.stage_visits": visits("Demo | open | 2024-01-20 | 2024-05-01 | won", "Demo | open | 2024-01-20 | 2024-01-31 | won"),
    }  # fmt: skip

    def states(limit):
        limits = f"pipeline | stage | size_band | limit_days\np | Demo | all | {limit}\np | Demo | small | 1"
        return {**given, "marts.stall_limits": limits}

    # 3 ÷ (1 ÷ 71) = 213 days of work in May; in January 2 ÷ (1 ÷ 31) = 62; what does not grow is not clogged.
    example("marts.bottlenecks", states("212"), """
        period_start | days_of_work | limit_days | state
        2024-01-01   | 62           | 212        | filling
        2024-02-01   | 120          | 212        | filling
        2024-03-01   | 182          | 212        | filling
        2024-04-01   |              | 212        | no departures
        2024-05-01   | 213          | 212        | clogged
    """)  # fmt: skip
    example("marts.bottlenecks", states("213"), """
        period_start | state
        2024-01-01   | filling
        2024-02-01   | filling
        2024-03-01   | filling
        2024-04-01   | no departures
        2024-05-01   | filling
    """)  # fmt: skip
    example("marts.bottlenecks", {**states("1"), "marts.stage_daily": daily(3, 3, 3, 3, 3)}, """
        period_start | queue_before | state
        2024-01-01   | 0            | clogged
        2024-02-01   | 0            | clogged
        2024-03-01   | 0            | clogged
        2024-04-01   | 3            | no departures
        2024-05-01   | 3            | flowing
    """)  # fmt: skip
