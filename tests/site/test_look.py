"""The book's own type, the line of chapters, and a cover that answers."""

import re
from pathlib import Path

import pytest
from book_site import figures
from book_site.letters import FACES
from book_text.borrowed import shown
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from attention_book.figures.choice import STYLE
from tests.site.visiting import visit

LOADED = """async () => {
  await document.fonts.ready;
  return [...document.fonts].filter(font => font.status === "loaded").map(font => font.family);
}"""
CHAPTER = re.compile(r"\d\d-")
FIGURE = '<figure class="af" id="a"><style>{}.x{{}}</style></figure>'


def test_the_letters_are_few_bytes(html):
    sizes = [(html / f"_static/{name}.woff").stat().st_size for name in FACES]
    assert all(size > 5_000 for size in sizes)
    assert sum(sizes) <= 80_000


def test_text_and_figures_have_the_books_letters(browser, address):
    with visit(browser, f"{address}/chapters/08-masked-self-attention.html") as opened:
        families = {family.strip('"') for family in opened.tab.evaluate(LOADED)}
        assert {"Book Serif", "Book Sans"} <= families
        style = "e => getComputedStyle(e).fontFamily"
        assert "Book Serif" in opened.tab.locator("article p").first.evaluate(style)
        assert "Book Sans" in opened.tab.locator("figure.af").first.evaluate(style)


def test_letters_are_fetched_before_lines_break_around_them(browser, address):
    with visit(browser, f"{address}/intro.html") as opened:
        ahead = opened.tab.locator("link[rel=preload]").evaluate_all("ls => ls.map(l => l.href)")
    names = [link.rsplit("/")[-1].removesuffix(".woff") for link in ahead]
    assert names == list(FACES)


def test_each_chapter_lights_its_own_stop(site):
    chapters = {path: page for path, page in site.items() if CHAPTER.match(path.name)}
    assert len(chapters) == len([*Path("chapters").glob("[0-9][0-9]-*.ipynb")])
    for path, page in chapters.items():
        stops = page.select("nav.stops a")
        assert [stop.text for stop in stops] == [str(n) for n in range(len(chapters))]
        lit = page.select("nav.stops a[aria-current]")
        assert [stop.text for stop in lit] == [str(int(path.stem[:2]))]
        assert stops[3]["aria-label"] == "3. Self-attention, word by word"


@pytest.mark.parametrize(("width", "seen"), [(375, {"0", "6"}), (1280, {"0", "6", "11"})])
def test_a_phone_shows_the_stops_near_by(browser, address, width, seen):
    with visit(browser, f"{address}/chapters/00-a-robot-must-obey.html", width=width) as opened:
        stops = opened.tab.locator("nav.stops a:visible").all_inner_texts()
    assert seen <= {*stops}
    assert ("11" in stops) == ("11" in seen)


def test_no_other_page_has_stops(site):
    others = [page for path, page in site.items() if not CHAPTER.match(path.name)]
    assert others
    assert not any(page.select("nav.stops") for page in others)


def test_the_style_of_figures_stands_once(html):
    page = (html / "chapters/08-masked-self-attention.html").read_text("utf-8")
    assert '<figure class="af' in page
    assert "@counter-style" not in page
    assert "@counter-style af-share" in (html / "_static/site.css").read_text("utf-8")


def test_a_style_that_is_not_the_librarys_is_refused():
    context = {"body": FIGURE.format(STYLE)}
    figures.share_style(None, "page", "page.html", context, None)
    assert context["body"] == FIGURE.format("")
    with pytest.raises(ValueError, match="page: a figure's style is not the library's"):
        figures.share_style(None, "page", "page.html", {"body": FIGURE.format(".old{}")}, None)


def test_a_borrowed_figure_is_the_one_above_the_caption():
    made = new_code_cell(outputs=[new_output("display_data", {"text/html": "<figure>"})])
    cells = [new_code_cell(), made, new_markdown_cell("*Figure 0.1.* What to see.")]
    assert shown(cells, "0.1") == "<figure>"
    with pytest.raises(StopIteration):
        shown(cells, "0.2")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_cover_answers_on_the_first_screen(browser, address, width, scripts):
    with visit(browser, f"{address}/intro.html", width=width, scripts=scripts) as opened:
        tab = opened.tab
        robot = tab.locator("figure.af .af-t2:visible").first
        assert robot.bounding_box()["y"] < 800
        share = "e => getComputedStyle(e).getPropertyValue('--share')"
        assert robot.evaluate(share) == "87"
        tab.locator("input.q1").focus()
        assert robot.evaluate(share) == "87"
        tab.keyboard.press("ArrowRight")
        assert robot.evaluate(share) != "87"
        assert tab.get_by_role("link", name="Start reading", exact=True).is_visible()
