"""A run of training on disk, so that it can go on where it stopped: safetensors and JSON."""

import json
from pathlib import Path

import torch

from ..models.files import read_settings, read_weights
from ..validate import training as validate
from .states import put_tensors, tensors_of, write_tensors


class Checkpoint:
    """The state of one run, kept in a folder; without a folder nothing is kept.

    `checkpoint.json` names the file of tensors that belongs to it, with its size and SHA-256, and
    is replaced in one step: an interrupted save leaves the one before.
    """

    def __init__(self, folder, settings, model, optimizer, rng, history):
        self.folder = None if folder is None else Path(folder)
        self.settings = settings
        self.model, self.optimizer, self.rng, self.history = model, optimizer, rng, history

    def save(self):
        """Keep the model, the optimizer, both generators and the history."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        step = len(self.history.losses)
        kept = {
            **write_tensors(self.folder / f"step-{step}.safetensors", self._tensors()),
            "settings": self.settings,
            "rng": self.rng.bit_generator.state,
            "losses": self.history.losses,
            "scores": list(self.history.scores.items()),
        }
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self._path)
        for old in self.folder.glob("step-*.safetensors"):
            if old.name != kept["file"]:
                old.unlink()

    def load(self):
        """Put everything back as it was, and return the steps done: 0 if nothing is kept."""
        if self.folder is None or not self._path.exists():
            return 0
        kept = read_settings(self._path)
        validate.same_run(self.folder, kept, self.settings)
        tensors = read_weights(self.folder / kept["file"], kept["sha256"])
        put_tensors("fit", self.model, _under("model", tensors))
        self._put_moments(_under("optimizer", tensors))
        torch.set_rng_state(tensors["chance"])
        self.rng.bit_generator.state = kept["rng"]
        self.history.losses[:] = kept["losses"]
        self.history.scores.update(kept["scores"])
        return len(self.history.losses)

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
        model = {f"model.{name}": tensor for name, tensor in tensors_of(self.model).items()}
        return {**model, **moments, "chance": torch.get_rng_state()}

    def _put_moments(self, tensors):
        state = {}
        for place, moment in tensors.items():
            i, name = place.split(".")
            state.setdefault(int(i), {})[name] = moment
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})


def _under(part, tensors):
    start = f"{part}."
    return {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}
