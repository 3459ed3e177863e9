import numpy as np
from torch import nn

from attention_book import MultiHeadAttention
from attention_book.examples import W_K, W_Q, W_V
from attention_book.exercises import origins
from tests.exercises.answers import refused

RIGHT = [1, 3, 3, 1], [0, 2, 3, 0], [0, 2]
WRONG_COMMANDS = {
    "dots": ([..., ..., ..., ...], RIGHT[1], RIGHT[2], "dots"),
    "rows of the map": ([0, 3, 3, 0], RIGHT[1], RIGHT[2], "query: you added rows"),
    "query and key exchanged": (RIGHT[1], RIGHT[0], RIGHT[2], "query: this is the key"),
    "a value of four": (*RIGHT[:2], [0, 2, 0, 0], "two, machine and command"),
    "columns of robot": ([0, 0, 3, 0], RIGHT[1], RIGHT[2], "second and the third column"),
    "zeros": ([0] * 4, [0] * 4, [0] * 2, "second and the third column"),
}


def blocks(rows, heads):
    table = rows.reshape(heads, 3, -1, rows.shape[1])
    return table.swapaxes(0, 1).reshape(rows.shape)


WRONG_BLOCKS = {
    "nothing": (lambda rows, heads: None, "return"),
    "as they came": (lambda rows, heads: rows, "in which they came"),
    "a second time": (
        lambda rows, heads: rows.reshape(3, heads, -1, 5).swapaxes(0, 1).reshape(rows.shape),
        "a second time",
    ),
    "four heads only": (lambda rows, heads: blocks(rows, 4), "raises ValueError"),
    "a table": (lambda rows, heads: rows.reshape(heads, 3, -1, 5).swapaxes(0, 1), "rows of 5"),
    "constant": (lambda rows, heads: np.ones_like(rows), "not the rows that came in"),
    "sorted": (lambda rows, heads: np.sort(rows, axis=0), "not the rows that came in"),
    "turned over": (lambda rows, heads: rows[::-1], "has moved"),
}
M = W_Q.T @ W_K
WRONG_MERGES = {
    "dots": (..., ..., "dots"),
    "no transpose": (W_Q @ W_K.T, -2048, "transpose W_Q"),
    "the keys ask": (W_K.T @ W_Q, -2048, "keys ask"),
    "the maps' own": (M, 2048, "mind the sign"),
    "in the head's width": (M, 1792, "64 by 64"),
    "one map": (M, 1024, "less those of one M"),
    "of a head": (np.ones((16, 16)), -2048, "4 by 4"),
    "ones": (np.ones((4, 4)), -2048, "differ"),
}
WRONG_STAIRS = {
    "zeros": (np.zeros((4, 2)), "row 1 is no shorter"),
    "one direction": ([[4, 0], [3, 0], [2, 0], [1, 0]], "row 2 looks most at row 0"),
    "a circle": ([[1, 0], [0, 1], [-1, 0], [0, -1]], "row 1 is no shorter"),
    "right angles": ([[8, 0], [0, 6], [-4, 0], [0, -2]], "row 1 looks most at row 1"),
    "three rows": (np.ones((3, 2)), "four rows"),
}


def test_the_command():
    assert origins.command(*RIGHT)
    assert origins.command(*(W @ [0, 1, 1, 0] for W in (W_Q, W_K, W_V)))


test_wrong_commands = refused(origins.command, WRONG_COMMANDS)


def test_the_blocks():
    assert origins.blocks(blocks)


test_wrong_blocks = refused(origins.blocks, WRONG_BLOCKS)


def test_the_circuit():
    assert origins.merge(M, -2048)


test_wrong_circuits = refused(origins.merge, WRONG_MERGES)


class Head(nn.Module):
    """What says the digit after, or before, and gets the lost positions wrong."""

    def __init__(self, lost=(), step=1, **ties):
        super().__init__()
        self.attention, self.lost, self.step = MultiHeadAttention(32, 1), list(lost), step
        for name, other in ties.items():
            setattr(self.attention, name, getattr(self.attention, other))

    def forward(self, ids):
        said = ids.roll(-self.step, 1)
        said[:, self.lost] = (said[:, self.lost] + 1) % 10
        return nn.functional.one_hot(said, 10).double()


TIE = {"k_proj": "q_proj"}
COPIED = Head([3, 7])
COPIED.attention.k_proj.load_state_dict(COPIED.attention.q_proj.state_dict())
WRONG_HEADS = {
    "dots": (Head([3, 7], **TIE), ..., "dots"),
    "none": (Head([3, 7], **TIE), [], "again"),
    "one too many": (Head([3, 7], **TIE), [3, 5, 7], "again"),
    "counted from 1": (Head([3, 7], **TIE), [4, 8], "others"),
    "the last": (Head([3, 7], **TIE), [3, 9], "not asked"),
    "words": (Head([3, 7], **TIE), ["3", "7"], "counted from 0"),
    "equal numbers": (COPIED, [3, 7], "moves them apart"),
    "not tied": (Head([3, 7]), [3, 7], "a map each"),
    "values tied": (Head([3, 7], v_proj="k_proj"), [3, 7], "value map is tied"),
    "all tied": (Head([3, 7], v_proj="q_proj", **TIE), [3, 7], "value map is tied"),
    "untrained": (Head(range(10), **TIE), list(range(9)), "has not learned"),
    "the digit before": (Head([3, 7], step=-1, **TIE), [3, 7], "Train it on the digit after"),
    "no head": (nn.Linear(2, 2), [3, 7], "raises AttributeError"),
}


def test_the_tied_head():
    assert origins.tied(Head([3, 7], **TIE), [3, 7])
    assert origins.tied(Head([3, 7], **TIE), [7, 3])
    assert origins.tied(Head(**TIE), [])


test_wrong_heads = refused(origins.tied, WRONG_HEADS)


def test_the_stairs():
    angles, lengths = np.arange(4) * np.pi / 3, 16 * 0.4 ** np.arange(4)
    assert origins.stairs((lengths * np.stack([np.cos(angles), np.sin(angles)])).T)


test_wrong_stairs = refused(origins.stairs, WRONG_STAIRS)
