"""axe finds nothing serious in the report: in both languages, light and dark, whole and narrowed, on a phone."""

from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe():
    """axe-core's source."""
    found = find_spec("axe_playwright_python")
    if not found:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def serious(page, axe):
    """What breaks WCAG 2.2 AA or good practice seriously: rule and place."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    assert len(found["passes"]) > 15
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"] if v["impact"] in ("serious", "critical", "moderate")]


@pytest.mark.parametrize("name, address, language, scheme", [
    *(("pipeline", "", language, scheme) for language in ("en", "es") for scheme in ("light", "dark")),
    ("choosing", "", "en", "light"), ("choosing", "#pipeline=Renewals", "es", "dark"), ("choosing", "#rows-open_deals&of-stage=Proposal", "en", "dark"),
])  # fmt: skip
def test_nothing_serious(browser, reports, choosing, axe, name, address, language, scheme):
    folder = reports if name == "pipeline" else choosing
    page = browser.new_page(viewport={"width": 1100 if address else 390, "height": 900}, color_scheme=scheme)
    page.goto((folder / f"{name}.{language}.html").as_uri() + address)
    assert serious(page, axe) == []
    page.close()


def test_axe_would_find_something(browser, choosing, axe, tmp_path):
    page = (choosing / "choosing.en.html").read_text(encoding="utf-8").replace('role="img" aria-label="', 'role="img" aria-nothing="')
    (tmp_path / "broken.html").write_text(page, encoding="utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "broken.html").as_uri())
    assert "role-img-alt" in {rule for rule, _ in serious(opened, axe)}
    opened.close()
