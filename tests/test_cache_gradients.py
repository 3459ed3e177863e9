"""Gradients flow through what caches keep as through a text read at once."""

import copy

import pytest
import torch

from attention_book import GPT, KVCache, MultiHeadAttention, Transformer, checks
from tests.models.drawn import random_ids, randomized, small

CUTS = pytest.mark.parametrize("sizes", [[1] * 6, [4, 2], [3, 1, 2], [6]])


def gpt():
    model, ids = randomized(GPT(small())).requires_grad_(), random_ids(2, 6)
    return model, lambda: model(ids), lambda sizes: cached(model, ids, sizes, new(model.blocks))


def transformer():
    model, ids, source = randomized(Transformer(small())).requires_grad_(), random_ids(2, 6), None
    source = random_ids(2, 4, seed=1)

    def stepped(sizes):
        memories, caches = model.encode(source), new(model.decoder)
        return cached(
            lambda x, caches: model.decode(x, memories, caches=caches), ids, sizes, caches
        )

    return model, lambda: model(source, ids), stepped


def heads():
    model, x = randomized(MultiHeadAttention(24, 4)).requires_grad_(), normal(2, 6, 24)

    def step(x, caches):
        return model(x, causal=True, cache=caches[0])

    return model, lambda: model(x, causal=True), lambda sizes: cached(step, x, sizes, new([0]))


def new(blocks):
    return [KVCache(8) for _ in blocks]


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def cached(step, x, sizes, caches):
    return torch.cat([step(piece, caches=caches) for piece in x.split(sizes, dim=1)], dim=1)


def gradients(model, output):
    model.zero_grad()
    output.square().sum().backward()
    return {name: p.grad for name, p in model.named_parameters()}


def same_gradients(got, wanted):
    for name, gradient in wanted.items():
        assert (got[name] is None) == (gradient is None), name
        if gradient is not None:
            checks.same(got[name], gradient, 1e-11)


@pytest.mark.parametrize("make", [gpt, transformer, heads])
@CUTS
def test_case_63_training_through_cached_steps(make, sizes):
    model, full, stepped = make()
    wanted, output = gradients(model, full()), stepped(sizes)
    checks.same(output, full())
    same_gradients(gradients(model, output), wanted)


FROZEN = [("k_proj", "v_proj"), ("q_proj", "o_proj"), ("k_proj",), ("v_proj",)]


@pytest.mark.parametrize("make", [gpt, transformer, heads])
@pytest.mark.parametrize("frozen", FROZEN)
@CUTS
def test_case_63_training_with_some_projections_frozen(make, frozen, sizes):
    model, full, stepped = make()
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not any(part in name for part in frozen))
    wanted = gradients(model, full())
    assert any(gradient is None for gradient in wanted.values())
    same_gradients(gradients(model, stepped(sizes)), wanted)


def test_case_63_training_queries_alone():
    """Nothing that the cache keeps has gradients, but each step's backward needs it as it was."""
    model, x = randomized(MultiHeadAttention(24, 4)), normal(2, 6, 24)
    model.q_proj.requires_grad_()
    wanted = gradients(model, model(x, causal=True))
    cache = KVCache(8)
    steps = [model(token, cache=cache) for token in x.split(1, dim=1)]
    same_gradients(gradients(model, torch.cat(steps, dim=1)), wanted)


def test_case_63_training_queries_alone_before_a_step_without_gradients():
    model, x, cache = randomized(MultiHeadAttention(24, 4)), normal(2, 6, 24), KVCache(8)
    model.q_proj.requires_grad_()
    wanted = gradients(model, model(x, causal=True)[:, :5])
    first = model(x[:, :5], causal=True, cache=cache)
    with torch.no_grad():
        model(x[:, 5:], cache=cache)
    same_gradients(gradients(model, first), wanted)


def test_case_63_backward_of_the_first_of_two_steps():
    model, ids, caches = randomized(GPT(small())).requires_grad_(), random_ids(2, 6), None
    caches = new(model.blocks)
    first = model(ids[:, :4], caches=caches)
    model(ids[:, 4:], caches=caches)
    got = gradients(model, first)
    same_gradients(got, gradients(model, model(ids[:, :4])))


@pytest.mark.parametrize("grad", [False, True])
def test_case_63_a_read_prompt_is_copied_for_two_continuations(grad):
    model, ids = randomized(GPT(small())).requires_grad_(), random_ids(2, 4)
    ends, caches = (random_ids(2, 2, seed=1), random_ids(2, 2, seed=2)), new(model.blocks)
    with torch.set_grad_enabled(grad):
        model(ids, caches=caches)
        both = [caches, copy.deepcopy(caches)]
        assert not {c.k.data_ptr() for c in both[0]} & {c.k.data_ptr() for c in both[1]}
        outputs = [model(end, caches=kept) for end, kept in zip(ends, both, strict=True)]
    full = [model(torch.cat((ids, end), dim=1))[:, 4:] for end in ends]
    checks.same(torch.stack(outputs), torch.stack(full))
    if grad:
        same_gradients(*(gradients(model, torch.stack(x)) for x in (outputs, full)))


def test_case_63_a_copied_cache_keeps_the_very_memory():
    model, cache = randomized(MultiHeadAttention(24, 4)), KVCache(8)
    x, memory = normal(2, 1, 24), normal(2, 4, 24, seed=1)
    first = model(x, memory=memory, cache=cache)
    checks.same(model(x, memory=memory, cache=copy.deepcopy(cache)), first, 0)


@pytest.mark.parametrize("order", [(False, True), (True, False), (False, True, False)])
def test_case_63_steps_with_and_without_gradients_may_follow_each_other(order):
    model, ids = randomized(GPT(small())).requires_grad_(), random_ids(2, 6)
    caches, outputs = new(model.blocks), []
    for grad, piece in zip(order, ids.chunk(len(order), dim=1), strict=True):
        with torch.set_grad_enabled(grad):
            outputs.append(model(piece, caches=caches))
    checks.same(torch.cat(outputs, dim=1), model(ids))
    gradient = gradients(model, outputs[order.index(True)])
    assert all(g.isfinite().all() and g.any() for g in gradient.values() if g is not None)


def test_case_63_rows_may_be_selected_between_steps_with_gradients():
    model, x, rows = randomized(MultiHeadAttention(24, 4)), normal(3, 4, 24), torch.tensor([2, 0])
    model.requires_grad_()
    cache = KVCache(8)
    model(x[:, :3], causal=True, cache=cache)
    cache.select(rows)
    got = gradients(model, model(x[rows, 3:], cache=cache))
    same_gradients(got, gradients(model, model(x[rows], causal=True)[:, 3:]))


def read_under_inference_mode(model, ids):
    caches = new(model.blocks)
    with torch.inference_mode():
        model(ids, caches=caches)
    return caches


def test_case_63_what_was_kept_under_inference_mode_is_named_outside_of_it(explained):
    model, ids = randomized(GPT(small())), random_ids(2, 4)
    caches = read_under_inference_mode(model, ids[:, :3])
    with explained(ValueError, "KVCache.append", "torch.inference_mode()", "torch.no_grad()"):
        model(ids[:, 3:], caches=caches)
    with torch.inference_mode():
        checks.same(model(ids[:, 3:], caches=caches), model(ids)[:, 3:])


def test_case_63_what_was_kept_under_inference_mode_may_be_read_with_gradients():
    model, ids = randomized(GPT(small())).requires_grad_(), random_ids(2, 4)
    output = model(ids[:, 3:], caches=read_under_inference_mode(model, ids[:, :3]))
    checks.same(output, model(ids)[:, 3:])
    assert gradients(model, output)["blocks.0.attention.q_proj.weight"].any()
