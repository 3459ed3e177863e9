import re

import numpy as np
import pytest

from attention_book.figures.shares import percents
from attention_book.figures.spread import BINS, spread
from tests.figures.samples import softmax
from tests.figures.test_browser import show

__all__ = ["show"]
WIDTHS = [4, 16, 64]
RNG = np.random.default_rng(0)
Q, K = RNG.normal(size=(200, 64, 1)), RNG.normal(size=(200, 3, 64))
DRAWN = np.array([(K[..., :d] @ Q[:, :d])[..., 0] for d in WIDTHS])
SHOWN = """(e, [parts, name]) => [...e.querySelectorAll(parts)]
    .map(part => +getComputedStyle(part).getPropertyValue(name))"""


def sample(**more):
    return spread(DRAWN, WIDTHS, **more)


def shown(tab, parts, name):
    return tab.locator("figure").evaluate(SHOWN, [parts, name])


def ranked(x):
    return np.sort(softmax(x), axis=1)[:, ::-1].mean(axis=0)


def heights(x):
    counts = np.histogram(x, BINS, (-24, 24))[0]
    return np.round(100 * counts / counts.max()).tolist()


def test_every_width_by_key_and_its_numbers_from_numpy(show):
    with show(sample(width=0).html) as opened:
        opened.tab.locator(".d0").focus()
        for w, d in enumerate(WIDTHS):
            sides = DRAWN[w], DRAWN[w] / np.sqrt(d)
            bars = [n for x in sides for n in percents(ranked(x)).tolist()]
            assert shown(opened.tab, ".af-bars li", "--share") == bars
            columns = [n for x in sides for n in heights(x)]
            assert shown(opened.tab, ".af-hist b", "--h") == columns
            size, most, less = DRAWN[w].std(), *(100 * softmax(x).max(1).mean() for x in sides)
            said = opened.tab.locator(f".on-d{w}").inner_text()
            assert (
                f"Width {d}: the typical score is {size:.1f}, divided {sides[1].std():.1f}." in said
            )
            assert f"the largest share is {most:.0f} percent, divided {less:.0f}." in said
            opened.tab.keyboard.press("ArrowRight")


def test_a_wrong_height_is_noticed(show):
    html = re.sub(r"--uh24:\d+", "--uh24:1", sample(width=0).html)
    with show(html) as opened:
        assert shown(opened.tab, ".af-hist b", "--h")[:BINS] != heights(DRAWN[0])


def test_columns_stand_as_high_as_they_say(show):
    with show(sample().html) as opened:
        boxes = opened.tab.locator(".af-hist").first.locator("b")
        tall = boxes.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
        expected = np.array(heights(DRAWN[-1])) / 100
        assert np.array(tall) / max(tall) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("scores", [DRAWN[:2], DRAWN[0]])
def test_another_shape_is_refused(scores):
    with pytest.raises(ValueError, match=r"spread: 3 widths need scores of shape \(3, N, K\)"):
        spread(scores, WIDTHS)
