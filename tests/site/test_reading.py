"""What a reader does with a page: wait for it, move with the keyboard, search, copy, print."""

import pytest

from tests.site.visiting import visit

CHAPTER = "chapters/03-self-attention"


@pytest.fixture(scope="module")
def chapter(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html") as opened:
        yield opened


def test_a_heavy_page_is_found(browser, address, html):
    with visit(browser, f"{address}/intro.html") as opened:
        opened.tab.evaluate("size => fetch('x?' + 'a'.repeat(size)).catch(() => 0)", 10)
        for number in range(12):
            opened.tab.evaluate("number => fetch('_static/favicon.svg?' + number)", number)
        assert [fault.split()[1] for fault in opened.too_heavy()] == ["requests"]


def test_the_first_tab_skips_to_the_text(browser, address):
    with visit(browser, f"{address}/intro.html") as opened:
        opened.tab.keyboard.press("Tab")
        assert opened.tab.locator(":focus").inner_text() == "Skip to main content"
        opened.tab.keyboard.press("Enter")
        assert opened.tab.url.endswith("#main-content")


@pytest.mark.parametrize("page", ["intro", CHAPTER, "search"])
@pytest.mark.parametrize("width", [375, 1440])
def test_the_focus_is_seen_wherever_tab_leads(browser, address, page, width):
    with visit(browser, f"{address}/{page}.html", width=width) as opened:
        assert opened.unseen_focus(steps=30) == []


def test_an_unseen_focus_is_found(sabotage):
    body = '<button style="outline: none">A</button><button>B</button>'
    assert len(sabotage(body, lambda opened: opened.unseen_focus(steps=2))) == 1


def links(opened, selector):
    return opened.tab.locator(selector).evaluate_all("found => found.map(a => a.href)")


def test_each_code_cell_can_be_copied(chapter):
    cells = chapter.tab.locator("div.cell_input div.highlight").count()
    assert chapter.tab.locator("div.cell_input button.copybtn").count() == cells > 10


def test_the_buttons_of_a_page(chapter):
    head = links(chapter, ".article-header-buttons a")
    assert any(CHAPTER + ".ipynb" in link for link in head)
    assert len(links(chapter, ".prev-next-area a")) == 2


def test_the_theme_changes_at_a_click_and_is_remembered(browser, address):
    with visit(browser, f"{address}/intro.html") as opened:
        opened.tab.locator("button.theme-switch-button:visible").first.click()
        chosen = opened.tab.evaluate("document.documentElement.dataset.mode")
        assert chosen != "auto"
        opened.tab.reload()
        assert opened.tab.evaluate("document.documentElement.dataset.mode") == chosen


def test_a_menu_opens_at_a_click(chapter):
    item = chapter.tab.locator(".dropdown-download-buttons .dropdown-item").first
    assert not item.is_visible()
    chapter.tab.locator(".dropdown-download-buttons > button").click()
    item.wait_for(state="visible")


def test_print_shows_the_text_alone_and_asks_nobody(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html") as opened:
        opened.tab.emulate_media(media="print")
        assert opened.tab.locator("h1:visible").count() == 1
        for part in (".bd-sidebar-primary", ".article-header-buttons", ".prev-next-area"):
            assert not opened.tab.locator(part).first.is_visible(), part
        assert opened.tab.pdf().startswith(b"%PDF")
        assert opened.foreign == []


def test_the_icons_come_from_the_cut_font(chapter):
    chapter.tab.wait_for_function(
        "[...document.fonts].some(f => f.status == 'loaded' && f.family.includes('Awesome'))"
    )
