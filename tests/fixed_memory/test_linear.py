import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import checks
from attention_book.fixed_memory import (
    linear_chunked,
    linear_parallel,
    linear_recurrent,
    positive,
)
from tests.fixed_memory.texts import linear_by_hand, text


def test_it_is_the_definition():
    q, k, v = text()
    checks.same(linear_parallel(q, k, v), linear_by_hand(q.numpy(), k.numpy(), v.numpy()))


@pytest.mark.parametrize("tokens", [0, 1, 2, 11])
def test_token_by_token_is_the_same(tokens):
    q, k, v = text(2, 3, tokens=tokens)
    checks.same(linear_recurrent(q, k, v)[0], linear_parallel(q, k, v))


@pytest.mark.parametrize("size", range(1, 13))
def test_every_chunk_size_is_the_same(size):
    q, k, v = text(2)
    output, (memory, total) = linear_chunked(q, k, v, size=size)
    checks.same(output, linear_parallel(q, k, v))
    _, state = linear_recurrent(q, k, v)
    checks.same(memory, state[0])
    checks.same(total, state[1])


@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=6), chunk=st.integers(1, 5))
def test_a_text_in_pieces_is_the_whole_text(sizes, chunk):
    q, k, v = text(2, tokens=sum(sizes))
    outputs, state = [], None
    for i, piece in enumerate(zip(*(x.split(sizes, 1) for x in (q, k, v)), strict=True)):
        step = linear_recurrent if i % 2 else lambda *x: linear_chunked(*x, size=chunk)
        output, state = step(*piece, state)
        outputs.append(output)
    checks.same(torch.cat(outputs, 1), linear_parallel(q, k, v))


def test_the_state_given_is_not_changed():
    q, k, v = text(2)
    _, state = linear_recurrent(q, k, v)
    before = [x.clone() for x in state]
    for step in (linear_recurrent, linear_chunked):
        step(q, k, v, state)
        assert all(map(torch.equal, state, before))


def test_the_future_is_not_seen():
    q, k, v = text(1)
    for f in (linear_parallel, lambda *x: linear_chunked(*x, size=4)[0]):
        checks.causal(lambda x, f=f: _first(f(q[0], x, v[0])), k[0])


def _first(output):
    return output[0] if isinstance(output, tuple) else output


def test_each_output_is_a_mixture_of_the_values_so_far():
    q, k, v = text(tokens=6, value_width=2)
    checks.inside_hull(linear_parallel(q, k, v), v)


def test_the_map_is_positive_where_elu_plus_one_rounds_to_zero():
    x = torch.tensor([-80.0, -17.5, -1.0, 0.0, 3.0])
    assert (positive(x) > 0).all()
    checks.same(positive(x[2:]), torch.nn.functional.elu(x[2:]) + 1, 1e-6)


def test_weights_too_small_for_a_number_give_zeros_and_finite_gradients():
    q, k, v = text()
    q = (q.abs() - 800).requires_grad_()
    for output in (linear_parallel(q, k, v), linear_recurrent(q, k, v)[0]):
        assert torch.equal(output, torch.zeros_like(v))
        assert torch.autograd.grad(output.sum(), q)[0].isfinite().all()


def test_gradients_of_all_forms():
    inputs = [x.requires_grad_() for x in text(tokens=5, width=3, value_width=2)]
    assert torch.autograd.gradcheck(linear_parallel, inputs)
    assert torch.autograd.gradcheck(lambda *x: linear_recurrent(*x)[0], inputs)
    assert torch.autograd.gradcheck(lambda *x: linear_chunked(*x, size=2)[0], inputs)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_half_precision_sums_in_single(dtype):
    q, k, v = text(tokens=3000, dtype=dtype)
    expected = linear_parallel(*(x.double() for x in (q, k, v)))
    output, state = linear_chunked(q, k, v)
    assert output.dtype == linear_parallel(q, k, v).dtype == dtype
    assert all(x.dtype == torch.float32 for x in state)
    checks.same(output, expected, 5e-3)


@pytest.mark.bad_input
@pytest.mark.parametrize("f", [linear_parallel, linear_recurrent, linear_chunked])
def test_what_does_not_fit_is_refused(f):
    q, k, v = text(2)
    for wrong in [(q[:, 1:], k, v), (q, k[..., 1:], v), (q, k, v[:, 1:]), (q[0], k, v)]:
        with pytest.raises(ValueError, match=f"^{f.__name__}: "):
            f(*wrong)
    with pytest.raises(TypeError, match=f"^{f.__name__}: v must"):
        f(q, k, v.float())


@pytest.mark.bad_input
@pytest.mark.parametrize("f", [linear_recurrent, linear_chunked])
def test_another_texts_state_is_refused(f):
    q, k, v = text(2)
    _, (memory, total) = f(q, k, v)
    for wrong in [memory, (memory,), (memory[:1], total), (memory, memory)]:
        with pytest.raises(ValueError, match=f"^{f.__name__}: state"):
            f(q, k, v, wrong)
    with pytest.raises(TypeError, match=r"state\[0\] must be torch.float64 on cpu"):
        f(q, k, v, (memory.float(), total))


@pytest.mark.bad_input
@pytest.mark.parametrize("size", [0, -1, 1.5, True])
def test_a_chunk_has_a_token_at_least(size):
    with pytest.raises((ValueError, TypeError), match=r"^linear_chunked: size must be"):
        linear_chunked(*text(), size=size)
