import numpy as np
import pytest

from attention_book.figures import plane
from tests.figures.samples import WORDS
from tests.figures.samples import plane as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHARES = """e => [...e.querySelectorAll(".af-bars li")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""
QUERY = "e => [...e.querySelectorAll('input')].map(input => +input.value)"


def expected(query):
    keys = np.array(sample().data()["keys"])
    powers = np.exp(keys @ query / np.sqrt(2))
    return 100 * powers / powers.sum()


def told(tab):
    figure = tab.locator("figure")
    return figure.evaluate(QUERY), figure.evaluate(SHARES)


def test_shares_follow_the_arrow_by_mouse_and_by_keys(show):
    with show(sample().html) as opened:
        tab = opened.tab
        assert told(tab)[1] == pytest.approx(expected([2, 1]))
        box = tab.locator(".af-plane").bounding_box()
        tab.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
        tab.mouse.down()
        tab.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
        tab.mouse.up()
        query, shares = told(tab)
        assert query[0] < -1
        assert shares == pytest.approx(expected(query))
        tab.locator("input").first.focus()
        tab.keyboard.press("ArrowRight")
        assert told(tab)[0][0] == pytest.approx(query[0] + 0.1)
        assert told(tab)[1] == pytest.approx(expected(told(tab)[0]))
        tab.mouse.move(5, 5)
        assert told(tab)[0][1] == query[1], "the arrow follows only a pressed pointer"


def test_a_finger_drags_the_tip_and_scrolls_elsewhere(browser):
    context = browser.new_context(viewport={"width": 375, "height": 500}, has_touch=True)
    tab = context.new_page()
    tab.set_content(f"{sample().html}<div style='height:2000px'></div>")
    send = context.new_cdp_session(tab).send

    def drag(x, y, by):
        for kind, n in [
            ("touchStart", 0),
            *(("touchMove", n) for n in range(1, 9)),
            ("touchEnd", 0),
        ]:
            points = [] if kind == "touchEnd" else [{"x": x + n * by[0], "y": y + n * by[1]}]
            send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            tab.wait_for_timeout(20)

    tip = tab.locator(".af-tip circle").first.bounding_box()
    drag(tip["x"] + 20, tip["y"] + 20, (-10, 12))
    query, shares = told(tab)
    assert query[0] < 1
    assert query[1] < 0
    assert shares == pytest.approx(expected(query))
    assert tab.evaluate("scrollY") == 0
    plane = tab.locator(".af-plane").bounding_box()
    drag(plane["x"] + 20, plane["y"] + plane["height"] - 20, (0, -20))
    assert tab.evaluate("scrollY") > 0
    context.close()


def test_a_wrong_key_is_noticed(show):
    html = sample().html.replace('"keys":[[2.0', '"keys":[[1.0', 1)
    with show(html) as opened:
        assert told(opened.tab)[1] != pytest.approx(expected([2, 1]), rel=1e-3)


def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_move(show):
    with show(sample().html, scripts=False) as opened:
        shares = opened.tab.locator(".af-bars em").all_inner_texts()
        assert shares == [f"{share:.0f} %" for share in expected([2, 1])]
        assert not opened.tab.locator("input").first.is_visible()


@pytest.mark.parametrize(
    "keys, match",
    [
        (np.ones((3, 2)), r"plane: keys must have shape \(4, 2\)"),
        (np.full((4, 2), 9), r"between -3 and 3, got shape \(4, 2\), up to 9"),
    ],
)
def test_what_does_not_fit_the_plane_is_refused(keys, match):
    with pytest.raises(ValueError, match=match):
        plane(WORDS, keys, np.ones((4, 2)))
