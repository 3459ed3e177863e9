import numpy as np
import pytest
import torch

from attention_book.sound import RATE
from attention_book.tasks import IGNORED, spoken

TASK = spoken.task()
ROWS = TASK.examples(200, np.random.default_rng(0), keep=False)


def test_the_letters_are_those_of_the_vowels():
    (inputs, targets), pieces = TASK.train(200, 0), TASK.tokens.pieces
    assert inputs["images"].shape == (200, 1, 80, 31)
    assert inputs["images"].dtype == torch.float32
    for row, ids, answers in zip(ROWS, inputs["target_ids"].tolist(), targets, strict=True):
        said = [i for i in row[:5].tolist() if i]
        assert [pieces[i] for i in said if i] == [pieces[i] for i in answers.tolist()[: len(said)]]
        assert ids[: 1 + len(said)] == [spoken.START, *said]
        assert answers[len(said)] == spoken.END
        assert (answers[len(said) + 1 :] == IGNORED).all()


def test_vowels_last_as_long_as_promised():
    lengths = ROWS[:, 5:]
    heard = lengths[lengths > 0]
    assert 0.06 * RATE <= heard.min() < heard.max() <= 0.15 * RATE
    assert set((lengths > 0).sum(axis=1)) == {2, 3, 4, 5}
    assert ((ROWS[:, :5] > 0) == (lengths > 0)).all()


def test_letters_of_frames_are_those_of_their_middles():
    at = spoken.spoken_at(ROWS)
    for row, frame in zip(ROWS, at, strict=True):
        spelled = np.repeat(row[:5], row[5:])
        for t, letter in enumerate(frame):
            middle = 128 + 200 * t
            assert letter == (spelled[middle] if middle < len(spelled) else 0)


def test_frames_after_the_last_vowel_are_silent():
    pictures, _ = spoken.pose(ROWS, np.random.default_rng(0))
    silent = 200 * np.arange(31) > ROWS[:, 5:].sum(axis=1)[:, None] + 240
    assert silent.any()
    assert not pictures["images"][:, 0].swapaxes(1, 2)[silent].any()


def test_the_baseline_does_not_listen():
    inputs, _ = TASK.held_out(5, 0)
    assert torch.equal(TASK.guess(inputs)[0], TASK.guess(inputs)[4])
    inputs, targets = TASK.held_out(200, 1)
    right = (TASK.guess(inputs) == targets)[targets != IGNORED].double().mean()
    assert right == pytest.approx(0.31, abs=0.04)
