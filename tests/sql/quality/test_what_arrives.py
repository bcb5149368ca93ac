"""What arrives: sources that fall silent, files with far fewer rows than those before, columns that come empty."""

RUN = "started_at | as_of\n2026-06-10 12:00 |"
SURVEY = """
    file | path           | sha256 | status  | system     | object        | series         | dated      | modified
    1    | sf/2026-06.csv | a      | read    | salesforce | opportunities | sf/*.csv       | 2026-06-06 | 2026-06-09
    2    | sf/tasks.csv   | b      | read    | salesforce | tasks         | sf/tasks.csv   |            | 2026-06-09 12:00
    3    | hs.csv         | c      | read    | hubspot    | deals         | hs.csv         |            | 2026-06-10
    4    | targets.csv    | d      | read    | plans      | targets       | targets.csv    |            | 2026-01-01
    5    | odd.csv        | e      | unknown |            |               | odd.csv        |            | 2026-06-10
"""
FILLED = """
    file | column_name | filled | newest
    1    | deal_id     | 9      |
    1    | updated_at  | 9      | 2026-06-05
    1    | created_at  | 9      | 2026-06-01
    1    | close_on    | 9      | 2026-06-09
    3    | updated_at  | 0      |
"""


def silence(example, limits, expected, run=RUN, **more):
    given = {"rejects.survey": SURVEY, "rejects.filled": FILLED, "settings.run": run, "settings.silent_after": f"source | days\n{limits}"}
    example("quality.sources", given | more, expected)


def test_a_source_is_heard_of_by_its_newest_event_or_else_by_its_newest_file(example):
    silence(example, "", """
        system     | object        | files | newest_file_at   | newest_event_at | heard_at         | days_silent | limit_days | is_silent | says
        salesforce | opportunities | 1     | 2026-06-06       | 2026-06-05      | 2026-06-05       | 5.5         |            | false     |
        salesforce | tasks         | 1     | 2026-06-09 12:00 |                 | 2026-06-09 12:00 | 1           |            | false     |
        salesforce | all           | 2     | 2026-06-09 12:00 | 2026-06-05      | 2026-06-09 12:00 | 1           |            | false     |
        hubspot    | deals         | 1     | 2026-06-10       |                 | 2026-06-10       | 0.5         |            | false     |
        hubspot    | all           | 1     | 2026-06-10       |                 | 2026-06-10       | 0.5         |            | false     |
        plans      | targets       | 1     | 2026-01-01       |                 | 2026-01-01       | 160.5       |            | false     |
        plans      | all           | 1     | 2026-01-01       |                 | 2026-01-01       | 160.5       |            | false     |
    """)  # fmt: skip


def test_limits_are_of_a_kind_of_export_of_a_system_or_of_all_systems_that_have_none(example):
    silence(example, "* | 0.4\nsalesforce | 1\nsalesforce_opportunities | 5", """
        system     | object        | limit_days | is_silent | says
        salesforce | opportunities | 5          | true      | salesforce opportunities has sent nothing for 5 days
        salesforce | tasks         |            | false     |
        salesforce | all           | 1          | false     |
        hubspot    | deals         |            | false     |
        hubspot    | all           | 0.4        | true      | hubspot has sent nothing for 0 days
        plans      | targets       |            | false     |
        plans      | all           |            | false     |
    """)  # fmt: skip


def test_what_is_awaited_and_was_never_sent_is_silent(example):
    silence(example, "pardot | 2", """
        system     | object        | files | heard_at         | days_silent | is_silent | says
        salesforce | opportunities | 1     | 2026-06-05       | 5.5         | false     |
        salesforce | tasks         | 1     | 2026-06-09 12:00 | 1           | false     |
        salesforce | all           | 2     | 2026-06-09 12:00 | 1           | false     |
        hubspot    | deals         | 1     | 2026-06-10       | 0.5         | false     |
        hubspot    | all           | 1     | 2026-06-10       | 0.5         | false     |
        plans      | targets       | 1     | 2026-01-01       | 160.5       | false     |
        plans      | all           | 1     | 2026-01-01       | 160.5       | false     |
        pardot     | all           | 0     |                  |             | true      | pardot has sent nothing yet
    """)  # fmt: skip


def test_a_kind_of_export_that_has_gone_from_the_folder_is_remembered(example):
    previous = """
        system     | object        | newest_file_at | newest_event_at
        salesforce | opportunities | 2026-06-01     | 2026-06-01
        zoho       | deals         | 2026-06-08     | 2026-06-07
        zoho       | all           | 2026-06-08     | 2026-06-07
    """
    example("quality.sources", {
        "rejects.survey": "file | path | sha256 | status | system | object | series | modified\n1 | a | a | read | salesforce | opportunities | a | 2026-06-10",
        "settings.run": RUN, "settings.silent_after": "source | days\nzoho | 3", "previous.sources": previous,
    }, """
        system     | object        | files | heard_at   | is_silent | says
        salesforce | opportunities | 1     | 2026-06-10 | false     |
        salesforce | all           | 1     | 2026-06-10 | false     |
        zoho       | deals         | 0     | 2026-06-07 | false     |
        zoho       | all           | 0     | 2026-06-07 | true      | zoho has sent nothing for 3 days
    """)  # fmt: skip


def test_as_of_a_past_day_the_silence_is_that_of_then(example):
    example("quality.sources", {
        "rejects.survey": SURVEY, "rejects.filled": FILLED, "settings.run": "started_at | as_of\n2026-06-10 | 2026-06-07", "settings.silent_after": "source | days\nsalesforce | 1",
    }, """
        system     | object        | days_silent | is_silent
        salesforce | opportunities | 2           | false
        salesforce | tasks         | 0           | false
        salesforce | all           | 0           | false
        hubspot    | deals         | 0           | false
        hubspot    | all           | 0           | false
        plans      | targets       | 157         | false
        plans      | all           | 157         | false
    """)  # fmt: skip


def series(rows, status="read"):
    """Files of one series, a day apart: the survey and the accounts with these numbers of rows."""
    survey = "file | path | sha256 | status | system | object | series | dated | modified\n"
    survey += "\n".join(f"{n} | d{n}.csv | s{n} | {status} | crm | deals | d*.csv | 2026-06-{n:02} | 2026-07-01" for n in range(1, len(rows) + 1))
    accounts = "file | rows | kept | duplicates\n" + "\n".join(f"{n} | {r} | {r} | 0" for n, r in enumerate(rows, 1))
    return {"rejects.survey": survey, "rejects.accounts": accounts}


def findings(bench, rows, **more):
    """What is found of each delivery of a series."""
    made = bench.run(["quality.deliveries"], series(rows) | more)["quality.deliveries"]
    return [d["finding"] for d in sorted(made, key=lambda d: d["delivered_at"])]


def test_the_newest_file_is_held_against_those_before_it(example):
    example("quality.deliveries", series([100, 110, 90, 100, 20]), """
        path   | series | delivered_at | delivered_by | is_present | is_newest | rows | earlier_deliveries | usual_rows | ratio | finding
        d1.csv | d*.csv | 2026-06-01   | its name     | true       | false     | 100  | 0                  |            |       |
        d2.csv | d*.csv | 2026-06-02   | its name     | true       | false     | 110  | 1                  | 100        | 1.1   |
        d3.csv | d*.csv | 2026-06-03   | its name     | true       | false     | 90   | 2                  | 105        | 0.857143 |
        d4.csv | d*.csv | 2026-06-04   | its name     | true       | false     | 100  | 3                  | 100        | 1     |
        d5.csv | d*.csv | 2026-06-05   | its name     | true       | true      | 20   | 4                  | 100        | 0.2   | far fewer rows
    """)  # fmt: skip


def test_only_what_is_far_from_usual_is_found_and_only_with_four_before_it(bench):
    assert findings(bench, [100, 100, 100, 100, 21]) == [None] * 5
    assert findings(bench, [100, 100, 100, 100, 500]) == [None] * 4 + ["far more rows"]
    assert findings(bench, [100, 100, 100, 100, 499]) == [None] * 5
    assert findings(bench, [100, 100, 100, 1]) == [None] * 4
    assert findings(bench, [100, 100, 100, 100, 0]) == [None] * 4 + ["far fewer rows"]


def test_a_weekend_is_no_alarm_and_a_second_bad_night_is_one_still(bench):
    week = [100, 100, 100, 100, 100, 8, 8]
    assert findings(bench, week * 2 + [100] * 5 + [8])[-1] is None
    assert findings(bench, [100] * 10 + [3, 3])[-1] == "far fewer rows"


def test_a_file_that_is_overwritten_is_held_against_what_it_was(example):
    example("quality.deliveries", {
        "rejects.survey": "file | path | sha256 | status | system | object | series | modified\n1 | deals.csv | e | read | crm | deals | deals.csv | 2026-06-05",
        "rejects.accounts": "file | rows\n1 | 10",
        "previous.deliveries": """
            system | object | series    | path      | sha256 | delivered_at | delivered_by     | is_present | is_newest | rows
            crm    | deals  | deals.csv | deals.csv | a      | 2026-06-01   | its modification | false      | false     | 100
            crm    | deals  | deals.csv | deals.csv | b      | 2026-06-02   | its modification | false      | false     | 100
            crm    | deals  | deals.csv | deals.csv | c      | 2026-06-03   | its modification | false      | false     | 100
            crm    | deals  | deals.csv | deals.csv | d      | 2026-06-04   | its modification | true       | true      | 100
        """,
    }, """
        sha256 | delivered_at | delivered_by     | is_present | is_newest | rows | earlier_deliveries | ratio | finding
        a      | 2026-06-01   | its modification | false      | false     | 100  | 0                  |       |
        b      | 2026-06-02   | its modification | false      | false     | 100  | 1                  | 1     |
        c      | 2026-06-03   | its modification | false      | false     | 100  | 2                  | 1     |
        d      | 2026-06-04   | its modification | false      | false     | 100  | 3                  | 1     |
        e      | 2026-06-05   | its modification | true       | true      | 10   | 4                  | 0.1   | far fewer rows
    """)  # fmt: skip


def test_a_run_on_the_same_files_remembers_nothing_twice(bench):
    once = bench.run(["quality.deliveries"], series([5, 6, 7]))["quality.deliveries"]
    again = bench.run(["quality.deliveries"], series([5, 6, 7]) | {"previous.deliveries": once})["quality.deliveries"]
    assert sorted(map(str, again)) == sorted(map(str, once))


def columns(shares):
    """Deliveries of ten records each, and how many of them have a phone number and a name."""
    rows = "path | sha256 | system | object | series | delivered_at | is_present | is_newest\n"
    rows += "\n".join(f"d{n} | s{n} | crm | deals | d* | 2026-06-{n:02} | true | {str(n == len(shares)).lower()}" for n in range(1, len(shares) + 1))
    filled = "file | column_name | filled\n" + "\n".join(f"{n} | phone | {s}\n{n} | name | 10\n{n} | never | 0" for n, s in enumerate(shares, 1))
    given = series([10] * len(shares))
    survey = given["rejects.survey"].replace(".csv", "")
    return {"quality.deliveries": rows, "rejects.filled": filled, "rejects.survey": survey, "rejects.accounts": given["rejects.accounts"]}


def test_a_column_that_comes_empty_is_found(example):
    example("quality.delivered_columns", columns([6, 7, 5, 6, 0]), """
        path | column_name | records | filled | filled_rate | earlier_deliveries | usual_rate | is_emptied
        d1   | name        | 10      | 10     | 1           | 0                  |            | false
        d1   | phone       | 10      | 6      | 0.6         | 0                  |            | false
        d2   | name        | 10      | 10     | 1           | 1                  | 1          | false
        d2   | phone       | 10      | 7      | 0.7         | 1                  | 0.6        | false
        d3   | name        | 10      | 10     | 1           | 2                  | 1          | false
        d3   | phone       | 10      | 5      | 0.5         | 2                  | 0.65       | false
        d4   | name        | 10      | 10     | 1           | 3                  | 1          | false
        d4   | phone       | 10      | 6      | 0.6         | 3                  | 0.6        | false
        d5   | name        | 10      | 10     | 1           | 4                  | 1          | false
        d5   | phone       | 10      | 0      | 0           | 4                  | 0.6        | true
    """)  # fmt: skip


def test_a_column_that_was_half_empty_before_or_has_one_in_ten_is_not(bench):
    def emptied(shares):
        return [r["path"] for r in bench.run(["quality.delivered_columns"], columns(shares))["quality.delivered_columns"] if r["is_emptied"]]

    assert emptied([6, 6, 6, 6, 1]) == []
    assert emptied([4, 4, 4, 4, 0]) == []
    assert emptied([5, 5, 5, 5, 0]) == ["d5"]
    assert emptied([6, 6, 6, 0]) == []


def test_columns_of_deliveries_that_have_gone_come_from_the_run_before(example):
    example("quality.delivered_columns", {
        "quality.deliveries": """
            path | sha256 | system | object | series | delivered_at | is_present | is_newest
            d    | old    | crm    | deals  | d      | 2026-06-01   | false      | false
            d    | new    | crm    | deals  | d      | 2026-06-02   | true       | true
        """,
        "rejects.survey": "file | path | sha256\n1 | d | new", "rejects.accounts": "file | kept | duplicates\n1 | 3 | 1",
        "rejects.filled": "file | column_name | filled\n1 | phone | 2",
        "previous.delivered_columns": "path | sha256 | column_name | records | filled\nd | old | phone | 8 | 6\nd | new | phone | 4 | 2",
    }, """
        sha256 | column_name | records | filled | filled_rate | earlier_deliveries | usual_rate
        old    | phone       | 8       | 6      | 0.75        | 0                  |
        new    | phone       | 4       | 2      | 0.5         | 1                  | 0.75
    """)  # fmt: skip


def test_what_is_found_is_said_in_words(example):
    example("checks.silent_sources", {"quality.sources": "system | object | is_silent | says\ncrm | all | true | crm has sent nothing for 3 days\nhs | all | false |"}, "says\ncrm has sent nothing for 3 days")
    example("checks.unusual_deliveries", {"quality.deliveries": "path | rows | usual_rows | finding\nd.csv | 20 | 100.0 | far fewer rows\ne.csv | 1 | 1 |"}, "says\nd.csv has far fewer rows: 20 instead of about 100")
    example("checks.emptied_columns", {"quality.delivered_columns": "path | column_name | filled_rate | usual_rate | is_emptied\nd.csv | phone | 0.05 | 0.625 | true\nd.csv | name | 1 | 1 | false"}, "says\nd.csv: phone is filled in 5 % of the records, and was in 62 %")
