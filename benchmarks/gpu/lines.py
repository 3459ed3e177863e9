"""A file of measured lines, one for each machine."""

import argparse
import json
from pathlib import Path

import torch

from ..machine import machine
from .device import ON_GPU


@torch.inference_mode()
def keep(program, data, line, arguments=None):
    """Put `line(name, small)` of this machine into the file, in the place of an older one."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.gpu.{program}")
    parser.add_argument("--small", action="store_true", help="short texts, to try the program")
    parser.add_argument("--out", type=Path, default=data, help="a file for the lines")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    name = machine()
    if ON_GPU:
        name = f"{torch.cuda.get_device_name()}, bfloat16, PyTorch {torch.__version__}"
    lines = json.loads(options.out.read_text("utf-8")) if options.out.exists() else []
    lines = [old for old in lines if old["machine"] != name]
    lines.append(line(name, options.small))
    text = ",\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
    options.out.write_text(f"[\n{text}\n]\n", "utf-8")
