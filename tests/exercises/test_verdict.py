import pytest

from attention_book.exercises import Verdict, by_hand, exercise, expect, result
from attention_book.masks import causal_mask


@exercise
def doubled(answer):
    """Twice two."""
    expect(answer == 4, "double it.")


def test_a_right_answer():
    assert doubled(4)
    assert repr(doubled(4)) == "Right."


def test_a_wrong_answer_is_told_what_the_assert_says():
    assert not doubled(3)
    assert repr(doubled(3)) == "Not yet: double it."


@pytest.mark.parametrize("dots", [..., [1, ...], ([...],)])
def test_dots_are_no_answer(dots):
    assert repr(doubled(dots)) == "Not yet: replace the dots by your answer."


def test_what_an_answer_raises_is_named():
    @exercise
    def called(answer):
        answer()

    assert repr(called(lambda: 1 / 0)) == (
        "Not yet: your answer raises ZeroDivisionError: division by zero"
    )
    assert "your answer raises TypeError" in repr(called(3))


def test_by_hand_returns_what_the_function_does():
    assert by_hand(lambda a, b: a + b, 1, 2) == 3


@pytest.mark.parametrize("lazy", [causal_mask, lambda n: causal_mask(n)])
def test_by_hand_refuses_the_library(lazy):
    with pytest.raises(AssertionError, match="it calls the library's causal_mask"):
        by_hand(lazy, 3)


@pytest.mark.parametrize("call", [by_hand, result])
def test_a_missing_return_and_dots_are_noticed(call):
    with pytest.raises(AssertionError, match="is a `return` missing"):
        call(lambda n: None, 3)
    with pytest.raises(AssertionError, match="replace the dots"):
        call(lambda n: ..., 3)


def test_a_result_may_come_from_the_library():
    assert result(causal_mask, 3).shape == (3, 3)


def test_a_verdict_is_true_only_without_a_fault():
    assert Verdict()
    assert not Verdict("no")
