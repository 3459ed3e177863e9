import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_book.tokens import Characters, Words

from .texts import ODD, SENTENCE


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_case_47_any_characters_come_back(text):
    characters = Characters.train(text)
    assert characters.decode(characters.encode(text)) == text


@given(st.lists(st.text(st.characters(exclude_characters=" "), min_size=1)))
def test_case_47_any_words_come_back(words):
    text = " ".join(words)
    tokens = Words.train(text)
    assert tokens.decode(tokens.encode(text)) == text
    assert len(tokens.encode(text)) == len(words)


@pytest.mark.parametrize("text", ODD)
def test_case_48_odd_characters_come_back(text):
    characters = Characters.train(text)
    assert characters.decode(characters.encode(text)) == text


def test_one_symbol_each():
    assert Characters.train("robot").pieces == ["b", "o", "r", "t"]
    assert Words.train("a robot must obey a robot").pieces == ["a", "must", "obey", "robot"]
    assert Words.train("").encode("") == []
    assert Words(["a"]).decode([]) == ""


@pytest.mark.bad_input
def test_what_is_not_in_the_vocabulary_is_named_with_its_place():
    words, characters = Words.train(SENTENCE), Characters.train("robot")
    with pytest.raises(ValueError, match="word 'drone' at 1 is not in the vocabulary of 19"):
        words.encode("A drone must")
    with pytest.raises(ValueError, match="word '' at 1"):
        words.encode("A  robot")
    with pytest.raises(ValueError, match="character 'x' at 3"):
        characters.encode("robxt")
    with pytest.raises(ValueError, match=r"'\\ud800' at 1 is not in the vocabulary"):
        characters.encode("r\ud800")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Words("a b"), TypeError),
        (lambda: Words([1]), TypeError),
        (lambda: Words(None), TypeError),
        (lambda: Words(["a b"]), ValueError),
        (lambda: Words([""]), ValueError),
        (lambda: Words(["a", "a"]), ValueError),
        (lambda: Characters(["ab"]), ValueError),
        (lambda: Characters(["a", "a"]), ValueError),
        (lambda: Characters(7), TypeError),
    ],
)
def test_bad_vocabularies_are_named(make, error):
    with pytest.raises(error, match=r"^(Words|Characters)"):
        make()
