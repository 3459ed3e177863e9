"""Chapter 16: a smaller cache."""

import torch

from ..counting import count_macs
from .verdict import by_hand, exercise, expect

SIZES = [  # tokens, layers, heads, heads of keys and values, their width, window
    (4096, 32, 32, 8, 128, None),
    (1000, 12, 12, 12, 64, None),
    (9000, 32, 32, 8, 128, 4096),
    (300, 6, 8, 1, 16, 512),
]


@exercise
def kept(answer):
    """Bytes in half precision: answer(tokens, layers, heads, kv_heads, width, window)."""
    for tokens, layers, heads, kv_heads, width, window in SIZES:
        sizes = tokens, layers, heads, kv_heads, width, window
        mine = by_hand(answer, *sizes)
        each = 4 * layers * kv_heads * width
        held = tokens if window is None else min(tokens, window)
        right = each * held
        if heads != kv_heads:
            expect(mine * kv_heads != right * heads, "query heads keep nothing: count kv_heads.")
        if held < tokens:
            expect(mine != each * tokens, "a window keeps no more tokens than it is long.")
        elif window is not None:
            expect(mine != each * window, "a text that is shorter than the window keeps its own.")
        expect(mine != right / 2, "a key and a value of 2 bytes a number: two factors of 2.")
        expect(mine != right / 4, "a key and a value, and 2 bytes for each number.")
        expect(mine != right / layers, "every layer keeps its own.")
        expect(mine == right, f"kept{sizes} is {right:,}: tokens kept times bytes for a token.")


@exercise
def shared(answer):
    """Each query head's own keys, from fewer: answer(k, n_heads) of k (B, Hkv, T, D)."""
    for kv_heads, heads in [(2, 6), (3, 6), (1, 4), (2, 2)]:
        k = torch.arange(2.0 * kv_heads * 3 * 2).view(2, kv_heads, 3, 2)
        mine = by_hand(answer, k, heads)
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        wanted = (2, heads, 3, 2)
        got = tuple(mine.shape)
        expect(got == wanted, f"for {heads} query heads the shape is {wanted}, got {got}.")
        groups = [k[:, h * kv_heads // heads] for h in range(heads)]
        turns = torch.stack([k[:, h % kv_heads] for h in range(heads)], dim=1)
        right = torch.stack(groups, dim=1)
        if not torch.equal(turns, right):
            neighbors = "heads 0 and 1 of a group must be neighbors: repeat each head in a row."
            expect(not torch.equal(mine, turns), neighbors)
        expect(torch.equal(mine, right), "query head h uses key head h // (heads per group).")


@exercise
def in_order(answer):
    """What a ring keeps, the oldest first: answer(ring, length) of a ring (size, D)."""
    for size, length in [(4, 10), (4, 8), (5, 3), (3, 3), (4, 4), (6, 7)]:
        tokens = torch.arange(2.0 * length).view(length, 2) + 1
        ring = torch.zeros(size, 2)
        for position in range(length):
            ring[position % size] = tokens[position]
        mine = by_hand(answer, ring, length)
        case = f"a ring of {size} after {length} tokens"
        right = tokens[-size:]
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        count = f"{case} keeps {len(right)}, got {len(mine)}: places not yet filled hold nothing."
        expect(len(mine) == len(right), count)
        if length % size and length > size:
            expect(not torch.equal(mine, ring), f"{case}: the oldest is not at place 0.")
        expect(not torch.equal(mine, right.flip(0)) or len(right) < 2, "the oldest comes first.")
        oldest = f"{case}: the oldest is token {max(0, length - size)}; where does it lie?"
        expect(torch.equal(mine, right), oldest)


@exercise
def latent_scores(answer):
    """q times keys that are never made: answer(q (H, D), latents (T, L), w_k (H, L, D))."""
    generator = torch.Generator().manual_seed(16)
    for heads, length, width, latent in [(4, 50, 8, 6), (2, 30, 5, 7)]:
        q, latents, w_k = (
            torch.randn(shape, generator=generator, dtype=torch.float64)
            for shape in ((heads, width), (length, latent), (heads, latent, width))
        )
        right = (q[:, None] @ (latents @ w_k).mT)[:, 0]
        mine = by_hand(answer, q, latents, w_k)
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        shape = f"a score for each head and token, {tuple(right.shape)}, got {tuple(mine.shape)}."
        expect(mine.shape == right.shape, shape)
        scaled = torch.allclose(mine * width**0.5, right)
        expect(not scaled, "leave the division by the root of the width to the softmax.")
        expect(
            torch.allclose(mine, right), "the scores differ from those of the keys that w_k makes."
        )
        least = heads * latent * (width + length)
        made = count_macs(answer, q, latents, w_k)
        few = f"it makes {made:,} multiply-adds, {least:,} are enough: move w_k to the query first."
        expect(made <= least, few)
