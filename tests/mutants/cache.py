"""Bugs of the cache."""

from .mutant import Mutant

FILE, TESTS, STEPS = "cache.py", "tests/test_cache.py", "tests/test_failed_steps.py"
GRADIENTS = "tests/test_cache_gradients.py"
ALL = "return kept[0].narrow(2, 0, self.length), kept[1].narrow(2, 0, self.length)"
BACK = "            if cache is not None and before is not None:\n                cache.state = before\n            "

MUTANTS = [
    Mutant(
        "the memory is projected at every step",
        FILE,
        "        if self.memory is None:\n            self.memory_kv",
        "        if True:\n            self.memory_kv",
        TESTS,
    ),
    Mutant(
        "a stale memory is used",
        FILE,
        '        validate.same_memory("KVCache.of_memory", self, memory)\n',
        "",
        TESTS,
    ),
    Mutant("position always 0 in the cache", FILE, "self.length += n", "self.length = n", TESTS),
    Mutant(
        "values stored as keys",
        FILE,
        "self._joined(self.v, v, n)",
        "self._joined(self.v, k[..., : v.shape[3]], n)",
        TESTS,
    ),
    Mutant("all of the room is returned", FILE, ALL, "return kept", TESTS),
    Mutant(
        "select forgets the order",
        FILE,
        "self.k[rows], self.v[rows]",
        "self.k[rows.sort().values], self.v[rows]",
        TESTS,
    ),
    Mutant(
        "overflow not refused",
        "validate/caches.py",
        "cache.length + n > cache.max_len",
        "cache.length > cache.max_len",
        TESTS,
    ),
    Mutant(
        "overflow with gradients not refused",
        FILE,
        '            validate.room("KVCache.append", self, len(new), n)\n',
        "",
        TESTS + " -k case_33",
    ),
    Mutant(
        "what does not fit is stretched",
        FILE,
        "        _alike(new, place, place.shape)\n",
        "",
        "tests/test_doors.py -k cache",
    ),
    Mutant(
        "what does not fit is joined with gradients",
        FILE,
        "            _alike(new, kept, (*kept.shape[:2], n, *kept.shape[3:]))\n",
        "",
        "tests/test_doors.py -k cache",
    ),
    Mutant(
        "a mask that forgets the cached keys passes",
        "validate/modules.py",
        "n_keys += cache.length",
        "n_keys += 0",
        "tests/test_multi_head.py -k case_10",
    ),
    Mutant(
        "heads that failed keep what they had begun",
        "multi_head.py",
        BACK + "validate.multi_head",
        "            validate.multi_head",
        STEPS + " -k heads",
    ),
    Mutant(
        "a block that failed keeps what it had begun",
        "layers.py",
        BACK + "validate.block",
        "            validate.block",
        STEPS + " -k Block",
    ),
    Mutant(
        "a model that failed keeps what it had begun",
        "models/parts.py",
        "cache.state = state",
        "pass",
        STEPS + " -k GPT",
    ),
    Mutant(
        "only errors are taken back, not interruptions",
        "layers.py",
        "except BaseException:",
        "except Exception:",
        STEPS + " -k Block",
    ),
    Mutant(
        "what is taken back is the length alone",
        FILE,
        "self.length, self.k, self.v, self.memory, self.memory_kv = state",
        "self.length = state[0]",
        STEPS + " -k memory",
    ),
    Mutant(
        "gradients end at what is kept",
        FILE,
        "torch.cat((kept.narrow(2, 0, self.length), new), dim=2)",
        "torch.cat((kept.detach().narrow(2, 0, self.length), new), dim=2)",
        GRADIENTS + " -k training_through",
    ),
    Mutant(
        "the room is written under graphs that read it",
        FILE,
        "kept if torch.is_inference_mode_enabled() else kept.data",
        "kept",
        GRADIENTS + " -k queries_alone",
    ),
    Mutant(
        "a copy shares its room",
        FILE,
        "self.k.clone(), self.v.clone()",
        "self.k, self.v",
        GRADIENTS + " -k two_continuations",
    ),
]
