"""Chapter 4: where q, k and v come from."""

import numpy as np
import torch

from .. import checks, tasks
from ..examples import TOKENS, W_K, W_Q, W_V
from ..reference import attention_weights
from .verdict import by_hand, exercise, expect

MAPS = {"query": W_Q, "key": W_K, "value": W_V}


@exercise
def command(query, key, value):
    """The three vectors of *command*, a thing and an action."""
    given = dict(zip(MAPS, ([*map(float, row)] for row in (query, key, value)), strict=True))
    sizes = [len(given[name]) == len(W) for name, W in MAPS.items()]
    expect(all(sizes), "query and key have four numbers; the value has two, machine and command.")
    for name, row in given.items():
        W, others = MAPS[name], [other for other in MAPS if other != name]
        rows = W[1:3].sum(0).tolist() if len(W) == 4 else None
        expect(row != rows, f"{name}: you added rows of the map. Add its columns.")
        for other in others:
            same = row == _command(other).tolist()
            expect(not same, f"{name}: this is the {other}. Take the other map.")
        right = row == _command(name).tolist()
        expect(right, f"{name}: add the second and the third column of its map.")


def _command(name):
    return MAPS[name] @ [0, 1, 1, 0]


@exercise
def blocks(to_blocks):
    """Rows that are interleaved by head, brought into blocks: to_blocks(rows, heads)."""
    for heads, depth, seed in [(4, 16, 0), (2, 3, 1), (3, 1, 2)]:
        right = np.random.default_rng(seed).normal(size=(3, heads, depth, 5))
        stored = right.swapaxes(0, 1).reshape(-1, 5)
        again = stored.reshape(3, heads, depth, 5).swapaxes(0, 1).reshape(-1, 5)
        right = right.reshape(-1, 5)
        rows = np.asarray(by_hand(to_blocks, stored.copy(), heads))
        size = f"{len(stored)} rows of 5, in another order, for {heads} heads"
        expect(rows.shape == stored.shape, f"expected {size}, got the shape {rows.shape}.")
        expect(not np.array_equal(rows, stored), "this is the order in which they came.")
        twice = "this interleaves a second time. View the rows as heads × parts, not parts × heads."
        expect(np.array_equal(rows, right) or not np.array_equal(rows, again), twice)
        known = {row.tobytes() for row in stored}
        known = all(np.ascontiguousarray(row).tobytes() in known for row in rows)
        expect(known, "these are not the rows that came in. Move them, and change no number.")
        begins = np.array_equal(rows[:depth], right[:depth])
        expect(begins, "the query of head 0 comes first in both layouts, but it has moved.")
        expect(np.array_equal(rows, right), f"with {heads} heads, rows are still out of place.")


@exercise
def merge(M, saved):
    """The QK circuit of the four words, and how many numbers it saves at width 64, head 16."""
    M = np.asarray(M, dtype=float)
    expect(M.shape == (4, 4), "M has one number for each pair of features: it is 4 by 4.")
    expect(not np.array_equal(M, W_Q @ W_K.T), "the features must meet M: transpose W_Q instead.")
    expect(not np.array_equal(M, W_K.T @ W_Q), "here the keys ask. Exchange the two maps.")
    checks.same(TOKENS @ M @ TOKENS.T, TOKENS @ W_Q.T @ (TOKENS @ W_K.T).T)
    both = "the two maps have 2,048 numbers together. Compare with those of M, and mind the sign."
    expect(saved != 2048, both)
    expect(saved != 2048 - 256, "M compares two words of width 64, so it is 64 by 64.")
    expect(saved == 2 * 16 * 64 - 64 * 64, "the numbers of the two maps, less those of one M.")


@exercise
def tied(model, lost):
    """A tied head, trained to say the digit after, and the positions that it gets wrong."""
    head = model.attention
    expect(head.v_proj is not head.q_proj, "the value map is tied. Tie the keys to the queries.")
    expect(head.v_proj is not head.k_proj, "the value map is tied. Tie the keys to the queries.")
    one = head.q_proj.weight is head.k_proj.weight
    alike = torch.equal(head.q_proj.weight, head.k_proj.weight)
    expect(one or not alike, "two maps of equal numbers. Training moves them apart: make them one.")
    expect(one, "queries and keys still have a map each.")
    before, after = (_right(model, task) for task in ("previous_token", "next_token"))
    expect(before.nanmean() < 0.5, "this head says the digit before. Train it on the digit after.")
    expect(after.nanmean() > 0.5, "it has not learned its task. Tie first, then train 300 steps.")
    expect(all(isinstance(place, int) for place in lost), "give the positions, counted from 0.")
    expect(9 not in lost, "the last position has no digit after it, and is not asked.")
    wrong = [place for place in range(9) if after[place] < 0.5]
    expect(len(lost) == len(wrong), f"it gets {len(lost)} wrong? Look at each of the nine again.")
    expect(sorted(lost) == wrong, "as many as you say, but others. Positions count from 0.")


def _right(model, name):
    """The share of right answers at each position."""
    inputs, targets = getattr(tasks.copying, name)().held_out(1000, 0)
    with torch.no_grad():
        right = (model(inputs).argmax(-1) == targets).double()
    return torch.where(targets < 0, torch.nan, right).nanmean(0)


@exercise
def stairs(rows):
    """Four vectors, queries and keys at once: each but the first looks most at the one before."""
    rows = np.asarray(rows, dtype=float)
    expect(rows.shape == (4, 2), "four rows of two numbers.")
    lengths = np.linalg.norm(rows, axis=1)
    for i in (1, 2, 3):
        longer = f"row {i} is no shorter than row {i - 1}, so it prefers itself."
        expect(lengths[i] < lengths[i - 1] - 1e-9, longer)
        weights = attention_weights(rows, rows)[i]
        likes = int(weights.round(9).argmax())
        expect(likes < i, f"row {i} looks most at row {likes}: turn it less away from row {i - 1}.")
        expect(likes == i - 1, f"row {i} looks most at row {likes}: turn it away from that one.")
        ahead = weights[i - 1] > np.delete(weights, i - 1).max() + 1e-6
        expect(ahead, f"row {i} gives its largest share to two rows at once.")
