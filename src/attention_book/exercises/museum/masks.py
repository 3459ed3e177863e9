"""Exhibits of masks."""

import torch
import torch.nn.functional as F

from ... import checks
from ..verdict import by_hand, exercise, expect
from .drawn import close, drawn, made


@exercise
def mask(answer):
    """Causal attention by PyTorch's kernel: answer(q, k, v) of (1, T, D)."""
    for length in (4, 6):
        [x] = drawn((1, length, 3))
        checks.causal(lambda x: by_hand(answer, x, x, x), x)
        mine = made(answer, x, x, x, shape=x.shape)
        right = F.scaled_dot_product_attention(x, x, x, is_causal=True)
        expect(torch.isfinite(mine).all(), "NaN: a word that sees nothing has no shares.")
        expect(close(mine, right), "each word sees itself and every word before it.")


@exercise
def times(answer):
    """Weights of scores (T, T) under a bool mask (T, T), True = may attend."""
    for length in (4, 6):
        [scores] = drawn((length, length))
        sees = torch.ones(length, length).tril().bool()
        mine = made(answer, scores, sees, shape=scores.shape)
        expect(torch.isfinite(mine).all(), "NaN: 0 times infinity. Fill in, do not multiply.")
        hidden = "a hidden key has a weight: softmax makes e⁰ = 1 of a score of 0."
        expect((mine[~sees] == 0).all(), hidden)
        checks.rows_sum_to_one(mine)
        right = scores.masked_fill(~sees, -torch.inf).softmax(-1)
        expect(close(mine, right), "what may be seen has other weights than softmax gives.")


@exercise
def padding(answer):
    """Weights of scores (B, H, T, T), and words (B, T) that are True at words, False at padding."""
    for lengths, n in [([2, 4], 4), ([3, 1, 5], 5)]:
        words = torch.arange(n) < torch.tensor(lengths)[:, None]
        [scores] = drawn((len(lengths), 2, n, n))
        mine = made(answer, scores, words, shape=scores.shape)
        expect(torch.isfinite(mine).all(), "a row is NaN: it may see nothing at all.")
        right = scores.masked_fill(~words[:, None, None], -torch.inf).softmax(-1)
        for own, other, length in zip(mine, right, lengths, strict=True):
            own, other = own[:, :length], other[:, :length]  # of words; padding may do anything
            axis = "words give weight to padding: which axis of the scores are the keys?"
            expect((own[..., length:] < 1e-9).all(), axis)
            checks.rows_sum_to_one(own)
            expect(close(own, other), "a word sees other words than its own text has.")


@exercise
def half(answer):
    """Weights of half-precision scores (T, T) under a bool mask, True = may attend."""
    sees = torch.ones(4, 4).tril().bool()
    sees[2] = False
    for name, size in [("small", 1.0), ("of 12,000", 12000.0), ("of −30,000", -30000.0)]:
        scores = torch.full((4, 4), size).where(~sees, torch.arange(4.0)).half()
        mine = made(answer, scores, sees, shape=(4, 4))
        row = f"scores {name}: the row that may see nothing is not finite."
        expect(torch.isfinite(mine[2]).all(), row)
        rest, may = mine[[0, 1, 3]], sees[[0, 1, 3]]
        expect(torch.isfinite(rest).all(), f"scores {name}: NaN or infinity in a row of words.")
        leak = f"hidden scores {name} get weight: add nothing to them, replace them."
        expect((rest[~may] < 1e-6).all(), leak)
        right = torch.arange(4.0).expand(3, 4).masked_fill(~may, -torch.inf).softmax(-1)
        gap = (rest.float() - right).abs().max()
        expect(gap < 2e-3, "what may be seen has other weights than softmax gives.")


@exercise
def window(answer):
    """A causal mask by which a token sees `size` tokens, itself among them: answer(n, size)."""
    for n, size in [(6, 3), (5, 1), (3, 7), (4, 4)]:
        mine = made(answer, n, size, shape=(n, n))
        expect(mine.dtype == torch.bool, "a mask is a bool tensor.")
        expect(not mine.triu(1).any(), "the future is open.")
        most = int(mine.sum(-1).max())
        wanted = min(n, size)
        expect(most == wanted, f"window({n}, {size}): a token sees {wanted} at most, not {most}.")
        right = torch.ones(n, n).tril().triu(1 - size).bool()
        expect(torch.equal(mine, right), "the newest tokens are seen, and as many as there are.")
