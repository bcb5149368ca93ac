"""The mistakes of the most used packages of this field, one test each; the whole table is judged by the reference."""

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-03-31",
    "core.stages": """
        pipeline | stage | stage_order | kind
        p        | Lead  | 1           | open
        p        | Won   | 2           | won
        p        | Lost  | 3           | lost
    """,
    "core.deals": """
        system | deal_id | record_status | created_at | created_on
        crm    | 1       | live          | 2024-01-01 | 2024-01-01
    """,
    "core.stage_events": """
        system | deal_id | event_number | record_status | entered_at | entered_on
        crm    | 1       | 1            | live          | 2024-01-01 | 2024-01-01
    """,
}
TARGETS = ["core.calendar", "core.periods", "marts.pipeline_health"]


def visits(deals):
    lines = ["system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at | left_at"]
    for deal_id, created, closed, status in deals:
        lines.append(f"crm | {deal_id} | 1 | p | Lead | open | {created} | {closed}")
        if closed:
            lines.append(f"crm | {deal_id} | 2 | p | {status.title()} | {status} | {closed} |")
    return "\n".join(lines)


def facts(deals, amount="100"):
    lines = ["system | deal_id | pipeline | status | created_at | created_on | closed_at | closed_on | days_to_close | amount"]
    lines += [f"crm | {d} | p | {status} | {created} | {created} | {closed} | {closed} | {days} | {amount}" for d, created, closed, status, days in deals]
    return "\n".join(lines)


def test_a_deal_counts_in_the_week_of_its_closing_from_monday_to_sunday(bench):
    """Sunday is the last day of a week; the deal that closed on it is not in the week of Monday."""
    deals = [("1", "2024-01-01", "2024-03-10", "won", "69"), ("2", "2024-01-01", "2024-03-11", "lost", "70")]
    bench.run(TARGETS, {**GIVEN, "marts.deals": facts(deals), "marts.stage_visits": visits([d[:4] for d in deals])})
    weeks = {str(r["period_start"]): (r["won"], r["lost"], r["win_rate_previous"]) for r in bench.rows("marts.pipeline_health") if (r["period"], r["pipeline"]) == ("week", "p")}
    assert [weeks[f"2024-03-{day}"] for day in ("04", "11", "18", "25")] == [(1, 0, None), (0, 1, 1.0), (0, 0, 0.0), (0, 0, None)]


def test_the_trailing_year_of_a_week_is_52_weeks(bench):
    """What closed on the Sunday before is out; what closed on the Monday is the oldest that counts."""
    deals = [("1", "2024-01-01", "2024-01-07", "won", "6"), ("2", "2024-01-01", "2024-01-08", "lost", "7"), ("3", "2024-01-01", "2024-12-30", "won", "364")]
    given = {**GIVEN, "core.as_of": "one | as_of\n1 | 2025-01-12", "marts.deals": facts(deals), "marts.stage_visits": visits([d[:4] for d in deals])}
    bench.run(TARGETS, given)
    weeks = {str(r["period_start"]): (r["closed_trailing"], r["win_rate_trailing"]) for r in bench.rows("marts.pipeline_health") if (r["period"], r["pipeline"]) == ("week", "p")}
    assert (weeks["2024-12-23"], weeks["2024-12-30"], weeks["2025-01-06"]) == ((2, 0.5), (2, 0.5), (1, 1.0))


def test_nothing_lost_is_all_won_and_not_null_or_zero(example, bench):
    bench.run(TARGETS, {**GIVEN, "marts.deals": facts([("1", "2024-01-01", "2024-03-01", "won", "60")]), "marts.stage_visits": visits([("1", "2024-01-01", "2024-03-01", "won")])})
    rates = {(r["period"], str(r["period_start"])): r["win_rate"] for r in bench.rows("marts.pipeline_health") if r["pipeline"] == "all"}
    assert rates["all", "2024-01-01"] == 1.0
    assert rates["month", "2024-03-01"] == 1.0


def test_nothing_closed_has_no_rate_and_time_to_close_is_positive(bench):
    deals = [("1", "2024-01-01", "2024-03-08", "won", "67"), ("2", "2024-02-01", "", "open", "")]
    bench.run(TARGETS, {**GIVEN, "marts.deals": facts(deals), "marts.stage_visits": visits([d[:4] for d in deals])})
    rows = {(r["period"], str(r["period_start"])): r for r in bench.rows("marts.pipeline_health") if r["pipeline"] == "p"}
    assert rows["month", "2024-01-01"]["win_rate"] is None
    assert rows["month", "2024-01-01"]["win_rate_low"] is None
    assert rows["all", "2024-01-01"]["average_days_to_close"] == 67
    assert rows["quarter", "2024-01-01"]["won"] == 1


def test_deals_without_an_amount_are_counted_and_in_no_average(bench):
    deals = [("1", "2024-01-01", "2024-03-08", "won", "67")]
    bench.run(TARGETS, {**GIVEN, "marts.deals": facts(deals, amount=""), "marts.stage_visits": visits([d[:4] for d in deals])})
    (row,) = [r for r in bench.rows("marts.pipeline_health") if (r["period"], r["pipeline"]) == ("all", "p")]
    assert (row["won"], row["won_without_amount"], row["average_deal_size"], row["win_rate_by_amount"], row["velocity_per_day"]) == (1, 1, None, None, None)
