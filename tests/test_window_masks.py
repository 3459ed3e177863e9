"""Padding, window and prefix masks, and how they combine."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import causal_mask, padding_mask, prefix_mask, window_mask


def sizes():
    """More or as many keys than queries."""
    return st.integers(0, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(n, n + 8)))


def test_padding_by_hand():
    mask = padding_mask(torch.tensor([2, 0, 3]), 3)
    assert mask.shape == (3, 1, 1, 3)
    assert mask[:, 0, 0].int().tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 1]]


def test_case_13_padding_on_the_left_is_the_mirror_image():
    mask = padding_mask(torch.tensor([2, 3]), 3).flip(-1)
    assert mask[:, 0, 0].int().tolist() == [[0, 1, 1], [1, 1, 1]]


def test_window_by_hand():
    assert window_mask(4, 1).int().tolist() == [
        [1, 0, 0, 0],
        [1, 1, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 1, 1],
    ]


def test_prefix_by_hand():
    assert prefix_mask(4, 2).int().tolist() == [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 1],
    ]


@given(sizes=sizes(), window=st.integers(0, 20))
def test_case_11_a_window_is_counted_from_each_querys_own_place(sizes, window):
    n_queries, n_keys = sizes
    mask = window_mask(n_queries, window, n_keys)
    assert mask.shape == sizes
    for i in range(n_queries):
        own = n_keys - n_queries + i
        assert mask[i].nonzero().flatten().tolist() == list(range(max(0, own - window), own + 1))


@given(sizes=sizes(), data=st.data())
def test_case_11_a_prefix_is_open_to_all_and_the_rest_is_causal(sizes, data):
    n_queries, n_keys = sizes
    prefix = data.draw(st.integers(0, n_keys))
    mask = prefix_mask(n_queries, prefix, n_keys)
    assert mask.shape == sizes
    assert mask[:, :prefix].all()
    assert torch.equal(mask[:, prefix:], causal_mask(n_queries, n_keys)[:, prefix:])


@given(sizes=sizes())
def test_the_extremes(sizes):
    causal = causal_mask(*sizes)
    assert torch.equal(window_mask(sizes[0], sizes[1], sizes[1]), causal)
    assert torch.equal(prefix_mask(sizes[0], 0, sizes[1]), causal)
    assert prefix_mask(sizes[0], sizes[1], sizes[1]).all()
    assert window_mask(sizes[0], 0, sizes[1]).sum() == sizes[0]


def test_case_09_masks_combine():
    both = causal_mask(3) & padding_mask(torch.tensor([3, 2]), 3)
    assert both.shape == (2, 1, 3, 3)
    assert both[1, 0].int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 0]]


def test_case_24_nothing():
    assert padding_mask(torch.zeros(0, dtype=torch.long), 3).shape == (0, 1, 1, 3)
    assert padding_mask(torch.tensor([0, 0]), 0).shape == (2, 1, 1, 0)


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_lengths_of_either_integer_type(dtype):
    assert padding_mask(torch.tensor([1], dtype=dtype), 2).flatten().tolist() == [True, False]


def test_they_are_made_on_the_device_asked_for():
    for make in (window_mask, prefix_mask):
        assert make(2, 1, 3, device="meta").is_meta
        assert make(2, 1, 3, device="meta").shape == (2, 3)
    assert padding_mask(torch.tensor([1, 2], device="meta"), 3).is_meta


@pytest.mark.bad_input  # of no bad kind: the signature says int
@pytest.mark.parametrize("kind", [np.int64, np.uint8, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    two, one, three = kind(2), kind(1), kind(3)
    assert torch.equal(window_mask(two, one, three), window_mask(2, 1, 3))
    assert torch.equal(prefix_mask(two, one, three), prefix_mask(2, 1, 3))
    assert torch.equal(padding_mask(torch.tensor([2]), three), padding_mask(torch.tensor([2]), 3))


MAKERS = pytest.mark.parametrize("make", [window_mask, prefix_mask])


@pytest.mark.bad_input
@MAKERS
def test_case_12_more_queries_than_keys(refused, make):
    with refused(ValueError, make.__name__, "n_queries is 5", "n_keys is 3", "first 2"):
        make(5, 1, 3)


@pytest.mark.bad_input
@MAKERS
@pytest.mark.parametrize("size", [2.0, True, "2", [2], -1])
def test_sizes(refused, make, size):
    error = ValueError if size == -1 else TypeError
    last = "window" if make is window_mask else "prefix"
    cases = (((size, 0, 3), "n_queries"), ((1, size), last), ((1, 0, size), "n_keys"))
    for arguments, name in cases:
        with refused(error, f"{make.__name__}: {name} must be", str(size)):
            make(*arguments)


@pytest.mark.bad_input
def test_a_prefix_longer_than_the_keys(refused):
    with refused(ValueError, "prefix_mask: prefix must be at most 3, got 4"):
        prefix_mask(3, 4)


@pytest.mark.bad_input
@pytest.mark.parametrize("dtype", [torch.float32, torch.bool, torch.uint8, torch.complex64])
def test_lengths_that_are_no_whole_numbers(refused, dtype):
    lengths = torch.ones(2, dtype=dtype)
    with refused(TypeError, "padding_mask: lengths must hold int64 or int32", str(dtype)):
        padding_mask(lengths, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("lengths", [[1, 2], 2, None])
def test_lengths_that_are_no_tensor(refused, lengths):
    with refused(TypeError, "padding_mask: lengths must be a torch.Tensor", "torch.tensor(lengths"):
        padding_mask(lengths, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("shape", [(), (2, 1)])
def test_lengths_of_the_wrong_shape(refused, shape):
    lengths = torch.ones(shape, dtype=torch.long)
    with refused(ValueError, "padding_mask: lengths must be (batch,)", str(shape)):
        padding_mask(lengths, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong, bound", [(-1, "least 0"), (4, "most 3")])
def test_lengths_out_of_range(wrong, bound):
    with pytest.raises(ValueError, match=rf"lengths\[1\] must be at {bound}, got {wrong}"):
        padding_mask(torch.tensor([2, wrong]), 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("n_keys, error", [(-1, ValueError), (3.0, TypeError), (True, TypeError)])
def test_padding_to_no_size(refused, n_keys, error):
    lengths = torch.tensor([1])
    with refused(error, "padding_mask: n_keys must be", str(n_keys)):
        padding_mask(lengths, n_keys)
