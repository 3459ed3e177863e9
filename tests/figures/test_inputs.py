"""Figures take what is plainly meant, and name what is not; a reader's own settings change none."""

import matplotlib as mpl
import numpy as np
import pytest
import torch

from attention_book import GPT, Config, figures, record
from attention_book.figures.inputs import array, place, text, texts
from attention_book.figures.numbers import number
from attention_book.figures.slider import training
from tests.figures.samples import CAUSAL, MAKERS, SCORES, WORDS, K, Q, random_heads

WEIGHTS = random_heads()
OTHER_LOOK = {
    "axes.facecolor": "yellow",
    "axes.grid": True,
    "figure.dpi": 30,
    "font.family": ["serif"],
    "font.size": 30,
    "image.origin": "lower",
    "image.cmap": "hot",
    "lines.linewidth": 9,
    "savefig.bbox": "tight",
    "text.usetex": True,
}
FORMS = {
    "gradient": lambda x: torch.tensor(np.asarray(x, float), requires_grad=True),
    "list of tensors": lambda x: [torch.tensor(np.asarray(row, float)) for row in x],
    "list of NumPy scalars": lambda x: [[np.float64(v) for v in row] for row in x],
}
DRAWN = {
    "heatmap": lambda form: figures.heatmap(form(WEIGHTS[0]), WORDS, mask=torch.tensor(CAUSAL)),
    "heads": lambda form: figures.heads([form(w) for w in WEIGHTS], WORDS),
    "attention_map": lambda form: figures.attention_map([form(w) for w in WEIGHTS], WORDS),
    "mask_painter": lambda form: figures.mask_painter(WORDS, form(SCORES)),
    "matrix_view": lambda form: figures.matrix_view(form(Q), form(K), WORDS),
    "attention_steps": lambda form: figures.attention_steps(Q[0], form(K), form(Q), WORDS),
    "history": lambda form: figures.history(range(4), {"loss": form(SCORES)[0]}),
    "training": lambda form: training(range(3), form(SCORES[:1, :3])[0], WEIGHTS, WORDS),
}
STATIC = [
    lambda: figures.heatmap(WEIGHTS[0], WORDS),
    lambda: figures.heads(WEIGHTS, WORDS),
    lambda: figures.mask(CAUSAL, WORDS),
    lambda: figures.history(range(4), {"loss": SCORES[0]}),
]


def same(x):
    return x


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_the_same_numbers_in_another_form_are_the_same_figure(draw, form):
    assert repr(draw(form)) == repr(draw(same))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("draw", [figures.heatmap, figures.attention_map, figures.heads])
def test_weights_that_were_recorded_are_drawn(draw, dtype):
    model = GPT(Config(vocab_size=9, max_len=8, d_model=8, n_heads=2, n_layers=1)).to(dtype).eval()
    ids = torch.tensor([[1, 2, 3]])
    with record(model) as values:
        model(ids)
    [heads] = values["blocks.0.attention.weights"][0]
    assert heads.requires_grad
    figure = draw(heads if draw is figures.heads else heads[0], ids[0])
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert all(label in repr(figure).split() for label in "123")


@pytest.mark.parametrize("draw", [figures.heatmap, figures.attention_map, figures.heads])
@pytest.mark.parametrize(
    "bad, message",
    [
        ([[]], "keys are empty, expected at least one"),
        ([[0.1], [0.2, 0.3]], "weights must be numbers in rows of one length"),
        ([["a"]], "weights must be numbers"),
    ],
)
def test_weights_that_mean_nothing_are_refused_by_name(draw, bad, message):
    with pytest.raises(ValueError, match=f"^{draw.__name__}: {message}"):
        draw(bad, "q" * len(bad), "k" * len(bad[0]))


@pytest.mark.parametrize(
    "draw, message",
    [
        (
            lambda: figures.attention_map(WEIGHTS, WORDS, word="orbit"),
            "word is 'orbit', expected",
        ),
        (lambda: figures.attention_map(WEIGHTS, WORDS, word=4), "word is 4, .* from 0 to 3"),
        (lambda: figures.attention_map(WEIGHTS, WORDS, head=9), "attention_map: head is 9"),
        (lambda: figures.matrix_view(Q, K, WORDS, query=-5), "matrix_view: query is -5"),
        (lambda: figures.mask_painter(WORDS, chosen=("x", "none")), "mask_painter: chosen is 'x'"),
        (lambda: figures.mask_painter([]), "mask_painter: words are empty"),
        (lambda: figures.stepper([], []), "stepper: steps are empty"),
        (lambda: figures.tokens_cut([["a"]], chosen=1), "tokens_cut: chosen is 1"),
        (
            lambda: figures.attention_steps([1], [["a"]], [[1]], "a"),
            "attention_steps: keys",
        ),
    ],
)
def test_a_choice_that_is_not_there_is_refused_by_name(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_labels_may_be_numbers():
    assert text(np.int64(3)) == text(torch.tensor(3)) == text(3) == "3"
    assert texts(torch.tensor([5, 7]), "ids") == ["5", "7"]
    assert number([torch.tensor(1.0, requires_grad=True), torch.tensor(0.5)]) == "1 0.500"


def test_places_are_counted_as_python_counts():
    assert [place("abc", chosen, "x") for chosen in (0, -1, "b", np.int64(2))] == [0, 2, 1, 2]


def test_numbers_of_half_precision_are_exact():
    half = torch.tensor([[0.1, 0.2]], dtype=torch.bfloat16)
    assert array(half, "x").tolist() == half.double().tolist()


@pytest.mark.parametrize("make", [*STATIC, *(make for make in MAKERS)])
def test_case_64_a_readers_own_matplotlibrc_changes_no_picture(make):
    before = make()._repr_png_()
    with mpl.rc_context(OTHER_LOOK):
        assert make()._repr_png_() == before
        assert mpl.rcParams["axes.facecolor"] == "yellow"
