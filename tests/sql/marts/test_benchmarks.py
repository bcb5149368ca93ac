"""The own value beside target, previous period and benchmark; what is counted in another way is not compared."""

import pytest

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2026-05-15",
    "core.parameters": "one | base_currency\n1 | EUR",
    "core.metric_definitions": """
        metric                | spanish              | definition         | unit  | better
        win_rate              | tasa_de_cierre       | won / (won + lost) | rate  | higher
        average_days_to_close | días_hasta_el_cierre | mean days          | days  | lower
        average_deal_size     | importe_medio        | size               | money | higher
        won_amount            | importe_ganado       | amount             | money | higher
    """,
    "marts.pipeline_health": """
        period  | period_start | pipeline | deals_created | deals_in_pipeline | won | lost | won_amount | closed_without_amount | won_without_amount | deals_without_cycle | win_rate | win_rate_low | win_rate_high | average_deal_size | average_days_to_close
        quarter | 2026-01-01   | all      | 9             | 3                 | 4   | 4    | 300        | 2                     | 1                  | 1                   | 0.5      | 0.2          | 0.8           | 100               | 40
        quarter | 2026-04-01   | all      | 5             | 2                 | 2   | 8    | 80         | 0                     | 0                  | 0                   | 0.2      | 0.06         | 0.51          | 40                | 50
        all     | 2026-01-01   | all      | 14            | 2                 | 6   | 12   | 380        | 2                     | 1                  | 1                   | 0.33     | 0.16         | 0.56          | 76                | 44
    """,
}
OUTSIDE = "metric | value | low | high | currency | source | year | definition | file | line\n"
OURS = "won / (won + lost)"


def beside(bench, benchmarks="", metric="win_rate", period="quarter", start="2026-04-01", **more):
    """The rows of one metric in one period of the company."""
    given = {**GIVEN, **{table.replace("_", ".", 1): drawing for table, drawing in more.items()}}
    bench.run(["marts.benchmarks"], {**given, "staging.benchmarks": OUTSIDE + benchmarks})
    found = [r for r in bench.rows("marts.benchmarks") if (r["metric"], r["period"], str(r["period_start"]), r["owner"]) == (metric, period, start, "all")]
    return sorted(found, key=lambda r: r["benchmark_number"])


def test_another_definition_is_not_comparable_however_alike_the_name(bench):
    (row,) = beside(bench, "win_rate | 0.06 | | | | Implisit | | deals / opportunities | 1 | 2")
    assert (row["is_comparable"], row["verdict"]) == (False, "not comparable")
    assert (row["benchmark_value"], row["benchmark_source"], row["benchmark_year"]) == (0.06, "Implisit", None)


@pytest.mark.parametrize(
    "value, low, high, verdict",
    [
        ("0.2", "", "", "within"), ("", "0.15", "0.25", "within"), ("20", "", "", "within"), ("", "15", "25", "within"), ("0.19", "0.2", "0.3", "within"),
        ("0.5", "", "", "no clear difference"), ("", "0.01", "0.06", "no clear difference"),
        ("0.52", "", "", "worse"), ("", "0.6", "0.7", "worse"), ("0.05", "", "", "better"), ("", "0.01", "0.05", "better"), ("", "", "", "no benchmark"),
    ],
)  # fmt: skip
def test_verdicts_heed_the_interval_and_the_range(bench, value, low, high, verdict):
    (row,) = beside(bench, f"win_rate | {value} | {low} | {high} | | A | 2024 | {OURS} | 1 | 2")
    assert row["verdict"] == verdict and row["is_comparable"]


def test_fewer_days_are_better(bench):
    verdicts = [r["verdict"] for r in beside(bench, "\n".join(f"average_days_to_close | {n} | | | | {n} | | mean days | 1 | {n}" for n in (49, 50, 51)), "average_days_to_close")]
    assert verdicts == ["worse", "within", "better"]


def test_the_same_definition_is_the_same_in_other_signs_and_letters(bench):
    (row,) = beside(bench, "tasa_de_cierre | 0.2 | | | | A | | WON ÷ (won+lost) | 1 | 2")
    assert row["is_comparable"]


def test_money_in_another_currency_is_not_comparable(bench):
    lines = "average_deal_size | 40 | | | USD | A | | size | 1 | 1\naverage_deal_size | 40 | | | EUR | B | | size | 1 | 2\naverage_deal_size | 40 | | | | C | | size | 1 | 3"
    assert [r["verdict"] for r in beside(bench, lines, "average_deal_size")] == ["not comparable", "within", "within"]


def test_a_metric_that_is_not_measured_here_is_kept_and_said(bench):
    (row,) = beside(bench, "lead_to_customer | 0.01 | | | | Second-hand | | customers / leads | 1 | 2", "lead_to_customer", "all", "2026-01-01")
    assert (row["verdict"], row["is_comparable"], row["benchmark_value"], row["value"]) == ("not measured here", False, 0.01, None)


def test_benchmarks_are_there_without_any_deal(bench):
    (row,) = beside(bench, f"win_rate | 0.2 | | | | A | | {OURS} | 1 | 2", period="all", start="2026-05-15", marts_pipeline_health=[])
    assert row["verdict"] == "no own value"


def test_every_row_has_its_value_interval_counts_and_previous_period(bench):
    (row,) = beside(bench)
    assert (row["value"], row["value_low"], row["value_high"], row["value_records"], row["previous_value"]) == (0.2, 0.06, 0.51, 10, 0.5)
    assert (row["verdict"], row["target_status"], row["benchmark_number"]) == ("no benchmark", "no target", 0)
    (size,) = [r for r in bench.rows("marts.benchmarks") if r["metric"] == "average_deal_size" and str(r["period_start"]) == "2026-01-01" and r["period"] == "quarter"]
    assert (size["value_records"], size["value_missing"], size["previous_value"]) == (3, 1, None)


def targets(*lines):
    heading = "metric | period | period_start | period_end | pipeline | owner | team | target | not_found | copies"
    return "\n".join([heading, *(f"{line} | 1" for line in lines)])


@pytest.mark.parametrize(
    "metric, start, end, target, status",
    [
        ("won_amount", "2026-04-01", "2026-07-01", "80", "met"), ("won_amount", "2026-04-01", "2026-07-01", "81", "open"),
        ("won_amount", "2026-01-01", "2026-04-01", "301", "missed"), ("won_amount", "2026-01-01", "2026-04-01", "300", "met"),
        # A rate may fall again, and a mean rise, until the period ends.
        ("win_rate", "2026-04-01", "2026-07-01", "0.1", "open"), ("win_rate", "2026-01-01", "2026-04-01", "0.5", "met"),
        ("average_days_to_close", "2026-01-01", "2026-04-01", "40", "met"), ("average_days_to_close", "2026-01-01", "2026-04-01", "39", "missed"),
        ("won_amount", "2026-04-01", "2026-07-01", "", "target unknown"),
    ],
)  # fmt: skip
def test_targets(bench, metric, start, end, target, status):
    (row,) = beside(bench, metric=metric, start=start, core_targets=targets(f"{metric} | quarter | {start} | {end} | all | all | all | {target} |"))
    assert row["target_status"] == status
    assert row["target_gap"] == (None if target == "" else pytest.approx(row["value"] - float(target)))


def test_targets_that_nobody_understands_stay(bench):
    wanted = targets(
        "happiness | quarter | 2026-04-01 | 2026-07-01 | all | all | all | 3 | metric",
        "won_amount | week | 2026-04-06 | | all | all | all | 4 | period",
        "won_amount | quarter | 2026-10-01 | 2027-01-01 | Gone | all | all | 5 | pipeline",
    )
    bench.run(["marts.benchmarks"], {**GIVEN, "core.targets": wanted})
    found = {r["target"]: (r["target_status"], r["not_found"], r["value"]) for r in bench.rows("marts.benchmarks") if r["target"]}
    assert found == {3: ("not measured here", "metric", None), 4: ("period not understood", "period", None), 5: ("open", "pipeline", None)}


def test_the_value_of_an_owner_is_counted_like_the_companys(bench):
    bench.run(["marts.benchmarks"], {
        **GIVEN,
        "core.targets": targets("win_rate | quarter | 2026-04-01 | 2026-07-01 | all | Ana | all | 0.6 |", "win_rate | quarter | 2026-04-01 | 2026-07-01 | all | all | North | 0.6 |"),
        "core.owner_teams": "owner | team\nAna | North",
        "marts.deals": """
            system | deal_id | status | pipeline | owner | team  | created_at | closed_at
            crm    | 1       | won    | p        | Ana   |       | 2026-01-01 | 2026-04-01
            crm    | 2       | lost   | p        | Ana   | South | 2026-01-01 | 2026-06-30
            crm    | 3       | lost   | p        | Ana   |       | 2026-01-01 | 2026-03-31
            crm    | 4       | lost   | p        |       | North | 2026-01-01 | 2026-05-01
            crm    | 5       | lost   | p        |       |       | 2026-01-01 | 2026-05-01
        """,
    })  # fmt: skip
    found = {(r["owner"], r["team"]): (r["value"], r["value_records"], r["previous_value"]) for r in bench.rows("marts.benchmarks") if r["target"]}
    assert found == {("Ana", "all"): (0.5, 2, 0), ("all", "North"): (0.5, 2, 0)}
