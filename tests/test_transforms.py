"""PyTorch's transforms of programs work on attention and on whole models, or name their limit."""

import subprocess
import sys

import pytest
import torch
from torch.func import functional_call, grad, hessian, jvp, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from attention_book import (
    BERT,
    GPT,
    MultiHeadAttention,
    Transformer,
    attention,
    attention_weights,
    causal_mask,
    checks,
    padding_mask,
)
from tests.models.drawn import random_ids, randomized, small
from tools.repository import ROOT

IDS, SOURCE = random_ids(2, 5), random_ids(2, 7, seed=1)
MASK = padding_mask(torch.tensor([7, 4]), 7)


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


MODELS = {
    "GPT": (GPT, (IDS,), {}),
    "GPT with padding": (GPT, (SOURCE,), {"mask": MASK}),
    "BERT": (BERT, (IDS,), {}),
    "BERT with padding": (BERT, (SOURCE,), {"mask": MASK}),
    "Transformer": (Transformer, (SOURCE, IDS), {}),
    "Transformer with padding": (Transformer, (SOURCE, IDS), {"source_mask": MASK}),
}
MODEL = pytest.mark.parametrize("kind, inputs, named", MODELS.values(), ids=MODELS)


def made(kind, **changes):
    return randomized(kind(small(n_layers=1, **changes)))


@MODEL
def test_case_63_models_are_exported(kind, inputs, named):
    model = made(kind)
    exported = torch.export.export(model, inputs, named, strict=False).module()
    checks.same(exported(*inputs, **named), model(*inputs, **named))


COMPILED = """
import torch
from tests.test_transforms import GPT, MODELS, made
for kind, inputs, named in MODELS.values():
    plain, other = (made(kind).requires_grad_() for _ in range(2))
    compiled = torch.compile(other, backend="aot_eager" if kind is GPT else "eager", fullgraph=True)
    outputs = plain(*inputs, **named), compiled(*inputs, **named)
    torch.testing.assert_close(*outputs)
    for output in outputs:
        output.square().sum().backward()
    for a, b in zip(plain.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)
print(len(MODELS), "compiled")
"""


def test_case_63_models_are_compiled_and_trained_in_one_graph():
    """In a process of its own, because the checker of shapes at run time has no graph."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILED], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == f"{len(MODELS)} compiled\n", done.stderr[-2000:]


@MODEL
def test_case_63_models_are_sized_without_memory(kind, inputs, named):
    with torch.device("meta"):
        model = kind(small(d_model=1600, n_heads=25, vocab_size=50257, max_len=1024))
    inputs, named = [x.to("meta") for x in inputs], {n: x.to("meta") for n, x in named.items()}
    width = 1600 if kind is BERT else 50257
    assert model(*inputs, **named).shape == (*inputs[-1].shape, width)


@MODEL
def test_case_63_gradients_of_each_sample(kind, inputs, named):
    model = made(kind)
    parameters = dict(model.named_parameters())

    def loss(parameters, inputs, named):
        rows, named = [x[None] for x in inputs], {n: x[None] for n, x in named.items()}
        return functional_call(model, parameters, tuple(rows), named).square().mean()

    each = vmap(grad(loss), in_dims=(None, 0, 0))(parameters, inputs, named)
    for row in range(2):
        alone = grad(loss)(
            parameters, [x[row] for x in inputs], {n: x[row] for n, x in named.items()}
        )
        for name, gradient in alone.items():
            checks.same(each[name][row], gradient, 1e-11)


def test_case_63_several_heads_are_exported():
    layer, x, mask = randomized(MultiHeadAttention(8, 2)), normal(3, 4, 8), {"mask": causal_mask(4)}
    exported = torch.export.export(layer, (x,), mask, strict=False).module()
    checks.same(exported(x, **mask), layer(x, causal=True))


TORCHS_OWN = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")
Q, K, V = (normal(2, 5, 4, seed=i) for i in range(3))


def formula(q, k, v, mask=None, *, causal=False):
    return attention_weights(q, k, mask, causal=causal) @ v


@TORCHS_OWN
@pytest.mark.parametrize("causal", [False, True])
def test_case_63_forward_mode(causal):
    along = normal(2, 5, 4, seed=3)
    found = [
        jvp(lambda q, f=f: f(q, K, V, causal=causal), (Q,), (along,)) for f in (attention, formula)
    ]
    for got, wanted in zip(*found, strict=True):
        checks.same(got, wanted)


@pytest.mark.parametrize("name", ["q", "k", "v", "mask"])
def test_case_63_vmap_over_one_argument(name):
    """Without PyTorch's warning that the kernel has no rule for it, an error here."""
    arguments = {"q": Q, "k": K, "v": V, "mask": causal_mask(5)}
    x = arguments.pop(name)
    both = torch.stack([x, x.flip(-1)])
    got = vmap(lambda x: attention(**arguments, **{name: x}))(both)
    checks.same(got, torch.stack([formula(**arguments, **{name: x}) for x in both]))


@TORCHS_OWN
@pytest.mark.parametrize("name", ["q", "k", "v"])
def test_case_63_derivatives_by_one_argument(name):
    arguments = {"q": Q, "k": K, "v": V, "mask": causal_mask(5)}
    x, along = arguments.pop(name), normal(2, 5, 4, seed=3)
    for transform in (
        lambda f: jvp(f, (x,), (along,))[1],
        lambda f: grad(lambda x: f(x).square().sum())(x),
        lambda f: hessian(lambda x: f(x).square().sum())(x),
    ):
        got, wanted = (
            transform(lambda x, f=f: f(**arguments, **{name: x})) for f in (attention, formula)
        )
        checks.same(got, wanted, 1e-11)


def test_case_63_vmap_over_masks_with_an_empty_row():
    masks = torch.stack([causal_mask(5), causal_mask(5)])
    masks[1, 3] = False
    checks.same(vmap(attention)(Q, K, V, masks), attention(Q, K, V, masks))
    assert not attention(Q, K, V, masks)[1, 3].any()


@TORCHS_OWN
def test_case_63_second_derivatives_of_the_weights():
    def f(q):
        return attention_weights(q, K[0], causal_mask(5)).square().sum()

    second, step = hessian(f)(Q[0]), 1e-5 * normal(5, 4, seed=3)
    difference = grad(f)(Q[0] + step) - grad(f)(Q[0] - step)
    checks.same(difference / 2, torch.einsum("ijkl,kl->ij", second, step), 1e-9)


def second(attend, q, k, v):
    """The gradient of the size of the gradient."""
    leaves = [x.clone().requires_grad_() for x in (q, k, v)]
    first = torch.autograd.grad(attend(*leaves).square().sum(), leaves, create_graph=True)
    return torch.autograd.grad(sum(g.square().sum() for g in first), leaves)


VIEWS = {
    "all": {},
    "causal": {"causal": True},
    "mask": {"mask": causal_mask(5)},
    "both": {"mask": torch.arange(5) > 0, "causal": True},
}


@pytest.mark.parametrize("axes", [2, 3, 4, 5])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_case_63_a_second_derivative_is_refused_with_the_way_out(explained, axes, view):
    view = view | ({"mask": view["mask"].expand(5, 5)} if "mask" in view else {})
    q, k, v = (normal(*(2, 1, 3)[: axes - 2], 5, 4, seed=i) for i in range(3))
    way_out = "torch.nn.attention.sdpa_kernel(SDPBackend.MATH)"
    with explained(ValueError, "attention", "second derivative", way_out):
        second(lambda *x: attention(*x, **view), q, k, v)
    with sdpa_kernel(SDPBackend.MATH):
        got = second(lambda *x: attention(*x, **view), q, k, v)
    wanted = second(lambda *x: formula(*x, **view), q, k, v)
    for a, b in zip(got, wanted, strict=True):
        checks.same(a, b, 1e-11)


def penalty(model):
    parameters = list(model.parameters())
    loss = model(IDS).square().mean()
    gradients = torch.autograd.grad(loss, parameters, create_graph=True)
    return torch.autograd.grad(sum(g.square().sum() for g in gradients), parameters)


def test_case_63_a_gradient_penalty_through_a_model(explained):
    model = randomized(GPT(small(n_layers=1))).requires_grad_()
    with explained(ValueError, "attention", "sdpa_kernel(SDPBackend.MATH)"):
        penalty(model)
    with sdpa_kernel(SDPBackend.MATH):
        exact = penalty(model)
    index = [name for name, _ in model.named_parameters()].index("blocks.0.attention.q_proj.weight")
    weight, step = model.blocks[0].attention.q_proj.weight, 1e-5

    def size():
        with sdpa_kernel(SDPBackend.MATH):
            gradients = torch.autograd.grad(model(IDS).square().mean(), list(model.parameters()))
        return sum(g.square().sum() for g in gradients)

    with torch.no_grad():
        weight[0, 0] += step
    high = size()
    with torch.no_grad():
        weight[0, 0] -= 2 * step
    assert ((high - size()) / (2 * step)).item() == pytest.approx(
        exact[index][0, 0].item(), rel=1e-5
    )


def test_case_63_first_derivatives_stay_as_they_are():
    for view in ({}, {"causal": True}, {"mask": causal_mask(5)}):
        leaves = [x.clone().requires_grad_() for x in (Q, K, V)]
        for retained in (True, False):  # twice over the same graph is no second derivative
            got = torch.autograd.grad(
                attention(*leaves, **view).square().sum(), leaves, retain_graph=retained
            )
        wanted = torch.autograd.grad(formula(*leaves, **view).square().sum(), leaves)
        for a, b in zip(got, wanted, strict=True):
            checks.same(a, b)


def test_case_63_autocast_keeps_the_layer_trainable():
    layer, x = MultiHeadAttention(8, 2, dropout=0.1), normal(3, 4, 8).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = layer(x, causal=True)
    output.float().sum().backward()
    assert output.dtype == torch.bfloat16
    assert layer.q_proj.weight.grad.isfinite().all()
