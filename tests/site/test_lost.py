"""The page for wrong addresses, wherever the book lies."""

import pytest

from tests.site.visiting import visit
from tools.serve import BELOW, served

LOADS = "document.querySelectorAll('link:not([href^=data]), img, script[src]').length"
STYLED = "getComputedStyle(document.body).maxWidth !== 'none'"


@pytest.mark.parametrize("folder", [BELOW, "", f"/mirror{BELOW}"])
def test_it_has_its_style_and_leads_home(browser, address, folder):
    with visit(browser, f"{address}{folder}/a/b/c") as opened:
        assert opened.tab.evaluate(STYLED)
        assert opened.tab.evaluate(LOADS) == 0
        links = opened.tab.evaluate("[...document.links].map(link => link.href)")
        assert len(links) > 20
        assert all(link.startswith(f"{address}{folder}/") for link in links)


def test_its_search_searches(browser, address):
    with visit(browser, f"{address}/a/b/c") as opened:
        opened.tab.get_by_role("searchbox").fill("mask")
        opened.tab.get_by_role("button", name="Search").click()
        opened.tab.wait_for_url(f"{address}/search.html?q=mask")


def test_a_page_that_lost_its_style_is_noticed(browser, tmp_path):
    (tmp_path / "404.html").write_text('<link rel="stylesheet" href="site.css">', "utf-8")
    with served(tmp_path) as address, visit(browser, f"{address}/a/b/c") as opened:
        assert not opened.tab.evaluate(STYLED)
        assert opened.tab.evaluate(LOADS) == 1
