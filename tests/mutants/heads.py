"""Bugs of several heads."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "heads side by side in the wrong order",
        "attention.py",
        "heads.transpose(1, 2).flatten(2)",
        "heads.reshape(x.shape[0], x.shape[1], -1)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "heads interleaved, not in blocks",
        "attention.py",
        "x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)",
        "x.view(batch, length, width // self.n_heads, self.n_heads).permute(0, 3, 1, 2)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the sequence is split, not the features",
        "attention.py",
        "x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)",
        "x.view(batch, self.n_heads, length, width // self.n_heads)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "keys and values swapped",
        "attention.py",
        "return self._split(self.k_proj(tokens)), self._split(self.v_proj(tokens))",
        "return self._split(self.v_proj(tokens)), self._split(self.k_proj(tokens))",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the memory is not read",
        "attention.py",
        "self._project(x if memory is None else memory)",
        "self._project(x)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "values as wide as keys",
        "attention.py",
        "for d in (d_k, d_v)",
        "for d in (d_k, d_k)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "dropout at evaluation",
        "attention.py",
        "self.dropout(self.weights(attention_weights(q, k, mask))) @ v\n        return attention(q, k, v, mask)",
        "self.dropout(self.weights(attention_weights(q, k, mask))) @ v\n        return F.dropout(attention(q, k, v, mask), self.dropout.p)",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "no dropout while training",
        "attention.py",
        "self.weights.open or (self.training and self.dropout.p)",
        "self.weights.open",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the recorded path forgets the mask",
        "attention.py",
        "self.weights(attention_weights(q, k, mask))",
        "self.weights(attention_weights(q, k))",
        "tests/test_multi_head.py",
    ),
    Mutant(
        "the map is recorded without its mask",
        "attention.py",
        "self.dropout(self.weights(attention_weights(q, k, mask))) @ v",
        "self.dropout(self.weights(attention_weights(q, k)) * 0 + attention_weights(q, k, mask)) @ v",
        "tests/test_multi_head.py",
    ),
]
