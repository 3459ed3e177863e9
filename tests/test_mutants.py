"""The tests can fail: every classic bug, put into a copy of the library, turns them red."""

import shutil
from pathlib import Path

import pytest

from tests.mutants import MUTANTS, outcome

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return shutil.copytree(ROOT / "src", tmp_path_factory.mktemp("mutant") / "src")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_the_tests_notice(mutant, copy):
    file = copy / "attention_book" / mutant.file
    right = (ROOT / "src/attention_book" / mutant.file).read_text()
    assert right.count(mutant.old) == 1, "the mutant no longer fits the code: renew it"
    file.write_text(right.replace(mutant.old, mutant.new))
    assert outcome(copy, mutant.tests) == pytest.ExitCode.TESTS_FAILED
    file.write_text(right)


def test_the_copy_itself_passes(copy):
    assert outcome(copy, "tests/test_masks.py") == pytest.ExitCode.OK


def test_it_is_the_copy_that_is_tested(copy, tmp_path):
    test = tmp_path / "test_where.py"
    test.write_text(
        "import attention_book\n"
        f"def test_where(): assert attention_book.__file__.startswith({str(copy)!r})"
    )
    assert outcome(copy, str(test)) == pytest.ExitCode.OK
    assert outcome(ROOT / "src", str(test)) == pytest.ExitCode.TESTS_FAILED
