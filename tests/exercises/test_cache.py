import numpy as np
import torch

from attention_book import counting
from attention_book.exercises import cache
from attention_book.masks import causal_mask
from tests.exercises.answers import accepted, all_refused


def mib(n_layers, n_heads, d_head, n_words):
    return 2 * n_words * n_heads * d_head * n_layers * 2 / 1024**2


WRONG_MIB = {
    "keys only": (lambda *s: mib(*s) / 2, "two factors of 2"),
    "numbers": (lambda *s: mib(*s) / 4, "a key and a value, and 2 bytes"),
    "single precision": (lambda *s: mib(*s) * 2, "in half precision"),
    "one layer": (lambda *s: mib(1, *s[1:]), "every layer"),
    "one head": (lambda *s: mib(s[0], 1, *s[2:]), "every head"),
    "bytes": (lambda *s: mib(*s) * 1024**2, "divide by 1024 twice"),
    "millions": (lambda *s: mib(*s) * 1024**2 / 10**6, "not a million"),
    "one size": (lambda *s: 96, "mib(48, 25, 64, 1024) is 300"),
    "the library's": (
        lambda n, h, d, t: counting.cache_bytes(t, h * d, n) / 2**20,
        "write it yourself",
    ),
    "nothing": (lambda *s: None, "return"),
    "dots": (lambda *s: ..., "replace the dots"),
}


def behind(new, kept):
    return torch.arange(new + kept) <= kept + torch.arange(new)[:, None]


WRONG_BEHIND = {
    "first rows": (lambda n, k: torch.ones(n, n + k).tril().bool(), "the last rows"),
    "square": (lambda n, k: torch.ones(n, n).tril().bool(), "all 8 keys across"),
    "all open": (lambda n, k: torch.ones(n, n + k).bool(), "no word after it"),
    "without itself": (lambda n, k: torch.ones(n, n + k).tril(k - 1).bool(), "sees itself"),
    "kept and itself": (
        lambda n, k: torch.cat((torch.ones(n, k), torch.eye(n)), 1).bool(),
        "the new words before it",
    ),
    "numbers": (lambda n, k: behind(n, k).int(), "bool tensor"),
    "one size": (lambda n, k: behind(3, 5), "1 queries down"),
    "the library's": (lambda n, k: causal_mask(n, n + k), "write it yourself"),
    "nothing": (lambda n, k: None, "return"),
    "dots": (lambda n, k: ..., "replace the dots"),
}


def forget(kept, n):
    kept.length -= n


def cut(kept, n):
    forget(kept, n)
    kept.k, kept.v = kept.k[:, :, : kept.length], kept.v[:, :, : kept.length]


def erase(kept, n):
    kept.k[:, :, kept.length - n : kept.length] = 0


def empty(kept, n):
    forget(kept, n)
    kept.k.zero_()


def keep(kept, n):
    kept.length = n


def four(kept, n):
    kept.length = 4


WRONG_FORGET = {
    "cut": (cut, "leave the room"),
    "erased": (erase, "a key of zeros gets a share"),
    "all erased": (empty, "have to stay as they are"),
    "kept": (keep, "not kept"),
    "one size": (four, "of 5 words 2 must stay, but 4 do"),
    "nothing": (lambda kept, n: None, "all words still count"),
    "dots": (lambda kept, n: ..., "replace the dots"),
}


def first_wrong(full, cached):
    gaps = abs(full - cached).max(axis=1)
    return next((i for i, gap in enumerate(gaps) if gap > 1e-9), len(full))


WRONG_FIRST = {
    "no absolute value": (
        lambda a, b: next((i for i, g in enumerate((b - a).max(1)) if g > 1e-9), len(a)),
        "too small",
    ),
    "sums": (
        lambda a, b: next((i for i, g in enumerate((b - a).sum(1)) if abs(g) > 1e-9), len(a)),
        "add up to 0",
    ),
    "exactly": (
        lambda a, b: next((i for i in range(len(a)) if not np.array_equal(a[i], b[i])), len(a)),
        "sums in another order",
    ),
    "the last": (
        lambda a, b: max((i for i in range(len(a)) if abs(a[i] - b[i]).max() > 1e-9), default=6),
        "differ by 1e-12",
    ),
    "how many": (lambda a, b: int((abs(a - b).max(1) <= 1e-9).sum()), "a wrong row 0"),
    "a constant": (lambda a, b: 1, "all rows alike"),
    "nothing": (lambda a, b: None, "return"),
    "dots": (lambda a, b: ..., "replace the dots"),
}


def fair(n_tokens, d):
    return sum(2 * t * d**2 + d**2 + 2 * t * d for t in range(1, n_tokens + 1))


WRONG_FAIR = {
    "all queries": (lambda n, d: counting.generation_macs(n, d), "write it yourself"),
    "all queries, by hand": (
        lambda n, d: sum(3 * t * d**2 + 2 * t * t * d for t in range(1, n + 1)),
        "ask only the last",
    ),
    "all projected": (
        lambda n, d: sum(3 * t * d**2 + 2 * t * d for t in range(1, n + 1)),
        "project one",
    ),
    "all scores": (
        lambda n, d: sum(2 * t * d**2 + d**2 + 2 * t * t * d for t in range(1, n + 1)),
        "not t times t",
    ),
    "a cache": (
        lambda n, d: sum(3 * d**2 + 2 * t * d for t in range(1, n + 1)),
        "made anew",
    ),
    "one size": (lambda n, d: fair(20, 64), "fair(7, 16) is"),
    "nothing": (lambda n, d: None, "return"),
    "dots": (lambda n, d: ..., "replace the dots"),
}

RIGHT = {
    cache.mib: mib,
    cache.behind: behind,
    cache.forget: forget,
    cache.first_wrong: first_wrong,
    cache.fair: fair,
}
WRONG = {
    cache.mib: WRONG_MIB,
    cache.behind: WRONG_BEHIND,
    cache.forget: WRONG_FORGET,
    cache.first_wrong: WRONG_FIRST,
    cache.fair: WRONG_FAIR,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
