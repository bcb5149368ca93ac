"""The credits of each model, worked out by hand for ways that a person can follow."""

from decimal import Decimal

import pytest
from numbering import numbered

TARGETS = ["marts.conversions", "marts.conversion_paths", "marts.channel_steps", "marts.removal_effects", "marts.credited_touches", "marts.attribution", "marts.attribution_by_channel"]
LEAD, CREATED, WON = "2024-03-08 12:00", "2024-03-22 12:00", "2024-03-30 12:00"
DAYS = ("2024-03-01 10:00", "2024-03-08 10:00", "2024-03-15 10:00", "2024-03-22 10:00", "2024-03-29 10:00")


@pytest.fixture
def credited(bench):
    """`credited(touches)`: milestone -> model -> touch -> (credit, amount) of one deal, won for 1,000.00.

    touches: (occurred_at, channel) or (occurred_at, channel, method); t1, t2 … in the order given.
    """

    def run(touches, lead=LEAD, created=CREATED, won=WON, amount="1000.00", zone="UTC"):
        rows = [(f"t{n}", at, channel, *(how or ("contact",))) for n, (at, channel, *how) in enumerate(touches, 1)]
        given = {
            "core.parameters": f"one | time_zone | attribution_half_life_days\n1 | {zone} | 7",
            "marts.deals": f"system | deal_id | status | created_at | closed_at | amount\ncrm | d | won | {created} | {won} | {amount}",
            "core.deal_people": "system | deal_id | person | has_role\ncrm | d | ann | true",
            "marts.funnel_stages": f"person | is_test | first_lead_at | first_mql_at | first_sql_at\nann | false | {lead} | |",
            "core.touches": "side | system | touch_id | occurred_at | channel | person\n"
            + "\n".join(f"marketing | web | {t} | {at} | {channel} | ann" for t, at, channel, _ in rows),
            "core.deal_journeys": "system | deal_id | side | touch_system | touch_id | occurred_at | method\n"
            + "\n".join(f"crm | d | marketing | web | {t} | {at} | {how}" for t, at, _, how in rows),
        }
        found: dict = {}
        for r in bench.run(TARGETS, numbered(given))["marts.attribution"]:
            of_model = found.setdefault(r["milestone"], {}).setdefault(r["model"], {})
            of_model[r["touch_id"] or r["unattributed"]] = (r["credit"], r["amount"])
        return found

    return run


def shares(of_model):
    """Percent per touch."""
    return {touch: pytest.approx(100 * credit) for touch, (credit, _) in of_model.items()}


FIVE = [(at, "Email") for at in DAYS]


@pytest.mark.parametrize("model, percent", [
    ("first_touch", {"t1": 100}),
    ("last_touch", {"t5": 100}),
    ("linear", {"t1": 20, "t2": 20, "t3": 20, "t4": 20, "t5": 20}),
    ("position_based", {"t1": 40, "t2": 20 / 3, "t3": 20 / 3, "t4": 20 / 3, "t5": 40}),
    ("time_decay", {"t1": 100 / 31, "t2": 200 / 31, "t3": 400 / 31, "t4": 800 / 31, "t5": 1600 / 31}),    # A week is the half-life.
    ("u_shaped", {"t1": 40, "t2": 40, "t3": 20 / 3, "t4": 20 / 3, "t5": 20 / 3}),
    ("w_shaped", {"t1": 30, "t2": 30, "t3": 5, "t4": 30, "t5": 5}),
    ("full_path", {"t1": 22.5, "t2": 22.5, "t3": 10, "t4": 22.5, "t5": 22.5}),
    ("markov", {"t1": 20, "t2": 20, "t3": 20, "t4": 20, "t5": 20}),                                         # One channel alone.
])  # fmt: skip
def test_each_model_shares_a_sale_by_its_rule(credited, model, percent):
    assert percent == shares(credited(FIVE)["won"][model])


@pytest.mark.parametrize("model, percent", [
    ("first_touch", {"t1": 100}),
    ("last_touch", {"t4": 100}),
    ("linear", {"t1": 25, "t2": 25, "t3": 25, "t4": 25}),
    ("position_based", {"t1": 40, "t2": 10, "t3": 10, "t4": 40}),
    ("u_shaped", {"t1": 40, "t2": 40, "t3": 10, "t4": 10}),
    ("w_shaped", {"t1": 30, "t2": 30, "t3": 10, "t4": 30}),
    ("full_path", {"t1": 2250 / 77.5, "t2": 2250 / 77.5, "t3": 1000 / 77.5, "t4": 2250 / 77.5}),            # Nothing is won yet: its share goes to the others.
])  # fmt: skip
def test_the_touch_after_its_creation_has_no_part_in_a_deal_that_was_created(credited, model, percent):
    assert percent == shares(credited(FIVE)["opportunity"][model])


def test_what_led_to_a_lead_ends_with_it(credited):
    lead = credited(FIVE)["lead"]
    assert {model: list(of) for model, of in lead.items() if model in ("first_touch", "last_touch")} == {"first_touch": ["t1"], "last_touch": ["t2"]}
    for model in ("linear", "position_based", "u_shaped", "w_shaped", "full_path", "markov"):
        assert shares(lead[model]) == {"t1": 50, "t2": 50}, model


@pytest.mark.parametrize("model", ["first_touch", "last_touch", "linear", "position_based", "time_decay", "u_shaped", "w_shaped", "full_path", "markov"])
def test_a_single_touch_has_it_all(credited, model):
    assert credited([(DAYS[0], "Email")])["won"][model] == {"t1": (1.0, Decimal("1000.00"))}


@pytest.mark.parametrize("model, percent", [
    ("position_based", {"t1": 50, "t2": 50}),
    ("u_shaped", {"t1": 80, "t2": 20}),                         # The first touch is that of the lead, too: both weights are its.
    ("w_shaped", {"t1": 90, "t2": 10}),                         # … and that of the deal's creation.
    ("full_path", {"t1": 75, "t2": 25}),                        # t2 is the last one before it was won: 67.5 to 22.5.
])  # fmt: skip
def test_a_touch_with_two_parts_has_the_weight_of_both(credited, model, percent):
    assert percent == shares(credited([(DAYS[0], "Email"), (DAYS[4], "Email")])["won"][model])


def test_without_touches_between_the_anchors_share_the_rest(credited):
    found = credited([(DAYS[0], "Email"), (DAYS[1], "Email"), (DAYS[3], "Email")])["won"]
    assert shares(found["w_shaped"]) == {"t1": 100 / 3, "t2": 100 / 3, "t3": 100 / 3}


def test_of_a_lead_that_nobody_recorded_the_anchors_weight_goes_to_the_others(credited):
    found = credited(FIVE, lead="")
    assert shares(found["won"]["u_shaped"]) == {"t1": 400 / 6, "t2": 50 / 6, "t3": 50 / 6, "t4": 50 / 6, "t5": 50 / 6}
    assert found["lead"]["linear"] == {"milestone not recorded": (1.0, Decimal("1000.00"))}


@pytest.mark.parametrize("lead, is_known", [(CREATED, True), ("2024-03-22 12:01", False)])
def test_who_became_a_lead_after_the_deal_was_created_is_no_step_of_its_way(credited, lead, is_known):
    assert list(credited(FIVE, lead=lead)["lead"]["last_touch"]) == ["t4" if is_known else "milestone not recorded"]


def test_what_cannot_be_attributed_says_why(credited):
    found = credited([(DAYS[4], "Email")])
    assert found["opportunity"]["linear"] == {"no touch before it": (1.0, Decimal("1000.00"))}
    assert found["mql"]["linear"] == {"milestone not recorded": (1.0, Decimal("1000.00"))}
    assert found["won"]["linear"] == {"t1": (1.0, Decimal("1000.00"))}


def test_cents_are_neither_lost_nor_made(credited):
    found = credited([(day, "Email") for day in DAYS[:3]], amount="100.00")["won"]["linear"]
    assert [amount for _, amount in found.values()] == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]


def test_a_deal_of_nothing_is_credited_with_nothing(credited):
    found = credited(FIVE, amount="0.00")["won"]["linear"]
    assert [amount for _, amount in found.values()] == [Decimal("0.00")] * 5


def test_an_amount_that_nobody_knows_stays_unknown(credited):
    assert credited(FIVE, amount="")["won"]["last_touch"] == {"t5": (1.0, None)}


def test_of_touches_at_one_moment_the_order_is_that_of_their_ids(credited):
    found = credited([(DAYS[0], "Email"), (DAYS[0], "Email"), (DAYS[0], "Email")])["won"]
    assert (list(found["first_touch"]), list(found["last_touch"])) == (["t1"], ["t3"])
    assert shares(found["time_decay"]) == {"t1": 100 / 3, "t2": 100 / 3, "t3": 100 / 3}


@pytest.mark.parametrize("created, zone, is_before", [
    ("2024-03-22 00:00", "UTC", True),                   # A day without a time ends with that day.
    ("2024-03-21 23:00", "Europe/Madrid", True),         # Midnight in Madrid.
    ("2024-03-22 00:00", "Europe/Madrid", False),        # One o'clock there is a time.
    ("2024-03-22 09:59", "UTC", False),
    ("2024-03-22 10:00", "UTC", True),
])  # fmt: skip
def test_a_touch_on_the_day_of_a_deal_without_a_time_comes_before_it(credited, created, zone, is_before):
    found = credited([("2024-03-22 10:00", "Email")], created=created, zone=zone)
    assert list(found["opportunity"]["linear"]) == ["t1" if is_before else "no touch before it"]


def test_colleagues_count_where_nobody_nearer_was_touched_by_then(credited):
    found = credited([(DAYS[0], "Email", "same company"), (DAYS[4], "Webinar", "contact")])
    assert list(found["opportunity"]["linear"]) == ["t1"]
    assert list(found["won"]["linear"]) == ["t2"]


def test_a_channel_with_the_separator_of_other_tools_stays_one(credited):
    assert credited([(DAYS[0], "US > Canada"), (DAYS[1], "Email")])["won"]["linear"] == {
        "t1": (0.5, Decimal("500.00")), "t2": (0.5, Decimal("500.00")),
    }  # fmt: skip


def test_the_removal_effect_is_what_would_be_missing(bench):
    # Two of four go on from A to B, and one of those converts. Without A nobody arrives, and without B nobody converts.
    steps = [("", "A", False, 4), ("A", "B", False, 2), ("A", "", False, 2), ("B", "", True, 1), ("B", "", False, 1)]
    rows = [{"milestone": "won", "from_channel": f, "to_channel": t, "is_converted": c, "steps": n} for f, t, c, n in steps]
    found = bench.run(["marts.removal_effects"], {"marts.channel_steps": rows})["marts.removal_effects"]
    assert found == [
        {"milestone": "won", "channel": channel, "conversion_rate": 0.25, "rate_without": 0.0, "removal_effect": 1.0, "share": 0.5} for channel in "AB"
    ]  # fmt: skip


def test_ways_that_lead_nowhere_are_counted_and_open_deals_are_not(bench):
    given = {
        "core.parameters": "one | time_zone | attribution_half_life_days\n1 | UTC | 7",
        "marts.deals": """
            system | deal_id | status | created_at | closed_at | amount
            crm | won | won | 2024-03-02 | 2024-03-09 | 10
            crm | lost | lost | 2024-03-02 | 2024-03-09 | 10
            crm | open | open | 2024-03-02 | | 10
        """,
        "core.deal_people": "system | deal_id | person | has_role\ncrm | won | ann | true\ncrm | lost | ben | true\ncrm | open | cat | true",
        "marts.funnel_stages": """
            person | is_test | first_lead_at | first_mql_at | first_sql_at | lead_is_inferred | mql_is_inferred | sql_is_inferred
            ann | false | 2024-03-01 09:00 | | | false | true | true
            dan | false | 2024-03-01 09:00 | | | false | false | false
            tester | true | 2024-03-01 09:00 | | | false | false | false
        """,
        "core.touches": """
            side | system | touch_id | occurred_at | channel | person | visitor_id | not_linked | excluded
            marketing | web | 1 | 2024-03-01 08:00 | Email | ann | | |
            marketing | web | 2 | 2024-03-01 08:00 | Email | ben | | |
            marketing | web | 3 | 2024-03-01 08:00 | Email | cat | | |
            marketing | web | 4 | 2024-03-01 08:00 | Email | dan | | |
            marketing | web | 5 | 2024-03-01 08:00 | Social | | v | visitor never known |
            marketing | web | 6 | 2024-03-01 09:00 | Email | | v | visitor never known |
            marketing | web | 7 | 2024-03-01 08:00 | Email | tester | | |
            marketing | web | 8 | 2024-03-01 08:00 | Email | | | nobody is named |
            marketing | web | 9 | 2024-03-01 08:00 | Email | dan | | | machine
            marketing | web | 10 | 2024-03-10 08:00 | Social | ben | | |
        """,
        "core.deal_journeys": """
            system | deal_id | side | touch_system | touch_id | occurred_at | method
            crm | won | marketing | web | 1 | 2024-03-01 08:00 | contact
            crm | lost | marketing | web | 2 | 2024-03-01 08:00 | contact
            crm | open | marketing | web | 3 | 2024-03-01 08:00 | contact
            crm | lost | marketing | web | 10 | 2024-03-10 08:00 | contact
        """,
    }
    steps = {(r["milestone"], r["from_channel"], r["to_channel"], r["is_converted"]): r["steps"] for r in bench.run(TARGETS, numbered(given))["marts.channel_steps"]}
    of = {m: {k[1:]: n for k, n in steps.items() if k[0] == m} for m in ("lead", "mql", "opportunity", "won")}
    assert of["won"] == {
        ("", "Email", False): 3, ("", "Social", False): 1, ("Social", "Email", False): 1, ("Email", "", True): 1, ("Email", "", False): 3,
    }  # fmt: skip
    assert of["opportunity"] == {
        ("", "Email", False): 4, ("", "Social", False): 1, ("Social", "Email", False): 1, ("Email", "", True): 3, ("Email", "", False): 2,
    }  # fmt: skip
    assert of["lead"] == {
        ("", "Email", False): 2, ("", "Social", False): 1, ("Social", "Email", False): 1, ("Email", "", True): 2, ("Email", "", False): 1,
    }  # fmt: skip
    assert of["mql"] == {("", "Email", False): 1, ("", "Social", False): 1, ("Social", "Email", False): 1, ("Email", "", False): 2}


def test_the_table_of_channels_shows_where_models_disagree(example):
    example("marts.attribution_by_channel", {
        "marts.attribution": """
            milestone | model | system | deal_id | touch_id | channel | campaign | credit | amount
            won | first_touch | crm | 1 | a | Email | Spring | 1 | 100.00
            won | first_touch | crm | 2 | c | Email | | 1 | 50.00
            won | last_touch | crm | 1 | b | Social | | 1 | 100.00
            won | last_touch | crm | 2 | c | Email | | 1 | 50.00
            lead | last_touch | crm | 1 | a | Email | Spring | 1 |
        """,
    }, """
        milestone | channel | campaign | model | credit | amount | share | lowest_share | highest_share | lowest_model | highest_model
        won | Email | Spring | first_touch | 1 | 100.00 | 0.5 | 0 | 0.5 | last_touch | first_touch
        won | Email | Spring | last_touch | 0 | 0.00 | 0 | 0 | 0.5 | last_touch | first_touch
        won | Email | none | first_touch | 1 | 50.00 | 0.5 | 0.5 | 0.5 | first_touch | last_touch
        won | Email | none | last_touch | 1 | 50.00 | 0.5 | 0.5 | 0.5 | first_touch | last_touch
        won | Email | all | first_touch | 2 | 150.00 | 1 | 0.5 | 1 | last_touch | first_touch
        won | Email | all | last_touch | 1 | 50.00 | 0.5 | 0.5 | 1 | last_touch | first_touch
        won | Social | none | first_touch | 0 | 0.00 | 0 | 0 | 0.5 | first_touch | last_touch
        won | Social | none | last_touch | 1 | 100.00 | 0.5 | 0 | 0.5 | first_touch | last_touch
        won | Social | all | first_touch | 0 | 0.00 | 0 | 0 | 0.5 | first_touch | last_touch
        won | Social | all | last_touch | 1 | 100.00 | 0.5 | 0 | 0.5 | first_touch | last_touch
        won | all | all | first_touch | 2 | 150.00 | 1 | 1 | 1 | first_touch | last_touch
        won | all | all | last_touch | 2 | 150.00 | 1 | 1 | 1 | first_touch | last_touch
        lead | Email | Spring | last_touch | 1 | 0.00 | 1 | 1 | 1 | last_touch | last_touch
        lead | Email | all | last_touch | 1 | 0.00 | 1 | 1 | 1 | last_touch | last_touch
        lead | all | all | last_touch | 1 | 0.00 | 1 | 1 | 1 | last_touch | last_touch
    """)  # fmt: skip


def test_models_that_agree_but_for_the_last_digit_agree(example):
    """0.1 + 0.2 is more than 0.3 to a computer: which model is highest must not hang on the order in which credits are added."""
    rows = "first_touch | 1 | Email | 0.1\nfirst_touch | 2 | Email | 0.2\nfirst_touch | 3 | Social | 0.7\nlast_touch | 1 | Email | 0.3\nlast_touch | 3 | Social | 0.7"
    wanted = "\n".join(
        f"{channel} | {campaign} | {model} | first_touch | last_touch"
        for channel, campaign in (("Email", "none"), ("Email", "all"), ("Social", "none"), ("Social", "all"), ("all", "all"))
        for model in ("first_touch", "last_touch")
    )
    example("marts.attribution_by_channel", {
        "marts.attribution": "milestone | model | deal_id | channel | credit\n" + "\n".join(f"won | {row}" for row in rows.splitlines()),
    }, "channel | campaign | model | lowest_model | highest_model\n" + wanted)  # fmt: skip
