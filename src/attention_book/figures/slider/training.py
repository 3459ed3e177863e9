"""Training, replayed: the weights at each saved step, beside the loss."""

import altair as alt
import numpy as np

from .. import inputs
from ..labels import plain
from ..shares import weights_of
from ..style import SERIES
from .chart import SliderFigure

BLUES = ["#f7fbff", "#6baed6", "#08306b"]  # light, middle and dark of style.WEIGHTS
WORD = "substring(datum.value, indexof(datum.value, ' ') + 1)"  # a number keeps equal words apart
TITLE = "Attention forms while the loss falls"
HINT = "move from the first saved step to the last. Which word finds its place first?"


def training(steps, losses, weights, words, title=TITLE, hint=HINT, answer=""):
    """A slider over the saved steps of a training, with the weights of each and the loss of all.

    Shapes: steps and losses (S,), weights (S, T, T) between 0 and 1, one word for each of T; the
    steps are saved at equal distances. ValueError where they do not fit.
    """
    weights = weights_of(weights, "training")
    losses = inputs.array(losses, "training: losses")
    words = inputs.texts(words, "training: words")
    words = [f"{i + 1} {plain(word)}" for i, word in enumerate(words)]
    expected = (len(steps), len(words), len(words))
    if weights.shape != expected or len(losses) != len(steps):
        raise ValueError(
            f"training: {len(steps)} steps and {len(words)} words need weights of shape "
            f"{expected} and as many losses, got {weights.shape} and {len(losses)} losses"
        )
    distances = set(np.diff(steps).tolist())
    if len(distances) != 1:
        raise ValueError(f"training: expected steps at equal distances, got {[*map(int, steps)]}")
    first, last, distance = int(steps[0]), int(steps[-1]), int(distances.pop())
    slider = alt.binding_range(min=first, max=last, step=distance, name="step of training ")
    saved = alt.param("saved", value=last, bind=slider)
    chart = (_matrix(steps, weights, words) & _losses(steps, losses)).add_params(saved)
    rows = [[f"step {n}", f"{loss:.2f}"] for n, loss in zip(steps, losses, strict=True)]
    return SliderFigure(chart, title, hint, answer, ["loss"], rows)


def _matrix(steps, weights, words):
    cells = [
        {"step": int(n), "query": query, "key": key, "weight": round(float(weight), 2)}
        for n, pattern in zip(steps, weights, strict=True)
        for query, row in zip(words, pattern, strict=True)
        for key, weight in zip(words, row, strict=True)
    ]
    scale = alt.Scale(domain=[0, 0.5, 1], range=BLUES)
    color = alt.Color("weight:Q", scale=scale, legend=alt.Legend(tickCount=2))
    top = alt.Axis(orient="top", labelAngle=-60, labelExpr=WORD)
    return (
        alt
        .Chart(alt.Data(values=cells), width=220, height=220)
        .transform_filter("datum.step == saved")
        .mark_rect()
        .encode(
            x=alt.X("key:N", sort=words, axis=top),
            y=alt.Y("query:N", sort=words, axis=alt.Axis(labelExpr=WORD)),
            color=color,
        )
    )


def _losses(steps, losses):
    points = [
        {"step": int(n), "loss": round(float(loss), 2)}
        for n, loss in zip(steps, losses, strict=True)
    ]
    base = alt.Chart(alt.Data(values=points), width=220, height=90).encode(
        x=alt.X("step:Q", scale=alt.Scale(nice=False)),
        y=alt.Y("loss:Q", scale=alt.Scale(zero=True)),
    )
    now = base.transform_filter("datum.step == saved")
    look = {"color": SERIES[0], "opacity": 1}
    return base.mark_line(**look) + now.mark_point(**look, filled=True, size=150)
