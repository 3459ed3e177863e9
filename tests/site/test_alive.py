"""Each chapter can be touched near its top, and each of its figures asks for something to do."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup

from tests.site.building import ROOT
from tests.site.visiting import visit

LIVE = "article figure.af:has(:is(input, button, select, a, .af-view))"
FIRST_SCREENS = 1300  # pixels from the top of a page at 1280 by 900
SCRIPT = 12_000  # bytes in which the hand-written scripts of a page must fit, packed
TOP = "(figures) => Math.min(...figures.map(f => f.getBoundingClientRect().top + scrollY))"
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb"))


def lacking(figure):
    """What a live figure of a chapter has not: a number, a caption, something to try, an answer."""
    frame = figure.find_parent("figure")
    caption = frame and frame.find("figcaption", recursive=False)
    parts = {
        "title": figure.select_one(".af-title"),
        "number": frame and re.match(r"figure-\d+-\d+", frame.get("id", "")),
        "caption": caption and caption.text.strip(),
        "try this": figure.select_one(".af-hint"),
        "answer": [s for s in figure.select("details > summary") if s.text == "Answer"],
    }
    return [name for name, part in parts.items() if not part]


def scripts(page):
    """All hand-written scripts of a page, those of figures with their data."""
    own = [path.read_text("utf-8") for path in sorted((ROOT / "_ext").glob("*/*.js"))]
    return own + [script.text for script in page.select("figure.af script:not([type])")]


@pytest.fixture(params=CHAPTERS)
def chapter(request):
    return request.param


def page_of(site, chapter):
    return next(page for path, page in site.items() if path.stem == chapter)


def test_three_live_figures_or_more(site, chapter):
    figures = page_of(site, chapter).select(LIVE)
    assert len(figures) >= 3
    assert {f.select_one(".af-title").text: lacking(f) for f in figures if lacking(f)} == {}


def test_the_first_is_within_the_first_screen_and_a_half(browser, address, chapter):
    with visit(browser, f"{address}/chapters/{chapter}.html", width=1280) as opened:
        assert opened.tab.locator(LIVE).evaluate_all(TOP) <= FIRST_SCREENS


def test_hand_written_script_is_small(site, chapter):
    code = "".join(scripts(page_of(site, chapter)))
    assert 0 < len(gzip.compress(code.encode())) <= SCRIPT


def test_a_figure_that_asks_for_nothing_is_found():
    title = "<figcaption class='af-title'>T</figcaption>"
    html = f"<figure id='figure-1-2'><figure class='af'>{title}<input></figure></figure>"
    figure = BeautifulSoup(html, "html.parser").select_one(".af")
    assert lacking(figure) == ["caption", "try this", "answer"]
