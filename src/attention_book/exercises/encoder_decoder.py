"""Chapter 11: encoder, decoder and cross-attention."""

import numpy as np
import torch

from .. import checks
from ..config import Config
from ..masks import padding_mask
from ..models.transformer import Transformer
from ..tasks import roman
from ..weights import load
from .verdict import by_hand, exercise, expect, result

SCORES = np.array([3.0, 0, 0, 6])  # what the third query of the headline gets from four keys


def _shares(scores):
    return np.exp(scores) / np.exp(scores).sum()


@exercise
def row(shares):
    """The four weights of the headline's third query, to two decimals."""
    expect(len(shares) == 4, "one share for each word of the source, four.")
    expect(shares[3] != 0, "the source has no future: all four words are open.")
    expect(abs(sum(shares) - 1) < 0.03, "the shares of one query must add up to 1.")
    expect(abs(shares[3] - _shares(SCORES)[3]) > 0.01, "first divide by the root of 4.")
    expect(abs(shares[3] - 2 / 3) > 0.01, "share out powers of e, and not scores.")
    checks.same(shares, _shares(SCORES / 2), tolerance=0.011)


@exercise
def source_mask(mask):
    """The source mask of XII and MMXXVI in one batch, six letters wide."""
    expect(getattr(mask, "dtype", None) == torch.bool, "a mask is a bool tensor: True may attend.")
    shape = tuple(mask.shape)
    expect(shape != (2, 6), "one axis each for heads and queries is missing: (2, 1, 1, 6).")
    expect(mask.ndim == 4, f"one row for each text, of the shape (B, 1, 1, Tk), got {shape}.")
    expect(shape[-1] == 6, "the keys are the source's six letters.")
    expect(len(mask) == 2, "two texts stand in the batch: one mask for each.")
    expect(shape == (2, 1, 1, 6), f"one row serves all queries: (2, 1, 1, 6), got {shape}.")
    expect(mask[1].any(), "turned around: True opens a key.")
    expect(mask[1].all(), "MMXXVI has six letters, and no letter of a source lies in the future.")
    expect(not mask[0, ..., 3:].any(), "XII has three letters, the rest is padding.")
    model = _untrained()
    numerals = torch.tensor(np.stack([roman.source(n)[:6] for n in (12, 2026)]))
    digits = torch.tensor([[1, 11, 12, 2], [1, 12, 10, 12]])
    alone = model(numerals[:1, :3], digits[:1])
    checks.same(model(numerals, digits, source_mask=mask)[:1], alone)


def _untrained():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        sizes = Config(vocab_size=20, max_len=15, d_model=24, n_heads=4, n_layers=2)
        return Transformer(sizes).double().eval().requires_grad_(False)


class Halves:
    """The trained model as two functions; `turn` is added to each digit that it writes."""

    def __init__(self, turn, mask):
        self.model = load("roman").double().requires_grad_(False)
        self.turn, self.mask, self.read, self.written = turn, mask, 0, 0

    def encode(self, source, *, source_mask=None):
        """The memories of the source, one for each layer."""
        self.read += 1
        self._hides(source_mask, "encoder")
        return self.model.encode(source, source_mask=source_mask)

    def decode(self, target, memories, *, source_mask=None):
        """Logits for each token of the target so far."""
        self.written += 1
        expect(self.written <= 10, "it never ends: take the last row of logits, stop at the end.")
        self._hides(source_mask, "decoder")
        logits = self.model.decode(self._turned(target), memories, source_mask=source_mask)
        return torch.cat([logits[..., :10], logits[..., 10:].roll(self.turn, -1)], dim=-1)

    def _turned(self, ids):
        return torch.where(ids < 10, ids, 10 + (ids - 10 - self.turn) % 10)

    def _hides(self, mask, half):
        hidden = mask is not None and torch.equal(mask, self.mask)
        expect(hidden, f"the {half} sees the padding: give it source_mask=mask.")


@exercise
def translate(answer):
    """The digits of one numeral as a text, from encode and decode: answer(model, ids, mask)."""
    for number, turn in ((1994, 0), (2026, 0), (8, 0), (1994, 1)):
        ids = torch.tensor(roman.source(number)[None])
        mask = padding_mask((ids != roman.PAD).sum(1), ids.shape[1])
        model = Halves(turn, mask)
        text = result(answer, model, ids, mask)
        expect(isinstance(text, str), "return a text, such as '1994'.")
        expect(model.read, "the encoder never ran: let the model read the numeral.")
        expect(model.read == 1, "the encoder need run only once: encode outside of the loop.")
        expect(model.written > len(str(number)), "run the decoder for each digit, and for the end.")
        expect("<" not in text, "leave out the start and the end.")
        expect(turn == 0 or text != str(number), "it does not take what the decoder says.")
        right = "".join(str((int(digit) + turn) % 10) for digit in str(number))
        expect(text == right, f"the model says {right}, and your text is {text}.")


@exercise
def mix(answer):
    """The memories that shares make of the encoder's outputs: answer(states, shares)."""
    rng = np.random.default_rng(11)
    states = [torch.tensor(state) for state in rng.normal(size=(3, 2, 7, 24))]
    last = torch.tensor([[0.0, 0, 1]] * 3).double()
    uneven = torch.tensor(rng.dirichlet(np.ones(3), size=2))
    for shares in (last, torch.eye(3).double(), torch.eye(3).double().flip(0), uneven):
        found = by_hand(answer, states, shares)
        expect(len(found) == len(shares), "one memory for each layer of the decoder, for each row.")
        shape = tuple(getattr(found[0], "shape", ()))
        expect(shape == (2, 7, 24), f"a memory is as large as a state, (2, 7, 24), got {shape}.")
        found = torch.stack([*found])
        right = torch.einsum("ij,j...->i...", shares, torch.stack(states))
        if len(shares) == 3:
            turned = torch.einsum("ji,j...->i...", shares, torch.stack(states))
            swapped = torch.allclose(found, turned) and not torch.allclose(found, right)
            expect(not swapped, "row i is for the decoder's layer i, not for the encoder's.")
        checks.same(found, right)
