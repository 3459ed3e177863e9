"""Workflows run only pinned actions, with no more rights than each job names."""

import re

import pytest
import yaml

from tools.repository import ROOT

WORKFLOWS = {
    path.name: path.read_text("utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")
}


def faults(text):
    workflow = yaml.safe_load(text)
    uses = re.findall(r"\buses: *(.*)", text)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    checkouts = [s for s in steps if s.get("uses", "").startswith("actions/checkout@")]
    return {
        "pin": [u for u in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", u)],
        "rights": [] if workflow.get("permissions") == {} else ["workflow"],
        "job rights": [n for n, job in workflow["jobs"].items() if "permissions" not in job],
        "time limit": [n for n, job in workflow["jobs"].items() if "timeout-minutes" not in job],
        "credentials": [
            s["uses"]
            for s in checkouts
            if s.get("with", {}).get("persist-credentials") is not False
        ],
    }


def test_there_are_the_three_workflows():
    assert sorted(WORKFLOWS) == ["ci.yml", "publish.yml", "weekly.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_pinned_and_has_few_rights(name):
    assert not any(faults(WORKFLOWS[name]).values())


@pytest.mark.parametrize(
    "fault, good, bad",
    [
        ("pin", r"@[0-9a-f]{40} # ", "@"),
        ("pin", r"@[0-9a-f]{40} ", "@3d3c42e "),
        ("pin", r" # v\d+\.\d+\.\d+", ""),
        ("rights", r"^permissions: {}$", ""),
        ("rights", r"^permissions: {}$", "permissions: write-all"),
        ("job rights", r"^    permissions:\n( {6}.*\n)+", ""),
        ("time limit", r"^    timeout-minutes: \d+\n", ""),
        ("credentials", "persist-credentials: false", "fetch-depth: 0"),
    ],
)
@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_fault_is_found(name, fault, good, bad):
    found = faults(re.sub(good, bad, WORKFLOWS[name], flags=re.M))
    assert [kind for kind, places in found.items() if places] == [fault]
