"""What a plan says becomes what marts say: names, metrics, currencies, periods; what is not understood is said."""

NAMES = """
    kind     | alias         | name
    owner    | ana@acme.test | Ana Ruiz
    owner    | ana ruiz      | Ana Ruiz
    team     | north         | North
    pipeline | sales         | Sales
"""
GIVEN = {
    "core.as_of": "one | as_of\n1 | 2026-05-15",
    "core.parameters": "one | base_currency\n1 | EUR",
    "core.plan_names": NAMES,
    "core.metric_definitions": "metric | spanish | unit\nwon_amount | importe_ganado | money\nwin_rate | tasa_de_cierre | rate\nwon | ganadas | deals",
    "core.exchange_rates": "currency | valid_from | valid_to | rate\nUSD | 2020-01-01 | 2026-04-01 | 0.5\nUSD | 2026-04-01 | 2026-05-15 | 0.8\nUSD | 2026-05-15 | | 0.9",
}


def test_names_metrics_and_rates_in_any_spelling(example):
    example("core.targets", {**GIVEN, "staging.targets": """
        period  | period_start | pipeline | owner         | team  | metric         | target | file | line
        month   | 2026-04-01   | SALES    | all           | all   | tasa_de_cierre | 25     | 1    | 2
        month   | 2026-04-01   | all      | ANA@acme.test | all   | win_rate       | 0.25   | 1    | 3
        month   | 2026-04-01   | all      | all           | north | win_rate       | 1      | 1    | 4
        month   | 2026-04-01   | all      | all           | all   | won            | 25     | 1    | 5
    """}, """
        pipeline | owner    | team  | metric   | target | not_found | copies
        Sales    | all      | all   | win_rate | 0.25   |           | 1
        all      | Ana Ruiz | all   | win_rate | 0.25   |           | 1
        all      | all      | North | win_rate | 1      |           | 1
        all      | all      | all   | won      | 25     |           | 1
    """)  # fmt: skip


def test_money_is_converted_at_the_first_day_of_the_period_but_of_no_day_to_come(example):
    example("core.targets", {**GIVEN, "staging.targets": """
        period  | period_start | pipeline | owner | team | metric     | target | currency | file | line
        month   | 2026-03-31   | all      | all   | all  | won_amount | 100    | USD      | 1    | 2
        month   | 2026-04-01   | all      | all   | all  | won_amount | 100.01 | USD      | 1    | 3
        month   | 2026-09-01   | all      | all   | all  | won_amount | 100    | USD      | 1    | 4
        month   | 2026-09-02   | all      | all   | all  | won_amount | 100    | EUR      | 1    | 5
        month   | 2026-09-03   | all      | all   | all  | won_amount | 100    |          | 1    | 6
        month   | 2026-09-04   | all      | all   | all  | won_amount | 100    | XXX      | 1    | 7
        month   | 2026-09-05   | all      | all   | all  | won        | 100    | XXX      | 1    | 8
    """}, """
        period_start | target | target_original | not_found
        2026-03-31   | 50     | 100             |
        2026-04-01   | 80.01  | 100.01          |
        2026-09-01   | 90     | 100             |
        2026-09-02   | 100    | 100             |
        2026-09-03   | 100    | 100             |
        2026-09-04   |        | 100             | exchange rate
        2026-09-05   | 100    | 100             |
    """)  # fmt: skip


def test_what_is_not_known_is_said_and_kept(example):
    example("core.targets", {**GIVEN, "staging.targets": """
        period | period_start | pipeline | owner  | team | metric    | target | file | line
        week   | 2026-04-01   | Gone     | Nobody | East | happiness | 7      | 1    | 2
    """}, """
        period | period_end | pipeline | owner  | team | metric    | target | not_found
        week   |            | Gone     | Nobody | East | happiness | 7      | period, pipeline, owner, team, metric
    """)  # fmt: skip


def test_of_two_rows_that_mean_the_same_the_one_read_last_holds(example):
    example("core.targets", {**GIVEN, "staging.targets": """
        period | period_start | pipeline | owner         | team | metric | target | file | line
        year   | 2026-02-01   | all      | Ana Ruiz      | all  | won    | 1      | 2    | 2
        year   | 2026-02-01   | all      | ana@acme.test | all  | won    | 2      | 2    | 3
        year   | 2026-02-01   | all      | ana ruiz      | all  | won    | 3      | 1    | 9
    """}, """
        period | period_start | period_end | owner    | target | copies
        year   | 2026-02-01   | 2027-02-01 | Ana Ruiz | 2      | 3
    """)  # fmt: skip


def test_capacities_are_understood_alike(example):
    example("core.capacities", {"core.plan_names": NAMES, "staging.capacities": """
        period  | period_start | owner         | team  | open_deals_capacity | delivery_capacity | file | line
        quarter | 2026-04-01   | ana@ACME.test | all   | 5                   |                   | 1    | 2
        quarter | 2026-04-01   | ana ruiz      | all   | 6                   |                   | 1    | 3
        month   | 2026-04-01   | all           | NORTH |                     | 2.5               | 1    | 4
        decade  | 2020-01-01   | Nobody        | East  | 1                   | 1                 | 1    | 5
    """}, """
        period  | period_end | owner    | team  | open_deals_capacity | delivery_capacity | not_found           | copies
        quarter | 2026-07-01 | Ana Ruiz | all   | 6                   |                   |                     | 2
        month   | 2026-05-01 | all      | North |                     | 2.5               |                     | 1
        decade  |            | Nobody   | East  | 1                   | 1                 | period, owner, team | 1
    """)  # fmt: skip


def test_an_owner_is_known_by_name_mail_and_id_and_the_name_of_the_deals_goes_first(example):
    example("core.plan_names", {
        "core.stages": "pipeline | stage\nSales | Lead\nSales | Demo",
        "core.deals": "system | deal_id | owner | team\ncrm | 1 | Ana | North\ncrm | 2 | |",
        "staging.owners": "system | owner_id | owner_name | email | team\ncrm | 7 | ANA | ana@acme.test | north\ncrm | 8 | | new@acme.test |",
    }, """
        kind     | alias         | name
        pipeline | sales         | Sales
        team     | north         | North
        owner    | ana           | Ana
        owner    | ana@acme.test | Ana
        owner    | 7             | Ana
        owner    | 8             | 8
        owner    | new@acme.test | 8
    """)  # fmt: skip


def test_an_owner_has_the_team_that_all_systems_agree_on(example):
    example("core.owner_teams", {
        "core.deals": "system | deal_id | owner | team\na | 1 | Ana | North\na | 2 | Ana |\na | 3 | Ben | North\na | 4 | Dora |\na | 5 | | East",
        "staging.owners": "system | owner_id | owner_name | team\nb | 1 | Ben | South\nb | 2 | Cruz | South\nb | 3 | | West",
    }, """
        owner | team
        Ana   | North
        Ben   |
        Cruz  | South
        Dora  |
        3     | West
    """)  # fmt: skip


def test_what_nobody_understands_is_in_the_warning(bench):
    given = {
        "core.targets": "period | period_start | pipeline | owner | team | metric | not_found | copies\nmonth | 2026-04-01 | all | all | all | won | | 1\nmonth | 2026-04-01 | all | X | all | won | owner | 1\nmonth | 2026-04-02 | all | all | all | won | | 1",
        "core.capacities": "period | period_start | owner | team | not_found | copies\nmonth | 2026-04-01 | all | East | team | 1\nyear | 2026-04-30 | all | all | | 1",
    }  # fmt: skip
    bench.run([], given)
    found = bench.connection.execute(bench.models["checks.plans_are_understood"].sql).fetchall()
    assert sorted((row[0], str(row[2]), row[-1]) for row in found) == [
        ("capacity", "2026-04-01", "team"), ("capacity", "2026-04-30", "first of a month"),
        ("target", "2026-04-01", "owner"), ("target", "2026-04-02", "first of a month"),
    ]  # fmt: skip
