import numpy as np
import pytest
import torch

from attention_book import sample
from attention_book.figures import next_token
from tests.figures.samples import softmax
from tests.figures.test_browser import show

__all__ = ["show"]
TOKENS = [f"word {i}" for i in range(12)]
LOGITS = (np.random.default_rng(1).normal(size=(2, 12)) * 2).round(2)
SHARES = """e => [...e.querySelectorAll(".af-bars li")].filter(bar => bar.checkVisibility())
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def figure(**more):
    return next_token(TOKENS, LOGITS, ["one", "two"], shown=5, **more)


def expected(row, heat=1.0, k=12, p=1.0):
    """In percent, from scratch: the five likeliest, then the sum of the others."""
    falling = -np.sort(-LOGITS[row])
    shares = np.pad(softmax(falling[:k] / heat), (0, 12 - k))
    kept = next(n for n in range(1, 13) if n == k or shares[:n].sum() >= p - 1e-12)
    shares = np.where(np.arange(12) < kept, shares, 0) / shares[:kept].sum()
    return [*(100 * shares[:5]), 100 * shares[5:].sum()]


def shares_of(tab):
    return tab.locator("figure").evaluate(SHARES)


def press(tab, name, keys):
    tab.get_by_role("slider", name=name).focus()
    for key in keys:
        tab.keyboard.press(key)


def test_bars_follow_each_slider_by_keys(show):
    with show(figure().html) as opened:
        assert shares_of(opened.tab) == pytest.approx(expected(0))
        press(opened.tab, "temperature", ["End"])
        assert shares_of(opened.tab) == pytest.approx(expected(0, heat=10))
        press(opened.tab, "top-k", ["ArrowLeft", "ArrowLeft"])
        assert shares_of(opened.tab) == pytest.approx(expected(0, heat=10, k=4))
        press(opened.tab, "temperature", ["Home"])
        assert shares_of(opened.tab) == pytest.approx(expected(0, heat=0.1, k=4))
        press(opened.tab, "temperature", ["End"])
        press(opened.tab, "top-k", ["End"])
        press(opened.tab, "top-p", ["Home", *["ArrowRight"] * 20])
        assert shares_of(opened.tab) == pytest.approx(expected(0, heat=10, p=0.42))
        says = opened.tab.locator("output:visible").inner_text()
        assert says.endswith("of 12 tokens may be drawn.")


def test_the_lowest_temperature_cuts_nothing(show):
    assert (figure().chances(0, 0.1) > 0).all()
    with show(figure().html) as opened:
        press(opened.tab, "temperature", ["Home"])
        assert "12 of 12" in opened.tab.locator("output:visible").inner_text()
        assert "cut" not in opened.tab.locator(".af-bars:visible").inner_text()


def test_the_mouse_turns_a_slider_and_each_text_has_its_own_bars(show):
    with show(figure(chosen="two").html) as opened:
        assert shares_of(opened.tab) == pytest.approx(expected(1))
        box = opened.tab.get_by_role("slider", name="top-p").bounding_box()
        opened.tab.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
        assert shares_of(opened.tab) == [100, 0, 0, 0, 0, 0]
        opened.tab.locator("label:has(.t0)").click()
        assert shares_of(opened.tab) == [100, 0, 0, 0, 0, 0]
        assert "1 of 12" in opened.tab.locator("output:visible").inner_text()


def test_a_wrong_logit_is_noticed(show):
    fall = -figure().gaps[0, 1]
    with show(figure().html.replace(f"[[0,{fall},", "[[0,1,")) as opened:
        assert shares_of(opened.tab) != pytest.approx(expected(0), rel=1e-3)


def test_without_a_script_the_start_is_drawn(show):
    with show(figure().html, scripts=False) as opened:
        assert shares_of(opened.tab) == pytest.approx(expected(0), abs=0.05)
        assert not opened.tab.get_by_role("slider").first.is_visible()


@pytest.mark.parametrize(
    "setting", [(1.0, None, None), (0.5, 3, None), (3.0, None, 0.6), (2.0, 4, 0.5)]
)
def test_the_figure_cuts_as_the_library_does(setting):
    temperature, top_k, top_p = setting
    choose = sample(temperature, top_k, top_p, torch.Generator().manual_seed(0))
    drawn = choose(torch.from_numpy(LOGITS[:1]).expand(4000, -1)).bincount(minlength=12).numpy()
    order = np.argsort(-LOGITS[0])
    chances = figure().chances(0, temperature, top_k, top_p or 1.0)
    assert ((drawn[order] > 0) <= (chances > 0)).all()
    np.testing.assert_allclose(drawn[order] / 4000, chances, atol=0.04)


def test_the_table_holds_some_settings_of_each_text():
    lines = repr(figure()).splitlines()
    assert sum("top-k 3" in line for line in lines) == 2
    row = next(line for line in lines if "top-k 3" in line)
    assert row.split()[-3:] == ["0", "0", "0"]


@pytest.mark.bad_input
@pytest.mark.parametrize("change", [{"shown": 0}, {"shown": 12}, {"texts": ["one"]}])
def test_what_does_not_fit_is_refused(change):
    given = {"texts": ["one", "two"], "shown": 5, **change}
    with pytest.raises(ValueError, match=r"next_token: \d texts and 12 tokens need logits of"):
        next_token(TOKENS, LOGITS, **given)
