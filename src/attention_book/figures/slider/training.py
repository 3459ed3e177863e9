"""Training, replayed: the weights at each saved step, beside the loss."""

import altair as alt
import numpy as np

from .. import inputs
from ..labels import plain
from ..shares import weights_of
from ..style import KEY
from .chart import SliderFigure

BLUES = ["#f7fbff", "#6baed6", "#08306b"]  # light, middle and dark of style.WEIGHTS
TITLE = "Attention forms while the loss falls"
HINT = "move from the first saved step to the last. Which word finds its place first?"


def training(steps, losses, weights, words, title=TITLE, hint=HINT):
    """A slider over the saved steps of a training, with the weights of each and the loss of all.

    Shapes: steps and losses (S,), weights (S, T, T) between 0 and 1, one word for each of T.
    ValueError where they do not fit.
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
    last = len(steps) - 1
    slider = alt.binding_range(min=0, max=last, step=1, name="saved step ")
    saved = alt.param("saved", value=last, bind=slider)
    chart = (_matrix(weights, words) & _losses(steps, losses)).add_params(saved)
    rows = [[f"step {n}", f"{loss:.2f}"] for n, loss in zip(steps, losses, strict=True)]
    return SliderFigure(chart, title, hint, ["loss"], rows)


def _matrix(weights, words):
    cells = [
        {"saved": s, "query": words[i], "key": words[j], "weight": round(float(weight), 2)}
        for (s, i, j), weight in np.ndenumerate(weights)
    ]
    scale = alt.Scale(domain=[0, 0.5, 1], range=BLUES)
    color = alt.Color("weight:Q", scale=scale, legend=alt.Legend(tickCount=2))
    return (
        alt
        .Chart(alt.Data(values=cells), width=220, height=220)
        .transform_filter("datum.saved == saved")
        .mark_rect()
        .encode(
            x=alt.X("key:N", sort=words, axis=alt.Axis(orient="top", labelAngle=-60)),
            y=alt.Y("query:N", sort=words),
            color=color,
        )
    )


def _losses(steps, losses):
    points = [
        {"at": s, "step": int(n), "loss": round(float(loss), 2)}
        for s, (n, loss) in enumerate(zip(steps, losses, strict=True))
    ]
    base = alt.Chart(alt.Data(values=points), width=220, height=90).encode(
        x=alt.X("step:Q"), y=alt.Y("loss:Q", scale=alt.Scale(zero=True))
    )
    now = base.transform_filter("datum.at == saved")
    return base.mark_line(color=KEY) + now.mark_point(color=KEY, filled=True, size=150, opacity=1)
