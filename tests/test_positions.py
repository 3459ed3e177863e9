import math

import numpy as np
import pytest
import torch

from attention_book import (
    LearnedPositions,
    NoPositions,
    SinusoidalPositions,
    checks,
    sinusoidal,
    sinusoidal_concatenated,
)

F64 = torch.float64
LAYOUTS = pytest.mark.parametrize("code", [sinusoidal, sinusoidal_concatenated])
TABLES = pytest.mark.parametrize("table", [LearnedPositions, SinusoidalPositions, NoPositions])


def test_the_formula_number_by_number():
    codes = sinusoidal(50, 6, F64)
    for p in range(50):
        for i in range(3):
            angle = p / 10000 ** (2 * i / 6)
            assert codes[p, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-14)
            assert codes[p, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-14)


def test_the_two_layouts_are_a_permutation():
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    assert torch.equal(sinusoidal(20, 8)[:, order], sinusoidal_concatenated(20, 8))
    assert not torch.equal(sinusoidal(20, 8), sinusoidal_concatenated(20, 8))


@pytest.mark.parametrize("k", [1, 7, 50])
def test_moving_on_is_one_rotation_for_all_places(k):
    codes, d = sinusoidal(100 + k, 16, F64), 16
    rotation = torch.zeros(d, d, dtype=F64)
    for i in range(0, d, 2):
        angle = k / 10000 ** (i / d)
        c, s = math.cos(angle), math.sin(angle)
        rotation[i : i + 2, i : i + 2] = torch.tensor([[c, s], [-s, c]], dtype=F64)
    checks.same(codes[k:], codes[:100] @ rotation.T, 3e-14)


@LAYOUTS
def test_dot_products_depend_on_the_distance_only(code):
    codes = code(64, 16, F64)
    dots = codes @ codes.T
    checks.same(dots[1:, 1:], dots[:-1, :-1], 1e-13)
    assert dots[0, 0] > dots[0, 1:].max()


@LAYOUTS
def test_case_38_the_default_dtype_or_the_one_asked_for(code):
    assert code(3, 4).dtype == torch.get_default_dtype()
    assert code(3, 4, torch.float16).dtype == torch.float16
    assert torch.equal(code(900, 4), code(900, 4, F64).float())


@LAYOUTS
def test_case_24_no_places(code):
    assert code(0, 4).shape == (0, 4)


@TABLES
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_a_place_is_looked_up(table, dtype):
    positions = table(9, 4)
    places = torch.tensor([[0, 8], [3, 3]], dtype=dtype)
    assert torch.equal(positions(places), positions.codes[places.long()])
    assert positions(places[:, :0]).shape == (2, 0, 4)


def test_what_the_tables_hold():
    assert torch.equal(SinusoidalPositions(9, 4).codes, sinusoidal(9, 4))
    assert not NoPositions(9, 4).codes.any()
    assert LearnedPositions(900, 40).codes.std().item() == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize(
    "table, saved, trained",
    [(LearnedPositions, 1, 1), (SinusoidalPositions, 0, 0), (NoPositions, 0, 0)],
)
def test_only_learned_codes_are_trained_and_saved(table, saved, trained):
    positions = table(9, 4)
    assert len(positions.state_dict()) == saved
    assert len(list(positions.parameters())) == trained


def test_gradients_reach_the_places_used():
    positions = LearnedPositions(4, 2)
    positions(torch.tensor([1, 1, 3])).sum().backward()
    assert positions.codes.grad[:, 0].tolist() == [0, 2, 0, 1]


@pytest.mark.bad_input  # of no bad kind: the signatures say int
@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.array, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    for code in (sinusoidal, sinusoidal_concatenated):
        assert torch.equal(code(kind(3), kind(4)), code(3, 4))
    for table in (LearnedPositions, SinusoidalPositions, NoPositions):
        assert table(kind(3), kind(4)).codes.shape == (3, 4)


@TABLES
def test_case_63_places_are_sized_without_memory(table):
    positions = table(9, 4).to("meta")
    assert positions(torch.zeros(2, 3, dtype=torch.long, device="meta")).shape == (2, 3, 4)


@pytest.mark.bad_input
@LAYOUTS
@pytest.mark.parametrize(
    "n, d_model, error, words",
    [
        (-1, 4, ValueError, "n must be at least 0"),
        (2.0, 4, TypeError, "n must be an int"),
        (True, 4, TypeError, "n must be an int"),
        (2, 0, ValueError, "d_model must be at least 2"),
        (2, -2, ValueError, "d_model must be at least 2"),
        (2, 5, ValueError, "d_model must be even"),
        (2, 4.0, TypeError, "d_model must be an int"),
    ],
)
def test_case_19_sizes_of_codes(refused, code, n, d_model, error, words):
    with refused(error, f"{code.__name__}: {words}"):
        code(n, d_model)


@pytest.mark.bad_input
@LAYOUTS
@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, float, "float32"])
def test_case_20_codes_in_no_float_type(refused, code, dtype):
    with refused(TypeError, f"{code.__name__}: dtype must be", str(dtype)):
        code(3, 4, dtype)


@pytest.mark.bad_input
@TABLES
@pytest.mark.parametrize("name", ["max_len", "d_model"])
@pytest.mark.parametrize("wrong", [0, -1, 2.0, True])
def test_case_19_sizes_of_tables(refused, table, name, wrong):
    error = ValueError if wrong in (0, -1) else TypeError
    with refused(error, f"{table.__name__}: {name} must be", str(wrong)):
        table(**{"max_len": 4, "d_model": 4} | {name: wrong})


@pytest.mark.bad_input
def test_case_19_an_odd_width(refused):
    with refused(ValueError, "SinusoidalPositions: d_model must be even"):
        SinusoidalPositions(4, 5)


@pytest.mark.bad_input
@TABLES
@pytest.mark.parametrize("wrong", [-1, 4, 10**9])
def test_case_32_a_place_outside(table, wrong):
    positions, places = table(4, 6), torch.tensor([[0, 1], [3, wrong]])
    with pytest.raises(IndexError, match=rf"{table.__name__}: places\[1, 1\] is {wrong}.*is 4"):
        positions(places)


@pytest.mark.bad_input
@TABLES
@pytest.mark.parametrize("dtype", [torch.float32, torch.bool, torch.uint8, torch.complex64])
def test_case_31_places_that_are_no_whole_numbers(refused, table, dtype):
    positions, places = table(4, 6), torch.zeros(2, dtype=dtype)
    with refused(TypeError, f"{table.__name__}: places must hold int64 or int32", str(dtype)):
        positions(places)


@pytest.mark.bad_input
@TABLES
@pytest.mark.parametrize("places", [3, [0, 1], None])
def test_case_31_places_that_are_no_tensor(refused, table, places):
    positions = table(4, 6)
    with refused(TypeError, f"{table.__name__}: places must be a torch.Tensor"):
        positions(places)
