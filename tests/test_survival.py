"""marts.survival against lifelines, to nine digits, and the shared formulas against SciPy."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

lifelines = pytest.importorskip("lifelines")
stats = pytest.importorskip("scipy.stats")

AS_OF = datetime(2025, 1, 1)
# Different days, so that lifelines need not jitter ties: whole seconds that no two spells share.
spells = st.lists(
    st.tuples(st.integers(1, 20_000_000), st.sampled_from(["advanced", "won", "lost", "moved_back", "still_there"])),
    min_size=2, max_size=40, unique_by=lambda spell: spell[0],
)  # fmt: skip


def survival_of(bench, found):
    """The row of marts.survival of one stage with these (seconds, outcome)."""
    visits, deals = [], []
    for number, (seconds, outcome) in enumerate(found):
        is_there = outcome == "still_there"
        end = AS_OF if is_there else AS_OF - timedelta(days=1)
        entered = end - timedelta(seconds=seconds)
        deal = {"system": "crm", "deal_id": str(number)}
        visits.append({
            **deal, "visit_number": 1, "pipeline": "p", "stage": "Demo", "stage_order": 1, "stage_kind": "open", "entered_at": entered,
            "entered_on": entered.date(), "left_at": None if is_there else end, "days": seconds / 86400, "outcome": outcome, "is_observed": True,
        })  # fmt: skip
        deals.append({
            **deal, "pipeline": "p", "status": "open", "size_band": "b", "created_at": entered, "created_on": entered.date(), "closed_at": None,
        })  # fmt: skip
    given_tables = {
        "core.as_of": [{"as_of": AS_OF}],
        "core.periods": [{"period": "all", "period_start": datetime(2024, 1, 1).date()}],
        "marts.stage_visits": visits,
        "marts.deals": deals,
    }
    rows = bench.run(["marts.survival"], given_tables)["marts.survival"]
    (row,) = [r for r in rows if r["measure"] == "stage" and r["size_band"] == "all" and r["cohort"] == "all"]
    return row


@pytest.mark.filterwarnings("ignore")
@laws(20)
@given(found=spells)
def test_every_figure_is_what_lifelines_says_to_nine_digits(bench, found):
    row = survival_of(bench, found)
    days = [seconds / 86400 for seconds, _ in found]
    ending = [0 if outcome == "still_there" else 1 if outcome in ("advanced", "won") else 2 for _, outcome in found]
    near = {"rel": 1e-9, "abs": 1e-9}

    kaplan_meier = lifelines.KaplanMeierFitter().fit(days, [e > 0 for e in ending])
    for name, level in (("median_days", 0.5), ("p75_days", 0.25), ("p90_days", 0.1)):
        # Where the curve meets the level exactly, lifelines' floats may miss it by a rounding error.
        if not any(abs(s - level) < 1e-12 for s in kaplan_meier.survival_function_.iloc[:, 0]):
            expected = kaplan_meier.percentile(level)
            assert (row[name] if row[name] is not None else float("inf")) == pytest.approx(expected, **near)
    mean = lifelines.utils.restricted_mean_survival_time(kaplan_meier, t=max(days))
    assert row["restricted_mean_days"] == pytest.approx(mean, rel=1e-9)
    assert row["restricted_to_days"] == max(days)
    assert row["unresolved_share"] == pytest.approx(kaplan_meier.survival_function_.iloc[-1, 0], **near)

    if 1 in ending:
        aalen_johansen = lifelines.AalenJohansenFitter(calculate_variance=True).fit(days, ending, event_of_interest=1)
        final = aalen_johansen.cumulative_density_.iloc[-1, 0]
        assert row["estimate"] == pytest.approx(min(final, 1.0), **near)
        reached = aalen_johansen.cumulative_density_[aalen_johansen.cumulative_density_.iloc[:, 0] >= 0.8 * final - 1e-12]
        assert row["went_on_p80_days"] == pytest.approx(reached.index[0], **near)
        interval = sorted(aalen_johansen.confidence_interval_.iloc[-1])
        # lifelines divides nought by nought where the last ones leave together.
        if final < 1 - 1e-12 and all(end == end for end in interval):
            assert [row["estimate_low"], row["estimate_high"]] == pytest.approx(interval, rel=1e-8)
    else:
        assert (row["estimate"], row["went_on_p80_days"]) == (0, None)


@pytest.mark.filterwarnings("ignore")
@laws(15)
@given(found=spells.filter(lambda s: len(s) > 5))
def test_the_interval_of_the_median_is_that_of_brookmeyer_and_crowley(bench, found):
    row = survival_of(bench, found)
    days, ended = [seconds / 86400 for seconds, _ in found], [outcome != "still_there" for _, outcome in found]
    fitted = lifelines.KaplanMeierFitter().fit(days, ended)
    interval = fitted.confidence_interval_
    # Where all have left, lifelines gives no interval; ours ends there at the latest.
    inside = interval[(fitted.survival_function_.iloc[:, 0] > 0) & (fitted.survival_function_.iloc[:, 0] < 1)]
    for name, column in (("median_days_low", 0), ("median_days_high", 1)):
        expected = inside.index[inside.iloc[:, column] <= 0.5]
        if len(expected):
            assert row[name] == pytest.approx(expected[0], rel=1e-9)
        elif fitted.survival_function_.iloc[-1, 0] > 0:
            assert row[name] is None


@pytest.mark.parametrize("degrees", [1, 2, 5, 30, 50, 51, 80, 1000])
def test_students_t(bench, degrees):
    (value,) = bench.connection.execute(f"select student_t({degrees})").fetchone()
    assert value == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-10)
    assert bench.connection.execute("select student_t(0), student_t(null)").fetchone() == (None, None)


@pytest.mark.parametrize("won, closed", [(0, 1), (1, 1), (3, 7), (0, 40), (40, 40), (123, 456)])
def test_wilsons_interval(bench, won, closed):
    low, high = bench.connection.execute(f"select wilson_low({won} / {closed}, {closed}), wilson_high({won} / {closed}, {closed})").fetchone()
    expected = stats.binomtest(won, closed).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)
    assert bench.connection.execute("select wilson_low(0.5, 0), wilson_high(null, null)").fetchone() == (None, None)
