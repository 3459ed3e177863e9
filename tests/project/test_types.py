"""A reader's type checker knows what the library takes and gives."""

import re

import pytest

from tools.repository import ROOT

api = pytest.importorskip("mypy.api")
PROGRAM = """\
import torch
from attention_book import GPT, Config, KVCache, MultiHeadAttention, attention, generate

config = Config(vocab_size=9, max_len=8, d_model=8, n_heads=2, n_layers=1, activation="relu")
x: torch.Tensor = MultiHeadAttention(8, 2)(torch.ones(1, 2, 8), causal=True)
y: torch.Tensor = attention(x, x, x, causal=True)
z: int = attention(x, x, x)  # wrong
for chosen in generate(GPT(config), torch.tensor([[1]]), 2):
    chosen.tolist()
attention(x, x)  # wrong
Config(vocab_size=9, max_len=8, d_model=8, n_heads=2, n_layers=1, activation="tanh")  # wrong
Config(vocab_size=9, max_len=8, d_model=8, n_heads=2, n_layers=1, positions="alibi")  # wrong
MultiHeadAttention(8, 2, dropout="much")  # wrong
KVCache("long")  # wrong
"""


def test_a_type_checker_finds_what_is_wrong_in_a_readers_program_and_nothing_else(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    cache = f"--cache-dir={ROOT / '.mypy_cache'}"
    found = api.run([str(program), cache, f"--config-file={ROOT / 'pyproject.toml'}"])[0]
    wrong = [n for n, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# wrong")]
    assert [int(n) for n in re.findall(r"program\.py:(\d+): error", found)] == wrong, found
