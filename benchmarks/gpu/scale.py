"""How large everything is: on a GPU, and in a trial of the program on a processor."""

from dataclasses import dataclass

from ..sizes import GPT2, TINY


@dataclass(frozen=True, eq=False)
class Scale:
    """Texts of attention as (batch, tokens), a model, and how many pairs are measured."""

    name: str
    texts: tuple[tuple[int, int], ...]
    model: dict[str, int]
    batches: tuple[int, ...]
    new: int
    training: tuple[int, int]
    pairs: int
    steps: int
    compiler: str


FULL = Scale(
    name="124 M parameters",
    texts=((8, 1024), (8, 4096), (4, 16384)),
    model=GPT2,
    batches=(1, 8),
    new=32,
    training=(8, 1024),
    pairs=20,
    steps=12,
    compiler="inductor",
)
TRIAL = Scale(
    name="a tiny model",
    texts=((1, 32), (1, 64)),
    model=TINY,
    batches=(1, 2),
    new=3,
    training=(2, 16),
    pairs=2,
    steps=2,
    compiler="aot_eager",
)
