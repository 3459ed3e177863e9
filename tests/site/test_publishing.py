"""A small book at an address of its own, with a formula, a figure, a moved page: built once."""

import re
from xml.etree import ElementTree

import matplotlib.figure
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook
from PIL import Image

from tests.site.building import FRAME, build, copy
from tests.site.static import COLAB

ADDRESS = "https://ada.github.io/notes/"
TEXT = """# A page

What it says first.

```{math}
:label: sum
1 + 1 = 2
```

See {eq}`sum`.

![A line.](line.png)
"""


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    book = tmp_path_factory.mktemp("book")
    copy(FRAME, book)
    config = (book / "_config.yml").read_text("utf-8")
    config = re.sub(r"https://github.com/\S+", "https://github.com/ada/notes", config)
    config = re.sub(r"redirects: \{\}.*", "redirects: {old/place: ../more.html}", config)
    (book / "_config.yml").write_text(config, "utf-8")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: more\n- file: cells\n", "utf-8"
    )
    (book / "intro.md").write_text(TEXT, "utf-8")
    (book / "more.md").write_text("# More\n\nWords alone.\n", "utf-8")
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# Cells\n\nIn a notebook.")]), book / "cells.ipynb"
    )
    figure = matplotlib.figure.Figure(figsize=(3, 2), dpi=100)
    figure.subplots().plot([0, 1])
    figure.savefig(book / "line.png")
    return build(book)


@pytest.fixture(scope="module")
def page(html):
    """A function that parses a page of the small book."""
    return lambda name: BeautifulSoup((html / f"{name}.html").read_text("utf-8"), "html.parser")


def content(page, key, name):
    return page.find("meta", {key: name})["content"]


def test_a_page_describes_itself(page):
    intro = page("intro")
    assert "What it says first." in content(intro, "name", "description")
    assert content(intro, "property", "og:title") == "A page"
    assert content(intro, "property", "og:site_name") == "Attention, Step by Step"
    assert content(page("more"), "property", "og:url") == f"{ADDRESS}more.html"
    assert intro.html["lang"] == "en"


def test_each_page_has_one_address_and_the_first_that_of_the_book(page):
    for name, address in {
        "intro": ADDRESS,
        "index": ADDRESS,
        "more": f"{ADDRESS}more.html",
    }.items():
        assert page(name).find("link", rel="canonical")["href"] == address
        assert content(page(name), "property", "og:url") == address


@pytest.mark.parametrize("name", ["intro", "more", "cells"])
def test_a_shared_page_has_a_picture(html, page, name):
    address = content(page(name), "property", "og:image")
    picture = html / address.removeprefix(ADDRESS)
    with Image.open(picture) as image:
        assert image.size == (1200, 630)
    assert 3_000 < picture.stat().st_size < 60_000
    assert content(page(name), "name", "twitter:card") == "summary_large_image"


def test_the_picture_shows_the_pages_own_figure(html):
    assert has_figure(html / "_images/pages/intro.png")
    assert not has_figure(html / "_images/pages/cells.png")


def has_figure(picture):
    with Image.open(picture) as image:
        right = image.convert("L").crop((640, 100, 1180, 560))
    return right.getextrema()[0] < 255


def test_the_site_map_has_every_page_and_the_robots_find_it(html):
    places = [place.text for place in ElementTree.parse(html / "sitemap.xml").iterfind(".//{*}loc")]
    assert places == [ADDRESS, f"{ADDRESS}cells.html", f"{ADDRESS}more.html"]
    assert (html / "robots.txt").read_text("utf-8").endswith(f"Sitemap: {ADDRESS}sitemap.xml\n")


def test_the_buttons_lead_to_the_page_itself(page):
    repository = "https://github.com/ada/notes"
    links = [a["href"] for a in page("cells").select(".article-header-buttons a")]
    assert [link.partition("?")[0] for link in links] == [
        f"{COLAB}ada/notes/blob/main/cells.ipynb",
        repository,
        f"{repository}/edit/main/cells.ipynb",
        f"{repository}/issues/new",
        "_sources/cells.ipynb",
    ]
    assert "cells.html" in links[3]


def test_a_closed_menu_loads_no_logo(page):
    assert page("cells").select(".article-header-buttons i.fa-rocket")
    assert page("cells").select(".article-header-buttons img") == []


def test_an_equation_is_numbered_and_referred_to(page):
    intro = page("intro")
    assert intro.find("span", class_="eqno").text.startswith("(1)")
    assert intro.find("a", class_="reference", href="#equation-sum").text == "(1)"


def test_an_image_says_its_size_and_waits(page):
    image = page("intro").find("img", alt="A line.")
    assert (image["width"], image["height"], image["loading"]) == ("300", "200", "lazy")


def test_an_image_is_published_in_fewer_bytes_and_the_same_pixels(page, html):
    published = html / page("intro").find("img", alt="A line.")["src"]
    source = html.parents[1] / "line.png"
    assert published.stat().st_size < source.stat().st_size
    shown, drawn = (Image.open(file).convert("RGBA") for file in (published, source))
    assert shown.tobytes() == drawn.tobytes()


def test_a_formula_is_there_without_a_script(page):
    assert page("intro").find("math")["alttext"] == "1 + 1 = 2"
    assert "ath" not in " ".join(map(str, page("intro").find_all("script")))


def test_a_moved_page_sends_readers_on(page, html):
    moved = page("old/place")
    refresh = moved.find("meta", {"http-equiv": "refresh"})["content"]
    target = refresh.split("url=")[1]
    assert (html / "old" / target).resolve() == html / "more.html"


def test_the_page_for_wrong_addresses_finds_its_parts_from_anywhere(page):
    lost = page("404")
    links = [tag["href"] for tag in lost.find_all(["a", "link"], href=True)]
    own = [link for link in links if not link.startswith(("http", "#", "data:"))]
    assert own
    assert all(link.startswith("/notes/") for link in own)


def test_nothing_that_no_page_uses_is_published(html):
    size = sum(path.stat().st_size for path in html.rglob("*") if path.is_file())
    assert size < 6 * 2**20
