import numpy as np
import pytest
import torch

from attention_book.sound import hertz
from attention_book.tasks import IGNORED, melodies


def test_spectra_are_those_of_the_notes_drawn():
    task = melodies.steps()
    notes = task.examples(50, np.random.default_rng(0), keep=False)
    spectra, targets = task.pose(notes, np.random.default_rng(1))
    assert spectra.shape == (50, 12, 128)
    assert (melodies.pitches_of(torch.from_numpy(spectra)).numpy() == notes).all()
    semitones = melodies.MAJOR[targets[:, 1:]]
    assert (notes[:, :1] + semitones == notes[:, 1:]).all()
    assert (targets[:, 0] == IGNORED).all()
    strongest = (1 + spectra[0, 0].argmax()) * 8000 / 1024
    assert min(abs(strongest / hertz(int(48 + notes[0, 0])) - k) for k in range(1, 9)) < 0.1


def test_a_pitch_alone_leaves_the_step_open():
    task = melodies.steps()
    assert 0.2 < task.baseline() < 0.3
    notes = task.examples(2000, np.random.default_rng(2), keep=False)
    _, targets = task.pose(notes, np.random.default_rng(3))
    assert len(set(targets[:, 1:][notes[:, 1:] == 12])) >= 6


def test_other_plucks_are_other_sounds_of_the_same_notes():
    (one, answers), (other, same) = (melodies.steps(plucks=s).held_out(20, 0) for s in (0, 1))
    assert torch.equal(answers, same)
    assert not torch.equal(one, other)
    assert torch.equal(melodies.pitches_of(one), melodies.pitches_of(other))


def test_a_motif_comes_three_times():
    task = melodies.sequence()
    notes = task.examples(200, np.random.default_rng(0), keep=False)
    inputs, targets = task.train(200, 0)
    first, second, third = np.split(notes, 3, axis=1)
    moves = second - first
    assert (moves == moves[:, :1]).all()
    assert (third - second == moves).all()
    assert set(moves[:, 0]) == set(melodies.MOVES)
    assert notes.min() >= 0
    assert notes.max() < len(melodies.WHITE)
    assert (targets[:, :4] == IGNORED).all()
    assert torch.equal(inputs[:, 5:], targets[:, 4:-1])


def test_the_baseline_repeats_the_motif():
    task = melodies.sequence()
    (ids, _), (row, _) = task.held_out(5, 0), (melodies.sequence().held_out(5, 0))
    assert torch.equal(task.guess(ids)[:, 7:], row[:, 4:8])
    assert task.baseline() < 0.01


@pytest.mark.bad_input
@pytest.mark.parametrize("n_notes", [1, 2.5])
def test_melodies_of_one_note_are_refused(n_notes):
    with pytest.raises((ValueError, TypeError), match="steps: n_notes must be"):
        melodies.steps(n_notes)
