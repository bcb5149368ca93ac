"""Credits for touches: against the rules written out for one path at a time, on random companies; sums to the cent; another library's figures."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from comparing import KEYS, compare
from hypothesis import given
from hypothesis import strategies as st
from numbering import numbered
from strategies import laws

from assets.demo.truth.attribution import MILESTONES, MODELS, attribution, removal_effects
from assets.models.removal_effects import effects

pytestmark = pytest.mark.slow

TARGETS = ["marts.conversions", "marts.conversion_paths", "marts.channel_steps", "marts.removal_effects", "marts.credited_touches", "marts.attribution", "marts.attribution_by_channel"]
CHANNELS = ["Email", "Paid Search", "Referral > Partner"]
CREATED = datetime(2024, 5, 10, 12)
moments = st.builds(lambda d, h: datetime(2024, 5, 1) + timedelta(days=d, hours=h), st.integers(0, 20), st.sampled_from([0, 9, 12]))
amounts = st.none() | st.sampled_from([Decimal("0.00"), Decimal("100.00"), Decimal("0.01"), Decimal("-7.77"), Decimal("99999999999999.99")])


@st.composite
def markets(draw):
    """Deals and people at their milestones, and the touches that are known of them."""
    people = [f"p{n}" for n in range(draw(st.integers(0, 4)))]
    deals, members, touches, journeys, stages = [], [], [], [], []
    for number in range(draw(st.integers(0, 3))):
        created, closed = draw(moments), draw(moments)
        status = draw(st.sampled_from(["open", "won", "won", "lost", "deleted"]))
        deals.append({
            "system": "crm", "deal_id": f"d{number}", "status": status, "created_at": created, "closed_at": closed if status in ("won", "lost") else None,
            "amount": draw(amounts),
        })  # fmt: skip
        for person in people:
            if part := draw(st.sampled_from([None, None, True, False])):
                members.append({"system": "crm", "deal_id": f"d{number}", "person": person, "has_role": part})
    for person in people:
        firsts = {m: draw(st.none() | moments) for m in ("lead", "mql", "sql")}
        stages.append({
            "person": person, "is_test": draw(st.sampled_from([False, False, True])), **{f"first_{m}_at": at for m, at in firsts.items()},
            **{f"{m}_is_inferred": at is None and draw(st.booleans()) for m, at in firsts.items()},
        })  # fmt: skip
    for number in range(draw(st.integers(0, 9))):
        person, visitor = draw(st.sampled_from([None, *people])), draw(st.sampled_from(["v1", "v2"]))
        touch = {
            "side": draw(st.sampled_from(["marketing"] * 5 + ["sales"])), "system": draw(st.sampled_from(["web", "ads"])), "touch_id": f"t{number}",
            "occurred_at": draw(moments), "channel": draw(st.sampled_from(CHANNELS)), "campaign": draw(st.sampled_from([None, "Spring"])),
            "person": person, "visitor_id": visitor, "excluded": draw(st.sampled_from([None] * 5 + ["machine"])),
            "not_linked": draw(st.sampled_from(["visitor never known", "nobody is named"])) if person is None else None,
        }  # fmt: skip
        touches.append(touch)
        for deal in deals:
            if touch["excluded"] is None and (method := draw(st.sampled_from([None, "contact", "deal", "same company"]))):
                journeys.append({
                    "system": "crm", "deal_id": deal["deal_id"], "side": touch["side"], "touch_system": touch["system"], "touch_id": touch["touch_id"],
                    "occurred_at": touch["occurred_at"], "person": person, "method": method,
                })  # fmt: skip
    return {
        "core.parameters": [{"one": 1, "time_zone": "UTC", "attribution_half_life_days": draw(st.sampled_from([7.0, 0.5]))}],
        "marts.deals": deals, "core.deal_people": members, "marts.funnel_stages": stages, "core.touches": touches, "core.deal_journeys": journeys,
    }  # fmt: skip


@laws(60)
@given(tables=markets())
def test_every_credit_is_what_the_reference_says(bench, tables):
    found = bench.run(TARGETS, numbered(tables))
    wanted, effects_wanted = attribution(tables)
    compare("marts.removal_effects", found["marts.removal_effects"], effects_wanted)
    # Over a half cent a binary fraction decides, in one of the two this way and in the other that way; the sums are judged to the cent below.
    cents = {tuple(row[k] for k in KEYS["marts.attribution"]): row.pop("amount") for row in wanted}
    compare("marts.attribution", found["marts.attribution"], wanted)
    for row in found["marts.attribution"]:
        due = cents[tuple(row[k] for k in KEYS["marts.attribution"])]
        assert (row["amount"] is None) == (due is None)
        assert due is None or float(row["amount"]) == pytest.approx(float(due), rel=1e-9, abs=0.011)


@laws(40)
@given(tables=markets())
def test_conversions_are_numbered_in_the_order_of_their_key(bench, tables):
    found = bench.run(["marts.conversions"], numbered(tables))["marts.conversions"]
    in_order = sorted(found, key=lambda row: (row["milestone"], row["system"], row["deal_id"], row["person"]))
    assert [row["conversion"] for row in in_order] == list(range(1, len(found) + 1))


@laws(40)
@given(tables=markets())
def test_credits_sum_to_the_conversions_and_amounts_to_the_cent(bench, tables):
    found = bench.run(TARGETS, numbered(tables))
    live = [d for d in tables["marts.deals"] if d["status"] in ("open", "won", "lost")]
    amounts = {m: sum(d["amount"] or 0 for d in live if m != "won" or d["status"] == "won") for m in MILESTONES}
    conversions = defaultdict(int)
    for row in found["marts.conversions"]:
        conversions[row["milestone"]] += 1
    sums, credit, rows = defaultdict(Decimal), defaultdict(float), defaultdict(list)
    for row in found["marts.attribution"]:
        key = row["milestone"], row["model"]
        sums[key] += row["amount"] or 0
        credit[key] += row["credit"]
        rows[*key, row["system"], row["deal_id"], row["person"]].append(row)
    for milestone in MILESTONES:
        for model in MODELS:
            assert sums[milestone, model] == amounts[milestone]
            assert credit[milestone, model] == pytest.approx(conversions[milestone])
    for key, parts in rows.items():
        assert sum(r["credit"] for r in parts) == pytest.approx(1), key
        assert all(abs(float(r["amount"]) - r["credit"] * float(sum(p["amount"] for p in parts))) < 0.0100001 for r in parts
                   if r["amount"] is not None and abs(sum(p["amount"] for p in parts)) < 10**6)  # fmt: skip
    for row in found["marts.attribution_by_channel"]:
        mine = [r for r in found["marts.attribution"] if (r["milestone"], r["model"]) == (row["milestone"], row["model"])
                and row["channel"] in ("all", r["channel"]) and row["campaign"] in ("all", r["campaign"] or "none")]  # fmt: skip
        assert row["credit"] == pytest.approx(sum(r["credit"] for r in mine))
        assert (row["amount"] or 0) == sum(r["amount"] or 0 for r in mine)


def steps_of(paths):
    """Rows of marts.channel_steps of (channels, times converted, times not)."""
    counted = defaultdict(int)
    for channels, converted, lost in paths:
        for here, there in zip(["", *channels], channels, strict=False):
            counted[here, there, False] += converted + lost
        counted[channels[-1], "", True] += converted
        counted[channels[-1], "", False] += lost
    return [{"from_channel": f, "to_channel": t, "is_converted": c, "steps": n} for (f, t, c), n in counted.items() if n]


def random_paths(seed, number):
    draw = random.Random(seed)
    ways = [(tuple(draw.choices("ABCDE", [5, 4, 3, 2, 1], k=draw.randint(1, 6))), draw.randint(0, 9), draw.randint(0, 30)) for _ in range(number)]
    return [way for way in ways if way[1] + way[2]]


def test_one_channel_that_all_pass_is_missed_by_all():
    (found,) = effects(steps_of([(("A",), 1, 3)]))
    assert (found["conversion_rate"], found["rate_without"], found["removal_effect"], found["share"]) == (0.25, 0.0, 1.0, 1.0)


def test_the_example_of_the_books():
    # C1 → C2 → C3 converts, C1 alone and C2 → C3 do not. Without C1 half of the ways are gone, and from C2 on half convert: 1/6 of all.
    found = {e["channel"]: e for e in effects(steps_of([(("C1", "C2", "C3"), 1, 0), (("C1",), 0, 1), (("C2", "C3"), 0, 1)]))}
    assert found["C1"]["conversion_rate"] == pytest.approx(1 / 3)
    assert found["C1"]["rate_without"] == pytest.approx(1 / 6)
    assert [found[c]["removal_effect"] for c in ("C1", "C2", "C3")] == pytest.approx([0.5, 1, 1])
    assert [found[c]["share"] for c in ("C1", "C2", "C3")] == pytest.approx([0.2, 0.4, 0.4])


def test_what_nobody_converted_by_has_no_effect():
    assert effects(steps_of([(("A", "B"), 0, 5)])) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_chain_is_solved_as_by_letting_it_flow(seed):
    paths = random_paths(seed, 30)
    flowing = removal_effects([list(p) for p, n, _ in paths for _ in range(n)], [list(p) for p, _, n in paths for _ in range(n)])
    assert {e["channel"]: e["removal_effect"] for e in effects(steps_of(paths))} == pytest.approx(flowing)


@pytest.fixture(scope="module")
def channelattribution():
    """The package that most people use, which asks for matplotlib without saying so."""
    pytest.importorskip("matplotlib", reason="only after `make differential`")
    return pytest.importorskip("ChannelAttribution", reason="only after `make differential`")


def theirs(paths):
    """Ways as that package reads them; it would split a channel at its separator."""
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame([{"path": " > ".join(p), "converted": n, "lost": m} for p, n, m in paths])


def test_removal_effects_are_those_of_channelattribution(channelattribution):
    paths = random_paths(0, 40)
    # Unless it is told otherwise, it stops each walk at the length of the longest way, and finds up to a tenth less.
    found = channelattribution.markov_model(
        theirs(paths), "path", "converted", var_null="lost", out_more=True, nsim_start=1e6, max_step=10_000, conv_par=0.005, seed=1, verbose=False,
        flg_pro=False,
    )  # fmt: skip
    removal = found["removal_effects"] if isinstance(found, dict) else found[2]
    wanted = dict(zip(removal["channel_name"], removal.iloc[:, 1], strict=True))
    # That package lets so many random visitors walk; ours are solved.
    assert {e["channel"]: e["removal_effect"] for e in effects(steps_of(paths))} == pytest.approx(wanted, abs=0.01)


def test_simple_models_are_those_of_channelattribution(bench, channelattribution):
    paths = [(way, 1, 0) for way, converted, _ in random_paths(7, 40) for _ in range(converted)]
    deals, journeys, touches = [], [], []
    for number, (way, _, _) in enumerate(paths):
        deals.append({"system": "crm", "deal_id": f"d{number}", "status": "won", "created_at": CREATED, "closed_at": CREATED, "amount": Decimal(100)})
        for place, channel in enumerate(way):
            at, touch = CREATED - timedelta(hours=10 - place), {"touch_system": "web", "touch_id": f"{number}-{place}"}
            journeys.append({"system": "crm", "deal_id": f"d{number}", "side": "marketing", "occurred_at": at, "method": "contact", **touch})
            touches.append({"side": "marketing", "system": "web", "touch_id": touch["touch_id"], "occurred_at": at, "channel": channel, "person": "p"})
    given = {
        "core.parameters": [{"one": 1, "time_zone": "UTC", "attribution_half_life_days": 7.0}], "marts.deals": deals, "core.touches": touches,
        "core.deal_journeys": journeys, "core.deal_people": [], "marts.funnel_stages": [],
    }  # fmt: skip
    found = bench.run(TARGETS, numbered(given))["marts.attribution_by_channel"]
    wanted = channelattribution.heuristic_models(theirs(paths), "path", "converted", flg_pro=False).set_index("channel_name")
    for model, column in (("first_touch", "first_touch"), ("last_touch", "last_touch"), ("linear", "linear_touch")):
        ours = {r["channel"]: r["credit"] for r in found if (r["milestone"], r["model"], r["campaign"]) == ("won", model, "all")
                and r["channel"] not in ("all", "unattributed")}  # fmt: skip
        assert ours == pytest.approx({c: n for c, n in wanted[column].items() if n})
