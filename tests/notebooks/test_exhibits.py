"""The bug museum keeps to its size, and each limit can be broken."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks.exhibits import exhibit_problems, exhibits
from tools.execute import CHAPTERS, read

MUSEUM = read(CHAPTERS / "bug-museum.ipynb")


def museum(count=12, cells=2, lines=15, total=120, frame=600, says="Found by Lee (2021)."):
    """So many exhibits alike, each with so many cells of so many lines, and so many words."""
    rooms = [
        cell
        for number in range(1, count + 1)
        for cell in (
            new_markdown_cell(f"### Exercise B.{number} ★ A name\n\n{says}" + " word" * total),
            *[new_code_cell("x = 1\n\n" * lines) for _ in range(cells)],
            new_code_cell("draw\n" * 40, metadata={"tags": ["hide-input"]}),
            new_markdown_cell(f"#### Solution B.{number}"),
            new_markdown_cell("word " * 300),
            *[new_code_cell("y = 2\n" * 20) for _ in range(5)],
        )
    ]
    frame = [new_markdown_cell("# B. Bugs\n\n" + "word " * frame), new_code_cell("z\n" * 30)]
    return new_notebook(cells=[*frame, *rooms, new_markdown_cell("## The end\n\nIt is so.")])


def test_the_museum_keeps_to_its_size():
    assert exhibit_problems(MUSEUM) == []


@pytest.mark.parametrize("sizes", [{}, {"count": 20}, {"cells": 4}, {"total": 0}])
def test_exhibits_within_the_limits_are_accepted(sizes):
    assert exhibit_problems(museum(**sizes)) == []


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"count": 11}, "has 11 exhibits"),
        ({"count": 21}, "has 21 exhibits"),
        ({"frame": 701}, "words around them, more than 700"),
        ({"total": 131}, "exhibit B.1 has 134 words"),
        ({"cells": 1}, "exhibit B.1 has 1 cells"),
        ({"cells": 5}, "exhibit B.1 has 5 cells"),
        ({"lines": 16}, "exhibit B.1 has a cell of 16 lines"),
        ({"says": "Found by Lee."}, "exhibit B.1 names no source"),
    ],
)
def test_each_limit_can_be_broken(sizes, problem):
    assert any(problem in found for found in exhibit_problems(museum(**sizes)))


def test_an_exhibit_ends_where_the_next_heading_begins():
    found = exhibits(museum(count=2))
    assert list(found) == ["", "B.1", "B.2"]
    assert found[""].cells[-1].source.startswith("## The end")
