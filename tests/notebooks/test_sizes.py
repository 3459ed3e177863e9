"""What counts as a code cell and as a word, and that each limit can be broken."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks.sizes import size_problems, words

ASK = new_markdown_cell("::::{exercise} ★\n::::")
OPEN = new_markdown_cell(":::{solution-start} one\n:::")
CLOSE = new_markdown_cell(":::{solution-end}\n:::")


def chapter(cells=12, lines=6, total=1500, extra=()):
    """A chapter of so many teaching cells of so many lines, and so many words."""
    code = [new_code_cell("x = 1\n\n" * lines) for _ in range(cells)]
    prose = new_markdown_cell("word " * total)
    return new_notebook(cells=[prose, new_code_cell("first\n" * 30), *code, *extra])


@pytest.mark.parametrize("cells", [12, 20])
@pytest.mark.parametrize("total", [1500, 2500])
def test_a_chapter_within_the_limits_is_accepted(cells, total):
    exercise = [
        ASK,
        new_code_cell("y = ..."),
        OPEN,
        *[new_code_cell("y = 2\n" * 15) for _ in range(9)],
        new_markdown_cell("w " * 900),
        CLOSE,
    ]
    assert size_problems(chapter(cells, total=total, extra=exercise)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cells": 11}, "has 11 teaching cells"),
        ({"cells": 21}, "has 21 teaching cells"),
        ({"lines": 7}, "median cell of 7"),
        ({"total": 1499}, "has 1499 words"),
        ({"total": 2501}, "has 2501 words"),
        ({"extra": [new_code_cell("z = 3\n" * 16)]}, "has 16 lines of code"),
        ({"extra": [ASK, new_code_cell("z = 3\n" * 16), CLOSE]}, "has 16 lines of code"),
    ],
)
def test_each_limit_can_be_broken(changed, message):
    [found] = size_problems(chapter(**changed))
    assert message in found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("## A robot must *obey*", 4),
        ("It is $x_i$, and $$\na + b\n$$ then", 4),
        ("See [the paper](https://example.org/a-b) by {cite:t}`someone2017`", 4),
        (":::{figure} picture.png\n:name: one\nA caption\n:::", 2),
        ("```python\nx = 1\n```\nCall `f(x)` now", 2),
        ("(anchor)=\n<br> the query's row-sum is 0.5", 4),
    ],
)
def test_words(source, count):
    assert words(new_notebook(cells=[new_markdown_cell(source)])) == count
