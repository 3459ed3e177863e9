"""A step that fails, or is interrupted anywhere, leaves every cache as it was."""

from contextlib import contextmanager
from typing import NamedTuple

import pytest
import torch
from torch import nn

from attention_book import GPT, Block, KVCache, MultiHeadAttention, Transformer, checks, record
from tests.models.drawn import random_ids, randomized, small


class Stepped(NamedTuple):
    """Something that reads six tokens, all at once or from here to there with its caches."""

    model: nn.Module
    caches: list
    full: torch.Tensor
    step: callable


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def gpt():
    model, ids = randomized(GPT(small())), random_ids(2, 6)
    caches = [KVCache(8) for _ in model.blocks]
    return Stepped(model, caches, model(ids), lambda a, b: model(ids[:, a:b], caches=caches))


def transformer():
    model, ids = randomized(Transformer(small())), random_ids(2, 6)
    memories, caches = model.encode(random_ids(2, 4, seed=1)), [KVCache(8) for _ in model.decoder]
    full = model.decode(ids, memories)
    return Stepped(
        model, caches, full, lambda a, b: model.decode(ids[:, a:b], memories, caches=caches)
    )


def module(model, **options):
    x, cache = normal(2, 6, 24), KVCache(8)
    full = model(x, **options)
    return Stepped(model, [cache], full, lambda a, b: model(x[:, a:b], **options, cache=cache))


def block(cross):
    memory = {"memory": normal(2, 4, 24, seed=1)} if cross else {}
    return module(randomized(Block(small(), cross=cross)), causal=True, **memory)


def heads(**options):
    return module(randomized(MultiHeadAttention(24, 4)), **options)


SUBJECTS = {
    "GPT": gpt,
    "Transformer": transformer,
    "Block": lambda: block(False),
    "Block with cross-attention": lambda: block(True),
    "heads": lambda: heads(causal=True),
    "heads on a memory": lambda: heads(memory=normal(2, 4, 24, seed=1)),
}
SUBJECT = pytest.mark.parametrize("make", SUBJECTS.values(), ids=SUBJECTS)
GRADIENTS = pytest.mark.parametrize("gradients", [False, True])
KINDS = pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])


def fails(kind):
    def stop(*_):
        raise kind("stopped")

    return stop


@contextmanager
def stopped_after(module, kind):
    hook = module.register_forward_hook(fails(kind))
    try:
        yield
    finally:
        hook.remove()


def begun(make, start, gradients=False):
    """The subject, when it has read so many tokens."""
    subject = make()
    subject.model.requires_grad_(gradients)
    if start:
        subject.step(0, start)
    return subject


def reached(subject, start):
    """The names of the innermost modules that a step calls."""
    leaves = {m: name for name, m in subject.model.named_modules() if not list(m.children())}
    called = []
    hooks = [m.register_forward_hook(lambda m, *_: called.append(leaves[m])) for m in leaves]
    subject.step(start, start + 2)
    for hook in hooks:
        hook.remove()
    return sorted(set(called))


def kept(caches):
    """Copies of what the caches keep."""
    return [
        (c.length, c.memory, *(x if x is None else x[:, :, : c.length].clone() for x in (c.k, c.v)))
        for c in caches
    ]


def same(before, after):
    for (length, memory, *kv), (length_after, memory_after, *kv_after) in zip(
        before, after, strict=True
    ):
        assert length == length_after
        assert memory is memory_after
        assert all((a is b is None) or torch.equal(a, b) for a, b in zip(kv, kv_after, strict=True))


def try_everywhere(subject, start, kind, places):
    """Fail at each place in turn, then go on as if nothing had been."""
    before = kept(subject.caches)
    for place in places:
        with pytest.raises(kind, match="stopped"), place:
            subject.step(start, start + 2)
        same(before, kept(subject.caches))
    checks.same(subject.step(start, start + 2), subject.full[:, start : start + 2])
    checks.same(subject.step(start + 2, 6), subject.full[:, start + 2 :])


@SUBJECT
@GRADIENTS
@KINDS
@pytest.mark.parametrize("start", [0, 3])
def test_case_59_a_step_that_stops_in_any_module_can_be_tried_again(make, gradients, kind, start):
    subject, names = begun(make, start, gradients), reached(begun(make, start), start)
    assert len(names) >= 2
    places = [stopped_after(subject.model.get_submodule(name), kind) for name in names]
    try_everywhere(subject, start, kind, places)


@SUBJECT
@KINDS
@pytest.mark.parametrize("start", [0, 3])
def test_case_59_a_step_that_stops_in_any_tap(make, kind, start):
    subject = begun(make, start)
    with record(subject.model) as maps:
        names = [name for name in maps if not name.startswith("encoder")]
    places = [record(subject.model, replace={name: fails(kind)}) for name in names]
    try_everywhere(subject, start, kind, places)


@contextmanager
def without_logits(model, kind):
    model.embeddings.logits = fails(kind)
    try:
        yield
    finally:
        del model.embeddings.logits


@pytest.mark.parametrize("make", [gpt, transformer])
@KINDS
def test_case_59_a_step_that_stops_in_the_logits(make, kind):
    subject = make()
    subject.step(0, 3)
    try_everywhere(subject, 3, kind, [without_logits(subject.model, kind)])


@pytest.mark.parametrize("cross", ["Block with cross-attention", "heads on a memory"])
def test_case_59_a_first_step_that_failed_does_not_keep_its_memory(cross):
    subject = SUBJECTS[cross]()
    attention = getattr(subject.model, "cross_attention", subject.model)
    with (
        pytest.raises(RuntimeError, match="stopped"),
        stopped_after(attention.o_proj, RuntimeError),
    ):
        subject.step(0, 2)
    x, memory = normal(2, 2, 24), normal(2, 5, 24, seed=2)
    checks.same(
        subject.model(x, memory=memory, cache=subject.caches[0]), subject.model(x, memory=memory)
    )


@pytest.mark.bad_input
def test_case_59_and_31_a_wrong_id_leaves_the_caches_as_they_were():
    for make, error in ((gpt, "GPT: ids"), (transformer, "Transformer.decode: target_ids")):
        subject = make()
        subject.step(0, 3)
        before, ids = kept(subject.caches), torch.full((2, 1), 37)
        call = subject.model if make is gpt else subject.model.decode
        memory = [] if make is gpt else [[c.memory for c in subject.caches]]
        with pytest.raises(IndexError, match=rf"{error}\[0, 0\] is 37"):
            call(ids, *memory, caches=subject.caches)
        same(before, kept(subject.caches))
