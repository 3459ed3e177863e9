import pytest
import yaml

from tests.site.building import ROOT
from tests.site.static import (
    bad_colab_links,
    broken_links,
    colab_links,
    documents,
    foreign_resources,
    images_without_words,
)

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
ADDRESS = CONFIG["repository"]["url"], CONFIG["repository"]["branch"]


@pytest.fixture
def page(tmp_path):
    """A function that makes a site of one page out of its body."""

    def make(body):
        (tmp_path / "page.html").write_text(f"<html><body>{body}</body></html>")
        return documents(tmp_path)

    return make


def test_links_and_anchors(site):
    assert broken_links(site) == []


def test_images_have_words(site):
    assert images_without_words(site) == []


def test_nothing_is_loaded_from_elsewhere(site):
    assert foreign_resources(site) == []


def test_each_notebook_opens_in_colab(site):
    notebooks = {path.stem for path in (ROOT / "chapters").glob("*.ipynb")}
    assert {path.stem for path, _ in colab_links(site)} == notebooks
    assert bad_colab_links(site, ROOT, *ADDRESS) == []


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
