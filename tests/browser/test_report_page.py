"""The report in a real browser: offline, light, dark, on a phone, and on paper."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_a_word_on_the_console_or_the_network(browser, reports, language, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("file:") else None)
    page.goto((reports / f"pipeline.{language}.html").as_uri())
    assert (said, asked) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg").count() > 8
    background, ink = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert contrast(background, ink) > 7
    muted = page.evaluate("getComputedStyle(document.querySelector('.facts')).color")
    assert contrast(background, muted) > 4.5
    page.close()


def test_the_readme_shows_it(browser, reports, picture):
    page = browser.new_page(viewport={"width": 1100, "height": 760})
    page.goto((reports / "pipeline.en.html").as_uri())
    picture(page, "report", {"x": 0, "y": 0, "width": 1100, "height": 760})
    page.close()


def test_labels_of_charts_are_not_cut_off(browser, reports):
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.goto((reports / "pipeline.en.html").as_uri())
    cut = page.evaluate(
        """[...document.querySelectorAll('svg')].flatMap(svg => { const box = svg.getBoundingClientRect();
           return [...svg.querySelectorAll('text')].filter(t => { const b = t.getBoundingClientRect();
             return b.left < box.left - 1 || b.right > box.right + 1 }).map(t => t.textContent) })"""
    )
    assert cut == []
    page.close()


def test_it_prints_as_a_document(browser, reports, tmp_path):
    page = browser.new_page()
    page.goto((reports / "pipeline.en.html").as_uri())
    printed = page.pdf(path=str(tmp_path / "r.pdf"), format="A4")
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type/Page") < 40
    page.close()


def contrast(one, other):
    """WCAG's contrast of two rgb(...) colours."""

    def luminance(colour):
        parts = [float(p) / 255 for p in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
