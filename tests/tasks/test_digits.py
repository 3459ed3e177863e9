import numpy as np
import pytest
import torch

from attention_book import checks
from attention_book.models import patches
from attention_book.tasks import digits

IMAGES = torch.arange(3 * 64.0).view(3, 1, 8, 8)


def test_every_digit_is_on_one_side_of_the_split():
    train, held_out = digits.split(0)
    assert [len(x) for x in (*train, *held_out)] == [1347, 1347, 450, 450]
    both = torch.cat((train[0], held_out[0])).flatten(1)
    assert len(both.unique(dim=0)) == 1797
    assert both.min() == 0
    assert both.max() == 1
    counts = torch.cat((train[1], held_out[1])).bincount()
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_seeds_split_alike_or_differently():
    first, again, other = (digits.split(seed)[1][0] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_pictures_and_labels_stay_together():
    (images, labels), _ = digits.split(0)
    zero, one = (images[labels == n].mean(0)[0] for n in (0, 1))
    assert zero[3:5, 3:5].mean() < 0.2 < 0.6 < one[3:5, 3:5].mean()
    known = {x.numpy().tobytes(): y.item() for x, y in zip(images, labels, strict=True)}
    for x, y in zip(*digits.task().train(20, 3), strict=True):
        assert known[x.numpy().tobytes()] == y


def test_the_task_keeps_to_its_split_and_its_rule_to_beat_is_nearly_always_right():
    for seed in (0, 1):
        both, task = digits.split(seed), digits.task(seed)
        for part, (images, _) in zip((task.train, task.held_out), both, strict=True):
            known = {x.numpy().tobytes() for x in images}
            assert all(x.numpy().tobytes() in known for x in part(200, 0)[0])
        assert 0.97 < task.baseline(450) < 1


def test_joined_undoes_patches():
    for size in (1, 2, 4, 8):
        checks.same(digits.joined(patches(IMAGES, size), size), IMAGES, 0)


def test_shuffled_pictures_have_the_same_patches_in_another_order():
    def bag(images):
        return [sorted(map(tuple, rows)) for rows in patches(images, 2).tolist()]

    for alike in (True, False):
        other = digits.shuffled(IMAGES, 2, 0, alike=alike)
        assert bag(other) == bag(IMAGES)
        orders = (patches(other, 2)[:, :, 0] % 64).unique(dim=0)
        assert len(orders) == (1 if alike else 3)
        assert not torch.equal(other, IMAGES)


def test_one_patch_is_odd_and_that_one_is_named():
    images = digits.split(0)[1][0]
    changed, places = digits.with_odd_patch(images, 2, 0)
    apart = (patches(changed, 2) - patches(images, 2)).abs().sum(2)
    assert ((apart > 0).sum(1) == 1).all()
    assert torch.equal(apart.argmax(1), places)
    assert (apart.max(1).values >= 2).all()
    new = patches(changed, 2)[torch.arange(450), places]
    at_place = patches(images, 2)[:, places].transpose(0, 1)
    assert (at_place == new[:, None]).all(2).any(1).all()


def test_a_hidden_patch_has_no_shade_and_is_kept():
    images = digits.split(0)[1][0]
    holed, (places, pixels) = digits.with_hidden_patch(images, 2, 0)
    every = torch.arange(450)
    pieces = patches(holed, 2)
    assert (pieces[every, places] == -1).all()
    assert ((pieces < 0).sum((1, 2)) == 4).all()
    pieces[every, places] = pixels
    checks.same(digits.joined(pieces, 2), images, 0)


def test_patches_are_left_out_of_each_image_at_its_own_places():
    places = torch.tensor([[0, 3], [1, 2], [15, 14]])
    left = patches(digits.without(IMAGES, 2, places), 2)
    for before, after, gone in zip(patches(IMAGES, 2), left, places, strict=True):
        kept = [i for i in range(16) if i not in gone]
        assert torch.equal(after[kept], before[kept])
        assert not after[gone].any()


def test_nearest_patches_come_from_the_image_that_is_nearest_elsewhere():
    (known, _), (images, _) = digits.split(0)
    found = digits.nearest_patches(images[:5], known, 2)
    mine, theirs = patches(images[:5], 2), patches(known, 2)
    for j in range(16):
        rest = [i for i in range(16) if i != j]
        apart = torch.cdist(mine[:, rest].flatten(1), theirs[:, rest].flatten(1))
        near = apart.gather(1, apart.argmin(1)[:, None])
        same = (theirs[:, j][None] == found[:, None, j]).all(2) & (apart <= near + 1e-5)
        assert same.any(1).all()


def test_a_file_that_was_altered_is_named(tmp_path, monkeypatch):
    data = bytearray(digits.FILE.read_bytes())
    data[-100] ^= 1
    (tmp_path / "digits.npz").write_bytes(data)
    monkeypatch.setattr(digits, "FILE", tmp_path / "digits.npz")
    with pytest.raises(ValueError, match=r"digits\.npz was altered"):
        digits._all.__wrapped__()


def test_the_file_is_small_and_opens_without_pickle():
    assert digits.FILE.stat().st_size < 50_000
    with np.load(digits.FILE, allow_pickle=False) as file:
        assert {name: file[name].dtype.name for name in file} == {
            "images": "uint8",
            "labels": "uint8",
        }


@pytest.mark.bad_input
@pytest.mark.parametrize("seed", [-1, 0.5, "0"])
def test_bad_seeds(seed):
    with pytest.raises((TypeError, ValueError), match=r"digits\.split"):
        digits.split(seed)
