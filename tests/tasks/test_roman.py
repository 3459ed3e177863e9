import numpy as np
import pytest
import torch

from attention_book import padding_mask
from attention_book.tasks import IGNORED, roman
from attention_book.tasks.task import is_held_out

from .learner import Translator, learn, promised, skill


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (90, "XC"), (400, "CD"),
     (1994, "MCMXCIV"), (3888, "MMMDCCCLXXXVIII"), (3999, "MMMCMXCIX")],
)  # fmt: skip
def test_numerals_by_hand(number, numeral):
    assert roman.numeral(number) == numeral


def test_all_numbers_come_back_from_their_numerals():
    numbers = range(1, 4000)
    assert len({roman.numeral(number) for number in numbers}) == 3999
    assert max(len(roman.numeral(number)) for number in numbers) == roman.LONGEST
    inputs, targets = roman.pose(np.stack([roman.source(number) for number in numbers]))
    so_far = inputs["target_ids"]
    for number, row, before in zip(numbers, targets, so_far, strict=True):
        answer = roman.tokens.decode(row[row != IGNORED])
        assert answer == " ".join([*str(number), "<end>"])
        assert roman.tokens.decode(before[: len(answer.split())]) == " ".join([
            "<start>",
            *str(number),
        ])


def test_validation_and_test_share_no_number():
    chosen_by, tested_on = roman.validation_numbers(), roman.test_numbers()
    assert sorted([*chosen_by, *tested_on]) == roman.held_out_numbers()
    assert not {*chosen_by} & {*tested_on}


def test_one_number_in_ten_is_held_out_and_only_those_are_asked():
    held_out = roman.held_out_numbers()
    assert 360 < len(held_out) < 440
    sources = {roman.source(number).tobytes() for number in held_out}
    asked, _ = roman.task().held_out(500, 0)
    assert all(row.tobytes() in sources for row in asked["source_ids"].numpy())
    learned, _ = roman.task().train(3000, 0)
    assert not any(is_held_out(row) for row in learned["source_ids"].numpy())


def test_the_mask_hides_the_padding_and_nothing_else():
    source, _, mask = roman.task().train(200, 0)[0].values()
    assert mask.dtype == torch.bool
    assert mask.shape == (200, 1, 1, roman.LONGEST)
    lengths = (source != roman.PAD).sum(1)
    assert torch.equal(mask, padding_mask(lengths, roman.LONGEST))


def test_the_baseline_is_about_one_sign_in_three():
    assert 0.25 < roman.task().baseline() < 0.4


def test_an_encoder_and_a_decoder_read_numerals_they_never_saw():
    task = roman.task()
    model = learn(
        lambda: Translator(task, roman.LONGEST, 5),
        task,
        **promised(roman, percent=95, steps=300, size=64),
        rate=1e-2,
    )
    assert skill(model, task) >= 0.95
    source, so_far, mask = task.held_out(200, 2)[0].values()
    shuffled = source.flip(1), so_far, mask.flip(3)
    with torch.no_grad():
        assert (model(shuffled) - model((source, so_far, mask))).abs().max() > 0.1
