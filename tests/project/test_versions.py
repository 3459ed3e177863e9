"""Exact versions for building, lowest versions for using, and one version of each linter."""

import re

import pytest
import tomllib
import yaml

from tools.repository import ROOT

REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PRE_COMMIT = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")


def lines(requirements):
    text = re.sub(r"\s*#.*", "", requirements)
    return [line for line in text.splitlines() if line]


def unpinned(requirements):
    """The lines that leave a choice; the last one must install the project itself."""
    *pins, last = lines(requirements)
    loose = [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    return loose + [last] * (last != "-e .")


def bounded(pyproject):
    """The dependencies that say more than a lowest version."""
    project = tomllib.loads(pyproject)["project"]
    needs = [*project["dependencies"], "python" + project["requires-python"]]
    return [need for need in needs if not re.fullmatch(r"[\w-]+>=[\d.]+", need)]


def unpinned_needs(pyproject, requirements):
    """The library's dependencies that no pin covers."""
    names = {line.split("==")[0].lower() for line in lines(requirements)}
    needs = tomllib.loads(pyproject)["project"]["dependencies"]
    return [need for need in needs if need.split(">=")[0] not in names]


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
        ("-e .", "zipp==1.0", "zipp==1.0"),
    ],
)
def test_a_loose_requirement_is_found(good, bad, found):
    assert unpinned(REQUIREMENTS.replace(good, bad)) == [found]


def test_the_package_asks_for_lowest_versions_only():
    assert bounded(PYPROJECT) == []


@pytest.mark.parametrize("bad", ["torch>=2.5,<3", "torch==2.5", "torch"])
def test_an_upper_bound_is_found(bad):
    assert bounded(PYPROJECT.replace("torch>=2.5", bad)) == [bad]


def test_what_the_library_needs_is_pinned():
    assert unpinned_needs(PYPROJECT, REQUIREMENTS) == []


def test_a_need_without_a_pin_is_found():
    assert unpinned_needs(PYPROJECT, REQUIREMENTS.replace("scipy==", "sciqy==")) == ["scipy>=1.11"]


def test_pre_commit_runs_the_pinned_linters():
    assert other_revisions(PRE_COMMIT, REQUIREMENTS) == []


def test_another_linter_is_found():
    assert other_revisions(PRE_COMMIT, REQUIREMENTS.replace("ruff==", "ruff==9")) == [
        "ruff-pre-commit"
    ]
