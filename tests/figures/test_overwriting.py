import numpy as np
import pytest

from attention_book.figures import overwriting
from tests.figures.samples import WORDS
from tests.figures.samples import overwriting as sample
from tests.figures.test_browser import show

__all__ = ["show"]
KEYS = np.array([[1, 0], [0, 1], [0.8, 0.6]])
PAIRS = [(0, [3, 0]), (2, [0, -2]), (0, [1, 1]), (1, [2, 2])]
NAMED = dict(zip("abc", KEYS.tolist(), strict=True))


def figure(**more):
    return overwriting(NAMED, [("abc"[n], value) for n, value in PAIRS], **more)


def memory(rule, written):
    """By the papers: a sum of products, and a product of matrices that erase."""
    kept = np.zeros((2, 2))
    for n, value in PAIRS[:written]:
        key = KEYS[n]
        erased = np.eye(2) - np.outer(key, key) if rule else np.eye(2)
        kept = erased @ kept + np.outer(key, value)
    return kept


def shown(tab, rule):
    """The key, the memory and what is returned, as they stand in a panel."""
    cells = tab.locator(".af-kept").nth(rule).locator("i:visible").all_inner_texts()
    numbers = [float(text.replace("−", "-")) for text in cells]
    rows = np.reshape(numbers[:6], (2, 3))
    return rows[:, 0], rows[:, 1:], numbers[6:]


def test_memory_and_answer_follow_both_choices(show):
    with show(figure(written=0).html) as opened:
        for written, asked in np.ndindex(5, 3):
            opened.tab.locator(f".s{written}").check()
            opened.tab.locator(f".k{asked}").check()
            for rule in (0, 1):
                key, kept, returned = shown(opened.tab, rule)
                expected = memory(rule, written)
                np.testing.assert_allclose(key, KEYS[asked], atol=1e-3)
                np.testing.assert_allclose(kept, expected, atol=1e-3)
                np.testing.assert_allclose(returned, KEYS[asked] @ expected, atol=1e-3)


def test_it_answers_keys_without_a_script(show):
    with show(figure(written=1).html, scripts=False) as opened:
        opened.tab.locator(".s1").focus()
        opened.tab.keyboard.press("ArrowRight")
        np.testing.assert_allclose(shown(opened.tab, 1)[1], memory(1, 2), atol=1e-3)


def test_what_a_step_changes_is_marked(show):
    with show(figure(written=1).html) as opened:
        assert opened.tab.locator(".af-kept .new:visible").all_inner_texts() == ["3", "3"]


def test_the_delta_rule_returns_what_was_said_last():
    made = figure()
    assert made.sentence(3, 0) == (
        "a returns (4, −0.6) from the sum and (1, 1) by the delta rule; said last: (1, 1)."
    )
    assert made.sentence(0, 1).endswith("said last: nothing yet.")
    assert made.alternative().endswith(made.sentence(4, 0))


@pytest.mark.parametrize(
    ("keys", "pairs", "says"),
    [
        ({"a": [1, 0]}, [("b", [1])], "a key is 'b'"),
        ({"a": [1, 0], "b": [1]}, [("a", [1])], "keys must be numbers in rows of one length"),
        ({"a": 1}, [("a", [1])], "must be vectors"),
        ({}, [], "keys are empty"),
    ],
)
def test_what_does_not_fit_is_refused(keys, pairs, says):
    with pytest.raises(ValueError, match=f"^overwriting: .*{says}"):
        overwriting(keys, pairs)


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
