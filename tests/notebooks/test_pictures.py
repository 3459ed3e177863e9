"""Pictures of training may stray by a hair and no more; all others are the same."""

from base64 import b64encode
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebooks.fresh import trained
from tests.notebooks.pictures import alike, same

COLORS = "#007a59", "#0072b2", "#b34e00"
LOOKS = "-", ":", "--"
NAMES = "pre-norm", "post-norm", "no norm"


def losses(seed=0, rate=0.02):
    """What three trainings of 300 steps may look like: noise about a decay."""
    noise = np.random.default_rng(seed).normal(size=(3, 300))
    decay = np.exp(-rate * np.arange(300) * np.array([[1], [0.5], [0.1]]))
    return 2.3 * decay * (1 + 0.04 * noise) + 0.1


def drawn(curves, colors=COLORS, looks=LOOKS, names=NAMES, top=3):
    """The PNG that a cell shows of the curves."""
    figure = Figure(figsize=(6, 3), dpi=144, layout="constrained")
    axes = figure.subplots()
    for curve, color, look, name in zip(curves, colors, looks, names, strict=False):
        axes.plot(curve, look, color=color, label=name)
    axes.set(xlabel="step", ylabel="loss", ylim=(0, top))
    axes.legend()
    file = BytesIO()
    figure.savefig(file)
    return b64encode(file.getvalue()).decode()


COMMITTED = losses()
JITTER = 8e-4 * np.random.default_rng(7).uniform(-1, 1, COMMITTED.shape)
ANOTHER_PROCESSOR = {
    "last bits": COMMITTED * (1 + 1e-7),
    "all steps, absolute": COMMITTED + JITTER,
    "all steps, relative": COMMITTED * (1 + JITTER),
    "drifting apart": COMMITTED * (1 + 0.01 * np.linspace(0, 1, 300) ** 2),
    "one spike": COMMITTED + 0.1 * (np.arange(300) == 200),
}
ANOTHER_PICTURE = {
    "seed": drawn(losses(seed=1)),
    "seed of one curve": drawn([*COMMITTED[:2], losses(seed=1)[2]]),
    "rate": drawn(losses(rate=0.022)),
    "missing curve": drawn(COMMITTED[:2]),
    "swapped colors": drawn(COMMITTED, colors=COLORS[::-1]),
    "other dashes": drawn(COMMITTED, looks=["-", "--", ":"]),
    "longer axis": drawn(COMMITTED, top=3.1),
    "shifted by three steps": drawn(COMMITTED[:, 3:]),
    "a higher loss": drawn(COMMITTED + 0.05),
}


@pytest.mark.parametrize("name", ANOTHER_PROCESSOR)
def test_a_picture_from_another_processor_is_alike(name):
    assert alike(drawn(COMMITTED), drawn(ANOTHER_PROCESSOR[name]))


@pytest.mark.parametrize("name", ANOTHER_PICTURE)
def test_another_picture_is_not(name):
    assert not alike(drawn(COMMITTED), ANOTHER_PICTURE[name])


def test_what_was_not_trained_must_be_the_same():
    committed = drawn(COMMITTED)
    assert same(committed, drawn(COMMITTED * (1 + 1e-7)))
    assert not same(committed, drawn(COMMITTED + JITTER))
    assert not same(committed, drawn(COMMITTED, names=["pre-norm", "past-norm", "no norm"]))


def test_pictures_of_other_sizes_are_neither():
    smaller = BytesIO()
    Figure(figsize=(1, 1)).savefig(smaller)
    other = b64encode(smaller.getvalue()).decode()
    assert not same(drawn(COMMITTED), other)
    assert not alike(drawn(COMMITTED), other)


@pytest.mark.parametrize("call", ["fit(model, task, 60)", "loss.backward()"])
def test_trained_is_what_comes_after_a_training(call):
    cells = [new_code_cell(source) for source in ("best_fit(x)", f"x = {call}", "plot(x)")]
    notebook = SimpleNamespace(nb=new_notebook(cells=cells))
    items = [SimpleNamespace(parent=notebook, cell_num=i) for i in range(3)]
    assert [trained(item) for item in items] == [False, True, True]
