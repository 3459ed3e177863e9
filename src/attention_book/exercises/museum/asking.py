"""All bugs before all checks."""

from . import others_asked, weights_asked
from .caching import left, restart, square
from .formula import norm, scale, softmax
from .layouts import batch, merge, rotary
from .masks import half, mask, padding, times, window
from .named import CHECKS
from .training import accumulate, dropout, shift


def asked(exercise, code):
    """What each check says of code that is an answer to this exercise, right or wrong.

    "finds" for a check that fails, "blind" for one that is silent, "" where there is nothing to
    ask. The checks are those of `attention_book.checks`, under short names.
    """
    inputs = QUESTIONS[exercise](code)
    return {name: _said(check, inputs.get(check)) for name, check in CHECKS.items()}


def _said(check, inputs):
    if inputs is None:
        return ""
    try:
        check(*inputs)
    except AssertionError:
        return "finds"
    return "blind"


QUESTIONS = {
    softmax: weights_asked.attends,
    scale: weights_asked.in_heads,
    norm: weights_asked.normalizes,
    mask: weights_asked.hides,
    times: weights_asked.weighs,
    padding: weights_asked.pads,
    half: weights_asked.in_half,
    window: weights_asked.windows,
    merge: weights_asked.joins,
    batch: others_asked.batches,
    rotary: others_asked.pairs,
    square: lambda mask: others_asked.reads(mask=mask),
    restart: lambda positions: others_asked.reads(positions=positions),
    left: others_asked.places,
    dropout: others_asked.drops,
    shift: others_asked.shifts,
    accumulate: others_asked.averages,
}
