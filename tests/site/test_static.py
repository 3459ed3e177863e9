import pytest
import yaml

from tests.site.building import ROOT
from tests.site.static import (
    COLAB,
    bad_colab_links,
    broken_links,
    colab_links,
    documents,
    foreign_resources,
    images_without_size,
    images_without_words,
    links_to,
    pages_without_description,
)

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
ADDRESS = CONFIG["repository"]["url"], CONFIG["repository"]["branch"]


@pytest.fixture
def page(tmp_path):
    """A function that makes a site of one page out of its body."""

    def make(body):
        (tmp_path / "page.html").write_text(f"<html><body>{body}</body></html>", "utf-8")
        return documents(tmp_path)

    return make


def test_links_and_anchors(site):
    assert broken_links(site) == []


def test_images_have_words(site):
    assert images_without_words(site) == []


def test_images_have_a_size(site):
    assert images_without_size(site) == []


def test_pages_describe_themselves(site):
    assert pages_without_description(site) == []


def test_no_page_calls_a_placeholder_its_address(site):
    canonical = [page.find("link", rel="canonical") for page in site.values()]
    assert any(canonical) == ("OWNER" not in ADDRESS[0])


def test_nothing_is_loaded_from_elsewhere(site):
    assert foreign_resources(site) == []


def test_each_notebook_opens_in_colab(site):
    notebooks = {path.stem for path in (ROOT / "chapters").glob("*.ipynb")}
    with_address = set() if "OWNER" in ADDRESS[0] else notebooks
    assert {path.stem for path, _ in colab_links(site)} == with_address
    assert bad_colab_links(site, ROOT, *ADDRESS) == []


def test_no_link_leads_to_a_placeholder(site):
    assert links_to(site, "github.com/OWNER", "/OWNER/NAME/") == []


@pytest.mark.parametrize("link", ["https://github.com/OWNER/NAME/issues", f"{COLAB}OWNER/NAME/a"])
def test_a_link_to_a_placeholder_is_found(page, link):
    site = page(f'<a href="{link}">x</a><a href="https://github.com/a/b">y</a>')
    assert [found for _, found in links_to(site, "github.com/OWNER", "/OWNER/NAME/")] == [link]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="gone.html">x</a>',
        '<a href="page.html#gone">x</a>',
        '<a href="#gone">x</a>',
        '<img src="gone.png" alt="x">',
    ],
)
def test_a_broken_link_is_found(page, body):
    assert len(broken_links(page(body))) == 1


def test_a_sound_link_passes(page):
    assert (
        broken_links(page('<a href="page.html#x" id="x">x</a><a href="https://a.org">y</a>')) == []
    )


@pytest.mark.parametrize("alt", ["", 'alt=""', 'alt="../_images/0f3a.png"'])
def test_an_image_without_words_is_found(page, alt):
    assert len(images_without_words(page(f'<img src="x.png" {alt}>'))) == 1


@pytest.mark.parametrize("alt", ['alt="Two rows."', 'alt="" role="presentation"'])
def test_an_image_with_words_or_for_decoration_passes(page, alt):
    assert images_without_words(page(f'<img src="x.png" {alt}>')) == []


@pytest.mark.parametrize("size", ["", 'width="3"', 'height="3"'])
def test_an_image_without_a_size_is_found(page, size):
    assert len(images_without_size(page(f'<article><img src="x.png" {size}></article>'))) == 1


def test_an_image_with_a_size_passes(page):
    body = '<article><img src="x.png" width="3" height="2"></article>'
    assert images_without_size(page(body)) == []


@pytest.mark.parametrize(
    "body", ["", '<meta name="description" content="A.">', '<meta name="description">']
)
def test_a_page_without_a_description_or_a_language_is_found(page, body):
    assert pages_without_description(page(body)) == ["page.html"]


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        '<img src="http://example.com/x.png" alt="x">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
    ],
)
def test_a_foreign_resource_is_found(page, tag):
    assert len(foreign_resources(page(tag))) == 1


@pytest.mark.parametrize(
    "path",
    ["OWNER/NAME/blob/main/gone.ipynb", "OWNER/NAME/blob/master/a.ipynb", "x/y/blob/main/a.ipynb"],
)
def test_a_wrong_link_to_colab_is_found(page, tmp_path, path):
    (tmp_path / "a.ipynb").touch()
    site = page(f'<a href="https://colab.research.google.com/github/{path}">Colab</a>')
    assert len(bad_colab_links(site, tmp_path, "https://github.com/OWNER/NAME", "main")) == 1
