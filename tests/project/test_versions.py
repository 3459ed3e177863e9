"""Exact versions for building, lowest versions for using, and one version of each linter."""

import re
import tomllib
from importlib.metadata import distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools.floors import pins, promises
from tools.repository import ROOT

REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
PRE_COMMIT = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")


def lines(requirements):
    text = re.sub(r"\s*#.*", "", requirements)
    return [line for line in text.splitlines() if line]


def unpinned(requirements):
    """The lines that leave a choice; the last one must install the project with all extras."""
    *exact, last = lines(requirements)
    loose = [line for line in exact if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    return loose + [last] * (last != "-e .[figures,test,tokens]")


def bounded(pyproject):
    """The dependencies that say more than a lowest version."""
    project = tomllib.loads(pyproject)["project"]
    needs = [*promises(pyproject), "python" + project["requires-python"]]
    return [need for need in needs if not re.fullmatch(r"[\w-]+>=[\d.]+", need)]


def unpinned_needs(pyproject, requirements):
    """What the library and its extras need and no pin covers."""
    versions = dict(line.split("==") for line in lines(requirements)[:-1])
    needs = map(Requirement, promises(pyproject))
    return [
        str(need)
        for need in needs
        if not (need.name in versions and need.specifier.contains(versions[need.name]))
    ]


def oldest_python(makefile):
    """The oldest Python with which the Makefile begins."""
    return re.search(r"version_info < \(([\d, ]+)\)", makefile)[1].replace(", ", ".")


def too_new(python, asked):
    """The names of those that ask for a newer Python than this."""
    return [name for name, wants in asked.items() if not SpecifierSet(wants or "").contains(python)]


def asked_by_pins():
    """Which Python each pinned distribution asks for, of those that are installed here."""
    pinned = {line.split("==")[0].lower() for line in lines(REQUIREMENTS)}
    found = [found.metadata for found in distributions()]
    return {m["Name"]: m.get("Requires-Python") for m in found if m["Name"].lower() in pinned}


def other_revisions(pre_commit, requirements):
    """The hooks of ruff and codespell whose version is not the pinned one."""
    revisions = {
        hook["repo"].split("/")[-1]: hook["rev"] for hook in yaml.safe_load(pre_commit)["repos"]
    }
    mirrors = {"ruff-pre-commit": "ruff", "codespell": "codespell"}
    return [
        mirror
        for mirror, name in mirrors.items()
        if f"{name}=={revisions[mirror][1:]}" not in lines(requirements)
    ]


def test_every_requirement_is_exact_and_the_project_comes_last():
    assert unpinned(REQUIREMENTS) == []


@pytest.mark.parametrize(
    "good, bad, found",
    [
        ("torch==2.13.0", "torch>=2.13.0", "torch>=2.13.0"),
        ("torch==2.13.0", "torch", "torch"),
        ("torch==2.13.0", "torch==2.13.0+cpu", "torch==2.13.0+cpu"),
        ("torch==2.13.0", "torch==2.*", "torch==2.*"),
        ("-e .[figures,test,tokens]", "zipp==1.0", "zipp==1.0"),
        ("-e .[figures,test,tokens]", "-e .", "-e ."),
    ],
)
def test_a_loose_requirement_is_found(good, bad, found):
    assert unpinned(REQUIREMENTS.replace(good, bad)) == [found]


def test_the_package_asks_for_lowest_versions_only():
    assert bounded(PYPROJECT) == []


@pytest.mark.parametrize("bad", ["torch>=2.6,<3", "torch==2.6", "torch", "scipy>=1.11.4,<2"])
def test_an_upper_bound_is_found(bad):
    good = "scipy>=1.11.4" if "scipy" in bad else "torch>=2.6"
    assert bounded(PYPROJECT.replace(good, bad)) == [bad]


def test_what_the_library_needs_is_pinned():
    assert unpinned_needs(PYPROJECT, REQUIREMENTS) == []


@pytest.mark.parametrize("bad", ["", "scipy==1.11.3"])
def test_a_need_without_a_pin_or_with_too_low_a_one_is_found(bad):
    assert unpinned_needs(PYPROJECT, re.sub(r"scipy==\S+", bad, REQUIREMENTS)) == ["scipy>=1.11.4"]


def test_the_library_alone_brings_nothing_for_figures_texts_or_tests():
    core = {Requirement(need).name for need in tomllib.loads(PYPROJECT)["project"]["dependencies"]}
    assert core == {"jaxtyping", "numpy", "safetensors", "torch", "tqdm"}


def test_the_lowest_versions_are_those_of_every_extra():
    extras = '[project]\nname = "a"\ndependencies = ["b>=1"]\n[project.optional-dependencies]\n'
    assert pins(f'{extras}c = ["d>=2.0", "a[e]"]\ne = ["f>=3"]') == ["b==1", "d==2.0", "f==3"]
    assert {"torch==2.6", "altair==5.5", "scipy==1.11.4"} < set(pins(PYPROJECT))


def test_every_pin_and_the_library_take_the_oldest_python_that_the_makefile_lets_pass():
    oldest = oldest_python(MAKEFILE)
    library = tomllib.loads(PYPROJECT)["project"]["requires-python"]
    assert too_new(oldest, {"attention-book": library, **asked_by_pins()}) == []
    assert f"Python {oldest} or newer" in README


def test_a_pin_that_asks_for_a_newer_python_is_found():
    assert too_new("3.11", {"soupsieve": ">=3.11.5", "numpy": ">=3.11", "tqdm": None}) == [
        "soupsieve"
    ]
    assert {"torch", "numpy", "pytest"} < asked_by_pins().keys()
    assert oldest_python("version_info < (3, 12, 1) and") == "3.12.1"


def test_pre_commit_runs_the_pinned_linters():
    assert other_revisions(PRE_COMMIT, REQUIREMENTS) == []


def test_another_linter_is_found():
    assert other_revisions(PRE_COMMIT, REQUIREMENTS.replace("ruff==", "ruff==9")) == [
        "ruff-pre-commit"
    ]
