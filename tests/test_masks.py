import numpy as np
import pytest
import torch

from attention_book import causal_mask


def test_causal_mask_of_four():
    assert causal_mask(4).int().tolist() == [
        [1, 0, 0, 0],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 1],
    ]


@pytest.mark.parametrize("n_queries", range(8))
def test_case_11_fewer_queries_are_the_last_rows(n_queries):
    full = causal_mask(7)
    assert torch.equal(causal_mask(n_queries, 7), full[7 - n_queries :])


def test_case_24_no_queries():
    assert causal_mask(0).shape == (0, 0)
    assert causal_mask(0, 3).shape == (0, 3)


@pytest.mark.parametrize("device", ["meta", torch.device("meta"), "cpu", None])
def test_it_is_made_on_the_device_asked_for(device):
    mask = causal_mask(2, 3, device=device)
    assert mask.device.type == str(device or "cpu")
    assert mask.shape == (2, 3)


@pytest.mark.bad_input  # of no bad kind: the signature says int
@pytest.mark.parametrize("kind", [np.int64, np.uint8, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    assert torch.equal(causal_mask(kind(2), kind(3)), causal_mask(2, 3))


@pytest.mark.bad_input
def test_case_12_more_queries_than_keys(refused):
    with refused(ValueError, "causal_mask", "n_queries is 5", "n_keys is 3", "first 2"):
        causal_mask(5, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("size", [2.0, True, "2", [2], np.float64(2), np.bool_(True)])
def test_sizes_are_whole_numbers(refused, size):
    with refused(TypeError, "causal_mask: n_queries must be an int", repr(size)):
        causal_mask(size)
    with refused(TypeError, "causal_mask: n_keys must be an int", repr(size)):
        causal_mask(2, size)


@pytest.mark.bad_input
def test_sizes_are_not_negative(refused):
    with refused(ValueError, "causal_mask: n_queries must be at least 0, got -1"):
        causal_mask(-1)
