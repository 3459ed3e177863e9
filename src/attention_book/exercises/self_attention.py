"""Chapter 3: self-attention, word by word."""

import numpy as np

from .. import checks
from ..examples import KEYS, QUERIES, WORDS
from ..reference import attention_weights
from .verdict import by_hand, exercise, expect

FOLDERS = ["robot", "orders", "obey"]
IT, ORDERS, ROBOT = map(WORDS.index, ("it", "orders", "robot"))


def _shares(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)


def _near(shares, others):
    return np.allclose(shares, others, rtol=0, atol=0.011)


@exercise
def row(shares):
    """The shares of the query (0, 2, 2, 0) over robot, orders and obey, to two decimals."""
    if isinstance(shares, dict):
        expect(set(shares) == set(FOLDERS), "one share for each of robot, orders and obey.")
        shares = [shares[word] for word in FOLDERS]
    shares = np.asarray(shares, dtype=float)
    expect(shares.shape == (3,), "three shares, one for each of robot, orders and obey.")
    scores = KEYS[[WORDS.index(word) for word in FOLDERS]] @ [0, 2, 2, 0]
    right = _shares(scores / 2)
    expect(not _near(shares, _shares(scores)), "first divide the scores by the root of 4.")
    expect(not _near(shares, _shares(scores / 4)), "divide by the root of the width, not by it.")
    expect(not _near(shares, scores / scores.sum()), "divide powers of e by their sum, not scores.")
    expect(not _near(shares, right[[0, 2, 1]]), "keep the order: robot, orders, obey.")
    expect(abs(shares.sum() - 1) < 0.021, "the shares must add up to 1: divide by the sum.")
    expect(_near(shares, right), "they add up to 1, but a share is off: compute each score again.")


@exercise
def attention(answer):
    """Attention of a whole sentence in NumPy: answer(q, k, v)."""
    for Tq, Tk, D, Dv in [(9, 9, 4, 2), (3, 7, 3, 5), (1, 5, 9, 1), (6, 6, 6, 6)]:
        rng = np.random.default_rng(Tq)
        q, k, v = (rng.normal(size=size) for size in ((Tq, D), (Tk, D), (Tk, Dv)))
        mine = np.asarray(by_hand(answer, q.copy(), k.copy(), v.copy()))
        scores = q @ k.T / np.sqrt(D)
        weights = _shares(scores)
        expect(not _same(mine, weights), "these are the weights: mix the values with them.")
        size = f"{Tq} queries and values of width {Dv}"
        expect(mine.shape == (Tq, Dv), f"{size} make ({Tq}, {Dv}) numbers, got {mine.shape}.")
        for fault, mixing in _slips(q @ k.T, D, Tk).items():
            expect(_same(mine, weights @ v) or not _same(mine, mixing @ v), fault)
        expect(_same(mine, weights @ v), f"wrong for {size}: do the sizes stand in your lines?")


def _slips(products, D, Tk):
    """What is taken for weights, by what is wrong with it."""
    scaled = products / np.sqrt(D)
    return {
        "divide the scores by the root of the width first.": _shares(products),
        "divide by the root of the width, not by the width.": _shares(products / D),
        "take the root of a key's width, not of the number of words.": _shares(
            products / np.sqrt(Tk)
        ),
        "your columns sum to 1, but the rows must: sum along axis 1.": _shares(scaled.T).T,
        "the powers are not yet divided by the sum of their row.": np.exp(scaled),
        "scores are no shares: softmax is missing.": scaled,
    }


def _same(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=1e-9)


@exercise
def louder(factor, words):
    """By what to multiply the query of *it*, and the words that lead when that is -1."""
    share = attention_weights(factor * QUERIES[[IT]], KEYS)[0, ROBOT]
    expect(factor > 0, "turned around, it gives robot the least: the factor must be positive.")
    expect(share > 0.99, f"robot has {share:.2f}: the gaps between the scores must grow further.")
    expect(not isinstance(words, str), "give a list of words.")
    expect("robot" not in words, "times -1, the largest score is now the lowest.")
    row = attention_weights(-QUERIES[[IT]], KEYS)[0]
    leading = {word for word, x in zip(WORDS, row, strict=True) if x > row.max() - 1e-9}
    wrong = sorted(set(words) - leading)
    expect(not wrong, f"{', '.join(wrong)}: another word has a lower score with it.")
    expect(set(words) == leading, "these lead, but others have the same score: look for all.")


@exercise
def orders(key):
    """A key of *orders* to which *it* gives 0.9, the other eight unchanged."""
    key = np.asarray(key, dtype=float)
    expect(key.shape == (4,), "one key, so four numbers.")
    q, rest = QUERIES[IT], np.delete(np.exp(KEYS @ QUERIES[IT] / 2), ORDERS).sum()
    target, score = np.log(9 * rest), q @ key / 2
    changed = np.where(np.arange(len(KEYS))[:, None] == ORDERS, key, KEYS)
    share = attention_weights([q], changed)[0, ORDERS]
    slips = {
        "is your power p smaller than the rest R? Then its share is below one half.": np.log(
            0.9 * rest
        ),
        "the score is divided by the root of D before softmax. Allow for that.": target / 2,
        "the old score is still in the new one: subtract it.": target + q @ KEYS[ORDERS] / 2,
        "a key that grows by 1 along the query adds q·q to the score: divide by it.": (
            q @ KEYS[ORDERS] + (2 * target - q @ KEYS[ORDERS]) * (q @ q)
        )
        / 2,
    }
    for fault, slip in slips.items():
        expect(abs(score - slip) > 1e-6, f"orders has {share:.3f}: {fault}")
    expect(abs(share - 0.9) < 1e-6, f"orders has {share:.3f} of the row now, not 0.9.")


@exercise
def shift(keys):
    """Nine other keys with which all nine queries have the weights that they had."""
    keys = np.asarray(keys, dtype=float)
    expect(keys.shape == KEYS.shape, "nine keys of four numbers.")
    still = int((np.abs(keys - KEYS).max(axis=1) < 1e-3).sum())
    expect(not still, f"{still} of the nine keys are where they were: every key has to move.")
    gap = np.abs(attention_weights(QUERIES, keys) - attention_weights(QUERIES, KEYS))
    query = WORDS[int(gap.max(axis=1).argmax())]
    expect(gap.max() < 1e-9, f"a weight of {query} moved by {gap.max():.3f}: keep gaps of scores.")
    checks.rows_sum_to_one(attention_weights(QUERIES, keys))
