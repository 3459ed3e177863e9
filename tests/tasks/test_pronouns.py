from itertools import pairwise

import numpy as np

from attention_book.tasks import IGNORED, pronouns

from .learner import Reader, learn, promised, skill


def test_the_running_sentence_is_one_of_them():
    ids = np.array([pronouns.tokens.encode(pronouns.SENTENCE)])
    inputs, targets = pronouns.pose(ids, None)
    assert pronouns.tokens.decode(inputs[0]) + " Law" == pronouns.SENTENCE
    assert pronouns.tokens.pieces[targets[0, pronouns.PLACE]] == "it"
    assert (np.delete(targets[0], pronouns.PLACE) == IGNORED).all()


def test_the_next_word_is_asked_at_every_place():
    inputs, targets = pronouns.next_word().train(50, 0)
    assert inputs.shape == targets.shape == (50, pronouns.LENGTH - 1)
    assert (inputs[:, 1:] == targets[:, :-1]).all()


def words_of(task, n=3000):
    rows = task.draw(n, np.random.default_rng(0))
    return [pronouns.tokens.decode(row).split() for row in rows]


def test_three_words_follow_from_others_and_the_pronoun_from_no_single_one():
    sentences = words_of(pronouns.task())
    for words in sentences:
        several = words[1] in ("two", "three")
        assert words[pronouns.PLACE + 1] == ("them" if several else pronouns.NOUNS[words[2]])
        assert words[pronouns.SUCH + 1] == words[6]
        assert words[pronouns.LAW + 1] == ("Second" if words[4] == "protect" else "First")
    for place in range(1, pronouns.LENGTH):
        if place != pronouns.PLACE + 1:
            seen = {(words[place], words[pronouns.PLACE + 1]) for words in sentences}
            assert len(seen) > len({word for word, _ in seen})


def test_no_new_pair_is_ever_met_and_each_noun_has_one():
    new = {tuple(pair.split()) for pair in pronouns.NEW_PAIRS}
    assert {noun for _, noun in new} == set(pronouns.NOUNS)
    assert len(new) == len(pronouns.NOUNS)
    met = words_of(pronouns.next_word())
    assert not {pair for words in met for pair in pairwise(words)} & new
    asked = {tuple(words[1:3]) for words in words_of(pronouns.task(pronouns.NEW_PAIRS))}
    assert asked == new


def test_who_knows_the_determiner_alone_is_right_two_times_in_three():
    assert abs(pronouns.task().baseline(5000) - 2 / 3) < 0.03


def test_one_head_learns_it():
    run = promised(pronouns, steps=600, size=64)
    task = pronouns.next_word()
    model = learn(lambda: Reader(task, pronouns.LENGTH, causal=True), task, **run)
    for pairs in (None, pronouns.NEW_PAIRS):
        asked = pronouns.task(pairs)
        assert skill(model, asked) >= 0.99 > asked.baseline()


def test_without_training_nobody_knows():
    task = pronouns.task()
    model = learn(lambda: Reader(task, pronouns.LENGTH, causal=True), task, steps=1)
    assert skill(model, task) < 0.7
