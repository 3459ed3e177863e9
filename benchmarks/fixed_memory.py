"""The delta rule in chunks beside its own loop over tokens."""

import torch
import torch.nn.functional as F

from attention_book.fixed_memory import delta_chunked, delta_recurrent

from .timing import compare

HEADS, WIDTH = 12, 64


@torch.inference_mode()
def delta_rule(length):
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, HEADS, length, WIDTH) for _ in range(3))
    given = q, F.normalize(k, dim=-1), v, torch.rand(1, HEADS, length)
    return compare(lambda: delta_chunked(*given)[0], lambda: delta_recurrent(*given)[0])
