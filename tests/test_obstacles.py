"""What lost deals have in common against plain Python, on random companies with reasons, sources and steps that are missing."""

from comparing import compare
from hypothesis import given
from strategies import laws
from test_stalls_and_leaks import worlds

from assets.demo import truth as reference

MODELS = [
    "staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "marts.stage_visits", "marts.deals",
    "core.loss_reasons", "marts.obstacle_deals", "marts.obstacle_rates", "marts.obstacle_tests", "marts.obstacles",
]  # fmt: skip


@laws(15)
@given(world=worlds())
def test_every_obstacle_says_what_the_reference_says(bench, world):
    tables, (read, more) = world
    found, wanted = bench.run(MODELS, tables), reference.tables(*read, **more)
    compare("marts.obstacles", found["marts.obstacles"], wanted["marts.obstacles"])
    # Every lost deal has one source, one band, one product, one type and one reason.
    lost = sum(row["status"] == "lost" for row in found["marts.deals"])
    for dimension in ("reason", "source", "size band", "product", "type"):
        whole = [row for row in found["marts.obstacles"] if row["pipeline"] == "all" and row["dimension"] == dimension]
        assert sum(row["with_lost"] for row in whole) == lost
