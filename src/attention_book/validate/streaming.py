"""Partial results of attention, and what several processes are given."""

import torch

from .numbers import refuse
from .tensors import FLOATS, same_kind, tensor


def partial_results(function, parts):
    """One part or more, of one kind: outputs (..., Tq, Dv), and a log_sum for each query."""
    if not parts:
        refuse(function, "the parts", "be one or more", "none")
    for i, part in enumerate(parts):
        if not hasattr(part, "log_sum") or not hasattr(part, "output"):
            write = "write merge(*parts)" if isinstance(part, list | tuple) else ""
            refuse(function, f"part {i}", "be a Partial", type(part).__name__, write, TypeError)
        tensor(function, f"part {i}.output", part.output, FLOATS, ("...", "queries", "width"))
        tensor(function, f"part {i}.log_sum", part.log_sum, FLOATS, part.output.shape[:-1])
        same_kind(function, f"part {i}.output", part.output, "part 0", parts[0].output)
        if part.output.shape != parts[0].output.shape:
            got = f"{tuple(part.output.shape)} and {tuple(parts[0].output.shape)}"
            refuse(function, f"part {i}", "have the shape of part 0", got)


def shares_of_processes(function, program, inputs):
    """The text of a program, and one process or more, each with one tensor or more."""
    if not isinstance(program, str):
        refuse(function, "program", "be Python text", type(program).__name__, kind=TypeError)
    if not isinstance(inputs, list | tuple) or not inputs:
        refuse(function, "inputs", "be a list of lists of tensors", type(inputs).__name__)
    for rank, share in enumerate(inputs):
        name = f"inputs[{rank}]"
        if not isinstance(share, list | tuple) or not share:
            refuse(function, name, "be a list of tensors", type(share).__name__, kind=TypeError)
        for x in share:
            if not isinstance(x, torch.Tensor):
                refuse(function, name, "hold tensors", type(x).__name__, kind=TypeError)
