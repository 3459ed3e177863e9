"""How likely a model finds whole texts: each word from its past, or each from all others."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .models import BERT, GPT
from .validate import scoring as validate


def log_likelihood(model: GPT, ids: Int[Tensor, "B T"]) -> Float[Tensor, " B"]:
    r"""The log of the probability that a GPT gives to each text, behind its first token.

    $\sum_{t \ge 1} \log p(x_t \mid x_0 \dots x_{t-1})$, in one pass. Over all texts of one length
    that begin alike, the probabilities sum to 1. Shapes: ids (B, T), T at least 2 -> (B,).
    TypeError for a model that is no GPT, ValueError for a single token; ids as in `GPT`.
    """
    validate.scored("log_likelihood", model, GPT, ids)
    return _of_words(model(ids[:, :-1]), ids[:, 1:]).sum(dim=1)


def pseudo_log_likelihood(
    model: BERT, ids: Int[Tensor, "B T"], mask_token: int
) -> Float[Tensor, " B"]:
    r"""The sum of the logs of what a BERT gives to each token but the first, from all others.

    $\sum_{t \ge 1} \log p(x_t \mid \text{all others})$, in T - 1 passes, each with one token
    hidden behind `mask_token`. It ranks texts; its powers are no probabilities and need not sum
    to 1. Shapes: ids (B, T), T at least 2 -> (B,). Errors are those of `log_likelihood`.
    Source: Salazar et al. (2020), section 2.
    """
    validate.scored("pseudo_log_likelihood", model, BERT, ids)
    vocab_size = model.config.vocab_size
    mask_token = validate.mask_token("pseudo_log_likelihood", mask_token, vocab_size)
    places = range(1, ids.shape[1])
    scores = [_of_hidden(model, ids, place, mask_token) for place in places]
    return torch.stack(scores).sum(dim=0)


def _of_hidden(model, ids, place, mask_token):
    read = ids.clone()
    read[:, place] = mask_token
    return _of_words(model.logits(model(read)[:, place]), ids[:, place])


def _of_words(logits, ids):
    return logits.log_softmax(dim=-1).gather(-1, ids[..., None].long())[..., 0]
