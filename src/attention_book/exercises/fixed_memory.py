"""Chapter 18: attention with a fixed memory."""

import numpy as np
import torch

from ..fixed_memory import delta_recurrent
from .verdict import by_hand, exercise, expect

SIZES = [(4, 64, 4, 64, 64), (4, 32, 8, 16, 48), (8, 16, 3, 24, 32)]


@exercise
def crossing(answer):
    """Tokens at which a cache outgrows memories: answer(kv_heads, d_head, heads, d_k, d_v)."""
    for kv_heads, d_head, heads, d_k, d_v in SIZES:
        mine = by_hand(answer, kv_heads, d_head, heads, d_k, d_v)
        one, memory = 2 * kv_heads * d_head, heads * d_k * d_v
        right = memory // one + 1
        expect(mine != 2 * memory // one + 1, "a token leaves a key and a value: two vectors.")
        expect(mine != memory / one, "at this length both are equal, or it is no whole number.")
        expect(mine != right - 1, "at this length the cache is not larger yet.")
        expect(mine != d_k * d_v // one + 1, "each head has a memory of its own.")
        expect(mine != memory // (2 * d_head) + 1, "each head of the cache keeps its own.")
        shown = f"crossing{(kv_heads, d_head, heads, d_k, d_v)}"
        expect(mine == right, f"{shown} is {right}: {memory} numbers against {one} for each token.")


@exercise
def step(answer):
    """The memory after one token: answer(memory, key, value, write, keep)."""
    rng = np.random.default_rng(18)
    for width, value_width in [(3, 2), (5, 5)]:
        memory, value = rng.normal(size=(width, value_width)), rng.normal(size=value_width)
        key, write, keep = rng.normal(size=width), 0.75, 0.5
        key, before = key / np.linalg.norm(key), memory.copy()
        mine = by_hand(answer, memory, key, value, write, keep)
        expect(np.array_equal(memory, before), "leave the memory that is given as it is.")
        _shape(mine, memory)
        kept = keep * memory
        wrong = {
            "the difference to what the key returns is written, not the value.": write * value,
            "what the key returns is taken from the memory that has faded.": write
            * (value - key @ memory),
            "only the share `write` of the difference is written.": value - key @ kept,
        }
        for says, written in wrong.items():
            expect(not _near(mine, kept + np.outer(key, written)), says)
        right = np.outer(key, write * (value - key @ kept))
        expect(not _near(mine, memory + np.outer(key, write * (value - key @ memory))), FADE)
        expect(_near(mine, kept + right), "keep, ask the key, and write the missing share.")


FADE = "only the share `keep` of the memory stays."


@exercise
def forget(answer):
    """A memory without what one key returns: answer(memory, key)."""
    rng = np.random.default_rng(3)
    for length in (1.0, 2.5):
        memory = rng.normal(size=(4, 3))
        basis = np.linalg.qr(rng.normal(size=(4, 4)))[0]
        key, before = length * basis[0], memory.copy()
        mine = by_hand(answer, memory, key)
        expect(np.array_equal(memory, before), "leave the memory that is given as it is.")
        _shape(mine, memory)
        expect(np.asarray(mine).any(), "keys that are orthogonal to this one keep their answers.")
        returned = f"a key of length {length:g} still returns numbers other than zero."
        expect(_near(key @ mine, 0 * memory[0]), returned)
        others = _near(basis[1:] @ mine, basis[1:] @ memory)
        expect(others, "keys that are orthogonal to this one keep their answers.")


@exercise
def chunk(answer):
    """Outputs and memory of a few tokens: answer(q, k, v, beta, memory)."""
    generator = torch.Generator().manual_seed(4)
    for n, width, value_width in [(6, 4, 3), (1, 3, 3), (9, 2, 5)]:
        shapes = [(n, width), (n, width), (n, value_width), (width, value_width)]
        q, k, v, memory = (torch.randn(s, dtype=torch.float64, generator=generator) for s in shapes)
        k = k / k.norm(dim=-1, keepdim=True)
        beta = torch.rand(n, dtype=torch.float64, generator=generator)
        right = delta_recurrent(q, k, v, beta, memory)
        made = by_hand(answer, *(x.clone() for x in (q, k, v, beta, memory)))
        pair = isinstance(made, tuple | list) and len(made) == 2
        expect(pair, "return two things, the outputs and the memory.")
        _shape(made[0], right[0], "outputs")
        _shape(made[1], right[1])
        fresh = delta_recurrent(q, k, v, beta)
        expect(not _near(made[0], fresh[0]), "the memory that is given counts, too.")
        expect(not _near(made[0], right[0] - q @ memory), "the queries read the memory, too.")
        expect(_near(made[0], right[0]), f"the outputs of {n} tokens are not those of the loop.")
        expect(not _near(made[1], right[1] - memory), "the memory that is given stays, too.")
        expect(_near(made[1], right[1]), "the memory is not what the loop leaves.")


def _shape(mine, right, name="memory"):
    got, wanted = tuple(getattr(mine, "shape", ())), tuple(right.shape)
    expect(got == wanted, f"the {name} must have shape {wanted}, got {got}.")


def _near(mine, right):
    return np.allclose(np.asarray(mine), np.asarray(right), atol=1e-9)
