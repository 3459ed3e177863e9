"""What the measurements ran on."""

import os
import platform
from pathlib import Path

import torch


def machine():
    """The processor and its cores, and the versions of Python and PyTorch."""
    names = Path("/proc/cpuinfo")
    lines = names.read_text("utf-8").splitlines() if names.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return (
        f"{model}, one thread of {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, PyTorch {torch.__version__}"
    )
