"""What the README promises exists, and no file speaks of the machine that it was written on."""

import re

import pytest

from tests.git import git, needs_git
from tools.repository import ROOT

README, CONTRIBUTING, MAKEFILE = (
    (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", "Makefile")
)
# The brackets keep a pattern from finding itself.
FORBIDDEN = (
    r"(?<![\w.])/(wor[k]|roo[t])/|/tmp/scratc[h]|\.\./share[d]"
    r"|pypi\.or[g]|pythonhosted\.or[g]|registry\.npmj[s]|conda\.anacond[a]"
)


def missing_commands(text, makefile):
    """The `make` commands that the text names and the Makefile lacks."""
    named = set(re.findall(r"(?:`|^ {4}|^)make ([a-z]+)", text, re.M))
    return sorted(named - set(re.findall(r"^([a-z]+):", makefile, re.M)))


def executable(name):
    return (ROOT / name).stat().st_mode & 0o111 == 0o111


def forbidden(text):
    return [found[0] for found in re.finditer(FORBIDDEN, text)]


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_command_that_is_named_exists(text):
    assert missing_commands(text, MAKEFILE) == []


def test_a_command_that_does_not_exist_is_found():
    assert missing_commands("make book\n    make tea\nor `make hay`", MAKEFILE) == ["hay", "tea"]


def test_the_two_commands_come_first_in_the_readme():
    assert re.findall(r"make [a-z]+", README)[:2] == ["make book", "make test"]


@needs_git
def test_no_file_names_a_machine_or_a_registry():
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    texts = {n: (ROOT / n).read_text("utf-8", "replace") for n in names if (ROOT / n).is_file()}
    assert {name: found for name, text in texts.items() if (found := forbidden(text))} == {}


@pytest.mark.parametrize(
    "parts",
    [
        ("..", "/shared/x"),
        ("'/wo", "rk/x'"),
        ("/roo", "t/x"),
        ("/tmp/scra", "tch"),
        ("pypi", ".org"),
    ],
)
def test_a_forbidden_word_is_found(parts):
    assert len(forbidden("".join(parts))) == 1


def test_the_proof_is_executable():
    assert executable(".ci/run")


def test_a_plain_file_is_not_executable():
    assert not executable("Makefile")
