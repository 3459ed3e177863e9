"""Figures with one look: queries down, keys across, weights from 0 to 1."""

try:
    import matplotlib  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        'attention_book.figures needs the extra "figures": run `pip install ".[figures]"` in the '
        "book's folder"
    ) from None

from .architecture import Apart, Beside, Part, architecture
from .arrows import arrows
from .attention_map import attention_map
from .bars import bars
from .blanks import blanks
from .cabinet import cabinet
from .cache_memory import cache_memory
from .cache_race import cache_race
from .clocks import clocks
from .diagonals import diagonals
from .forming import forming
from .glances import glances
from .heads import heads
from .heatmap import heatmap
from .history import history
from .lookup import lookup
from .maps import maps
from .mask import mask
from .mask_cells import paint_mask
from .mask_painter import mask_painter
from .matrices import matrices
from .matrix_view import matrix_view
from .multi_head import multi_head
from .next_token import next_token
from .norm_orders import norm_orders
from .normalize import normalize
from .overwriting import overwriting
from .pairs import pairs
from .plane import plane
from .product import product
from .sentence import sentence
from .sharing import sharing
from .shuffle import shuffle
from .sound import sound
from .spread import spread
from .stepper import Step, stepper
from .steps import attention_steps, cache_steps
from .stream import stream
from .switches import switches
from .temperature import temperature
from .tiles import tiles
from .tokenizer import tokenizer
from .tokens_cut import tokens_cut
from .two_halves import two_halves
from .vectors import vectors
from .who_sees import who_sees
from .wirings import wirings
from .workbench import workbench
from .written import Writing, written

__all__ = [
    "Apart",
    "Beside",
    "Part",
    "Step",
    "Writing",
    "architecture",
    "arrows",
    "attention_map",
    "attention_steps",
    "bars",
    "blanks",
    "cabinet",
    "cache_memory",
    "cache_race",
    "cache_steps",
    "clocks",
    "diagonals",
    "forming",
    "glances",
    "heads",
    "heatmap",
    "history",
    "lookup",
    "maps",
    "mask",
    "mask_painter",
    "matrices",
    "matrix_view",
    "multi_head",
    "next_token",
    "norm_orders",
    "normalize",
    "overwriting",
    "paint_mask",
    "pairs",
    "plane",
    "product",
    "sentence",
    "sharing",
    "shuffle",
    "sound",
    "spread",
    "stepper",
    "stream",
    "switches",
    "temperature",
    "tiles",
    "tokenizer",
    "tokens_cut",
    "two_halves",
    "vectors",
    "who_sees",
    "wirings",
    "workbench",
    "written",
]
