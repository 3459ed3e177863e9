"""Bugs of the cache."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "the memory is projected at every step",
        "cache.py",
        "        if self.memory is None:\n            self.memory_kv",
        "        if True:\n            self.memory_kv",
        "tests/test_cache.py",
    ),
    Mutant(
        "a stale memory is used",
        "cache.py",
        '        validate.same_memory("KVCache.of_memory", self, memory)\n',
        "",
        "tests/test_cache.py",
    ),
    Mutant(
        "position always 0 in the cache",
        "cache.py",
        "start, self.length = self.length, self.length + k.shape[2]",
        "start, self.length = 0, k.shape[2]",
        "tests/test_cache.py",
    ),
    Mutant(
        "values stored as keys",
        "cache.py",
        "self.v[:, :, start : self.length] = v",
        "self.v[:, :, start : self.length] = k[..., :v.shape[3]]",
        "tests/test_cache.py",
    ),
    Mutant(
        "all of the room is returned",
        "cache.py",
        "return self.k[:, :, : self.length], self.v[:, :, : self.length]",
        "return self.k, self.v",
        "tests/test_cache.py",
    ),
    Mutant(
        "select forgets the order",
        "cache.py",
        "k, v = self.k[rows, :, : self.length], self.v[rows",
        "k, v = self.k[rows.sort().values, :, : self.length], self.v[rows",
        "tests/test_cache.py",
    ),
    Mutant(
        "overflow not refused",
        "validate/caches.py",
        "cache.length + n > cache.max_len",
        "cache.length > cache.max_len",
        "tests/test_cache.py",
    ),
    Mutant(
        "a mask that forgets the cached keys passes",
        "validate/modules.py",
        "n_keys += cache.length",
        "n_keys += 0",
        "tests/test_multi_head.py",
    ),
]
