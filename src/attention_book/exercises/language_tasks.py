"""Chapter 21: four language tasks, one model."""

from ..tasks.four import KINDS, opinions, tokens
from ..tasks.four.layout import pose, row
from ..tasks.four.translation import ADJECTIVES, NOUNS
from .verdict import by_hand, exercise, expect

LISTS = [("ab", "xyz"), ("abcd", "wxyz"), ([*ADJECTIVES], [*NOUNS])]


@exercise
def targets(answer):
    """What is asked for at each place: answer(ids, sign) of a text that ends with its <end>."""
    for name, kind in KINDS.items():
        text = kind.write(_turns(len(name)))
        ids = row(name, text)
        ids = ids[ids != 0].tolist()
        sign = ids.index(tokens.ids["="])
        mine = list(by_hand(answer, ids, sign))
        right = pose(row(name, text)[None])[1][0][: len(ids) - 1].tolist()
        count = f"the last id has no next one: {len(right)} targets, got {len(mine)}."
        expect(len(mine) == len(right), count)
        every = "the source is given: at each place before the sign the target is -100."
        expect(mine[:sign] == right[:sign], every)
        expect(mine[sign] != -100, "the answer's first word is asked for at the sign.")
        shifted = "at each place the NEXT id is asked for, not the one that stands there."
        expect(mine[sign:] != ids[sign:-1], shifted)
        expect(mine[-1] == right[-1], "the end is asked for too: how else should it stop?")
        expect(mine == right, "from the sign on, the target is the next id.")


@exercise
def keep_out(answer):
    """Pairs that no text to learn from has, while each word has some: answer(firsts, seconds)."""
    for firsts, seconds in LISTS:
        firsts, seconds = list(firsts), list(seconds)
        new = {tuple(pair) for pair in by_hand(answer, firsts, seconds)}
        every = {(a, b) for a in firsts for b in seconds}
        expect(new <= every, "a pair is a word of the first list and one of the second.")
        for word in firsts:
            kept = [pair for pair in new if pair[0] == word]
            expect(kept, f"{word!r} is in no pair that is kept out: nothing new is tried with it.")
            expect(len(kept) < len(seconds), f"{word!r} has no pair left to learn from.")
        for word in seconds:
            lost = all((first, word) in new for first in firsts)
            expect(not lost, f"{word!r} has no pair left to learn from.")


@exercise
def judge(answer):
    """Positive or negative, by a rule without any training: answer(words)."""
    task = KINDS["judge"]
    choose = _turns(7)
    texts = [task.write(choose) for _ in range(400)]
    said = [by_hand(answer, list(text.source)) for text in texts[:1]]
    said += [answer(list(text.source)) for text in texts[1:]]
    for mine in said:
        known = mine in ("positive", "negative")
        expect(known, f"it should say 'positive' or 'negative', got {mine!r}.")
    right = [[mine] == text.answer for mine, text in zip(said, texts, strict=True)]
    expect(len(set(said)) > 1, "it says the same of every text.")
    for rule, advice in HABITS.items():
        habit = [mine == rule(text.source) for mine, text in zip(said, texts, strict=True)]
        expect(all(right) or not all(habit), advice)
    wrong = next((t for t, ok in zip(texts, right, strict=True) if not ok), None)
    share = f"{sum(right)} of {len(right)} are right"
    text = wrong and f"{' '.join(wrong.source)!r} is {wrong.answer[0]}"
    expect(wrong is None, f"{share}; {text}: which clause counts, and does *not* turn it?")


def _last(source):
    return opinions.turned(source[max(i for i, w in enumerate(source) if w == "is") :])[0]


HABITS = {
    lambda source: opinions.count(source)[0]: "counting is not enough: *not* turns a word.",
    lambda source: opinions.turned(source)[0]: "not all words count: which clause decides?",
    _last: "the last clause counts after *but*. And before *although*?",
}


def _turns(start):
    """A function that takes options in an order that looks like chance and is none."""
    state = start

    def choose(options):
        nonlocal state
        state = (state * 69069 + 12345) % 2**32
        return options[(state >> 16) % len(options)]

    return choose
