"""Chapter 13: BERT."""

import numpy as np
import torch

from ..config import Config
from ..models import BERT, GPT
from ..scoring import log_likelihood
from ..tasks import IGNORED
from .verdict import by_hand, exercise, expect, result

MASK = 2
SEEN = [False, True, False, True]


@exercise
def can_know(answer):
    """For each of four blanks: can a causal model know there which pronoun is right?"""
    answer = list(answer)
    expect(len(answer) == 4, "one answer for each of the four blanks, True or False.")
    expect(all(a in (True, False) for a in answer), "each answer is True or False.")
    expect(answer != [not a for a in SEEN], "it is the other way around in all four.")
    expect(not answer[0], "the first: its noun stands behind the blank.")
    expect(answer[1], "the second: the girl stands before the blank.")
    expect(not answer[2], "the third: both its nouns, king and boy, stand behind the blank.")
    expect(answer[3], "the fourth: the full stop comes after every word.")


def _drawn(seed, shape=(40, 9)):
    rng = np.random.default_rng(seed)
    rows, others = rng.integers(3, 28, size=(2, *shape))
    return rows, rng.random(shape) < 0.3, rng.random(shape), others


@exercise
def corrupt(answer):
    """BERT's exercise: answer(rows, asked, dice, others) gives what is read and what is asked."""
    for seed in range(3):
        rows, asked, dice, others = (np.array(x) for x in _drawn(seed))
        kept = rows.copy()
        read, targets = map(np.asarray, by_hand(answer, rows, asked, dice, others))
        expect(np.array_equal(rows, kept), "the rows themselves have changed: work on a copy.")
        expect(read.shape == targets.shape == rows.shape, "both results have the rows' shape.")
        expect((targets[~asked] == IGNORED).all(), "what is not asked for has the target -100.")
        expect((targets[asked] != IGNORED).all(), "words that stay as they are are asked for too.")
        expect((targets[asked] == rows[asked]).all(), "the target is the word that stood there.")
        expect((read[~asked] == rows[~asked]).all(), "what is not asked for is read as it is.")
        hidden, changed = asked & (dice < 0.8), asked & (dice >= 0.8) & (dice < 0.9)
        expect((read[hidden] == MASK).all(), "below 0.8 the token [MASK], 2, is read.")
        expect((read[changed] == others[changed]).all(), "from 0.8 to 0.9 the other word is read.")
        left = asked & (dice >= 0.9)
        expect((read[left] == rows[left]).all(), "from 0.9 on, the word itself is read.")


def _model(kind, seed):
    torch.manual_seed(seed)
    sizes = {"vocab_size": 28, "max_len": 11, "d_model": 16, "n_heads": 2, "n_layers": 2}
    return kind(Config(**sizes, init_std=0.5)).double().eval().requires_grad_(False)


CANDIDATES = [20, 7, 13, 25, 9, 18, 27, 11, 22, 15]  # no order that a model would give


def _question(seed):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, 28, (1, 11), generator=generator)
    ids[0, 0], ids[0, 3 + seed] = 1, MASK
    return ids, 3 + seed


def _ranked(scores):
    return [CANDIDATES[i] for i in torch.as_tensor(scores).argsort(descending=True)]


@exercise
def by_blank(answer):
    """Ten candidates, best first, from one pass of BERT: answer(model, ids, candidates)."""
    for seed in range(3):
        model, (ids, place) = _model(BERT, seed), _question(seed)
        passes = _counted(model)
        mine = _listed(result(answer, model, ids.clone(), list(CANDIDATES)))
        logits = model.logits(model(ids))[0]
        expect(mine != _ranked(logits[place - 1, CANDIDATES]), "look at the blank itself.")
        expect(mine != _ranked(-logits[place, CANDIDATES]), "the best comes first.")
        expect(mine == _ranked(logits[place, CANDIDATES]), _other(mine))
        expect(passes[0] == 2, f"one pass is enough, and you make {passes[0] - 1}.")


@exercise
def by_sentence(answer):
    """Ten candidates, best first, from whole sentences: answer(model, ids, candidates)."""
    for seed in range(3):
        model, (ids, place) = _model(GPT, seed), _question(seed)
        mine = _listed(result(answer, model, ids.clone(), list(CANDIDATES)))
        tried = ids.repeat(len(CANDIDATES), 1)
        tried[:, place] = torch.tensor(CANDIDATES)
        at_blank = model(ids)[0].log_softmax(-1)[:, CANDIDATES]
        words = model(tried[:, :-1]).log_softmax(-1).gather(-1, tried[:, 1:, None])[..., 0]
        before = "these are scores from what stands before the blank: read the whole sentence."
        expect(mine != _ranked(at_blank[place - 1]), before)
        expect(mine != _ranked(at_blank[place]), "at the blank GPT says the word *after* it.")
        expect(mine != _ranked(words[:, place:].sum(1)), "the candidate's own share counts too.")
        right = log_likelihood(model, tried)
        expect(mine != _ranked(-right), "the best comes first.")
        expect(mine == _ranked(right), _other(mine))


def _counted(model):
    passes = [0]
    model.register_forward_hook(lambda *_: passes.__setitem__(0, passes[0] + 1))
    return passes


def _listed(answer):
    answer = answer.tolist() if hasattr(answer, "tolist") else list(answer)
    ids = sorted(CANDIDATES)
    expect(sorted(answer) == ids, "give back the ten candidates themselves, each once.")
    return answer


def _other(mine):
    return f"the order is another: it begins with {mine[0]}, or goes wrong later."


@exercise
def parameters(answer):
    """All parameters of a BERT without its head: answer(vocab_size, max_len, d_model, n_layers)."""
    for sizes in [(30522, 512, 768, 12), (28996, 512, 1024, 24), (100, 16, 8, 2)]:
        words, places, d, layers = sizes
        mine, block = by_hand(answer, *sizes), 12 * d * d + 13 * d
        right = (words + places + 2) * d + 2 * d + layers * block + d * d + d
        expect(mine != right - d * d - d, "the pooler is missing: one map of d by d, and a bias.")
        expect(mine != right - 2 * d, "the two segments, or the norm behind the sum, are missing.")
        expect(mine != right + words, "the head is not counted here.")
        expect(mine != right - layers * 9 * d, "each block has biases: 9 d of them.")
        expect(mine == right, f"parameters{sizes} is {right:,}: add table by table.")
