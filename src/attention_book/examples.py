"""The running example of the book: numbers that one chapter makes and later ones use again."""

import numpy as np

__all__ = [
    "FOUR_WORDS",
    "KEYS",
    "PRINTED_SCORES",
    "QUERIES",
    "TOKENS",
    "VALUES",
    "WORDS",
    "W_K",
    "W_Q",
    "W_V",
]

WORDS = "<s> a robot must obey the orders given it".split()

# Chapter 3, set by hand. Queries and keys: actor, thing, action, small word.
QUERIES, KEYS = np.array(
    [
        [[0, 0, 0, 0], [0, 0, 0, 0]],  # <s>
        [[2, 2, 0, 0], [0, 0, 0, 2]],  # a
        [[0, 0, 3, 0], [2, 1, 0, 0]],  # robot
        [[1, 0, 3, 0], [0, 0, 1, 1]],  # must
        [[1, 3, 0, 0], [0, 0, 2, 0]],  # obey
        [[0, 3, 0, 0], [0, 0, 0, 2]],  # the
        [[0, 0, 3, 1], [0, 2, 1, 0]],  # orders
        [[1, 2, 0, 0], [0, 0, 2, 0]],  # given
        [[2, 1, 0, 1], [1, 1, 0, 1]],  # it
    ],
    dtype=np.float64,
).swapaxes(0, 1)

# Values: machine, command.
VALUES = np.array([[0, 0], [0, 0], [1, 0], [0, 1], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]], float)

# The table of Alammar (2019) for four words, before masking and softmax, as printed there.
FOUR_WORDS = "robot must obey orders".split()
PRINTED_SCORES = np.array([
    [0.11, 0.00, 0.81, 0.79],
    [0.19, 0.50, 0.30, 0.48],
    [0.53, 0.98, 0.95, 0.14],
    [0.81, 0.86, 0.38, 0.90],
])

# Chapter 4: the same four words as marks (actor, thing, action, helper), and the maps, one row for
# each output, that make the queries, keys and values above from them: QUERIES = TOKENS @ W_Q.T.
TOKENS = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0], [0, 1, 0, 0]], float)
W_Q = np.array([[0, 0, 1, 0], [0, 0, 3, -3], [0, 3, 0, 3], [-1, 1, 0, 0]], float)
W_K = np.array([[2, 0, 0, 0], [-1, 2, 0, 0], [-1, 1, 2, -1], [0, 0, 0, 1]], float)
W_V = np.array([[1, 0, 0, 0], [-1, 1, 1, 0]], float)
