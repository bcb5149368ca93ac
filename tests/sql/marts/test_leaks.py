"""Who loses more than the rest, in money, and whether it is more than chance."""

import random

import pytest

from assets.demo.truth.leaks import fisher as in_whole_numbers
from assets.demo.truth.leaks import reason_of
from assets.statistics import false_discovery_rates, fisher

ENDINGS = "system | deal_id | pipeline | stage | stage_order | is_lost | reason | lost_reason | amount | owner"
CHAIN = ["marts.leak_rates", "marts.leak_tests", "marts.leaks"]


def endings(**owners):
    """Of each owner (lost, all) deals that left the stage Demo."""
    rows = [(owner, n < lost) for owner, (lost, every) in owners.items() for n in range(every)]
    return "\n".join([ENDINGS, *(f"crm | {n} | p | Demo | 1 | {'true | price | Too dear' if lost else 'false | |'} | 100 | {owner}" for n, (owner, lost) in enumerate(rows))])


def by_owner(bench, **owners):
    found = bench.run(CHAIN, {"marts.stage_endings": endings(**owners)})["marts.leaks"]
    return {row["segment"]: row for row in found if row["dimension"] == "owner" and row["reason"] == "all"}


def test_losing_everything_out_of_three_is_no_leak(bench):
    rows = by_owner(bench, Ana=(3, 3), Ben=(20, 100))
    assert (rows["Ana"]["lost_rate"], rows["Ana"]["baseline_rate"]) == (1, 0.2)
    assert [(r["p_value"], r["q_value"], r["is_significant"]) for r in rows.values()] == [(None, None, None)] * 2


def test_a_planted_leak_is_found_and_valued(bench):
    rows = by_owner(bench, Ana=(40, 50), Ben=(20, 100))
    assert rows["Ana"]["is_significant"] and rows["Ana"]["p_value"] < 1e-11
    assert (rows["Ana"]["excess_lost"], float(rows["Ana"]["excess_amount"]), rows["Ana"]["money_rank"]) == (30, 3000, 1)
    assert (rows["Ben"]["excess_lost"], rows["Ben"]["money_rank"]) == (-60, 2)


def test_ten_on_either_side_are_tested_and_nine_are_not(bench):
    assert by_owner(bench, Ana=(5, 10), Ben=(5, 10))["Ana"]["p_value"] == 1
    assert by_owner(bench, Ana=(5, 9), Ben=(5, 50))["Ana"]["p_value"] is None
    assert by_owner(bench, Ana=(5, 9), Ben=(5, 50))["Ben"]["p_value"] is None


def noise(seed):
    """Forty owners who all lose three in ten, but for chance."""
    drawn = random.Random(seed)
    return {f"Owner{n}": (sum(drawn.random() < 0.3 for _ in range(30)), 30) for n in range(40)}


def test_forty_segments_of_noise_hold_no_leak(bench):
    rows = by_owner(bench, **noise(4))
    assert [row["is_significant"] for row in rows.values()] == [False] * 40


def test_a_hundred_companies_of_noise_look_leaky_each_and_raise_hardly_an_alarm():
    looks, alarms = 0, 0
    for seed in range(100):
        owners = noise(seed).values()
        lost, every = sum(n for n, _ in owners), sum(n for _, n in owners)
        p_values = [fisher(n, all_of, lost - n, every - all_of) for n, all_of in owners]
        looks += min(p_values) < 0.05
        alarms += min(false_discovery_rates(p_values)) <= 0.05
    # One test after the other would accuse somebody in most of them; at most one in twenty is what is promised.
    assert looks > 60
    assert alarms <= 5


def test_reasons_texts_and_stalled_deals_are_rows_beside_the_whole(bench):
    given = {
        "marts.stage_endings": ENDINGS + """
            crm | 1 | p | Demo | 1 | true  | price   | Too dear | 100 | Ana
            crm | 2 | p | Demo | 1 | true  | price   | Price    |     | Ana
            crm | 3 | p | Demo | 1 | true  | price   | Price    | 7   | Ana
            crm | 4 | p | Demo | 1 | true  | unknown |          | 50  | Ben
            crm | 5 | p | Demo | 1 | false |         |          | 900 | Ana
        """,
        "marts.stalled_deals": "system | deal_id | pipeline | stage | stage_order | is_over_limit\ncrm | 6 | p | Demo | 1 | true\ncrm | 7 | p | Demo | 1 |",
        "marts.deals": "system | deal_id | pipeline | stage | amount | owner\ncrm | 6 | p | Demo | 60 | Ben\ncrm | 7 | p | Demo | 999 | Ben",
    }
    found = bench.run(CHAIN, given)["marts.leaks"]
    names = ("money_rank", "segment", "reason", "deals", "amount", "deals_without_amount", "reason_sample", "resolved", "lost_rate", "baseline_rate")
    rows = {d: sorted([tuple(r[n] for n in names) for r in found if r["dimension"] == d], key=lambda r: (r[2] == "all", r[0])) for d in ("all", "owner")}
    assert rows["all"] == [
        (1, "all", "price", 3, 107, 1, "Price | Too dear", None, None, None), (2, "all", "stalled", 1, 60, 0, None, None, None, None),
        (3, "all", "unknown", 1, 50, 0, None, None, None, None), (1, "all", "all", 4, 157, 1, None, 5, 0.8, None),
    ]
    # Ben loses all of one, Ana three of four: 0.25 more than expected, at 50 each.
    assert rows["owner"] == [
        (1, "Ana", "price", 3, 107, 1, "Price | Too dear", None, None, None), (2, "Ben", "stalled", 1, 60, 0, None, None, None, None),
        (3, "Ben", "unknown", 1, 50, 0, None, None, None, None), (1, "Ben", "all", 1, 50, 0, None, 1, 1, 0.75), (2, "Ana", "all", 3, 107, 1, None, 4, 0.75, 1),
    ]
    ben = next(r for r in found if r["segment"] == "Ben" and r["reason"] == "all")
    assert (ben["excess_lost"], float(ben["excess_amount"])) == (0.25, 12.5)


LOST = "pipeline | stage | stage_order | is_lost | reason | lost_reason | amount | owner | team | size_band | lead_source | product | deal_type"
DIMENSIONS = {"all": "all", "owner": "Ana", "team": "North", "size band": "small", "source": "Web", "product": "Gold", "type": "New"}
RATES = "pipeline | stage | stage_order | dimension | segment | resolved | lost | lost_amount | lost_without_amount | resolved_amount | resolved_with_amount | rest_resolved | rest_lost"


def test_a_deal_counts_once_in_every_dimension_and_beside_the_rest_of_its_own_stage(bench):
    given = {"marts.stage_endings": f"""
        {LOST}
        p | Demo | 1 | true  | price |   |    | Ana | North | small | Web  | Gold | New
        p | Demo | 1 | false |       |   | 10 | Ana | North | small | Web  | Gold | New
        p | Demo | 1 | true  | price |   | 5  |     |       |       |      |      |
        p | Call | 2 | false |       |   |    | Ana | North | small | Web  | Gold | New
        q | Demo | 1 | true  | price |   | 7  | Ana | North | small | Web  | Gold | New
    """}
    found = bench.run(["marts.leak_rates"], given)["marts.leak_rates"]
    counts = ("resolved", "lost", "lost_amount", "lost_without_amount", "resolved_amount", "resolved_with_amount", "rest_resolved", "rest_lost")
    assert {(r["pipeline"], r["stage"], r["dimension"], r["segment"]): tuple(r[c] for c in counts) for r in found} == {
        ("p", "Demo", "all", "all"): (3, 2, 5, 1, 15, 2, 0, 0),
        **{("p", "Demo", d, s): (2, 1, 0, 1, 10, 1, 1, 1) for d, s in DIMENSIONS.items() if d != "all"},
        **{("p", "Demo", d, "unknown"): (1, 1, 5, 0, 5, 1, 2, 1) for d in DIMENSIONS if d != "all"},
        **{("p", "Call", d, s): (1, 0, 0, 0, 0, 0, 0, 0) for d, s in DIMENSIONS.items()},
        **{("q", "Demo", d, s): (1, 1, 7, 0, 7, 1, 0, 0) for d, s in DIMENSIONS.items()},
    }


def test_lost_and_stalled_deals_are_rows_of_every_dimension(bench):
    given = {
        "marts.stage_endings": f"{LOST}\np | Demo | 1 | true | price | Dear | 3 | Ana | North | small | Web | Gold | New",
        "marts.stalled_deals": "system | deal_id | pipeline | stage | stage_order | is_over_limit\ncrm | 6 | p | Demo | 1 | true",
        "marts.deals": """
            system | deal_id | amount | owner | team  | size_band | lead_source | product | deal_type
            crm    | 6       | 60     | Ana   | North | small     | Web         | Gold    | New
            web    | 6       | 999    | Ben   | South | big       | Fair        | Lead    | Old
        """,
    }
    found = bench.run(["marts.leaks"], given)["marts.leaks"]
    assert sorted((r["dimension"], r["segment"], r["reason"], r["amount"]) for r in found) == sorted(
        (d, s, reason, amount) for d, s in DIMENSIONS.items() for reason, amount in (("price", 3), ("stalled", 60))
    )


def test_a_sample_holds_the_three_most_frequent_texts_of_its_own_row(bench):
    def texts(pipeline, stage, owner, reason, *said):
        return [f"{pipeline} | {stage} | 1 | true | {reason} | {text} | 1 | {owner} | | | | |" for text in said]

    lost = [
        *texts("p", "Demo", "Ana", "price", "b", "b", "a", "c", "d", "''", "''"), *texts("p", "Demo", "Ana", "timing", "z"),
        *texts("p", "Call", "Ana", "price", "y"), *texts("q", "Demo", "Ana", "price", "x"), *texts("p", "Demo", "Ben", "price", "w", "v"),
    ]  # fmt: skip
    found = bench.run(["marts.leaks"], {"marts.stage_endings": "\n".join([LOST, *lost])})["marts.leaks"]
    samples = {(r["pipeline"], r["stage"], r["segment"], r["reason"]): r["reason_sample"] for r in found if r["dimension"] == "owner"}
    assert samples == {
        ("p", "Demo", "Ana", "price"): "b | a | c", ("p", "Demo", "Ana", "timing"): "z", ("p", "Call", "Ana", "price"): "y",
        ("q", "Demo", "Ana", "price"): "x", ("p", "Demo", "Ben", "price"): "v | w",
    }  # fmt: skip
    unknown = {(r["dimension"], r["reason_sample"]) for r in found if (r["pipeline"], r["stage"], r["segment"], r["reason"]) == ("p", "Demo", "unknown", "price")}
    assert unknown == {(d, "b | a | c") for d in ("team", "size band", "source", "product", "type")}


def test_rows_of_a_dimension_rank_by_money_then_by_deals_then_by_name(bench):
    lost = [
        "p | Demo | 1 | true | price | | 100 | Ana", *["p | Demo | 1 | true | timing | | 10 | Ben"] * 2, "a | Demo | 1 | true | timing | | 20 | Ben",
        "p | Call | 1 | true | timing | | 20 | Ben", "p | Demo | 1 | true | no budget | | 20 | Ana", "p | Demo | 1 | true | no budget | | 20 | Ben",
        "p | Demo | 1 | true | price | | 20 | Ben", "p | Demo | 1 | true | price | | | Eve",
    ]  # fmt: skip
    found = bench.run(["marts.leaks"], {"marts.stage_endings": "\n".join([LOST, *(f"{row} | | | | |" for row in lost)])})["marts.leaks"]
    ranked = sorted((r["money_rank"], r["pipeline"], r["stage"], r["segment"], r["reason"], r["deals"], r["amount"]) for r in found if r["dimension"] == "owner")
    assert ranked == [
        (1, "p", "Demo", "Ana", "price", 1, 100), (2, "p", "Demo", "Ben", "timing", 2, 20), (3, "a", "Demo", "Ben", "timing", 1, 20),
        (4, "p", "Call", "Ben", "timing", 1, 20), (5, "p", "Demo", "Ana", "no budget", 1, 20), (6, "p", "Demo", "Ben", "no budget", 1, 20),
        (7, "p", "Demo", "Ben", "price", 1, 20), (8, "p", "Demo", "Eve", "price", 1, 0),
    ]  # fmt: skip


def test_segments_rank_by_what_they_lose_beyond_the_rest_and_whole_stages_by_what_they_lose(example):
    """Ana expects 5 × 4/5 losses and has one, of deals worth 100 each; Ben's are worth 2. Of Eve's 57 cents half is 28.5, and half a cent is rounded up."""
    example("marts.leaks", {
        "marts.leak_rates": f"""
            {RATES}
            p | Demo | 1 | all   | all | 10 | 5 | 500 | 0 | 510  | 10 | 0  | 0
            q | Demo | 1 | all   | all | 10 | 9 | 100 | 0 | 100  | 10 | 0  | 0
            p | Demo | 1 | owner | Ana | 5  | 1 | 490 | 0 | 500  | 5  | 5  | 4
            p | Demo | 1 | owner | Ben | 5  | 4 | 10  | 0 | 10   | 5  | 5  | 1
            q | Demo | 1 | owner | Ana | 10 | 9 | 100 | 0 | 100  | 10 | 0  | 0
            r | Demo | 1 | owner | Eve | 2  | 1 | 0.3 | 0 | 0.57 | 2  | 1  | 0
            r | Demo | 1 | owner | Tom | 2  | 1 | 0   | 1 | 0    | 0  | 2  | 1
        """,
        "marts.leak_tests": """
            pipeline | stage | dimension | segment | p_value | q_value
            p        | Demo  | owner     | Ana     | 0.01    | 0.05
            p        | Demo  | owner     | Ben     | 0.01    | 0.06
            r        | Demo  | owner     | Ana     | 0.01    | 0.9
            p        | Call  | owner     | Ana     | 0.01    | 0.8
            p        | Demo  | team      | Ana     | 0.01    | 0.7
        """,
    }, """
        money_rank | pipeline | dimension | segment | reason | deals | amount | resolved | rest_resolved | lost_rate | baseline_rate | excess_lost | excess_amount | q_value | is_significant
        1          | p        | all       | all     | all    | 5     | 500    | 10       |               | 0.5       |               |             |               |         |
        2          | q        | all       | all     | all    | 9     | 100    | 10       |               | 0.9       |               |             |               |         |
        1          | p        | owner     | Ben     | all    | 4     | 10     | 5        | 5             | 0.8       | 0.2           | 3           | 6.00          | 0.06    | false
        2          | r        | owner     | Eve     | all    | 1     | 0.3    | 2        | 1             | 0.5       | 0             | 1           | 0.29          |         |
        3          | p        | owner     | Ana     | all    | 1     | 490    | 5        | 5             | 0.2       | 0.8           | -3          | -300.00       | 0.05    | true
        4          | q        | owner     | Ana     | all    | 9     | 100    | 10       | 0             | 0.9       |               |             |               |         |
        5          | r        | owner     | Tom     | all    | 1     | 0      | 2        | 2             | 0.5       | 0.5           | 0           |               |         |
    """)  # fmt: skip


def test_a_deal_is_lost_from_one_stage_only_and_one_that_came_back_from_none(example):
    visits = """
        system | deal_id | visit_number | pipeline | stage | stage_kind | outcome
        crm    | 1       | 1            | p        | Lead  | open       | lost
        crm    | 1       | 2            | p        | Lost  | lost       | moved_back
        crm    | 1       | 3            | p        | Demo  | open       | lost
        crm    | 1       | 4            | p        | Lost  | lost       | still_there
        crm    | 2       | 1            | p        | Demo  | open       | lost
        crm    | 2       | 2            | p        | Lost  | lost       | moved_back
        crm    | 2       | 3            | p        | Lead  | open       | still_there
        crm    | 3       | 1            | p        | Lead  | open       | moved_back
        crm    | 3       | 2            | p        | Demo  | open       | advanced
        crm    | 3       | 3            | p        | Lead  | open       | won
        web    | 1       | 1            | p        | Demo  | open       | won
        web    | 1       | 9            | p        | Lead  | open       | still_there
        crm    | 4       | 1            | q        | Demo  | open       | handed_off
        crm    | 4       | 2            | p        | Demo  | open       | lost
        crm    | 5       | 1            | p        | Demo  | open       | moved_back
        crm    | 5       | 2            | p        | Demo  | open       | lost
        crm    | 6       | 1            | p        | Demo  | open       | lost
        crm    | 6       | 2            | p        | Lost  | lost       | moved_back
        crm    | 6       | 3            | p        | Won   | won        | still_there
        crm    | 7       | 1            | p        | Demo  | open       | won
        crm    | 7       | 2            | p        | Won   | won        | lost
        crm    | 7       | 3            | p        | Lost  | lost       | still_there
    """
    deals = """
        system | deal_id | status | lost_reason
        crm    | 1       | lost   | precio
        crm    | 2       | open   | old
        crm    | 3       | won    |
        web    | 1       | won    |
        crm    | 4       | lost   |
        crm    | 5       | lost   |
        crm    | 6       | won    |
        crm    | 7       | lost   |
    """
    example("marts.stage_endings", {
        "marts.stage_visits": visits, "marts.deals": deals, "core.loss_reasons": "lost_reason | reason\nprecio | price",
    }, """
        deal_id | stage | is_lost | reason | lost_reason
        1       | Lead  | false   |        |
        1       | Demo  | true    | price  | precio
        2       | Demo  | false   |        |
        3       | Lead  | false   |        |
        3       | Demo  | false   |        |
        1       | Demo  | false   |        |
        4       | Demo  | false   |        |
        4       | Demo  | true    | unknown |
        5       | Demo  | true    | unknown |
        6       | Demo  | false   |         |
        7       | Demo  | false   |         |
    """)  # fmt: skip


@pytest.mark.parametrize("text, reason", [
    ("Price", "price"), ("demasiado CARO", "price"), ("Caroline left", "other"), ("Budget/price", "no budget"), ("Lost to a competitor: price", "competitor"),
    ("Sin decisión", "no decision"), ("No interesada", "no decision"), ("went dark", "lost contact"), ("Missing feature", "product fit"),
    ("Latest", "other"), ("Duplicado", "duplicate or bad data"), ("aplazado", "timing"), ("¿?", "other"),
])  # fmt: skip
def test_a_reason_is_found_by_its_words(example, text, reason):
    assert reason_of(text) == reason
    example("core.loss_reasons", {"core.deals": f"system | deal_id | lost_reason\ncrm | 1 | {text}\ncrm | 2 | {text}\ncrm | 3 |\ncrm | 4 | ''"}, f"lost_reason | reason\n{text} | {reason}")


def test_the_p_value_is_that_of_all_tables_in_whole_numbers():
    drawn = random.Random(1)
    for _ in range(400):
        resolved, rest = drawn.randint(1, 60), drawn.randint(1, 200)
        table = drawn.randint(0, resolved), resolved, drawn.randint(0, rest), rest
        assert fisher(*table) == pytest.approx(in_whole_numbers(*table), rel=1e-9), table


def test_the_tests_agree_with_scipy():
    stats = pytest.importorskip("scipy.stats", reason="scipy is an oracle here, no dependency")
    for lost, resolved, rest_lost, rest in ((40, 50, 20, 100), (0, 10, 3, 12), (300, 900, 2500, 9000), (1, 400, 90, 4000)):
        wanted = stats.fisher_exact([[lost, resolved - lost], [rest_lost, rest - rest_lost]]).pvalue
        assert fisher(lost, resolved, rest_lost, rest) == pytest.approx(wanted, rel=1e-8)
    p_values = [0.01, 0.04, 0.03, 0.5, 0.03, 1.0]
    assert false_discovery_rates(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    assert false_discovery_rates([]) == []
