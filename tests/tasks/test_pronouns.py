import numpy as np

from attention_book.tasks import IGNORED, pronouns

from .learner import Reader, learn, promised, skill


def test_the_running_sentence_is_one_of_them():
    ids = np.array([pronouns.tokens.encode(pronouns.SENTENCE)])
    inputs, targets = pronouns.pose(ids, None)
    masked = pronouns.SENTENCE.replace(" it ", " [MASK] ")
    assert pronouns.tokens.decode(inputs[0]) == masked
    assert pronouns.tokens.pieces[targets[0, pronouns.PLACE]] == "it"
    assert (np.delete(targets[0], pronouns.PLACE) == IGNORED).all()


def test_the_pronoun_follows_from_determiner_and_noun_and_from_no_single_word():
    sentences = [
        pronouns.tokens.decode(row).split()
        for row in pronouns.task().draw(3000, np.random.default_rng(0))
    ]
    for words in sentences:
        expected = "them" if words[1] == "two" else pronouns.NOUNS[words[2]]
        assert words[pronouns.PLACE] == expected
    for place in range(1, 12):
        if place != pronouns.PLACE:
            seen = {(words[place], words[pronouns.PLACE]) for words in sentences}
            assert len(seen) > len({word for word, _ in seen})


def test_who_knows_the_determiner_alone_is_right_two_times_in_three():
    assert abs(pronouns.task().baseline(5000) - 2 / 3) < 0.03


def test_one_head_learns_it():
    task = pronouns.task()
    model = learn(lambda: Reader(task, 12), task, **promised(pronouns, steps=400, size=128))
    assert skill(model, task) >= 0.99 > task.baseline()


def test_without_training_nobody_knows():
    task = pronouns.task()
    assert skill(learn(lambda: Reader(task, 12), task, steps=1), task) < 0.7
