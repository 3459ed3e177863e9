"""A cache for attention that sees a window: the newest token takes the place of the oldest."""

import sys

import torch
from jaxtyping import Float
from torch import Tensor

from . import validate
from .cache import KVCache


class RingCache(KVCache):
    r"""The keys and values of the last `size` tokens, the token itself among them.

    The token at position $p$ is kept at place $p \bmod size$. `length` counts all tokens so far, so
    positions go on, and there is no end of room. It serves `window_mask(n, size - 1)`, and what is
    published as `sliding_window=size`.
    The state of a call that failed can be set back, as with every cache.
    Source: Jiang et al. (2023), section 2.
    """

    def __init__(self, size: int):
        super().__init__(sys.maxsize)
        self.size = validate.whole_number("RingCache", "size", size, least=1)

    def append(
        self, k: Float[Tensor, "B H T D"], v: Float[Tensor, "B H T Dv"]
    ) -> tuple[Float[Tensor, "B H Tk D"], Float[Tensor, "B H Tk Dv"]]:
        """Keep these keys and values, and return those which the new tokens may see.

        One new token gets at most `size` pairs in the order of the ring, which attention does not
        mind, and needs no mask. Several get the last `size - 1` before them and their own, the
        oldest first, for a `window_mask` over as many keys. Errors are those of `KVCache.append`.
        """
        validate.append(self, k, v)
        n = k.shape[2]
        if n == 1 and self.k is not None and not torch.is_grad_enabled():
            return self._overwrite(k, v)
        seen = tuple(self._in_order(kept, new) for kept, new in ((self.k, k), (self.v, v)))
        self.k, self.v = (self._laid_out(kept, n) for kept in seen)
        self.length += n
        return seen if n != 1 else (self._filled(self.k), self._filled(self.v))

    def _overwrite(self, k, v):
        """What is lost is out of the window of this token and of all after it."""
        for ring, new in ((self.k, k), (self.v, v)):
            ring.narrow(2, self.length % self.size, 1).copy_(new)
        self.length += 1
        return self._filled(self.k), self._filled(self.v)

    def _filled(self, ring):
        return ring.narrow(2, 0, min(self.length, self.size))

    def _in_order(self, ring, new):
        if ring is None:
            return new
        places = self._places(self.length - min(self.length, self.size - 1), self.length, new)
        return torch.cat((ring.index_select(2, places), new), dim=2)

    def _laid_out(self, seen, n):
        """A new ring with the last of what is seen, so that the old one can be set back."""
        last = seen.narrow(2, max(0, seen.shape[2] - self.size), min(self.size, seen.shape[2]))
        end = self.length + n
        ring = last.new_zeros(*last.shape[:2], self.size, last.shape[3])
        return ring.index_copy(2, self._places(end - last.shape[2], end, last), last)

    def _places(self, start, end, x):
        return torch.arange(start, end, device=x.device) % self.size
