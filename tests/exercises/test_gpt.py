import math

import numpy as np

from attention_book import counting, weights
from attention_book.exercises import gpt
from attention_book.ngrams import NGrams
from attention_book.tasks import names
from tests.exercises.answers import accepted, all_refused


def bits(chances, n_letters):
    spelled = (n_letters + 1) * math.log2(27) if n_letters else 0
    return spelled - sum(math.log2(chance) for chance in chances)


WRONG_BITS = {
    "sign": (lambda c, n: -bits(c, n), "turn the sign"),
    "nats": (lambda c, n: -sum(map(math.log, c)), "bits take log2"),
    "mean": (lambda c, n: bits(c, 0) / len(c), "no mean"),
    "no end": (lambda c, n: bits(c, 0) + n * math.log2(27), "the end of the word"),
    "no letters": (lambda c, n: bits(c, 0), "the letters of a <new> word"),
    "always an end": (lambda c, n: bits(c, 0) + (n + 1) * math.log2(27), "needs no end"),
    "steps": (lambda c, n: [-math.log2(x) for x in c], "one number"),
    "26 letters": (
        lambda c, n: bits(c, 0) + (n > 0) * (n + 1) * math.log2(26),
        "for the chances [0.125, 0.5]",
    ),
    "nothing": (lambda c, n: None, "return"),
    "dots": (lambda c, n: ..., "replace the dots"),
}


def nucleus(chances, p):
    kept, total = np.zeros(len(chances)), 0.0
    for i in np.argsort(-chances):
        if total >= p - 1e-12:
            break
        kept[i] = chances[i]
        total += chances[i]
    return kept / kept.sum()


def without_the_crossing(chances, p):
    order = np.argsort(-chances)
    kept = np.where(chances[order].cumsum() <= p, chances[order], 0)
    return kept[np.argsort(order)] / max(kept.sum(), 1e-9)


def one_more(chances, p):
    order = np.argsort(-chances)
    kept = np.where(chances[order].cumsum() - chances[order] <= p, chances[order], 0)
    return kept[np.argsort(order)] / kept.sum()


WRONG_NUCLEUS = {
    "without the crossing one": (without_the_crossing, "the token that crosses p is kept"),
    "one more": (one_more, "stop as soon as p is reached"),
    "not divided": (lambda c, p: nucleus(c, p) * 0.8, "not to 1"),
    "sorted": (lambda c, p: -np.sort(-nucleus(c, p)), "at their places"),
    "only the kept": (lambda c, p: nucleus(c, p)[nucleus(c, p) > 0], "a chance for each token"),
    "nothing left": (lambda c, p: 0 * c, "nothing is left"),
    "as given": (lambda c, p: c, "stop as soon"),
    "nothing": (lambda c, p: None, "return"),
    "dots": (lambda c, p: ..., "replace the dots"),
}


def ledger(v, length, d, layers):
    attention = 3 * d * d + 3 * d + d * d + d
    feed_forward = 4 * d * d + 4 * d + 4 * d * d + d
    return (v + length) * d + layers * (attention + feed_forward + 4 * d) + 2 * d


WRONG_LEDGER = {
    "untied": (lambda v, n, d, k: ledger(v, n, d, k) + v * d, "count it once"),
    "no last norm": (lambda v, n, d, k: ledger(v, n, d, k) - 2 * d, "after the last block"),
    "no biases of q, k, v": (lambda v, n, d, k: ledger(v, n, d, k) - 3 * k * d, "have biases"),
    "neither": (lambda v, n, d, k: ledger(v, n, d, k) - 3 * k * d - 2 * d, "and the last norm"),
    "no biases": (lambda v, n, d, k: ledger(v, n, d, k) - 9 * k * d, "3 d, d, 4 d and d"),
    "no positions": (lambda v, n, d, k: ledger(v, n, d, k) - n * d, "position table"),
    "one size": (lambda *sizes: 124_439_808, "ledger(1000, 64, 32, 3) is"),
    "the library's": (
        lambda v, n, d, k: counting.gpt_parameters(v, n, d, 1, k),
        "write it yourself",
    ),
    "nothing": (lambda *sizes: None, "return"),
    "dots": (lambda *sizes: ..., "replace the dots"),
}

PAIRS = NGrams(names.learned(), 2, len(names.tokens))


def itself(text):
    import torch

    model = weights.load("names")
    return model(torch.tensor([text]))[0, -1].detach().softmax(-1).double().numpy()


def never(text):
    return np.eye(len(names.tokens))[0]


WRONG_DRAFT = {
    "even": (lambda text: np.full(932, 1 / 932), "reach 60 %"),
    "single words": (NGrams(names.learned(), 1, 932).chances, "reach 60 %"),
    "the pad": (never, "would accept 0 %"),
    "the model": (itself, "saves no call"),
    "counts": (lambda text: 10 * PAIRS.chances(text), "sum to 1"),
    "short": (lambda text: [1.0], "each of 932 tokens"),
    "nothing": (lambda text: None, "return"),
    "dots": (lambda text: ..., "replace the dots"),
}

RIGHT = {
    gpt.bits: bits,
    gpt.nucleus: nucleus,
    gpt.ledger: ledger,
    gpt.draft: PAIRS.chances,
}
WRONG = {
    gpt.bits: WRONG_BITS,
    gpt.nucleus: WRONG_NUCLEUS,
    gpt.ledger: WRONG_LEDGER,
    gpt.draft: WRONG_DRAFT,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
