"""What attention remembers between one step and the next."""

from collections.abc import Callable

from jaxtyping import Float, Int
from torch import Tensor

from . import validate


class KVCache:
    """The keys and values of the tokens so far, so that a new token computes only its own.

    One cache serves one attention layer, or one block: its self-attention grows through
    `append`, its cross-attention keeps the keys and values of one memory through `of_memory`.
    A causal mask makes it work: earlier tokens never see later ones, so theirs never change.
    `length` tokens are kept, `max_len` fit; beyond that is a ValueError and changes nothing.
    Source: Pope et al. (2023), section 2.
    """

    def __init__(self, max_len: int):
        validate.whole_number("KVCache", "max_len", max_len, least=1)
        self.max_len = max_len
        self.length = 0
        self.k = self.v = None
        self.memory = self.memory_kv = None

    def append(
        self, k: Float[Tensor, "B H T D"], v: Float[Tensor, "B H T Dv"]
    ) -> tuple[Float[Tensor, "B H Tk D"], Float[Tensor, "B H Tk Dv"]]:
        """Keep these keys and values, and return all so far, the oldest first.

        Room for `max_len` tokens is reserved once, at the first call; the results are views of
        it. ValueError or TypeError for another batch, heads, width, dtype or device than before.
        """
        validate.append(self, k, v)
        if self.k is None:
            self.k, self.v = self._room(k), self._room(v)
        start, self.length = self.length, self.length + k.shape[2]
        self.k[:, :, start : self.length] = k
        self.v[:, :, start : self.length] = v
        return self.k[:, :, : self.length], self.v[:, :, : self.length]

    def of_memory(self, memory: Tensor, project: Callable[[Tensor], tuple[Tensor, Tensor]]):
        """The memory's keys and values: `project(memory)` at the first call, the same ones after.

        ValueError for a second memory; the very same tensor must be given, not an equal one.
        """
        validate.same_memory("KVCache.of_memory", self, memory)
        if self.memory is None:
            self.memory_kv = project(memory)
            self.memory = memory
        return self.memory_kv

    def select(self, rows: Int[Tensor, " N"]) -> None:
        """Keep these rows of the batch, in this order, as a beam search does between two steps.

        The rows of the memory stay as they are, so a row may only give way to one of its source.
        """
        validate.rows("KVCache.select", self, rows)
        k, v = self.k[rows, :, : self.length], self.v[rows, :, : self.length]
        self.k, self.v, self.length = None, None, 0
        self.append(k, v)

    def _room(self, x):
        return x.new_empty(*x.shape[:2], self.max_len, x.shape[3])
