"""A query that may see nothing gets zeros, whatever the machine's kernel returns there."""

import math

import pytest
import torch
import torch.nn.functional as F

from attention_book import GPT, MultiHeadAttention, attention, causal_mask, checks, padding_mask
from tests.models.drawn import random_ids, randomized, small

DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]
WRONG = pytest.mark.parametrize(
    "wrong", [lambda q, k, v: q.sum() + k.sum() + v.sum(), lambda *_: math.nan], ids=["sum", "nan"]
)


@pytest.fixture
def spoil(monkeypatch):
    """From now on the kernel returns what it should not in empty rows, as some do on a GPU."""
    kernel, empty = F.scaled_dot_product_attention, []

    def start(wrong):
        def spoiled(q, k, v, attn_mask=None, is_causal=False):
            out = kernel(q, k, v, attn_mask=attn_mask, is_causal=is_causal)
            if attn_mask is None:
                return out
            sees = attn_mask.any(-1, keepdim=True)
            empty.append(not sees.all())
            return torch.where(sees, out, wrong(q, k, v))

        monkeypatch.setattr(F, "scaled_dot_product_attention", spoiled)

    yield start
    assert any(empty), "the kernel met no empty row"


def normal(*shape, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(0))


def with_gradients(f, *leaves):
    output = f()
    return output, *torch.autograd.grad(output.square().sum(), leaves, allow_unused=True)


def same(got, wanted):
    for a, b in zip(got, wanted, strict=True):
        assert (a is b is None) or torch.equal(a, b)
        assert a is None or a.isfinite().all()


@WRONG
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lead", [(), (2,), (2, 3), (2, 2, 3)])
@pytest.mark.parametrize("causal", [False, True])
def test_case_55_of_attention(spoil, wrong, dtype, lead, causal):
    q, k, v = (normal(*lead, 5, 4, dtype=dtype).requires_grad_() for _ in range(3))
    mask = causal_mask(5)
    mask[[0, 3]] = False
    wanted = with_gradients(lambda: attention(q, k, v, mask, causal=causal), q, k, v)
    assert not wanted[0][..., [0, 3], :].any()
    spoil(wrong)
    same(with_gradients(lambda: attention(q, k, v, mask, causal=causal), q, k, v), wanted)
    for without in (torch.no_grad, torch.inference_mode):
        with without():
            assert torch.equal(attention(q, k, v, mask, causal=causal), wanted[0])


@WRONG
@pytest.mark.parametrize("dtype", DTYPES)
def test_case_55_of_several_heads(spoil, wrong, dtype):
    torch.manual_seed(0)
    layer, x = MultiHeadAttention(8, 2).to(dtype), normal(2, 5, 8, dtype=dtype).requires_grad_()
    left = padding_mask(torch.tensor([5, 2]), 5).flip(-1)
    leaves = (x, *layer.parameters())
    wanted = with_gradients(lambda: layer(x, mask=left, causal=True), *leaves)
    checks.same(wanted[0][1, :3].double(), layer.o_proj.bias.double().expand(3, 8))
    spoil(wrong)
    same(with_gradients(lambda: layer(x, mask=left, causal=True), *leaves), wanted)


@WRONG
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_case_14_and_55_of_a_model_with_padding_on_the_left(spoil, wrong, dtype):
    model = randomized(GPT(small())).to(dtype).requires_grad_()
    ids, mask = random_ids(2, 7), padding_mask(torch.tensor([7, 4]), 7).flip(-1)
    wanted = with_gradients(lambda: model(ids, mask=mask), *model.parameters())
    spoil(wrong)
    same(with_gradients(lambda: model(ids, mask=mask), *model.parameters()), wanted)


def test_case_01_without_the_erasing_the_spoiled_kernel_would_be_noticed(spoil):
    spoil(lambda *_: 1.0)
    q, mask = normal(1, 1, 3, 4), torch.zeros(3, 3, dtype=torch.bool)
    assert F.scaled_dot_product_attention(q, q, q, attn_mask=mask).any()
