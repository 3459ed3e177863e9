"""No error prints what it was given as a whole: a million numbers in any argument stay unseen."""

import numpy as np
import pytest
import torch

from attention_book import (
    BERT,
    GPT,
    Block,
    Config,
    FeedForward,
    KVCache,
    LayerNorm,
    LearnedPositions,
    MultiHeadAttention,
    SinusoidalPositions,
    Transformer,
    attention,
    attention_weights,
    beam,
    causal_mask,
    generate,
    greedy,
    padding_mask,
    prefix_mask,
    record,
    sample,
    sinusoidal,
    window_mask,
)
from attention_book.models import VisionTransformer, patches
from tests.models.drawn import random_ids, small

IDS, X, MASK = random_ids(2, 5), torch.ones(2, 5, 24), padding_mask(torch.tensor([5, 3]), 5)
Q = torch.ones(2, 4, 5, 6)
QKV = {"q": Q, "k": Q, "v": Q, "mask": MASK, "causal": True}
GPT_, BERT_, TRANSFORMER = GPT(small()), BERT(small(n_segments=2)), Transformer(small())
MEMORIES = TRANSFORMER.encode(IDS)
SIZES = {name: getattr(small(), name) for name in small().__dataclass_fields__}


def around():
    return {"mask": MASK, "caches": [KVCache(20) for _ in range(3)]}


CALLS = {
    "Config": (Config, SIZES),
    "causal_mask": (causal_mask, {"n_queries": 2, "n_keys": 3}),
    "window_mask": (window_mask, {"n_queries": 2, "window": 1, "n_keys": 3}),
    "prefix_mask": (prefix_mask, {"n_queries": 2, "prefix": 1, "n_keys": 3}),
    "padding_mask": (padding_mask, {"lengths": torch.tensor([1]), "n_keys": 3}),
    "attention": (attention, QKV),
    "attention_weights": (attention_weights, {n: x for n, x in QKV.items() if n != "v"}),
    "MultiHeadAttention": (
        MultiHeadAttention,
        {"d_model": 24, "n_heads": 4, "d_k": 2, "d_v": 3, "bias": True, "dropout": 0.5},
    ),
    "heads": (
        MultiHeadAttention(24, 4),
        {"x": X, "memory": X, "mask": MASK, "causal": True, "cache": KVCache(9)},
    ),
    "KVCache": (KVCache, {"max_len": 3}),
    "append": (KVCache(20).append, {"k": Q, "v": Q}),
    "select": (lambda rows: KVCache(20).select(rows), {"rows": torch.tensor([0])}),
    "LayerNorm": (LayerNorm, {"d_model": 24, "eps": 0.1, "bias": True}),
    "norm": (LayerNorm(24), {"x": X}),
    "FeedForward": (
        FeedForward,
        {"d_model": 24, "d_ff": 3, "activation": "relu", "bias": True},
    ),
    "feed-forward": (FeedForward(24, 3), {"x": X}),
    "Block": (Block, {"config": small(), "cross": True}),
    "block": (
        Block(small(), cross=True),
        {
            "x": X,
            "memory": X,
            "memory_mask": MASK,
            "mask": MASK,
            "causal": True,
            "cache": KVCache(9),
        },
    ),
    "GPT": (GPT, {"config": small()}),
    "gpt": (GPT_, {"ids": IDS} | around()),
    "gpt.hidden": (GPT_.hidden, {"ids": IDS} | around()),
    "gpt.logits": (GPT_.logits, {"hidden": X}),
    "BERT": (BERT, {"config": small()}),
    "bert": (BERT_, {"ids": IDS, "mask": MASK, "segments": torch.zeros_like(IDS)}),
    "bert.logits": (BERT_.logits, {"hidden": X}),
    "bert.pooled": (BERT_.pooled, {"hidden": X}),
    "Transformer": (Transformer, {"config": small()}),
    "transformer": (
        TRANSFORMER,
        {"source_ids": IDS, "target_ids": IDS, "source_mask": MASK},
    ),
    "transformer.decode": (
        TRANSFORMER.decode,
        {"target_ids": IDS, "memories": MEMORIES, "source_mask": MASK} | around(),
    ),
    "VisionTransformer": (
        VisionTransformer,
        {"config": small(), "patch_size": 2, "n_channels": 1},
    ),
    "vision": (VisionTransformer(small(), patch_size=2), {"images": torch.ones(1, 1, 4, 4)}),
    "patches": (patches, {"images": torch.ones(1, 1, 4, 4), "size": 2}),
    "generate": (generate, {"model": GPT_, "ids": IDS, "n": 3, "choose": greedy, "end": 3}),
    "beam": (beam, {"model": GPT_, "ids": IDS, "n": 3, "width": 2, "end": 3}),
    "choose": (
        lambda choose: next(generate(GPT_, IDS, 3, lambda _: choose)),
        {"choose": torch.tensor([0, 1])},
    ),
    "greedy": (greedy, {"logits": torch.ones(2, 3)}),
    "sampled": (sample(), {"logits": torch.ones(2, 3)}),
    "sample": (
        sample,
        {"temperature": 1.0, "top_k": 2, "top_p": 0.5, "generator": torch.Generator()},
    ),
    "record": (lambda **named: record(**named).__enter__(), {"model": GPT_, "replace": {}}),
    "sinusoidal": (sinusoidal, {"n": 3, "d_model": 4, "dtype": torch.float32}),
    "LearnedPositions": (LearnedPositions, {"max_len": 3, "d_model": 4}),
    "positions": (SinusoidalPositions(3, 4), {"places": torch.tensor([0, 1])}),
}
ARGUMENTS = [(call, name) for call, (_, arguments) in CALLS.items() for name in arguments]
MILLION = {
    "floats": torch.ones(10, 100, 1000),
    "ints": torch.full((10, 100, 1000), 10**9),
    "bools": torch.ones(10, 100, 1000, dtype=torch.bool),
    "array": np.ones((10, 100, 1000)),
    "list": [0.5] * 10**6,
    "text": "a" * 10**6,
}


@pytest.mark.parametrize("call", CALLS)
def test_what_is_right_is_taken(call):
    function, arguments = CALLS[call]
    if call not in ("append", "select"):
        function(**arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize(("call", "name"), ARGUMENTS)
def test_a_million_numbers_stay_unseen(explained, call, name):
    function, arguments = CALLS[call]
    for million in MILLION.values():
        with explained((TypeError, ValueError, IndexError), ":"):
            function(**arguments | {name: million})
