"""Every count and every sum of the report leads to its rows: as many as the count says, coming to what the sum says."""

import re
from itertools import product
from pathlib import Path

import pytest
from linked import Page, digits, of_a_large_company

# What the columns of the report are, by a person: a new one that is in none of the lists fails the test.
COUNTED = ["open_deals", "deals_without_amount", "stalled_deals", "won", "lost", "arrivals", "departures", "queue", "queue_before", "visits", "completed", "still_there", "visits_without_dates", "resolved", "entered", "advanced", "moved_back", "handed_off", "leads", "mqls", "sqls", "deals", "stays", "with_resolved", "without_resolved", "with_closed", "waiting", "won_deals", "renewals_due"]
SUMMED = ["open_amount", "stalled_amount", "queue_amount", "lost_amount", "won_amount", "spend", "amount", "renewals_due_amount"]
MEASURED = ["win_rate", "win_rate_low", "win_rate_high", "average_deal_size", "median_days_to_close", "average_amount", "average_age_days", "days_of_work", "limit_days", "median_days", "p75_days", "p90_days", "naive_mean_days", "longest_open_days", "lost_rate", "lost_rate_low", "lost_rate_high", "conversion_among_resolved", "conversion_to_date", "cost_per_lead", "cost_per_won", "roi", "with_action_share", "with_rate", "without_rate", "difference_low", "difference_high", "with_lost_rate", "without_lost_rate", "longest_days"]
# Of a deal, not of many; and pipelines, which are no records.
OF_ONE = ["days_in_stage", "days_silent", "pushes", "pipelines_with"]
# Files and rows of exports stand in the warehouse, in the tables that the sentences name; gaps are listed by field and owner.
APART = ("What information is missing", "¿Qué información falta")
UNLINKED = [
    r"(Against our targets|No target|Frente a los objetivos|No hay ningún objetivo|Against other|Frente a otras).*",
    # Rates, averages, medians and intervals have their counts beside them.
    r"\d[\d.,]*\s?%", r"\d[\d.,]* (days|días|working hours|horas laborables)\b",
    r"(The average won deal is|El importe medio ganado es de) .*?(after|tras) \S+",
    # The difference of two numbers has no rows.
    r"\d[\d.,]* (more than|fewer than|más que|menos que) (at its beginning|al principio)",
    # Stages, pairs and campaigns are listed below the sentence.
    r"\d+ (stages?|etapas?) \S+ (clogged|atascadas?)", r"\d+ etapas? atascadas?", r"(For|En) \d+ (stages?|etapas?)",
    r"\d+ (pairs? of stage and action|pares? de etapa y acción), \d+", r"\d+ (campaigns?|campañas?)",
    # A benchmark and what it is compared with.
    r"(Over the months that are old enough|En los meses con antigüedad)[^;]*;[^.%]*%?",
    # Moments and periods.
    r"\d+ \w+ \d{4}(, \d\d:\d\d)?", r"[QT]\d \d{4}",
]  # fmt: skip


def pages(folder):
    return {language: Page((Path(folder) / f"pipeline.{language}.html").read_text(encoding="utf-8")) for language in ("en", "es")}


@pytest.fixture(scope="module", params=["en", "es"])
def page(request, demo_home):
    return pages(demo_home / "reports")[request.param]


def leads_wrong(page, link, *, counts=True):
    """What is wrong with a link, or nothing."""
    text, target, wanted, sums = link
    grid = page.grids.get(target)
    if grid is None:
        return f"{text!r}: no rows {target!r}"
    if strange := set(wanted) - set(grid.keys):
        return f"{text!r}: {target} cannot be chosen by {strange}"
    number = re.findall(r"\d[\d.,\s]*", text)
    count = grid.count(wanted)
    if sums:
        found = grid.sum(sums, wanted)
        return "" if abs(digits(number[0]) - abs(found)) <= 1 else f"{text!r}: {target} {wanted} come to {found}"
    if counts and len(number) == 1 and "%" not in text and not re.search(r"days|días|[$€]", text):
        return "" if count == digits(number[0]) else f"{text!r}: {target} {wanted} has {count} rows"
    return "" if count else f"{text!r}: {target} {wanted} has no rows"


def wrong_cells(page):
    """Cells of tables that lead nowhere, or to other rows."""
    wrong = []
    for cell in page.cells:
        if cell.section.startswith(APART) or cell.column in MEASURED + OF_ONE or not re.search(r"[1-9]", cell.text):
            continue
        if cell.column == "amount" and cell.section.startswith(("Which deals", "¿Qué oportunidades")):
            continue  # the value of one deal
        if cell.column not in COUNTED + SUMMED:
            wrong.append(f"{cell.section}: {cell.column} is in no list of this test")
        elif not cell.links:
            wrong.append(f"{cell.section}: {cell.column} {cell.text} leads nowhere")
        elif (cell.column in SUMMED) != bool(cell.links[0][3]) and cell.column != "deals":
            wrong.append(f"{cell.section}: {cell.column} {cell.text} is a sum, or is none")
        elif fault := leads_wrong(page, cell.links[0]):
            wrong.append(f"{cell.section}: {cell.column} {fault}")
    return wrong


def wrong_words(page):
    """Links in tiles and sentences that lead to other rows, and numbers there that lead nowhere."""
    wrong = []
    for cell in page.tiles + page.prose:
        if cell.section.startswith(APART) or not cell.section:
            continue
        measured = cell.column == "value"
        wrong += [fault for link in cell.links if (fault := leads_wrong(page, link, counts=not measured or re.fullmatch(r"[\d.,]+", link[0])))]
        rest = cell.rest
        for pattern in UNLINKED:
            rest = re.sub(pattern, " ", rest)
        if cell.column in ("p", "note", "figcaption") and re.search(r"[1-9]", rest):
            wrong.append(f"{cell.section}: {' '.join(rest.split())}")
    return wrong


def test_every_count_and_sum_in_a_table_leads_to_its_rows(page):
    assert len(page.cells) > 400
    assert wrong_cells(page) == []


def test_every_count_and_sum_in_a_tile_or_a_sentence_leads_to_its_rows(page):
    assert sum(len(cell.links) for cell in page.tiles) > 4 and sum(len(cell.links) for cell in page.prose) > 20
    assert wrong_words(page) == []


def test_the_page_is_no_larger_than_it_may_be(demo_home):
    for language in ("en", "es"):
        assert (demo_home / "reports" / f"pipeline.{language}.html").stat().st_size < 2_500_000


@pytest.fixture(scope="module")
def small(demo_home):
    """The page as it is of a large company: nearly all rows are beyond those that it holds."""
    return Page(of_a_large_company(demo_home / "warehouse.duckdb"))


def test_numbers_lead_to_the_counts_of_rows_that_a_page_does_not_hold(small):
    assert sum(bool(grid.beyond) for grid in small.grids.values()) > 12
    assert wrong_cells(small) == [] and wrong_words(small) == []


def test_filters_count_the_rows_that_a_page_does_not_hold(small, demo_home):
    whole = pages(demo_home / "reports")["en"]
    for name, grid in small.grids.items():
        values = {d: ["", *sorted(whole.grids[name].held.index[d])[:3], "nobody"] for d in ("pipeline", "owner") if d in grid.keys}
        if "period" in grid.keys:
            values["period"] = ["", "month-2026-06-01", "quarter-2026-04-01", "week-2026-06-01", "year-2026-02-01"]
        for chosen in product(*values.values()):
            wanted = {d: v for d, v in zip(values, chosen, strict=True) if v}
            assert grid.count(wanted) == whole.grids[name].count(wanted), (name, wanted)


def test_a_page_does_not_say_that_it_knows_what_nobody_asked(small):
    grid = small.grids["closed_deals"]
    assert grid.count({"status": "won", "owner": "Nobody", "channel": "email"}) is None
