"""Speed and memory beside the peers, as ratios of one run: `python -m benchmarks [words]`."""

import os

# Before NumPy and PyTorch start: on one thread, processor time is what a call costs.
for library in ("OMP", "MKL", "OPENBLAS"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
