import numpy as np
import pytest

from attention_book.figures import forming
from tests.figures.samples import CAUSAL, WORDS
from tests.figures.samples import forming as sample
from tests.figures.test_browser import show

__all__ = ["show"]
STEPS, RIGHT = [0, 5, 20], [0.1, 0.5, 1]
FRAMES = np.eye(4, k=-1, dtype=bool)
SHARES = """e => [...e.querySelectorAll(".af-row i:not(.no)")]
    .map(cell => +getComputedStyle(cell).getPropertyValue("--share"))"""
RINGS = """e => [...e.querySelectorAll(".af-row i:not(.no)")]
    .map(cell => getComputedStyle(cell).getPropertyValue("--ring") === "1")"""


def expected(s):
    """Whole percents of both panels, and the mean weights in the frames."""
    heads = sample().heads
    cells = [np.floor(100 * x[s][CAUSAL] + 0.5) for x in heads]
    return np.concatenate(cells), [x[s][FRAMES].mean() for x in heads]


def check(tab, s):
    cells, scores = expected(s)
    assert tab.locator("figure").evaluate(SHARES) == cells.tolist()
    parts = [f"{name} {100 * score:.0f} %" for name, score in zip(WORDS, scores, strict=False)]
    says = f"Step {STEPS[s]}: {100 * RIGHT[s]:.0f} % right. In frames: {', '.join(parts)}."
    assert tab.locator("output").inner_text() == says


def test_patterns_follow_the_step_by_keys(show):
    with show(sample().html) as opened:
        slider = opened.tab.get_by_role("slider")
        check(opened.tab, 2)
        slider.focus()
        for key, s in {"ArrowLeft": 1, "Home": 0, "End": 2}.items():
            opened.tab.keyboard.press(key)
            check(opened.tab, s)
            assert slider.get_attribute("aria-valuetext") == str(STEPS[s])
        with pytest.raises(AssertionError):
            check(opened.tab, 1)


def test_patterns_follow_the_mouse(show):
    with show(sample().html) as opened:
        box = opened.tab.get_by_role("slider").bounding_box()
        assert box["height"] >= 44
        opened.tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        check(opened.tab, 1)


def test_frames_stand_around_the_marked_cells(show):
    with show(sample().html) as opened:
        rings = np.reshape(opened.tab.locator("figure").evaluate(RINGS), (2, 10))
        assert (rings == FRAMES[CAUSAL]).all()


def test_without_a_script_the_chosen_step_is_drawn(show):
    with show(sample(step=1).html, scripts=False) as opened:
        check(opened.tab, 1)
        assert not opened.tab.get_by_role("slider").is_visible()


def test_the_numbers_have_every_step():
    lines = repr(sample()).splitlines()
    assert [line.split()[1] for line in lines[2:]] == ["0", "5", "20"]
    first = expected(0)[1][0]
    assert f"{100 * first:.0f} %" in lines[2]


GIVEN = {
    "steps": STEPS,
    "right": RIGHT,
    "heads": {"one": np.repeat(np.eye(4)[None], 3, 0)},
    "marks": {"one": FRAMES},
    "tokens": WORDS,
}


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"right": [0.1, 1]}, "forming: 3 steps and 4 tokens"),
        ({"heads": {"one": np.eye(4)[None]}}, r"need patterns of shape \(3, 4, 4\)"),
        ({"tokens": "abc"}, "3 steps and 3 tokens"),
        ({"marks": {"other": FRAMES}}, "bool marks of"),
        ({"marks": {"one": FRAMES.astype(int)}}, "bool marks of"),
        ({"marks": {"one": FRAMES & False}}, "bool marks of"),
        ({"steps": [0, 5, 5]}, "steps must rise"),
        ({"heads": {"one": np.full((3, 4, 4), 0.25)}}, "patterns must be causal"),
        ({"right": [0.1, 1, 2]}, "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused(changed, match):
    with pytest.raises(ValueError, match=match):
        forming(**GIVEN | changed)
