"""The demo company: its exports read by Python's csv module, and the laws its truth has to obey."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from assets.demo import tables_of, write_demo
from assets.demo.company import AS_OF, LADDERS, LOST, RETIRED, RETIRED_AT, WON, simulate
from assets.demo.salesforce_records import suffix
from assets.demo.truth import kaplan_meier, survival_quantile
from assets.demo.truth.statistics import survival_quantiles

OPPORTUNITIES, ARCHIVE = "salesforce/Opportunity.csv", "salesforce/archive/Opportunity_2026-05.csv"
HISTORY, DEALS = "salesforce/OpportunityHistory.csv", "hubspot/hubspot-crm-exports-all-deals.csv"
CONTACTS, ACTIVITIES = "hubspot/todos-los-contactos.csv", "hubspot/activities.csv"
ENCODINGS = {OPPORTUNITIES: "utf-8-sig", CONTACTS: "cp1252"}
NO_EXPORTS = {"notes/README.txt", "notes/parking.csv"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the small company, and what writing it returned."""
    folder = tmp_path_factory.mktemp("company")
    return folder, write_demo(folder)


@pytest.fixture(scope="module")
def truth(home):
    """The truth as it was returned."""
    return home[1]


@pytest.fixture(scope="module")
def records(home):
    """`records(path)`: the headings and the records of a file, also the broken ones."""

    def read(path):
        delimiter = ";" if path == CONTACTS else ","
        with (home[0] / "exports" / path).open(encoding=ENCODINGS.get(path, "utf-8"), newline="") as stream:
            headings, *rows = csv.reader(stream, delimiter=delimiter)
        return headings, rows

    return read


@pytest.fixture(scope="module")
def whole(records):
    """`whole(path)`: the records that have as many fields as headings, as dicts."""

    def read(path):
        headings, rows = records(path)
        return [dict(zip(headings, row, strict=True)) for row in rows if len(row) == len(headings)]

    return read


@pytest.fixture(scope="module")
def company():
    """The ledger of the small company."""
    return simulate("small", 7)


def day_of(text):
    return datetime.strptime(text[:16].replace("T", " "), "%Y-%m-%d %H:%M")


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_seed_gives_the_same_bytes(home, tmp_path):
    write_demo(tmp_path / "again")
    write_demo(tmp_path / "other", seed=8)
    assert contents(tmp_path / "again") == contents(home[0])
    assert contents(tmp_path / "other") != contents(home[0])


def test_truth_json_says_what_was_returned(home, truth):
    document = json.loads((home[0] / "truth.json").read_text(encoding="utf-8"))
    assert document["as_of"] == "2026-06-30T18:00:00"
    assert set(truth) - set(document) == {"core.stage_events", "marts.stage_visits", "marts.waterfall_deals"}
    for table in ("marts.deals", "marts.stage_snapshot", "marts.pipeline_health", "marts.stage_conversion", "files"):
        assert len(document[table]) == len(truth[table]) > 0
    deal = document["marts.deals"][0]
    assert deal["amount"] == str(truth["marts.deals"][0]["amount"])
    assert {"system", "deal_id", "pipeline", "stage", "status", "created_at", "closed_at", "days_to_close"} <= set(deal)
    days = sorted({row["day"] for row in document["marts.stage_daily"]})
    assert days[0] == "2024-02-01" and days[-1] == "2026-06-30"
    assert all(day.endswith("-01") for day in days[:-1]) and len(days) == 30


def test_listed_days_say_what_all_days_say(truth):
    days = {date(2023, 12, 1), date(2024, 2, 1), date(2025, 12, 1), date(2026, 6, 30)}
    listed = tables_of(simulate("small", 7), days)["marts.stage_daily"]
    assert listed == [row for row in truth["marts.stage_daily"] if row["day"] in days]
    assert {row["day"] for row in listed} == days - {date(2023, 12, 1)}


def test_every_file_has_its_line_in_the_truth(home, truth):
    written = {p.relative_to(home[0] / "exports").as_posix() for p in (home[0] / "exports").rglob("*") if p.is_file()}
    assert {f["path"] for f in truth["files"]} == written - NO_EXPORTS
    assert written >= NO_EXPORTS


def test_rows_are_what_a_csv_reader_counts(truth, records):
    for file in truth["files"]:
        assert len(records(file["path"])[1]) == file["rows"], file["path"]


def test_rows_are_kept_rejected_or_duplicates(truth):
    for file in truth["files"]:
        assert file["rows"] == file["kept"] + file["rejected"] + file["duplicates"], file["path"]
    total = Counter()
    for file in truth["files"]:
        total.update({c: file[c] for c in ("rejected", "duplicates", "unreadable_values")})
    assert total["rejected"] >= 10 and total["duplicates"] >= 50 and total["unreadable_values"] >= 3


@pytest.mark.parametrize(
    "path, key", [(OPPORTUNITIES, "Id"), (DEALS, "Record ID"), (CONTACTS, "ID de registro"), (HISTORY, "Id")]
)
def test_ids_that_repeat_are_the_duplicates(truth, whole, path, key):
    known = next(f for f in truth["files"] if f["path"] == path)
    counted = Counter(row[key] for row in whole(path) if row[key])
    assert counted.total() - len(counted) == known["duplicates"]


def test_the_newest_copy_wins(truth, whole):
    deals = {d["deal_id"]: d for d in truth["marts.deals"] if d["system"] == "salesforce"}
    newest = {}
    for row in [*whole(OPPORTUNITIES), *whole(ARCHIVE)]:
        known = newest.get(row["Id"])
        if row["Id"] in deals and (known is None or row["LastModifiedDate"] > known["LastModifiedDate"]):
            newest[row["Id"]] = row
    assert newest.keys() == deals.keys()
    for identity, row in newest.items():
        deal = deals[identity]
        assert row["StageName"] == deal["stage"] and row["IsDeleted"] == "false"
        assert row["Amount"] == ("" if deal["amount"] is None else str(deal["amount"]))
    assert {row["Id"] for row in whole(ARCHIVE)} <= {row["Id"] for row in whole(OPPORTUNITIES)}


def test_rejected_deals_are_in_no_truth(truth, whole):
    known = {d["deal_id"] for d in truth["marts.deals"]}
    salesforce = {r["Id"] for r in whole(OPPORTUNITIES) if r["CreatedDate"] == "yesterday" or not r["StageName"]}
    hubspot = {r["Record ID"] for r in whole(DEALS) if r["Create Date"] == "soon" or not r["Deal Stage"]}
    assert len(salesforce) == len(hubspot) == 2 and not known & (salesforce | hubspot)
    assert not {row["OpportunityId"] for row in whole(HISTORY)} & salesforce


def test_deleted_and_merged_deals_are_in_no_metric(company, truth, whole):
    deleted = {row["Id"] for row in whole(OPPORTUNITIES) if row["IsDeleted"] == "true"}
    merged = {i for row in whole(DEALS) for i in row["Merged Deal IDs"].split(";") if i}
    assert deleted and len(merged) == 3
    known = {d["deal_id"] for d in truth["marts.deals"]}
    assert not known & (deleted | merged)
    assert len(known) == len(company.deals) - len(deleted) - len(merged)


def test_lines_have_the_flaws_of_real_exports(home, records):
    exports = home[0] / "exports"
    assert (exports / OPPORTUNITIES).read_bytes().startswith(b"\xef\xbb\xbf\"Id\"")
    assert (exports / HISTORY).read_bytes().count(b"\r\n") == len(records(HISTORY)[1]) + 1
    for path, longer in ((OPPORTUNITIES, False), (HISTORY, False), (DEALS, False), (ACTIVITIES, True)):
        headings, rows = records(path)
        broken = [row for row in rows if len(row) != len(headings)]
        assert len(broken) == 1 and (len(broken[0]) > len(headings)) == longer
    for path in (OPPORTUNITIES, ACTIVITIES):
        assert any("\n" in value for row in records(path)[1] for value in row)
    names = {value for row in records(OPPORTUNITIES)[1] for value in row[3:4]}
    for part in ("Müller & Söhne", ", GmbH", "O'Brien", "東京商事", '"West"', "Ampliación"):
        assert any(part in name for name in names), part


def test_hubspot_amounts_are_typed_in_many_ways(truth, whole):
    amounts = {d["deal_id"]: d["amount"] for d in truth["marts.deals"] if d["system"] == "hubspot"}
    ways = defaultdict(int)
    for row in whole(DEALS):
        text = row["Amount"]
        if text == "1" or row["Record ID"] not in amounts:
            continue
        if text in ("", "n/a", "-", "12,34,5x"):
            ways[text] += 1
            assert amounts[row["Record ID"]] is None
            continue
        way = "$" if text.startswith("$") else "k" if text.endswith("k") else "," if "," in text else "plain"
        ways[way] += 1
        number = Decimal(text.strip("$k").replace(",", "")) * (1000 if way == "k" else 1)
        assert number == amounts[row["Record ID"]]
    assert ways.keys() == {"", "n/a", "-", "12,34,5x", "$", "k", ",", "plain"}


def test_addresses_are_shouted_and_padded(whole):
    emails = [row["Email"] for row in whole("salesforce/Contact.csv")]
    assert any(e != e.strip() and e.isascii() and e.upper() == e for e in emails)
    assert any(e == e.lower() for e in emails)


def test_spanish_contacts_name_the_day_first(whole):
    created = [row["Fecha de creación"] for row in whole(CONTACTS)]
    assert all(datetime.strptime(text, "%d/%m/%Y %H:%M") <= AS_OF for text in created)
    assert any(int(text[:2]) > 12 for text in created)


@pytest.mark.parametrize(
    "known", ["006Ec00000AieKFIAZ", "001Ec00000GGw3iIAD", "005Ec000004oBPNIA2", "701Ec00000GJDl7IAH"]
)
def test_the_suffix_of_a_real_id(known):
    assert suffix(known[:15]) == known[15:]


def test_the_suffix_of_an_id_without_and_with_capitals():
    assert suffix("006000000000000") == "AAA"
    assert suffix("006000000263E0A") == "AAU"
    assert suffix("AAAAAAAAAAAAAAA") == "555"


def test_salesforce_ids_have_prefix_and_suffix(whole):
    prefixes = {
        "Opportunity": "006", "Account": "001", "Contact": "003", "Lead": "00Q", "Campaign": "701", "User": "005",
        "Task": "00T", "Event": "00U",
    }  # fmt: skip
    for name, prefix in prefixes.items():
        ids = [row["Id"] for row in whole(f"salesforce/{name}.csv") if row["Id"]]
        assert all(i.startswith(prefix) and len(i) == 18 and i[15:] == suffix(i[:15]) for i in ids)
    users = {row["Id"] for row in whole("salesforce/User.csv")}
    assert {row["OwnerId"] for row in whole(OPPORTUNITIES)} <= users


def test_nothing_happens_after_as_of_and_one_touch_happens_then(whole):
    touches = [row["occurred_at"] for row in whole("marketing/touches.csv") if row["touch_id"][:3] != "bad"]
    assert sorted(touches)[-2] < sorted(touches)[-1] == "2026-06-30T18:00:00Z"
    columns = {
        OPPORTUNITIES: ["CreatedDate", "LastModifiedDate", "SystemModstamp", "LastStageChangeDate"],
        HISTORY: ["CreatedDate", "SystemModstamp"],
        "salesforce/Task.csv": ["CreatedDate", "SystemModstamp", "CompletedDateTime"],
        "salesforce/Event.csv": ["CreatedDate", "SystemModstamp", "StartDateTime"],
        "salesforce/Contact.csv": ["CreatedDate", "SystemModstamp"],
        "salesforce/Lead.csv": ["CreatedDate", "SystemModstamp"],
        "salesforce/CampaignMember.csv": ["CreatedDate", "SystemModstamp"],
        DEALS: ["Create Date", "Last Modified Date"],
        ACTIVITIES: ["Activity date"],
    }
    for path, names in columns.items():
        moments = [row[name] for row in whole(path) for name in names if row[name][:2] == "20"]
        assert moments and max(map(day_of, moments)) < AS_OF, path


def test_closed_deals_have_the_day_they_closed_and_open_ones_a_day_to_come(company):
    for deal in company.deals:
        assert deal.close_on == deal.moves[-1][1].date() if deal.is_closed else deal.close_on > AS_OF.date()


def test_salesforce_history_begins_at_creation_and_repeats_stages(whole):
    created = {row["Id"]: row["CreatedDate"] for row in whole(OPPORTUNITIES)}
    lives = defaultdict(list)
    for row in whole(HISTORY):
        lives[row["OpportunityId"]].append((row["CreatedDate"], row["StageName"]))
    assert all(life == sorted(life, key=lambda step: step[0]) for life in lives.values())
    assert all(life[0][0] == created[identity] for identity, life in lives.items())
    assert any(a[1] == b[1] for life in lives.values() for a, b in pairwise(life))


def test_salesforce_deals_go_back_skip_reopen_and_move_twice_at_once(company):
    ladder = LADDERS["salesforce", "default"]
    seen = Counter()
    for deal in company.deals:
        for (stage, at), (following, then) in pairwise(deal.moves):
            assert then >= at
            if {stage, following} <= {*ladder}:
                step = ladder.index(following) - ladder.index(stage)
                seen.update({"back": step < 0, "skip": step > 1, "at once": then == at and step > 0})
                assert then > at or step > 0
            seen["reopened"] += stage == LOST
        stages = [stage for stage, _ in deal.moves]
        seen["re-entered"] += len(set(stages)) < len(stages)
        seen["won after all"] += LOST in stages and deal.stage == WON
        assert all(at < RETIRED_AT for stage, at in deal.moves if stage == RETIRED) and deal.stage != RETIRED
        if deal.system == "hubspot":
            assert len(set(stages)) == len(stages) and LOST not in stages[:-1]
    assert all(seen[what] for what in ("back", "skip", "at once", "reopened", "re-entered", "won after all"))


def test_hubspot_dates_of_entry_begin_near_the_creation(truth, whole):
    imported = {e["deal_id"] for e in truth["core.stage_events"] if e["evidence"] == "first stage, assumed"}
    assert len(imported) == 4
    for row in whole(DEALS):
        if row["Record ID"] in ("", "1", "2"):
            continue
        pipeline = row["Pipeline"]
        first = row[f'Date entered "{LADDERS["hubspot", pipeline][0]} ({pipeline})"']
        assert (first == "") == (row["Record ID"] in imported)
        if first:
            assert abs(day_of(first) - day_of(row["Create Date"])) <= timedelta(hours=6)
    for deal in truth["marts.deals"]:
        if deal["deal_id"] in imported:
            assert deal["days_to_close"] is None and deal["closed_at"] < deal["created_at"]
        elif deal["status"] != "open":
            assert deal["days_to_close"] > 0


def test_the_company_is_a_plausible_one(truth):
    deals = truth["marts.deals"]
    status = Counter(d["status"] for d in deals)
    assert 0.55 <= status["lost"] / (status["won"] + status["lost"]) <= 0.65
    assert 0.03 <= sum(d["amount"] is None for d in deals) / len(deals) <= 0.09
    cents = [d["amount"] for d in deals if d["amount"] is not None]
    assert all(a == a.quantize(Decimal("0.01")) > 0 for a in cents) and any(a % 1 for a in cents)
    for pipeline, slowest in (("default", "Proposal/Price Quote"), ("Sales Pipeline", "Proposal")):
        days = {r["stage"]: r["median_days"] for r in truth["marts.stage_duration"] if r["pipeline"] == pipeline}
        assert days.pop(slowest) > 1.5 * max(days.values())


def test_what_entered_a_stage_went_somewhere(truth):
    for row in truth["marts.stage_conversion"]:
        ways = ("advanced", "lost", "moved_back", "handed_off", "still_there")
        assert row["entered"] == sum(row[way] for way in ways)
        assert row["deals_skipped"] == row["deals_reached"] - row["deals_entered"] >= 0


def test_open_today_is_open_yesterday_and_what_came_and_went(truth):
    rows = {(r["day"], r["pipeline"], r["stage"]): r for r in truth["marts.stage_daily"]}
    for (day, pipeline, stage), row in rows.items():
        before = rows.get((day - timedelta(days=1), pipeline, stage))
        assert row["open_deals"] == (before["open_deals"] if before else 0) + row["entered"] - row["left"]


def test_the_last_day_is_the_snapshot(truth):
    last = [r for r in truth["marts.stage_daily"] if r["day"] == AS_OF.date()]
    columns = ("pipeline", "stage", "open_deals", "open_amount")
    snapshot = {tuple(r[c] for c in columns) for r in truth["marts.stage_snapshot"]}
    assert {tuple(r[c] for c in columns) for r in last} == snapshot


def test_periods_add_up(truth):
    rows = [r for r in truth["marts.pipeline_health"] if r["pipeline"] == "all"]
    whole = next(r for r in rows if r["period"] == "all")
    for period in ("week", "month", "quarter", "year"):
        for column in ("deals_created", "won", "lost", "won_amount", "lost_amount", "deals_without_cycle"):
            assert sum(r[column] for r in rows if r["period"] == period) == whole[column]


def test_survival_quantiles_are_those_of_the_curve():
    levels = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10))
    for spells in (
        [], [(3, False)], [(1, True)], [(2, True), (1, False), (2, True), (5, True)],
        [(n % 7, n % 3 > 0) for n in range(40)], [(n, True) for n in range(1, 11)],
    ):  # fmt: skip
        curve = kaplan_meier(spells)
        assert survival_quantiles(spells, levels) == [survival_quantile(curve, level) for level in levels]
