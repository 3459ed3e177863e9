"""The build found in the chapters' plain text all that their pages should show."""

import re

import pytest
from book_text.boxes import OPENERS
from book_text.citations import keys, named, pattern
from pybtex.database import parse_file, parse_string

from tests.notebooks.cells import code_cells, markdown_cells
from tests.notebooks.terms import BOLD
from tests.site.building import ROOT
from tests.site.visiting import visit
from tools.execute import read

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
CHAPTER = "chapters/08-masked-self-attention"
# What stands in a page, and what makes it of which the plain text has as many.
MADE = {
    "div.box.claimed": r"^> \*\*(Claimed|A common slip)\*\*",
    "div.box.predict": r"^> \*\*Predict first\.\*\*",
    "figure[id^=figure-] > figcaption": r"^\*Figure [\dA-Z]+\.\d+\.\*",
    "section.exercise": r"^### Exercise [\dA-Z]",
    "section.exercise > details.fold": r"^#### Solution [\dA-Z]",
}
FOCUSED = "document.activeElement.innerText"
BORDER = "e => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).borderTopStyle]"
LAST_LINE = re.compile(r"Built in Chapter \d+ · Glossary")
ADDRESS = r"https?://|\b10\.\d+/"
DOUBLED = re.compile(r"\b([a-z]{2,}) \1\b")
WIDE = """() => {
  for (const fold of document.querySelectorAll("article details")) fold.open = true;
  return [...document.querySelectorAll("article :is(.cell_input, .cell_output) pre")]
    .filter(code => code.scrollWidth > code.clientWidth).map(code => code.innerText);
}"""


@pytest.fixture(scope="module")
def pages(site):
    return {path.stem: page for path, page in site.items()}


@pytest.fixture(scope="module")
def works():
    return keys(parse_file(ROOT / "references.bib", encoding="utf-8").entries)


def text(path):
    prose = "\n\n".join(cell.source for cell in markdown_cells(read(path)))
    return re.sub(r"`[^`\n]*`|(?<=\*)[^*\n]*\*\*it\*\*[^*\n]*(?=\*)", "", prose)


@pytest.mark.parametrize("selector", MADE)
def test_a_page_shows_as_many_as_its_text_has(pages, selector):
    written = {path.stem: len(re.findall(MADE[selector], text(path), re.M)) for path in NOTEBOOKS}
    shown = {name: len(pages[name].select(selector)) for name in written}
    assert shown == written
    assert sum(written.values()) > 6


def test_each_word_in_bold_is_a_term(pages):
    for path in NOTEBOOKS:
        bold = [words for words in BOLD.findall(text(path)) if words not in OPENERS]
        shown = [button.get_text() for button in pages[path.stem].select(".term > button")]
        assert shown == [" ".join(words.split()) for words in bold], path.name


@pytest.mark.parametrize("tag", ["hide-input", "hide-output"])
def test_every_cell_that_is_tagged_folds(pages, tag):
    for path in NOTEBOOKS:
        tags = [cell.metadata.get("tags", []) for cell in code_cells(read(path))]
        folds = pages[path.stem].select(f"div.tag_{tag} > details.fold")
        assert len(folds) == tags.count([tag]), path.name
        assert all(fold.summary.get_text(strip=True) for fold in folds)


def test_figures_are_mentioned_and_terms_have_cards(pages):
    mentions = [a for page in pages.values() for a in page.select("a[href*='#figure-']")]
    assert len([a for a in mentions if re.fullmatch(r"[Ff]igure [\d.]+", a.text)]) > 6
    for page in pages.values():
        buttons = {button["popovertarget"] for button in page.select(".term > button")}
        assert buttons == {card["id"] for card in page.select(".term-card[popover]")}


def sources():
    """All texts that can cite: pages, notebooks, and docstrings, which the library's page shows."""
    yield from map(text, NOTEBOOKS)
    for path in [*ROOT.glob("*.md"), *ROOT.glob("chapters/*.md"), *ROOT.glob("src/**/*.py")]:
        yield " ".join(path.read_text("utf-8").split())


def test_each_work_is_cited(works):
    whole = " ".join(" ".join(sources()).split())
    cited = {works.get(named(mention)) for mention in pattern(works).finditer(whole)}
    assert set(works.values()) - cited == set()


def nowhere(entries):
    """The works for which the bibliography gives neither a DOI nor an address."""
    given = {key: entry.fields for key, entry in entries.items()}
    return [key for key in given if not re.search(ADDRESS, str(given[key]))]


def test_each_work_has_a_doi_or_an_address():
    assert nowhere(parse_file(ROOT / "references.bib", encoding="utf-8").entries) == []


def test_a_work_without_an_address_is_found():
    entries = parse_string(
        "@misc{a, title = {One}} @misc{b, url = {https://b.org}} @misc{c, doi = {10.1/c}}"
        " @misc{d, note = {\\url{https://d.org}}}",
        "bibtex",
    ).entries
    assert nowhere(entries) == ["a"]


def test_the_links_to_works_are_many(pages):
    links = [
        a for page in pages.values() for a in page.select("a[href*='bibliography.html#cite-']")
    ]
    assert len(links) > 40


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_card_opens_and_closes_by_keyboard_alone(browser, address, scripts, width):
    with visit(browser, f"{address}/{CHAPTER}.html", width=width, scripts=scripts) as opened:
        term = opened.tab.get_by_role("button", name="causal mask", exact=True)
        card = opened.tab.locator("#card-causal-mask")
        opened.tab.emulate_media(reduced_motion="reduce")
        term.focus()
        opened.tab.keyboard.press("Enter")
        card.wait_for(state="visible")
        assert "因果掩码" in card.inner_text()
        assert is_within(card.bounding_box(), width)
        opened.tab.keyboard.press("Tab")
        assert opened.tab.evaluate(FOCUSED).startswith("mask")
        opened.tab.keyboard.press("Escape")
        card.wait_for(state="hidden")
        assert opened.tab.evaluate(FOCUSED) == "causal mask"


def is_within(box, width):
    """Whether a box lies on a screen that is 900 pixels high."""
    x, y, wide, high = (box[name] for name in ("x", "y", "width", "height"))
    return x >= 0 and y >= 0 and x + wide <= width and y + high <= 900


@pytest.mark.parametrize("change", [{"x": -1}, {"x": 300}, {"y": 850}])
def test_a_box_beside_the_screen_is_found(change):
    box = {"x": 0, "y": 0, "width": 100, "height": 100}
    assert is_within(box, 375)
    assert not is_within(box | change, 375)


def test_each_card_is_a_clean_sentence_and_leads_on(pages):
    cards = [card for page in pages.values() for card in page.select(".term-card")]
    assert len(cards) > 100
    assert [card["id"] for card in cards if not LAST_LINE.fullmatch(card("p")[-1].text)] == []
    assert [doubled for card in cards for doubled in DOUBLED.findall(card.text)] == []
    assert DOUBLED.findall("a query query asks") == ["query"]


def test_a_card_is_seen_in_forced_colors(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html") as opened:
        opened.tab.emulate_media(forced_colors="active")
        opened.tab.get_by_role("button", name="causal mask", exact=True).press("Enter")
        card = opened.tab.locator("#card-causal-mask")
        card.wait_for(state="visible")
        assert card.evaluate(BORDER) == ["1px", "solid"]


def test_what_an_address_names_is_lit(browser, address):
    page = f"{address}/chapters/bibliography.html"
    with visit(browser, f"{page}#cite-vaswani2017") as opened:
        color = "getComputedStyle(document.querySelector('{}')).backgroundColor".format
        lit = opened.tab.evaluate(color("#cite-vaswani2017"))
        assert lit != opened.tab.evaluate(color("#cite-lee2021"))


@pytest.mark.parametrize("page", [path.stem for path in NOTEBOOKS if path.stem[0].isdigit()])
def test_no_code_scrolls_sideways_on_a_laptop(browser, address, page):
    with visit(browser, f"{address}/chapters/{page}.html", width=1280) as opened:
        assert opened.tab.evaluate(WIDE) == []
