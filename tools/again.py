"""Train two models from other seeds, and note what each of them gets: `python -m tools.again`.

The manifest keeps, for each of ten seeds, how many Roman numbers of validation and of the test were
wrong, and for each of three, which share of drawn letters was right in known and in new fonts. On
another processor the last bits of training differ, and with them these numbers.
"""

from . import skills
from .weights import RECIPES, enter

SEEDS = range(10)


def main():
    models = (RECIPES["roman"].fitted("roman", seed) for seed in SEEDS)
    enter("roman", {"again": [skills.wrong_numerals(model) for model in models]})
    models = (RECIPES["drawn-words"].fitted("drawn-words", seed) for seed in SEEDS[:3])
    enter("drawn-words", {"again": [skills.letters_read(model) for model in models]})


if __name__ == "__main__":
    main()
