"""What the book's tiny trained models can do, measured on what they never learned from."""

import math

import numpy as np
import torch
from torch.utils._pytree import tree_map

from attention_book import record
from attention_book.tasks import (
    IGNORED,
    accuracy,
    copying,
    digits,
    drawn_words,
    four,
    names,
    pronouns,
    roman,
)
from attention_book.train import cross_entropy
from attention_book.train.batches import answer


@torch.no_grad()
def right(model, task, n=1000):
    """Which held-out answers are right: one row of truth for each answer of a place."""
    inputs, targets = task.held_out(n, 1)
    answers = answer(model, inputs)
    columns = (x.reshape(*targets.shape[:2], -1).unbind(-1) for x in (answers.argmax(-1), targets))
    return [(a == t)[t != IGNORED] for a, t in zip(*columns, strict=True)]


def shares(model, task):
    """The share right of each answer: for neighbors, of the token before and the token after."""
    return [answers.double().mean().item() for answers in right(model, task)]


def without_head(model, head):
    """What the neighbors' model still gets right when one of its heads says nothing."""

    def silence(weights):
        weights = weights.clone()
        weights[:, head] = 0
        return weights

    with record(model, {"attention.weights": silence}):
        return shares(model, copying.neighbors())


@torch.no_grad()
def exact(model, numbers):
    """Which of these numbers the model writes without a wrong digit, from their Roman numerals."""
    inputs, wanted = roman.pose(np.stack([roman.source(number) for number in numbers]))
    answers = answer(model, tree_map(torch.from_numpy, inputs)).argmax(-1).numpy()
    return ((answers == wanted) | (wanted == IGNORED)).all(-1)


def wrong_numerals(model):
    """How many numbers of validation, and how many of the test, it writes wrong."""
    halves = roman.validation_numbers(), roman.test_numbers()
    return [int((~exact(model, numbers)).sum()) for numbers in halves]


@torch.no_grad()
def three_words(model, pairs):
    """The shares right of the pronoun, of the orders behind *such*, and of the law that wins."""
    inputs, targets = pronouns.next_word(pairs).held_out(1000, 1)
    places = [pronouns.PLACE, pronouns.SUCH, pronouns.LAW]
    return (model(inputs).argmax(-1) == targets)[:, places].double().mean(0).tolist()


def continues_the_law(model):
    for pairs in (pronouns.MET_PAIRS, pronouns.NEW_PAIRS):
        found = three_words(model, pairs)
        expect(min(found) >= 0.99, f"three words, got {found}")


@torch.no_grad()
def bits(model):
    """Bits for each character of the held-out names, the end of a name counted as one."""
    rows = names.held_out()
    inputs, targets = map(torch.from_numpy, names.pose(rows))
    nats = cross_entropy(model(inputs), targets).item() * (targets != IGNORED).sum().item()
    return nats / math.log(2) / sum(len(names.name(row)) + 1 for row in rows)


def knows_names(model):
    expect(bits(model) <= 0.6, f"names, got {bits(model):.3f} bits a character")


def drafts_names(model):
    expect(bits(model) <= 0.75, f"names, got {bits(model):.3f} bits a character")


def knows_one_neighbor(model):
    low, high = sorted(shares(model, copying.neighbors()))
    expect(high >= 0.99 and low <= 0.5, f"one neighbor, got {low:.3f} and {high:.3f}")


def knows_both_neighbors(model):
    expect(min(shares(model, copying.neighbors())) >= 0.99, "both neighbors")


def has_a_head_for_each_neighbor(model):
    knows_both_neighbors(model)
    before, after = sorted((without_head(model, head) for head in (0, 1)), reverse=True)
    kept, lost = (before[0], after[1]), (before[1], after[0])
    expect(min(kept) >= 0.99 and max(lost) <= 0.3, f"one skill each, got {before} and {after}")


def reads_roman_numerals(model):
    wrong = wrong_numerals(model)[0]
    expect(wrong == 0, f"Roman numerals, {wrong} of validation wrong")


@torch.no_grad()
def whole_answers(model):
    """For each of the four tasks, the share of held-out answers without a mistake."""
    found = {}
    for name in four.KINDS:
        inputs, targets = four.task(name).held_out(500, 1)
        found[name] = four.whole(model(inputs).argmax(-1), targets)
    return found


def does_four_tasks(model):
    found = whole_answers(model)
    expect(min(found.values()) >= 0.98, f"four tasks, got {found}")


@torch.no_grad()
def names_digits(model):
    images, labels = digits.split(0)[1]
    found = accuracy(model(images), labels)
    expect(found >= 0.94, f"digits, got {found:.3f}")


@torch.no_grad()
def letters(model, fonts, n=400):
    """The share of letters and ends that it reads in new words, told the letters before."""
    inputs, answers = drawn_words.task(fonts).held_out(n, 1)
    return accuracy(model(*inputs), answers)


def letters_read(model):
    """The shares right in known and in new fonts."""
    return [round(letters(model, fonts), 3) for fonts in (drawn_words.FONTS, drawn_words.NEW_FONTS)]


def reads_words(model):
    found = letters_read(model)
    expect(found[0] >= 0.8 and found[1] >= 0.65, f"drawn words, got {found}")


def expect(truth, skill):
    if not truth:
        raise SystemExit(f"The model did not learn what it promises: {skill}")
