"""Train the book's tiny models again: `python -m tools.weights [names]`.

Each must show the skill that it promises before it is written, with its entry in the manifest.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from attention_book.tasks import (
    Task,
    copying,
    digits,
    drawn_words,
    four,
    names,
    pronouns,
    roman,
)
from attention_book.train import fit
from attention_book.train.states import tensors_of, write_tensors
from attention_book.weights import FOLDER, build

from . import skills


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A model, how it is trained, and a proof of its skill that raises where it lacks."""

    model: str
    sizes: dict
    task: Callable[[], Task]
    steps: int
    lr: float
    batch_size: int
    skill: str
    prove: Callable
    options: dict = field(default_factory=dict)
    seed: int = 0
    half: bool = False

    def entry(self, name):
        """What the manifest says, the file aside."""
        task = self.task()
        return {
            "model": self.model,
            "config": {"vocab_size": len(task.tokens), **self.sizes},
            "options": self.options,
            "task": f"{self.task.__module__.removeprefix('attention_book.')}.{self.task.__name__}",
            "seed": self.seed,
            "command": f"python -m tools.weights {name}",
            "skill": self.skill,
        }

    def train(self, name):
        """The trained model, rounded as it is kept, its skill proven."""
        model = self.fitted(name, self.seed)
        model = model.half().float() if self.half else model
        self.prove(model)
        return model

    def fitted(self, name, seed):
        """The same from any seed, whatever comes out."""
        model = build(self.entry(name), seed)
        fit(
            model,
            self.task(),
            self.steps,
            lr=self.lr,
            batch_size=self.batch_size,
            warmup=self.steps // 20,
            seed=seed,
            every=self.steps,
        )
        return model

    def kept(self, model):
        """What goes into the file, in half precision where that is enough."""
        tensors = tensors_of(model)
        return {name: x.half() for name, x in tensors.items()} if self.half else tensors


def main(names):
    for name in names:
        recipe = RECIPES[name]
        file = write_tensors(FOLDER / f"{name}.safetensors", recipe.kept(recipe.train(name)))
        enter(name, {**file, **recipe.entry(name)})
        print(f"{name}: {recipe.skill}; {file['bytes']:,} bytes")


def enter(name, entry):
    """Put the entry into the manifest, in the place of an older one."""
    path = FOLDER / "manifest.json"
    known = json.loads(path.read_text("utf-8"))
    known[name] = known.get(name, {}) | entry
    path.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", "utf-8")


def _pronouns(n_heads, n_layers=1, **sizes):
    return Recipe(
        model="GPT",
        sizes={
            "max_len": pronouns.LENGTH,
            "d_model": 32,
            "n_heads": n_heads,
            "n_layers": n_layers,
            "tie_embeddings": False,
            "init_std": 0.02,
            **sizes,
        },
        task=pronouns.next_word,  # not learned by then: one head, seeds 1, 2 and 4
        steps=600,
        lr=5e-3,
        batch_size=64,
        skill="continues the law: at least 99 % right on each of three words that follow from "
        "others, and on the pronouns of pairs that it never met",
        prove=skills.continues_the_law,
    )


def _neighbors(n_heads, skill, prove):
    return Recipe(
        model="AttentionOnly",
        sizes={"max_len": 10, "d_model": 32, "n_heads": n_heads, "n_layers": 1},
        options={"n_answers": 2},
        task=copying.neighbors,
        steps=500,
        lr=5e-3,
        batch_size=64,
        skill=skill,
        prove=prove,
    )


def _names(skill, prove, **sizes):
    return Recipe(
        model="GPT",
        sizes={"max_len": 9, **sizes},
        task=names.task,
        steps=2000,
        lr=3e-3,
        batch_size=64,
        skill=skill,
        prove=prove,
        half=True,
    )


RECIPES = {
    "four-tasks": Recipe(
        model="GPT",
        sizes={"max_len": 40, "d_model": 64, "n_heads": 4, "n_layers": 2},
        task=four.task,
        steps=1200,
        lr=3e-3,
        batch_size=64,
        skill="writes at least 98 % of held-out answers of each of four language tasks without a "
        "mistake",
        prove=skills.does_four_tasks,
        half=True,
    ),
    "pronouns-1-head": _pronouns(1),
    "pronouns-2-heads": _pronouns(2),
    "pronouns-3-layers": _pronouns(2, n_layers=3, d_ff=64),
    "neighbors-1-head": _neighbors(
        1, "sure of one neighbor, at a loss about the other", skills.knows_one_neighbor
    ),
    "neighbors-2-heads": _neighbors(
        2,
        "sure of both neighbors; without either head, of one",
        skills.has_a_head_for_each_neighbor,
    ),
    "neighbors-4-heads": _neighbors(4, "sure of both neighbors", skills.knows_both_neighbors),
    "names": _names(
        "needs at most .6 bits for each character of a held-out name",
        skills.knows_names,
        d_model=64,
        n_heads=4,
        n_layers=2,
        dropout=0.1,
    ),
    "names-draft": _names(
        "needs at most .75 bits for each character of a held-out name",
        skills.drafts_names,
        d_model=16,
        n_heads=1,
        n_layers=1,
    ),
    "digits": Recipe(
        model="VisionTransformer",
        sizes={"max_len": 17, "d_model": 32, "n_heads": 4, "n_layers": 2},
        options={"patch_size": 2},
        task=digits.task,
        steps=400,
        lr=3e-3,
        batch_size=64,
        skill="names at least 94 % of the 450 digits that it did not learn from",
        prove=skills.names_digits,
        half=True,
    ),
    "drawn-words": Recipe(
        model="PictureReader",
        sizes={
            "max_len": 20,
            "d_model": 48,
            "n_heads": 4,
            "n_layers": 2,
            "positions": "sinusoidal",
        },
        options={"height": drawn_words.HEIGHT, "strip_width": 4},
        task=drawn_words.task,
        steps=4000,
        lr=3e-3,
        batch_size=32,
        skill="reads at least 80 % of the letters of new words, 65 % in fonts that it never saw",
        prove=skills.reads_words,
        half=True,
    ),
    "roman": Recipe(
        model="Transformer",
        sizes={"max_len": 15, "d_model": 32, "n_heads": 4, "n_layers": 2, "d_ff": 64},
        task=roman.task,
        steps=2000,
        lr=5e-3,
        batch_size=128,
        skill="writes all Roman numerals of validation in digits without a mistake",
        prove=skills.reads_roman_numerals,
    ),
}

if __name__ == "__main__":
    main(sys.argv[1:] or RECIPES)
