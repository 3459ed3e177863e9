import numpy as np
import pytest

from attention_book.figures import written
from tests.figures.samples import WORDS
from tests.figures.samples import written as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHARES = np.array([[1.0, 0, 0, 0], [0.25, 0.75, 0, 0], [0.004, 0.2, 0.796, 0]])
TEXTS = [("first", WORDS, 1, SHARES), ("second", ["no", "yes", "!"], 1, SHARES[:2, :3])]
SEEN = """e => [...e.querySelectorAll(".af-live li")].filter(li => li.offsetHeight)
    .map(li => [li.textContent, getComputedStyle(li).visibility === "visible",
                +getComputedStyle(li).getPropertyValue("--share")])"""


def seen(tab):
    return tab.locator("figure").evaluate(SEEN)


def expected(text, word):
    _, words, start, shares = TEXTS[text]
    whole = [int(100 * share + 0.5) or -2 for share in shares[word]]
    return [[w, i <= start + word, p] for i, (w, p) in enumerate(zip(words, whole, strict=True))]


def test_shares_follow_mouse_and_keys(show):
    with show(written(TEXTS).html, scripts=False) as opened:
        tab = opened.tab
        assert seen(tab) == expected(0, 0)
        tab.locator(".a0").focus()
        for word in (1, 2):
            tab.keyboard.press("ArrowRight")
            assert seen(tab) == expected(0, word)
        assert "takes most, 80 percent, from obey" in tab.locator(".af-told").inner_text()
        tab.locator("fieldset.af-t label").nth(1).click()
        assert seen(tab) == expected(1, 0)
        tab.locator("fieldset.af-b label").nth(1).click()
        assert seen(tab) == expected(1, 1)
        assert "! is written after yes" in tab.locator(".af-told").inner_text()


def test_only_the_words_of_the_chosen_text_can_be_chosen(show):
    with show(written(TEXTS, text="second").html) as opened:
        groups = [group.is_visible() for group in opened.tab.locator("fieldset").all()]
        assert groups == [True, False, True]


def test_a_single_text_and_a_single_word_need_no_buttons(show):
    with show(written([("first", WORDS, 3, SHARES[2:])]).html) as opened:
        assert opened.tab.locator("fieldset:visible").count() == 0
        assert [row[1] for row in seen(opened.tab)] == [True] * 4
        assert "80 percent" in opened.tab.locator(".af-told").inner_text()


@pytest.mark.parametrize("old", ["--2:80", "n+4"])
def test_a_wrong_share_or_a_word_shown_early_is_noticed(show, old):
    html = written(TEXTS, word=2 if old == "--2:80" else 1).html
    assert old in html
    with show(html.replace(old, old[:-1] + "5")) as opened:
        assert seen(opened.tab) != expected(0, 2 if old == "--2:80" else 1)


def test_the_table_and_the_text_have_the_same_rows():
    shown = repr(written(TEXTS))
    assert "obey" in shown
    assert "first: robot must obey orders" in shown
    assert sample().alternative().startswith("An answer, word by word. robot must")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "texts, match",
    [
        ([("a", WORDS, 1, SHARES[:2])], r"need weights of shape \(3, 4\), got \(2, 4\)"),
        ([("a", WORDS, 0, np.zeros((4, 4)))], "the answer from place 0 on"),
        ([("a", WORDS, 1, np.eye(4)[1:])], "no word can take from itself"),
        ([("a", WORDS, 1, 2 * SHARES)], "weights must lie between 0 and 1"),
        ([], "1 to 8 texts can be shown, got 0"),
        (9 * TEXTS[:1], "1 to 8 texts can be shown, got 9"),
    ],
)
def test_what_does_not_fit_is_refused(texts, match):
    with pytest.raises(ValueError, match=match):
        written(texts)
