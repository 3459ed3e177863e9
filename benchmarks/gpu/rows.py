"""What is measured on a GPU, and what it must reach."""

from functools import partial

from ..table import Row
from . import decoding, flash, masks, training

FLASH = "causal `attention` in bfloat16 against the flash kernel"
DECODING = "cached greedy decoding in bfloat16"
STEP = "training step in bfloat16"


def rows(scale):
    return [*exactness(), *against_flash(scale), *of_decoding(scale), *of_training(scale)]


def exactness():
    return [
        Row(
            f"error of `attention`, {name}, {str(dtype).removeprefix('torch.')}",
            partial(masks.error, name, dtype),
            most=limit,
            unit="",
        )
        for name in masks.NAMES
        for dtype, limit in masks.LIMITS.items()
    ]


def against_flash(scale):
    for batch, length in scale.texts:
        yield Row(f"{FLASH}, T = {length:,}", partial(flash.causal, scale, batch, length), 0.95)
    for batch, length in scale.texts:
        name = f"{FLASH}, the last {length // 4:,} queries of {length:,}"
        yield Row(name, partial(flash.behind_a_cache, scale, batch, length), 0.95)


def of_decoding(scale):
    for batch in scale.batches:
        name = f"{DECODING}, {scale.name}, batch of {batch}, against Hugging Face"
        yield Row(name, partial(decoding.against_hugging_face, scale, batch), 1.0)
    waits = partial(decoding.waits, scale)
    yield Row(f"{DECODING}, {scale.name}, waits for the GPU in a step", waits, None, 0, "")


def of_training(scale):
    for compiled, how in ((False, ""), (True, "compiled ")):
        name = f"{how}{STEP}, {scale.name}, against Hugging Face"
        target = 1.0 if compiled else None
        yield Row(name, partial(training.step, scale, compiled), target)
        yield Row(f"{name}, peak memory", partial(training.memory, scale, compiled))
