"""How large the steps are, as training goes on."""

import math


def constant(progress: float) -> float:
    """The full learning rate from the end of the warm-up to the last step."""
    return 1.0


def cosine(progress: float) -> float:
    r"""From the full learning rate down to none: $(1 + \cos \pi p) / 2$, with p from 0 to 1.

    Source: Loshchilov and Hutter (2017), section 3.
    """
    return (1 + math.cos(math.pi * progress)) / 2


def factor(schedule, step, steps, warmup):
    """What the learning rate is multiplied by at this step: a line up, then the schedule."""
    if step < warmup:
        return (step + 1) / warmup
    return schedule((step - warmup) / (steps - warmup))
