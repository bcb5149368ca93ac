"""Numbers of the pipeline report that are clicked in a browser: a few of each kind; test_report_links.py asks all of them without one."""

import re
import time

import pytest
from linked import of_a_large_company

pytestmark = pytest.mark.browser
LINKS = """[...document.querySelectorAll('.part:not(.behind) a[data-of]')].map((a, n) => {
    a.id = 'link' + n;
    return [a.id, a.hash.slice(1).split('&')[0], a.textContent, a.dataset.sum || '', a.checkVisibility()] })"""


@pytest.fixture(scope="module")
def small(demo_home, tmp_path_factory):
    """The address of a page that holds few of the rows."""
    path = tmp_path_factory.mktemp("small") / "pipeline.en.html"
    path.write_text(of_a_large_company(demo_home / "warehouse.duckdb"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module", params=["whole", "small"])
def page(request, browser, reports):
    """The page, with all rows and with few."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.goto((reports / "pipeline.en.html").as_uri() if request.param == "whole" else request.getfixturevalue("small"))
    yield page
    page.close()


@pytest.fixture(scope="module")
def opened(browser, reports):
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.goto((reports / "pipeline.en.html").as_uri())
    yield page
    page.close()


def chosen(links):
    """Three links for each kind of rows: the first, the middle and the last."""
    kinds = {}
    for link in links:
        kinds.setdefault((link[1], bool(link[3])), []).append(link)
    return [found[n] for found in kinds.values() for n in sorted({0, len(found) // 2, len(found) - 1})][:60]


def followed(page, link):
    """The count that the page shows once a link has been clicked, and how long that took."""
    name, target, *_ = link
    begun = time.monotonic()
    page.evaluate("name => document.getElementById(name).click()", name)
    page.wait_for_function("target => document.activeElement.id === target", arg=target)
    took = time.monotonic() - begun
    return page.locator(f"[id='{target}'] .count").inner_text(), took


def test_a_number_that_is_clicked_says_how_many_rows_there_are(page, warehouse):
    links = chosen([link for link in page.evaluate(LINKS) if link[4] and re.search(r"\d", link[2]) and not re.search(r"%|days|^$", link[2])])
    assert len(links) > 25 and len({link[1] for link in links}) > 12
    times = []
    for link in links:
        said, took = followed(page, link)
        times.append(took)
        shown, total = (int(n.replace(",", "")) for n in re.search(r": ([\d,]+) of ([\d,]+)", said).groups())
        behind = page.locator(f"[id='{link[1]}']")
        assert behind.locator("tbody tr:visible").count() == shown
        assert behind.locator(".elsewhere").is_visible() == (shown == 0) and total > 0
        number = re.findall(r"\d[\d,]*", link[2])
        if link[3]:
            assert number[0] in said, (link, said)
        elif not link[2].startswith("$"):
            assert total == int(number[0].replace(",", "")), (link, said)
        query = behind.locator("pre").text_content()
        assert warehouse.execute(f"select count(*) from ({query})").fetchone()[0] == total, query
        page.go_back()
        page.wait_for_function("!location.hash")
    assert sorted(times)[len(times) // 2] < 1, "to follow a link takes too long"


def test_a_page_says_at_least_how_many_where_an_address_asks_what_no_link_asks(browser, small):
    page = browser.new_page()
    page.goto(f"{small}#rows-closed_deals&of-status=won&of-owner=Ana+Torres&sum=amount")
    said = page.locator("#rows-closed_deals .count").inner_text()
    assert re.search(r" of \d+\+ ", said) and "amount" not in said.lower()
    assert not page.locator("#rows-closed_deals .none").is_visible()
    page.close()


def test_more_rows_are_written_when_they_are_asked_for(browser, reports):
    page = browser.new_page()
    page.goto((reports / "pipeline.en.html").as_uri())
    behind = page.locator("#rows-closed_deals")
    behind.get_by_role("button", name="Show more rows").click()
    assert behind.locator("tbody tr").count() == 50 and ": 50 of" in behind.locator(".count").inner_text()
    page.close()


def test_every_period_of_the_warehouse_can_be_chosen_in_groups_and_is_quick(opened, warehouse):
    groups = opened.evaluate("[...document.querySelectorAll('select[name=period] optgroup')].map(g => [g.label, g.children.length])")
    known = dict(warehouse.execute("select period, count(*) from core.periods where is_recent group by period").fetchall())
    assert groups == [["Years", known["year"]], ["Quarters", known["quarter"]], ["Months", known["month"]], ["Weeks", known["week"]]]
    assert (known["week"], known["month"], known["quarter"]) == (13, 24, 8)
    for period, start in warehouse.execute("select period, min(period_start) from core.periods where is_recent and period <> 'all' group by period").fetchall():
        begun = time.monotonic()
        opened.select_option("select[name=period]", f"{period}-{start}")
        assert opened.locator("#said").inner_text() and time.monotonic() - begun < 2
        won, rate = warehouse.execute(
            "select won, win_rate from marts.pipeline_health where pipeline = 'all' and period = ? and period_start = ?", [period, start]
        ).fetchone()
        assert opened.locator(".tiles:visible").count() == 1
        tile = opened.locator(".tile:visible", has=opened.get_by_text("Win rate", exact=True))
        assert tile.locator(".note").inner_text().startswith(f"{won} won of") and tile.locator(".value").inner_text() == f"{rate:.1%}"
        leads = warehouse.execute(
            "select sum(leads) from marts.channel_performance where channel = 'all' and campaign = 'all' and period = ? and period_start = ?", [period, start]
        ).fetchone()[0]
        table = opened.locator("table:visible", has=opened.locator("th[data-column=cost_per_lead]")).first
        assert table.locator("tr.total:visible td").nth(1).inner_text().replace(",", "") == str(leads)
    opened.locator("[type=reset]").click()
    assert opened.locator(".tiles:visible").count() == 1 and opened.locator("#said").inner_text() == ""


def test_a_page_that_is_only_opened_has_no_rows_laid_out_that_nobody_sees(opened, reports, browser):
    page = browser.new_page()
    page.goto((reports / "pipeline.en.html").as_uri())
    assert page.evaluate("Math.max(...[...document.querySelectorAll('.behind tbody')].map(b => b.rows.length))") == 10
    assert page.evaluate("document.querySelectorAll('[data-later], .tiles[hidden]').length") == 0
    page.close()


def test_rows_behind_numbers_are_not_printed(opened):
    opened.emulate_media(media="print")
    assert opened.locator(".behind:visible").count() == 0 and opened.locator("section.rows:visible").count() == 0
    opened.emulate_media(media="screen")
