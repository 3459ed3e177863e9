import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import checks
from attention_book.fixed_memory import (
    delta_chunked,
    delta_parallel,
    delta_recurrent,
    gated_delta_chunked,
    gated_delta_recurrent,
)
from tests.fixed_memory.texts import gated_delta_by_hand, shares, text

DELTA = [delta_parallel, delta_recurrent, delta_chunked]
GATED = [gated_delta_recurrent, gated_delta_chunked]


def output(f, *inputs, **more):
    made = f(*inputs, **more)
    return made[0] if isinstance(made, tuple) else made


def orthonormal(n):
    square = torch.randn(n, n, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return torch.linalg.qr(square)[0]


def test_it_is_the_papers_product_of_matrices():
    inputs = *text(), *shares()
    expected = gated_delta_by_hand(*(x.numpy() for x in inputs))
    for f in GATED:
        checks.same(output(f, *inputs), expected)


@pytest.mark.parametrize("tokens", [0, 1, 2, 11])
def test_all_forms_of_the_delta_rule_are_the_same(tokens):
    inputs = *text(2, 3, tokens=tokens), shares(2, 3, tokens=tokens)[0]
    expected = delta_recurrent(*inputs)[0]
    for f in DELTA:
        checks.same(output(f, *inputs), expected)


@pytest.mark.parametrize("size", range(1, 13))
def test_every_chunk_size_is_the_same(size):
    inputs = *text(2), *shares(2)
    for loop, chunked, n in [
        (delta_recurrent, delta_chunked, 4),
        (gated_delta_recurrent, gated_delta_chunked, 5),
    ]:
        made = zip(chunked(*inputs[:n], size=size), loop(*inputs[:n]), strict=True)
        for mine, expected in made:
            checks.same(mine, expected)


@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=6), chunk=st.integers(1, 5))
def test_a_text_in_pieces_is_the_whole_text(sizes, chunk):
    inputs = *text(2, tokens=sum(sizes)), *shares(2, tokens=sum(sizes))
    outputs, memory = [], None
    for i, piece in enumerate(zip(*(x.split(sizes, 1) for x in inputs), strict=True)):
        step = GATED[0] if i % 2 else lambda *x: gated_delta_chunked(*x, size=chunk)
        made, memory = step(*piece, memory)
        outputs.append(made)
    checks.same(torch.cat(outputs, 1), gated_delta_recurrent(*inputs)[0])


@pytest.mark.parametrize("f", DELTA)
def test_a_key_written_twice_returns_its_last_value(f):
    keys, values = orthonormal(4), text(tokens=8, value_width=3)[2]
    written = torch.cat([keys, keys.flip(0)])
    everything = torch.cat([written, keys])  # the last four only ask
    beta = torch.tensor([1.0] * 8 + [0.0] * 4, dtype=torch.float64)
    padded = torch.cat([values, values[:4]])
    read = output(f, everything, everything, padded, beta)[8:]
    checks.same(read, values[4:].flip(0))


@pytest.mark.parametrize("logarithm", [-1000.0, -torch.inf])
def test_all_of_the_memory_can_be_forgotten(logarithm):
    q, k, v = text()
    beta, log_keep = shares()
    log_keep[[3, 6]] = logarithm
    for f in GATED:
        whole = output(f, q, k, v, beta, log_keep)[6:]
        late = output(f, *(x[6:] for x in (q, k, v, beta, log_keep)))
        checks.same(whole, late)


def test_a_gate_of_one_is_the_delta_rule():
    q, k, v = text(2)
    beta, _ = shares(2)
    for f in GATED:
        checks.same(output(f, q, k, v, beta, 0 * beta), delta_parallel(q, k, v, beta))


@pytest.mark.parametrize("form", ["recurrent", "chunk"])
def test_it_is_the_rule_of_qwen3_next(form):
    from transformers.models.qwen3_next import modeling_qwen3_next as qwen

    q, k, v = text(2, 4, tokens=21, width=8, value_width=6, dtype=torch.float32)
    beta, log_keep = shares(2, 4, tokens=21, dtype=torch.float32)
    rule = getattr(qwen, f"torch_{form}_gated_delta_rule")
    query, key, value, write, keep = (x.transpose(1, 2) for x in (q, k, v, beta, log_keep))
    theirs, state = rule(
        query, key, value, g=keep, beta=write, initial_state=None, output_final_state=True
    )
    for f in GATED:
        ours, memory = f(q / 8**0.5, k, v, beta, log_keep)
        checks.same(ours, theirs.transpose(1, 2), 3e-6)
        checks.same(memory, state, 3e-6)


@pytest.mark.bad_input
def test_the_memory_given_is_not_changed_also_by_a_call_that_fails():
    inputs = *text(2), *shares(2)
    _, memory = gated_delta_recurrent(*inputs)
    before = memory.clone()
    for f in GATED:
        f(*inputs, memory)
        with pytest.raises(ValueError, match="beta"):
            f(*inputs[:3], inputs[3][:, 1:], inputs[4], memory)
        assert torch.equal(memory, before)


def test_the_future_is_not_seen():
    (q, k, v), (beta, log_keep) = text(), shares()
    checks.causal(lambda x: gated_delta_chunked(q, k, x, beta, log_keep, size=4)[0], v)
    checks.causal(lambda x: gated_delta_chunked(q, x, v, beta, log_keep, size=4)[0], k)


def test_gradients_of_all_forms():
    inputs = *text(tokens=5, width=3, value_width=2), *shares(tokens=5)
    inputs = [x.requires_grad_() for x in inputs]
    for f in (gated_delta_recurrent, lambda *x: gated_delta_chunked(*x, size=2)):
        assert torch.autograd.gradcheck(lambda *x, f=f: f(*x)[0], inputs)
    assert torch.autograd.gradcheck(delta_parallel, inputs[:4])


def test_gradients_are_finite_where_nearly_all_is_forgotten():
    inputs = *text(), shares()[0], torch.full((11,), -300.0, dtype=torch.float64)
    inputs = [x.requires_grad_() for x in inputs]
    found = torch.autograd.grad(gated_delta_chunked(*inputs)[0].sum(), inputs)
    assert all(x.isfinite().all() for x in found)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_half_precision_keeps_a_memory_in_single(dtype):
    inputs = *text(2, tokens=500, dtype=dtype), *shares(2, tokens=500, dtype=dtype)
    expected = gated_delta_recurrent(*(x.double() for x in inputs))[0]
    made, memory = gated_delta_chunked(*inputs)
    assert made.dtype == dtype
    assert memory.dtype == torch.float32
    checks.same(made, expected, {torch.float16: 4e-3, torch.bfloat16: 3e-2}.get(dtype, 1e-5))


@pytest.mark.bad_input
@pytest.mark.parametrize("f", [*DELTA, *GATED])
def test_what_does_not_fit_is_refused(f):
    shown = "gated_" + f.__name__ if f in DELTA[1:] else f.__name__
    (q, k, v), (beta, log_keep) = text(2), shares(2)
    more = [log_keep] * (f in GATED)
    for wrong in [(q[:, 1:], k, v), (q, k[..., 1:], v), (q, k, v[:, 1:])]:
        with pytest.raises(ValueError, match=f"^{shown}: "):
            f(*wrong, beta, *more)
    for wrong in (beta[..., None], beta[:, 1:], beta[0]):
        with pytest.raises(ValueError, match=f"^{shown}: (beta|log_keep) must have shape"):
            f(q, k, v, wrong, *more)
    with pytest.raises(TypeError, match=f"^{shown}: beta must have the dtype of k"):
        f(q, k, v, beta.float(), *more)


@pytest.mark.bad_input
@pytest.mark.parametrize("f", GATED)
def test_a_memory_of_another_shape_is_refused(f):
    inputs = *text(2), *shares(2)
    _, memory = f(*inputs)
    for wrong in (memory[:1], memory.mT, memory[0]):
        with pytest.raises(ValueError, match=f"^{f.__name__}: memory must have shape"):
            f(*inputs, wrong)
    with pytest.raises(TypeError, match=f"^{f.__name__}: memory must be torch.float64"):
        f(*inputs, memory.float())
