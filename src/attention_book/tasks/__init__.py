"""Small tasks that a Transformer learns in seconds: generated, split, and with a rule to beat."""

from . import (
    blanks,
    copying,
    digits,
    drawn_words,
    four,
    language,
    melodies,
    pronouns,
    recall,
    records,
    roman,
    sorting,
    spoken,
)
from .task import IGNORED, Task, accuracy

__all__ = [
    "IGNORED",
    "Task",
    "accuracy",
    "blanks",
    "copying",
    "digits",
    "drawn_words",
    "four",
    "language",
    "melodies",
    "pronouns",
    "recall",
    "records",
    "roman",
    "sorting",
    "spoken",
]
