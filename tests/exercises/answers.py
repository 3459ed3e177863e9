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
