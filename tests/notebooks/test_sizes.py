"""What counts as a code cell and as a word, and that each limit can be broken."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks.sizes import size_problems, words

ASK = new_markdown_cell("### Exercise 8.1 ★ One")
OPEN = new_markdown_cell("#### Solution 8.1")
CLOSE = new_markdown_cell("## What you have now")
FOLDED = {"tags": ["hide-input"]}


def chapter(cells=12, lines=6, total=1500, extra=()):
    """A chapter of so many teaching cells of so many lines, and so many words."""
    code = [new_code_cell("x = 1\n\n" * lines) for _ in range(cells)]
    first = new_code_cell("first\n" * 30, metadata=FOLDED)
    return new_notebook(cells=[new_markdown_cell("word " * total), first, *code, *extra])


@pytest.mark.parametrize("cells", [12, 20])
@pytest.mark.parametrize("total", [1500, 2494])
def test_a_chapter_within_the_limits_is_accepted(cells, total):
    exercise = [
        ASK,
        new_code_cell("y = ...\n" * 24),
        OPEN,
        *[new_code_cell("y = 2\n" * 15) for _ in range(9)],
        new_markdown_cell("w " * 900),
        CLOSE,
    ]
    others = [new_code_cell("show(mask)"), new_code_cell("draw\n" * 40, metadata=FOLDED)]
    assert size_problems(chapter(cells, total=total, extra=[*others, *exercise])) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cells": 11}, "has 11 teaching cells"),
        ({"cells": 21}, "has 21 teaching cells"),
        ({"lines": 7}, "median cell of 7"),
        ({"total": 1499}, "has 1499 words"),
        ({"total": 2501}, "has 2501 words"),
        ({"extra": [new_code_cell("z = 3\n" * 16)]}, "has 16 lines of code, more than 15"),
        ({"extra": [ASK, new_code_cell("z = 3\n" * 25)]}, "has 25 lines of code, more than 24"),
        ({"extra": [ASK, OPEN, CLOSE, new_code_cell("z = 3\n" * 16)]}, "more than 15"),
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
        ("See [the paper](https://example.org/a-b) by Someone (2017)", 5),
        ("*Figure 8.1.* A\ncaption.\n\nTwo words", 2),
        ("Two words\n\n## Five questions\n\n1. What?\n\nThat.", 2),
        ("```python\nx = 1\n```\nCall `f(x)` now", 2),
        ("<br> the query's row-sum is 0.5", 4),
        ("<details><summary>Hint</summary>\n\nThis.\n\n</details>", 1),
        ("One\n\n#### Solution 8.1\n\nIt is so.\n\n### Exercise 8.2 ★ It\n\ntwo", 2),
    ],
)
def test_words(source, count):
    assert words(new_notebook(cells=[new_markdown_cell(source)])) == count
