from dataclasses import FrozenInstanceError, asdict, replace

import pytest

from attention_book import Config
from attention_book.config import ACTIVATIONS as ACTIVATION_NAMES
from attention_book.config import POSITIONS as POSITION_NAMES
from attention_book.layers import ACTIVATIONS
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


def test_fields_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Config(10, 8, 12, 3, 2)


def test_every_named_choice_exists():
    assert tuple(ACTIVATIONS) == ACTIVATION_NAMES
    assert tuple(POSITIONS) == POSITION_NAMES


@pytest.mark.bad_input
@pytest.mark.parametrize("name", [*SIZES, "d_ff"])
@pytest.mark.parametrize("wrong", [0, -3, 12.0, True, "12"])
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
        *(("n_segments", n, ValueError) for n in (-1,)),
        *(("n_segments", n, TypeError) for n in (2.0, None, True)),
        *((name, 1, TypeError) for name in ("norm_first", "bias")),
        *((name, "yes", TypeError) for name in ("scale_embeddings", "tie_embeddings")),
        *(("activation", name, ValueError) for name in ("GELU", "", None, 3, ["relu"])),
        *(("positions", name, ValueError) for name in ("rotary", "", None, 3)),
    ],
)
def test_case_30_choices(refused, name, wrong, error):
    with refused(error, f"Config: {name} must be", str(wrong)):
        Config(**SIZES, **{name: wrong})
