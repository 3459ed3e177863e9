"""The tests can fail: every classic bug, put into a copy of the library, turns them red."""

import shutil
from pathlib import Path

import pytest

from tests.mutants import MUTANTS
from tests.mutants.mutant import Mutant, outcome, planted

ROOT = Path(__file__).parents[1]
MASKS = "tests/test_masks.py"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The library in a folder of its own: each worker of a parallel run spoils another."""
    return shutil.copytree(ROOT / "src", tmp_path_factory.mktemp("mutant") / "src")


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_the_tests_notice(mutant, copy):
    with planted(mutant, copy / "attention_book"):
        assert outcome(copy, mutant.tests) == pytest.ExitCode.TESTS_FAILED


def test_a_bug_that_no_test_notices_is_an_error_and_does_not_stay(copy):
    unnoticed = Mutant("a space", "masks.py", "def causal_mask(", "def causal_mask( ", MASKS)
    file = copy / "attention_book" / unnoticed.file
    right = file.read_text("utf-8")
    with pytest.raises(AssertionError, match="TESTS_FAILED"):
        test_the_tests_notice(unnoticed, copy)
    assert file.read_text("utf-8") == right


def test_a_bug_that_does_not_fit_the_code_is_an_error(copy):
    old = Mutant("gone", "masks.py", "no such code", "", MASKS)
    with pytest.raises(AssertionError, match="renew it"), planted(old, copy / "attention_book"):
        pass


def test_an_endless_loop_ends(copy, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mutants.mutant.LIMIT", 1)
    (tmp_path / "test_endless.py").write_text("def test_it():\n    while True: pass", "utf-8")
    with pytest.raises(ValueError, match="not a valid ExitCode"):
        outcome(copy, str(tmp_path))


def test_the_copy_itself_passes(copy):
    assert outcome(copy, MASKS) == pytest.ExitCode.OK


def test_it_is_the_copy_that_is_tested(copy, tmp_path):
    test = tmp_path / "test_where.py"
    test.write_text(
        "import attention_book\n"
        f"def test_where(): assert attention_book.__file__.startswith({str(copy)!r})",
        "utf-8",
    )
    assert outcome(copy, str(test)) == pytest.ExitCode.OK
    assert outcome(ROOT / "src", str(test)) == pytest.ExitCode.TESTS_FAILED
