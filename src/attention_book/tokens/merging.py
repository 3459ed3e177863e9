"""The merges of byte-pair encoding, made in one word."""

from heapq import heapify, heappop, heappush
from itertools import pairwise


def merged(word, merges):
    """The ids of the word after all merges: the earliest goes first, in the leftmost place.

    `merges` knows the rank and the new id of a pair. A word of n ids takes n log n steps.
    """
    n = len(word)
    ids = [*word, None]  # None stands behind the last id, before the first, and where one has gone
    before, after = [*range(-1, n)], [*range(1, n + 1), n]
    waiting = [(merges[pair], i) for i, pair in enumerate(pairwise(word)) if pair in merges]
    heapify(waiting)
    while waiting:
        merge, i = heappop(waiting)
        j = after[i]
        if merges.get((ids[i], ids[j])) != merge:
            continue  # one of the two has been merged with its other neighbor
        ids[i], ids[j] = merge[1], None
        after[i], before[after[j]] = after[j], i
        for left in (before[i], i):
            if merge := merges.get((ids[left], ids[after[left]])):
                heappush(waiting, (merge, left))
    return [i for i in ids if i is not None]
