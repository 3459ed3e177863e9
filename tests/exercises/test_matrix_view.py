import numpy as np
import pytest

from attention_book.exercises import matrix_view
from attention_book.reference import attention, softmax
from tests.exercises.answers import refused

WRONG_COUNTS = {
    "dots": (..., ..., "dots"),
    "maps only": (576, 1152, "only the maps"),
    "pairs only": (288, 1152, "maps are missing"),
    "one map": (480, 1344, "three maps"),
    "pairs once": (720, 1728, "count twice"),
    "a guess": (1000, 2304, "five products"),
    "all doubled": (864, 1728, "four times as many pairs"),
    "all fourfold": (864, 3456, "maps double"),
}


def columns(Q, K, V, divisor=None):
    powers = np.exp(K.T @ Q / np.sqrt(divisor or len(Q)))
    return V @ (powers / powers.sum(axis=0))


def along(Q, K, V):
    powers = np.exp(K.T @ Q / np.sqrt(len(Q)))
    return V @ (powers / powers.sum(axis=1, keepdims=True))


WRONG_COLUMNS = {
    "nothing": (lambda Q, K, V: None, "return"),
    "a fixed divisor": (lambda Q, K, V: columns(Q, K, V, 4), "height of Q"),
    "the number of queries": (lambda Q, K, V: columns(Q, K, V, Q.shape[1]), "height of Q"),
    "no divisor": (lambda Q, K, V: columns(Q, K, V, 1), "height of Q"),
    "along the queries": (along, "down the keys"),
    "in rows": (lambda Q, K, V: columns(Q, K, V).T, "outputs as columns"),
    "the literal product": (lambda Q, K, V: V @ (Q @ K.T), "do not fit"),
    "the library's": (lambda Q, K, V: attention(Q.T, K.T, V.T).T, "write it yourself"),
    "one size": (lambda Q, K, V: np.ones((2, 3)), "differ"),
}
EYE = np.eye(5)
WRONG_VALUES = {
    "dots": (..., "dots"),
    "ones": (np.ones((5, 5)), "equal values"),
    "two features": (EYE[:, :2], "5 by 5"),
    "out of order": (EYE[::-1], "out of order"),
    "twice": (2 * EYE, "changes nothing"),
    "the weights": (matrix_view.LOCKED, "changes nothing"),
}
SIZES = np.random.default_rng(0)
Q, K, V = SIZES.normal(size=(3, 6, 4))


def compares(f):
    return np.allclose(f(Q, K, V), softmax(Q @ K.T / 2) @ V)


def sees_sizes(f):
    return f(Q[:2], K, V[:, :3]).shape == (2, 3)


def sees_a_mixture(f):
    return np.allclose(f(Q, K, V + 1), f(Q, K, V) + 1)


WRONG_JUDGES = {
    "dots": (..., "dots"),
    "nothing": (lambda f: None, "return"),
    "always yes": (lambda f: True, "inside softmax"),
    "always no": (lambda f: False, "rejects attention"),
    "sizes": (sees_sizes, "inside softmax"),
    "a mixture": (sees_a_mixture, "own value"),
    "values one": (lambda f: np.allclose(f(Q, K, np.ones((6, 2))), 1), "own value"),
}


def phi(x):
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def running(q, k, v):
    memory, total, outputs = 0, 0, []
    for query, key, value in zip(phi(q), phi(k), v, strict=True):
        memory, total = memory + np.outer(key, value), total + key
        outputs.append(query @ memory / (query @ total))
    return np.array(outputs)


def at_once(q, k, v):
    memory = np.cumsum(phi(k)[:, :, None] * v[:, None, :], axis=0)
    total = np.cumsum(phi(k), axis=0)
    return (phi(q)[:, :, None] * memory).sum(1) / (phi(q) * total).sum(1, keepdims=True)


def everyone(q, k, v):
    return phi(q) @ (phi(k).T @ v) / (phi(q) @ phi(k).sum(0))[:, None]


def undivided(q, k, v):
    return np.tril(phi(q) @ phi(k).T) @ v


def in_a_table(q, k, v):
    table = np.tril(phi(q) @ phi(k).T)
    return table / table.sum(1, keepdims=True) @ v


WRONG_RUNS = {
    "dots": (..., "dots"),
    "nothing": (lambda q, k, v: None, "return"),
    "the words after": (everyone, "words after it"),
    "undivided": (undivided, "divide by the sum"),
    "in a table": (in_a_table, "each pair of words"),
    "softmax": (lambda q, k, v: np.tril(softmax(q @ k.T)) @ v, "write it yourself"),
    "the values": (lambda q, k, v: v, "differ"),
    "one size": (lambda q, k, v: np.ones((5, 2)), "differ"),
}


def test_the_count():
    assert matrix_view.count(864, 2304)


test_wrong_counts = refused(matrix_view.count, WRONG_COUNTS)


def test_the_columns():
    assert matrix_view.columns(columns)


test_wrong_columns = refused(matrix_view.columns, WRONG_COLUMNS)


def test_the_values():
    assert matrix_view.hidden(EYE)
    assert np.allclose(matrix_view.locked(EYE), matrix_view.LOCKED)


test_wrong_values = refused(matrix_view.hidden, WRONG_VALUES)


def test_the_judge():
    assert matrix_view.judge(compares)


test_wrong_judges = refused(matrix_view.judge, WRONG_JUDGES)


def test_a_judge_may_choose_sizes_at_which_a_formula_fails():
    def judge(f):
        q, k, v = Q[:2], K, V[:, :3]
        return np.allclose(f(q, k, v), softmax(q @ k.T / 2) @ v)

    assert matrix_view.judge(judge)


@pytest.mark.parametrize("answer", [running, at_once])
def test_the_running_sum(answer):
    assert matrix_view.running(answer)


test_wrong_runs = refused(matrix_view.running, WRONG_RUNS)
