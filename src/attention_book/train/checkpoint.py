"""A run of training on disk, so that it can go on where it stopped: safetensors and JSON."""

import json
import zlib
from pathlib import Path
from tempfile import TemporaryFile

import torch
from torch.utils._pytree import tree_leaves

from ..models.files import read_settings, read_weights
from .states import put_tensors, tensors_of, write, write_tensors


class Checkpoint:
    """A run kept in a folder, which holds its first `done` steps; without a folder nothing is kept.

    `checkpoint.json` names the file of tensors that belongs to it, with its size and SHA-256, and
    is replaced in one step: an interrupted save leaves the one before. A checksum of the batches
    tells whether a run goes on with the data that it began with.
    """

    def __init__(self, folder, settings, model, optimizer, history):
        self.settings, self.history = settings, history
        self.model, self.optimizer = model, optimizer
        self.folder = None if folder is None else _writable(folder)
        self.kept, self.checksum = {"losses": []}, 0
        if folder is not None and self._path.exists():
            self.kept = read_settings(self._path)
            _same_run(self.folder, self.kept, settings)

    @property
    def done(self):
        return len(self.kept["losses"])

    def note(self, batch):
        """Take one more batch into account."""
        if self.folder is not None:
            self.checksum = _checksum(batch, self.checksum)

    def restore(self, batches):
        """Put everything back as it was, if these batches are those of the steps done."""
        if not self.done:
            return
        tensors = read_weights(self.folder / self.kept["file"], self.kept["sha256"])
        for batch in batches:
            self.note(batch)
        if self.checksum != self.kept["checksum"]:
            raise ValueError(
                f"fit: the first {self.done} batches of data are not those that the run in "
                f"{self.folder} learned from; each call needs the data made anew, and a generator "
                f"of their own with its seed"
            )
        put_tensors("fit", self.model, _under("model", tensors))
        self._put_moments(_under("optimizer", tensors))
        self.history.losses[:] = self.kept["losses"]
        self.history.scores.update(self.kept["scores"])

    def save(self):
        """Keep the model, the optimizer's moments and the history."""
        if self.folder is None:
            return
        file = self.folder / f"step-{len(self.history.losses)}.safetensors"
        kept = {
            **write_tensors(file, self._tensors()),
            "settings": self.settings,
            "checksum": self.checksum,
            "losses": self.history.losses,
            "scores": list(self.history.scores.items()),
        }
        write(self._path, json.dumps(kept).encode())
        for old in set(self.folder.glob("step-*.safetensors")) - {file}:
            old.unlink()

    @property
    def _path(self):
        return self.folder / "checkpoint.json"

    def _tensors(self):
        moments = {
            f"optimizer.{i}.{name}": moment
            for i, state in self.optimizer.state_dict()["state"].items()
            for name, moment in state.items()
            if moment is not None
        }
        return moments | {f"model.{name}": x for name, x in tensors_of(self.model).items()}

    def _put_moments(self, tensors):
        state = {}
        for place, moment in tensors.items():
            i, name = place.split(".")
            state.setdefault(int(i), {})[name] = moment
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})


def _writable(folder):
    try:
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except (OSError, TypeError) as error:
        raise ValueError(
            f"fit: checkpoint must be a folder to write in, got {folder!r}: {error}"
        ) from None
    return folder


def _same_run(folder, kept, settings):
    """What the folder keeps was written by a run with these settings."""
    parts = {"file", "sha256", "settings", "checksum", "losses", "scores"}
    if missing := sorted(parts - kept.keys()):
        raise ValueError(f"fit: checkpoint.json in {folder} lacks {', '.join(missing)}")
    different = [
        f"{name} was {kept['settings'].get(name)!r} and is {value!r}"
        for name, value in settings.items()
        if kept["settings"].get(name) != value
    ]
    if different:
        raise ValueError(
            f"fit: the checkpoint in {folder} belongs to another run: {'; '.join(different)}; "
            f"choose another folder"
        )


def _checksum(tensors, before):
    for x in tree_leaves(tensors):
        bits = x.detach().cpu().contiguous().flatten().view(torch.uint8)
        before = zlib.crc32(bits.numpy(), before)
    return before


def _under(part, tensors):
    start = f"{part}."
    return {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}
