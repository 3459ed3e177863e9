"""What a check says of an answer."""

import functools
import sys
from pathlib import Path

LIBRARY = str(Path(__file__).parents[1])


class Verdict:
    """True for a right answer; its text says what is still wrong."""

    def __init__(self, fault=""):
        self.fault = fault

    def __bool__(self):
        return not self.fault

    def __repr__(self):
        return f"Not yet: {self.fault}" if self.fault else "Right."


def exercise(check):
    """Make a function that raises AssertionError into one that returns a `Verdict`.

    The error's text is the verdict's. What the answer itself raises is named, with its error.
    """

    @functools.wraps(check)
    def judge(*answer):
        if _unfilled(answer):
            return Verdict("replace the dots by your answer.")
        try:
            check(*answer)
        except AssertionError as fault:
            return Verdict(str(fault))
        except Exception as error:
            return Verdict(f"your answer raises {type(error).__name__}: {error}")
        return Verdict()

    return judge


def expect(holds, otherwise):
    """AssertionError with the text `otherwise`, also where Python leaves out asserts."""
    if not holds:
        raise AssertionError(otherwise)


def by_hand(function, *inputs):
    """What the function returns for these inputs; AssertionError where it calls the library."""
    called = []

    def watch(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(LIBRARY):
            called.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        made = function(*inputs)
    finally:
        sys.setprofile(before)
    expect(not called, f"it calls the library's {''.join(called[:1])}: write it yourself.")
    return _made(made)


def result(function, *inputs):
    """What the function returns for these inputs, whatever it calls."""
    return _made(function(*inputs))


def _made(value):
    expect(value is not None, "your function returns nothing: is a `return` missing?")
    expect(value is not ..., "replace the dots by your answer.")
    return value


def _unfilled(answer):
    """Whether dots are left in it, also within lists."""
    if isinstance(answer, (list, tuple)):
        return any(map(_unfilled, answer))
    return answer is ...
