"""Checks of the book's exercises, one module for each chapter that has some.

A check takes an answer and returns a `Verdict`, which shows itself as *Right.* or as *Not yet* and
why; whatever an answer does wrong, it ends in a sentence and not in a traceback.
"""

from .verdict import Verdict, by_hand, exercise, expect, result

__all__ = ["Verdict", "by_hand", "exercise", "expect", "result"]
