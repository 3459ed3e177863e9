"""One group of bars, with its numbers for every way to choose."""

import numpy as np

from . import inputs
from .labels import html
from .shares import percents, said


class Panel:
    """Bars under one heading: shares in whole percent, or numbers from -1 to 1 in hundredths."""

    def __init__(self, heading, names, values, shape):
        self.heading = inputs.text(heading)
        self.names = inputs.texts(names, f"bars: names of {self.heading!r}")
        values = inputs.array(values, f"bars: {self.heading!r}")
        expected = (*shape, len(self.names))
        if values.shape != expected or not (abs(values) <= 1 + 1e-6).all():
            raise ValueError(
                f"bars: {self.heading!r} must have shape {expected} and numbers between -1 and 1, "
                f"got shape {values.shape}, up to {abs(values).max(initial=0):g}"
            )
        self.signed = bool((values < 0).any())
        self.whole = np.round(100 * np.round(values, 6)).astype(int)
        if not self.signed:
            self.whole = percents(values)

    def texts(self, place):
        """The numbers of one way to choose, as they are shown."""
        write = _hundredths if self.signed else said
        return [write(number) for number in self.whole[place]]

    def markup(self, number):
        bars = "".join(
            f'<li style="--share:var(--{next(number)},0)"><span>{html(name)}</span><b></b></li>'
            for name in self.names
        )
        kind = " af-signed" * self.signed
        return f'<div><p>{html(self.heading)}</p><ol class="af-bars{kind}">{bars}</ol></div>'


def _hundredths(number):
    return f"{number / 100:.2f}".replace("-", "−")
