"""Bad input gets an error that names it, before PyTorch computes anything."""

import time

import numpy as np
import pytest
import torch

from attention_book import attention, attention_weights, validate

pytestmark = pytest.mark.bad_input


def tensors(dtype=torch.float32):
    return {n: torch.ones(2, 4, t, 8, dtype=dtype) for n, t in zip("qkv", (3, 5, 5), strict=True)}


TENSORS = tensors()


def weights(q, k, v, mask=None):
    return attention_weights(q, k, mask)


CALLS = pytest.mark.parametrize("call", [attention, weights])


@CALLS
@pytest.mark.parametrize("name", "qk")
@pytest.mark.parametrize("wrong", [[[1.0]], np.ones((2, 2)), None, 1.0])
def test_not_a_tensor(refused, call, name, wrong):
    with refused(TypeError, "attention", f"{name} must be a torch.Tensor", type(wrong).__name__):
        call(**TENSORS | {name: wrong})


@CALLS
@pytest.mark.parametrize("name", "qk")
@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.bool, torch.complex64])
def test_case_20_numbers_that_are_not_real_floats(refused, call, name, dtype):
    wrong = tensors(dtype)[name]
    with refused(TypeError, f"{name} must hold real floats", str(dtype), f"{name}.float()"):
        call(**TENSORS | {name: wrong})


@CALLS
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_case_20_mixed_dtypes(refused, call, dtype):
    wrong = tensors(dtype)["k"]
    with refused(TypeError, "k must have the dtype of q", str(dtype), "torch.float32"):
        call(**TENSORS | {"k": wrong})


@CALLS
def test_a_single_vector(refused, call):
    vector = torch.ones(8)
    with refused(ValueError, "q must be (..., tokens, width)", "(8,)", "q[None]"):
        call(**TENSORS | {"q": vector})


@pytest.mark.parametrize("n_values", [4, 6, 0])
def test_case_17_keys_and_values_of_different_number(refused, n_values):
    v = torch.ones(2, 4, n_values, 8)
    with refused(
        ValueError, "attention: every key must have one value", f"v (2, 4, {n_values}, 8)", "k (2"
    ):
        attention(**TENSORS | {"v": v})


def test_case_17_and_18_fifty_random_mismatches(refused):
    rng = np.random.default_rng(0)
    for _ in range(50):
        name, axis = rng.choice(["q", "k", "v"]), rng.integers(4)
        wrong = tensors()
        shape = list(wrong[name].shape)
        shape[axis] += int(rng.integers(1, 4))
        if (name, axis) in {("q", 2), ("v", 3)}:
            continue  # any number of queries fits, and so does any width of the values
        wrong[name] = torch.ones(*shape)
        with refused(ValueError, "attention", f"{name} {tuple(shape)}"):
            attention(**wrong)


@CALLS
def test_case_24_no_width(refused, call):
    empty = {name: x[..., :0] for name, x in tensors().items()}
    with refused(ValueError, "same width, at least 1, got 0 and 0"):
        call(**empty)


@CALLS
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.uint8, torch.float32])
def test_case_06_and_07_masks_of_numbers(refused, call, dtype):
    mask = torch.ones(3, 5, dtype=dtype)
    with refused(TypeError, "mask must be bool", str(dtype), "mask.bool()"):
        call(**TENSORS, mask=mask)


@CALLS
def test_mask_of_another_kind(refused, call):
    with refused(TypeError, "mask must be a torch.Tensor", "ndarray"):
        call(**TENSORS, mask=np.ones((3, 5), bool))


@CALLS
@pytest.mark.parametrize(
    "shape",
    [
        (3, 4),
        (3, 6),
        (3, 0),
        (2, 5),
        (5,),
        (1, 5),
        (3, 1),
        (4, 3, 5),
        (2, 1, 3, 4),
        (2, 3, 3, 5),
        (1, 2, 4, 3, 5),
        (),
    ],
)
def test_case_09_and_10_masks_of_the_wrong_shape(refused, call, shape):
    mask = torch.ones(shape, dtype=torch.bool)
    with refused(ValueError, f"mask of shape {shape}", "3 queries and 5 keys", "(3, 5)"):
        call(**TENSORS, mask=mask)


@CALLS
@pytest.mark.parametrize("axes, none", [(3, "None"), (4, "None, None"), (5, "None, None, None")])
def test_case_10_a_mask_of_batch_and_keys_gets_the_advice_that_works(refused, call, axes, none):
    qkv = {
        n: x[(slice(None),) + (None,) * (axes - 4)] if axes > 3 else x[:, 0]
        for n, x in TENSORS.items()
    }
    mask = torch.ones(2, 5, dtype=torch.bool)
    with refused(ValueError, "mask of shape (2, 5)", f"write mask[:, {none}]"):
        call(**qkv, mask=mask)
    call(**qkv, mask=mask[(slice(None),) + (None,) * (axes - 2)])


def test_case_39_weights_that_no_machine_holds_are_refused_at_once(refused):
    q = torch.ones(1, 1).expand(1_000_000, 1)
    start = time.process_time()
    with refused(ValueError, "4,000,000,000,000 bytes", "attention(q, k, v)"):
        attention_weights(q, q)
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize("size, error", [(1.0, TypeError), (True, TypeError), (2, ValueError)])
def test_a_whole_number_of_at_least_three(refused, size, error):
    with refused(error, "f: n must be", repr(size)):
        validate.whole_number("f", "n", size, least=3)
