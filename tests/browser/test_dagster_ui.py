"""The Dagster UI on a finished home, as an analyst finds it: meanings, origins, charts, rows, faults, the report and its editions."""

import time

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOW = 120_000


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1300, "height": 760})
    opened.set_default_timeout(SLOW)
    yield opened
    opened.close()


def show(page, text):
    """Wait for a text and bring it into sight."""
    found = page.get_by_text(text, exact=True).first
    found.wait_for()
    found.scroll_into_view_if_needed()
    return found


def test_a_mart_says_what_it_holds_and_shows_some(ui, page, pictures):
    page.goto(f"{ui}/assets/marts/stage_snapshot")
    page.get_by_text("One row per pipeline and open stage at as-of", exact=False).first.wait_for()
    for said in ("Freshness policy", "revenue-operations", "Row count"):
        assert page.get_by_text(said).first.is_visible()
    show(page, "weighted_amount")
    column = page.get_by_role("row").filter(has_text="weighted_amount").first
    assert "Sum of amount × probability" in column.inner_text()
    assert "← marts.deals: amount, probability" in column.inner_text()
    page.screenshot(path=pictures / "columns.png")
    show(page, "chart")
    assert page.get_by_text("████████████████").first.is_visible()
    show(page, "preview")
    preview = page.get_by_role("row").filter(has_text="preview").last.inner_text()
    assert "proposal" in preview and "900.00" in preview
    page.screenshot(path=pictures / "chart_and_preview.png")


def test_a_failed_check_names_the_rows(ui, page, picture):
    page.goto(f"{ui}/assets/staging/stage_changes?view=checks&checkDetail=no_event_in_the_future")
    page.get_by_text("This must not occur: Records whose event lies after the start of the run", exact=False).first.wait_for()
    assert page.get_by_text("Failed").first.is_visible()
    for deal in (3, 5):
        assert page.get_by_text(f"deal_id = {deal}, happened_at = 2031-03-01").is_visible()
    picture(page, "failed_check", {"x": 240, "y": 104, "width": 1060, "height": 520})


def test_the_report_is_one_click_away(ui, page, pictures):
    page.goto(f"{ui}/assets/reports/pipeline")
    link = page.get_by_role("link", name="English")
    link.wait_for()
    page.screenshot(path=pictures / "report_asset.png")
    with page.expect_popup() as opened:
        show(page, "/home/reports/pipeline.es.html").click()
    assert "Informe del pipeline de ventas" in opened.value.locator("h1").inner_text()
    opened.value.close()
    page.goto(ui + link.get_attribute("href"))
    assert page.locator("h1").inner_text().startswith("Pipeline report")


def test_nothing_but_reports_is_given_out(ui, late_home, page):
    assert page.request.get(f"{ui}/home/reports/pipeline.en.html").status == 200
    for outside in ("../warehouse.duckdb", "%2e%2e/warehouse.duckdb", "..%2fwarehouse.duckdb"):
        answer = page.request.get(f"{ui}/home/reports/{outside}")
        assert b"DUCK" not in answer.body()[:64]
    assert (late_home / "warehouse.duckdb").read_bytes()[8:12] == b"DUCK"


def test_an_analyst_rebuilds_a_month(ui, late_home, page, pictures):
    file = late_home / "reports" / "pipeline.2024-01.en.html"
    file.unlink(missing_ok=True)
    page.goto(f"{ui}/assets/reports/pipeline_monthly?view=partitions&partition=2024-01-01")
    page.get_by_text("2 Partitions Selected").wait_for()
    page.screenshot(path=pictures / "partitions.png")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_role("button", name="Launch 1 run").click()
    until = time.monotonic() + 180
    while not file.exists():
        assert time.monotonic() < until, "no edition was written"
        time.sleep(1)
    page.goto(f"{ui}/home/reports/{file.name}")
    assert page.locator("h1").inner_text() == "Pipeline report, January 2024"
    page.screenshot(path=pictures / "edition.png")


def test_groups_stand_from_left_to_right_as_the_data_flows(ui, page, picture):
    page.set_viewport_size({"width": 2100, "height": 1000})
    page.goto(f"{ui}/asset-groups")
    page.get_by_text("Hide navigation").click()
    page.reload()
    flow = ["exports", "raw", "staging", "core", "marts", "quality", "reports", "warehouse", "editions"]
    places = {}
    for group in flow:
        # The names in the list beside the graph come first, those in the graph last.
        named = page.get_by_text(group, exact=True).locator("visible=true")
        named.nth(1).wait_for()
        places[group] = named.last.bounding_box()["x"]
    assert sorted(flow, key=places.get) == flow
    picture(page, "lineage", {"x": 372, "y": 112, "width": 1682, "height": 800})
