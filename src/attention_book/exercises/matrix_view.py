"""Chapter 5: the matrix view."""

import tracemalloc

import numpy as np

from .. import checks
from ..examples import KEYS, QUERIES, VALUES
from ..reference import attention_weights, softmax
from .verdict import by_hand, exercise, expect

SIX = {
    288: "the three maps are missing.",
    576: "these are only the maps.",
    720: "pairs count twice, for the scores and for the mixture.",
    480: "the words pass through three maps, not one.",
}
LOCKED = attention_weights(*np.random.default_rng(7).normal(size=(2, 5, 3)))


@exercise
def count(six, twelve):
    """The multiply-adds of five products: 6 and 12 words of width 8, everything else of width 4."""
    expect(six == 864, SIX.get(six, "list the five products with their shapes."))
    expect(twelve != 1728, "twice as many words make four times as many pairs.")
    expect(twelve != 3456, "only the pairs grow fourfold. The maps double.")
    expect(twelve == 2304, "maps twice, pairs four times: add both.")


@exercise
def columns(answer):
    """Attention on words in columns: answer(Q, K, V)."""
    for Q, K, V in _in_columns():
        shape = len(V), Q.shape[1]
        try:
            found = np.asarray(by_hand(answer, Q, K, V))
        except ValueError as error:
            text = f"{K.shape[1]} keys and {Q.shape[1]} queries do not fit: {error}"
            raise AssertionError(text) from None
        expect(found.shape == shape, f"expected outputs as columns, {shape}, got {found.shape}.")
        ones = np.asarray(by_hand(answer, Q, K, np.ones_like(V)))
        expect(np.allclose(ones, 1), "the shares of one query must sum to 1, down the keys.")
        for divisor in (1, np.sqrt(Q.shape[1]), np.sqrt(K.shape[1]), len(Q), 2):
            wrong = V @ softmax(Q.T @ K / divisor).T
            divided = divisor == np.sqrt(len(Q)) or not np.allclose(found, wrong)
            expect(divided, "divide by √D. In columns, D is the height of Q.")
        checks.same(found.T, attention_weights(Q.T, K.T) @ V.T)


def _in_columns():
    yield QUERIES[6:].T, KEYS.T, VALUES.T
    rng = np.random.default_rng(3)
    yield rng.normal(size=(6, 4)), rng.normal(size=(6, 5)), rng.normal(size=(3, 5))


def locked(values):
    """The mixtures of five values, one in each row, by weights that nobody shows."""
    return LOCKED @ values


@exercise
def hidden(values):
    """Values whose mixtures are the weights themselves."""
    values = np.asarray(values, dtype=float)
    expect(np.ptp(values, axis=0).any(), "equal values mix to themselves again.")
    expect(values.shape == (5, 5), "five words, and five shares for each: 5 by 5.")
    found = LOCKED @ values
    turned = np.allclose(np.sort(found), np.sort(LOCKED)) and not np.allclose(found, LOCKED)
    expect(not turned, "the right shares, out of order. Whose 1 stands in which place?")
    expect(np.allclose(found, LOCKED), "which matrix changes nothing?")


@exercise
def judge(is_attention):
    """A function that tells attention from wrong formulas: is_attention(f), with f(q, k, v)."""
    for f, fault in STRANGERS.items():
        try:
            found = is_attention(f)
        except ValueError:  # sizes at which a wrong formula fails are well chosen
            found = False
        expect(found is not None, "your function returns nothing: is a `return` missing?")
        expect(bool(found) or fault, "it rejects attention itself.")
        expect(not (found and fault), f"it lets a formula pass that {fault}.")


def _attention(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def _bracket(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[1]) @ v)


def _own_value(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[1])).sum(axis=1, keepdims=True) * v


def _down(q, k, v):
    return softmax(k @ q.T / np.sqrt(q.shape[1])).T @ v


def _exchanged(q, k, v):
    return _attention(k, q, v)


def _undivided(q, k, v):
    return softmax(q @ k.T) @ v


STRANGERS = {
    _attention: "",
    _bracket: "has the values inside softmax",
    _own_value: "returns each word's own value",
    _down: "shares each key out among the queries",
    _exchanged: "takes keys for queries",
    _undivided: "never divides by √D",
}


@exercise
def running(answer):
    """Linear attention to oneself and the words before, without a table: answer(q, k, v)."""
    for n, width, depth, seed in [(5, 3, 2, 0), (9, 2, 3, 1), (1, 4, 1, 2)]:
        arrays = np.random.default_rng(seed)
        q, k = arrays.normal(size=(2, n, width))
        v = arrays.normal(size=(n, depth))
        found = np.asarray(by_hand(answer, q, k, v), dtype=float)
        expect(found.shape == v.shape, f"one output for each word, {v.shape}, got {found.shape}.")
        seen = _phi(q) @ _phi(k).T
        everyone = seen / seen.sum(1, keepdims=True) @ v
        expect(
            n == 1 or not np.allclose(found, everyone), "each word sees the words after it, too."
        )
        past = np.tril(seen)
        expect(n == 1 or not np.allclose(found, past @ v), "divide by the sum of the agreements.")
        checks.same(found, past / past.sum(1, keepdims=True) @ v, tolerance=1e-9)
    q, k, v = np.random.default_rng(3).normal(size=(3, 600, 2))
    table = _peak(answer, q, k, v) > 600 * 600
    expect(not table, "right, but it makes a table with a cell for each pair of words.")


def _phi(x):
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def _peak(answer, *arrays):
    """How many bytes the answer holds at most while it computes."""
    tracemalloc.start()
    try:
        answer(*arrays)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
