"""The sliders in Chromium: they start when seen, answer the keyboard, and agree with NumPy."""

import json
import re
import shutil

import book_sliders as sliders
import numpy as np
import pytest

from attention_book.figures import slider
from attention_book.figures.slider.softmax import shares
from tests.figures.samples import WORDS, random_heads
from tests.site.visiting import visit
from tools.serve import served

FIGURES = [
    slider.softmax(),
    slider.neuron(),
    slider.training([0, 10, 20], [1.5, 0.7, 0.2], random_heads(), WORDS),
]
FAR = "<div style='height:3000px'></div>"
CHANGED = "([figure, was]) => figure.querySelector('svg').innerHTML !== was"
LABELS = "e => [...e.querySelectorAll('.mark-rect path')].map(p => p.getAttribute('aria-label'))"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with Vega's code, and a page of all slider figures far below the first screen."""
    folder = tmp_path_factory.mktemp("site")
    (folder / sliders.BUNDLE).write_text(sliders.bundle(), "utf-8")
    shutil.copy(sliders.START, folder)
    drawn = [sliders.markup(json.loads(json.dumps(figure.spec()))) for figure in FIGURES]
    for theme in ("light", "dark"):
        text = document("".join([FAR, *drawn]), theme)
        (folder / f"{theme}.html").write_text(text, "utf-8")
        lost = text.replace(sliders.START.name, "no-start.js")
        (folder / f"{theme}-alone.html").write_text(lost, "utf-8")
    return folder


def document(body, theme):
    head = "<meta charset=utf-8><meta name=viewport content='width=device-width'><title>x</title>"
    script = f"<script defer src={sliders.START.name}></script>"
    start = f"<body style='background:{'#121212' if theme == 'dark' else '#fff'}'><main>"
    title = "<h1 style='color:#777'>x</h1>"
    return f"<!doctype html><html lang=en data-theme={theme}>{head}{script}{start}{title}{body}"


def started(opened, number):
    """The figure at this place, once its controls are there."""
    figure = opened.tab.locator("figure").nth(number)
    figure.scroll_into_view_if_needed()
    figure.locator(".vega-bind").first.wait_for()
    return figure


def drawn_shares(figure):
    """The shares that the bars say in words, in the order of the words."""
    said = figure.locator(".af-view").evaluate(LABELS)
    return [float(re.search(r"share: ([\d.e-]+)", label)[1]) for label in said]


def come_to_say(figure, expected):
    """Whether the bars say these shares, at once or, on a busy machine, later."""
    for _ in range(600):
        if np.allclose(drawn_shares(figure), expected, atol=1e-3):
            return True
        figure.page.wait_for_timeout(100)
    return False


@pytest.fixture(params=["file", "server"])
def address(request, site):
    if request.param == "file":
        yield site.as_uri()
        return
    with served(site) as address:
        yield address


def test_vega_comes_only_when_a_figure_is_seen(browser, address):
    with visit(browser, f"{address}/light.html") as opened:
        loaded = []
        opened.tab.on("request", lambda request: loaded.append(request.url))
        opened.tab.wait_for_timeout(300)
        assert loaded == []
        started(opened, 0)
        assert [url.rsplit("/")[-1] for url in loaded] == [sliders.BUNDLE]
        assert (opened.foreign, opened.crashes, opened.console) == ([], [], [])


def test_softmax_follows_its_controls_by_keyboard(browser, site):
    with visit(browser, (site / "light.html").as_uri()) as opened:
        figure = started(opened, 0)
        assert come_to_say(figure, shares(64, False))
        width, heat = figure.locator("input[type=range]").all()
        width.focus()
        opened.tab.keyboard.press("ArrowLeft")
        assert come_to_say(figure, shares(63, False))
        assert not np.allclose(drawn_shares(figure), shares(64, True), atol=1e-3)
        figure.locator("input[type=checkbox]").focus()
        opened.tab.keyboard.press("Space")
        heat.focus()
        opened.tab.keyboard.press("ArrowRight")
        assert come_to_say(figure, shares(63, True, 1.1))


@pytest.mark.parametrize("number", range(len(FIGURES)))
def test_every_slider_changes_what_is_seen(browser, site, number):
    with visit(browser, (site / "light.html").as_uri(), width=375) as opened:
        figure = started(opened, number)
        for control in figure.locator("input[type=range]").all():
            before = [figure.element_handle(), figure.locator("svg").first.inner_html()]
            control.focus()
            opened.tab.keyboard.press("ArrowLeft")
            opened.tab.wait_for_function(CHANGED, arg=before)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_no_barrier_before_and_after_the_start(browser, site, theme, width):
    with visit(browser, (site / f"{theme}.html").as_uri(), theme, width) as opened:
        assert opened.barriers() == []
        for number in range(len(FIGURES)):
            figure = started(opened, number)
            for control in figure.locator("input, select").all():
                assert control.bounding_box()["height"] >= 44
        assert opened.barriers() == []
        assert opened.pixels_too_wide() <= 0
        assert (opened.foreign, opened.crashes) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_scripts_the_picture_and_the_numbers_stay(browser, site, theme):
    with visit(browser, (site / f"{theme}-alone.html").as_uri(), theme, scripts=False) as opened:
        for figure in opened.tab.locator("figure").all():
            assert figure.locator(".af-view > svg").is_visible()
            figure.locator("summary").last.click()
            assert figure.locator("details td").last.is_visible()


def test_a_lost_bundle_leaves_the_picture(browser, site, tmp_path):
    for name in ("light.html", sliders.START.name):
        (tmp_path / name).write_text((site / name).read_text("utf-8"), "utf-8")
    with visit(browser, (tmp_path / "light.html").as_uri()) as opened:
        figure = opened.tab.locator("figure").first
        figure.scroll_into_view_if_needed()
        opened.tab.wait_for_timeout(300)
        assert figure.locator(".af-view > svg").is_visible()
        assert figure.locator(".vega-bind").count() == 0


def test_the_start_moves_nothing(browser, site):
    with visit(browser, (site / "light.html").as_uri(), width=1440) as opened:
        figure = opened.tab.locator("figure").first
        before = figure.bounding_box()["height"]
        after = started(opened, 0).bounding_box()["height"]
        assert abs(after - before) < 24
