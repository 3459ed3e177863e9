import numpy as np
import pytest
import torch

from attention_book import counting
from attention_book.exercises import bert
from attention_book.scoring import log_likelihood

from .answers import refused

RIGHT_BLANKS = [False, True, False, True]
WRONG_KNOW = {
    "all": ([True] * 4, "the first"),
    "none": ([False] * 4, "the second"),
    "a noun behind the blank": ([False, True, True, True], "king and boy, stand behind"),
    "not at the end": ([False, True, False, False], "the full stop"),
    "opposite": ([True, False, True, False], "other way around"),
    "three": ([True] * 3, "each of the four"),
    "words": (["no", "yes", "no", "yes"], "True or False"),
    "dots": ([..., ..., ..., ...], "replace the dots"),
}


def corrupt(rows, asked, dice, others):
    read = np.select([dice < 0.8, dice < 0.9], [2, others], rows)
    return np.where(asked, read, rows), np.where(asked, rows, -100)


def in_place(rows, asked, dice, others):
    targets = np.where(asked, rows, -100)
    rows[asked & (dice < 0.8)] = 2
    return rows, targets


def read_only(rows, asked, dice, others):
    return corrupt(rows, asked, dice, others)[0]


def with_targets(change):
    def wrong(rows, asked, dice, others):
        read, targets = corrupt(rows, asked, dice, others)
        return read, change(read, targets, rows, asked)

    return wrong


def with_reading(change):
    def wrong(rows, asked, dice, others):
        read, targets = corrupt(rows, asked, dice, others)
        return change(read, rows, asked, dice, others), targets

    return wrong


WRONG_CORRUPT = {
    "in place": (in_place, "work on a copy"),
    "all asked": (with_targets(lambda read, t, rows, a: rows.copy()), "target -100"),
    "what is read": (with_targets(lambda read, t, rows, a: np.where(a, read, -100)), "stood there"),
    "kept not asked": (
        with_targets(lambda read, t, rows, a: np.where(read == rows, -100, t)),
        "asked for too",
    ),
    "always hidden": (
        with_reading(lambda read, rows, a, dice, others: np.where(a, 2, rows)),
        "the other word",
    ),
    "never kept": (
        with_reading(lambda read, rows, a, dice, others: np.where(a & (dice > 0.8), others, read)),
        "the word itself",
    ),
    "never hidden": (
        with_reading(lambda read, rows, a, dice, others: np.where(a, others, rows)),
        "below 0.8",
    ),
    "hidden everywhere": (
        with_reading(lambda read, rows, a, dice, others: np.where(dice < 0.8, 2, read)),
        "read as it is",
    ),
    "one row": (lambda *x: [part[:1] for part in corrupt(*x)], "the rows' shape"),
    "nothing": (lambda *x: None, "return"),
    "dots": (lambda *x: ..., "replace the dots"),
}


def by_blank(model, ids, candidates):
    (place,) = (ids[0] == 2).nonzero()[0].tolist()
    logits = model.logits(model(ids))[0, place, candidates]
    return [candidates[i] for i in logits.argsort(descending=True)]


def ten_passes(model, ids, candidates):
    for _ in candidates:
        order = by_blank(model, ids, candidates)
    return order


def place_before(model, ids, candidates):
    place = (ids[0] == 2).nonzero()[0].item() - 1
    logits = model.logits(model(ids))[0, place, candidates]
    return [candidates[i] for i in logits.argsort(descending=True)]


WRONG_BLANK = {
    "worst first": (lambda *x: by_blank(*x)[::-1], "best comes first"),
    "the place before": (place_before, "the blank itself"),
    "ten passes": (ten_passes, "one pass is enough, and you make 10"),
    "as given": (lambda model, ids, candidates: candidates, "the order is another"),
    "places": (lambda model, ids, candidates: list(range(10)), "the ten candidates themselves"),
    "nothing": (lambda *x: None, "return"),
    "dots": (lambda *x: ..., "replace the dots"),
}


def tried(ids, candidates):
    texts = ids.repeat(len(candidates), 1)
    return torch.where(texts == 2, torch.tensor(candidates)[:, None], texts)


def best(scores, candidates):
    return [candidates[i] for i in scores.argsort(descending=True)]


def by_sentence(model, ids, candidates):
    return best(log_likelihood(model, tried(ids, candidates)), candidates)


def words(model, texts):
    said = model(texts[:, :-1]).log_softmax(-1)
    return said.gather(-1, texts[:, 1:, None])[..., 0]


def after(model, ids, candidates):
    place = (ids[0] == 2).nonzero()[0].item()
    return best(words(model, tried(ids, candidates))[:, place:].sum(1), candidates)


def at(shift):
    def answer(model, ids, candidates):
        place = (ids[0] == 2).nonzero()[0].item() + shift
        return best(model(ids)[0, place, candidates], candidates)

    return answer


WRONG_SENTENCE = {
    "worst first": (lambda *x: by_sentence(*x)[::-1], "best comes first"),
    "from the left": (at(-1), "read the whole sentence"),
    "at the blank": (at(0), "the word *after* it"),
    "only what follows": (after, "own share counts"),
    "as given": (lambda model, ids, candidates: candidates, "the order is another"),
    "nothing": (lambda *x: None, "return"),
    "dots": (lambda *x: ..., "replace the dots"),
}


def parameters(vocab_size, max_len, d_model, n_layers):
    tables = (vocab_size + max_len + 2) * d_model + 2 * d_model
    block = 12 * d_model**2 + 13 * d_model
    return tables + n_layers * block + d_model**2 + d_model


WRONG_PARAMETERS = {
    "no pooler": (lambda v, t, d, n: parameters(v, t, d, n) - d * d - d, "the pooler"),
    "no segments": (lambda v, t, d, n: parameters(v, t, d, n) - 2 * d, "segments"),
    "no biases": (lambda v, t, d, n: parameters(v, t, d, n) - 9 * n * d, "biases"),
    "with the head's bias": (lambda v, t, d, n: parameters(v, t, d, n) + v, "the head"),
    "the number": (lambda *s: 109_482_240, "add table by table"),
    "the library's": (
        lambda v, t, d, n: counting.bert_parameters(v, t, d, 1, n),
        "write it yourself",
    ),
    "nothing": (lambda *s: None, "return"),
    "dots": (lambda *s: ..., "replace the dots"),
}

RIGHT = [
    (bert.can_know, RIGHT_BLANKS),
    (bert.can_know, np.array(RIGHT_BLANKS)),
    (bert.corrupt, corrupt),
    (bert.by_blank, by_blank),
    (bert.by_sentence, by_sentence),
    (bert.parameters, parameters),
]


@pytest.mark.parametrize(("check", "answer"), RIGHT, ids=lambda x: getattr(x, "__name__", ""))
def test_right_answers(check, answer):
    assert repr(check(answer)) == "Right."


def test_the_formula_is_the_librarys_count():
    assert parameters(30522, 512, 768, 12) == 109_482_240


test_wrong_blanks = refused(bert.can_know, WRONG_KNOW)
test_wrong_corruption = refused(bert.corrupt, WRONG_CORRUPT)
test_wrong_ranking_at_the_blank = refused(bert.by_blank, WRONG_BLANK)
test_wrong_ranking_by_sentences = refused(bert.by_sentence, WRONG_SENTENCE)
test_wrong_count = refused(bert.parameters, WRONG_PARAMETERS)
