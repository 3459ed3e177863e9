"""What is measured, and what it must reach."""

from collections.abc import Callable
from typing import NamedTuple

from . import checks, decoding, layers, memory, specification, training


class Row(NamedTuple):
    """One line of the table: a measure in `unit`, and the least or most that it may be."""

    name: str
    measure: Callable[[], float]
    least: float | None = None
    most: float | None = None
    unit: str = "×"

    def good(self, value):
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def target(self):
        if self.least is None and self.most is None:
            return ""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


ATTENTION = "`attention` against `scaled_dot_product_attention`"
MULTI_HEAD = "`MultiHeadAttention` against `nn.MultiheadAttention(need_weights=False)`"
DECODING = "cached greedy decoding"
MEMORY = "peak memory of attention at T = 16,384, of T × T floats"
MEMORY = "peak memory of attention at T = 16,384, of T × T floats"
ROWS = [
    Row(f"{ATTENTION}, no mask", lambda: layers.attention(None), 0.95),
    Row(f"{ATTENTION}, causal mask", lambda: layers.attention("causal"), 0.95),
    Row(f"{ATTENTION}, padding mask", lambda: layers.attention("padding"), 0.95),
    Row(f"{MULTI_HEAD}, no mask", lambda: layers.multi_head(None), 1.0),
    Row(f"{MULTI_HEAD}, causal mask", lambda: layers.multi_head("causal"), 1.0),
    Row(f"{MULTI_HEAD}, forward and backward", layers.multi_head_trained, 1.0),
    Row(f"{DECODING}, 124 M parameters, against Hugging Face", decoding.large, 1.0),
    Row(f"{DECODING}, 124 M parameters, against memory bandwidth", decoding.bandwidth, 0.9),
    Row(f"{DECODING}, 0.8 M parameters, against Hugging Face", decoding.small, 2.0),
    Row("training step, 0.8 M parameters, against Hugging Face", training.step, 1.05),
    Row("NumPy specification against a plain NumPy GPT-2, whole text", specification.forward),
    Row("NumPy specification against a plain NumPy GPT-2, 32 tokens", specification.decoding),
    Row("checks of arguments, of a cached step of 0.8 M parameters", checks.share, None, 5, "%"),
    Row(MEMORY, memory.attention, None, 10, "%"),
    Row(f"{MEMORY}, causal mask", memory.causal, None, 10, "%"),
    Row(f"{MEMORY}, while weights are recorded", memory.recorded, 100, None, "%"),
]
