"""Formulas: what the build makes of TeX, and what a browser makes of that."""

import re
from io import StringIO

import pytest
from book_site import formula_font
from book_site.formulas import AFTER_RELATION, SPACE, cut
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tests.site.visiting import visit

TALL = [f"uni221A{size}" for size in (".s1", ".s2", ".s3", ".s4", ".x", ".t")]
COLORS = r"$\textcolor{#0072B2}{q}$ and ${\color{#B34E00}{k_j}}\cdot{\color{#007A59}{v}}^\top$"
# The text right behind a formula that begins a line of its own.
LOST = r"""() => [...document.querySelectorAll("article math")].flatMap(formula => {
  const next = (formula.closest("span.math") ?? formula).nextSibling;
  if (!/^[.,;:)]/.test(next?.data ?? "")) return [];
  const range = document.createRange();
  range.setStart(next, 0);
  range.setEnd(next, 1);
  const below = range.getBoundingClientRect().top > formula.getBoundingClientRect().bottom;
  return below ? [next.data] : [];
})"""
TOO_WIDE = """() => [...document.querySelectorAll("article math")].filter(formula => {
  const line = formula.closest("p, li, td, dd, div, article");
  return line.checkVisibility() && formula.getBoundingClientRect().width > line.clientWidth;
}).map(formula => formula.getAttribute("alttext"))"""
WITH_MOST = ["05-matrix-view", "10-the-block", "07-multi-head-attention"]


@pytest.fixture
def built(tmp_path):
    """A function that builds a page of this text: the page and all warnings."""

    def build(text):
        (tmp_path / "index.md").write_text(f"# Page\n\n{text}\n", "utf-8")
        said, out = StringIO(), tmp_path / "out"
        options = {"extensions": ["myst_parser", "book_site.formulas"], "html_theme": "basic"}
        options["myst_enable_extensions"] = ["dollarmath"]
        options["source_suffix"] = {".md": "markdown"}  # Sphinx's own is one for all of a process
        with docutils_namespace():
            Sphinx(tmp_path, None, out, out, "html", options, status=None, warning=said).build()
        page = (out / "index.html").read_text("utf-8")
        return BeautifulSoup(page, "html.parser"), said.getvalue()

    return build


def test_each_color_is_a_class(built):
    page, warnings = built(COLORS)
    assert warnings == ""
    colored = {name: page.select_one(f"math .{name}").text for name in ("query", "key", "value")}
    assert colored == {"query": "q", "key": "kj", "value": "v"}
    assert "style" not in str(page.select("math"))
    assert [formula["alttext"] for formula in page.select("math")] == [
        "{q}",
        r"{{k_j}}\cdot{{v}}^\top",
    ]


@pytest.mark.parametrize(
    "tex", [r"\frac{1}", r"\unknown", r"\textcolor{#123456}{q}", r"\begin{aligned} a"]
)
def test_a_wrong_formula_is_named_with_its_page(built, tex):
    page, warnings = built(f"Text.\n\n$${tex}$$")
    assert re.search(rf"index.md:5: WARNING: formula {re.escape(tex)}: ", warnings)
    assert page.select_one(".math > code").text == tex


def test_a_sign_that_the_font_lacks_stops_the_build(built):
    with pytest.raises(Exception, match=r"STIXTwoMath.* has no 掩"):
        built(r"$\text{掩}$")


def test_a_long_formula_may_break_after_its_relations_only(built):
    page, _ = built("$(1, 3, 0, 0) + (0, -3, 3, 0) = (1, 0, 3, 0)$ and $f(x=1) = 2$")
    long, rest, short = page.select("math")
    assert (long.find_all("mo")[-1].text, rest.text, short.text) == ("=", "(1,0,3,0)", "f(x=1)=2")
    assert page.select_one("wbr").find_previous("math") == long


def test_a_formula_is_cut_outside_of_groups_only():
    assert cut(r"a \quad \text{b \quad c} \qquad d", SPACE) == ["a ", r" \text{b \quad c} ", " d"]
    assert cut(r"a = f(b = c) \le d", AFTER_RELATION) == ["a =", r" f(b = c) \le", " d"]
    assert cut(r"\begin{aligned} a &= b \end{aligned}", AFTER_RELATION)[1:] == []


def test_the_rows_of_a_formula_lose_only_their_own_space(built):
    page, _ = built("$$\\begin{aligned} a &= [1] \\\\[1ex] b &= 2 \\end{aligned}$$")
    assert [row.text for row in page.select("mtr")] == ["a=[1]", "b=2"]


@pytest.fixture(scope="module")
def font(html):
    return TTFont(html / "_static" / formula_font.NAME)


def test_the_font_has_every_sign_and_its_license(html, font):
    pages = "".join(page.read_text("utf-8") for page in html.rglob("*.html"))
    assert formula_font.shown(pages) <= font.getBestCmap().keys()
    assert {0x221A, 0x1D444, 0x22A4} <= formula_font.shown(
        pages
    )  # a root, an italic Q, a transpose
    assert "SIL Open Font License" in str(font["name"].getName(13, 3, 1))
    assert "MATH" in font


def test_all_roots_are_as_wide_as_the_first():
    font = formula_font.load()
    assert {font["hmtx"][name][0] for name in TALL} == {font["hmtx"]["uni221A"][0]}


def test_the_roots_of_the_whole_font_are_not():
    whole = TTFont(formula_font.FONT)
    assert min(whole["hmtx"][name][0] for name in TALL) > whole["hmtx"]["uni221A"][0]


@pytest.fixture(scope="module", params=WITH_MOST)
def chapter(request, browser, address):
    with visit(browser, f"{address}/chapters/{request.param}.html", width=375) as opened:
        yield opened.tab


def test_formulas_are_set_in_the_font_and_fit_a_phone(chapter):
    faces = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    assert "STIX Two Math" in chapter.evaluate(faces)
    assert chapter.evaluate(TOO_WIDE) == []


def test_no_line_begins_with_what_ends_a_formula(chapter):
    for width in range(360, 400, 4):
        chapter.set_viewport_size({"width": width, "height": 900})
        assert chapter.evaluate(LOST) == []


def test_a_wide_formula_is_found(sabotage):
    formula = f"<math alttext='x'><mi>{'wide' * 40}</mi></math>"
    assert sabotage(formula, lambda o: o.tab.evaluate(TOO_WIDE), width=375) == ["x"]


def test_a_lost_full_stop_is_found(sabotage):
    def lost(opened):
        for width in range(50, 200):
            opened.tab.evaluate(f"document.querySelector('p').style.width = '{width}px'")
            yield from opened.tab.evaluate(LOST)

    body = "<p>it saves <math><mn>2048</mn></math>. End</p>"
    assert set(sabotage(body, lambda opened: list(lost(opened)))) == {". End"}


def test_a_formula_needs_no_script(browser, address):
    page = f"{address}/chapters/{WITH_MOST[0]}.html"
    with visit(browser, page, scripts=False) as opened:
        assert opened.unrendered_formulas() == []
        assert opened.tab.locator("math").count() > 50
