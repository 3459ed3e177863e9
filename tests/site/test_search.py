"""A search says the same in pages opened from a disk as on a host."""

import pytest
from book_site.search import text

from tests.site.visiting import visit

RESULTS = "items => items.map(item => item.innerText)"


def results(browser, start, query):
    """What the search page lists, once no context is missing."""
    with visit(browser, f"{start}/search.html?q={query}") as opened:
        opened.tab.locator(".search-summary").filter(has_text="found").wait_for()
        opened.tab.wait_for_function(
            "() => [...document.querySelectorAll('ul.search li')].every(e => e.children.length > 1)"
        )
        found = opened.tab.locator("ul.search li").evaluate_all(RESULTS)
        assert (opened.crashes, opened.console, opened.foreign) == ([], [], [])
    return [" ".join(item.split()) for item in found]


@pytest.mark.parametrize("query", ["softmax", "robot", "the mask hides", "head"])
def test_a_search_from_a_disk_says_what_one_on_a_host_says(browser, html, address, query):
    on_host = results(browser, address, query)
    assert len(on_host) > 3
    assert results(browser, html.as_uri(), query) == on_host


def test_a_page_is_its_words_and_what_a_result_leads_to():
    page = (
        '<header>x</header><main id="m" role="main">a<style>b{}</style> <p class="c">'
        '<section id="s">d &lt;\n<a class="headerlink" href="#s">#</a>e<script>f</script></section>'
        '<dt id="t">g</dt></p></main><footer>h</footer>'
    )
    assert text(page) == (
        '<div role="main">a <section id="s">d &lt;\ne</section><dt id="t">g</dt></div>'
    )
