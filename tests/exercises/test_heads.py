import pytest
import torch

from attention_book import counting
from attention_book.exercises import heads
from tests.exercises.answers import refused

WRONG_ROWS = {
    (0.36, 0.75): "not by 2",
    (0.38, 0.75): "not of 4",
    (0.27, 0.75): "root of 2 first",
    (0.65, 0.75): "weight of orders",
    (0.32, 0.0): "equal weights",
    (0.32, 0.25): "add up",
    (0.32, 0.68): "of its own",
    (0.5, 0.5): "differ",
    (0.32, 0.75, 0.1): "two numbers",
}


def count(C, H, d_k, d_v):
    return H * (2 * d_k + d_v) * (C + 1) + (H * d_v + 1) * C


WRONG_COUNTS = {
    "no biases": (lambda C, H, k, v: H * C * (2 * k + 2 * v), "biases of the four"),
    "no output": (lambda C, H, k, v: H * (2 * k + v) * (C + 1), "W_O is missing"),
    "neither": (lambda C, H, k, v: H * C * (2 * k + v), "W_O and all biases"),
    "a wide bias": (lambda C, H, k, v: count(C, H, k, v) - C + H * v, "as wide as a token"),
    "square": (lambda C, H, k, v: 4 * (C * C + C), "off by"),
    "one size": (lambda C, H, k, v: 288, "off by"),
    "the library's": (lambda C, H, k, v: counting.attention_parameters(C, H, k), "write it"),
    "nothing": (lambda *sizes: None, "return"),
}
WRONG_MERGES = {
    "reshape": (lambda h: h.reshape(h.shape[0], h.shape[2], -1), "cuts the sentence"),
    "the heads inside": (lambda h: h.permute(0, 2, 3, 1).flatten(2), "head after head"),
    "not flat": (lambda h: h.transpose(1, 2), "the shape is"),
    "the input": (lambda h: h, "the shape is"),
    "one size": (lambda h: h.transpose(1, 2).reshape(2, 4, 15), "raises RuntimeError"),
    "nothing": (lambda h: None, "return"),
}
WRONG_SETS = {
    "swapped": ([{2}, {1, 3}], "first set is for"),
    "the reserve": ([{1, 3}, {2, 4}], "without head 4"),
    "half": ([{1}, {2}], "keep only the heads"),
    "others": ([{1, 3}, {1}], "switch head 2 off"),
    "too many": ([{1, 2, 3}, {2}], "fewer heads"),
    "from 0": ([{0, 2}, {1}], "numbered from 1"),
}


def swap(layer):
    half = layer.q_proj.weight.shape[0] // 2
    for p in (layer.q_proj, layer.k_proj, layer.v_proj):
        p.weight.copy_(p.weight.roll(half, 0))
        p.bias.copy_(p.bias.roll(half, 0))
    layer.o_proj.weight.copy_(layer.o_proj.weight.roll(half, 1))


def queries_only(layer):
    layer.q_proj.weight.copy_(layer.q_proj.weight.roll(4, 0))


def without_output(layer):
    for p in (layer.q_proj, layer.k_proj, layer.v_proj):
        p.weight.copy_(p.weight.roll(p.weight.shape[0] // 2, 0))
        p.bias.copy_(p.bias.roll(p.bias.shape[0] // 2, 0))


WRONG_SWAPS = {
    "nothing": (lambda layer: None, "where they were"),
    "queries only": (queries_only, "move together"),
    "without the output": (without_output, "columns of o_proj"),
}


def test_right_answers():
    assert heads.obey([0.32, 0.75])
    assert heads.obey([34.3 / 105.9, 3 * 0.25])
    assert heads.count(count)
    assert heads.merge(lambda h: h.transpose(1, 2).flatten(2))
    assert heads.needed([{1, 3}, {2}])
    assert heads.needed([[3, 1], [2]])
    assert heads.swap(swap)


@pytest.mark.parametrize("answer", WRONG_ROWS)
def test_wrong_rows(answer):
    assert WRONG_ROWS[answer] in repr(heads.obey(list(answer)))


test_wrong_counts = refused(heads.count, WRONG_COUNTS)


test_wrong_merges = refused(heads.merge, WRONG_MERGES)


test_wrong_sets = refused(heads.needed, WRONG_SETS)


test_wrong_swaps = refused(heads.swap, WRONG_SWAPS)


def test_swapping_leaves_the_global_chance_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    heads.swap(swap)
    assert torch.equal(before, torch.get_rng_state())


def test_dots_are_no_answer():
    checks = heads.obey([..., ...]), heads.needed([..., ...]), heads.count(...), heads.swap(...)
    assert all("replace the dots" in repr(verdict) for verdict in checks)
