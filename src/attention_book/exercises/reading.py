"""Chapter 14: reading heads."""

from contextlib import ExitStack

import numpy as np
import torch

from ..config import Config
from ..models import GPT
from ..reading import ablated
from .verdict import by_hand, exercise, expect, result


@exercise
def three_ways(answer):
    """The shares that stay right after zero, mean and resampling ablation, on paper."""
    expect(len(answer) == 3, "three shares: zero, mean, resampled.")
    zero, mean, resampled = map(float, answer)
    expect(zero != 0, "zero is below 2 too: the model says no to all, and one no is right.")
    expect(zero == 0.25, "with zeros the model says no four times.")
    expect(mean != 0.25, "the mean of 4, 4, 4 and 0 is 3, which is above 2.")
    expect(mean == 0.75, "with the mean the model says yes four times.")
    expect(resampled != 0.75, "text 4 gets the 4 of text 3, so it is wrong too.")
    expect(resampled == 0.5, "in turn the texts get 0, 4, 4, 4: those of the text before.")


def _texts():
    rng = np.random.default_rng(14)
    for length in (7, 9, 12):
        powers = np.tril(rng.random((length, length)) + 0.05)
        yield powers / powers.sum(axis=1, keepdims=True), rng.integers(4, size=length).tolist()


def _mean_at(weights, ids, place):
    """The mean weight on `place(i, earlier places of the token)`, where there are any."""
    found = []
    for i in range(len(ids)):
        twins = [j for j in range(i) if ids[j] == ids[i]]
        found += [weights[i, place(i, twins)]] if twins else []
    return np.mean(found), len(found)


@exercise
def induction(answer):
    """The induction score of one head and one text: answer(weights, ids), (T, T) and a list."""
    for weights, ids in _texts():
        mine = by_hand(answer, weights, ids)
        right, count = _mean_at(weights, ids, lambda i, twins: twins[-1] + 1)
        for place, says in {
            lambda i, twins: twins[-1]: "that is the weight on the twin: look one place behind it.",
            lambda i, twins: twins[0] + 1: "of several twins the last counts.",
            lambda i, twins: i - 1: "that is the weight on the token before.",
        }.items():
            slip = _mean_at(weights, ids, place)[0]
            expect(abs(mine - slip) > 1e-9 or abs(slip - right) <= 1e-9, says)
        expect(abs(mine - right * count) > 1e-9, "take the mean, not the sum.")
        all_ = "divide by the queries whose token stands further left, not by all."
        expect(abs(mine - right * count / len(ids)) > 1e-9, all_)
        says = f"for the tokens {ids} it is {right:.4f}, not {mine:.4f}."
        expect(abs(mine - right) <= 1e-9, says)


@exercise
def disguise(answer):
    """Values with which other weights give the same mixture: answer(weights, values, other)."""
    rng = np.random.default_rng(4)
    for tokens, width in [(3, 2), (5, 4)]:
        values = rng.normal(size=(tokens, width))
        weights = np.sort(rng.dirichlet(np.ones(tokens)))
        other = weights[::-1].copy()
        mine = np.asarray(by_hand(answer, weights, values.copy(), other))
        shape = f"a value for each token: shape {values.shape}, got {mine.shape}."
        expect(mine.shape == values.shape, shape)
        upside = np.allclose(mine, values * (other / weights)[:, None])
        expect(not upside, "upside down: where the weight falls, the value has to grow.")
        expect(not np.allclose(mine, values), "with the old values the mixture is another.")
        expect(np.allclose(other @ mine, weights @ values), "the mixtures differ.")
        own = np.allclose(mine / mine[:, :1], values / values[:, :1])
        expect(own, "each token must bring its own value, longer or shorter.")


@exercise
def patch(answer):
    """Logits with heads of another text: answer(model, heads, ids, other)."""
    config = Config(vocab_size=6, max_len=5, d_model=8, n_heads=2, n_layers=2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(14)
        model = GPT(config).double().eval()
    ids, other = torch.tensor([[0, 1, 2, 3, 4]]), torch.tensor([[5, 1, 1, 0, 2]])
    for heads in ([(0, 1)], [(1, 0)], [(0, 0), (1, 1)]):
        with torch.no_grad():
            mine = result(answer, model, heads, ids, other)
            plain, right = model(ids), _patched(model, heads, ids, other)
            with ablated(model, heads, torch.zeros_like):
                zeros = model(ids)
            back = _patched(model, heads, other, ids)
        expect(getattr(mine, "shape", None) == plain.shape, "return the logits of `ids`.")
        expect(not torch.allclose(mine, plain), "nothing is patched: these are the model's own.")
        expect(not torch.allclose(mine, model(other)), "these are the logits of the other text.")
        expect(
            not torch.allclose(mine, zeros), "these heads are zero, not those of the other text."
        )
        expect(not torch.allclose(mine, back), "the other way round: `ids` is read with the patch.")
        says = (
            f"for {heads} the logits differ: keep what each head says, in the order of the calls."
        )
        expect(torch.allclose(mine, right), says)


def _patched(model, heads, ids, other):
    kept = {}
    with ExitStack() as open_:
        for head in heads:
            open_.enter_context(ablated(model, [head], _keep(kept, head)))
        model(other)
    with ExitStack() as open_:
        for head in heads:
            open_.enter_context(ablated(model, [head], lambda z, head=head: kept[head]))
        return model(ids)


def _keep(kept, head):
    return lambda z: kept.setdefault(head, z)
