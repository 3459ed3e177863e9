"""A hard place is as hard as its name says, and the program that runs there says how it ended."""

import subprocess
import sys

import pytest

from tests.project.test_workflows import WORKFLOWS
from tools.places import PLACES, inside

NEEDS = {
    "offline": ("import socket; socket.create_connection(('192.0.2.1', 9), 1)", "Errno 101"),
    "read-only": ("open('new', 'xb')", "Read-only file system"),
    "posix": (r"'\xfc'.encode(__import__('locale').getencoding())", "'ascii' codec"),
    "small": ("bytearray(3 * 2**30)", "MemoryError"),
}
COUNT = "ps --ppid $PPID -o stat= | grep -c R; exit {}"


def possible(place):
    return inside(place, "true").returncode == 0


@pytest.mark.parametrize("place", NEEDS)
def test_what_a_place_lacks_fails_there(place):
    if not possible(place):
        pytest.skip(f"this machine lets nobody make the place {place!r}")
    program, reason = NEEDS[place]
    done = inside(place, sys.executable, "-c", program, capture_output=True, text=True)
    assert reason in done.stderr


@pytest.mark.parametrize("place", ["posix", "small"])
def test_elsewhere_it_works(place):
    subprocess.run([sys.executable, "-c", NEEDS[place][0]], check=True)


@pytest.mark.parametrize("status", [0, 3])
def test_a_busy_place_has_four_others_at_work(status):
    done = inside("busy", "sh", "-c", COUNT.format(status), capture_output=True, text=True)
    assert int(done.stdout) >= 4
    assert done.returncode == status


def test_the_places_are_the_ones_that_the_workflow_names():
    assert f"place: [{', '.join(PLACES)}]" in WORKFLOWS["weekly.yml"]
