import pytest

from attention_book.figures import two_halves
from tests.figures.samples import WORDS
from tests.figures.samples import two_halves as sample
from tests.figures.test_browser import show

__all__ = ["show"]
MARKED = """(e, name) => [...e.querySelectorAll("label")]
    .flatMap((part, i) => getComputedStyle(part).getPropertyValue(name) === "1" ? [i] : [])"""
LIT = """e => [...e.querySelectorAll("path")]
    .filter(line => getComputedStyle(line).getPropertyValue("--lit") === "1").length"""
NEIGHBORS = {  # of the sample, whose memory is part 1: what each reads, and what reads it
    0: ([], [1]),
    1: ([0], [3]),
    2: ([], [3]),
    3: ([1, 2], [4]),
    4: ([3], []),
}


def told(tab):
    figure = tab.locator("figure")
    return figure.evaluate(MARKED, "--from"), figure.evaluate(MARKED, "--to")


def test_each_part_shows_what_it_reads_by_keys_and_without_a_script(show):
    with show(sample(chosen=0).html, scripts=False) as opened:
        opened.tab.locator(".p0").focus()
        for place, (reads, readers) in NEIGHBORS.items():
            assert told(opened.tab) == (reads, readers)
            assert opened.tab.locator("figure").evaluate(LIT) == len(reads + readers)
            assert opened.tab.locator(".af-told p:visible").count() == 1
            assert opened.tab.locator(f".says{place}").is_visible()
            opened.tab.keyboard.press("ArrowRight")


def test_a_touch_chooses_a_part(show):
    with show(sample().html) as opened:
        opened.tab.locator(".n3").click()
        assert told(opened.tab) == NEIGHBORS[3]


def test_a_wrong_arrow_is_noticed(show):
    with show(sample(chosen=3).html.replace(".n1{--from:1}", ".n0{--from:1}", 1)) as opened:
        assert told(opened.tab) != NEIGHBORS[3]


def test_only_the_decoder_crosses():
    for encoder in ([("a", "b", True)], []):
        with pytest.raises(ValueError, match="two_halves: both halves need a part"):
            two_halves(encoder, [("a", "b")])


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
