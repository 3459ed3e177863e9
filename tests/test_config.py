import copy
import json
import pickle
from dataclasses import FrozenInstanceError, asdict, replace
from typing import get_args

import numpy as np
import pytest
import torch

from attention_book import Config
from attention_book.config import Activation, Position
from attention_book.feed_forward import ACTIVATIONS
from attention_book.positions import POSITIONS

SIZES = {"vocab_size": 10, "max_len": 8, "d_model": 12, "n_heads": 3, "n_layers": 2}
INF, NAN = float("inf"), float("nan")


def test_four_times_as_wide_unless_given():
    assert Config(**SIZES).d_ff == 48
    assert Config(**SIZES, d_ff=7).d_ff == 7


def test_the_width_of_a_head():
    assert Config(**SIZES).d_head == 4


def test_it_cannot_be_changed_but_copied():
    config = Config(**SIZES)
    with pytest.raises(FrozenInstanceError):
        config.d_model = 24
    assert replace(config, n_layers=5).n_layers == 5
    assert Config(**asdict(config)) == config


def test_case_66_what_was_not_given_follows_the_width():
    wider = replace(Config(**SIZES), d_model=36)
    assert (wider.d_ff, wider.init_std) == (144, 1 / 6)
    assert wider == Config(**SIZES | {"d_model": 36})
    assert replace(wider, n_layers=5, d_model=12) == Config(**SIZES | {"n_layers": 5})


def test_case_66_what_was_given_stays():
    given = replace(Config(**SIZES, d_ff=7, init_std=0.02), d_model=36)
    assert (given.d_ff, given.init_std) == (7, 0.02)
    assert replace(Config(**SIZES), d_ff=50, d_model=36).d_ff == 50
    assert replace(replace(Config(**SIZES), d_ff=50), d_model=36).d_ff == 50


def test_case_66_what_was_given_stays_also_where_it_equals_the_default():
    given = replace(Config(**SIZES, d_ff=48, init_std=12**-0.5), d_model=36)
    assert (given.d_ff, given.init_std) == (48, 12**-0.5)


def test_case_66_a_copy_through_copy_or_pickle_is_the_same_config():
    for copied in (copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        again = copied(Config(**SIZES))
        assert again == Config(**SIZES)
        assert replace(again, d_model=36).d_ff == 144


def test_derived_sizes_are_plain_numbers_in_a_file():
    sizes = json.loads(json.dumps(asdict(Config(**SIZES))))
    assert (sizes["d_ff"], sizes["init_std"]) == (48, 12**-0.5)
    assert Config(**sizes) == Config(**SIZES)


@pytest.mark.bad_input  # of no bad kind: the signature says int and float
@pytest.mark.parametrize("kind", [np.int64, np.uint16, np.array, torch.tensor])
def test_case_65_numbers_of_other_kinds_become_plain_ones(kind):
    sizes = {name: kind(size) for name, size in (SIZES | {"d_ff": 7, "n_segments": 2}).items()}
    config = Config(**sizes)
    assert config == Config(**SIZES, d_ff=7, n_segments=2)
    assert all(type(getattr(config, name)) is int for name in sizes)


@pytest.mark.bad_input  # of no bad kind
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.array, torch.tensor])
def test_case_65_real_numbers_of_other_kinds_become_plain_ones(kind):
    values = {"dropout": 0.25, "norm_eps": 0.5, "init_std": 0.125}
    config = Config(**SIZES, **{name: kind(value) for name, value in values.items()})
    assert config == Config(**SIZES, **values)
    assert all(type(getattr(config, name)) is float for name in values)


def test_fields_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Config(10, 8, 12, 3, 2)


def test_every_named_choice_exists():
    assert tuple(ACTIVATIONS) == get_args(Activation)
    assert (*POSITIONS, "rotary") == get_args(Position)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", [*SIZES, "d_ff"])
@pytest.mark.parametrize("wrong", [0, -3, 12.0, True, "12", np.float64(12), np.bool_(True)])
def test_case_19_sizes(refused, name, wrong):
    error = ValueError if wrong in (0, -3) else TypeError
    with refused(error, f"Config: {name} must be", str(wrong)):
        Config(**SIZES | {name: wrong})


@pytest.mark.bad_input
def test_case_19_heads_that_do_not_divide(refused):
    with refused(ValueError, "Config", "d_model is 12 and n_heads is 5", "remainder is 2"):
        Config(**SIZES | {"n_heads": 5})


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "name, wrong, error",
    [
        *(("dropout", p, ValueError) for p in (-0.1, 1.0, 1.5, NAN, INF)),
        *(("dropout", p, TypeError) for p in ("0.1", None, True)),
        *(("norm_eps", eps, ValueError) for eps in (0, -1e-5, NAN, INF)),
        *(("norm_eps", eps, TypeError) for eps in ("1e-5", None, True)),
        *(("init_std", std, ValueError) for std in (0, -1e-5, NAN, INF)),
        *(("init_std", std, TypeError) for std in ("0.02", True)),
        *(("n_segments", n, ValueError) for n in (-1,)),
        *(("n_segments", n, TypeError) for n in (2.0, None, True)),
        *((name, 1, TypeError) for name in ("norm_first", "bias")),
        *((name, "yes", TypeError) for name in ("scale_embeddings", "tie_embeddings")),
        *(("activation", name, ValueError) for name in ("GELU", "", None, 3, ["relu"])),
        *(("positions", name, ValueError) for name in ("rotatory", "", None, 3)),
    ],
)
def test_case_30_choices(refused, name, wrong, error):
    with refused(error, f"Config: {name} must be", str(wrong)):
        Config(**SIZES, **{name: wrong})
