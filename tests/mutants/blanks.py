"""Bugs of filling blanks: what is asked, what is replaced, how a text is scored."""

from .mutant import Mutant

SCORING = "tests/test_scoring.py -k"
TASK = "tests/tasks/test_blanks.py -k"

MUTANTS = [
    Mutant(
        "a sentence without a word asked for",
        "tasks/blanks.py",
        "chance <= np.maximum(share, chance.min(axis=1, keepdims=True))",
        "chance < share",
        f"{TASK} at_least_one",
    ),
    Mutant(
        "every word asked for is hidden",
        "tasks/blanks.py",
        '_asking(probability("as_bert", "share", share), 0.8, 0.9)',
        '_asking(probability("as_bert", "share", share), 1.0, 1.0)',
        f"{TASK} 8_to_1",
    ),
    Mutant(
        "a replaced word asks for what replaced it",
        "tasks/blanks.py",
        "np.where(asked, rows, IGNORED)",
        "np.where(asked, np.where(read == MASK, rows, read), IGNORED)",
        f"{TASK} any_word",
    ),
    Mutant(
        "the mask token among the replacements",
        "tasks/blanks.py",
        "rng.integers(FIRST_WORD, len(tokens), rows.shape)",
        "rng.integers(0, len(tokens), rows.shape)",
        f"{TASK} any_word",
    ),
    Mutant(
        "a score from what stands at the word itself",
        "scoring.py",
        "_of_words(model(ids[:, :-1]), ids[:, 1:])",
        "_of_words(model(ids[:, 1:]), ids[:, 1:])",
        f"{SCORING} word_by_word",
    ),
    Mutant(
        "the word left to read while it is scored",
        "scoring.py",
        "    read[:, place] = mask_token\n",
        "",
        f"{SCORING} hides_each",
    ),
    Mutant(
        "words hidden for good",
        "scoring.py",
        "    read = ids.clone()\n",
        "    read = ids\n",
        f"{SCORING} left_as",
    ),
]
