from attention_book.exercises import language_tasks
from attention_book.tasks.four import opinions
from tests.exercises.answers import accepted, all_refused


def targets(ids, sign):
    return [-100] * sign + ids[sign + 1 :]


WRONG_TARGETS = {
    "every word": (lambda ids, sign: ids[1:], "the source is given"),
    "one late": (lambda ids, sign: [-100] * (sign + 1) + ids[sign + 2 :], "at the sign"),
    "not shifted": (lambda ids, sign: [-100] * sign + ids[sign:-1], "the NEXT id"),
    "no end": (lambda ids, sign: [*targets(ids, sign)[:-1], -100], "the end is asked for"),
    "too long": (lambda ids, sign: [*targets(ids, sign), -100], "the last id has no next one"),
    "nothing": (lambda ids, sign: None, "return"),
    "dots": (lambda ids, sign: ..., "replace the dots"),
}


def keep_out(firsts, seconds):
    return {(word, seconds[i % len(seconds)]) for i, word in enumerate(firsts)}


WRONG_PAIRS = {
    "all": (lambda a, b: {(x, y) for x in a for y in b}, "no pair left"),
    "none": (lambda a, b: set(), "in no pair that is kept out"),
    "all of one": (lambda a, b: {(a[0], y) for y in b}, "'a' has no pair left"),
    "one second": (lambda a, b: {(x, b[0]) for x in a}, "'x' has no pair left"),
    "turned": (lambda a, b: {(y, x) for x, y in keep_out(a, b)}, "of the first list"),
    "nothing": (lambda a, b: None, "return"),
    "dots": (lambda a, b: ..., "replace the dots"),
}


def judge(words):
    joint = "but" if "but" in words else "although"
    middle = words.index(joint)
    clause = words[middle + 1 :] if joint == "but" else words[:middle]
    good = (clause[-1] in ("good", "kind", "clean", "warm")) != ("not" in clause)
    return "positive" if good else "negative"


def by_last(words):
    return judge([*words[: words.index("but" if "but" in words else "although")], "but",
                  *words[words.index("but" if "but" in words else "although") + 1 :]])  # fmt: skip


WRONG_RULES = {
    "counting": (lambda words: opinions.count(words)[0], "calls the library's"),
    "counting by hand": (
        lambda w: (
            "positive"
            if 2 * sum(x in opinions.GOOD for x in w)
            >= sum(x in opinions.GOOD + opinions.BAD for x in w)
            else "negative"
        ),
        "*not* turns a word",
    ),
    "the last clause": (by_last, "And before *although*"),
    "always one": (lambda words: "positive", "the same of every text"),
    "the other way round": (
        lambda words: {"positive": "negative", "negative": "positive"}[judge(words)],
        "0 of 400 are right",
    ),
    "a number": (lambda words: 1, "it should say"),
    "a list": (lambda words: [judge(words)], "it should say"),
    "nothing": (lambda words: None, "return"),
    "dots": (lambda words: ..., "replace the dots"),
}

RIGHT = {
    language_tasks.targets: targets,
    language_tasks.keep_out: keep_out,
    language_tasks.judge: judge,
}
WRONG = {
    language_tasks.targets: WRONG_TARGETS,
    language_tasks.keep_out: WRONG_PAIRS,
    language_tasks.judge: WRONG_RULES,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
