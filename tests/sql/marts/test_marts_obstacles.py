"""What lost deals have in common, pipeline by pipeline and across them, and what of it is more than chance."""

import pytest

from assets.demo.truth.leaks import fisher
from assets.models.obstacle_tests import mantel_haenszel

CHAIN = ["marts.obstacle_deals", "marts.obstacle_rates", "marts.obstacle_tests", "marts.obstacles"]


def obstacles(bench, dimension, **pipelines):
    """Of each pipeline and obstacle (lost, closed) deals: the rows of that dimension by pipeline and obstacle."""
    deals = [
        {"system": "crm", "deal_id": f"{pipeline}{obstacle}{n}", "pipeline": pipeline, "status": "lost" if n < lost else "won",
         "lead_source": obstacle, "size_band": "small", "lost_reason": "Price" if n < lost else None}
        for pipeline, of_obstacles in pipelines.items() for obstacle, (lost, closed) in of_obstacles.items() for n in range(closed)
    ]  # fmt: skip
    found = bench.run(CHAIN, {"marts.deals": deals, "core.loss_reasons": "lost_reason | reason\nPrice | price"})["marts.obstacles"]
    return {(row["pipeline"], row["obstacle"]): row for row in found if row["dimension"] == dimension}


def test_an_obstacle_is_compared_with_the_rest_of_its_pipeline(bench):
    rows = obstacles(bench, "source", p={"Web": (40, 50), "Fair": (20, 50), None: (3, 9)})
    web = rows["p", "Web"]
    assert (web["with_closed"], web["with_lost"], web["without_closed"], web["without_lost"]) == (50, 40, 59, 23)
    assert (web["with_lost_rate"], web["without_lost_rate"]) == (0.8, 23 / 59)
    assert web["excess_lost"] == pytest.approx(40 - 50 * 23 / 59)
    assert web["p_value"] == pytest.approx(fisher(40, 50, 23, 59)) and web["verdict"] == "more lost"
    assert rows["p", "Fair"]["verdict"] == "fewer lost"
    assert (rows["p", "unknown"]["verdict"], rows["p", "unknown"]["q_value"]) == ("insufficient cases", None)
    assert web["share_of_lost"] == 40 / 63


def test_across_pipelines_each_is_compared_with_itself(bench):
    """Partners sell where most is lost anyway: pooled, they would look bad; within each pipeline they are like the rest."""
    rows = obstacles(bench, "source", easy={"Web": (20, 100), "Partner": (2, 10)}, hard={"Web": (8, 10), "Partner": (80, 100)})
    partner = rows["all", "Partner"]
    assert (partner["with_lost"], partner["with_closed"], partner["pipelines_with"], partner["pipelines_more_lost"]) == (82, 110, 2, 0)
    assert partner["excess_lost"] == pytest.approx(0) and partner["p_value"] == pytest.approx(1) and partner["verdict"] == "no clear difference"


def test_what_is_worse_in_every_pipeline_is_common(bench):
    rows = obstacles(bench, "source", a={"Web": (40, 50), "Fair": (20, 50)}, b={"Web": (45, 50), "Fair": (20, 50)}, c={"Fair": (1, 2)})
    web = rows["all", "Web"]
    assert (web["pipelines_with"], web["pipelines_more_lost"], web["excess_lost"], web["verdict"]) == (2, 2, 45, "more lost")


def test_one_pipeline_says_of_all_what_it_says_of_itself(bench):
    rows = obstacles(bench, "source", p={"Web": (40, 50), "Fair": (20, 50)})
    assert rows["all", "Web"]["q_value"] is None and rows["all", "Web"]["verdict"] == "in one pipeline only"


def test_a_reason_is_counted_and_compared_with_nothing(bench):
    rows = obstacles(bench, "reason", p={"Web": (40, 50)}, q={"Web": (2, 50)})
    assert (rows["p", "price"]["with_lost"], rows["p", "price"]["share_of_lost"], rows["all", "price"]["pipelines_with"]) == (40, 1, 2)
    assert (rows["p", "price"]["verdict"], rows["p", "price"]["with_lost_rate"]) == ("lost deals only", None)


STAGES = "pipeline | stage | stage_order | kind\np | Lead | 1 | open\np | Demo | 2 | open\np | Offer | 3 | open\np | Won | 4 | won\nq | Lead | 1 | open"


def test_a_step_is_missing_where_a_later_one_was_reached(example):
    example("marts.obstacle_rates", {
        "core.stages": STAGES,
        "marts.deals": """
            system | deal_id | pipeline | status
            crm    | all     | p        | won
            crm    | skipped | p        | lost
            crm    | early   | p        | lost
            crm    | guessed | p        | lost
            crm    | open    | p        | open
        """,
        "marts.stage_visits": """
            system | deal_id | pipeline | stage | stage_order | stage_kind | is_observed
            crm    | all     | p        | Lead  | 1           | open       | true
            crm    | all     | p        | Demo  | 2           | open       | true
            crm    | all     | p        | Offer | 3           | open       | true
            crm    | all     | p        | Won   | 4           | won        | true
            crm    | skipped | p        | Lead  | 1           | open       | true
            crm    | skipped | q        | Demo  | 9           | open       | true
            crm    | skipped | p        | Offer | 3           | open       | true
            crm    | early   | p        | Demo  | 2           | open       | true
            crm    | guessed | p        | Lead  | 1           | open       | false
            crm    | guessed | p        | Offer | 3           | open       | true
            crm    | open    | p        | Offer | 3           | open       | true
        """,
    }, """
        pipeline | dimension    | obstacle | with_closed | with_lost | without_closed | without_lost
        p        | missing step | Lead     | 1           | 1         | 2              | 1
        p        | missing step | Demo     | 1           | 1         | 1              | 0
        p        | reason       | unknown  | 3           | 3         | 0              | 0
        p        | size band    | unknown  | 4           | 3         | 0              | 0
        p        | source       | unknown  | 4           | 3         | 0              | 0
        p        | product      | unknown  | 4           | 3         | 0              | 0
        p        | type         | unknown  | 4           | 3         | 0              | 0
    """)  # fmt: skip


def test_only_stages_of_the_own_pipeline_are_missed_and_what_nobody_missed_is_no_obstacle(example):
    example("marts.obstacle_rates", {
        "core.stages": f"{STAGES}\nq | Demo | 2 | open",
        "marts.deals": """
            system | deal_id   | pipeline | status | lead_source | size_band | product | deal_type
            crm    | skipped   | p        | won    | Web         | small     | Gold    | New
            crm    | elsewhere | p        | lost   | Web         | small     | Gold    | New
            crm    | full      | q        | won    |             |           |         |
        """,
        "marts.stage_visits": """
            system | deal_id   | pipeline | stage | stage_order | stage_kind | is_observed
            crm    | skipped   | p        | Lead  | 1           | open       | true
            crm    | skipped   | p        | Offer | 3           | open       | true
            crm    | elsewhere | p        | Lead  | 1           | open       | true
            crm    | elsewhere | q        | Demo  | 9           | open       | true
            crm    | elsewhere | p        | Lost  | 9           | lost       | true
            crm    | full      | q        | Lead  | 1           | open       | true
            crm    | full      | q        | Demo  | 2           | open       | true
            web    | skipped   | p        | Demo  | 2           | open       | false
        """,
    }, """
        pipeline | dimension    | obstacle | with_closed | with_lost | without_closed | without_lost
        p        | missing step | Demo     | 1           | 0         | 0              | 0
        p        | reason       | unknown  | 1           | 1         | 0              | 0
        p        | size band    | small    | 2           | 1         | 0              | 0
        p        | source       | Web      | 2           | 1         | 0              | 0
        p        | product      | Gold     | 2           | 1         | 0              | 0
        p        | type         | New      | 2           | 1         | 0              | 0
        q        | size band    | unknown  | 1           | 0         | 0              | 0
        q        | source       | unknown  | 1           | 0         | 0              | 0
        q        | product      | unknown  | 1           | 0         | 0              | 0
        q        | type         | unknown  | 1           | 0         | 0              | 0
    """)  # fmt: skip


def test_a_verdict_has_its_own_test_and_a_direction_even_by_less_than_a_deal(example):
    """p leans by 1 − 10 × 2 ÷ 1010 deals, q by 0 − 100 × 10 ÷ 150. Of types and products nothing is tested, though one has the name of a source; r has nothing to compare its own with."""
    example("marts.obstacles", {
        "marts.obstacle_rates": """
            pipeline | dimension | obstacle | with_closed | with_lost | without_closed | without_lost
            p        | source    | Web      | 10          | 1         | 1000           | 1
            q        | source    | Web      | 100         | 0         | 50             | 10
            p        | source    | Fair     | 100         | 50        | 50             | 10
            q        | source    | Fair     | 50          | 10        | 100            | 50
            r        | source    | Fair     | 5           | 5         | 0              | 0
            p        | type      | Web      | 4           | 3         | 1              | 0
            p        | product   | Gold     | 1           | 1         | 1              | 0
            r        | product   | Gold     | 2           | 0         | 0              | 0
            p        | product   | Tin      | 1           | 0         | 1              | 0
            q        | product   | Tin      | 1           | 0         | 1              | 0
            p        | reason    | price    | 2           | 2         | 1              | 1
            p        | reason    | timing   | 1           | 1         | 2              | 2
        """,
        "marts.obstacle_tests": """
            pipeline | dimension | obstacle | p_value | q_value
            p        | source    | Web      | 0.02    | 0.05
            q        | source    | Web      | 0.02    | 0.05
            all      | source    | Web      | 0.02    | 0.05
            p        | source    | Fair     | 0.04    | 0.06
            q        | source    | Fair     | 0.04    | 0.06
            all      | source    | Fair     | 0.04    | 0.06
        """,
    }, """
        pipeline | dimension | obstacle | pipelines_with | pipelines_more_lost | share_of_lost | excess_lost | without_lost_rate | q_value | verdict
        p        | source    | Web      | 2              | 1                   | 0.5           | 0.99        | 0.001             | 0.05    | more lost
        q        | source    | Web      | 2              | 1                   | 0             | -20         | 0.2               | 0.05    | fewer lost
        all      | source    | Web      | 2              | 1                   | 0.083333      | -19.01      | 0.010476          | 0.05    | fewer lost
        p        | source    | Fair     | 3              | 0                   | 0.833333      | 30          | 0.2               | 0.06    | no clear difference
        q        | source    | Fair     | 3              | 0                   | 0.166667      | -15         | 0.5               | 0.06    | no clear difference
        r        | source    | Fair     | 3              | 0                   | 1             |             |                   |         | insufficient cases
        all      | source    | Fair     | 3              | 0                   | 0.52          | 15          | 0.4               | 0.06    | no clear difference
        p        | type      | Web      | 1              | 0                   | 1             | 3           | 0                 |         | insufficient cases
        all      | type      | Web      | 1              | 0                   | 1             | 3           | 0                 |         | in one pipeline only
        p        | product   | Gold     | 2              | 0                   | 1             | 1           | 0                 |         | insufficient cases
        r        | product   | Gold     | 2              | 0                   |               |             |                   |         | insufficient cases
        all      | product   | Gold     | 2              | 0                   | 1             | 1           | 0                 |         | in one pipeline only
        p        | product   | Tin      | 2              | 0                   |               | 0           | 0                 |         | insufficient cases
        q        | product   | Tin      | 2              | 0                   |               | 0           | 0                 |         | insufficient cases
        all      | product   | Tin      | 2              | 0                   |               | 0           | 0                 |         | insufficient cases
        p        | reason    | price    | 1              | 0                   | 0.666667      |             |                   |         | lost deals only
        p        | reason    | timing   | 1              | 0                   | 0.333333      |             |                   |         | lost deals only
        all      | reason    | price    | 1              | 0                   | 0.666667      |             |                   |         | lost deals only
        all      | reason    | timing   | 1              | 0                   | 0.333333      |             |                   |         | lost deals only
    """)  # fmt: skip


def test_the_test_across_pipelines_is_that_of_a_textbook():
    # UC Berkeley admissions (Bickel, Hammel and O'Connell 1975), men against women in six departments: R's mantelhaen.test gives
    # X² = 1.5246 without continuity correction, p = 0.2169.
    men = [(512, 825), (353, 560), (120, 325), (138, 417), (53, 191), (22, 373)]
    women = [(89, 108), (17, 25), (202, 593), (131, 375), (94, 393), (24, 341)]
    assert mantel_haenszel([(*m, *w) for m, w in zip(men, women, strict=True)]) == pytest.approx(0.2169, abs=0.0002)
    assert mantel_haenszel([(1, 1, 0, 0)]) == 1
