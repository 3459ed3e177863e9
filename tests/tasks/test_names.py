import hashlib
import unicodedata

import numpy as np
import pytest

from attention_book.tasks import IGNORED, names
from attention_book.tasks.task import is_held_out


def test_the_corpus_is_the_same_on_every_python():
    content = names._rows().astype("<i8").tobytes() + "\n".join(names.tokens.pieces).encode()
    assert hashlib.sha256(content).hexdigest()[:16] == "34f5e4366f4faaca"
    assert unicodedata.ucd_3_2_0.unidata_version == "3.2.0"


def test_learned_and_held_out_names_are_apart():
    learned, unseen = (
        {row.tobytes() for row in rows} for rows in (names.learned(), names.held_out())
    )
    assert len(learned) == 8135
    assert len(unseen) == 804
    assert learned.isdisjoint(unseen)
    assert all(is_held_out(row) for row in names.held_out())
    assert not (names.held_out() == names.NEW).any()


@pytest.mark.parametrize("text", ["SNOWMAN", "LATIN SMALL LETTER A WITH GRAVE", "WHITE SQUARE"])
def test_a_name_and_its_row(text):
    row = names.row(text)
    assert row.shape == (names.LONGEST + 2,)
    assert names.name(row) == text or names.NEW in row
    assert row[0] == names.END == row[1 + len(text.split())]


def test_a_word_that_is_not_known_is_new():
    assert names.name(names.row("ROBOT SQUARE")) == "<new> SQUARE"


def test_every_held_out_name_is_of_2002_and_so_of_today():
    assert {names.name(row) for row in names.held_out()} <= names.of_2002() <= names.of_today()
    assert "ROBOT FACE" in names.of_today() - names.of_2002()


def test_each_place_is_asked_for_what_comes_next():
    rows = names.draw(40, np.random.default_rng(0))
    inputs, targets = names.pose(rows)
    asked = targets != IGNORED
    assert (targets[asked] == rows[:, 1:][asked]).all()
    assert (inputs[:, 0] == names.END).all()
    assert (asked.sum(1) == (rows != names.PAD).sum(1) - 1).all()
    assert (targets == names.END).sum() == 40
    assert (targets != names.PAD).all()


def test_a_word_said_first_and_later_is_one_token():
    assert names.row("LETTER LATIN")[2] == names.row("LATIN")[1]


def test_written_ids_end_with_the_end():
    ids = names.tokens.encode("WHITE SQUARE <end> WHITE")
    assert names.name(ids) == "WHITE SQUARE"
    assert names.name([names.END, *ids]) == "WHITE SQUARE"
    assert names.name(ids[:1]) == "WHITE"
