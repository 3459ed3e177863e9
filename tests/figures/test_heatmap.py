import io
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from attention_book.figures import heatmap, style

WORDS = "robot must obey orders".split()
WEIGHTS = np.array([
    [1, 0, 0, 0],
    [0.48, 0.52, 0, 0],
    [0.31, 0.35, 0.34, 0],
    [0.25, 0.26, 0.23, 0.26],
])
CAUSAL = np.tril(np.ones((4, 4), bool))
HOSTILE = ["$$", "$x^2$", "<b>&amp;", "\u202eabc", "\N{ROBOT FACE}", "机器人", "a\x00b", "\n", ""]


def picture(chart):
    return imread(io.BytesIO(chart._repr_png_()))


def test_text_carries_the_numbers_and_hides_masked_cells():
    lines = repr(heatmap(WEIGHTS, WORDS, mask=CAUSAL)).splitlines()
    assert lines[0].split() == ["query", "\\", "key", *WORDS]
    assert lines[2].split() == ["must", "0.48", "0.52", "·", "·"]
    assert lines[4].split() == ["orders", "0.25", "0.26", "0.23", "0.26"]


def test_the_picture_follows_the_weights():
    assert np.array_equal(picture(heatmap(WEIGHTS, WORDS)), picture(heatmap(WEIGHTS, WORDS)))
    assert not np.array_equal(picture(heatmap(WEIGHTS, WORDS)), picture(heatmap(WEIGHTS.T, WORDS)))


def test_masked_cells_are_hatched_not_only_pale():
    masked, zero = (picture(heatmap(WEIGHTS, WORDS, mask=m)) for m in (CAUSAL, None))
    assert not np.array_equal(masked, zero)
    axes = heatmap(WEIGHTS, WORDS, mask=CAUSAL).figure().axes[0]
    assert [p.get_hatch() for p in axes.patches] == ["///"] * 6


def test_the_scale_is_always_zero_to_one_with_queries_down_and_keys_across():
    axes = heatmap(WEIGHTS[2:] / 2, ["a", "b"], WORDS).figure().axes[0]
    assert axes.images[0].get_clim() == (0, 1)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["a", "b"]
    assert [t.get_text() for t in axes.get_xticklabels()] == WORDS
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("query", "key")


@pytest.mark.parametrize("columns, bars", [(12, 0), (13, 1)])
def test_wide_matrices_have_a_color_bar_instead_of_numbers(columns, bars):
    figure = heatmap(np.full((1, columns), 0.1), ["q"], list("abcdefghijklm"[:columns])).figure()
    assert len(figure.axes) == 1 + bars
    assert bool(figure.axes[0].texts) != bool(bars)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_case_54_hostile_labels_draw_without_a_warning(hostile):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heatmap(np.eye(2), [hostile, "b"], title=hostile)._repr_png_()


def test_labels_keep_what_the_font_draws_and_square_the_rest():
    assert style.label("café $$ <s> Ω") == "café $$ <s> Ω"
    assert style.label("机\u202e\N{ROBOT FACE}\n") == style.MISSING * 4


@pytest.mark.parametrize("name", ["query", "key", "value"])
def test_colors_are_those_of_the_pages(name):
    light = re.search(f"--{name}: (#......);", Path("_static/book.css").read_text("utf-8"))
    assert light.group(1) == getattr(style, name.upper())


@pytest.mark.parametrize("color", [style.QUERY, style.KEY, style.VALUE, style.INK])
def test_colors_pass_contrast_on_paper(color):
    def luminance(code):
        channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return np.dot(linear, [0.2126, 0.7152, 0.0722])

    assert (luminance(style.PAPER) + 0.05) / (luminance(color) + 0.05) >= 4.5


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"2 queries and 3 keys .* shape \(2, 3\), got \(2, 2\)"):
        heatmap(np.eye(2), "ab", "abc")
    with pytest.raises(ValueError, match=r"got \(1, 1, 2, 2\); choose one head of one sentence"):
        heatmap(np.eye(2)[None, None], "ab")
    with pytest.raises(ValueError, match=r"mask must be bool of shape \(2, 2\), got bool of"):
        heatmap(np.eye(2), "ab", mask=np.ones((2, 3), bool))


@pytest.mark.parametrize("wrong", [-0.1, 1.1, np.nan])
def test_scores_are_refused(wrong):
    with pytest.raises(ValueError, match="apply softmax to scores first"):
        heatmap([[wrong]], "a")
