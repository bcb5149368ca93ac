"""Quotas and capacities: what is met is met, what cannot be known is empty, what a plan leaves out is added up."""

GIVEN = {
    "core.run": "started_at | as_of | as_of_on\n2026-05-16 | 2026-05-15 | 2026-05-15",
    "core.calendar": "day | month_start | quarter_start | year_start\n2026-05-15 | 2026-05-01 | 2026-04-01 | 2026-01-01",
}
QUARTER = "quarter | 2026-04-01 | 2026-07-01"
OVER = "quarter | 2026-01-01 | 2026-04-01"


def targets(*lines):
    heading = "period | period_start | period_end | pipeline | owner | team | metric | target | copies"
    return "\n".join([heading, *(f"{period} | all | {owner} | {team} | won_amount | {target} | 1" for period, owner, team, target in lines)])


def capacities(*lines):
    heading = "period | period_start | period_end | owner | team | open_deals_capacity | delivery_capacity | copies"
    return "\n".join([heading, *(" | ".join([*line, "1"]) for line in lines)])


def deals(*lines):
    heading = "system | deal_id | status | owner | team | amount | closed_at | expected_close_on | closed_on"
    return "\n".join([heading, *(f"crm | {n} | {' | '.join(line)} | {line[4][:10]}" for n, line in enumerate(lines))])


def closings(owner, won, lost, on="2026-02-01", amount=""):
    """Deals closed before the quarter."""
    return [("won", owner, "", amount, on, "")] * won + [("lost", owner, "", amount, on, "")] * lost


def rows(bench, owner="all", team="all", period="quarter", start="2026-04-01"):
    return [r for r in bench.rows("marts.capacity") if (r["owner"], r["team"], r["period"], str(r["period_start"])) == (owner, team, period, start)]


def row(bench, **given):
    (found,) = rows(bench, **given)
    return found


def run(bench, **tables):
    given = {"core_targets": "core.targets", "core_capacities": "core.capacities", "marts_deals": "marts.deals", "states": "core.deal_states", "teams": "core.owner_teams"}
    bench.run(["marts.capacity"], GIVEN | {given[k]: v for k, v in tables.items()})


def test_a_target_that_is_met_is_met_and_needs_no_more(bench):
    run(bench, core_targets=targets((QUARTER, "all", "all", 100)), marts_deals=deals(*closings("Ana", 5, 5), ("won", "Ana", "", "100", "2026-04-02", "")))
    found = row(bench)
    assert found["target_status"] == "met" and found["attainment"] == 1
    assert (found["coverage_needed"], found["coverage_gap"], found["coverage_ratio"]) == (0, 0, None)


def test_coverage_needed_is_what_is_missing_by_the_own_win_rate(bench):
    run(
        bench, core_targets=targets((QUARTER, "all", "all", 1000)),
        marts_deals=deals(
            *closings("Ana", 3, 8), ("won", "Ana", "", "400", "2026-04-01", ""),
            ("open", "Ana", "", "900", "", "2026-06-30"), ("open", "Ana", "", "", "", "2026-04-01"),
            ("open", "Ana", "", "50", "", "2026-07-01"), ("open", "Ana", "", "70", "", "2026-03-31"),
        ),
    )  # fmt: skip
    found = row(bench)
    assert found["trailing_win_rate"] == 4 / 12 and found["target_status"] == "open"
    assert (found["coverage_needed"], found["coverage"], found["coverage_gap"]) == (1800, 900, 900)
    assert (found["coverage_ratio"], found["coverage_ratio_needed"]) == (1.5, 3)
    assert (found["due_deals"], found["due_without_amount"]) == (2, 1)


def test_nothing_closed_is_no_win_rate_but_that_of_the_team_or_the_company(bench):
    run(
        bench, core_targets=targets((QUARTER, "Ana", "all", 100), (QUARTER, "Ben", "all", 100), (QUARTER, "Cruz", "all", 100)),
        teams="owner | team\nAna | North\nDora | North\nEve | South",
        marts_deals=deals(*closings("Dora", 5, 5), *closings("Eve", 0, 10), *closings("Ben", 4, 5)),
    )  # fmt: skip
    found = {r["owner"]: (r["trailing_win_rate"], r["trailing_win_rate_from"], r["trailing_closed"], r["own_closed"]) for r in bench.rows("marts.capacity") if r["period"] == "quarter" and r["team"] == "all"}
    assert found["Ana"] == (0.5, "team", 10, 0)
    assert found["Ben"] == (9 / 29, "company", 29, 9)
    assert found["Cruz"] == (9 / 29, "company", 29, 0)
    assert found["all"] == (9 / 29, "company", 29, 29)


def test_nobody_closed_enough_leaves_the_coverage_needed_unknown(bench):
    run(bench, core_targets=targets((QUARTER, "all", "all", 100)), marts_deals=deals(*closings("Ana", 4, 5)))
    found = row(bench)
    assert (found["trailing_win_rate"], found["trailing_win_rate_from"]) == (None, "too few closed deals")
    assert (found["coverage_needed"], found["coverage_gap"], found["coverage"]) == (None, None, 0)


def test_a_win_rate_of_zero_divides_nothing(bench):
    run(bench, core_targets=targets((QUARTER, "all", "all", 100)), marts_deals=deals(*closings("Ana", 0, 10)))
    found = row(bench)
    assert found["trailing_win_rate"] == 0
    assert (found["coverage_needed"], found["coverage_gap"], found["coverage_ratio_needed"]) == (None, None, None)


def test_the_win_rate_is_that_of_twelve_months(bench):
    old, kept = closings("Ana", 10, 0, "2025-05-15 00:00:00"), closings("Ana", 5, 5, "2025-05-15 00:00:01")
    run(bench, marts_deals=deals(*old, *kept))
    assert row(bench)["trailing_win_rate"] == 0.5


def test_a_period_that_has_ended_is_missed_and_has_no_coverage(bench):
    run(bench, core_targets=targets((OVER, "all", "all", 100)), marts_deals=deals(("won", "Ana", "", "99.99", "2026-03-31 23:59:59", ""), ("won", "Ana", "", "5", "2026-04-01", ""), ("open", "Ana", "", "70", "", "2026-03-31")))
    found = row(bench, start="2026-01-01")
    assert (found["period_state"], found["target_status"]) == ("ended", "missed")
    assert (found["coverage"], found["due_deals"], found["coverage_needed"], found["coverage_gap"]) == (None, None, None, None)


def test_quotas_that_the_plan_leaves_out_are_the_sums_of_those_below(bench):
    run(
        bench, teams="owner | team\nAna | North\nBen | North\nCruz | South\nDora |",
        core_targets=targets((QUARTER, "Ana", "all", 10), (QUARTER, "Ben", "all", 20), (QUARTER, "Cruz", "all", 5), (QUARTER, "all", "South", 100), (QUARTER, "Dora", "all", 1)),
    )  # fmt: skip
    found = {(r["owner"], r["team"]): (r["quota"], r["quota_from"]) for r in bench.rows("marts.capacity") if r["period"] == "quarter"}
    assert found == {
        ("Ana", "all"): (10, "plan"), ("Ben", "all"): (20, "plan"), ("Cruz", "all"): (5, "plan"), ("Dora", "all"): (1, "plan"),
        ("all", "North"): (30, "sum of owners"), ("all", "South"): (100, "plan"), ("all", "all"): (131, "sum of teams and owners"),
    }  # fmt: skip


def test_a_sum_with_an_unknown_part_is_unknown(bench):
    run(bench, core_targets=targets((QUARTER, "Ana", "all", 10), (QUARTER, "Ben", "all", "")))
    assert (row(bench)["quota"], row(bench)["target_status"]) == (None, "target unknown")
    assert row(bench, owner="Ben")["target_status"] == "target unknown"


def test_without_plans_the_running_periods_show_who_works_what(example):
    example("marts.capacity", {
        **GIVEN,
        "marts.deals": deals(("open", "Ana", "North", "10", "", ""), ("open", "", "", "", "", ""), ("won", "Ben", "", "7", "2026-05-02", "")),
        "core.deal_states": """
            system | deal_id | kind | record_status | from_on    | to_on      | amount
            crm    | 0       | open | live          | 2026-01-02 | 2026-02-01 | 8
            crm    | 0       | open | live          | 2026-02-01 |            | 10
            crm    | 1       | open | live          | 2026-05-15 |            |
            crm    | 2       | open | live          | 2026-01-01 | 2026-05-02 | 7
            crm    | 2       | won  | live          | 2026-05-02 |            | 7
        """,
    }, """
        period  | period_start | period_end | period_state | owner | team  | open_deals | open_amount | open_without_amount | won | booked | target_status
        month   | 2026-05-01   | 2026-06-01 | running      | all   | all   | 2          | 10          | 1                   | 1   | 7      | no target
        month   | 2026-05-01   | 2026-06-01 | running      | Ana   | all   | 1          | 10          | 0                   | 0   | 0      | no target
        month   | 2026-05-01   | 2026-06-01 | running      | Ben   | all   | 0          | 0           | 0                   | 1   | 7      | no target
        month   | 2026-05-01   | 2026-06-01 | running      | all   | North | 1          | 10          | 0                   | 0   | 0      | no target
        quarter | 2026-04-01   | 2026-07-01 | running      | all   | all   | 2          | 10          | 1                   | 1   | 7      | no target
        quarter | 2026-04-01   | 2026-07-01 | running      | Ana   | all   | 1          | 10          | 0                   | 0   | 0      | no target
        quarter | 2026-04-01   | 2026-07-01 | running      | Ben   | all   | 0          | 0           | 0                   | 1   | 7      | no target
        quarter | 2026-04-01   | 2026-07-01 | running      | all   | North | 1          | 10          | 0                   | 0   | 0      | no target
        year    | 2026-01-01   | 2027-01-01 | running      | all   | all   | 2          | 10          | 1                   | 1   | 7      | no target
        year    | 2026-01-01   | 2027-01-01 | running      | Ana   | all   | 1          | 10          | 0                   | 0   | 0      | no target
        year    | 2026-01-01   | 2027-01-01 | running      | Ben   | all   | 0          | 0           | 0                   | 1   | 7      | no target
        year    | 2026-01-01   | 2027-01-01 | running      | all   | North | 1          | 10          | 0                   | 0   | 0      | no target
    """)  # fmt: skip


def test_deals_over_capacity_and_over_what_can_be_delivered(bench):
    run(
        bench, core_capacities=capacities(("quarter", "2026-04-01", "2026-07-01", "Ana", "all", "2", "1"), ("quarter", "2026-04-01", "2026-07-01", "Ben", "all", "0", "")),
        marts_deals=deals(*[("open", "Ana", "", "", "", "")] * 3, ("won", "Ana", "", "", "2026-05-01", ""), ("won", "Ana", "", "", "2026-05-02", "")),
        states="system | deal_id | kind | record_status | from_on | to_on\n" + "\n".join(f"crm | {n} | open | live | 2026-05-01 |" for n in range(3)),
    )  # fmt: skip
    ana, ben = row(bench, owner="Ana"), row(bench, owner="Ben")
    assert (ana["open_deals"], ana["capacity_used"], ana["deals_over_capacity"]) == (3, 1.5, 1)
    assert (ana["won"], ana["delivery_used"], ana["deals_over_delivery"], ana["won_without_amount"]) == (2, 2, 1, 2)
    assert (ben["capacity_used"], ben["deals_over_capacity"], ben["delivery_used"], ben["deals_over_delivery"]) == (None, 0, None, None)
    assert row(bench)["open_deals_capacity"] == 2 and row(bench)["open_deals_capacity_from"] == "sum of teams and owners"


def test_a_fiscal_quarter_takes_the_place_of_the_calendars(bench):
    run(bench, core_targets=targets(("quarter | 2026-05-01 | 2026-08-01", "all", "all", 5)))
    assert not rows(bench) and row(bench, start="2026-05-01")["period_state"] == "running"


def test_an_owners_plans_by_team_add_up_unless_one_is_for_all_teams(bench):
    run(bench, core_targets=targets((QUARTER, "Ana", "North", 10), (QUARTER, "Ana", "South", 20), (QUARTER, "Ben", "all", 7), (QUARTER, "Ben", "North", 3)))
    assert (row(bench, owner="Ana")["quota"], row(bench, owner="Ben")["quota"], row(bench)["quota"]) == (30, 7, 37)


def test_only_amounts_won_over_all_pipelines_are_quotas_and_each_plan_keeps_its_kind(bench):
    heading, line = "period | period_start | period_end | pipeline | owner | team | metric | target | copies", f"{QUARTER} | all | all | North"
    run(
        bench, teams="owner | team\nAna | North",
        core_targets=f"{heading}\n{line} | won_amount | 50 | 1\n{line} | won | 3 | 1\n{line.replace('| all', '| Sales', 1)} | won_amount | 9 | 1",
        core_capacities=capacities(("quarter", "2026-04-01", "2026-07-01", "Ana", "all", "5", "2"), ("quarter", "2026-01-01", "2026-04-01", "all", "North", "8", "")),
    )  # fmt: skip
    found = row(bench, team="North")
    assert (found["quota"], found["open_deals_capacity"], found["delivery_capacity"]) == (50, 5, 2)
    assert (found["quota_from"], found["open_deals_capacity_from"]) == ("plan", "sum of owners")
    assert row(bench, team="North", start="2026-01-01")["open_deals_capacity"] == 8


def test_a_period_ends_with_its_last_day_and_begins_with_its_first(bench):
    wanted = targets(("month | 2026-04-15 | 2026-05-15", "all", "all", 1), ("month | 2026-05-15 | 2026-06-15", "all", "all", 1), ("month | 2026-05-16 | 2026-06-16", "all", "all", 1))
    run(bench, core_targets=wanted, marts_deals=deals(("won", "Ana", "", "", "2026-05-14", ""), *closings("Ana", 5, 4, "2026-05-15 00:00:00")))
    states = {str(r["period_start"]): (r["period_state"], r["target_status"], r["due_deals"]) for r in bench.rows("marts.capacity") if r["period"] == "month" and r["owner"] == "all"}
    assert states == {"2026-04-15": ("ended", "missed", None), "2026-05-15": ("running", "open", 0), "2026-05-16": ("ahead", "open", 0)}
    assert row(bench)["trailing_closed"] == 10
