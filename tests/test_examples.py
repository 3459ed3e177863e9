import re

import numpy as np
import regex

from attention_book import checks, examples, reference
from attention_book.tokens import ByteBPE
from attention_book.tokens.gpt2 import CUT
from attention_book.tokens.merging import merged


def test_it_looks_at_robot_first():
    weights = reference.attention_weights(examples.QUERIES, examples.KEYS)
    assert [f"{weights[-1, i]:.3f}" for i in (2, 8, 1)] == ["0.376", "0.228", "0.084"]
    assert len(examples.WORDS) == len(weights)


def test_the_output_of_it():
    output = reference.attention(examples.QUERIES, examples.KEYS, examples.VALUES)
    checks.same(output[-1], [0.376, 0.166], tolerance=5e-4)


def test_a_quarter_of_the_printed_scores_gives_the_printed_weights():
    mask = np.tri(4, dtype=bool)
    shares = reference.softmax(np.where(mask, examples.PRINTED_SCORES / 4, -np.inf))
    printed = [[1, 0, 0, 0], [0.48, 0.52, 0, 0], [0.31, 0.35, 0.34, 0], [0.25, 0.26, 0.23, 0.26]]
    checks.same(shares.round(2), printed)
    assert len(examples.FOUR_WORDS) == 4


def test_the_maps_make_queries_keys_and_values_from_the_marks():
    four = [examples.WORDS.index(word) for word in examples.FOUR_WORDS]
    for name, rows in (("Q", "QUERIES"), ("K", "KEYS"), ("V", "VALUES")):
        made = examples.TOKENS @ getattr(examples, f"W_{name}").T
        checks.same(made, getattr(examples, rows)[four])


def test_gpt2s_merges_cut_the_texts_of_chapter_1_as_published():
    published = ByteBPE(examples.GPT2_MERGES)
    texts = {
        "robot": "ro|bot",
        "ROBOT": "R|OB|OT",
        "The robot's orders.": "The| robot|'s| orders|.",
        " disobey": " disob|ey",
        "disobey": "dis|ob|ey",
        " 1942 12345": " 1942| 123|45",
        "given ": "given| ",
    }
    for text, cut in texts.items():
        words = [word.encode() for word in re.findall(examples.GPT2_RULE, text)]
        ids = [i for word in words for i in merged(word, published.ranks)]
        assert "|".join(published.pieces[i].decode() for i in ids) == cut


def test_gpt2s_rule_for_re_cuts_as_the_published_one():
    for text in (*examples.WORDS, "It's  2 robots_x!\n", "机器人 is 3.5e2, é ", "a'sb ''ll _ __"):
        assert re.findall(examples.GPT2_RULE, text) == regex.findall(CUT, text)
