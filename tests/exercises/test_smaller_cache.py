import torch

from attention_book.exercises import smaller_cache
from tests.exercises.answers import accepted, all_refused


def kept(tokens, layers, heads, kv_heads, width, window):
    held = tokens if window is None else min(tokens, window)
    return 2 * 2 * held * layers * kv_heads * width


WRONG_KEPT = {
    "query heads": (lambda t, n, h, g, d, w: kept(t, n, h, h, d, w), "query heads keep nothing"),
    "no window": (lambda t, n, h, g, d, w: kept(t, n, h, g, d, None), "than it is long"),
    "always the window": (
        lambda t, n, h, g, d, w: kept(t if w is None else w, n, h, g, d, None),
        "keeps its own",
    ),
    "keys only": (lambda *s: kept(*s) / 2, "two factors of 2"),
    "numbers": (lambda *s: kept(*s) / 4, "a key and a value, and 2 bytes"),
    "one layer": (lambda t, n, *s: kept(t, 1, *s), "every layer"),
    "one size": (lambda *s: 4 * 4096 * 32 * 8 * 128, "is 36,864,000"),
    "nothing": (lambda *s: None, "return"),
    "dots": (lambda *s: ..., "replace the dots"),
}


def shared(k, n_heads):
    return k.repeat_interleave(n_heads // k.shape[1], dim=1)


WRONG_SHARED = {
    "in turn": (lambda k, n: k.repeat(1, n // k.shape[1], 1, 1), "repeat each head in a row"),
    "as it is": (lambda k, n: k, "the shape is (2, 6, 3, 2)"),
    "tokens": (lambda k, n: k.repeat_interleave(n // k.shape[1], dim=2), "the shape is"),
    "the first head": (lambda k, n: k[:, :1].expand(-1, n, -1, -1), "uses key head"),
    "backward": (lambda k, n: shared(k, n).flip(1), "uses key head"),
    "nothing": (lambda k, n: None, "return"),
    "dots": (lambda k, n: ..., "replace the dots"),
}


def in_order(ring, length):
    size = len(ring)
    return (
        torch.cat((ring[length % size :], ring[: length % size]))
        if length > size
        else ring[:length]
    )


WRONG_ORDER = {
    "as it lies": (lambda r, n: r[:n], "the oldest is not at place 0"),
    "always turned": (lambda r, n: r.roll(-(n % len(r)), 0), "places not yet filled"),
    "the wrong way": (
        lambda r, n: r[:n].roll(n % len(r), 0) if n > len(r) else r[:n],
        "where does",
    ),
    "backward": (lambda r, n: in_order(r, n).flip(0), "the oldest comes first"),
    "the whole text": (lambda r, n: torch.zeros(n, 2), "keeps 4, got 10"),
    "nothing": (lambda r, n: None, "return"),
    "dots": (lambda r, n: ..., "replace the dots"),
}


def latent_scores(q, latents, w_k):
    return (w_k @ q[:, :, None])[:, :, 0] @ latents.T


WRONG_SCORES = {
    "with the keys": (lambda q, c, w: (q[:, None] @ (c @ w).mT)[:, 0], "move w_k to the query"),
    "scaled": (lambda q, c, w: latent_scores(q, c, w) / q.shape[1] ** 0.5, "to the softmax"),
    "turned": (lambda q, c, w: latent_scores(q, c, w).T, "a score for each head and token"),
    "one head's map": (
        lambda q, c, w: (w[:1] @ q[:, :, None])[:, :, 0] @ c.T,
        "differ from those of the keys",
    ),
    "the query alone": (lambda q, c, w: q, "a score for each head"),
    "nothing": (lambda q, c, w: None, "return"),
    "dots": (lambda q, c, w: ..., "replace the dots"),
}

RIGHT = {
    smaller_cache.kept: kept,
    smaller_cache.shared: shared,
    smaller_cache.in_order: in_order,
    smaller_cache.latent_scores: latent_scores,
}
WRONG = {
    smaller_cache.kept: WRONG_KEPT,
    smaller_cache.shared: WRONG_SHARED,
    smaller_cache.in_order: WRONG_ORDER,
    smaller_cache.latent_scores: WRONG_SCORES,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
