import sys

import numpy as np
import pytest
import torch

from attention_book.tasks import IGNORED, drawn_words
from attention_book.tasks.task import is_held_out

ALL = drawn_words.FONTS + drawn_words.NEW_FONTS


def test_words_have_three_to_seven_letters_and_an_end():
    rows = drawn_words.draw(2000, np.random.default_rng(0))
    words = [drawn_words.spell(row) for row in rows]
    assert {len(word) for word in words} == {3, 4, 5, 6, 7}
    assert rows.shape == (2000, 8)
    assert (drawn_words.encode(words) == rows).all()
    vowels = np.mean([word[1] in "aeiou" for word in words])
    assert 0.7 < vowels < 0.9
    assert len(set("".join(words))) == 26


def test_letters_are_asked_for_up_to_the_end():
    rows = drawn_words.encode(["must", "robotic"])
    asked = drawn_words.targets(rows)
    assert (asked[0] == IGNORED).tolist() == [False] * 5 + [True] * 3
    assert (asked[1] == rows[1]).all()
    read = drawn_words.so_far(rows)
    assert read[0, 0] == drawn_words.START
    assert (read[:, 1:] == rows[:, :-1]).all()


def test_held_out_words_are_never_drawn_in_training():
    task = drawn_words.task()
    for keep, part in ((False, task.train), (True, task.held_out)):
        (images, _), targets = part(50, 0)
        assert images.dtype == torch.float32
        assert images.shape == (50, 1, 16, 80)
        words = np.where(targets.numpy() < 0, drawn_words.END, targets.numpy())
        assert all(is_held_out(row) == keep for row in words)


def test_the_most_common_letters_are_no_reading():
    assert 0.1 < drawn_words.task().baseline(500) < 0.35


@pytest.mark.parametrize("font", ALL)
def test_every_font_draws_each_letter_where_it_says(font):
    for letter in "omx":
        (middle,) = drawn_words.middles(letter, font, left=20)
        ink = drawn_words.picture(letter, font, left=20).sum(0)
        assert abs((ink * np.arange(80)).sum() / ink.sum() + 0.5 - middle) < 1.5
    word = drawn_words.middles("oxo", font, left=20)
    assert word[0] == drawn_words.middles("o", font, left=20)[0]
    assert (np.diff(word) > 3).all()


def test_every_font_draws_different_letters():
    for font in ALL:
        drawn = {drawn_words.picture(a, font).tobytes() for a in drawn_words.LETTERS}
        assert len(drawn) == 26
    assert len({drawn_words.picture("must", font).tobytes() for font in ALL}) == 15
    assert not set(drawn_words.FONTS) & set(drawn_words.NEW_FONTS)


def test_no_word_runs_out_of_the_picture():
    rows = drawn_words.encode(["wwwwwww", "mmmmmmm", "iiiiiii"])
    rng = np.random.default_rng(0)
    for row in rows:
        for font in ALL:
            image = drawn_words._anywhere(row, [font, "cmtt10"], rng)
            assert image[:, -1].max() == 0


def test_placed_words_are_held_out_and_say_where_their_letters_stand():
    images, so_far, middles = drawn_words.placed(ALL, 20, 0, left=6)
    assert images.shape == (20, 1, 16, 80)
    lengths = (~middles.isnan()).sum(1)
    for image, row, length, places in zip(images, so_far, lengths, middles, strict=True):
        word = [*row[1 : length + 1].tolist(), *[drawn_words.END] * (8 - length)]
        assert is_held_out(np.array(word))
        ink = image[0].sum(0).nonzero()[:, 0]
        assert ink[0] - 2 < places[0] < places[length - 1] < ink[-1] + 2


def test_strips_move_each_picture_in_its_own_way():
    images = torch.arange(2 * 16 * 80.0).view(2, 1, 16, 80)
    other = drawn_words.moved(images, 4, 0)
    cut = [x.unflatten(3, (20, 4))[:, 0, 0, :, 0] for x in (images, other)]
    assert torch.equal(cut[0], cut[1].sort(1).values)
    assert not torch.equal(cut[1][0], cut[1][1] - 16 * 80)


def test_size_and_place_move_the_word():
    plain = drawn_words.picture("must", "DejaVuSans")
    assert (np.roll(plain, 5, axis=1) == drawn_words.picture("must", "DejaVuSans", left=9)).all()
    assert drawn_words.picture("must", "DejaVuSans", size=11).sum() < plain.sum()


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModuleNotFoundError, match=r'needs the extra "figures"'):
        drawn_words._face.__wrapped__("DejaVuSans", 12)
