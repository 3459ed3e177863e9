"""Two sequences that chapters step through: one query's attention, and a growing KV cache."""

import numpy as np

from . import inputs
from .stepper import Step, stepper

MULTIPLY = "all multiply-adds, {} cache"


def attention_steps(query, keys, values, words, **texts):
    """One query's attention in five steps: compare, scale, raise, share, mix.

    Shapes: query (D,), keys (T, D), values (T, Dv), one word for each key.
    """
    given = {"query": query, "keys": keys, "values": values}
    query, keys, values = (inputs.array(x, f"attention_steps: {n}") for n, x in given.items())
    scores = keys @ query
    scaled = scores / np.sqrt(len(query))
    powers = np.exp(scaled)
    shares = powers / powers.sum()
    rows = {"query": [query], "keys": list(keys), "score": list(scores)}
    steps = [Step("1 compare", "Each key's dot product with the query is its score.", rows)]

    def add(name, says, **more):
        rows = steps[-1].rows | {title.replace("_", " "): row for title, row in more.items()}
        steps.append(Step(name, says, rows))

    add("2 scale", f"Divide by the root of the key width, √{len(query)}.", scaled=list(scaled))
    add("3 raise", "Raise e to each: no number is negative now.", power=list(powers))
    add("4 share", f"Divide by their sum, {powers.sum():.3f}: one whole.", share=list(shares))
    mixed = {"values": list(values), "output": [shares @ values]}
    add("5 mix", "Take each value times its share, and add.", **mixed)
    texts = {"title": "One query, five steps", "hint": HINT} | texts
    return stepper(steps, words, **texts)


HINT = "go to step 3 and guess the shares before you go on. Which word has more than its part?"


def cache_steps(words, d_head=64, bytes_each=2, **texts):
    """A KV cache of one head that grows word by word, with its cost and what it saves.

    Multiply-adds of one head: 3·d² to project a word to q, k and v, and d for each score and each
    share of a value. Without the cache every step repeats those of all words so far.
    """
    steps = [_cache_step(list(words), t, d_head, bytes_each) for t in range(1, len(words) + 1)]
    texts = {
        "title": f"The cache of one head, d = {d_head}",
        "hint": "step from the first word on. Which count grows evenly, which ever faster?",
    } | texts
    return stepper(steps, words, **texts)


def _cache_step(words, t, d, bytes_each):
    cached = sum(3 * d * d + 2 * n * d for n in range(1, t + 1))
    repeated = sum(3 * n * d * d + 2 * n * n * d for n in range(1, t + 1))
    empty = [""] * (len(words) - t)
    rows = {
        "query now": [""] * (t - 1) + [words[t - 1]] + empty,
        "keys kept": words[:t] + empty,
        "values kept": words[:t] + empty,
        "bytes kept": 2 * t * d * bytes_each,
        MULTIPLY.format("with"): cached,
        MULTIPLY.format("without"): repeated,
    }
    return Step(
        f"{t} {words[t - 1]}",
        f"{words[t - 1]} adds its key and value, and asks all kept keys.",
        rows,
    )
