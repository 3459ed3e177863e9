"""Training: one loop for every model and task, its loss, its schedules and its history."""

from .history import History
from .loop import fit
from .loss import cross_entropy
from .schedule import constant, cosine

__all__ = ["History", "constant", "cosine", "cross_entropy", "fit"]
