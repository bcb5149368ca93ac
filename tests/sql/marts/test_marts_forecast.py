"""Pipeline by category: a row for each, also an empty one; closed deals are in no amount."""


def test_value_weighted_value_and_what_is_missing_per_category(example):
    example("marts.forecast", {
        "core.stages": "pipeline | stage | stage_order | kind\np | Lead | 1 | open\np | Won | 2 | won\nq | Lead | 1 | open",
        "marts.deal_forecasts": """
            system | deal_id | pipeline | status | category  | amount | crm_probability | own_probability | crm_weighted_amount | own_weighted_amount | conflict
            crm    | 1       | p        | open   | best case | 100    | 0.5             | 0.25            | 50                  | 25                  |
            crm    | 2       | p        | open   | best case | 10     |                 |                 |                     |                     |
            crm    | 3       | p        | open   | unknown   |        | 0               | 0.25            |                     |                     | Open, but 0.
            crm    | 4       | p        | won    | closed    | 999    | 0.5             |                 |                     |                     | Won, but not 1.
            crm    | 5       | q        | open   | best case | 7      | 0.1             | 0.25            | 0.70                | 1.75                |
        """,
    }, """
        pipeline | forecast_category | open_deals | open_amount | deals_without_amount | crm_weighted_amount | deals_without_probability | own_weighted_amount | deals_without_history | conflicts | open_conflicts
        p        | pipeline          | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        p        | best case         | 2          | 110         | 0                    | 50                  | 1                         | 25                  | 1                     | 0         | 0
        p        | most likely       | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        p        | commit            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        p        | closed            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 1         | 0
        p        | omitted           | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        p        | unknown           | 1          | 0           | 1                    | 0                   | 0                         | 0                   | 0                     | 1         | 1
        p        | all               | 3          | 110         | 1                    | 50                  | 1                         | 25                  | 1                     | 2         | 1
        q        | pipeline          | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | best case         | 1          | 7           | 0                    | 0.7                 | 0                         | 1.75                | 0                     | 0         | 0
        q        | most likely       | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | commit            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | closed            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | omitted           | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | unknown           | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        q        | all               | 1          | 7           | 0                    | 0.7                 | 0                         | 1.75                | 0                     | 0         | 0
        all      | pipeline          | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        all      | best case         | 3          | 117         | 0                    | 50.7                | 1                         | 26.75               | 1                     | 0         | 0
        all      | most likely       | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        all      | commit            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        all      | closed            | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 1         | 0
        all      | omitted           | 0          | 0           | 0                    | 0                   | 0                         | 0                   | 0                     | 0         | 0
        all      | unknown           | 1          | 0           | 1                    | 0                   | 0                         | 0                   | 0                     | 1         | 1
        all      | all               | 4          | 117         | 1                    | 50.7                | 1                         | 26.75               | 1                     | 2         | 1
    """)  # fmt: skip
