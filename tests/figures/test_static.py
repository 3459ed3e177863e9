import io
import re

import numpy as np
import pytest
from matplotlib.image import imread

from attention_book.figures import heads, history, mask
from attention_book.figures.drawing import HATCH, Drawing
from tests.figures.samples import CAUSAL, HOSTILE, WORDS, random_heads

STEPS = range(0, 100, 10)
CURVES = {"loss": np.linspace(2, 0.5, 10), "accuracy": np.linspace(0.25, 1, 10)}


def picture(chart):
    return imread(io.BytesIO(chart._repr_png_()))


@pytest.fixture(params=["heads", "mask", "history"])
def chart(request):
    if request.param == "heads":
        return heads(random_heads(5), WORDS, mask=CAUSAL)
    return mask(CAUSAL, WORDS) if request.param == "mask" else history(STEPS, CURVES)


def test_pictures_are_the_same_on_every_run(chart):
    assert np.array_equal(picture(chart), picture(chart))


def test_heads_share_the_scale_and_say_every_number():
    weights = random_heads(5)
    chart = heads(weights, WORDS)
    assert [axes.images[0].get_clim() for axes in chart.figure().axes[:5]] == [(0, 1)] * 5
    assert len(chart.figure().axes) == 8
    numbers = [float(n) for n in re.findall(r"\d\.\d\d", repr(chart))]
    assert numbers == weights.round(2).ravel().tolist()


def test_the_picture_follows_the_weights():
    charts = [heads(random_heads(2, spread=spread), WORDS) for spread in (1, 2)]
    assert not np.array_equal(*map(picture, charts))


def test_a_mask_marks_what_is_open_and_hatches_the_rest():
    axes = mask(CAUSAL, WORDS).figure().axes[0]
    assert [t.get_text() for t in axes.texts] == ["✓"] * 10
    assert [p.get_hatch() for p in axes.patches].count("///") == 6
    rows = [line.split()[1:] for line in repr(mask(CAUSAL, WORDS)).splitlines()[1:]]
    assert [[cell == "1" for cell in row] for row in rows] == CAUSAL.tolist()


def test_curves_differ_in_more_than_color_and_start_at_zero():
    axes = history(STEPS, CURVES).figure().axes[0]
    assert len({line.get_linestyle() for line in axes.lines}) == 2
    assert len({line.get_marker() for line in axes.lines}) == 2
    assert axes.get_ylim()[0] == 0
    assert repr(history(STEPS, CURVES)).splitlines() == [
        "loss: 2.00 at step 0, 0.50 at step 90",
        "accuracy: 0.25 at step 0, 1.00 at step 90",
    ]


def test_names_of_curves_that_end_together_stand_apart():
    ends = {"a": 0.70, "b": 0.72, "c": 0.77, "far": 1.0}
    curves = {name: [1, end] for name, end in ends.items()}
    axes = history([0, 1], curves, lowest=0.6).figure().axes[0]
    assert axes.get_ylim()[0] == 0.6
    places = [label.xy[1] for label in sorted(axes.texts, key=lambda label: label.get_text())]
    assert (places[0], places[-1]) == (0.70, 1.0)
    assert np.diff(places).min() >= np.diff(axes.get_ylim())[0] / 11 - 1e-9


def test_case_54_hostile_labels_draw_without_a_warning():
    for label in HOSTILE[::10]:
        heads(random_heads(1, 2), [label, "b"], names=[label])._repr_png_()
        mask(CAUSAL, [label, "b", "c", "d"], title=label)._repr_png_()
        history([0, 1], {label: [1, 2]}, title=label)._repr_png_()


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: heads(np.eye(2), "ab"), r"expected weights \(H, Tq, Tk\)"),
        (lambda: heads(np.ones((2, 1, 1)), "a", names=["one"]), "1 names"),
        (lambda: mask(np.eye(2), "ab"), r"write mask\.bool\(\)"),
        (lambda: mask(CAUSAL, "ab"), "mask: 2 queries and 2 keys"),
        (lambda: heads(np.eye(2)[None], "abc"), "heads: 3 queries and 3 keys"),
        (lambda: heads(np.eye(2)[None], "ab", mask=np.eye(2)), "heads: mask must be bool"),
        (lambda: history([0, 1], {"loss": [1]}), "2 values of 'loss'"),
        (lambda: history([], {}), "history: steps are empty"),
    ],
)
def test_what_does_not_fit_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_drawing_is_the_same_as_svg_and_as_png():
    drawing = Drawing(40, 20)
    drawing.box(0, 0, 20, 20, "#ff0000")
    drawing.box(20, 0, 20, 20, HATCH)
    drawing.text(30, 10, "<b>")
    assert "<path d='M0 10h20' stroke='#ff0000' stroke-width='20'/>" in drawing.svg()
    assert "stroke='url(#hatch)'" in drawing.svg()
    assert "&lt;b&gt;</text>" in drawing.svg()
    pixels = imread(io.BytesIO(drawing.png()))
    assert pixels.shape[:2] == (30, 60)
    assert pixels[15, 15, :3].tolist() == [1, 0, 0]
    assert len(np.unique(pixels[:, 32:, 0])) > 2
