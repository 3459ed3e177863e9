"""The running example of the book: numbers that one chapter makes and later ones use again."""

import numpy as np

__all__ = [
    "FOUR_WORDS",
    "GPT2_MERGES",
    "GPT2_RULE",
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

# Chapter 1: how GPT-2 cuts a text before it merges, for Python's `re`; the library's GPT2Tokens
# has the rule as published.
GPT2_RULE = r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"

# Of the 50,000 merges that were published with GPT-2 (openai/gpt-2, vocab.bpe, MIT License) those
# that the texts of chapter 1 need, in their order. Ids below 256 are bytes, 256 + i is merge i.
# fmt: off
GPT2_MERGES = [
    (32, 116), (104, 101), (105, 110), (256, 257), (101, 114), (32, 111), (101, 110), (105, 116),
    (105, 115), (97, 110), (32, 98), (258, 103), (32, 109), (32, 100), (32, 104), (115, 116),
    (114, 111), (266, 101), (32, 103), (111, 116), (39, 115), (32, 263), (32, 49), (260, 115),
    (117, 109), (261, 114), (266, 121), (117, 271), (105, 118), (84, 257), (269, 264), (267, 115),
    (111, 98), (278, 57), (32, 272), (261, 98), (278, 50), (268, 283), (270, 280), (284, 262),
    (294, 265), (274, 295), (52, 53), (79, 84), (281, 100), (101, 121), (52, 50), (290, 98),
    (300, 279), (100, 264), (303, 275), (273, 287), (79, 66), (228, 186), (98, 275), (82, 288),
    (292, 51), (230, 156), (309, 186), (291, 301), (289, 302), (286, 288), (103, 295),
]
# fmt: on
