"""What attention remembers between one step and the next."""

import copy
from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from . import validate


class KVCache:
    """The keys and values of the tokens so far, so that a new token computes only its own.

    One cache serves one attention layer, or one block: its self-attention grows through
    `append`, its cross-attention keeps the keys and values of one memory through `of_memory`.
    A causal mask makes it work: earlier tokens never see later ones, so theirs never change.
    `length` tokens are kept, `max_len` fit; beyond that is a ValueError and changes nothing.
    A module or model whose call fails, or is interrupted, leaves its caches as they were.
    Source: Pope et al. (2023), section 2.
    """

    def __init__(self, max_len: int):
        self.max_len = validate.whole_number("KVCache", "max_len", max_len, least=1)
        self.length = 0
        self.k: Tensor | None = None
        self.v: Tensor | None = None
        self.memory: Tensor | None = None
        self.memory_kv: tuple[Tensor, Tensor] | None = None

    def append(
        self, k: Float[Tensor, "B H T D"], v: Float[Tensor, "B H T Dv"]
    ) -> tuple[Float[Tensor, "B H Tk D"], Float[Tensor, "B H Tk Dv"]]:
        """Keep these keys and values, and return all so far, the oldest first.

        Room for `max_len` tokens is reserved once, at the first call, and the results are views of
        it; of keys and values with gradients, new tensors are made each time.
        ValueError or TypeError for another batch, heads, width, dtype or device than before.
        """
        try:
            if self.k is None:
                validate.append(self, k, v)
            n = k.shape[2]
            kept = self._joined(self.k, k, n), self._joined(self.v, v, n)
        except Exception:
            validate.append(self, k, v)
            raise
        self.k, self.v = kept
        self.length += n
        return kept[0].narrow(2, 0, self.length), kept[1].narrow(2, 0, self.length)

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
        self.k, self.v = self.k[rows], self.v[rows]  # type: ignore[index] # there, or refused above

    @property
    def state(self) -> tuple:
        """All that a call may change; setting it takes the call back."""
        return self.length, self.k, self.v, self.memory, self.memory_kv

    @state.setter
    def state(self, state: tuple) -> None:
        self.length, self.k, self.v, self.memory, self.memory_kv = state

    def __deepcopy__(self, _):
        """Copies of the keys and values, which may carry gradients; the memory is the same one."""
        other = copy.copy(self)
        if self.k is not None:
            other.k, other.v = self.k.clone(), self.v.clone()
        return other

    def _joined(self, kept, new, n):
        """What is kept, then the new: in the room for all or, with gradients, in a new tensor."""
        kept = new.narrow(2, 0, 0) if kept is None else kept
        if new.requires_grad or kept.requires_grad:
            validate.room("KVCache.append", self, len(new), n)
            _alike(new, kept, (*kept.shape[:2], n, *kept.shape[3:]))
            return torch.cat((kept.narrow(2, 0, self.length), new), dim=2)
        if kept.shape[2] < self.max_len:
            kept = self._room(kept)
        # Through `.data`, so that graphs which read earlier places do not take them for changed.
        place = kept if torch.is_inference_mode_enabled() else kept.data
        place = place.narrow(2, self.length, n)
        _alike(new, place, place.shape)
        place.copy_(new)
        return kept

    def _room(self, x):
        room = x.new_empty(*x.shape[:2], self.max_len, x.shape[3])
        room.narrow(2, 0, self.length).copy_(x.narrow(2, 0, self.length))
        return room


def _alike(new, other, shape):
    if new.shape != shape or new.dtype != other.dtype or new.device != other.device:
        raise ValueError("copying would stretch or convert it")
