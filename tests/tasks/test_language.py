import numpy as np
import pytest

from attention_book.tasks import IGNORED, language
from attention_book.tasks.task import is_held_out

from .learner import Reader, learn, promised, skill

TASKS = [language.masked, language.pronoun_on_the_left, language.pronoun_on_the_right]


def sentences(n=500, seed=0):
    for row in language.draw(n, np.random.default_rng(seed)):
        yield language.tokens.decode(row[row != language.PAD]).split()


def test_the_pronoun_is_that_of_the_subject_on_either_side():
    sides = set()
    for words in sentences():
        pronoun = next(i for i, word in enumerate(words) if word in language.PRONOUNS)
        subject = next(i for i, word in enumerate(words) if word in language.NOUNS)
        assert language.NOUNS[words[subject]] == words[pronoun]
        assert words[0] == "<s>"
        assert words[-1] == "."
        assert words[pronoun - 1] in language.LINKS
        sides.add(subject < pronoun)
    assert sides == {True, False}


def test_the_longest_sentence_fills_the_row():
    assert max(map(len, sentences())) == language.LONGEST


def test_next_word_asks_for_each_word_but_the_first():
    inputs, targets = language.next_word().train(50, 0)
    whole = (inputs[:, 1:] == targets[:, :-1]) | (targets[:, :-1] == IGNORED)
    assert whole.all()
    assert (targets != language.PAD).all()


@pytest.mark.parametrize("make", TASKS)
def test_a_blank_hides_its_word_and_nothing_else_changes(make):
    inputs, targets = make().train(300, 0)
    hidden = targets != IGNORED
    assert (inputs[hidden] == language.MASK).all()
    assert (inputs[~hidden] != language.MASK).all()
    assert (targets[hidden] > language.MASK).all()


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_masked_hides_about_the_share_and_at_least_one_word(share):
    inputs, targets = language.masked(share).train(1000, 0)
    hidden = (targets != IGNORED).sum(1)
    assert hidden.min() >= 1
    found = hidden.sum().item() / (inputs != language.PAD).sum().item()
    assert abs(found - share) < 0.06


@pytest.mark.parametrize(("make", "left"), [(TASKS[1], True), (TASKS[2], False)])
def test_the_answer_stands_where_the_name_says(make, left):
    inputs, targets = make().train(200, 0)
    for row, answer in zip(inputs, targets, strict=True):
        words = language.tokens.decode(row).split()
        subject = next(i for i, word in enumerate(words) if word in language.NOUNS)
        (blank,) = np.flatnonzero(answer != IGNORED)
        assert (subject < blank) == left
        assert language.NOUNS[words[subject]] == language.tokens.pieces[answer[blank]]


@pytest.mark.parametrize("make", TASKS[1:])
def test_the_neighbor_alone_gives_one_pronoun_in_three(make):
    assert abs(make().baseline() - 1 / 3) < 0.06


def test_the_corpus_is_running_text_of_training_sentences():
    text = language.corpus(200, 0)
    assert text == language.corpus(200, 0)
    parts = [part.strip() + " ." for part in text.split(" .") if part]
    assert len(parts) == 200
    for part in parts:
        ids = language.tokens.encode(f"<s> {part}")
        padded = np.pad(ids, (0, language.LONGEST - len(ids)), constant_values=language.PAD)
        assert not is_held_out(padded)


@pytest.mark.parametrize("causal", [False, True])
def test_under_a_causal_mask_no_model_knows_what_stands_on_the_right(causal):
    task = language.masked()
    model = learn(
        lambda: Reader(task, language.LONGEST, heads=2, causal=causal),
        task,
        **promised(language, steps=300, size=64),
    )
    assert skill(model, language.pronoun_on_the_left()) >= 0.99
    right = skill(model, language.pronoun_on_the_right())
    assert right <= 0.5 if causal else right >= 0.99


def test_next_word_beats_its_baseline():
    task = language.next_word()
    model = learn(
        lambda: Reader(task, language.LONGEST, heads=2, causal=True),
        task,
        **promised(language, steps=300, size=64),
    )
    assert skill(model, task) > task.baseline() + 0.1
