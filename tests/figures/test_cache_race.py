import numpy as np
import pytest

from attention_book import counting
from attention_book.figures import cache_race
from tests.figures.samples import WORDS
from tests.figures.samples import cache_race as sample
from tests.figures.test_browser import show

__all__ = ["show"]
LENGTHS = range(1, 5)
COUNTS = [
    [count(t, 64) for t in LENGTHS]
    for count in (counting.generation_macs, counting.cached_generation_macs)
]
FILLED = """page => {
    const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const color = (cell) => {
        brush.fillStyle = getComputedStyle(cell).backgroundColor;
        brush.fillRect(0, 0, 1, 1);
        return brush.getImageData(0, 0, 1, 1).data.join();
    };
    const full = color(page.querySelector(".af-legend i"));
    return [...page.querySelectorAll(".af-lap p")].map(
        row => [...row.children].filter(cell => color(cell) === full).length);
}"""
STILL = "<style>.af-lap i,.af-counter em{transition:none!important}</style>"


def race(**more):
    return cache_race(WORDS, *COUNTS, **more)


def expected(written):
    """Cells computed in each row, without and with a cache."""
    return [n for i in range(4) for n in ((i + 1, 1) if i < written else (0, 0))]


def told(tab):
    counters = tab.locator(".af-counter b:visible").all_inner_texts()
    return tab.locator("figure").evaluate(FILLED), [int(n.replace(",", "")) for n in counters]


def counted(written):
    if not written:
        return [0, 0, 0, 0]
    made = np.arange(1, written + 1).sum()
    return [made, written, *(counts[written - 1] for counts in COUNTS)]


def test_each_press_adds_a_row_and_the_counters_follow(show):
    with show(race(chosen=0).html + STILL) as opened:
        for written in range(5):
            assert told(opened.tab) == (expected(written), counted(written))
            if written < 4:
                opened.tab.locator(".af-turns:visible label").first.click()
        opened.tab.locator(".af-turns:visible label").click()
        assert told(opened.tab) == (expected(0), counted(0))


def test_the_race_runs_by_keys_and_without_a_script(show):
    with show(race(chosen=1).html + STILL, scripts=False) as opened:
        opened.tab.locator(".s1").focus()
        opened.tab.keyboard.press("ArrowRight")
        assert told(opened.tab) == (expected(2), counted(2))


def test_a_wrong_count_is_noticed(show):
    with show(race(chosen=1).html.replace("12,416", "12,417")) as opened:
        assert told(opened.tab)[1] != counted(1)


def test_the_factor_is_that_of_the_counts():
    factor = COUNTS[0][3] / COUNTS[1][3]
    assert race().sentence(4).endswith(f"a factor of {factor:.2f}.")
    assert "Nothing" in race(chosen=0).alternative()


@pytest.mark.parametrize("counts", [[1, 2], [0, 1, 2, 3]])
def test_counts_that_do_not_fit_are_refused(counts):
    with pytest.raises(ValueError, match="cache_race: 4 words need 4 counts above 0"):
        cache_race(WORDS, counts, counts)


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
