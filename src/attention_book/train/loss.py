"""How wrong a model is about the next token."""

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from ..validate import training as validate


def cross_entropy(
    logits: Float[Tensor, "*places V"], targets: Int[Tensor, "*places"]
) -> Float[Tensor, ""]:
    r"""How surprised the model is by the right tokens, in nats: 0 if it was sure of them.

    $-\frac{1}{n}\sum_i \log\,\mathrm{softmax}(\mathrm{logits}_i)_{\mathrm{target}_i}$ over the n
    places where something is asked; a target of -100 asks for nothing. A model that knows nothing
    has a loss of about $\ln V$. ValueError if no place asks for anything, IndexError for a
    target outside the vocabulary.
    """
    validate.cross_entropy(logits, targets)
    return F.cross_entropy(
        logits.flatten(0, -2), targets.flatten().long(), ignore_index=validate.IGNORED
    )
