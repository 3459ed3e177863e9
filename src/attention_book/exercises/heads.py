"""Chapter 7: multi-head attention."""

import numpy as np
import torch

from .. import checks
from ..counting import count_parameters
from ..multi_head import MultiHeadAttention
from ..recording import record
from .verdict import by_hand, exercise, expect


@exercise
def obey(answer):
    """The row of *obey* in the concatenation, machine and command, to two decimals."""
    expect(len(answer) == 2, "two numbers, machine from head 1 and command from head 2.")
    machine, command = answer
    expect(abs(machine - 0.36) > 0.008, "each head is 2 wide: divide by the root of 2, not by 2.")
    expect(abs(machine - 0.38) > 0.008, "each head is 2 wide: divide by the root of 2, not of 4.")
    expect(abs(machine - 0.27) > 0.008, "divide the scores by the root of 2 first.")
    expect(abs(machine - 0.65) > 0.012, "that is the weight of orders, which carries no machine.")
    expect(command > 0.01, "a query of zeros gives equal weights, not none.")
    expect(abs(command - 0.25) > 0.008, "three words carry a command: add up their weights.")
    expect(abs(command - 0.68) > 0.012, "head 2 has weights of its own, not those of head 1.")
    checks.same(answer, [34.3 / 105.9, 0.75], tolerance=0.011)


@exercise
def count(answer):
    """The parameters of multi-head attention with biases: answer(C, H, d_k, d_v)."""
    for C, H, d_k, d_v in ((8, 2, 4, 4), (8, 2, 3, 7), (512, 8, 64, 32), (6, 1, 5, 2)):
        width = H * d_v
        right = count_parameters(MultiHeadAttention(C, H, d_k=d_k, d_v=d_v))
        gap = right - by_hand(answer, C, H, d_k, d_v)
        biases, out = 2 * H * d_k + width + C, C * width
        expect(gap != biases, "the biases of the four maps are missing.")
        expect(gap not in (out, out + C), "the map W_O is missing.")
        expect(gap != out + biases, "the map W_O and all biases are missing.")
        expect(gap == 0 or gap != C - width, "the bias of W_O is as wide as a token.")
        sizes = f"C={C}, H={H}, d_k={d_k}, d_v={d_v}"
        expect(gap == 0, f"for {sizes} there are {right:,}: you are off by {-gap:+,}.")


@exercise
def merge(answer):
    """The heads of each word one after another: (B, H, T, D) to (B, T, H D)."""
    for B, H, T, D in ((2, 3, 4, 5), (1, 2, 6, 1), (3, 2, 2, 2)):
        heads = torch.arange(float(B * H * T * D)).view(B, H, T, D)
        made, right = by_hand(answer, heads), torch.cat(heads.unbind(1), dim=-1)
        shape = tuple(made.shape)
        expect(made.shape == right.shape, f"the shape is {shape}, not {tuple(right.shape)}.")
        words = made[0, 0] // D % T  # the word that each number of row 0 comes from
        expect((words == 0).all(), "row 0 holds other words: this cuts the sentence.")
        expect(torch.equal(made, right), "the right numbers, but not head after head.")


@exercise
def needed(answer):
    """The heads of the four-head model that each skill needs: before and after, as sets."""
    expect(len(answer) == 2, "two sets of heads: for the digit before, and for the digit after.")
    before, after = map(set, answer)
    named = before | after
    expect(named <= {1, 2, 3, 4}, "heads are numbered from 1 to 4.")
    swapped = before == {2} and after == {1, 3}
    expect(not swapped, "the first set is for the digit before.")
    expect(4 not in named, "without head 4 both skills keep 98 percent or more.")
    expect(2 in after, "switch head 2 off: what happens to the digit after?")
    expect({1, 3} <= before, "keep only the heads you named: is the digit before still right?")
    expect((before, after) == ({1, 3}, {2}), "fewer heads are enough: switch one more off.")


@exercise
def swap(answer):
    """Let the two heads of a layer change places, in place; the output stays as it was."""
    for width in (8, 6):
        with torch.random.fork_rng(), torch.no_grad():
            torch.manual_seed(width)
            layer, x = MultiHeadAttention(width, 2).double(), torch.randn(1, 5, width).double()
            with record(layer) as taps:
                before = layer(x)
                answer(layer)
                after = layer(x)
        old, new = taps["weights"]
        expect(not torch.allclose(old, new), "the heads are where they were.")
        flipped = torch.allclose(old.flip(1), new)
        expect(flipped, "queries and keys must move together, with their biases.")
        hint = "values and the columns of o_proj move too, and its bias does not."
        expect(np.allclose(before, after), f"the output changed: {hint}")
