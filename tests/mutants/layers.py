"""Bugs of what stands around attention."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "unbiased LayerNorm",
        "layers.py",
        "return F.layer_norm(x, weight.shape, weight, self.bias, self.eps)",
        "y = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + self.eps).sqrt() * weight\n        return y if self.bias is None else y + self.bias",
        "tests/test_layers.py",
    ),
    Mutant(
        "pre-norm and post-norm swapped",
        "layers.py",
        "if self.norm_first:",
        "if not self.norm_first:",
        "tests/test_layers.py",
    ),
    Mutant(
        "no residual",
        "layers.py",
        "return self.norm(x + self._drop(sublayer(x)))",
        "return self.norm(self._drop(sublayer(x)))",
        "tests/test_layers.py",
    ),
    Mutant(
        "no activation",
        "layers.py",
        "self.hidden(self.activation(up_proj(x)))",
        "self.hidden(up_proj(x))",
        "tests/test_layers.py",
    ),
    Mutant(
        "the two forms of gelu swapped",
        "layers.py",
        '"gelu": F.gelu, "gelu_tanh": partial(F.gelu, approximate="tanh")',
        '"gelu": partial(F.gelu, approximate="tanh"), "gelu_tanh": F.gelu',
        "tests/test_layers.py",
    ),
    Mutant(
        "cross-attention without the memory's mask",
        "layers.py",
        "self.cross_attention(x, memory, memory_mask, cache)",
        "self.cross_attention(x, memory, None, cache)",
        "tests/test_layers.py",
    ),
    Mutant(
        "cross-attention looks at itself",
        "layers.py",
        "self.cross_attention(x, memory, memory_mask, cache)",
        "self.cross_attention(x, x, None, None)",
        "tests/test_layers.py",
    ),
    Mutant(
        "a block masks only while training",
        "layers.py",
        "self.attention(x, mask=mask, cache=cache)",
        "self.attention(x, mask=mask if self.training else None, cache=cache)",
        "tests/test_layers.py",
    ),
    Mutant(
        "a block forgets its cache",
        "layers.py",
        "self.attention(x, mask=mask, cache=cache)",
        "self.attention(x, mask=mask)",
        "tests/test_layers.py",
    ),
    Mutant(
        "the layouts crossed",
        "positions.py",
        "torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)",
        "torch.cat((angles.sin(), angles.cos()), dim=-1)",
        "tests/test_positions.py",
    ),
    Mutant(
        "padding inverted",
        "masks.py",
        "< lengths[:, None])",
        ">= lengths[:, None])",
        "tests/test_window_masks.py",
    ),
    Mutant(
        "a window that forgets the cache",
        "masks.py",
        ".triu(n_keys - n_queries - window)",
        ".triu(-window)",
        "tests/test_window_masks.py",
    ),
    Mutant(
        "a record never closes",
        "recording.py",
        "            tap.listeners.remove(listeners[name])",
        "            pass",
        "tests/test_recording.py",
    ),
    Mutant(
        "a record closes only when all went well",
        "recording.py",
        "    try:\n        yield values\n    finally:\n        for name, tap in taps.items():\n            tap.listeners.remove(listeners[name])",
        "    yield values\n    for name, tap in taps.items():\n        tap.listeners.remove(listeners[name])",
        "tests/test_recording.py",
    ),
]
