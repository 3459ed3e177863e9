import numpy as np
import torch

from attention_book import RMSNorm
from attention_book.exercises import modern_block
from attention_book.rotary import halves_from_pairs
from tests.exercises.answers import accepted, all_refused


def rms(x, weight, eps):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * weight


def layer_norm(x, weight, eps):
    x = x - x.mean(-1, keepdims=True)
    return rms(x, weight, eps)


def the_librarys_norm(x, weight, eps):
    norm = RMSNorm(len(weight), eps=eps).double()
    norm.weight.data = torch.from_numpy(weight)
    return norm(torch.from_numpy(x)).detach().numpy()


WRONG_RMS = {
    "LayerNorm": (layer_norm, "this is LayerNorm"),
    "sum": (lambda x, w, e: x / np.sqrt((x**2).sum(-1, keepdims=True) + e) * w, "not their sum"),
    "eps outside": (
        lambda x, w, e: x / (np.sqrt((x**2).mean(-1, keepdims=True)) + e) * w,
        "under the root",
    ),
    "no weight": (lambda x, w, e: rms(x, 1, e), "the weight is missing"),
    "whole array": (lambda x, w, e: x / np.sqrt((x**2).mean() + e) * w, "of each row"),
    "no root": (lambda x, w, e: x / ((x**2).mean(-1, keepdims=True) + e) * w, "by the root"),
    "one number": (lambda x, w, e: 1.0, "a row for each row"),
    "unchanged": (lambda x, w, e: x, "then stretch"),
    "the library's": (the_librarys_norm, "write it yourself"),
    "nothing": (lambda x, w, e: None, "return"),
    "dots": (lambda x, w, e: ..., "replace the dots"),
}


def port(weight, n_heads):
    heads = weight.unflatten(0, (n_heads, -1))
    return torch.cat((heads[:, 0::2], heads[:, 1::2]), dim=1).flatten(0, 1)


def back(weight, n_heads):
    heads = weight.unflatten(0, (n_heads, 2, -1))
    return heads.transpose(1, 2).flatten(0, 2)


def odd_first(weight, n_heads):
    heads = weight.unflatten(0, (n_heads, -1))
    return torch.cat((heads[:, 1::2], heads[:, 0::2]), dim=1).flatten(0, 1)


WRONG_PORT = {
    "unchanged": (lambda w, h: w, "nothing has moved"),
    "all rows": (lambda w, h: port(w, 1), "mixes the heads"),
    "back": (back, "the way back"),
    "odd first": (odd_first, "the scores change"),
    "columns": (lambda w, h: w.T, "the rows change their order only"),
    "other pairs": (
        lambda w, h: port(w, h).unflatten(0, (h, 2, -1)).flip(2).flatten(0, 2),
        "scores",
    ),
    "the library's": (
        lambda w, h: w.unflatten(0, (h, -1))[:, halves_from_pairs(len(w) // h)].flatten(0, 1),
        "write it yourself",
    ),
    "nothing": (lambda w, h: None, "return"),
    "dots": (lambda w, h: ..., "replace the dots"),
}


def squeeze(n, trained):
    return torch.arange(n) * min(1, trained / n)


WRONG_SQUEEZE = {
    "as they are": (lambda n, t: torch.arange(n), "beyond the trained places"),
    "cut": (lambda n, t: torch.arange(n).clamp(max=t - 1), "share a place"),
    "again from 0": (lambda n, t: torch.arange(n) % t, "share a place"),
    "rounded": (lambda n, t: (torch.arange(n) * t / n).floor(), "share a place"),
    "from 1": (lambda n, t: (torch.arange(n) + 1) * t / n, "first token stays"),
    "to the last place": (
        lambda n, t: torch.arange(n) * (t - 1) / (n - 1),
        "a step is trained / n",
    ),
    "stretched": (lambda n, t: torch.arange(n) * t / n, "squeeze longer ones only"),
    "logarithm": (lambda n, t: torch.arange(n).double().log1p(), "equally long"),
    "too few": (lambda n, t: torch.arange(t), "a place for each"),
    "nothing": (lambda n, t: None, "return"),
    "dots": (lambda n, t: ..., "replace the dots"),
}


def router(x, logits, experts, k):
    shares = logits.softmax(-1)
    return sum(shares[i] * experts[i](x) for i in logits.topk(k).indices)


def unweighted(x, logits, experts, k):
    return sum(experts[i](x) for i in logits.topk(k).indices)


def renewed(x, logits, experts, k):
    chosen, places = logits.topk(k)
    return sum(p * experts[i](x) for p, i in zip(chosen.softmax(-1), places, strict=True))


def everyone(x, logits, experts, k):
    outputs = torch.stack([expert(x) for expert in experts])
    return logits.softmax(-1) @ outputs


WRONG_ROUTER = {
    "unweighted": (unweighted, "the router gets no gradient"),
    "mean": (lambda x, s, e, k: unweighted(x, s, e, k) / k, "the router gets no gradient"),
    "renewed": (renewed, "of a single expert that is 1"),
    "everyone": (everyone, "only the 2 likeliest"),
    "the last": (lambda x, s, e, k: router(x, -s, e, k), "only the 2 likeliest"),
    "cut": (lambda x, s, e, k: router(x, s.detach(), e, k), "no gradient reaches"),
    "logits": (lambda x, s, e, k: sum(s[i] * e[i](x) for i in s.topk(k).indices), "softmax of all"),
    "number": (lambda x, s, e, k: router(x, s, e, k).sum(), "a vector like x"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}

RIGHT = {
    modern_block.rms: rms,
    modern_block.port: port,
    modern_block.squeeze: squeeze,
    modern_block.router: router,
}
WRONG = {
    modern_block.rms: WRONG_RMS,
    modern_block.port: WRONG_PORT,
    modern_block.squeeze: WRONG_SQUEEZE,
    modern_block.router: WRONG_ROUTER,
}


test_right_answers = accepted(RIGHT)


def test_a_list_of_places_is_right_too():
    assert modern_block.squeeze(lambda n, t: squeeze(n, t).tolist())


test_wrong_answers = all_refused(WRONG)
