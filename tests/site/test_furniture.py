"""The small things of a page: where outputs stand, what stays in sight, what is said aloud."""

import re

import pytest
from book_text.chinese import marked
from bs4 import BeautifulSoup

from tests.site.visiting import visit

CHAPTER = "chapters/08-masked-self-attention"
# Outputs that are not nearer to their own cell than to what comes next.
ASTRAY = """() => [...document.querySelectorAll(".cell")].filter((cell) => {
  const parts = [".cell_input", ".cell_output > *"]
    .map((name) => cell.querySelector(`:scope > ${name}`));
  if (parts.includes(null) || !cell.nextElementSibling || !cell.checkVisibility()) return false;
  const [code, output] = parts.map((part) => part.getBoundingClientRect());
  const next = cell.nextElementSibling.getBoundingClientRect().top;
  return output.top - code.bottom >= next - cell.getBoundingClientRect().bottom;
}).map((cell) => cell.textContent.trim())"""
# Code that goes on at the side without a sign of it.
CUT = """() => [...document.querySelectorAll("article pre")].filter((code) =>
  code.scrollWidth > code.clientWidth
  && !getComputedStyle(code).backgroundAttachment.includes("local"))
  .map((code) => code.textContent)"""
SIDEWAYS = "[...document.querySelectorAll('pre')].some((e) => e.scrollWidth > e.clientWidth)"
# The heights of the buttons in the head of a page.
LINES = """() => [...new Set([...document.querySelectorAll(".bd-header-article .btn")]
  .map((button) => button.getBoundingClientRect()).filter(({height}) => height)
  .map(({top, height}) => Math.round(top + height / 2)))]"""
# What lies over the text while it is read.
COVERS = """() => [...document.querySelectorAll("body *")].filter((part) =>
  getComputedStyle(part).position === "fixed" && part.checkVisibility({visibilityProperty: true})
  && part.offsetHeight && getComputedStyle(part).pointerEvents !== "none"
  && part.getBoundingClientRect().left >= 0 && part.getBoundingClientRect().top > 60)
  .map((part) => part.id || part.className)"""
COLORS = """() => {
  const color = (part, which) => getComputedStyle(part)[which];
  const code = [...document.querySelectorAll(".highlight span")];
  const inks = new Set(code.map((part) => color(part, "color")));
  return [color(document.body, "backgroundColor"), inks.size];
}"""


def unmarked_chinese(page):
    """Chinese that does not say that it is, outside of what is no text."""
    return [
        str(text)
        for text in page.body.find_all(string=re.compile("[\u4e00-\u9fff]"))
        if not text.find_parent(["script", "style", "svg"]) and not text.find_parent(lang="zh")
    ]


def renamed_summaries(page):
    """Summaries that are read aloud by another name than they show."""
    return [str(summary) for summary in page.select("summary[aria-label]")]


@pytest.fixture(scope="module")
def laptop(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html", width=1280) as opened:
        yield opened


@pytest.fixture(scope="module")
def phone(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html", width=375) as opened:
        yield opened


def test_an_output_stands_by_its_cell(laptop):
    assert laptop.tab.locator(".cell:has(> .cell_input):has(> .cell_output)").count() > 10
    assert laptop.tab.evaluate(ASTRAY) == []


def test_an_output_that_stands_by_the_next_cell_is_found(sabotage):
    output = '<div class="cell_output"><p>B</p></div>'
    body = f'<div class="cell"><p class="cell_input">A</p>{output}</div><p style="margin: 0">C</p>'
    style = "<style>.cell p { margin: 16px 0 } .cell { overflow: auto }</style>"
    assert sabotage(style + body, lambda opened: opened.tab.evaluate(ASTRAY)) == ["AB"]


def test_code_that_goes_on_shows_it(phone):
    assert phone.tab.evaluate(SIDEWAYS)
    assert phone.tab.evaluate(CUT) == []


def test_code_that_is_cut_without_a_sign_is_found(sabotage):
    body = f'<pre style="overflow: auto; width: 90px">{"x" * 99}</pre>'
    assert len(sabotage(body, lambda opened: opened.tab.evaluate(CUT))) == 1


def test_the_buttons_stand_in_one_line(laptop, phone):
    assert len(laptop.tab.evaluate(LINES)) == 1
    assert len(phone.tab.evaluate(LINES)) == 1


def test_buttons_in_two_lines_are_found(sabotage):
    body = '<div class="bd-header-article"><p class="btn">A</p><p class="btn">B</p></div>'
    assert len(sabotage(body, lambda opened: opened.tab.evaluate(LINES))) == 2


def test_nothing_covers_the_text(phone):
    phone.tab.mouse.wheel(0, 3000)
    phone.tab.wait_for_function("scrollY > 1000")
    phone.tab.mouse.wheel(0, -300)
    phone.tab.wait_for_timeout(500)
    assert phone.tab.evaluate(COVERS) == []


def test_a_cover_is_found(sabotage):
    body = '<button id="up" style="position: fixed; top: 500px">Up</button>'
    assert sabotage(body, lambda opened: opened.tab.evaluate(COVERS)) == ["up"]


def test_without_scripts_pages_have_the_readers_theme_and_code_its_colors(browser, address):
    pages = {}
    for theme in ("light", "dark"):
        for scripts in (True, False):
            url = f"{address}/{CHAPTER}.html"
            with visit(browser, url, theme, scripts=scripts) as opened:
                pages[theme, scripts] = opened.tab.evaluate(COLORS)
    assert pages["light", False] == pages["light", True]
    assert pages["dark", False] == pages["dark", True]
    assert pages["light", False] != pages["dark", False]
    assert min(colors for _, colors in pages.values()) > 5


def test_what_was_copied_is_said(laptop):
    said = laptop.tab.locator("body > [role=status]")
    assert said.inner_text() == ""
    laptop.tab.locator("section > .cell > .cell_input button.copybtn").first.press("Enter")
    said.filter(has_text="Cop").wait_for(state="attached")


def test_chinese_is_marked_and_summaries_keep_their_names(site):
    assert [text for page in site.values() for text in unmarked_chinese(page)] == []
    assert [name for page in site.values() for name in renamed_summaries(page)] == []
    assert sum(len(page.select("[lang=zh]")) for page in site.values()) > 200


def test_unmarked_chinese_and_another_name_are_found():
    body = '<body><p>一 <b lang="zh">二</b></p><summary aria-label="x">三</summary></body>'
    page = BeautifulSoup(body, "html.parser")
    assert unmarked_chinese(page) == ["一 ", "三"]
    assert len(renamed_summaries(page)) == 1


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("<p>a 掩码, 键</p>", '<p>a <span lang="zh">掩码</span>, <span lang="zh">键</span></p>'),
        ('<i title="掩码">a</i>', '<i title="掩码">a</i>'),
        ('<script>"掩码"</script>', '<script>"掩码"</script>'),
        ('<span lang="zh">掩码</span>', '<span lang="zh">掩码</span>'),
    ],
)
def test_chinese_is_marked_once_and_only_in_text(html, made):
    assert marked(html) == made
