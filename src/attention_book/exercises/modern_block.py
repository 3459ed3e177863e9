"""Chapter 15: the block of today."""

import numpy as np
import torch

from ..rotary import halves_from_pairs, rotate
from .verdict import by_hand, exercise, expect, result


def _normal(*shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


@exercise
def rms(answer):
    """RMSNorm of an array of rows, with its weight: answer(x, weight, eps)."""
    for eps, shape in [(1e-5, (4, 8)), (0.5, (3, 5))]:
        x, weight = 3 + _normal(*shape, seed=1), _normal(shape[1], seed=2)
        mine = np.asarray(by_hand(answer, x.copy(), weight, eps))
        expect(mine.shape == shape, f"a row for each row: {shape}, got {mine.shape}.")
        square = np.square(x).mean(-1, keepdims=True)
        centered = x - x.mean(-1, keepdims=True)
        right = x / np.sqrt(square + eps) * weight
        wrong = {
            "this is LayerNorm: leave the mean where it is.": centered
            / np.sqrt(np.square(centered).mean(-1, keepdims=True) + eps)
            * weight,
            "the mean of the squares, not their sum.": x
            / np.sqrt(np.square(x).sum(-1, keepdims=True) + eps)
            * weight,
            "eps belongs under the root.": x / (np.sqrt(square) + eps) * weight,
            "the weight is missing: each feature is stretched by its own.": right / weight,
            "the mean of each row, not of the whole array.": x
            / np.sqrt(np.square(x).mean() + eps)
            * weight,
            "divide by the root of the mean square, not by the mean square.": x
            / (square + eps)
            * weight,
        }
        for text, other in wrong.items():
            expect(np.allclose(mine, right) or not np.allclose(mine, other), text)
        expect(np.allclose(mine, right), "divide by the root of the mean square, then stretch.")


def _paired(x, places):
    """The paper's layout by hand: neighbors turn together."""
    order = halves_from_pairs(x.shape[-1])
    return rotate(x[..., order], places)[..., order.argsort()]


def _scores(rows, n_heads, turn):
    heads = rows.unflatten(-1, (n_heads, -1)).transpose(0, 1)
    turned = turn(heads, torch.arange(len(rows)))
    return turned @ turned.mT


@exercise
def port(answer):
    """Rows of W_Q or W_K from neighbors to halves: answer(weight, n_heads)."""
    for n_heads, width in [(2, 8), (3, 4), (1, 6)]:
        weight = torch.from_numpy(_normal(n_heads * width, 7, seed=n_heads))
        mine = by_hand(answer, weight.clone(), n_heads)
        fits = getattr(mine, "shape", None) == weight.shape
        expect(fits, f"the rows change their order only: {tuple(weight.shape)}.")
        heads = weight.unflatten(0, (n_heads, width))
        right, order = heads[:, halves_from_pairs(width)].flatten(0, 1), torch.arange(width)
        whole, back = weight[halves_from_pairs(len(weight))], order.view(2, -1).T.flatten()
        expect(not torch.equal(mine, weight), "nothing has moved.")
        if n_heads > 1:
            mixed = "this mixes the heads: reorder the rows of each head by itself."
            expect(not torch.equal(mine, whole), mixed)
        if width > 4:
            backward = "this is the way back, from halves to neighbors."
            expect(not torch.equal(mine, heads[:, back].flatten(0, 1)), backward)
        x = torch.from_numpy(_normal(5, 7, seed=9))
        theirs = _scores(x @ weight.T, n_heads, _paired)
        same = torch.allclose(_scores(x @ mine.T, n_heads, rotate), theirs)
        expect(same, "the scores change: even rows of a head first, then its odd rows.")
        expect(torch.equal(mine, right), "keep the order within the even and the odd rows.")


@exercise
def squeeze(answer):
    """Places of n tokens for a model that was trained on `trained`: answer(n, trained)."""
    for n, trained in [(48, 24), (100, 24), (7, 3)]:
        mine = torch.as_tensor(by_hand(answer, n, trained), dtype=torch.float64)
        expect(mine.shape == (n,), f"a place for each of {n} tokens, got {tuple(mine.shape)}.")
        expect(mine[0] == 0, "the first token stays at place 0.")
        expect(mine.unique().numel() == n, "no two tokens may share a place: do not round or cut.")
        expect(mine.max() < trained, "so many tokens reach beyond the trained places.")
        steps = mine.diff()
        expect(torch.allclose(steps, steps[:1].expand_as(steps)), "all steps are equally long.")
        right = f"a step is trained / n = {trained}/{n}."
        expect(torch.isclose(steps[0], torch.tensor(trained / n).double()), right)
    for n, trained in [(24, 24), (5, 24)]:
        mine = torch.as_tensor(by_hand(answer, n, trained), dtype=torch.float64)
        short = "a text that fits keeps its places 0, 1, 2, …: squeeze longer ones only."
        expect(torch.equal(mine, torch.arange(n).double()), short)


def _experts(count, width, seed):
    maps = torch.from_numpy(_normal(count, width, width, seed=seed))
    return [lambda x, m=m: x @ m for m in maps]


def _watched(experts, called):
    """The same, but each notes its number when it is asked."""
    return [
        lambda x, i=i, expert=expert: called.append(i) or expert(x)
        for i, expert in enumerate(experts)
    ]


@exercise
def router(answer):
    """One token through its k likeliest experts: answer(x, logits, experts, k)."""
    for count, k in [(4, 2), (4, 1), (5, 3)]:
        experts, x = _experts(count, 3, seed=k), torch.from_numpy(_normal(3, seed=7))
        logits = torch.from_numpy(_normal(count, seed=10 + k)).requires_grad_()
        called = []
        mine = result(answer, x, logits, _watched(experts, called), k)
        best = logits.topk(k).indices.tolist()
        fits = getattr(mine, "shape", None) == x.shape
        expect(fits, "the result is a vector like x.")
        asked = f"only the {k} likeliest of {count} experts may be asked: {sorted(best)}."
        expect(sorted(called) == sorted(best), asked)
        outputs = {i: experts[i](x) for i in best}
        shares = logits.softmax(-1)
        plain, renewed = sum(outputs.values()), logits[best].softmax(-1)
        even = "all of them count alike, so the router gets no gradient: weigh each by its share."
        expect(k == 1 or not torch.allclose(mine, plain / k), even)
        expect(not torch.allclose(mine, plain), even)
        again = sum(share * outputs[i] for share, i in zip(renewed, best, strict=True))
        alone = (
            "shares among the chosen alone: of a single expert that is 1, whatever the router says."
        )
        expect(not torch.allclose(mine, again), alone)
        right = sum(shares[i] * outputs[i] for i in best)
        expect(torch.allclose(mine, right), "weigh each by its share in the softmax of all logits.")
        cut = "no gradient reaches the logits: detach, item and tolist cut it."
        expect(mine.requires_grad, cut)
        gradient = torch.autograd.grad(mine.sum(), logits)[0]
        expect(gradient.abs().sum() > 0, cut)
