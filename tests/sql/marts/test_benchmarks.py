"""The own value beside target, previous period and benchmark; what is counted in another way is not compared."""

from assets.demo.truth.benchmarks import METRICS, PEOPLE

GIVEN = {"core.run": "started_at | as_of_on\n2026-07-03 | 2026-07-02", "core.parameters": "one | base_currency\n1 | EUR"}


def definitions(*metrics):
    """Of these metrics, or of all; their Spanish names begin with `la_`."""
    return [
        {"metric": m, "spanish": f"la_{m}", "definition": METRICS[m][0], "unit": METRICS[m][1], "better": METRICS[m][2], "basis": "deals"} for m in metrics or METRICS
    ]


def test_verdicts_heed_the_definition_the_interval_and_the_range(example):
    """The own rate is 20 %, its interval from 6 % to 51 %; a number over 1 is in percent."""
    example("marts.benchmarks", {
        **GIVEN,
        "core.metric_definitions": definitions("win_rate", "average_days_to_close", "average_deal_size", "velocity_per_day", "lost"),
        "marts.pipeline_health": """
            period | period_start | pipeline | win_rate | win_rate_low | win_rate_high | average_days_to_close | average_deal_size | velocity_per_day
            all    | 2026-01-01   | all      | 0.2      | 0.06         | 0.51          | 50                    | 40                | 7
            all    | 2026-01-01   | Sales    | 0.9      | 0.8          | 0.95          | 5                     | 4                 | 70
        """,
        "staging.benchmarks": """
            metric                | value | low  | high | currency | source | year | note | url | file | line | definition
            win_rate              | 20    |      |      |          | B      |      |      |     | 1    | 2    | won / (won + lost)
            win_rate              | 0.05  |      |      | USD      | B      | 2020 |      |     | 1    | 3    | won / (won + lost)
            la_win_rate           |       | 15   | 25   |          | A      |      | n    | u   | 1    | 4    | WON ÷ (won+lost)
            win_rate              | 0.19  | 0.2  | 0.3  |          | C      | 2020 |      |     | 2    | 2    | won / (won + lost)
            win_rate              | 0.5   |      |      |          | C      | 2020 |      |     | 1    | 6    | won / (won + lost)
            win_rate              | 51    | 60   | 70   |          | C      | 2020 |      |     | 1    | 5    | won / (won + lost)
            win_rate              |       | 0.01 | 0.06 |          | C      | 2020 |      |     | 2    | 1    | won / (won + lost)
            win_rate              | 0.52  |      |      |          | D      |      |      |     | 1    | 1    | won / (won + lost)
            win_rate              |       | 0.01 | 0.05 |          | E      |      |      |     | 1    | 1    | won / (won + lost)
            win_rate              | 1     |      |      |          | F      |      |      |     | 1    | 1    | won / (won + lost)
            win_rate              |       |      |      |          | G      |      |      |     | 1    | 1    | won / (won + lost)
            win_rate              | 0.2   |      |      |          | H      |      |      |     | 1    | 2    | won / created
            win_rate              |       |      |      |          | H      |      |      |     | 1    | 1    | won / (won + lost + open)
            average_days_to_close | 49    |      |      |          | A      |      |      |     | 1    | 1    | mean days from creation to closing of won deals
            average_days_to_close | 50    |      |      |          | B      |      |      |     | 1    | 1    | mean days from creation to closing of won deals
            average_days_to_close | 51    |      |      |          | C      |      |      |     | 1    | 1    | mean days from creation to closing of won deals
            average_deal_size     | 40    |      |      | USD      | A      |      |      |     | 1    | 1    | won_amount / won deals with an amount
            average_deal_size     | 40    |      |      | EUR      | B      |      |      |     | 1    | 1    | won_amount / won deals with an amount
            average_deal_size     | 39    |      |      |          | C      |      |      |     | 1    | 1    | won_amount / won deals with an amount
            velocity_per_day      | 7     |      |      | USD      | A      |      |      |     | 1    | 1    | deals_in_pipeline * win_rate * average_deal_size / average_days_to_close
            velocity_per_day      | 7     |      |      |          | B      |      |      |     | 1    | 1    | deals_in_pipeline × win_rate × average_deal_size ÷ average_days_to_close
            happiness             | 7     | 6    |      | EUR      | A      |      |      |     | 1    | 1    | smiles
            happiness             |       |      |      |          | B      |      |      |     | 1    | 1    | smiles
            happiness             | 8     |      |      |          | B      | 2020 |      |     | 1    | 1    | smiles
            happiness             | 9     |      |      |          | B      | 2019 |      |     | 1    | 1    | smiles
            zeal                  | 9     |      |      |          | C      |      |      |     | 1    | 1    | glow
            lost                  | 3     |      |      |          | A      |      |      |     | 1    | 1    | deals lost in the period
        """,
    }, """
        metric                | period_start | value | benchmark_number | benchmark_value | benchmark_low | benchmark_high | benchmark_source | benchmark_year | benchmark_note | benchmark_url | is_comparable | verdict
        win_rate              | 2026-01-01   | 0.2   | 1                |                 | 0.15          | 0.25           | A                |                | n              | u             | true          | within
        win_rate              | 2026-01-01   | 0.2   | 2                | 0.05            |               |                | B                | 2020           |                |               | true          | better
        win_rate              | 2026-01-01   | 0.2   | 3                | 0.2             |               |                | B                |                |                |               | true          | within
        win_rate              | 2026-01-01   | 0.2   | 4                | 0.51            | 0.6           | 0.7            | C                | 2020           |                |               | true          | no clear difference
        win_rate              | 2026-01-01   | 0.2   | 5                | 0.5             |               |                | C                | 2020           |                |               | true          | no clear difference
        win_rate              | 2026-01-01   | 0.2   | 6                |                 | 0.01          | 0.06           | C                | 2020           |                |               | true          | no clear difference
        win_rate              | 2026-01-01   | 0.2   | 7                | 0.19            | 0.2           | 0.3            | C                | 2020           |                |               | true          | within
        win_rate              | 2026-01-01   | 0.2   | 8                | 0.52            |               |                | D                |                |                |               | true          | worse
        win_rate              | 2026-01-01   | 0.2   | 9                |                 | 0.01          | 0.05           | E                |                |                |               | true          | better
        win_rate              | 2026-01-01   | 0.2   | 10               | 1               |               |                | F                |                |                |               | true          | worse
        win_rate              | 2026-01-01   | 0.2   | 11               |                 |               |                | G                |                |                |               | true          | no benchmark
        win_rate              | 2026-01-01   | 0.2   | 12               |                 |               |                | H                |                |                |               | false         | not comparable
        win_rate              | 2026-01-01   | 0.2   | 13               | 0.2             |               |                | H                |                |                |               | false         | not comparable
        average_days_to_close | 2026-01-01   | 50    | 1                | 49              |               |                | A                |                |                |               | true          | worse
        average_days_to_close | 2026-01-01   | 50    | 2                | 50              |               |                | B                |                |                |               | true          | within
        average_days_to_close | 2026-01-01   | 50    | 3                | 51              |               |                | C                |                |                |               | true          | better
        average_deal_size     | 2026-01-01   | 40    | 1                | 40              |               |                | A                |                |                |               | false         | not comparable
        average_deal_size     | 2026-01-01   | 40    | 2                | 40              |               |                | B                |                |                |               | true          | within
        average_deal_size     | 2026-01-01   | 40    | 3                | 39              |               |                | C                |                |                |               | true          | better
        velocity_per_day      | 2026-01-01   | 7     | 1                | 7               |               |                | A                |                |                |               | false         | not comparable
        velocity_per_day      | 2026-01-01   | 7     | 2                | 7               |               |                | B                |                |                |               | true          | within
        happiness             | 2026-01-01   |       | 1                | 7               | 6             |                | A                |                |                |               | false         | not measured here
        happiness             | 2026-01-01   |       | 2                | 9               |               |                | B                | 2019           |                |               | false         | not measured here
        happiness             | 2026-01-01   |       | 3                | 8               |               |                | B                | 2020           |                |               | false         | not measured here
        happiness             | 2026-01-01   |       | 4                |                 |               |                | B                |                |                |               | false         | not measured here
        zeal                  | 2026-01-01   |       | 1                | 9               |               |                | C                |                |                |               | false         | not measured here
        lost                  | 2026-01-01   |       | 1                | 3               |               |                | A                |                |                |               | true          | no own value
    """)  # fmt: skip


def test_benchmarks_are_there_without_any_deal(example):
    example("marts.benchmarks", {
        **GIVEN, "core.metric_definitions": definitions(),
        "staging.benchmarks": "metric | value | source | definition | file | line\nwin_rate | 0.2 | A | won / (won + lost) | 1 | 2",
    }, """
        metric   | period | period_start | pipeline | owner | team | benchmark_definition | target_status | verdict
        win_rate | all    | 2026-07-02   | all      | all   | all  | won / (won + lost)   | no target     | no own value
    """)  # fmt: skip


def test_targets_of_the_company(example):
    """Before a period has ended, only what cannot fall again is met; one ends today."""
    example("marts.benchmarks", {
        **GIVEN, "core.metric_definitions": definitions("won", "lost", "win_rate", "average_days_to_close"),
        "core.targets": """
            metric                | period  | period_start | pipeline | owner | team | target | not_found | copies
            won                   | quarter | 2026-07-01   | all      | all   | all  | 5      |           | 1
            won                   | quarter | 2026-04-01   | all      | all   | all  | 4      |           | 1
            lost                  | quarter | 2026-07-01   | all      | all   | all  | 9      |           | 1
            lost                  | quarter | 2026-04-01   | all      | all   | all  | 4      |           | 1
            win_rate              | quarter | 2026-07-01   | all      | all   | all  | 0.2    |           | 1
            win_rate              | quarter | 2026-04-01   | all      | all   | all  | 0.6    |           | 1
            average_days_to_close | quarter | 2026-07-01   | all      | all   | all  | 41     |           | 1
            average_days_to_close | quarter | 2026-04-01   | all      | all   | all  | 39     |           | 1
            won                   | month   | 2026-06-02   | all      | all   | all  |        | owner     | 1
            lost                  | month   | 2026-06-02   | all      | all   | all  | 0      |           | 1
            win_rate              | month   | 2026-06-02   | all      | all   | all  | 0.5    |           | 1
            win_rate              | month   | 2026-06-03   | all      | all   | all  | 0.5    |           | 1
            happiness             | quarter | 2026-04-01   | all      | all   | all  | 3      | metric    | 1
            won                   | week    | 2026-06-29   | all      | all   | all  | 3      | period    | 1
            win_rate              | year    | 2027-01-01   | Gone     | all   | all  | 0.5    | pipeline  | 1
        """,
        "marts.pipeline_health": """
            period  | period_start | pipeline | won | lost | win_rate | average_days_to_close
            quarter | 2026-04-01   | all      | 4   | 4    | 0.5      | 40
            quarter | 2026-07-01   | all      | 5   | 8    | 0.25     | 40
            week    | 2026-06-29   | all      | 2   | 1    | 0.67     | 40
            week    | 2026-07-06   | all      | 1   | 1    | 0.5      | 40
            quarter | 2026-04-01   | Sales    | 1   | 1    | 0.5      | 20
            all     | 2026-01-01   | all      | 9   | 12   | 0.33     | 40
        """,
    }, """
        metric                | period  | period_start | pipeline | value | previous_value | target | target_status         | target_gap | not_found | verdict           | unit  | definition
        won                   | quarter | 2026-07-01   | all      | 5     | 4              | 5      | met                   | 0          |           | no benchmark      | deals | deals won in the period
        won                   | quarter | 2026-04-01   | all      | 4     | 0              | 4      | met                   | 0          |           | no benchmark      | deals | deals won in the period
        lost                  | quarter | 2026-07-01   | all      | 8     | 4              | 9      | open                  | -1         |           | no benchmark      | deals | deals lost in the period
        lost                  | quarter | 2026-04-01   | all      | 4     | 0              | 4      | met                   | 0          |           | no benchmark      | deals | deals lost in the period
        win_rate              | quarter | 2026-07-01   | all      | 0.25  | 0.5            | 0.2    | open                  | 0.05       |           | no benchmark      | rate  | won / (won + lost)
        win_rate              | quarter | 2026-04-01   | all      | 0.5   |                | 0.6    | missed                | -0.1       |           | no benchmark      | rate  | won / (won + lost)
        average_days_to_close | quarter | 2026-07-01   | all      | 40    | 40             | 41     | open                  | -1         |           | no benchmark      | days  | mean days from creation to closing of won deals
        average_days_to_close | quarter | 2026-04-01   | all      | 40    |                | 39     | missed                | 1          |           | no benchmark      | days  | mean days from creation to closing of won deals
        won                   | month   | 2026-06-02   | all      | 0     | 0              |        | target unknown        |            | owner     | no benchmark      | deals | deals won in the period
        lost                  | month   | 2026-06-02   | all      | 0     | 0              | 0      | met                   | 0          |           | no benchmark      | deals | deals lost in the period
        win_rate              | month   | 2026-06-02   | all      |       |                | 0.5    | no own value          |            |           | no benchmark      | rate  | won / (won + lost)
        win_rate              | month   | 2026-06-03   | all      |       |                | 0.5    | open                  |            |           | no benchmark      | rate  | won / (won + lost)
        happiness             | quarter | 2026-04-01   | all      |       |                | 3      | not measured here     |            | metric    | no benchmark      |       |
        won                   | week    | 2026-06-29   | all      |       |                | 3      | period not understood |            | period    | no benchmark      | deals | deals won in the period
        win_rate              | year    | 2027-01-01   | Gone     |       |                | 0.5    | open                  |            | pipeline  | no benchmark      | rate  | won / (won + lost)
        won                   | all     | 2026-01-01   | all      | 9     |                |        | no target             |            |           | no benchmark      | deals | deals won in the period
        lost                  | all     | 2026-01-01   | all      | 12    |                |        | no target             |            |           | no benchmark      | deals | deals lost in the period
        win_rate              | all     | 2026-01-01   | all      | 0.33  |                |        | no target             |            |           | no benchmark      | rate  | won / (won + lost)
        average_days_to_close | all     | 2026-01-01   | all      | 40    |                |        | no target             |            |           | no benchmark      | days  | mean days from creation to closing of won deals
    """)  # fmt: skip


DEALS = {
    "core.owner_teams": "owner | team\nAna | North\nBen |",
    # Ana's deals of the second quarter begin with its first day and end with its last.
    "marts.deals": """
        system | deal_id | status  | pipeline | owner | team  | created_on | closed_on  | days_to_close | amount
        crm    | 1       | won     | Sales    | Ana   |       | 2026-01-20 | 2026-04-01 | 70            | 100
        crm    | 2       | lost    | Sales    | Ana   |       | 2026-04-01 | 2026-06-30 | 90            | 300
        crm    | 3       | won     | Sales    | Ana   |       | 2026-06-30 | 2026-06-30 | 10            |
        crm    | 4       | lost    | Sales    | Ana   |       | 2026-03-31 | 2026-07-01 |               | 900
        crm    | 5       | won     | Sales    | Ana   |       | 2026-03-01 | 2026-03-31 | 30            | 50
        crm    | 6       | open    | Sales    | Ana   | South | 2026-07-01 |            |               | 70
        crm    | 7       | won     | Sales    | Ana   |       | 2026-05-01 | 2026-05-20 | 13            | 200
        crm    | 8       | lost    | Sales    | Ana   |       | 2026-05-02 | 2026-05-20 | 95            |
        crm    | 9       | deleted | Sales    | Ana   |       | 2026-04-05 | 2026-05-01 | 1             | 7
        crm    | 10      | won     | Sales    |       | North | 2026-04-05 | 2026-05-01 | 20            | 10
        crm    | 11      | won     | Renewal  | Ana   |       | 2026-03-02 | 2026-05-21 |               | 150
        crm    | 12      | won     | Sales    | Cid   |       | 2026-05-05 | 2026-05-05 | 0             | 0
        crm    | 13      | won     | Sales    | Dan   |       | 2026-05-05 | 2026-05-06 | 1             | 1
        other  | 1       | won     | Sales    | Ben   |       | 2026-04-05 | 2026-05-01 | 20            | 1000
    """,
    "core.deal_states": """
        system | deal_id | kind | record_status | pipeline | from_on    | to_on      | amount
        crm    | 1       | won  | live          | Sales    | 2026-04-01 |            | 100
        crm    | 2       | open | live          | Sales    | 2026-04-01 | 2026-06-30 | 300
        crm    | 4       | open | live          | Sales    | 2026-03-31 | 2026-07-01 | 900
        crm    | 6       | open | live          | Renewal  | 2026-06-30 |            | 70
        crm    | 7       | open | deleted       | Sales    | 2026-05-01 |            | 1
        crm    | 8       | open | live          | Sales    | 2026-07-01 |            | 5
        crm    | 9       | open | live          | Sales    | 2026-04-05 |            | 7
        other  | 1       | open | live          | Sales    | 2026-04-05 | 2026-05-01 | 1000
        other  | 4       | open | live          | Sales    | 2026-03-31 |            | 11
    """,
}


def targets(*lines):
    heading = "period | period_start | pipeline | owner | team | metric | target | copies"
    return "\n".join([heading, *(f"{line} | 1" for line in lines)])


def test_all_metrics_of_the_company_and_of_an_owner(example):
    """The company's are those of marts.pipeline_health, the owner's are counted alike: the intervals by the formulas of Wilson and Kish."""
    example("marts.benchmarks", {
        **GIVEN, **DEALS, "core.metric_definitions": definitions(),
        "core.targets": targets(
            *(f"quarter | 2026-04-01 | all | Ana | all | {metric} | 30" for metric in METRICS),
            *(f"quarter | 2026-04-01 | all | {owner} | all | {metric} | 1" for owner in ("Cid", "Dan") for metric in ("win_rate_by_amount", "velocity_per_day")),
        ),
        "marts.pipeline_health": """
            period | period_start | pipeline | deals_created | deals_in_pipeline | open_amount | won | lost | won_amount | lost_amount | closed_without_amount | won_without_amount | deals_without_cycle | win_rate | win_rate_low | win_rate_high | win_rate_by_amount | win_rate_by_amount_low | win_rate_by_amount_high | average_deal_size | average_days_to_close | median_days_to_close | velocity_per_day
            all    | 2026-01-10   | all      | 20            | 21                | 22          | 10  | 9    | 23         | 24          | 5                     | 2                  | 3                   | 0.5      | 0.4          | 0.6           | 0.51               | 0.41                   | 0.61                    | 25                | 26                    | 27                   | 28
        """,
    }, """
        metric                | period  | owner | value    | value_low | value_high | value_records | value_missing | previous_value | target_status
        deals_created         | all     | all   | 20       | 20        | 20         | 20            | 0             |                | no target
        deals_in_pipeline     | all     | all   | 21       | 21        | 21         | 21            | 0             |                | no target
        open_amount           | all     | all   | 22       | 22        | 22         | 21            |               |                | no target
        won                   | all     | all   | 10       | 10        | 10         | 10            | 0             |                | no target
        lost                  | all     | all   | 9        | 9         | 9          | 9             | 0             |                | no target
        won_amount            | all     | all   | 23       | 23        | 23         | 8             | 2             |                | no target
        lost_amount           | all     | all   | 24       | 24        | 24         | 6             | 3             |                | no target
        win_rate              | all     | all   | 0.5      | 0.4       | 0.6        | 19            | 0             |                | no target
        win_rate_by_amount    | all     | all   | 0.51     | 0.41      | 0.61       | 14            | 5             |                | no target
        average_deal_size     | all     | all   | 25       | 25        | 25         | 8             | 2             |                | no target
        average_days_to_close | all     | all   | 26       | 26        | 26         | 7             | 3             |                | no target
        median_days_to_close  | all     | all   | 27       | 27        | 27         | 7             | 3             |                | no target
        velocity_per_day      | all     | all   | 28       | 28        | 28         | 21            |               |                | no target
        deals_created         | quarter | Ana   | 4        | 4         | 4          | 4             | 0             | 4              | missed
        deals_in_pipeline     | quarter | Ana   | 2        | 2         | 2          | 2             | 0             | 1              | missed
        open_amount           | quarter | Ana   | 970      | 970       | 970        | 2             |               | 900            | met
        won                   | quarter | Ana   | 4        | 4         | 4          | 4             | 0             | 1              | missed
        lost                  | quarter | Ana   | 2        | 2         | 2          | 2             | 0             | 0              | met
        won_amount            | quarter | Ana   | 450      | 450       | 450        | 3             | 1             | 50             | met
        lost_amount           | quarter | Ana   | 300      | 300       | 300        | 1             | 1             | 0              | missed
        win_rate              | quarter | Ana   | 0.666667 | 0.299993  | 0.903229   | 6             | 0             | 1              | missed
        win_rate_by_amount    | quarter | Ana   | 0.6      | 0.188220  | 0.906578   | 4             | 2             | 1              | missed
        average_deal_size     | quarter | Ana   | 150      | 150       | 150        | 3             | 1             | 50             | met
        average_days_to_close | quarter | Ana   | 31       | 31        | 31         | 3             | 1             | 30             | missed
        median_days_to_close  | quarter | Ana   | 13       | 13        | 13         | 3             | 1             | 30             | met
        velocity_per_day      | quarter | Ana   | 6.451613 | 6.451613  | 6.451613   | 2             |               | 1.666667       | missed
        win_rate_by_amount    | quarter | Cid   |          |           |            | 1             | 0             |                | no own value
        velocity_per_day      | quarter | Cid   |          |           |            | 0             |               |                | no own value
        win_rate_by_amount    | quarter | Dan   | 1        | 0.206549  | 1          | 1             | 0             |                | met
        velocity_per_day      | quarter | Dan   | 0        | 0         | 0          | 0             |               |                | missed
    """)  # fmt: skip


def test_scopes_choose_deals_by_pipeline_owner_and_team_and_periods_by_their_days(example):
    """What marts.pipeline_health knows of a pipeline is taken from it. Before the first day of the company and after today nothing is counted."""
    example("marts.benchmarks", {
        **GIVEN, **DEALS, "core.metric_definitions": definitions("won", "deals_created", "deals_in_pipeline", "open_amount", "won_amount", "average_deal_size"),
        "core.targets": targets(
            "quarter | 2026-04-01 | Sales   | all | all   | won | 1", "quarter | 2026-04-01 | Sales   | Ana | all   | won | 1",
            "quarter | 2026-04-01 | Sales   | all | North | won | 1", "quarter | 2026-04-01 | all     | all | North | won | 1",
            "month   | 2026-05-01 | all     | all | all   | won | 1", "quarter | 2026-05-01 | Renewal | all | all   | won | 1",
            "quarter | 2026-04-01 | Renewal | all | all   | deals_in_pipeline | 1", "quarter | 2026-04-01 | all | all | South | deals_in_pipeline | 1",
            "quarter | 2026-07-01 | all     | Ana | all   | deals_in_pipeline | 1", "year | 2025-07-02 | all | Ben | all | won | 1",
            "month   | 2025-12-10 | all     | Ben | all   | won | 1", "month | 2025-12-11 | all | Ben | all | won | 1",
            "month   | 2026-07-02 | all     | Ben | all   | won | 1", "month | 2026-07-03 | all | Ben | all | won | 1",
            *(f"month | 2025-12-11 | all | Ben | all | {metric} | 1" for metric in ("open_amount", "won_amount", "average_deal_size")),
            "quarter | 2026-07-01 | all     | Ana | all   | deals_created | 1", "year | 2026-01-01 | all | Ana | all | won_amount | 500",
            "month   | 2026-05-02 | all     | all | all   | deals_in_pipeline | 1",
            "month   | 2026-01-31 | all     | Ana | all   | won | 1", "month | 2026-03-31 | all | Ana | all | won | 1",
        ),
        "marts.pipeline_health": """
            period  | period_start | pipeline | won | deals_in_pipeline
            all     | 2026-01-10   | all      | 9   | 2
            quarter | 2026-04-01   | Sales    | 99  | 8
            quarter | 2026-01-01   | Sales    | 88  | 8
            month   | 2026-04-01   | Sales    | 77  | 8
        """,
    }, """
        metric            | period  | period_start | pipeline | owner | team  | value | previous_value | target_status | benchmark_number
        won               | all     | 2026-01-10   | all      | all   | all   | 9     |                | no target     | 0
        deals_created     | all     | 2026-01-10   | all      | all   | all   |       |                | no target     | 0
        open_amount       | all     | 2026-01-10   | all      | all   | all   |       |                | no target     | 0
        won_amount        | all     | 2026-01-10   | all      | all   | all   |       |                | no target     | 0
        average_deal_size | all     | 2026-01-10   | all      | all   | all   |       |                | no target     | 0
        deals_in_pipeline | all     | 2026-01-10   | all      | all   | all   | 2     |                | no target     | 0
        won               | quarter | 2026-04-01   | Sales    | all   | all   | 99    | 88             | met           | 0
        won               | quarter | 2026-04-01   | Sales    | Ana   | all   | 3     | 1              | met           | 0
        won               | quarter | 2026-04-01   | Sales    | all   | North | 4     | 1              | met           | 0
        won               | quarter | 2026-04-01   | all      | all   | North | 5     | 1              | met           | 0
        won               | month   | 2026-05-01   | all      | all   | all   | 6     | 1              | met           | 0
        won               | quarter | 2026-05-01   | Renewal  | all   | all   | 1     | 0              | met           | 0
        deals_in_pipeline | quarter | 2026-04-01   | Renewal  | all   | all   | 1     | 0              | met           | 0
        deals_in_pipeline | quarter | 2026-04-01   | all      | all   | South | 1     | 0              | met           | 0
        deals_in_pipeline | quarter | 2026-07-01   | all      | Ana   | all   | 2     | 2              | open          | 0
        won               | year    | 2025-07-02   | all      | Ben   | all   | 1     |                | met           | 0
        won               | month   | 2025-12-10   | all      | Ben   | all   |       |                | no own value  | 0
        won               | month   | 2025-12-11   | all      | Ben   | all   | 0     |                | missed        | 0
        won               | month   | 2026-07-02   | all      | Ben   | all   | 0     | 0              | open          | 0
        open_amount       | month   | 2025-12-11   | all      | Ben   | all   | 0     |                | missed        | 0
        won_amount        | month   | 2025-12-11   | all      | Ben   | all   | 0     |                | missed        | 0
        average_deal_size | month   | 2025-12-11   | all      | Ben   | all   |       |                | no own value  | 0
        deals_created     | quarter | 2026-07-01   | all      | Ana   | all   | 1     | 4              | met           | 0
        won_amount        | year    | 2026-01-01   | all      | Ana   | all   | 500   |                | met           | 0
        deals_in_pipeline | month   | 2026-05-02   | all      | all   | all   | 2     | 2              | met           | 0
        won               | month   | 2026-07-03   | all      | Ben   | all   |       | 0              | open          | 0
        won               | month   | 2026-01-31   | all      | Ana   | all   | 0     | 0              | missed        | 0
        won               | month   | 2026-03-31   | all      | Ana   | all   | 2     | 0              | met           | 0
    """)  # fmt: skip


def test_what_is_counted_in_people_is_of_mature_months_and_of_all_time(example):
    """Of 1,000 leads of mature months 20 bought, 2 %: the interval from 1.3 % to 3.1 % does not reach the famous 1 %. April is too young to count."""
    example("marts.benchmarks", {
        **GIVEN,
        "core.metric_definitions": [
            {"metric": m, "spanish": m, "definition": PEOPLE[m][0], "unit": "rate", "better": "higher", "basis": "people"} for m in ("lead_to_customer", "mql_to_sql")
        ],
        "marts.pipeline_health": "period | period_start | pipeline\nall | 2026-01-01 | all\nmonth | 2026-04-01 | all",
        "marts.funnel_conversion": """
            cohort | cohort_start | channel | campaign | dimension | segment | leads | mqls | sqls | opportunities | customers | is_mature
            month  | 2026-01-01   | all     | all      | all       | all     | 600   | 0    | 0    | 30            | 15        | true
            month  | 2026-02-01   | all     | all      | all       | all     | 400   | 0    | 0    | 20            | 5         | true
            month  | 2026-04-01   | all     | all      | all       | all     | 700   | 9    | 3    | 2             | 0         | false
            month  | 2026-01-01   | Email   | all      | all       | all     | 600   | 0    | 0    | 30            | 15        | true
            month  | 2026-01-01   | all     | all      | owner     | Ana     | 600   | 0    | 0    | 30            | 15        | true
            all    | 2026-01-01   | all     | all      | all       | all     | 1700  | 9    | 3    | 52            | 20        | true
        """,
        "staging.benchmarks": """
            metric           | value | source    | year | file | line | definition
            lead_to_customer | 0.01  | Forrester |      | 1    | 1    | customers / leads
            lead_to_customer | 0.06  | Implisit  | 2014 | 1    | 2    | deals won / opportunities
        """,
    }, """
        metric           | period | period_start | pipeline | benchmark_number | value | value_low            | value_high           | value_records | previous_value | verdict
        lead_to_customer | all    | 2026-01-01   | all      | 1                | 0.02  | 0.012983682916415138 | 0.030690005229717782 | 1000          |                | better
        lead_to_customer | all    | 2026-01-01   | all      | 2                | 0.02  | 0.012983682916415138 | 0.030690005229717782 | 1000          |                | not comparable
        mql_to_sql       | all    | 2026-01-01   | all      | 0                |       |                     |                     |               |                | no benchmark
    """)
