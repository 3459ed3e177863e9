import numpy as np
import pytest
import torch

from attention_book.tasks import IGNORED, blanks, language

FILLS = [blanks.noun_before, blanks.noun_after]


def whole(n=2000, seed=0):
    return blanks.draw(n, np.random.default_rng(seed))


def test_all_sentences_are_eleven_tokens_and_none_is_padding():
    rows = blanks.sentences()
    assert rows.shape == (7776, 11)
    assert len({tuple(row) for row in rows}) == 7776
    assert (rows != language.PAD).all()
    links = np.isin(rows[:, 1], language.tokens.encode(" ".join(language.LINKS)))
    assert not links[:3888].any()
    assert links[3888:].all()


@pytest.mark.parametrize("make", [blanks.as_bert, blanks.always_hidden])
@pytest.mark.parametrize("share", [0.15, 0.4])
def test_a_share_of_the_words_is_asked_for_and_at_least_one(make, share):
    read, targets = make(share).train(3000, 0)
    asked = targets != IGNORED
    assert asked.sum(1).min() >= 1
    assert not asked[:, 0].any()
    drawn = 1 - (1 - share) ** 10
    expected = share + (1 - drawn) / 10  # one word where none was drawn
    assert abs(asked[:, 1:].double().mean().item() - expected) < 0.01
    assert torch.equal(read[~asked], torch.where(asked, 0, read)[~asked])


def test_words_asked_for_are_hidden_replaced_and_kept_8_to_1_to_1():
    read, targets = blanks.as_bert().train(20_000, 0)
    asked = targets != IGNORED
    hidden = (read == language.MASK)[asked].double().mean().item()
    kept = (read == targets)[asked].double().mean().item()
    assert abs(hidden - 0.8) < 0.01
    others = len(language.tokens) - blanks.FIRST_WORD
    assert abs(kept - (0.1 + 0.1 / others)) < 0.01
    assert (read[~asked] > language.PAD).all()
    assert (read[~asked] != language.MASK).all()


def test_any_word_may_replace_one():
    read, targets = blanks.as_bert().train(20_000, 0)
    changed = (targets != IGNORED) & (read != targets) & (read != language.MASK)
    counts = np.bincount(read[changed], minlength=len(language.tokens))
    assert (counts[: blanks.FIRST_WORD] == 0).all()
    assert counts[blanks.FIRST_WORD :].min() > 0.5 * counts[blanks.FIRST_WORD :].mean()


def test_always_hidden_leaves_no_word_to_read():
    read, targets = blanks.always_hidden().train(2000, 0)
    assert ((read == language.MASK) == (targets != IGNORED)).all()


@pytest.mark.parametrize(("make", "before"), [(FILLS[0], True), (FILLS[1], False)])
def test_the_noun_stands_where_the_name_says(make, before):
    inputs, targets = make().train(200, 0)
    for row, answer in zip(inputs, targets, strict=True):
        words = language.tokens.decode(row).split()
        subject = next(i for i, word in enumerate(words) if word in language.NOUNS)
        (blank,) = np.flatnonzero(answer != IGNORED)
        assert (subject < blank) == before
        assert language.NOUNS[words[subject]] == language.tokens.pieces[answer[blank]]


@pytest.mark.parametrize("make", FILLS)
def test_each_pronoun_is_right_in_one_of_three(make):
    assert abs(make().baseline() - 1 / 3) < 0.05


def test_at_the_end_the_full_stop_is_asked_for_the_pronoun():
    read, targets = blanks.asked_at_the_end().train(300, 0)
    (full_stop,) = language.tokens.encode(".")
    assert ((targets != IGNORED) == (read == full_stop)).all()
    assert set(targets[targets != IGNORED].tolist()) == set(language.PRONOUN_IDS)
    assert ((read == language.MASK).sum(1) == 1).all()


def test_next_word_asks_for_each_word_but_the_first():
    read, targets = blanks.next_word().train(50, 0)
    assert torch.equal(read[:, 1:], targets[:, :-1])


def test_half_of_the_pronouns_do_not_fit():
    read, fits = blanks.fits().train(3000, 0)
    for row, right in zip(read, fits, strict=True):
        words = language.tokens.decode(row).split()
        subject = next(word for word in words if word in language.NOUNS)
        pronoun = next(word for word in words if word in language.PRONOUNS)
        assert (language.NOUNS[subject] == pronoun) == bool(right)
    assert abs(fits.double().mean().item() - 0.5) < 0.03
    wrong = read[fits == 0]
    counts = np.bincount(wrong[torch.isin(wrong, torch.tensor(language.PRONOUN_IDS))])
    assert counts[language.PRONOUN_IDS].min() > 0.25 * counts.sum()


@pytest.mark.bad_input
@pytest.mark.parametrize("share", [1.0, -0.1])
def test_a_share_that_is_none_is_refused(refused, share):
    for make in (blanks.as_bert, blanks.always_hidden):
        with refused(ValueError, f"{make.__name__}: share"):
            make(share)
