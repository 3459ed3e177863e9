"""What stands in a chapter for a teacher: its name, size, promises and exercises."""

import re
from itertools import takewhile

WORDS_A_MINUTE, MINUTES_A_CELL, MINUTES_A_STAR = 150, 1, 10
EXERCISE = re.compile(r"^### Exercise (\w+\.\d+) (★+) (.+)$", re.M)
CHECK = re.compile(r"^# \w+\.(\w+)\(", re.M)
PROMISES = re.compile(r"^After this chapter you can\n\n((?:- .+\n?(?:  .+\n?)*)+)", re.M)
NO_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|`[^`]*`|\]\([^)]*\)|<[^>]*>", re.S)
WORD = re.compile(r"[^\W\d_][\w’'-]*")


def number(name):
    """8 for 08-masked-self-attention.ipynb, and B for the bug museum."""
    first = name.split("-")[0]
    return str(int(first)) if first.isdigit() else first[0].upper()


def chapter(name, cells):
    """Cells of a table: name, minutes of reading, exercises, and their minutes."""
    stars = [stars for _, stars, _, _ in exercises(cells)]
    spans = f"{reading(cells)} | {', '.join(stars)} | {working(''.join(stars))}"
    return f"[{title(name, cells)}]({name}) | {spans}"


def title(name, cells):
    return cells[0][1].split("\n")[0].removeprefix("# ")


def promises(name, cells):
    """The list of what a reader can do afterwards, without marks of new terms."""
    (found,) = PROMISES.findall("\n\n".join(text for _, text in cells))
    return found.replace("**", "").strip()


def exercise(name, cells, check):
    """Cells of a table: the exercise that this check judges, by number and name; its minutes."""
    label, stars, called = judged(name, cells, check)
    return f"Exercise {label} {stars} {called} | {working(stars)}"


def tasks(name, cells, *checks):
    """The numbers of the exercises that these checks judge, each with a link."""
    labels = [judged(name, cells, check)[0] for check in checks]
    return ", ".join(f"[{label}](#exercise-{label.replace('.', '-').lower()})" for label in labels)


def judged(name, cells, check):
    for *found, judge in exercises(cells):
        if judge == check:
            return found
    raise LookupError(f"{name} has no exercise with the check {check}")


def exercises(cells):
    """Number, stars, name and check of each exercise."""
    found = []
    for place, (kind, text) in enumerate(cells):
        if kind == "markdown" and (heading := EXERCISE.search(text)):
            judges = (CHECK.search(source) for kind, source in cells[place:] if kind == "code")
            found.append((*heading.groups(), next(filter(None, judges))[1]))
    return found


def reading(cells):
    """Minutes for the prose before the exercises and for its cells, a multiple of five."""
    before = list(takewhile(lambda cell: not EXERCISE.search(cell[1]), cells))
    prose = " ".join(NO_PROSE.sub(" ", text) for kind, text in before if kind == "markdown")
    shown = sum(kind == "code" and not text.startswith("# @title") for kind, text in before)
    minutes = len(WORD.findall(prose)) / WORDS_A_MINUTE + shown * MINUTES_A_CELL
    return 5 * round(minutes / 5)


def working(stars):
    return len(stars) * MINUTES_A_STAR
