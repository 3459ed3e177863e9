"""Every row of tests/CASES.md is proven by a test that carries its number, and no other is."""

import re

from tools.repository import ROOT

ROWS = re.findall(r"^\| (\d+) \|", (ROOT / "tests/CASES.md").read_text("utf-8"), re.M)


def numbers(name):
    """The cases of a test's name: `case_01_and_02_x` has two, `case_13_to_15_x` three."""
    first, rest = re.match(r"test_case_(\d\d)((?:_and_\d\d|_to_\d\d)*)_", name).groups()
    found = [int(first), *map(int, re.findall(r"\d+", rest))]
    return range(found[0], found[1] + 1) if "_to_" in rest else found


def proven():
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    names = re.findall(r"^def (test_case_\d\w*)", "\n".join(texts), re.M)
    return {number for name in names for number in numbers(name)}


def test_every_case_is_proven_and_every_number_is_a_case():
    assert proven() == {int(row) for row in ROWS}


def test_names_are_read_with_their_ranges():
    assert list(numbers("test_case_13_to_15_left")) == [13, 14, 15]
    assert numbers("test_case_01_and_02_gradients") == [1, 2]
    assert numbers("test_case_07_x") == [7]
