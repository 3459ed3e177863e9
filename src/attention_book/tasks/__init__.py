"""Small tasks that a Transformer learns in seconds: generated, split, and with a rule to beat."""

from . import copying, language, pronouns, recall, roman, sorting
from .task import IGNORED, Task, accuracy

__all__ = [
    "IGNORED",
    "Task",
    "accuracy",
    "copying",
    "language",
    "pronouns",
    "recall",
    "roman",
    "sorting",
]
