"""The share won of those that stood in a stage, from the twentieth closed deal on; a probability that is none counts for nothing."""

STAGES = """
    pipeline | stage | stage_order | kind
    p        | Lead  | 1           | open
    p        | Demo  | 2           | open
    p        | Won   | 3           | won
"""


def lives(won, lost):
    """Deals that stood in Lead, twice even, and ended; those with an even number in Demo too."""
    deals, visits = ["system | deal_id | pipeline | stage | status"], ["system | deal_id | visit_number | pipeline | stage | stage_kind"]
    for n in range(won + lost):
        deals.append(f"crm | {n} | q | Won | {'won' if n < won else 'lost'}")
        visits += [f"crm | {n} | 1 | p | Lead | open", f"crm | {n} | 2 | p | Lead | open", f"crm | {n} | 3 | p | Won | won"]
        visits += [f"crm | {n} | 4 | p | Demo | open"] if n % 2 == 0 else []
    return {"core.stages": STAGES, "marts.deals": "\n".join(deals), "marts.stage_visits": "\n".join(visits)}


def test_twenty_closed_deals_are_enough(example):
    example("marts.stage_probabilities", lives(5, 15), """
        stage | deals_entered | won | lost | closed_deals | own_probability | own_probability_low | history
        Lead  | 20            | 5   | 15   | 20           | 0.25            | 0.111862            | enough
        Demo  | 10            | 3   | 7    | 10           |                 |                     | insufficient history
    """)  # fmt: skip


def test_nineteen_are_not(example):
    example("marts.stage_probabilities", lives(5, 14), """
        stage | closed_deals | own_probability | own_probability_low | own_probability_high | history
        Lead  | 19           |                 |                     |                      | insufficient history
        Demo  | 10           |                 |                     |                      | insufficient history
    """)  # fmt: skip


def test_typical_is_the_median_of_five_open_deals_that_have_a_probability(example):
    example("marts.stage_probabilities", {"core.stages": STAGES, "marts.deals": """
        system | deal_id | pipeline | stage | status | probability
        crm    | 1       | p        | Lead  | open   | 0
        crm    | 2       | p        | Lead  | open   | 0.125
        crm    | 3       | p        | Lead  | open   | 0.25
        crm    | 4       | p        | Lead  | open   | 0.5
        crm    | 5       | p        | Lead  | open   | 1
        crm    | 6       | p        | Lead  | open   |
        crm    | 7       | p        | Lead  | open   | 1.5
        crm    | 8       | p        | Lead  | won    | 1
        crm    | 9       | p        | Demo  | open   | 0.5
        crm    | 10      | p        | Demo  | open   | 0.5
        crm    | 11      | p        | Demo  | open   | 0.5
        crm    | 12      | p        | Demo  | open   | 0.5
        crm    | 13      | p        | Demo  | open   | -1
    """}, """
        stage | open_deals | deals_with_probability | average_probability | typical_probability
        Lead  | 7          | 5                      | 0.375               | 0.25
        Demo  | 5          | 4                      | 0.5                 |
    """)  # fmt: skip
