"""Each bug of the museum is refused, as are other slips, and each repair is accepted."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from attention_book import checks
from attention_book.exercises import museum
from tests.exercises.answers import accepted, refused


def plain(q, k, v):
    return (q @ k.mT / math.sqrt(q.shape[-1])).softmax(-1) @ v


def downward(q, k, v):
    return (q @ k.mT / math.sqrt(q.shape[-1])).softmax(1) @ v


def by_model(q, k, v):
    return (q @ k.mT / math.sqrt(q.shape[1] * q.shape[3])).softmax(-1) @ v


def unbiased(x, eps):
    return (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + eps)


def turned(q, k, v):
    hidden = torch.ones(q.shape[1], q.shape[1]).triu(1).bool()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=hidden)


def open_(q, k, v):
    hidden = torch.ones(q.shape[1], q.shape[1]).triu(1).bool()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=~hidden)


def strict(q, k, v):
    before = torch.ones(q.shape[1], q.shape[1]).tril(-1).bool()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=before).nan_to_num()


def filled(scores, sees):
    return scores.masked_fill(~sees, -torch.inf).softmax(-1)


def by_key(scores, words, by=-torch.inf):
    return scores.masked_fill(~words[:, None, None, :], by).softmax(-1)


def by_query(scores, words, by=-1e4):
    return scores.masked_fill(~words[:, None, :, None], by).softmax(-1)


def added(scores, sees, by=-1e10):
    bias = torch.full(sees.shape, by).masked_fill(sees, 0)
    return (scores + bias.half()).softmax(-1)


def replaced(scores, sees):
    return scores.masked_fill(~sees, torch.finfo(torch.half).min).softmax(-1)


def counted(n, size):
    places = torch.arange(n)
    back = places[:, None] - places
    return (back >= 0) & (back < size)


def wide(n, size):
    return counted(n, size + 1)


def joined(heads):
    return heads.transpose(1, 2).flatten(2)


def batch_second(layer, x):
    x = x.transpose(0, 1)
    return layer(x, x, x)[0].transpose(0, 1)


def batch_first(layer, x):
    layer.batch_first = True
    return layer(x, x, x)[0]


def neighbors(w, n_heads):
    return w.unflatten(0, (n_heads, 2, -1)).transpose(1, 2).flatten(0, 2)


def halves(w, n_heads):
    return w.unflatten(0, (n_heads, -1, 2)).transpose(1, 2).flatten(0, 2)


def behind(n_queries, n_keys):
    return torch.ones(n_keys, n_keys).tril().bool()[-n_queries:]


def in_text(words):
    return (words.cumsum(-1) - 1).clamp(min=0)


class Dropped(nn.Module):
    def __init__(self, p, in_eval=False, rescaled=True):
        super().__init__()
        self.p, self.in_eval, self.rescaled = p, in_eval, rescaled

    def forward(self, q, k, v):
        p = self.p if self.training or self.in_eval else 0.0
        weights = (q @ k.mT / math.sqrt(q.shape[-1])).softmax(-1)
        weights = F.dropout(weights, p) * (1 if self.rescaled else 1 - p)
        return weights @ v


def next_loss(logits, ids, by=1):
    return F.cross_entropy(logits[:, : ids.shape[1] - by].flatten(0, 1), ids[:, by:].flatten())


def all_tokens(losses):
    return torch.cat(losses).mean()


RIGHT = {
    museum.softmax: plain,
    museum.scale: plain,
    museum.norm: lambda x, eps: F.layer_norm(x, x.shape[-1:], eps=eps),
    museum.mask: open_,
    museum.times: filled,
    museum.padding: by_key,
    museum.half: replaced,
    museum.window: counted,
    museum.merge: joined,
    museum.batch: batch_second,
    museum.rotary: neighbors,
    museum.square: behind,
    museum.restart: lambda n, past: torch.arange(n) + past,
    museum.left: in_text,
    museum.dropout: Dropped,
    museum.shift: next_loss,
    museum.accumulate: all_tokens,
}
# The bugs as they were found.
BUGS = {
    "softmax": (museum.softmax, downward, "ran down the queries"),
    "scale": (museum.scale, by_model, "the root of the model's width"),
    "norm": (museum.norm, unbiased, "divides by C − 1"),
    "mask": (museum.mask, turned, "the mask lets the future in"),
    "times": (museum.times, lambda s, m: (s * m).softmax(-1), "a hidden key has a weight"),
    "padding": (museum.padding, by_query, "which axis of the scores"),
    "half": (museum.half, added, "scores small: the row that may see nothing"),
    "window": (museum.window, wide, "a token sees 3 at most, not 4"),
    "merge": (museum.merge, lambda h: h.reshape(h.shape[0], h.shape[2], -1), "of other tokens"),
    "batch": (museum.batch, lambda layer, x: layer(x, x, x)[0], "the other texts of the batch"),
    "rotary": (museum.rotary, lambda w, n: w, "where they were"),
    "square": (museum.square, lambda q, k: torch.ones(q, k).tril().bool(), "not the first token"),
    "restart": (museum.restart, lambda n, past: torch.arange(n), "begins again at place 0"),
    "left": (museum.left, lambda w: torch.arange(w.shape[1]).expand(w.shape), "stands at place 0"),
    "dropout": (museum.dropout, lambda p: Dropped(p, in_eval=True), "two answers"),
    "shift": (museum.shift, lambda x, i: next_loss(x, i, 2), "token t + 2"),
    "accumulate": (
        museum.accumulate,
        lambda parts: sum(part.mean() for part in parts) / len(parts),
        "short ones count more",
    ),
}
SLIPS = {
    "softmax over texts": (museum.softmax, lambda q, k, v: (q @ k.mT).softmax(0) @ v, "row"),
    "softmax without the root": (museum.softmax, lambda q, k, v: (q @ k.mT).softmax(-1) @ v, "but"),
    "no softmax": (museum.softmax, lambda q, k, v: q @ k.mT @ v, "softmax is missing"),
    "a list": (museum.softmax, lambda q, k, v: [1], "a tensor"),
    "not scaled": (museum.scale, lambda q, k, v: (q @ k.mT).softmax(-1) @ v, "not divided"),
    "by the heads": (
        museum.scale,
        lambda q, k, v: (q @ k.mT / math.sqrt(q.shape[1])).softmax(-1) @ v,
        "the number of heads",
    ),
    "twice": (
        museum.scale,
        lambda q, k, v: (q @ k.mT / q.shape[-1]).softmax(-1) @ v,
        "is not that of",
    ),
    "by C, outside": (
        museum.norm,
        lambda x, eps: (x - x.mean(-1, keepdim=True)) / (x.std(-1, False, keepdim=True) + eps),
        "inside the root",
    ),
    "by C - 1, inside": (
        museum.norm,
        lambda x, eps: (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + eps).sqrt(),
        "layer norm divides by C",
    ),
    "no mean": (museum.norm, lambda x, eps: x / x.norm(dim=-1, keepdim=True), "layer_norm"),
    "not itself": (museum.mask, strict, "each word sees itself"),
    "no mask": (museum.mask, F.scaled_dot_product_attention, "lets the future in"),
    "times infinity": (museum.times, lambda s, m: (s + ~m * -torch.inf).softmax(-1), "NaN"),
    "zeros afterwards": (museum.times, lambda s, m: s.softmax(-1) * m, "after the softmax"),
    "the mask alone": (museum.times, lambda s, m: filled(0 * s, m), "other weights"),
    "infinity by query": (
        museum.padding,
        lambda s, w: by_query(s, w, -torch.inf),
        "NaN",
    ),
    "no padding mask": (museum.padding, lambda s, w: s.softmax(-1), "which axis"),
    "infinity in half": (museum.half, filled, "may see nothing"),
    "-10,000": (museum.half, lambda s, m: added(s, m, -1e4), "of 12,000 get weight"),
    "the least added": (
        museum.half,
        lambda s, m: added(s, m, torch.finfo(torch.half).min),
        "of −30,000",
    ),
    "one less": (museum.window, lambda n, size: counted(n, size - 1), "at most, not 2"),
    "both sides": (museum.window, lambda n, size: counted(n, size) | counted(n, size).T, "open"),
    "numbers": (museum.window, lambda n, size: counted(n, size).float(), "bool"),
    "split again": (museum.merge, lambda h: h.transpose(1, 2), "the shape is"),
    "feature by feature": (museum.merge, lambda h: h.permute(0, 2, 3, 1).flatten(2), "head 0"),
    "a pair": (museum.batch, lambda layer, x: layer(x, x, x), "a tensor"),
    "each token alone": (
        museum.batch,
        lambda layer, x: torch.cat([layer(t, t, t)[0] for t in x.split(1, 1)], 1),
        "other texts",
    ),
    "nothing done": (museum.batch, lambda layer, x: x, "not what the layer"),
    "the way back": (museum.rotary, halves, "the way back"),
    "all heads at once": (museum.rotary, lambda w, n: neighbors(w, 1), "halves of its own"),
    "turned around": (museum.rotary, lambda w, n: neighbors(w, n).flip(0), "become neighbors"),
    "all open": (museum.square, lambda q, k: torch.ones(q, k).bool(), "its own key, and before"),
    "as numbers": (museum.square, lambda q, k: behind(q, k).float(), "bool"),
    "one place on": (museum.restart, lambda n, past: torch.arange(n) + past + 1, "[0, 1, 2, 3]"),
    "all at the end": (museum.restart, lambda n, past: torch.full((n,), past), "[0, 1, 2, 3]"),
    "minus one": (museum.left, lambda w: w.cumsum(-1) - 1, "no table has"),
    "from one": (museum.left, lambda w: w.cumsum(-1), "stand at [0, 1, 2]"),
    "as floats": (museum.left, lambda w: in_text(w).double(), "whole numbers"),
    "no dropout": (museum.dropout, lambda p: Dropped(0.0), "nothing is dropped"),
    "not rescaled": (museum.dropout, lambda p: Dropped(p, rescaled=False), "on average"),
    "a function": (museum.dropout, lambda p: plain, "build a module"),
    "not shifted": (museum.shift, lambda x, i: next_loss(x, i, 0), "has just read"),
    "around the end": (
        museum.shift,
        lambda x, i: F.cross_entropy(x.flatten(0, 1), i.roll(-1, 1).flatten()),
        "no next token",
    ),
    "a sum of losses": (museum.shift, lambda x, i: next_loss(x, i) * i.numel(), "not the mean"),
    "a sum": (museum.accumulate, lambda parts: torch.cat(parts).sum(), "a sum over the tokens"),
    "the first": (museum.accumulate, lambda parts: parts[0].mean(), "not the mean over all"),
}
ZEROS = {museum.dropout: "build a module", museum.mask: "one per token"}
LAZY = {
    f"{what}: {check.__name__}": (check, answer, says)
    for check in RIGHT
    for what, answer, says in [
        ("dots", ..., "replace the dots"),
        ("nothing", lambda *_: None, "returns nothing"),
        ("zeros", lambda *_: torch.zeros(1), ZEROS.get(check, "shape is")),
    ]
}


def judged(check, answer):
    return check(answer)


test_repairs = accepted(RIGHT)
test_another_repair = accepted({museum.batch: batch_first})
test_bugs = refused(judged, BUGS)
test_slips = refused(judged, SLIPS)
test_lazy_answers = refused(judged, LAZY)


# Which of the checks sum, hull, causal, order, cache and same find each bug (x), are silent about
# it (o), or cannot be asked (a dot).
FOUND = {
    "softmax": "xx.o.x",
    "scale": "o..o.x",
    "norm": "...o.x",
    "mask": "xxx..x",
    "times": "oox..x",
    "padding": "oo...x",
    "half": "xx...o",
    "window": ".oo..x",
    "merge": "..xx.x",
    "batch": "...o.x",
    "rotary": ".....x",
    "square": "..o.xo",
    "restart": "..o.xo",
    "left": ".....x",
    "dropout": "xx...x",
    "shift": ".....x",
    "accumulate": ".....x",
}


@pytest.mark.parametrize("name", BUGS)
def test_which_check_finds_which_bug(name):
    exercise, bug, _ = BUGS[name]
    said = {"finds": "x", "blind": "o", "": "."}
    assert "".join(said[word] for word in museum.asked(exercise, bug).values()) == FOUND[name]


@pytest.mark.parametrize("exercise", RIGHT, ids=lambda check: check.__name__)
def test_no_check_finds_fault_with_a_repair(exercise):
    said = museum.asked(exercise, RIGHT[exercise]).values()
    assert "blind" in said
    assert "finds" not in said


def test_rows_of_padding_may_be_anything():
    assert museum.padding(lambda scores, words: by_query(by_key(scores, words).log(), words))


def test_the_library_is_no_repair():
    from attention_book import attention, causal_mask

    assert "calls the library's" in repr(museum.softmax(attention))
    assert "calls the library's" in repr(museum.square(causal_mask))


def test_a_little_model_says_the_same_with_a_cache():
    ids = torch.tensor([[1, 5, 2, 7, 0]])
    checks.cache_equals_full(museum.Little(), ids)
    for broken in (
        museum.Little(mask=lambda q, k: torch.ones(q, k).tril().bool()),
        museum.Little(positions=lambda n, past: torch.arange(n)),
    ):
        with pytest.raises(AssertionError, match="read after 1 cached ones"):
            checks.cache_equals_full(broken, ids)
    checks.causal(museum.Little(), ids)
