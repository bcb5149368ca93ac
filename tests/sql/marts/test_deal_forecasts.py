"""What the forecast takes of each deal, and how its stage and probability disagree."""

PROBABILITIES = """
    pipeline | stage | stage_order | own_probability | typical_probability
    p        | Lead  | 1           | 0.3333333333    | 0.25
    p        | Demo  | 2           |                 | 0.1
    p        | Offer | 3           | 0.5             |
    q        | Lead  | 1           |                 |
"""


def test_both_weights_and_the_first_disagreement(example):
    example("marts.deal_forecasts", {"marts.stage_probabilities": PROBABILITIES, "marts.deals": """
        system | deal_id | pipeline | stage | status  | amount | probability
        crm    | 01      | p        | Lead  | open    | 100.01 | 0.5
        crm    | 02      | p        | Lead  | open    | 100    | 0.1
        crm    | 03      | p        | Demo  | open    | 100    | 0.1
        crm    | 04      | p        | Demo  | open    | 100    | 0.25
        crm    | 05      | p        | Offer | open    | 100    | 0.2
        crm    | 06      | p        | Offer | open    | 100    | 0
        crm    | 07      | p        | Offer | open    |        | 1
        crm    | 08      | p        | Offer | open    | 100    |
        crm    | 09      | p        | Offer | open    | 100    | 1.5
        crm    | 10      | q        | Lead  | open    | 100    | 0.1
        crm    | 11      | p        | Won   | won     | 100    | 1
        crm    | 12      | p        | Won   | won     | 100    | 0.9
        crm    | 13      | p        | Lost  | lost    | 100    | 0
        crm    | 14      | p        | Lost  | lost    | 100    | 0.5
        crm    | 15      | p        | Won   | won     | 100    | -1
        crm    | 16      | p        |       | deleted | 100    | 0.5
        crm    | 17      | p        | Lost  | lost    | 100    |
    """}, """
        deal_id | crm_probability | own_probability | crm_weighted_amount | own_weighted_amount | conflict
        01      | 0.5             | 0.3333333333    | 50.01               | 33.34               |
        02      | 0.1             | 0.3333333333    | 10                  | 33.33               |
        03      | 0.1             |                 | 10                  |                     | The probability is below what is typical of an earlier stage.
        04      | 0.25            |                 | 25                  |                     |
        05      | 0.2             | 0.5             | 20                  | 50                  | The probability is below what is typical of an earlier stage.
        06      | 0               | 0.5             | 0                   | 50                  | Open, but the probability is 0.
        07      | 1               | 0.5             |                     |                     | Open, but the probability is 1.
        08      |                 | 0.5             |                     | 50                  |
        09      |                 | 0.5             |                     | 50                  | The probability lies outside 0 to 1.
        10      | 0.1             |                 | 10                  |                     |
        11      | 1               |                 |                     |                     |
        12      | 0.9             |                 |                     |                     | Won, but the probability is not 1.
        13      | 0               |                 |                     |                     |
        14      | 0.5             |                 |                     |                     | Lost, but the probability is not 0.
        15      |                 |                 |                     |                     | The probability lies outside 0 to 1.
        17      |                 |                 |                     |                     |
    """)  # fmt: skip


def test_categories_in_the_spellings_of_the_crms(example):
    words = {
        "Pipeline": "pipeline", "BestCase": "best case", "BEST_CASE": "best case", "Best Case": "best case", "MostLikely": "most likely",
        "Forecast": "commit", "Commit": "commit", "Closed": "closed", "Omitted": "omitted", "OMIT": "omitted", "Upside": "unknown", "": "unknown",
    }  # fmt: skip
    given = "\n".join(f"crm | {n} | p | Lead | open | {word}" for n, word in enumerate(words))
    wanted = "\n".join(f"{n} | {category}" for n, category in enumerate(words.values()))
    example("marts.deal_forecasts", {
        "marts.deals": f"system | deal_id | pipeline | stage | status | forecast_category\n{given}",
    }, f"deal_id | category\n{wanted}")  # fmt: skip
