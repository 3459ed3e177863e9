"""The search finds sections, the one that builds a word first, and says the same from a disk."""

import json
import re

import pytest
from book_site.search import found, sections
from bs4 import BeautifulSoup

from tests.site.visiting import visit

# What a query lists first: the chapter, and what its address has after the page.
FIRST = {
    "causal mask": (8, "#a-mask-is-a-matrix-of-permissions"),
    "KV cache": (9, "#the-kv-cache"),
    "softmax": (6, "#scaling-and-softmax"),
    "positional encoding": (2, "#position"),
    "multi-head": (7, "#multi-head-attention"),
    "layer normalization": (10, "#the-block"),
    "cross-attention": (11, "#encoder-decoder-and-cross-attention"),
    "byte-pair": (1, "#tokens-and-embeddings"),
    "因果掩码": (8, "#a-mask-is-a-matrix-of-permissions"),
    "键值缓存": (9, "#the-kv-cache"),
    "注意力": (7, "#multi-head-attention"),
}
FURNITURE = re.compile(r"¶|Contents|Click to|Skip to|Toggle|\\\(")
ITEMS = """items => items.map(item => ({
  href: item.querySelector("a").getAttribute("href"), text: item.innerText,
  chinese: [...item.querySelectorAll("[lang=zh]")].map(part => part.textContent),
}))"""


def results(browser, start, query):
    """What the search page says, and what it lists."""
    with visit(browser, f"{start}/search.html?q={query}") as opened:
        status = opened.tab.locator("#found > [role=status]")
        status.filter(has_text="section").wait_for()
        items = opened.tab.locator("#found > ol > li").evaluate_all(ITEMS)
        assert (opened.crashes, opened.console, opened.foreign) == ([], [], [])
        return status.inner_text(), items


@pytest.mark.parametrize("query", FIRST)
def test_the_section_that_builds_a_word_comes_first(browser, address, query):
    told, items = results(browser, address, query)
    chapter, place = FIRST[query]
    assert items[0]["href"].startswith(f"chapters/{chapter:02}-"), items[0]
    assert place in items[0]["href"]
    assert query in told


@pytest.mark.parametrize("query", ["the mask hides", "注意力"])
def test_a_search_from_a_disk_says_what_one_on_a_host_says(browser, html, address, query):
    on_host = results(browser, address, query)
    assert len(on_host[1]) > 3
    assert results(browser, html.as_uri(), query) == on_host


def test_a_word_in_chinese_leads_to_its_entry_too(browser, address):
    told, items = results(browser, address, "因果掩码")
    assert "(causal mask)" in told
    [entry] = [item for item in items if item["href"].endswith("glossary.html#term-causal-mask")]
    assert entry["chinese"] == ["因果掩码"]
    assert len({item["href"].partition("#")[0] for item in items}) > 4


def test_the_other_name_of_a_word_leads_to_it(browser, address):
    assert "(positional encoding)" in results(browser, address, "position code")[0]


@pytest.mark.parametrize("query", ["xylophone", "<b>x</b>zz", "a(b[", "不"])
def test_what_is_nowhere_is_said_and_what_is_odd_does_no_harm(browser, address, query):
    told, items = results(browser, address, query)
    assert query in told
    assert (items == []) == told.startswith("No section")


def test_a_result_leads_to_its_section(browser, address):
    with visit(browser, f"{address}/search.html?q=causal mask") as opened:
        opened.tab.locator("#found li a").first.click()
        opened.tab.wait_for_url("**/08-*#a-mask-is-a-matrix-of-permissions")
        assert opened.tab.locator(":target h2").first.is_visible()


def test_the_texts_are_the_words_of_the_pages_alone(html):
    names = [path.relative_to(html).as_posix() for path in html.glob("chapters/*.html")]
    rows = found(html, names)
    assert len(rows) > 300
    assert [row["href"] for row in rows if furniture(row)] == []
    assert any(row["terms"] == ["KV cache"] for row in rows)


def furniture(row):
    """What belongs to a page and not to what it says."""
    return FURNITURE.findall(f"{row['title']} {row['text']}")


@pytest.mark.parametrize("text", ["Contents One", "A¶", r"the share \(x\)"])
def test_furniture_is_found(text):
    assert furniture({"title": "A", "text": text})


PAGE = """<nav>x</nav><main role="main"><section id="a"><h1>1. A<a class="headerlink">¶</a></h1>
<p>One <svg><text>no</text></svg> <span class="term" id="mask-in-01"><button>mask</button></span>
<span class="term" id="head-in-01">head</span></p><div popover>card</div>
<pre>code()</pre><p>two</p><style>b{}</style>
<section id="b"><h2>B</h2><p>three</p></section></section>
<dl class="glossary"><dt id="t">mask</dt><dt id="u">掩码</dt><dd><p>Yes.</p></dd>
<dt id="v">head</dt><dd>One.</dd></dl></main>"""


def test_a_page_is_its_sections_and_the_entries_of_its_glossary():
    page = BeautifulSoup(PAGE, "html.parser")
    rows = [[*row.values()] for row in sections(page, "p.html", {"mask-in-01"})]
    assert rows == [
        ["p.html#t", "1. A", "mask 掩码", [], "Yes."],
        ["p.html#v", "1. A", "head", [], "One."],
        ["p.html#b", "1. A", "B", [], "three"],
        ["p.html#a", "1. A", "1. A", ["mask"], "One mask head two code()"],
    ]


@pytest.mark.parametrize("lost", ['role="main"', "<h1>", "<h2>"])
def test_a_page_of_another_form_is_refused(lost):
    page = BeautifulSoup(PAGE.replace(lost, "<p "), "html.parser")
    with pytest.raises(AttributeError):
        sections(page, "p.html", set())


def test_our_index_is_written(html):
    code = (html / "_static/search-texts.js").read_text("utf-8")
    data = json.loads(code.removeprefix("const searchTexts = ").removesuffix(";\n"))
    assert data["names"]["因果掩码"] == "causal mask"
    assert {row["href"].partition("#")[0] for row in data["sections"]} > {"intro.html"}
