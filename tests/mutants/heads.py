"""Bugs of several heads."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "heads side by side in the wrong order",
        "multi_head.py",
        "heads.transpose(1, 2).flatten(2)",
        "heads.reshape(x.shape[0], x.shape[1], -1)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "heads interleaved, not in blocks",
        "multi_head.py",
        "x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)",
        "x.view(batch, length, width // self.n_heads, self.n_heads).permute(0, 3, 1, 2)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the sequence is split, not the features",
        "multi_head.py",
        "x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)",
        "x.view(batch, self.n_heads, length, width // self.n_heads)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "keys and values swapped",
        "multi_head.py",
        "k, v = self._split_shared(self.k_proj",
        "v, k = self._split_shared(self.k_proj",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the memory is not read",
        "multi_head.py",
        "return q, *self._project(memory)",
        "return q, *self._project(x)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "values as wide as keys",
        "multi_head.py",
        'if d_v is None else _size("d_v", d_v)',
        "if d_v is None else d_k",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "dropout at evaluation",
        "multi_head.py",
        "@ v\n        return fused(q, k, v, mask, causal)",
        "@ v\n        return torch.dropout(fused(q, k, v, mask, causal), self.dropout.p, True)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "no dropout while training",
        "multi_head.py",
        "self.weights.open or (self.training and self.dropout.p)",
        "self.weights.open",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the recorded path forgets the mask",
        "multi_head.py",
        "weights = attention_weights(q, k, mask, causal=causal)",
        "weights = attention_weights(q, k, causal=causal)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the recorded path forgets causality",
        "multi_head.py",
        "weights = attention_weights(q, k, mask, causal=causal)",
        "weights = attention_weights(q, k, mask)",
        "tests/test_multi_head.py -k case_11",
    ),
    Mutant(
        "causality ignored with a cache",
        "multi_head.py",
        "attend(q, k, v, mask, causal)\n            return self.o_proj",
        "attend(q, k, v, mask, causal and cache is None)\n            return self.o_proj",
        "tests/test_multi_head.py -k case_11",
    ),
    Mutant(
        "the map is recorded without its mask",
        "multi_head.py",
        "self.dropout(self.weights(weights)) @ v",
        "self.dropout(self.weights(attention_weights(q, k)) * 0 + weights) @ v",
        "tests/test_multi_head.py",
    ),
]
