import ast
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from attention_book.tasks import IGNORED, four
from attention_book.tasks.four import layout, opinions, stories, translation

NAMES = list(four.KINDS)
ROOT = Path(__file__).parents[2]


def texts(task, n=300, seed=0):
    """Each text's source and answer, as words, the task word left out."""
    for ids, targets in zip(*task.train(n, seed), strict=True):
        source = four.tokens.decode(ids).split(" =")[0].split()[1:]
        yield source, four.tokens.decode(targets[targets != IGNORED]).split()[:-1]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_is_the_answer_and_nothing_else(name):
    inputs, targets = four.task(name).train(100, 1)
    for ids, wanted in zip(inputs, targets, strict=True):
        sign = ids.tolist().index(layout.SIGN)
        assert (wanted[:sign] == IGNORED).all()
        said = wanted[wanted != IGNORED]
        assert said[-1] == layout.END
        assert torch.equal(wanted[sign : sign + len(said)], said)
        assert torch.equal(ids[sign + 1 : sign + len(said)], said[:-1])


def test_all_four_come_equally_often():
    first = four.task().train(2000, 0)[0][:, 0]
    counts = Counter(four.tokens.decode([word]) for word in first.tolist())
    assert set(counts) == set(NAMES)
    assert max(counts.values()) < 1.15 * min(counts.values())


def test_adjectives_follow_and_articles_agree():
    for source, answer in texts(four.task("translate")):
        assert len(source) == len(answer)
        verb = next(i for i, word in enumerate(source) if word in translation.VERBS)
        shore = "boat" in source
        for part, french in (
            (source[:verb], answer[:verb]),
            (source[verb + 1 :], answer[verb + 1 :]),
        ):
            article, *adjective, noun = part
            word = {"bank": "rive" if shore else "banque"}.get(noun, translation.NOUNS[noun])
            feminine = word in ("loi", "rive", "banque")
            assert french[0] == {"the": ["le", "la"], "a": ["un", "une"]}[article][feminine]
            assert french[1:] == [word, *(translation.ADJECTIVES[a] for a in adjective)]


def test_the_clause_that_counts_decides():
    for source, (answer,) in texts(four.task("judge")):
        joint = "but" if "but" in source else "although"
        middle = source.index(joint)
        clause = source[middle + 1 :] if joint == "but" else source[:middle]
        good = (clause[-1] in opinions.GOOD) != ("not" in clause)
        assert answer == ("positive" if good else "negative")


def test_the_place_of_the_thing_that_is_asked_for():
    for source, answer in texts(four.task("answer")):
        said = dict(zip(source[2:18:6], source[4:18:6], strict=True))
        assert len(said) == 3
        assert source[18:] == ["where", source[-1]]
        assert answer == [source[-1], said[source[-1]]]


def test_the_main_event_is_the_summary():
    for source, answer in texts(four.task("summarize")):
        main = source.index("mainly")
        assert answer == source[main + 1 : main + 4]


@pytest.mark.parametrize("repeated", [True, False])
def test_an_answer_repeats_the_thing_or_not(repeated):
    for source, answer in texts(four.questions(repeated=repeated)):
        said = dict(zip(source[2:18:6], source[4:18:6], strict=True))
        assert answer == [source[-1]] * repeated + [said[source[-1]]]


def test_both_halves_hold_the_same_text():
    task = four.task()
    rows = zip(*task.train(200, 3), strict=True)
    (inputs, targets) = four.in_halves(task).train(200, 3)
    for i, (ids, wanted) in enumerate(rows):
        sign = ids.tolist().index(layout.SIGN)
        source, mask = inputs["source_ids"][i], inputs["source_mask"][i, 0, 0]
        assert torch.equal(source[mask], ids[:sign])
        said, asked = wanted[wanted != IGNORED], targets[i]
        assert torch.equal(asked[asked != IGNORED], said)
        assert inputs["target_ids"][i, 0] == layout.SIGN
        assert torch.equal(inputs["target_ids"][i, 1 : len(said)], said[:-1])


def test_every_pair_of_thing_and_place_comes_if_asked_for():
    def places(task):
        sources = (source for source, _ in texts(task, 600))
        return {pair for s in sources for pair in zip(s[2:18:6], s[4:18:6], strict=True)}

    new = four.KINDS["answer"].new
    assert len(places(four.questions(every_pair=True))) == 16
    assert places(four.questions()) == places(four.questions(every_pair=True)) - new


@pytest.mark.parametrize("name", NAMES)
def test_new_pairs_are_never_learned_from_and_always_asked_for(name):
    kind = four.KINDS[name]

    def pairs(rows):
        for ids in rows:
            words = four.tokens.decode(ids).replace("is not", "is").replace("took", "to").split()
            near = {*pairwise(words), *zip(words, words[2:], strict=False)}
            yield kind.new & near

    assert not any(pairs(four.task(name).train(300, 0)[0]))
    assert all(pairs(four.new_pairs(name).train(100, 0)[0]))


@pytest.mark.parametrize(
    "name, low, high",
    [
        ("translate", 0, 0.03),
        ("judge", 0.45, 0.55),
        ("answer", 0.44, 0.56),
        ("summarize", 0.3, 0.4),
    ],
)
def test_the_rule_to_beat(name, low, high):
    inputs, targets = four.task(name).held_out(1000, 0)
    assert low <= four.whole(four.guess(inputs), targets) <= high


def test_counting_with_not_beats_counting():
    pairs = list(texts(four.task("judge"), 1000))
    right = [
        np.mean([rule(s) == a for s, a in pairs]) for rule in (opinions.count, opinions.turned)
    ]
    assert right[0] < 0.56 < 0.7 < right[1] < 0.8


def test_rules_on_sentences_by_hand():
    assert translation.word_by_word("a weak law".split()) == ["un", "faible", "loi"]
    text = "soup is not good but host is rude".split()
    assert opinions.count(text) == ["positive"]
    assert opinions.turned(text) == ["negative"]
    story = "mainly ann took key to tower . bob took map to cellar . where key".split()
    assert stories.first_event(story) == ["ann", "took", "key"]
    assert stories.last_place(story) == ["key", "cellar"]


def test_one_wrong_word_makes_an_answer_wrong():
    _, targets = four.task("translate").train(4, 0)
    answers = targets.clone()
    assert four.whole(answers, targets) == 1
    answers[:, 0] = 5  # where nothing is asked
    assert four.whole(answers, targets) == 1
    row = targets[1]
    answers[1, (row != IGNORED).nonzero()[-1]] = 5
    assert four.whole(answers, targets) == 0.75


@pytest.mark.bad_input
def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"task: name must be one of translate, .*, got 'poem'"):
        four.task("poem")
    with pytest.raises(ValueError, match="new_pairs: name must be one of"):
        four.new_pairs("poem")


def test_chapter_21_shows_what_was_measured():
    measured = json.loads((ROOT / "benchmarks/four_tasks.json").read_text("utf-8"))
    cells = json.loads((ROOT / "chapters/21-four-tasks.ipynb").read_text("utf-8"))["cells"]
    shown = {}
    for source in ("".join(cell["source"]) for cell in cells):
        for found in re.findall(r"^(?:asked|learned|controls) = (\{.*?^\})", source, re.M | re.S):
            shown |= ast.literal_eval(found)
    assert shown == measured
