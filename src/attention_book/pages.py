"""Keys and values in pages: room is lent out page by page, and texts share what they begin with."""

import copy

import torch
from jaxtyping import Float
from torch import Tensor

from . import validate
from .cache import KVCache


class Pages:
    """Room for the keys and values of many texts, in `n_pages` pages of `size` tokens each.

    `users` counts for each page the texts that read it; a page without any is free. The room is
    reserved when the first text comes. Source: Kwon et al. (2023), section 4.
    """

    def __init__(self, n_pages: int, size: int):
        n_pages = validate.whole_number("Pages", "n_pages", n_pages, least=1)
        self.size = validate.whole_number("Pages", "size", size, least=1)
        self.users = [0] * n_pages
        self.k: Tensor | None = None
        self.v: Tensor | None = None

    @property
    def free(self) -> int:
        """How many pages nobody uses."""
        return self.users.count(0)

    def take(self) -> int:
        """The first free page, which now has one user; ValueError if there is none."""
        if not self.free:
            raise ValueError(f"Pages.take: all {len(self.users)} pages are in use")
        page = self.users.index(0)
        self.users[page] = 1
        return page

    def reserve(self, k, v):
        """Room as wide as these keys and values, once."""
        if self.k is None:
            shape = (1, k.shape[1], len(self.users) * self.size)
            self.k, self.v = (x.new_empty(*shape, x.shape[3]) for x in (k, v))

    def duplicate(self, page):
        """Another page with the same tokens, for the one text that is about to change it."""
        other = self.take()
        for room in (self.k, self.v):
            room.narrow(2, other * self.size, self.size).copy_(self._of(room, page))
        self.users[page] -= 1
        return other

    def _of(self, room, page):
        return room.narrow(2, page * self.size, self.size)


class PagedCache(KVCache):
    """The keys and values of one text, on pages that may lie anywhere: `table` lists them in order.

    The token at position p is on page `table[p // size]`, at place p % size. A text takes a page
    when it needs one, so at most `size - 1` places of its own are empty. `fork` begins a second
    text with the same tokens and copies nothing until one of both changes a page; `release` gives
    the pages back. For writing texts, not for training: what carries gradients is refused.
    Source: Kwon et al. (2023), section 4.
    """

    def __init__(self, pages: Pages):
        validate.instance("PagedCache", "pages", pages, Pages)
        self.pages, self.length = pages, 0
        self.table: list[int] = []
        self.memory, self.memory_kv = None, None

    @property
    def k(self) -> Tensor | None:  # type: ignore[override]
        """The keys of all texts, page after page."""
        return self.pages.k

    @property
    def v(self) -> Tensor | None:  # type: ignore[override]
        """The values of all texts."""
        return self.pages.v

    @property
    def max_len(self) -> int:
        """How long this text can become with the pages that are free now."""
        return (len(self.table) + self.pages.free - self._copies()) * self.pages.size

    def append(
        self, k: Float[Tensor, "1 H T D"], v: Float[Tensor, "1 H T Dv"]
    ) -> tuple[Float[Tensor, "1 H Tk D"], Float[Tensor, "1 H Tk Dv"]]:
        """Keep these keys and values, and return all so far, gathered from the pages in order.

        Errors are those of `KVCache.append`; a text has a batch of 1, and there must be pages left.
        """
        validate.append(self, k, v)
        validate.one_without_gradient(self, k, v)
        self.pages.reserve(k, v)
        self._turn_pages(k.shape[2])
        places = self._places(self.length, self.length + k.shape[2])
        for room, new in ((self.k, k), (self.v, v)):
            room.index_copy_(2, places, new)  # type: ignore[union-attr]
        self.length += k.shape[2]
        places = self._places(0, self.length)
        return self.k.index_select(2, places), self.v.index_select(2, places)  # type: ignore

    def fork(self) -> "PagedCache":
        """A second text that begins with the tokens of this one and lies on the same pages."""
        other = copy.copy(self)
        other.table = []
        other.state = self.state
        return other

    def release(self) -> None:
        """Forget all tokens, and give back the pages that no other text reads."""
        self.state = (0, (), None, None)

    def select(self, rows) -> None:
        """ValueError: a text has one row, and `fork` doubles it."""
        raise ValueError("PagedCache.select: a text has one row; use fork and release")

    @property
    def state(self) -> tuple:
        """All that a call may change; setting it takes the call back."""
        return self.length, tuple(self.table), self.memory, self.memory_kv

    @state.setter
    def state(self, state: tuple) -> None:
        before = self.table
        self.length, table, self.memory, self.memory_kv = state
        self.table = list(table)
        for pages, step in ((self.table, 1), (before, -1)):
            for page in pages:
                self.pages.users[page] += step

    def __deepcopy__(self, _):
        return self.fork()

    def _copies(self):
        """Whether the last page is begun and another text reads it too: 1 or 0."""
        begun = self.length % self.pages.size > 0
        return int(begun and self.pages.users[self.table[-1]] > 1)

    def _turn_pages(self, n):
        if n and self._copies():
            self.table[-1] = self.pages.duplicate(self.table[-1])
        while len(self.table) * self.pages.size < self.length + n:
            self.table.append(self.pages.take())

    def _places(self, start, end):
        at = torch.arange(start, end, device=self.k.device)
        table = torch.tensor(self.table, dtype=torch.long, device=at.device)
        return table[at // self.pages.size] * self.pages.size + at % self.pages.size
