"""What a model is to continue, and how the next token is chosen."""

import math

import torch

from .models import places
from .numbers import instance, real_number, refuse, whole_number
from .tensors import FLOATS, INTS, ids, readable, same_kind, tensor


def generation(function, model, prompts, n, end):
    """A model that continues texts, and prompts with room for n more tokens."""
    _continues(function, model)
    most, n = model.config.max_len, whole_number(function, "n", n)
    if end is not None:
        end = whole_number(function, "end", end, most=model.config.vocab_size - 1)
    longest = _prompts(function, model.embeddings.tokens.weight, prompts)
    if longest + n > most:
        raise ValueError(
            f"{function}: a prompt of {longest} tokens and {n} more do not fit into max_len, {most}"
        )
    return n, end


def _continues(function, model):
    if not hasattr(model, "step") or hasattr(model, "encode"):
        write = "a Transformer needs its source first: model.reading(source_ids)"
        refuse(function, "model", "be a GPT", type(model).__name__, write, TypeError)
    if model.training and model.config.dropout:
        raise ValueError(
            f"{function}: the model is training, so dropout would disturb it; write model.eval()"
        )


def _prompts(function, table, prompts):
    if not isinstance(prompts, (list, tuple)):
        places(function, "ids", prompts, table)
        ids(function, "ids", prompts, len(table), "vocab_size")
        return prompts.shape[1]
    for row, prompt in enumerate(prompts):
        tensor(function, f"ids[{row}]", prompt, INTS, ("tokens",))
        same_kind(function, f"ids[{row}]", prompt, "the model", table)
        ids(function, f"ids[{row}]", prompt, len(table), "vocab_size")
    if not prompts or not all(map(len, prompts)):
        refuse(function, "ids", "hold prompts of at least one token", "an empty one")
    return max(map(len, prompts))


def logits(function, x):
    tensor(function, "logits", x, FLOATS, ("batch", "vocabulary"))
    if x.shape[1] == 0:
        refuse(function, "logits", "be (batch, vocabulary)", tuple(x.shape))


def likely(function, best):
    """The largest logits of each row, one of which is taken, are numbers; asked on a CPU only."""
    if not (best.is_cpu and readable(best)):
        return
    for row, logit in enumerate(best.tolist()):
        if not math.isfinite(logit):
            raise ValueError(
                f"{function}: the largest of logits[{row}] is {logit}, so no token can be "
                f"chosen; has the model diverged, or is every token forbidden?"
            )


def ranked(function, scores):
    if scores.isnan().any():
        raise ValueError(f"{function}: the model's logits are NaN or infinite; has it diverged?")


def chosen(function, x, batch, size):
    """Return what `choose` chose, if it is one id for each row; which ids, is asked on a CPU."""
    if getattr(x, "dtype", None) not in INTS or x.shape != (batch,):
        tensor(function, "what choose returns", x, INTS, (batch,))
    if x.is_cpu and not all(0 <= i < size for i in x.tolist()):
        ids(function, "what choose returns", x, size, "vocab_size")
    return x


def sampling(function, temperature, top_k, top_p, generator):
    wanted = "at least 0 (greedy) and finite"
    temperature = real_number(
        function, "temperature", temperature, wanted, lambda t: 0 <= t < math.inf
    )
    if top_k is not None:
        top_k = whole_number(function, "top_k", top_k, least=1)
    if top_p is not None:
        wanted = "positive and at most 1, all of them"
        top_p = real_number(function, "top_p", top_p, wanted, lambda p: 0 < p <= 1)
    if generator is not None:
        instance(function, "generator", generator, torch.Generator)
    return temperature, top_k, top_p


def speculation(function, model, draft, ids, n, ahead, end):
    """Two models of one vocabulary, with room for one text and n more tokens in both."""
    instance(function, "ids", ids, torch.Tensor)
    n, end = generation(function, model, ids, n, end)
    _continues(f"{function}, draft", draft)
    sizes = model.config.vocab_size, draft.config.vocab_size
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"{function}: the draft must have the model's vocabulary of {sizes[0]}, got {sizes[1]}"
        )
    generation(f"{function}, draft", draft, ids, n, end)
    if len(ids) != 1:
        refuse(function, "ids", "be one text, (1, T)", tuple(ids.shape))
    return n, whole_number(function, "ahead", ahead, least=1), end


def chances(function, target, draft):
    """Two rows of chances, or more, over the same tokens."""
    for name, x in {"target": target, "draft": draft}.items():
        instance(function, name, x, torch.Tensor)
    if target.shape != draft.shape or not target.ndim or target.dtype != draft.dtype:
        refuse(
            function,
            "draft",
            f"have the target's shape and dtype, {tuple(target.shape)} {target.dtype}",
            f"{tuple(draft.shape)} {draft.dtype}",
        )
