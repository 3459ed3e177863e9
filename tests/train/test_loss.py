import numpy as np
import pytest
import torch

from attention_book.train import cross_entropy


def test_the_loss_is_the_mean_surprise_of_what_is_asked():
    logits = torch.randn(2, 3, 2, 5, generator=torch.Generator().manual_seed(0)).double()
    targets = torch.tensor([[[0, 1], [2, -100], [4, 3]], [[-100, -100], [1, 1], [0, -100]]])
    surprise = [
        -logits[place].log_softmax(-1)[targets[place]].item()
        for place in np.ndindex(2, 3, 2)
        if targets[place] != -100
    ]
    assert cross_entropy(logits, targets).item() == pytest.approx(np.mean(surprise), abs=1e-12)


@pytest.mark.parametrize("targets", [torch.full((2, 3), -100), torch.zeros(0, 3, dtype=torch.long)])
def test_case_41_a_loss_over_nothing(targets):
    logits = torch.zeros(*targets.shape, 5, requires_grad=True)
    with pytest.raises(ValueError, match=r"cross_entropy: none of the \d targets asks"):
        cross_entropy(logits, targets)


@pytest.mark.parametrize("wrong", [-1, 5, -99])
def test_a_target_outside_the_vocabulary(wrong):
    words = rf"targets\[2\] is {wrong}, but -100 is what asks for nothing, and .* size is 5"
    with pytest.raises(IndexError, match=words):
        cross_entropy(torch.zeros(3, 5), torch.tensor([0, -100, wrong]))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "logits, targets, error, words",
    [
        ([[0.0]], torch.zeros(1).long(), TypeError, "logits must be a torch.Tensor, got list"),
        (torch.zeros(1, 5), [0], TypeError, "targets must be a torch.Tensor, got list"),
        (torch.zeros(1, 5).long(), torch.zeros(1).long(), TypeError, "logits must hold real"),
        (torch.zeros(1, 5), torch.zeros(1), TypeError, "targets must hold int64 or int32"),
        (torch.zeros(1, 5), torch.zeros(1).bool(), TypeError, "targets must hold int64 or int32"),
        (torch.zeros(2, 5), torch.zeros(3).long(), ValueError, "targets must be (2,), got shape"),
        (torch.zeros(2, 3, 5), torch.zeros(2).long(), ValueError, "targets must be (2, 3)"),
        (torch.tensor(0.0), torch.tensor(0), ValueError, "logits must be (..., places, v"),
    ],
)  # fmt: skip
def test_wrong_logits_and_targets(refused, logits, targets, error, words):
    with refused(error, "cross_entropy", words):
        cross_entropy(logits, targets)


def test_case_63_the_values_are_not_read_where_there_are_none():
    logits, targets = torch.zeros(2, 5, device="meta"), torch.zeros(2, device="meta").long()
    assert cross_entropy(logits, targets).is_meta
    per_example = torch.func.vmap(torch.func.grad(cross_entropy))
    slopes = per_example(torch.zeros(3, 2, 5), torch.zeros(3, 2).long())
    assert slopes[0, 0].tolist() == pytest.approx([-0.4, 0.1, 0.1, 0.1, 0.1])
