"""Bugs of caches that keep less: the ring, the pages, the latents, the sinks and the bytes."""

from .mutant import Mutant

RING, PAGES, BYTES = "tests/test_ring.py", "tests/test_pages.py", "tests/test_eight_bits.py"
LATENT, SINKS = "tests/test_latent.py", "tests/test_sinks.py"

MUTANTS = [
    Mutant(
        "a ring that keeps one token less",
        "ring.py",
        "self.length - min(self.length, self.size - 1)",
        "self.length - min(self.length, self.size - 2)",
        RING + " -k every_way",
    ),
    Mutant(
        "a ring whose positions begin anew",
        "ring.py",
        "            ring.narrow(2, self.length % self.size, 1).copy_(new)\n        self.length += 1",
        "            ring.narrow(2, self.length % self.size, 1).copy_(new)\n"
        "        self.length = (self.length + 1) % self.size",
        RING + " -k modulo",
    ),
    Mutant(
        "a ring that is laid out from its first place on",
        "ring.py",
        "self._places(end - last.shape[2], end, last), last)",
        "self._places(0, last.shape[2], last), last)",
        RING + " -k every_way",
    ),
    Mutant(
        "a shared page is written without a copy",
        "pages.py",
        "if n and self._copies():",
        "if False:",
        PAGES + " -k fork",
    ),
    Mutant(
        "pages of a text that is released stay in use",
        "pages.py",
        "for pages, step in ((self.table, 1), (before, -1)):",
        "for pages, step in ((self.table, 1),):",
        PAGES + " -k shuffled",
    ),
    Mutant(
        "tokens are read in the order of the pages",
        "pages.py",
        "table = torch.tensor(self.table,",
        "table = torch.tensor(sorted(self.table),",
        PAGES + " -k shuffled",
    ),
    Mutant(
        "absorbed scores divided by the width of the latents",
        "latent.py",
        " * math.sqrt(k.shape[-1] / q.shape[-1])",
        "",
        LATENT + " -k absorbed",
    ),
    Mutant(
        "latents kept without their norm",
        "latent.py",
        "latents = self.norm(latents)",
        "latents = latents",
        LATENT + " -k deepseek",
    ),
    Mutant(
        "turned keys always at position 0",
        "latent.py",
        "past = 0 if cache is None else cache.length",
        "past = 0",
        LATENT + " -k every_way",
    ),
    Mutant(
        "a sink that takes the share it should leave",
        "sinks.py",
        "(total - sink[:, None, None].to(total.dtype))",
        "(sink[:, None, None].to(total.dtype) - total)",
        SINKS + " -k one_more_key",
    ),
    Mutant(
        "codes are cut off, not rounded",
        "eight_bits.py",
        ".round()",
        ".trunc()",
        BYTES + " -k half_a_scale",
    ),
    Mutant(
        "one scale for the whole cache",
        "eight_bits.py",
        "x.abs().amax(dim, keepdim=True)",
        "x.abs().amax().expand(x.abs().amax(dim, keepdim=True).shape)",
        BYTES + " -k half_a_scale",
    ),
    Mutant(
        "a failed step of the bytes is not taken back",
        "eight_bits.py",
        "KVCache.state.fset(self, tuple(others))",
        "KVCache.state.fset(self, (self.length, *others[1:]))",
        BYTES + " -k case_59",
    ),
]
