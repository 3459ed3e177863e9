import numpy as np
import torch

from attention_book import fixed_memory as library
from attention_book.exercises import fixed_memory
from tests.exercises.answers import accepted, all_refused


def crossing(kv_heads, d_head, heads, d_k, d_v):
    return heads * d_k * d_v // (2 * kv_heads * d_head) + 1


WRONG_CROSSING = {
    "keys only": (lambda a, b, h, k, v: h * k * v // (a * b) + 1, "a key and a value"),
    "equal": (lambda a, b, h, k, v: h * k * v // (2 * a * b), "both are equal"),
    "a fraction": (lambda a, b, h, k, v: h * k * v / (2 * a * b), "both are equal"),
    "one memory": (lambda a, b, h, k, v: k * v // (2 * a * b) + 1, "a memory of its own"),
    "one head of keys": (lambda a, b, h, k, v: h * k * v // (2 * b) + 1, "keeps its own"),
    "rounded down": (lambda a, b, h, k, v: max(1, h * k * v // (2 * a * b)), "equal"),
    "one size": (lambda *_: 513, "is 33: 16384 numbers against 512"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def step(memory, key, value, write, keep):
    return keep * memory + np.outer(key, write * (value - key @ memory * keep))


def in_place(memory, key, value, write, keep):
    memory *= keep
    memory += np.outer(key, write * (value - key @ memory))
    return memory


WRONG_STEP = {
    "sum": (lambda m, k, v, w, a: a * m + np.outer(k, w * v), "not the value"),
    "from before": (
        lambda m, k, v, w, a: a * m + np.outer(k, w * (v - k @ m)),
        "the memory that has faded",
    ),
    "all of it": (
        lambda m, k, v, w, a: a * m + np.outer(k, v - a * k @ m),
        "only the share `write`",
    ),
    "no gate": (lambda m, k, v, w, a: m + np.outer(k, w * (v - k @ m)), "only the share `keep`"),
    "in place": (in_place, "leave the memory"),
    "as columns": (lambda m, k, v, w, a: step(m, k, v, w, a).T, "must have shape (3, 2)"),
    "logarithm": (lambda m, k, v, w, a: step(m, k, v, w, np.exp(a)), "keep, ask the key"),
    "the library's": (
        lambda m, k, v, w, a: library.positive(torch.tensor(m)).numpy(),
        "write it yourself",
    ),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def forget(memory, key):
    unit = key / np.linalg.norm(key)
    return memory - np.outer(unit, unit @ memory)


WRONG_FORGET = {
    "length 1 only": (lambda m, k: m - np.outer(k, k @ m), "a key of length 2.5"),
    "one division": (
        lambda m, k: m - np.outer(k, k @ m) / np.linalg.norm(k),
        "a key of length 2.5",
    ),
    "all": (lambda m, k: 0 * m, "keep their answers"),
    "a gate": (lambda m, k: m / 2, "still returns"),
    "as it was": (lambda m, k: m, "still returns"),
    "one row": (lambda m, k: np.where(np.arange(4)[:, None] == 0, 0, m), "still returns"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def chunk(q, k, v, beta, memory):
    system = torch.eye(len(q), dtype=q.dtype) + (beta[:, None] * (k @ k.mT)).tril(-1)
    u = torch.linalg.solve_triangular(system, beta[:, None] * (v - k @ memory), upper=False)
    return q @ memory + (q @ k.mT).tril() @ u, memory + k.mT @ u


def all_pairs(q, k, v, beta, memory):
    u = beta[:, None] * (v - k @ memory)
    return q @ memory + (q @ k.mT).tril() @ u, memory + k.mT @ u


WRONG_CHUNK = {
    "from nothing": (lambda q, k, v, b, m: chunk(q, k, v, b, 0 * m), "that is given counts"),
    "not read": (
        lambda q, k, v, b, m: (chunk(q, k, v, b, m)[0] - q @ m, chunk(q, k, v, b, m)[1]),
        "the queries read the memory",
    ),
    "not kept": (
        lambda q, k, v, b, m: (chunk(q, k, v, b, m)[0], chunk(q, k, v, b, m)[1] - m),
        "that is given stays",
    ),
    "no system": (all_pairs, "not those of the loop"),
    "outputs only": (lambda *x: chunk(*x)[0], "return two things"),
    "memory as it was": (lambda *x: (chunk(*x)[0], x[-1]), "not what the loop leaves"),
    "the library's": (lambda *x: library.delta_chunked(*x), "write it yourself"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}

RIGHT = {
    fixed_memory.crossing: crossing,
    fixed_memory.step: step,
    fixed_memory.forget: forget,
    fixed_memory.chunk: chunk,
}
WRONG = {
    fixed_memory.crossing: WRONG_CROSSING,
    fixed_memory.step: WRONG_STEP,
    fixed_memory.forget: WRONG_FORGET,
    fixed_memory.chunk: WRONG_CHUNK,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
