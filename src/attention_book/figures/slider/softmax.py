"""Softmax of six scores against the key width, the scaling and the temperature."""

import altair as alt
import numpy as np

from ..style import BAR
from .chart import WIDTH, SliderFigure

WORDS = "robot a it orders must the".split()
AGREEMENT = np.array([1.1, 0.6, 0.2, -0.2, -0.6, -1.1])  # dot products at width 1
TITLE = "Wide keys make softmax choose one; the division by √d keeps the shares"
HINT = "tick the box, then move d. Then untick it, and try to undo the harm with the temperature."
ANSWER = (
    "Ticked, the shares stand still at every d. Unticked, the temperature must be √d to undo it: 4 "
    "does for d = 16, and at d = 512 it would have to be 22.6, far beyond the slider."
)


def softmax():
    """The shares of six words with sliders for the key width d and the temperature.

    A dot product of d independent terms spreads as √d; the box divides it by √d.
    """
    width = alt.param("d", value=64, bind=alt.binding_range(min=1, max=512, step=1, name="d "))
    scaled = alt.param("scaled", value=False, bind=alt.binding_checkbox(name="divide by √d "))
    slider = alt.binding_range(min=0.2, max=4, step=0.1, name="temperature ")
    temperature = alt.param("temperature", value=1, bind=slider)
    data = [{"word": w, "agreement": z} for w, z in zip(WORDS, AGREEMENT.tolist(), strict=True)]
    chart = (
        alt
        .Chart(alt.Data(values=data), width=WIDTH, height=200)
        .transform_calculate(power="exp(datum.agreement*(scaled ? 1 : sqrt(d))/temperature)")
        .transform_joinaggregate(total="sum(power)")
        .transform_calculate(share="datum.power/datum.total")
        .mark_bar(color=BAR)
        .encode(
            x=alt.X("word:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title="share", scale=alt.Scale(domain=[0, 1])),
        )
        .add_params(width, scaled, temperature)
    )
    rows = [
        [f"d = {d}, {'divided' if divided else 'not divided'}", *shares(d, divided)]
        for divided in (False, True)
        for d in (1, 64, 512)
    ]
    return SliderFigure(chart, TITLE, HINT, ANSWER, WORDS, rows)


def shares(d, divided, temperature=1.0):
    """The six shares that the chart shows at this setting."""
    powers = np.exp(AGREEMENT * (1 if divided else np.sqrt(d)) / temperature)
    return powers / powers.sum()
