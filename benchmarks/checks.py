"""What it costs that a step of decoding may fail: checks, and what takes a failed step back."""

from contextlib import ExitStack
from unittest.mock import patch

import torch

from attention_book import KVCache, generate, generation, validate

from . import peers
from .sizes import SMALL, ids_for
from .table import Measured
from .timing import both, in_pairs


class Trusting(KVCache):
    """A cache that compares nothing with what it keeps, and has no state to go back to."""

    state = None

    def _joined(self, kept, new, n):
        if kept is None or new.requires_grad or kept.requires_grad or kept.shape[2] < self.max_len:
            return super()._joined(kept, new, n)
        place = kept if torch.is_inference_mode_enabled() else kept.data
        place.narrow(2, self.length, n).copy_(new)
        return kept


# Every function of `validate` that a step calls after the first, and what to return instead.
UNCHECKED = {
    "logits": lambda *_: None,
    "likely": lambda *_: None,
    "chosen": lambda function, x, *_: x,
    "transforming": lambda: False,
}


def share():
    """The percentage of a cached step that would be saved without them."""
    ours, _ = peers.pair(SMALL)
    ids = ids_for(SMALL, 1, 16)

    def run():
        return torch.stack(list(generate(ours, ids, 64)))

    def run_unchecked():
        with ExitStack() as stack:
            stack.enter_context(patch.object(generation, "KVCache", Trusting))
            for name, stand_in in UNCHECKED.items():
                stack.enter_context(patch.object(validate, name, stand_in))
            return run()

    assert torch.equal(run(), run_unchecked())
    pairs = in_pairs(run, run_unchecked)
    return Measured([100 * (1 - bare / checked) for checked, bare in pairs], both(pairs))
