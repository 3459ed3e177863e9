"""How long a call takes, and how two calls compare, on a machine that others use too."""

from statistics import median
from time import perf_counter, process_time

import torch

from .table import Measured


def seconds(function):
    """The processor time of one call, which is its wall clock when nothing else runs."""
    start = process_time()
    function()
    return process_time() - start


def wall_seconds(function):
    """What a reader waits for, memory included."""
    start = perf_counter()
    function()
    return perf_counter() - start


def in_pairs(ours, theirs, *, clock=seconds, least=5.0, count=20):
    """Seconds of ours and of theirs, pair by pair; in every other pair theirs begins.

    At least `count` pairs and `least` seconds. A bad moment of the machine hits one pair or both
    of its calls; ratios within a pair, and their median, hardly notice.
    """
    pairs, start = [], perf_counter()
    while len(pairs) < count or perf_counter() - start < least:
        if len(pairs) % 2:
            second = clock(theirs)
            pairs.append((clock(ours), second))
        else:
            pairs.append((clock(ours), clock(theirs)))
    return pairs


def compare(ours, theirs, *, tolerance=1e-4, **settings):
    """How many times ours could run while theirs runs once, if both give the same numbers."""
    torch.testing.assert_close(ours(), theirs(), atol=tolerance, rtol=tolerance)
    pairs = in_pairs(ours, theirs, **settings)
    return Measured([other / own for own, other in pairs], both(pairs))


def fastest(*functions, clock=seconds):
    """The quickest of several ways to call the same thing."""
    times = {function: [clock(function) for _ in range(6)][1:] for function in functions}
    return min(functions, key=lambda function: median(times[function]))


def both(pairs):
    """What one call of each took."""
    own, other = (median(times) for times in zip(*pairs, strict=True))
    return f"{1000 * own:.3g} and {1000 * other:.3g} ms"
