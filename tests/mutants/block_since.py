"""Bugs of the block since 2017: positions that turn, shared keys, norms, gates, and their names."""

from .mutant import Mutant

ROTARY, GROUPED, NORMS = "tests/test_rotary.py", "tests/test_grouped.py", "tests/test_norms.py"
LLAMAS = "tests/models/test_llamas.py"

MUTANTS = [
    Mutant(
        "rotary layouts crossed",
        "rotary.py",
        "a, b = x.chunk(2, dim=-1)",
        "a, b = x[..., 0::2], x[..., 1::2]",
        f"{ROTARY} -k papers_layout",
    ),
    Mutant(
        "keys turned backward",
        "rotary.py",
        "_turned(q, cos, sin), _turned(k, cos, sin)",
        "_turned(q, cos, sin), _turned(k, cos, -sin)",
        f"{ROTARY} -k turns_queries",
    ),
    Mutant(
        "rotary places that forget the cache",
        "multi_head.py",
        "self.rotary(q, k, 0 if cache is None else cache.length)",
        "self.rotary(q, k, 0)",
        f"{ROTARY} -k cache_and_full",
    ),
    Mutant(
        "angles in the precision of the model",
        "rotary.py",
        "dtype=torch.float64, device=x.device)",
        "dtype=x.dtype, device=x.device)",
        f"{ROTARY} -k far_places",
    ),
    Mutant(
        "shared heads dealt in turn",
        "grouped.py",
        "x.repeat_interleave(size, dim=1)",
        "x.repeat(1, size, 1, 1)",
        f"{GROUPED} -k repeated_heads",
    ),
    Mutant(
        "a single query without its mask",
        "grouped.py",
        "fused(together, k, v, mask, False)",
        "fused(together, k, v, None, False)",
        f"{GROUPED} -k single_query",
    ),
    Mutant(
        "a mask of each head taken for one of all",
        "multi_head.py",
        "(mask is None or mask.ndim == 2 or mask.shape[1] == 1)",
        "True",
        f"{GROUPED} -k four_axes",
    ),
    Mutant(
        "RMSNorm with the mean taken away",
        "norms.py",
        "return F.rms_norm(x, weight.shape, weight, self.eps)",
        "return F.layer_norm(x, weight.shape, weight, None, self.eps)",
        f"{NORMS} -k formula",
    ),
    Mutant(
        "keys without their norm",
        "multi_head.py",
        "(k if self.k_norm is None else self.k_norm(k)), v",
        "k, v",
        f"{NORMS} -k qk_norm",
    ),
    Mutant(
        "what is added is not normalized",
        "layers.py",
        "x = self.added_norm(x)",
        "self.added_norm(x)",
        f"{NORMS} -k added",
    ),
    Mutant(
        "gates not bent",
        "feed_forward.py",
        "gates = self.activation(self.gate_proj(x))",
        "gates = self.gate_proj(x)",
        "tests/test_feed_forward.py -k formula",
    ),
    Mutant(
        "a window of one more",
        "models/llamas.py",
        "else window - 1",
        "else window",
        f"{LLAMAS} -k test_equals_hugging_face",
    ),
    Mutant(
        "Gemma's norms without their 1",
        "models/gemma.py",
        "((1.0 + x.to(_wide(x))) * scale)",
        "(x.to(_wide(x)) * scale)",
        f"{LLAMAS} -k test_equals_hugging_face",
    ),
    Mutant(
        "a scaled rotation passes",
        "models/llamas.py",
        'if name != "rope_theta" and value != plain.get(name):',
        "if False:",
        f"{LLAMAS} -k refused",
    ),
    Mutant(
        "no penalty for distance",
        "alibi.py",
        "- penalty.to(q.dtype)",
        "- 0 * penalty.to(q.dtype)",
        "tests/test_alibi.py",
    ),
]
