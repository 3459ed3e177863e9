"""What is the same for the tests of all exercises."""

import pytest


def refused(check, answers):
    """A test that an exercise's check refuses each answer, and says what is wrong with it.

    `answers` has for each name what the check takes, and last a part of what it must say.
    """

    @pytest.mark.parametrize("name", answers)
    def test(name):
        *answer, says = answers[name]
        assert says in repr(check(*answer))

    return test


def accepted(right):
    """A test that each check takes its right answer; `right` has the answer for each check."""

    @pytest.mark.parametrize("check", right, ids=_name)
    def test(check):
        assert repr(check(right[check])) == "Right."

    return test


def all_refused(wrong):
    """`refused` for several checks: `wrong` has for each check its wrong answers by name."""

    @pytest.mark.parametrize(
        ("check", "name"),
        [(check, name) for check, answers in wrong.items() for name in answers],
        ids=_name,
    )
    def test(check, name):
        answer, says = wrong[check][name]
        assert says in repr(check(answer))

    return test


def _name(value):
    return getattr(value, "__name__", value)
