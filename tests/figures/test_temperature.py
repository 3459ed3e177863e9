import numpy as np
import pytest

from attention_book.figures.temperature import temperature
from tests.figures.samples import CAUSAL, SCORES, WORDS, softmax
from tests.figures.test_browser import show

__all__ = ["show"]
PRINTED = np.zeros((4, 4))
PRINTED[CAUSAL] = [1, 0.48, 0.52, 0.31, 0.35, 0.34, 0.25, 0.26, 0.23, 0.26]
SHARES = """e => [...e.querySelectorAll(".af-bars li")].filter(bar => bar.checkVisibility())
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def sample(**more):
    return temperature(WORDS, SCORES, mask=CAUSAL, marks=PRINTED, **more)


def expected(row, heat):
    return 100 * softmax(SCORES[row, : row + 1] / heat)


def told(tab):
    """The temperature that the page names, and the shares that it shows."""
    text = tab.locator("output:visible").inner_text()
    return float(text.split(",")[0].split()[-1]), tab.locator("figure").evaluate(SHARES)


def test_shares_follow_the_temperature_by_keys(show):
    with show(sample().html) as opened:
        slider = opened.tab.get_by_role("slider")
        slider.focus()
        for key in ["ArrowRight", "PageUp", "ArrowLeft", "PageDown", "PageDown", "Home", "End"]:
            opened.tab.keyboard.press(key)
            heat, shares = told(opened.tab)
            assert shares == pytest.approx(expected(3, heat))
            assert slider.get_attribute("aria-valuetext") == f"{heat:g}"
        assert heat == 100


def test_shares_follow_the_mouse_and_each_row_has_its_own(show):
    with show(sample(row="must").html) as opened:
        assert told(opened.tab) == (1, pytest.approx(expected(1, 1)))
        box = opened.tab.get_by_role("slider").bounding_box()
        opened.tab.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
        heat, shares = told(opened.tab)
        assert 4 < heat < 12
        assert shares == pytest.approx(expected(1, heat))
        opened.tab.locator("label:has(.q2)").click()
        assert told(opened.tab) == (heat, pytest.approx(expected(2, heat)))


def test_the_marks_are_met_where_numpy_rounds_to_them(show):
    with show(sample().html) as opened:
        opened.tab.get_by_role("slider").focus()
        met = []
        for _ in range(40):
            opened.tab.keyboard.press("ArrowRight")
            heat, _ = told(opened.tab)
            right = np.array_equal(softmax(SCORES[3] / heat).round(2), PRINTED[3])
            text = opened.tab.locator("output:visible").inner_text()
            assert ("All marks are met." in text) == right
            met += [heat] * right
        assert 4 in met


def test_a_wrong_score_is_noticed(show):
    with show(sample().html.replace("0.81", "0.91")) as opened:
        assert told(opened.tab)[1] != pytest.approx(expected(3, 1), rel=1e-3)


def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_move(show):
    with show(sample(heat=4).html, scripts=False) as opened:
        shown = opened.tab.locator(".af-bars em:visible").all_inner_texts()
        assert shown == ["25 %", "26 %", "23 %", "26 %"]
        assert not opened.tab.get_by_role("slider").is_visible()


def test_the_ends_are_one_word_and_equal_shares():
    cold, start, hot = repr(sample()).split("\n\n")[1:]
    assert cold.splitlines()[-1].split() == ["orders", "<1", "2", "<1", "98"]
    assert start.splitlines()[-1].split() == ["orders", "26", "28", "17", "29"]
    assert hot.splitlines()[-1].split() == ["orders", "25", "25", "25", "25"]


@pytest.mark.parametrize(
    "scores, more",
    [
        (SCORES[:2], {}),
        (SCORES, {"marks": PRINTED[1:]}),
        (SCORES, {"heat": 0}),
        (SCORES, {"heat": 1000}),
    ],
)
def test_what_does_not_fit_is_refused(scores, more):
    with pytest.raises(ValueError, match=r"temperature: 4 rows and 4 words need scores and marks"):
        temperature(WORDS, scores, **more)


def test_a_row_without_a_word_is_refused():
    with pytest.raises(ValueError, match="row 'obey' sees no word"):
        temperature(WORDS, SCORES, mask=CAUSAL & (np.arange(4) != 2)[:, None])
