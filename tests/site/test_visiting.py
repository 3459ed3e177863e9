from itertools import product

import pytest

from tests.browsing import require_browser
from tests.site.building import ROOT, table_of_contents
from tests.site.visiting import visit

CONTENTS = table_of_contents(ROOT)
PAGES = [*CONTENTS, "index", "genindex", "search", "404"]
FEW = {"intro", "chapters/06-scaling-and-softmax", "chapters/gallery", "search"}  # one of each kind
THEMES = ["light", "dark"]
WIDTHS = [375, 1440]


def few_first(pages):
    """All pages, of which most are left to the thorough run."""
    assert FEW & set(pages)
    return [pytest.param(p, marks=() if p in FEW else pytest.mark.thorough) for p in pages]


def visits():
    """Each page in both themes, of which one, in turns, is left to the thorough run."""
    for number, (page, theme) in enumerate(product(PAGES, THEMES)):
        marks = pytest.mark.thorough if number % 4 in (1, 2) else ()
        yield pytest.param((page, theme), marks=marks, id=f"{page}-{theme}")


@pytest.fixture(scope="module", params=visits())
def opened(request, browser, address):
    page, theme = request.param
    with visit(browser, f"{address}/{page}.html", theme, WIDTHS[0]) as opened:
        yield opened


def test_the_first_screen_is_light(opened):
    assert opened.too_heavy() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_sideways_scroll(opened, width):
    opened.resize(width)
    assert opened.pixels_too_wide() <= 0


def test_every_formula_is_rendered(opened):
    assert opened.unrendered_formulas() == []


def test_no_error_and_no_request_to_others(opened):
    assert (opened.foreign, opened.console, opened.crashes) == ([], [], [])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("page", few_first(PAGES))
def test_no_barrier(browser, address, page, theme):
    with visit(browser, f"{address}/{page}.html", theme, WIDTHS[0]) as opened:
        for width in WIDTHS:
            opened.resize(width)
            assert opened.barriers() == []


# A page for wrong addresses needs a host to have them.
@pytest.mark.parametrize("page", few_first(PAGES[:-1]))
def test_the_page_works_from_a_file(browser, html, page):
    with visit(browser, (html / f"{page}.html").as_uri(), width=375) as opened:
        assert opened.unrendered_formulas() == []
        assert opened.pixels_too_wide() <= 0
        assert (opened.foreign, opened.crashes) == ([], [])


@pytest.mark.parametrize("page", few_first(CONTENTS))
def test_the_text_is_there_without_scripts(browser, address, page):
    with visit(browser, f"{address}/{page}.html", scripts=False) as opened:
        assert opened.hidden_text() == []
        assert len(opened.tab.inner_text("article").split()) > 5


def test_the_book_has_formulas_and_colors_that_follow_the_theme(browser, address):
    page = f"{address}/{next(p for p in PAGES if p.startswith('chapters/03'))}.html"
    colors = set()
    for theme in THEMES:
        with visit(browser, page, theme) as opened:
            query = opened.tab.locator("math .query").first
            colors.add(query.evaluate("e => getComputedStyle(e).color"))
    assert len(colors) == 2


def test_a_request_to_others_is_found_and_stopped(sabotage):
    body = '<img alt="x" src="https://example.com/x.png">'
    assert sabotage(body, lambda o: o.foreign) == ["https://example.com/x.png"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>the share $x$</p>",
        r"<p>the share \(x\)</p>",
        r"<p>the share \frac12</p>",
        r'<span class="math"><code>\frac</code></span>',
        '<span class="math"><math></math></span>',
        "<math><merror><mtext>x</mtext></merror></math>",
    ],
)
def test_an_unrendered_formula_is_found(sabotage, body):
    assert len(sabotage(body, lambda o: o.unrendered_formulas())) == 1


def test_dollars_in_code_are_no_formula(sabotage):
    assert sabotage("<pre>$x$</pre>", lambda o: o.unrendered_formulas()) == []


@pytest.mark.parametrize("kind", ["error", "warn"])
def test_a_console_error_is_found(sabotage, kind):
    body = f"<script>console.{kind}('broken')</script>"
    assert sabotage(body, lambda o: o.console)[0].startswith("broken")


def test_a_crash_is_found(sabotage):
    body = "<script>throw new Error('broken')</script>"
    assert sabotage(body, lambda o: o.crashes) == ["broken"]


def test_a_sideways_scroll_is_found(sabotage):
    body = '<div style="width: 500px">wide</div>'
    assert sabotage(body, lambda o: o.pixels_too_wide(), width=375) > 100


def test_hidden_text_is_found(sabotage):
    assert sabotage('<p style="display: none">x</p>', lambda o: o.hidden_text(), scripts=False) == [
        "x"
    ]


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color: #aaa">pale</p>',
        "<button></button>",
        '<button aria-label="Go">Send</button>',
    ],
)
def test_a_barrier_is_found(sabotage, body):
    assert len(sabotage(body, lambda o: o.barriers())) == 1


def test_a_sound_page_passes_all(sabotage):
    assert (
        sabotage("<p>Plain.</p>", lambda o: o.barriers() + o.console + o.crashes + o.foreign) == []
    )


def test_a_missing_browser_is_a_skip_at_a_desk_and_a_failure_in_ci():
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        require_browser(None, {})
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        require_browser(None, {"CI": "true"})
