"""Train the Roman model from ten seeds, and note what each gets wrong: `python -m tools.again`.

The manifest keeps, for each seed, how many numbers of validation and of the test were wrong. On
another processor the last bits of training differ, and with them these numbers.
"""

from . import skills
from .weights import RECIPES, enter

SEEDS = range(10)


def main():
    models = (RECIPES["roman"].fitted("roman", seed) for seed in SEEDS)
    enter("roman", {"again": [skills.wrong_numerals(model) for model in models]})


if __name__ == "__main__":
    main()
