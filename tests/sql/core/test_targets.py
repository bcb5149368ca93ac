"""What a plan says becomes what marts say: names, metrics, currencies, periods; what is not understood is said."""

NAMES = """
    kind     | alias         | name
    owner    | ana@acme.test | Ana Ruiz
    owner    | ana ruiz      | Ana Ruiz
    team     | north         | North
    team     | sales         | Sales team
    pipeline | north         | North Sea
    owner    | north         | Nora North
    owner    | sales         | Sal
    pipeline | sales         | Sales
"""
GIVEN = {
    "core.run": "started_at | as_of_on\n2026-05-16 | 2026-05-15",
    "core.parameters": "one | base_currency\n1 | EUR",
    "core.plan_names": NAMES,
    "core.metric_definitions": "metric | spanish | unit\nwon_amount | importe_ganado | money\nwin_rate | tasa_de_cierre | rate\nwon | ganadas | deals\nvelocity_per_day | velocidad | money per day",
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
        month   | 2026-09-06   | all      | all   | all  | velocity_per_day | 100 | USD   | 1    | 9
        month   | 2026-05-15   | all      | all   | all  | happiness  | 100    | USD      | 1    | 10
    """}, """
        period_start | target | target_original | not_found
        2026-03-31   | 50     | 100             |
        2026-04-01   | 80.01  | 100.01          |
        2026-09-01   | 90     | 100             |
        2026-09-02   | 100    | 100             |
        2026-09-03   | 100    | 100             |
        2026-09-04   |        | 100             | exchange rate
        2026-09-05   | 100    | 100             |
        2026-09-06   | 90     | 100             |
        2026-05-15   | 100    | 100             | metric
    """)  # fmt: skip


def test_what_is_not_known_is_said_and_kept(example):
    example("core.targets", {**GIVEN, "staging.targets": """
        period | period_start | pipeline | owner  | team | metric    | target | file | line
        week   | 2026-04-01   | Gone     | Nobody | East | happiness | 7      | 1    | 2
    """}, """
        period | period_end | pipeline | owner  | team | metric    | target | not_found
        week   |            | Gone     | Nobody | East | happiness | 7      | period, pipeline, owner, team, metric
    """)  # fmt: skip


def test_a_target_is_one_of_its_period_scope_and_metric(example):
    """Each row differs from the first in one thing only; a period ends before the day on which the next begins."""
    example("core.targets", {**GIVEN, "staging.targets": """
        period  | period_start | pipeline | owner    | team  | metric   | target | file | line
        month   | 2026-01-31   | all      | all      | all   | won      | 1      | 1    | 1
        quarter | 2026-01-31   | all      | all      | all   | won      | 2      | 1    | 2
        year    | 2026-01-31   | all      | all      | all   | won      | 3      | 1    | 3
        month   | 2026-02-01   | all      | all      | all   | won      | 4      | 1    | 4
        month   | 2026-01-31   | sales    | all      | all   | won      | 5      | 1    | 5
        month   | 2026-01-31   | all      | sales    | all   | won      | 6      | 1    | 6
        month   | 2026-01-31   | all      | all      | sales | won      | 7      | 1    | 7
        month   | 2026-01-31   | all      | all      | all   | win_rate | 8      | 1    | 8
    """}, """
        period  | period_start | period_end | pipeline | owner | team       | metric   | target | copies | not_found
        month   | 2026-01-31   | 2026-02-28 | all      | all   | all        | won      | 1      | 1      |
        quarter | 2026-01-31   | 2026-04-30 | all      | all   | all        | won      | 2      | 1      |
        year    | 2026-01-31   | 2027-01-31 | all      | all   | all        | won      | 3      | 1      |
        month   | 2026-02-01   | 2026-03-01 | all      | all   | all        | won      | 4      | 1      |
        month   | 2026-01-31   | 2026-02-28 | Sales    | all   | all        | won      | 5      | 1      |
        month   | 2026-01-31   | 2026-02-28 | all      | Sal   | all        | won      | 6      | 1      |
        month   | 2026-01-31   | 2026-02-28 | all      | all   | Sales team | won      | 7      | 1      |
        month   | 2026-01-31   | 2026-02-28 | all      | all   | all        | win_rate | 0.08   | 1      |
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
        month   | 2026-05-01   | all           | north | 3                   |                   | 1    | 6
        month   | 2026-04-01   | north         | all   | 4                   |                   | 2    | 1
        month   | 2026-04-01   | NORTH         | all   | 5                   |                   | 1    | 9
        year    | 2026-04-01   | all           | all   | 6                   |                   | 1    | 8
        month   | 2026-04-01   | all           | all   | 7                   |                   | 1    | 7
    """}, """
        period  | period_end | owner    | team  | open_deals_capacity | delivery_capacity | not_found           | copies
        quarter | 2026-07-01 | Ana Ruiz | all   | 6                   |                   |                     | 2
        month   | 2026-05-01 | all      | North |                     | 2.5               |                     | 1
        decade  |            | Nobody   | East  | 1                   | 1                 | period, owner, team | 1
        month   | 2026-06-01 | all      | North | 3                   |                   |                     | 1
        month   | 2026-05-01 | Nora North | all | 4                   |                   |                     | 2
        year    | 2027-04-01 | all      | all   | 6                   |                   |                     | 1
        month   | 2026-05-01 | all      | all   | 7                   |                   |                     | 1
    """)  # fmt: skip


def test_an_owner_is_known_by_name_mail_and_id_and_the_name_of_the_deals_goes_first(example):
    """Of two spellings in the deals the first by letters; a team of the deals goes before that of a list of owners. What is a name is no mail of another."""
    example("core.plan_names", {
        "core.stages": "pipeline | stage\nSales | Lead\nSales | Demo\nSALES | Lead",
        "core.deals": "system | deal_id | owner | team\ncrm | 1 | Ana | North\ncrm | 2 | |\ncrm | 3 | '' | ''\ncrm | 4 | north | south\ncrm | 5 | Bo |",
        "staging.owners": """
            system | owner_id | owner_name | email         | team
            crm    | 7        | ANA        | ana@acme.test | NORTH
            crm    | 8        |            | new@acme.test |
            crm    | 9        | Zoe        | BO            | East
            crm    | ana      | Yan        | zoe           | West
            crm    | y@x.test | Carl       |               | West
            crm    | 10       | Dora       | Y@x.test      | East
        """,
    }, """
        kind     | alias         | name
        pipeline | sales         | SALES
        team     | north         | North
        team     | south         | south
        team     | east          | East
        team     | west          | West
        owner    | ana           | Ana
        owner    | north         | north
        owner    | bo            | Bo
        owner    | zoe           | Zoe
        owner    | yan           | Yan
        owner    | carl          | Carl
        owner    | dora          | Dora
        owner    | ana@acme.test | Ana
        owner    | new@acme.test | 8
        owner    | y@x.test      | Dora
        owner    | 7             | Ana
        owner    | 8             | 8
        owner    | 9             | Zoe
        owner    | 10            | Dora
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
