"""Exactness and speed on a GPU: `python -m benchmarks.gpu --out TABLE.md [words]`."""
