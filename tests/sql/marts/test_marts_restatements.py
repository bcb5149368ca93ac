"""What is said of a past figure that changed: which periods, why, and by which deals."""

import pytest

RUN = "started_at | as_of | as_of_on\n2024-06-02 | {0} | {0}"
BEFORE = "started_at | as_of | as_of_on\n2024-06-01 | 2024-05-15 | 2024-05-15"
OLD = "restated_at | metric_table | period | period_start | pipeline | metric | value_before | value_now | reason\n"


def health(*rows):
    return "\n".join(["period | period_start | pipeline | won | win_rate | velocity_per_day", *rows])


def given(before, now, as_of="2024-05-31", **more):
    tables = {"core.run": RUN.format(as_of), "core.last_run": BEFORE, "previous.pipeline_health": before, "marts.pipeline_health": now}
    return tables | {name.replace("__", "."): text for name, text in more.items()}


def test_only_periods_that_had_ended_at_both_and_only_what_is_not_noise(example):
    before = health(
        "month | 2024-04-01 | p | 1 | 0.5 | ", "month | 2024-05-01 | p | 1 | 0.5 | ", "quarter | 2024-01-01 | p | 1 | 0.5 | 3",
        "quarter | 2024-04-01 | p | 1 | 0.5 | ", "year | 2023-01-01 | p | 1 | | ", "year | 2024-01-01 | p | 1 | | ", "all | 2023-01-01 | p | 1 | | ",
        "month | 2024-04-20 | p | 1 | | ", "month | 2024-03-01 | z | 3 | | ", "quarter | 2023-10-01 | p | | | 0", "quarter | 2023-07-01 | p | | | 0",
        "quarter | 2023-04-01 | p | | | -2000000000",
    )  # fmt: skip
    now = health(
        "month | 2024-04-01 | p | 2 | 0.5 | ", "month | 2024-05-01 | p | 2 | 0.5 | ", "quarter | 2024-01-01 | p | 1 | 0.5000000000001 | ",
        "quarter | 2024-04-01 | p | 2 | 0.5 | ", "year | 2023-01-01 | p | 1 | 0.25 | ", "year | 2024-01-01 | p | 2 | | ", "all | 2023-01-01 | p | 2 | | ",
        "month | 2024-04-20 | p | 2 | | ", "quarter | 2023-10-01 | p | | | 0.0000000015", "quarter | 2023-07-01 | p | | | 0.000000001",
        "quarter | 2023-04-01 | p | | | -2000000001",
    )  # fmt: skip
    example("marts.restatements", given(before, now), """
        restated_at | period  | period_start | metric           | value_before | value_now | difference | deals_changed | previous_run_at | previous_as_of
        2024-06-02  | month   | 2024-04-01   | won              | 1            | 2         | 1          | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | quarter | 2024-01-01   | velocity_per_day | 3            |           |            | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | year    | 2023-01-01   | win_rate         |              | 0.25      |            | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | month   | 2024-03-01   | won              | 3            | 0         | -3         | 0             | 2024-06-01      | 2024-05-15
        2024-06-02  | quarter | 2023-10-01   | velocity_per_day | 0            | 0         | 0          | 0             | 2024-06-01      | 2024-05-15
    """)  # fmt: skip


def test_weeks_are_not_compared(example):
    """A deal that comes late changes its month, quarter and year: that it changes its week too says no more."""
    example("marts.restatements", given(health("week | 2024-04-01 | p | 1 | 0.5 | 1"), health("week | 2024-04-01 | p | 2 | 0.7 | 2")), "metric")


def test_a_pipeline_that_a_run_does_not_know_has_sums_of_nothing_and_no_rates(example):
    metrics = "deals_created | deals_in_pipeline | open_amount | won | lost | win_rate | won_amount | lost_amount | closed_without_amount | won_without_amount | win_rate_by_amount | average_deal_size | average_days_to_close | median_days_to_close | deals_without_cycle | velocity_per_day"
    only = f"period | period_start | pipeline | {metrics}\nmonth | 2024-04-01 | p" + " | 7" * 16
    example("marts.restatements", given(only, "period | period_start | pipeline"), """
        metric                | value_before | value_now
        deals_created         | 7            | 0
        deals_in_pipeline     | 7            | 0
        open_amount           | 7            | 0
        won                   | 7            | 0
        lost                  | 7            | 0
        win_rate              | 7            |
        won_amount            | 7            | 0
        lost_amount           | 7            | 0
        closed_without_amount | 7            | 0
        won_without_amount    | 7            | 0
        win_rate_by_amount    | 7            |
        average_deal_size     | 7            |
        average_days_to_close | 7            |
        median_days_to_close  | 7            |
        deals_without_cycle   | 7            | 0
        velocity_per_day      | 7            |
    """)  # fmt: skip


def test_the_first_run_says_nothing_and_what_was_said_stays(example):
    month = "month | 2024-04-01 | p | {} | |"
    tables = given(health(month.format(1)), health(month.format(2)))
    example("marts.restatements", {k: v for k, v in tables.items() if not k.startswith(("previous.", "core.last_run"))}, "metric | value_now")
    old = OLD + "2024-04-02 | pipeline_health | month | 2024-04-01 | p | won | 7 | 1 | Said before.\n2024-06-02 | pipeline_health | year | 2023-01-01 | p | won | 7 | 1 | Said by this run."
    example("marts.restatements", tables | {"previous.restatements": old}, """
        restated_at | metric | value_before | value_now | reason
        2024-04-02  | won    | 7            | 1         | Said before.
        2024-06-02  | won    | 1            | 2         | No deal stands otherwise: its recorded past does.
    """)  # fmt: skip


@pytest.mark.parametrize(
    "as_of, before, now, reason",
    [
        ("2024-05-01", "EUR", "EUR", "As of an earlier moment than the run before."),
        ("2024-05-31", "EUR", "USD", "Other settings: base currency was EUR and is USD."),
        ("2024-05-15", "EUR", "EUR", "No deal stands otherwise: its recorded past does."),
        ("2024-05-31", "E" * 41, "USD", "Other settings: base currency."),
        ("2024-05-01", "EUR", "USD", "Other settings: base currency was EUR and is USD. As of an earlier moment than the run before."),
    ],
)
def test_the_run_itself_may_be_the_reason(example, as_of, before, now, reason):
    month = "month | 2024-04-01 | p | {} | |"
    settings = "setting | value\nbase currency | {}\nholidays | {}"
    example("marts.restatements", given(
        health(month.format(1)), health(month.format(2)), as_of,
        core__run_settings=settings.format(now, "ES"), previous__run_settings=settings.format(before, "DE"),
    ), f"metric | reason\nwon | {reason}")  # fmt: skip


def test_only_settings_that_count_a_figure_are_named_and_their_values_where_they_are_short(example):
    month = "month | 2024-04-01 | p | {} | |"
    idle = ("holidays", "working hours", "unanswered days", "owner time zones", "answer limits", "automatic mails")
    before = {**dict.fromkeys(idle, "old"), "time zone": "UTC", "size bands": "a" * 20, "stages": "a" * 21, "base currency": "EUR", "test records": "x"}
    now = {**dict.fromkeys(idle, "new"), "time zone": "CET", "size bands": "b" * 20, "stages": "b" * 20, "base currency": "EUR", "exchange rates": "x"}
    drawn = ["setting | value\n" + "\n".join(f"{k} | {v}" for k, v in said.items()) for said in (now, before)]
    reason = f"Other settings: size bands was {'a' * 20} and is {'b' * 20}, stages, time zone was UTC and is CET."
    tables = given(health(month.format(1)), health(month.format(2)), core__run_settings=drawn[0], previous__run_settings=drawn[1])
    example("marts.restatements", tables, f"metric | reason\nwon | {reason}")


def test_each_figure_names_the_deals_by_which_what_it_counts_differs(example):
    """April: created, closed and standing in it, on its first and last day and on those beside; in pipeline q nothing changed but the figure."""
    counted = "deals_created | deals_in_pipeline | open_amount | won | lost | win_rate | won_amount | lost_amount | closed_without_amount | won_without_amount | win_rate_by_amount | average_deal_size | average_days_to_close | median_days_to_close | deals_without_cycle | velocity_per_day"
    said = f"period | period_start | pipeline | {counted}\nmonth | 2024-04-01 | all" + " | {0}" * 16 + "\nmonth | 2024-04-01 | q | | | | {0}" + " | " * 12
    example("marts.restatements", given(
        said.format(1), said.format(2),
        marts__deal_changes="""
            system | deal_id | change  | status_before | status_now | pipeline_before | pipeline_now | amount_before | amount_now | created_on_before | created_on_now | closed_on_before | closed_on_now | days_before | days_now | edits
            crm    | new     | new     |               | open       |                 | p            |               | 1          |                   | 2024-04-01     |                  |               |             |          | 1
            crm    | c2      | dates   | open          | open       | p               | p            | 1             | 1          | 2024-04-30        | 2024-05-01     |                  |               |             |          | 2
            a      | st      | status  | won           | lost       | p               | p            | 5             | 5          | 2024-03-31        | 2024-03-31     | 2024-04-30       | 2024-04-30    | 3           | 3        | 4
            crm    | am      | amount  | won           | won        | p               | p            | 1             | 2          | 2024-03-31        | 2024-03-31     | 2024-04-01       | 2024-04-01    | 3           | 3        | 8
            crm    | dy      | dates   | won           | won        | p               | p            | 1             | 1          | 2024-03-30        | 2024-03-31     | 2024-04-03       | 2024-04-03    | 3           | 4        | 16
            crm    | hi      | history | open          | open       | p               | p            | 5             | 5          | 2024-03-31        | 2024-03-31     |                  |               |             |          | 32
            crm    | sa      | amount  | open          | open       | p               | p            | 5             | 6          | 2024-03-31        | 2024-03-31     |                  |               |             |          | 64
            crm    | gn      | deleted | open          |            | p               |              | 5             |            | 2024-03-31        |                |                  |               |             |          | 128
            crm    | no      | amount  | open          | open       | p               | p            | 5             | 6          | 2024-03-31        | 2024-03-31     |                  |               |             |          | 256
            crm    | ou      | amount  | won           | won        | p               | p            | 5             | 6          | 2024-03-31        | 2024-03-31     | 2024-03-31       | 2024-03-31    |             |          | 256
            crm    | la      | amount  | won           | won        | p               | p            | 5             | 6          | 2024-03-31        | 2024-03-31     | 2024-05-01       | 2024-05-01    |             |          | 256
        """,
        previous__stage_visits="""
            system | deal_id | visit_number | pipeline | stage_kind | entered_on | left_on
            crm    | new     | 1            | p        | open       | 2024-04-01 |
            crm    | hi      | 1            | p        | open       | 2024-04-30 |
            crm    | sa      | 1            | p        | open       | 2024-04-02 | 2024-05-01
            crm    | no      | 1            | p        | open       | 2024-04-02 | 2024-04-30
            crm    | gn      | 1            | p        | open       | 2024-04-02 |
            crm    | dy      | 2            | p        | won        | 2024-04-02 |
        """,
        marts__stage_visits="""
            system | deal_id | visit_number | pipeline | stage_kind | entered_on | left_on
            crm    | new     | 1            | p        | open       | 2024-04-30 |
            crm    | hi      | 1            | p        | open       | 2024-05-01 |
            crm    | sa      | 1            | p        | open       | 2024-04-02 | 2024-05-01
            crm    | no      | 1            | p        | open       | 2024-04-02 | 2024-04-30
            crm    | gn      | 1            | p        | open       | 2024-04-02 |
            crm    | am      | 2            | p        | won        | 2024-04-02 |
        """,
    ), """
        pipeline | metric                | deals_changed | edits | deal_ids                                      | reason
        all      | deals_created         | 2             | 3     | crm:c2, crm:new                               | 1 deal is new, 1 deal has other dates.
        all      | deals_in_pipeline     | 3             | 161   | crm:gn, crm:hi, crm:new                       | 1 deal is new, 1 deal was deleted, 1 deal has another stage history.
        all      | open_amount           | 4             | 225   | crm:gn, crm:hi, crm:new, crm:sa               | 1 deal is new, 1 deal was deleted, 1 deal has another amount, 1 deal has another stage history.
        all      | won                   | 1             | 4     | a:st                                          | 1 deal has another status.
        all      | lost                  | 1             | 4     | a:st                                          | 1 deal has another status.
        all      | win_rate              | 1             | 4     | a:st                                          | 1 deal has another status.
        all      | won_amount            | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | lost_amount           | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | closed_without_amount | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | won_without_amount    | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | win_rate_by_amount    | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | average_deal_size     | 2             | 12    | a:st, crm:am                                  | 1 deal has another status, 1 deal has another amount.
        all      | average_days_to_close | 2             | 20    | a:st, crm:dy                                  | 1 deal has another status, 1 deal has other dates.
        all      | median_days_to_close  | 2             | 20    | a:st, crm:dy                                  | 1 deal has another status, 1 deal has other dates.
        all      | deals_without_cycle   | 2             | 20    | a:st, crm:dy                                  | 1 deal has another status, 1 deal has other dates.
        all      | velocity_per_day      | 6             | 189   | a:st, crm:am, crm:dy, crm:gn, crm:hi, crm:new | 1 deal is new, 1 deal was deleted, 1 deal has another status, 1 deal has other dates, 1 deal has another amount, 1 deal has another stage history.
        q        | won                   | 0             | 0     |                                               | No deal stands otherwise: its recorded past does.
    """)  # fmt: skip


def test_of_many_deals_and_files_the_first_are_named(example):
    numbers = [f"{n:02}" for n in range(1, 22)]
    created = "period | period_start | pipeline | deals_created\nmonth | 2024-04-01 | all | {}"
    changes = "system | deal_id | change | status_now | pipeline_now | created_on_now | edits\n" + "\n".join(f"crm | {n} | new | open | p | 2024-04-05 | 1" for n in numbers)
    fresh, lost = ("path | status | sha256\n" + "\n".join(f"{name}{n}.csv | read | {name}{n}" for n in reversed(numbers[:11])) + f"\n{name}.txt | unknown | {name}x" for name in "fg")
    names = {name: ", ".join(f"{name}{n}.csv" for n in numbers[:10]) for name in "fg"}
    example("marts.restatements", given(
        created.format(1), created.format(22), marts__deal_changes=changes, rejects__survey=fresh, previous__files=lost,
    ), f"""
        metric        | deals_changed | edits | deal_ids | files | files_gone | reason
        deals_created | 21 | 21 | {", ".join(f"crm:{n}" for n in numbers[:20])} | {names["f"]} | {names["g"]} | 21 deals are new.
    """)  # fmt: skip


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
    columns = "system | deal_id | pipeline | status | amount | amount_original | currency | created_on | closed_on | days_to_close"
    example("marts.deal_changes", {
        "core.last_run": BEFORE, "core.as_of": "one | as_of\n1 | 2024-05-31",
        "previous.deals": f"""{columns}
            crm | same     | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | gone     | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | deleted  | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | pipeline | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | status   | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | dates    | p | won  | 1 | 1 | EUR | 2024-01-01 | 2024-02-01 | 9
            crm | rate     | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | amount   | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | history  | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | back     | p | test | 1 | 1 | EUR | 2024-01-01 |  |
            crm | reopened | p | lost | 1 | 1 | EUR | 2024-01-01 | 2024-02-01 | 9
            crm | lost     | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | born     | p | open | 1 | 2 | USD | 2024-01-01 |  |
            crm | days     | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | currency | p | won  | 1 | 2 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | left     | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | fewer    | p | open | 1 | 1 | EUR | 2024-01-01 |  |
            crm | more     | p | open | 1 | 1 | EUR | 2024-01-01 |  |
        """,
        "marts.deals": f"""{columns}
            crm | same     | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | deleted  | p | deleted | 1   | 1 | EUR | 2024-01-01 |  |
            crm | pipeline | q | won     | 2   | 2 | EUR | 2024-01-01 | 2024-05-20 | 9
            crm | status   | p | won     | 2   | 2 | EUR | 2024-01-01 | 2024-05-20 | 9
            crm | dates    | p | won     | 2   | 2 | EUR | 2024-01-01 | 2024-02-02 | 9
            crm | rate     | p | won     | 1.5 | 2 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | amount   | p | won     | 1.5 | 3 | USD | 2024-01-01 | 2024-02-01 | 9
            crm | history  | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | back     | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | new      | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | reopened | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | lost     | p | lost    | 1   | 1 | EUR | 2024-01-01 | 2024-02-01 | 9
            crm | never    | p | test    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | born     | p | open    | 1.5 | 2 | USD | 2024-01-02 |  |
            crm | days     | p | won     | 1.5 | 2 | USD | 2024-01-01 | 2024-02-01 | 8
            crm | currency | p | won     | 1.5 | 2 | GBP | 2024-01-01 | 2024-02-01 | 9
            crm | left     | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | fewer    | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
            crm | more     | p | open    | 1   | 1 | EUR | 2024-01-01 |  |
        """,
        "previous.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | entered_at | left_at
            crm    | same    | 1            | p        | Lead  | 2024-01-01 |
            crm    | history | 1            | p        | Lead  | 2024-01-01 |
            crm    | left    | 1            | p        | Lead  | 2024-01-01 | 2024-04-30
            crm    | fewer   | 1            | p        | Lead  | 2024-01-01 |
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | entered_at | left_at
            crm    | same    | 1            | p        | Lead  | 2024-01-01 |
            crm    | history | 1            | p        | Lead  | 2024-01-01 | 2024-05-01
            crm    | history | 2            | p        | Demo  | 2024-05-01 |
            crm    | new     | 1            | p        | Lead  | 2024-01-01 |
            crm    | left    | 1            | p        | Lead  | 2024-01-01 | 2024-04-29
            crm    | more    | 1            | p        | Lead  | 2024-01-01 |
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
        reopened | status   | 1             | 1          | 0
        lost     | status   | 1             | 1          | 0
        born     | dates    | 1             | 1.5        | 0
        days     | dates    | 1             | 1.5        | 0
        currency | amount   | 1             | 1.5        | 0
        left     | history  | 1             | 1          | 0
        fewer    | history  | 1             | 1          | 0
        more     | history  | 1             | 1          | 1
    """)  # fmt: skip


def test_in_a_first_run_no_deal_has_changed(example):
    example("marts.deal_changes", {"core.as_of": "one | as_of\n1 | 2024-05-31", "marts.deals": "system | deal_id | status\ncrm | 1 | open"}, "deal_id | change")
