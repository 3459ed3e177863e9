"""What the build makes of a slider figure: a picture at once, and the chart's data beside it."""

import json
import re
from types import SimpleNamespace

import book_sliders
import pytest
from bs4 import BeautifulSoup
from myst_nb.core.render import get_mime_priority, load_mime_renders
from nbformat import from_dict

from attention_book.figures.slider import softmax
from attention_book.figures.slider.chart import VEGA_LITE
from tests.figures.samples import HOSTILE, WORDS
from tests.figures.test_slider import MAKERS, replay


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request):
    return request.param


def on_page(figure):
    return book_sliders.markup(json.loads(json.dumps(figure.spec())))


def test_on_a_page_the_page_says_title_and_sets_width_and_ground(make):
    spec = json.loads(BeautifulSoup(on_page(make()), "html.parser").select_one("script").string)
    assert "title" not in spec
    assert spec.get("width", "container") == "container"
    assert spec["config"]["background"] == "transparent"


def test_a_page_has_picture_data_hint_and_numbers(make):
    html = BeautifulSoup(on_page(make()), "html.parser")
    assert html.select_one("figure.af > .af-view[role=img][aria-label] > svg")
    assert json.loads(html.select_one(".af-view + script[type='application/json']").string)
    assert html.select_one(".af-hint")
    assert html.select_one("details td")


def test_two_figures_on_a_page_share_no_id():
    ids = re.findall(r'\bid="([^"]*)"', "".join(on_page(make()) for make in MAKERS))
    assert len(ids) == len(set(ids)) > 3


def test_case_54_hostile_words_stay_words():
    def outline(words):
        soup = BeautifulSoup(on_page(replay(words)), "html.parser")
        return [tag.name for tag in soup.find_all() if not tag.find_parent("svg")]

    plain = outline(WORDS)
    for start in range(0, len(HOSTILE) - 3, 24):
        assert outline(HOSTILE[start : start + 4]) == plain


def test_the_page_takes_only_what_is_a_chart():
    asked = []
    renderer = SimpleNamespace(add_js_file=lambda *file: asked.append(file))
    other = SimpleNamespace(mime_type="text/html", content="x")
    chart = SimpleNamespace(mime_type=VEGA_LITE, content=from_dict(softmax().spec()))
    assert book_sliders.VegaLite.handle_mime(renderer, other, False) is None
    assert book_sliders.VegaLite.handle_mime(renderer, chart, True) is None
    assert asked == []
    assert "<figure" in book_sliders.VegaLite.handle_mime(renderer, chart, False)[0].astext()
    assert asked == [("vega", "vega-start.js", {"defer": "defer"})]


def test_the_build_knows_the_renderer_once_and_prefers_the_chart_to_the_picture():
    app = SimpleNamespace(connect=lambda *event: None)
    for _ in range(2):
        book_sliders.setup(app)
    assert load_mime_renders().count(book_sliders.VegaLite) == 1
    on_a_page = get_mime_priority("html", [])
    assert on_a_page.index(VEGA_LITE) < on_a_page.index("image/png")
    assert VEGA_LITE not in get_mime_priority("latex", [])
