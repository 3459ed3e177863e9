"""One neuron of a feed-forward layer: a line, bent by its activation."""

import altair as alt
import numpy as np

from ..style import SERIES
from .chart import WIDTH, SliderFigure

TITLE = "A neuron is a line that its activation bends"
HINT = "set the weight to 0. What can the neuron still say about its input?"
ANSWER = "Nothing. With weight 0 the line lies flat, and the output is the same for every input."
ROOT = np.sqrt(2 / np.pi)
LINE = "(weight*datum.input + bias)"
CURVE = f"{ROOT:.6f}*({LINE} + 0.044715*pow({LINE}, 3))"
OUTPUT = f"activation == 'ReLU' ? max(0, {LINE}) : {LINE}*(1 - 1/(exp(2*{CURVE}) + 1))"


def neuron():
    """Input against output of one neuron, with sliders for weight and bias, and its activation."""
    slider = {"min": -3, "max": 3, "step": 0.1}
    weight = alt.param("weight", value=1, bind=alt.binding_range(name="weight ", **slider))
    bias = alt.param("bias", value=0, bind=alt.binding_range(name="bias ", **slider))
    kinds = alt.binding_select(options=["GELU", "ReLU"], name="activation ")
    activation = alt.param("activation", value="GELU", bind=kinds)
    chart = (
        alt
        .Chart(alt.sequence(-3, 3.05, 0.1, as_="input"), width=WIDTH, height=200)
        .transform_calculate(line=LINE, output=OUTPUT)
        .transform_fold(["line", "output"], as_=["stage", "value"])
        .mark_line(clip=True)
        .encode(
            x=alt.X("input:Q", scale=alt.Scale(domain=[-3, 3])),
            y=alt.Y("value:Q", scale=alt.Scale(domain=[-2, 3])),
            color=alt.Color("stage:N", scale=alt.Scale(range=SERIES[1::-1])),
            strokeDash=alt.StrokeDash("stage:N", scale=alt.Scale(range=[[6, 4], [1, 0]])),
        )
        .add_params(weight, bias, activation)
    )
    inputs = np.arange(-2, 3)
    rows = [["line", *inputs], ["ReLU", *np.maximum(0, inputs)], ["GELU", *gelu(inputs)]]
    return SliderFigure(chart, TITLE, HINT, ANSWER, [f"input {n}" for n in inputs], rows)


def gelu(x):
    """GELU in the form that GPT-2 uses, with a hyperbolic tangent."""
    return x / 2 * (1 + np.tanh(ROOT * (x + 0.044715 * x**3)))
