import base64
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import vl_convert

from attention_book.figures import slider
from attention_book.figures.slider import neuron, softmax, training
from attention_book.figures.slider.chart import FONT, VEGA_LITE, VERSION
from attention_book.figures.style import INK, PAPER
from tests.figures.samples import WORDS, random_heads

STEPS = [0, 10, 20]
LOSSES = [1.5, 0.7, 0.2]


def replay(words=WORDS):
    return training(STEPS, LOSSES, random_heads(), words)


MAKERS = [softmax, neuron, replay]


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request):
    return request.param


def numbers(figure):
    """The numbers of a figure's text, row by row, without the rows' names."""
    text = repr(figure).replace("−", "-").split("\n", 2)[2]
    width = len(figure.columns)
    return np.array([[float(n) for n in line.split()[-width:]] for line in text.splitlines()])


def test_a_notebook_gets_chart_picture_and_text(make):
    bundle = make()._repr_mimebundle_()
    assert set(bundle) == {VEGA_LITE, "image/png", "text/plain"}
    assert bundle["text/plain"] == repr(make())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle[VEGA_LITE]["$schema"].endswith("/vega-lite/v5.json")


def test_in_a_notebook_the_chart_says_all_in_ink_on_paper(make):
    spec = make()._repr_mimebundle_()[VEGA_LITE]
    assert spec["title"]["text"] == make().title
    assert " ".join(spec["title"]["subtitle"]) == f"Try this: {make().hint}"
    assert spec.get("width") != "container"
    look = spec["config"]
    assert look["background"] == PAPER
    words = [look["style"][guide]["fill"] for guide in ("guide-label", "guide-title")]
    assert {*words, look["title"]["color"], look["title"]["subtitleColor"]} == {INK}


def test_the_same_call_gives_the_same_chart(make):
    assert make().spec() == make().spec()


def test_every_control_is_native_and_named(make):
    bound = [p["bind"] for p in make().spec()["params"] if "bind" in p]
    assert bound
    assert all(bind["input"] in ("range", "checkbox", "select") and bind["name"] for bind in bound)


def test_nothing_is_fetched(make):
    spec = json.dumps({k: v for k, v in make().spec().items() if k != "$schema"})
    assert "http" not in spec
    assert '"url"' not in spec


def test_colab_gets_altairs_own_page(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    bundle = make()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "vegaEmbed" in bundle["text/html"]


def test_softmax_numbers_are_pytorchs():
    agreement = torch.tensor([1.1, 0.6, 0.2, -0.2, -0.6, -1.1], dtype=torch.float64)
    scores = [agreement * d**0.5 for d in (1, 64, 512)] + [agreement] * 3
    expected = torch.stack([torch.softmax(s, 0) for s in scores]).numpy()
    assert np.abs(numbers(softmax()) - expected).max() <= 5.001e-4


def test_neuron_numbers_are_pytorchs():
    x = torch.arange(-2.0, 3.0, dtype=torch.float64)
    gelu = torch.nn.functional.gelu(x, approximate="tanh")
    expected = torch.stack([x, torch.relu(x), gelu]).numpy()
    assert np.abs(numbers(neuron()) - expected).max() <= 5.001e-4


def test_replay_says_the_loss_of_every_saved_step():
    assert [line.split()[-1] for line in repr(replay()).splitlines()[2:]] == [
        "1.50",
        "0.70",
        "0.20",
    ]


@pytest.mark.parametrize("losses, words", [(LOSSES[:2], WORDS), (LOSSES, WORDS[:2])])
def test_a_replay_that_does_not_fit_is_refused(losses, words):
    with pytest.raises(ValueError, match="training: 3 steps and"):
        training(STEPS, losses, random_heads(), words)


def test_a_replay_of_uneven_steps_is_refused():
    with pytest.raises(ValueError, match=r"expected steps at equal distances, got \[0, 10, 30\]"):
        training([0, 10, 30], LOSSES, random_heads(), WORDS)


def test_only_the_sliders_load_altair():
    code = "import sys, attention_book.figures; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"altair", "vl_convert"} & set(done.stdout.split())
    assert slider.__name__ in sys.modules
    assert {"altair", "vl_convert"} <= set(sys.modules)


def test_the_picture_is_written_in_a_font_that_comes_along(make):
    spec = make().spec()
    picture = base64.b64decode(make()._repr_mimebundle_()["image/png"])
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, config={"font": FONT})
    assert 'font-family="Book Sans"' in svg
    assert picture == vl_convert.svg_to_png(svg)
    assert picture != vl_convert.vegalite_to_png(spec, vl_version=VERSION)
