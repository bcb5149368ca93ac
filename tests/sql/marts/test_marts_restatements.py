"""What is said of a past figure that changed: which periods, why, and by which deals."""

import pytest

RUN = "started_at | as_of | as_of_on\n2024-06-02 | {0} | {0}"
BEFORE = "started_at | as_of | as_of_on\n2024-05-01 | 2024-04-01 | 2024-04-01\n2024-06-01 | 2024-05-15 | 2024-05-15"
OLD = "restated_at | metric_table | period | period_start | pipeline | metric | value_before | value_now | reason\n"


def health(*rows):
    return "\n".join(["period | period_start | pipeline | won | win_rate | velocity_per_day", *rows])


def given(before, now, as_of="2024-05-31", **more):
    tables = {"core.run": RUN.format(as_of), "previous.runs": BEFORE, "previous.pipeline_health": before, "marts.pipeline_health": now}
    return tables | {name.replace("__", "."): text for name, text in more.items()}


def test_only_periods_that_had_ended_at_both_and_only_what_is_not_noise(example):
    before = health(
        "month | 2024-04-01 | p | 1 | 0.5 | ", "month | 2024-05-01 | p | 1 | 0.5 | ", "quarter | 2024-01-01 | p | 1 | 0.5 | 3",
        "quarter | 2024-04-01 | p | 1 | 0.5 | ", "year | 2023-01-01 | p | 1 | | ", "year | 2024-01-01 | p | 1 | | ", "all | 2023-01-01 | p | 1 | | ",
    )  # fmt: skip
    now = health(
        "month | 2024-04-01 | p | 2 | 0.5 | ", "month | 2024-05-01 | p | 2 | 0.5 | ", "quarter | 2024-01-01 | p | 1 | 0.5000000000001 | ",
        "quarter | 2024-04-01 | p | 2 | 0.5 | ", "year | 2023-01-01 | p | 1 | 0.25 | ", "year | 2024-01-01 | p | 2 | | ", "all | 2023-01-01 | p | 2 | | ",
    )  # fmt: skip
    example("marts.restatements", given(before, now), """
        restated_at | period  | period_start | metric           | value_before | value_now | difference | deals_changed | previous_run_at | previous_as_of
        2024-06-02  | month   | 2024-04-01   | won              | 1            | 2         | 1          | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | quarter | 2024-01-01   | velocity_per_day | 3            |           |            | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | year    | 2023-01-01   | win_rate         |              | 0.25      |            | 0             | 2024-06-01      | 2024-05-15
    """)  # fmt: skip


def test_the_first_run_says_nothing_and_what_was_said_stays(example):
    month = "month | 2024-04-01 | p | {} | |"
    tables = given(health(month.format(1)), health(month.format(2)))
    example("marts.restatements", {k: v for k, v in tables.items() if not k.startswith("previous.")}, "metric | value_now")
    old = OLD + "2024-04-02 | pipeline_health | month | 2024-04-01 | p | won | 7 | 1 | Said before."
    example("marts.restatements", tables | {"previous.restatements": old}, """
        restated_at | metric | value_before | value_now | reason
        2024-04-02  | won    | 7            | 1         | Said before.
        2024-06-02  | won    | 1            | 2         | No deal stands otherwise: its recorded past does.
    """)  # fmt: skip


@pytest.mark.parametrize(
    "as_of, before, now, reason",
    [
        ("2024-05-10", "EUR", "EUR", "As of an earlier moment than the run before."),
        ("2024-05-31", "EUR", "USD", "Other settings: base currency was EUR and is USD."),
        ("2024-05-31", "E" * 41, "USD", "Other settings: base currency."),
        ("2024-05-10", "EUR", "USD", "Other settings: base currency was EUR and is USD. As of an earlier moment than the run before."),
    ],
)
def test_the_run_itself_may_be_the_reason(example, as_of, before, now, reason):
    month = "month | 2024-04-01 | p | {} | |"
    settings = "setting | value\nbase currency | {}\nholidays | {}"
    example("marts.restatements", given(
        health(month.format(1)), health(month.format(2)), as_of,
        core__run_settings=settings.format(now, "ES"), previous__run_settings=settings.format(before, "DE"),
    ), f"metric | reason\nwon | {reason}")  # fmt: skip


def test_the_deals_that_did_it_and_the_files(example):
    """Of a new, a moved and a renamed pipeline; a deal that only became dearer has won nothing more."""
    month = "month | 2024-04-01 | {} | {} | |"
    example("marts.restatements", given(
        health(month.format("p", 3), month.format("all", 3)), health(month.format("p", 2), month.format("q", 1), month.format("all", 3)),
        marts__deal_changes="""
            system | deal_id | change   | status_before | status_now | pipeline_before | pipeline_now | amount_before | amount_now | closed_on_before | closed_on_now | edits
            crm    | moved   | pipeline | won           | won        | p               | q            | 1             | 1          | 2024-04-30       | 2024-04-30    | 2
            crm    | new     | new      |               | won        |                 | p            |               | 1          |                  | 2024-04-01    | 3
            crm    | gone    | deleted  | won           |            | p               |              | 1             |            | 2024-04-01       |               | 0
            crm    | late    | dates    | won           | won        | p               | p            | 1             | 1          | 2024-04-30       | 2024-05-01    | 1
            crm    | dearer  | amount   | won           | won        | p               | p            | 1             | 2          | 2024-04-02       | 2024-04-02    | 9
            crm    | before  | new      |               | won        |                 | p            |               | 1          |                  | 2024-03-31    | 9
        """,
        rejects__survey="path | status | sha256\nb.csv | read | new2\na.csv | read | new1\nc.csv | read | same\nd.txt | unknown | new3",
        previous__files="path | status | sha256\nold.csv | read | same\nz.csv | read | lost",
    ), """
        pipeline | metric | value_before | value_now | deals_changed | deal_ids                               | edits | files        | files_gone | reason
        p        | won    | 3            | 2         | 4             | crm:gone, crm:late, crm:moved, crm:new | 6     | a.csv, b.csv | z.csv      | 1 deal is new, 1 deal was deleted, 1 deal stands in another pipeline, 1 deal has other dates.
        q        | won    | 0            | 1         | 1             | crm:moved                              | 2     | a.csv, b.csv | z.csv      | 1 deal stands in another pipeline.
    """)  # fmt: skip


def test_what_changed_of_a_deal_is_the_first_that_holds(example):
    columns = "system | deal_id | pipeline | status | amount | amount_original | currency | created_on | closed_on"
    example("marts.deal_changes", {
        "previous.runs": BEFORE, "core.as_of": "one | as_of\n1 | 2024-05-31",
        "previous.deals": f"""{columns}
            crm | same     | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | gone     | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | deleted  | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | pipeline | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | status   | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | dates    | p | won  | 1 | 1 | EUR | 2024-01-01 | 2024-02-01
            crm | rate     | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01
            crm | amount   | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01
            crm | history  | p | open | 1 | 1 | EUR | 2024-01-01 |
            crm | back     | p | test | 1 | 1 | EUR | 2024-01-01 |
        """,
        "marts.deals": f"""{columns}
            crm | same     | p | open    | 1   | 1 | EUR | 2024-01-01 |
            crm | deleted  | p | deleted | 1   | 1 | EUR | 2024-01-01 |
            crm | pipeline | q | won     | 2   | 2 | EUR | 2024-01-01 | 2024-05-20
            crm | status   | p | won     | 2   | 2 | EUR | 2024-01-01 | 2024-05-20
            crm | dates    | p | won     | 2   | 2 | EUR | 2024-01-01 | 2024-02-02
            crm | rate     | p | won     | 1.5 | 2 | USD | 2024-01-01 | 2024-02-01
            crm | amount   | p | won     | 1.5 | 3 | USD | 2024-01-01 | 2024-02-01
            crm | history  | p | open    | 1   | 1 | EUR | 2024-01-01 |
            crm | back     | p | open    | 1   | 1 | EUR | 2024-01-01 |
            crm | new      | p | open    | 1   | 1 | EUR | 2024-01-01 |
        """,
        "previous.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | entered_at
            crm    | same    | 1            | p        | Lead  | 2024-01-01
            crm    | history | 1            | p        | Lead  | 2024-01-01
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | entered_at | left_at
            crm    | same    | 1            | p        | Lead  | 2024-01-01 |
            crm    | history | 1            | p        | Lead  | 2024-01-01 | 2024-05-01
            crm    | history | 2            | p        | Demo  | 2024-05-01 |
            crm    | new     | 1            | p        | Lead  | 2024-01-01 |
        """,
        "staging.deal_edits": """
            system | deal_id | field    | changed_at
            crm    | amount  | amount   | 2024-05-15
            crm    | amount  | close_on | 2024-05-16
            crm    | amount  | owner    | 2024-05-31
            crm    | amount  | currency | 2024-06-01
        """,
    }, """
        deal_id  | change   | amount_before | amount_now | edits
        gone     | absent   | 1             |            | 0
        deleted  | deleted  | 1             |            | 0
        pipeline | pipeline | 1             | 2          | 0
        status   | status   | 1             | 2          | 0
        dates    | dates    | 1             | 2          | 0
        rate     | rate     | 1             | 1.5        | 0
        amount   | amount   | 1             | 1.5        | 2
        history  | history  | 1             | 1          | 1
        back     | new      |               | 1          | 0
        new      | new      |               | 1          | 1
    """)  # fmt: skip
