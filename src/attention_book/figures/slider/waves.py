"""The two waves of one pair of a sinusoidal position code."""

import altair as alt
import numpy as np

from ..style import SERIES
from .chart import WIDTH, SliderFigure

TITLE = "Each pair of a position's code is a sine and a cosine of one speed"
HINT = "move the pair from 0 up. At which pair can you still tell position 1 from position 2?"
ANSWER = (
    "By eye, up to pair 2 or 3. The numbers differ at every pair, but at pair 4 the sines of "
    "positions 1 and 2 are 0.01 and 0.02. The slow pairs tell far positions apart instead."
)


def waves(n_positions=64, d_model=16):
    """Sine and cosine of one pair over the positions, with sliders for position and pair."""
    last, pairs = n_positions - 1, d_model // 2
    place = alt.binding_range(min=0, max=last, step=1, name="position ")
    position = alt.param("position", value=5, bind=place)
    which = alt.binding_range(min=0, max=pairs - 1, step=1, name="pair ")
    pair = alt.param("pair", value=1, bind=which)
    angle = f"datum.at/pow(10000, 2*pair/{d_model})"
    base = (
        alt
        .Chart(alt.sequence(0, n_positions, 0.25, as_="at"), width=WIDTH, height=200)
        .transform_calculate(sine=f"sin({angle})", cosine=f"cos({angle})")
        .transform_fold(["sine", "cosine"], as_=["wave", "value"])
        .encode(
            x=alt.X("at:Q", title="position", scale=alt.Scale(domain=[0, last], nice=False)),
            y=alt.Y("value:Q", title="value", scale=alt.Scale(domain=[-1, 1])),
        )
    )
    color, dash = alt.Color("wave:N", scale=alt.Scale(range=SERIES[:2])), "wave:N"
    curves = base.mark_line().encode(color=color, strokeDash=dash)
    now = base.transform_filter("datum.at == position").encode(color=color.legend(None))
    points = now.mark_point(filled=True, size=120, opacity=1)
    chart = (curves + points).add_params(position, pair)
    columns = [f"pair {i}" for i in range(pairs)]
    rows = [
        [f"position {p}, {name}", *wave(angles(p, d_model))]
        for p in (0, 1, 5)
        for name, wave in (("sine", np.sin), ("cosine", np.cos))
    ]
    return SliderFigure(chart, TITLE, HINT, ANSWER, columns, rows)


def angles(position, d_model):
    """The angle of each pair at this position."""
    return position / 10000 ** (2 * np.arange(d_model // 2) / d_model)
