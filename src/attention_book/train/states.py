"""A model's tensors, out of it and into a file, and back."""

from pathlib import Path

from safetensors.torch import save
from torch import Tensor, nn

from ..models.files import digest


def tensors_of(model: nn.Module) -> dict[str, Tensor]:
    """The model's own tensors, by name; tied ones once, under their first name."""
    first = {name for name, _ in (*model.named_parameters(), *model.named_buffers())}
    return {name: tensor for name, tensor in model.state_dict().items() if name in first}


def put_tensors(function: str, model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copy the tensors into the model; ValueError lists what is missing, unknown or misshapen."""
    own = tensors_of(model)
    problems = {
        "missing": sorted(own.keys() - tensors.keys()),
        "unknown": sorted(tensors.keys() - own.keys()),
        "of another kind": [
            f"{name} ({_kind(tensors[name])} for {_kind(tensor)})"
            for name, tensor in own.items()
            if name in tensors and _kind(tensors[name]) != _kind(tensor)
        ],
    }
    if found := [f"{what}: {', '.join(names)}" for what, names in problems.items() if names]:
        raise ValueError(f"{function}: the tensors do not fit the model; {'; '.join(found)}")
    for name, tensor in own.items():
        tensor.copy_(tensors[name])


def write_tensors(path: str | Path, tensors: dict[str, Tensor]) -> dict:
    """Write a safetensors file in one step; return its name, size and SHA-256 for a manifest."""
    path = Path(path)
    write(path, save({name: tensor.contiguous() for name, tensor in tensors.items()}))
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}


def write(path: Path, content: bytes) -> None:
    """Write a file in one step: if that fails, what was there before stays, and nothing else."""
    draft = path.with_name(f"{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _kind(tensor):
    return f"{tensor.dtype} {tuple(tensor.shape)}"
