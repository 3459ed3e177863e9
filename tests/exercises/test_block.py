import pytest
import torch
from torch import nn

from attention_book import Block, Config, counting
from attention_book.exercises import block
from tests.exercises.answers import refused

WRONG_NORMS = {
    (1, -1, -1, 1): "now the learned weight",
    (6, 0, 0, 6): "the bias comes last",
    (3, -3, -3, 3): "still to be added",
    (2.5, -0.5, -0.5, 2.5): "root of the variance",
    (3.598, -1.598, -1.598, 3.598): "not by n - 1",
    (6, 2, 2, 6): "now normalize it",
    (4, -2, -2): "four numbers",
    (0, 0, 0, 0): "differ",
    (..., ..., ..., ...): "replace the dots",
}
BENDS = [[1, 1], [1, 1]], [0, -1]
WRONG_TWOS = {
    "no bend": (([[0, 0], [0, 0]], [1, 1], [0.25, 0.25]), "one half"),
    "only one neuron": ((*BENDS, [1, 0]), "both gives 2"),
    "once": ((*BENDS, [1, -1]), "both gives 1"),
    "four neurons": (([[1, 1, -1, -1], [1, -1, 1, -1]], [0] * 4, [1] * 4), "two neurons across"),
    "one bias": (([[1, 1], [1, 1]], [0], [1, -2]), "one number for each neuron"),
    "linear": (([[1, 0], [0, 1]], [1, 1], [1, 1]), "ReLU bends nothing"),
    "dots": (([[..., ...], [..., ...]], [..., ...], [..., ...]), "replace the dots"),
    "all but none": (([[1, 1], [1, 1]], [0, -1], [1, -3]), "and not 0, 1, 1, 0"),
}


def test_the_norm():
    assert block.norm([4, -2, -2, 4])


@pytest.mark.parametrize("answer", WRONG_NORMS)
def test_wrong_norms(answer):
    assert WRONG_NORMS[answer] in repr(block.norm(list(answer)))


def test_the_norm_without_what_came_in():
    alone = torch.tensor([2.0, 0, 1, 2])
    normed = (alone - alone.mean()) / alone.std(correction=0) * 3 + 1
    assert "residual connection is missing" in repr(block.norm(normed.tolist()))


def test_two_neurons():
    assert block.two(*BENDS, [1, -2])
    assert block.two([[1, -1], [-1, 1]], [0, 0], [1, 1])


@pytest.mark.parametrize("name", WRONG_TWOS)
def test_wrong_neurons(name):
    answer, says = WRONG_TWOS[name]
    assert says in repr(block.two(*answer))


def pre_norm(x, attention, feed_forward, norm_1, norm_2):
    x = x + attention(norm_1(x))
    return x + feed_forward(norm_2(x))


def post_norm(x, attention, feed_forward, norm_1, norm_2):
    x = norm_1(x + attention(x))
    return norm_2(x + feed_forward(x))


def in_place(x, attention, feed_forward, norm_1, norm_2):
    x += attention(norm_1(x))
    return x + feed_forward(norm_2(x))


def from_the_start(x, attention, feed_forward, norm_1, norm_2):
    return x + feed_forward(norm_2(x + attention(norm_1(x))))


def normed(x, attention, feed_forward, norm_1, norm_2):
    x = norm_1(x)
    x = norm_2(x + attention(x))
    return x + feed_forward(x)


def by_the_library(x, *parts):
    return Block(
        Config(vocab_size=2, max_len=4, d_model=x.shape[1], n_heads=1, n_layers=1)
    ).double()(x[None])


WRONG_ORDERS = {
    "post-norm": (post_norm, "this is post-norm"),
    "in place": (in_place, "changes x itself"),
    "from the start": (from_the_start, "adds the first sum"),
    "the norms swapped": (lambda x, a, f, n, m: pre_norm(x, a, f, m, n), "norm_1 is for attention"),
    "the network first": (lambda x, a, f, n, m: pre_norm(x, f, a, n, m), "attention comes first"),
    "no plus": (lambda x, a, f, n, m: f(m(a(n(x)))), "residual connections are missing"),
    "one plus": (lambda x, a, f, n, m: f(m(x + a(n(x)))), "second residual connection is missing"),
    "no norm": (lambda x, a, f, n, m: x + a(x) + f(x + a(x)), "normalize what goes into"),
    "the normed kept": (normed, "without its norm"),
    "the input": (lambda x, a, f, n, m: x, "differ"),
    "one size": (lambda x, a, f, n, m: pre_norm(*block._halves(0)), "write it yourself"),
    "the library's": (by_the_library, "write it yourself"),
    "nothing": (lambda x, a, f, n, m: None, "return"),
    "dots": (lambda x, a, f, n, m: ..., "replace the dots"),
}


def test_pre_norm():
    assert block.pre_norm(pre_norm)


test_wrong_orders = refused(block.pre_norm, WRONG_ORDERS)


def count(C, d_ff):
    return 4 * (C * C + C) + (C * d_ff + d_ff) + (d_ff * C + C) + 4 * C


def from_a_block(C, d_ff):
    sizes = Config(vocab_size=2, max_len=4, d_model=C, n_heads=1, n_layers=1, d_ff=d_ff)
    return counting.count_parameters(Block(sizes))


WRONG_COUNTS = {
    "C biases up": (lambda C, d_ff: count(C, d_ff) - d_ff + C, "as many biases"),
    "no norms": (lambda C, d_ff: count(C, d_ff) - 4 * C, "the two norms"),
    "one norm": (lambda C, d_ff: count(C, d_ff) - 2 * C, "each with a weight and a bias"),
    "no bias in q, k, v": (lambda C, d_ff: count(C, d_ff) - 3 * C, "queries, keys and values"),
    "no biases": (lambda C, d_ff: count(C, d_ff) - 5 * C - d_ff, "six maps have biases"),
    "no biases in the network": (lambda C, d_ff: count(C, d_ff) - C - d_ff, "two maps have biases"),
    "no output map": (lambda C, d_ff: count(C, d_ff) - C * C - C, "W_O"),
    "four times": (lambda C, d_ff: count(C, 4 * C), "need not be four times"),
    "a constant": (lambda C, d_ff: 7_087_872, "C = 10 and d_ff = 7 make 637"),
    "the library's": (lambda C, d_ff: counting.block_parameters(C, 1, d_ff), "write it yourself"),
    "a block's": (from_a_block, "write it yourself"),
    "nothing": (lambda C, d_ff: None, "return"),
    "dots": (lambda C, d_ff: ..., "replace the dots"),
}


def test_the_count():
    assert block.count(count)


test_wrong_counts = refused(block.count, WRONG_COUNTS)


def folded(norm, linear, weight=None, bias=None):
    made = nn.Linear(linear.in_features, linear.out_features).double()
    made.weight.data = linear.weight * norm.weight if weight is None else weight
    made.bias.data = linear(norm.bias) if bias is None else bias
    return made


def scaled_rows(norm, linear):
    return folded(norm, linear, norm.weight[:, None] * linear.weight)


def in_the_old_map(norm, linear):
    bias = linear(norm.bias)
    linear.weight.data *= norm.weight
    linear.bias.data = bias
    return folded(norm, linear, linear.weight, bias)


WRONG_FOLDS = {
    "the old map": (lambda n, m: m, "leave the old one"),
    "both": (nn.Sequential, "one map, no norm"),
    "a copy": (lambda n, m: folded(n, m, m.weight), "belongs into W"),
    "rows": (scaled_rows, "scale columns"),
    "the old bias": (lambda n, m: folded(n, m, bias=m.bias), "goes through the map"),
    "b as it is": (lambda n, m: folded(n, m, bias=m.bias + n.bias), "mapped by W first"),
    "no bias of its own": (lambda n, m: folded(n, m, bias=m.weight @ n.bias), "own bias is lost"),
    "w twice": (
        lambda n, m: folded(n, m, bias=m.weight * n.weight @ n.bias + m.bias),
        "without w",
    ),
    "in place": (in_the_old_map, "changes the old map"),
    "four wide": (lambda n, m: nn.Linear(4, 4), "column j"),
    "nothing": (lambda n, m: None, "return"),
    "dots": (lambda n, m: ..., "replace the dots"),
    "dots alone": (..., "replace the dots"),
}


def test_the_fold():
    assert block.fold(folded)


test_wrong_folds = refused(block.fold, WRONG_FOLDS)
