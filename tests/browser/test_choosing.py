"""What a reader chooses, and where numbers lead, against the warehouse."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser, choosing):
    """`opened(hash, **options)`: the English page at that address."""
    pages = []

    def open_page(address="", language="en", **options):
        page = browser.new_page(viewport={"width": 1100, "height": 900}, **options)
        page.goto((choosing / f"choosing.{language}.html").as_uri() + address)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


def tile(page):
    """The value of the first tile in sight."""
    return page.locator(".tile:visible .value").first.inner_text()


def stages(page):
    """Labels of the rows in sight of the table of stages."""
    return [t.strip() for t in page.locator("#s1 tbody th:visible").all_inner_texts()]


def open_deals(warehouse, pipeline):
    query = "select open_deals from marts.stage_snapshot where pipeline = ? and stage = 'all'"
    return str(warehouse.execute(query, [pipeline]).fetchone()[0])


def test_a_chosen_pipeline_is_all_that_is_shown(opened, warehouse):
    page = opened()
    assert tile(page) == open_deals(warehouse, "all") and page.locator("#s1 figure:visible").count() == 3
    page.select_option("select[name=pipeline]", "Renewals")
    assert tile(page) == open_deals(warehouse, "Renewals") != open_deals(warehouse, "all")
    assert page.locator("#s1 p:visible").first.inner_text().startswith(f"{open_deals(warehouse, 'Renewals')} deals are open in Renewals")
    assert stages(page) == ["Renewals", "Renewal due", "In talks", "All"]
    assert page.locator("#s1 figure:visible").count() == 1
    assert page.locator("#said").inner_text().startswith("Shown: Pipeline: Renewals.")
    assert page.locator("#said").get_attribute("role") == "status"


def test_the_address_holds_the_choice(opened, warehouse):
    page = opened()
    page.select_option("select[name=pipeline]", "Sales Pipeline")
    assert page.url.endswith("#pipeline=Sales+Pipeline")
    again = opened("#pipeline=Sales+Pipeline")
    assert tile(again) == tile(page) == open_deals(warehouse, "Sales Pipeline")
    again.get_by_role("link", name="By quarter").click()
    assert again.url.endswith("#s2&pipeline=Sales+Pipeline") and tile(again) == tile(page)
    assert again.evaluate("Math.abs(document.getElementById('s2').getBoundingClientRect().top)") < 30
    page.go_back()
    assert tile(page) == open_deals(warehouse, "all") and page.locator("#said").inner_text() == ""


def test_a_choice_that_nobody_offers_is_none(opened, warehouse):
    page = opened("#pipeline=<script>&owner=nobody&x=y")
    assert tile(page) == open_deals(warehouse, "all") and page.locator("#said").inner_text() == ""


def test_it_works_by_keyboard_and_is_taken_back(opened, warehouse):
    page = opened()
    page.locator("select[name=pipeline]").focus()
    page.keyboard.type("Ren")
    assert tile(page) == open_deals(warehouse, "Renewals")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "reset"
    page.keyboard.press("Enter")
    assert tile(page) == open_deals(warehouse, "all") and page.evaluate("document.activeElement.name") == "pipeline"


def test_a_year_shows_its_quarters(opened):
    page = opened("#period=year-2025-01-01")
    shown = page.locator("#s2 tbody tr:visible").all_inner_texts()
    assert [row.split("\t")[1] for row in shown] == ["2025", "Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025"]
    quarter = opened("#period=quarter-2025-04-01")
    assert [row.split("\t")[1] for row in quarter.locator("#s2 tbody tr:visible").all_inner_texts()] == ["Q2 2025"]


def test_a_month_shows_its_whole_weeks_and_a_week_is_called_by_its_monday(opened):
    page = opened("#period=week-2026-06-22")
    assert [row.split("\t")[1] for row in page.locator("#s3 tbody tr:visible").all_inner_texts()] == ["week of 22 Jun 2026"]
    names = page.locator("select[name=period] option").all_inner_texts()
    assert names.index("2026") < names.index("Q2 2026") < names.index("Jun 2026") < names.index("week of 22 Jun 2026") < names.index("week of 15 Jun 2026")
    spanish = opened("#period=week-2026-06-22", language="es")
    assert [row.split("\t")[1] for row in spanish.locator("#s3 tbody tr:visible").all_inner_texts()] == ["semana del 22 jun 2026"]
    month = opened("#period=month-2026-06-01")
    assert [row.split("\t")[1] for row in month.locator("#s3 tbody tr:visible").all_inner_texts()] == ["Jun 2026", *(f"week of {day} Jun 2026" for day in (1, 8, 15, 22))]


def test_what_does_not_follow_is_marked(opened):
    page = opened("#owner=Tom+Müller")
    assert page.locator("#s4 .whole").count() == 0 and page.locator("#s4 tbody tr:visible").count() == 1
    assert page.locator("#s2 .whole").count() == page.locator("#s2 .part").count() > 0
    assert "Parts with a line beside them" in page.locator("#said").inner_text()


def test_a_choice_that_leaves_nothing_says_so(opened, warehouse):
    (pipeline, owner), *_ = warehouse.execute(
        "select p.pipeline, o.owner from (select distinct pipeline from marts.deals where status = 'open') as p"
        " cross join (select distinct owner from marts.deals where status = 'open' and owner is not null) as o"
        " where not exists (select 1 from marts.deals as d where d.status = 'open' and d.pipeline = p.pipeline and d.owner = o.owner)"
        " order by all"
    ).fetchall()
    page = opened()
    page.select_option("select[name=pipeline]", pipeline)
    page.select_option("select[name=owner]", owner)
    rows = page.locator("#rows-open_deals")
    assert rows.locator(".none").is_visible() and not rows.locator("table").is_visible()
    assert rows.locator(".none").inner_text() == "There is nothing here for this choice."
    assert "0 of 0" in rows.locator(".count").inner_text()


@pytest.mark.parametrize("chosen", ["", "#pipeline=Renewals", "#period=year-2025-01-01", "#period=week-2026-06-22"])
def test_every_number_leads_to_as_many_rows(opened, warehouse, chosen):
    """Follows links of counts, forty at most; what the page says, shows and gives as a query must all be that count."""
    page = opened(chosen)
    # A link says where it leads when it is about to be followed.
    links = page.evaluate(
        """[...document.querySelectorAll('.part:not(.behind) tbody a, .value a, p a')].filter(a => a.checkVisibility() && /^[0-9,]+( deals are| deal is)?$/.test(a.textContent))
           .map(a => { a.dispatchEvent(new Event('pointerdown', {bubbles: true})); return [a.getAttribute('href'), parseInt(a.textContent.replace(/,/g, ''))] })"""
    )
    assert len(links) > 10
    for address, count in links[:: len(links) // 40 + 1]:
        page.evaluate("a => { location.hash = a }", address)
        page.wait_for_function("a => location.hash === a && document.activeElement.id === a.slice(1).split('&')[0]", arg=address)
        behind = page.locator(f"[id='{address[1:].split('&')[0]}']")
        said = behind.locator(".count").inner_text()
        shown = behind.locator("tbody tr:visible").count()
        assert f": {shown} of {count}" in said.replace(",", ""), address
        assert 0 < shown <= count
        query = behind.locator("pre").text_content()
        assert warehouse.execute(f"select count(*) from ({query})").fetchone()[0] == count, query


def test_a_number_leads_to_its_rows_and_back(opened, warehouse):
    page = opened()
    row = page.locator("#s1 tbody", has_text="Sales Pipeline").locator("tr", has_text="Proposal")
    number = row.locator("td").first
    wanted = int(number.inner_text())
    number.locator("a").click()
    behind = page.locator("#rows-open_deals")
    names = behind.locator("tbody tr:visible td:nth-child(3)").all_inner_texts()
    in_stage = "select deal_name from marts.deals where status = 'open' and pipeline = 'Sales Pipeline' and stage = 'Proposal'"
    found = {name for (name,) in warehouse.execute(in_stage).fetchall()}
    assert len(names) <= wanted and {" ".join(n.split()) for n in names} <= {" ".join(n.split()) for n in found}
    assert "Stage: Proposal" in behind.locator(".count").inner_text()
    behind.get_by_role("button", name="Back to the number").click()
    page.wait_for_function("!location.hash")
    assert tile(page) == open_deals(warehouse, "all")


def test_without_script_the_page_is_whole(opened, warehouse):
    page = opened(java_script_enabled=False)
    assert not page.locator("form").is_visible() and not page.locator("button:visible").count()
    assert tile(page) == open_deals(warehouse, "all") and page.locator(".tiles:visible").count() == 1
    assert page.locator("#s1 figure:visible").count() == 3 and page.locator("#rows-open_deals tbody tr:visible").count() == 10
    page.locator("#s1 td a").first.click()
    assert page.url.endswith("#rows-open_deals")


def test_only_what_is_shown_is_printed(opened):
    page = opened("#pipeline=Renewals", "es")
    page.emulate_media(media="print")
    assert page.locator("#said").is_visible() and "Renewals" in page.locator("#said").inner_text()
    assert not page.locator("form").is_visible() and not page.locator("nav").is_visible()
    assert "Sales Pipeline" not in page.inner_text("#s1")


def test_no_markup_of_an_export_runs(browser, warehouse, choosing, tmp_path):
    hostile = "</script><img src=x onerror=alert(1)>'\"&"
    page = (choosing / "choosing.en.html").read_text(encoding="utf-8").replace("<h1>", f"<h1>{hostile}", 1)
    (tmp_path / "hostile.html").write_text(page, encoding="utf-8")
    opened, ran = browser.new_page(), []
    opened.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    opened.goto((tmp_path / "hostile.html").as_uri())
    opened.wait_for_timeout(200)
    assert ran == [], "the policy must stop what escaping let through"
    opened.close()
