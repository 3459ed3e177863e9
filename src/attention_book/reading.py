"""Read a head: score what its weights show, and take it away in several ways."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from .multi_head import MultiHeadAttention
from .validate import reading as validate

Way = Callable[[Tensor], Tensor]


def previous_token_score(weights: Float[Tensor, "B H T T"]) -> Float[Tensor, " H"]:
    """How much each head looks at the token before, on average over all queries but the first.

    1 if it looks nowhere else. Shapes: (B, H, T, T) -> (H,). ValueError for fewer than two tokens.
    Source: Olsson et al. (2022).
    """
    validate.patterns("previous_token_score", weights)
    return weights.diagonal(-1, 2, 3).mean((0, 2))


def induction_score(
    weights: Float[Tensor, "B H T T"], ids: Int[Tensor, "B T"]
) -> Float[Tensor, " H"]:
    """How much each head looks at what followed when the query's token last stood in the text.

    The mean over all queries whose token stands further left too; its last place there is j, and
    the weight that counts is the one on j + 1.
    Shapes: weights (B, H, T, T), ids (B, T) -> (H,). ValueError where no token comes twice.
    Source: Olsson et al. (2022).
    """
    validate.patterns("induction_score", weights, ids)
    before = (ids[:, :, None] == ids[:, None, :]).tril(-1)
    places = torch.arange(1, ids.shape[1] + 1, device=ids.device)
    following = (before * places).amax(-1)  # one place after the last twin, 0 without one
    score = weights.gather(-1, following[:, None, :, None].expand(*weights.shape[:3], 1))[..., 0]
    again = following > 0
    return (score * again[:, None]).sum((0, 2)) / again.sum()


def averaged(heads: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
    """At each position what the head puts out there on average over the batch: mean ablation."""
    return heads.mean(0, keepdim=True).expand_as(heads)


def resampled(heads: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
    """For each text what the head puts out for the one before it in the batch.

    What comes in is real, but of another text: resampling ablation. A text that is alone in its
    batch keeps its own. Source: Chan et al. (2022).
    """
    return heads.roll(1, 0)


@contextmanager
def ablated(model: nn.Module, heads: Sequence[tuple[int, int]], way: Way) -> Iterator[None]:
    """While open, `way` replaces what these heads put out, before W_O; all else is as it was.

    A head is (layer, head), both from 0; layers count each `MultiHeadAttention` of the model.
    `way` takes the output of one head, (B, T, D), and returns what is to stand there:
    `torch.zeros_like` is zero ablation, `averaged` and `resampled` are two more. A function that
    returns an output kept from another run is activation patching.
    ValueError or TypeError for a head that the model lacks, and for a replacement of another shape.
    """
    layers = [module for module in model.modules() if isinstance(module, MultiHeadAttention)]
    validate.ablated(layers, heads, way)
    with ExitStack() as hooks:
        for layer, head in heads:
            hook = _replacing(layers[layer].n_heads, head, way)
            hooks.callback(layers[layer].o_proj.register_forward_pre_hook(hook).remove)
        yield


def _replacing(n_heads, head, way):
    def hook(module, inputs):
        parts = list(inputs[0].chunk(n_heads, -1))
        parts[head] = validate.stand_in(way(parts[head]), parts[head])
        return torch.cat(parts, -1)

    return hook
