"""Programs in two processes: they give what one gives, and whoever fails is named soon."""

import os
import subprocess
import sys
import time

import pytest
import torch

from attention_book import attention
from attention_book.processes import run

MERGE = """
from attention_book.processes import gather, give, given
from attention_book.streaming import merge, streaming_attention

q, k, v = given()
give(merge(*gather(streaming_attention(q, k, v))).output)
"""
SHORT = """
import os, sys, time
from attention_book.processes import gather, give, given
from torch import distributed
if os.environ["RANK"] == "1":
    {}
distributed.barrier()
give(given()[0])
"""
ENDS = {
    "os._exit(3)": "run: process 1 of 2 died with exit code 3",
    "raise KeyError('lost')": "run: process 1 of 2 raised KeyError: 'lost'",
    "sys.exit(4)": "run: process 1 of 2 raised SystemExit: 4",
    "os._exit(0)": "run: process 1 of 2 ended without give(...)",
    "os.kill(os.getpid(), 9)": "run: process 1 of 2 was killed by signal 9",
}


def halves(seed=0, place=11):
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(2, 4, 37, 8, dtype=torch.float64, generator=generator) for _ in "qkv")
    sides = slice(None, place), slice(place, None)
    return (q, k, v), [[q, k[..., side, :], v[..., side, :]] for side in sides]


def mine():
    """The processes of `run` that are alive."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if "attention_book.processes" in line]


def test_two_machines_with_half_of_the_keys_each_equal_one():
    whole, parts = halves()
    for output in run(MERGE, parts):
        torch.testing.assert_close(output, attention(*whole), atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(end, marks=pytest.mark.thorough if late else ())
        for late, end in enumerate(ENDS)
        if os.name == "posix" or "kill" not in end
    ],
)
def test_a_process_that_ends_is_named_within_seconds(end, tmp_path):
    clock = tmp_path / "died"
    noted = SHORT.format(f"open({str(clock)!r}, 'w').close(); {end}")
    with pytest.raises(RuntimeError) as caught:
        run(noted, [[torch.ones(1)], [torch.ones(1)]])
    assert str(caught.value).startswith(ENDS[end])
    assert time.time() - clock.stat().st_mtime < 20, "it waited for a process that was dead"


@pytest.mark.thorough
def test_one_that_never_answers_is_stopped_and_nothing_is_left_running():
    with pytest.raises(TimeoutError, match="2 processes were not done after 30 seconds"):
        run(SHORT.format("time.sleep(1000)"), [[torch.ones(1)], [torch.ones(1)]], seconds=30.0)
    if sys.platform != "win32":
        assert not [line for line in mine() if "attention_book.processes.worker" in line]


@pytest.mark.thorough
def test_it_needs_no_network_and_no_name(tmp_path):
    """Also where the machine's own name leads nowhere, and the folder is not the book's."""
    code = "from attention_book.processes import run\nimport torch\n"
    code += f"run({SHORT.format('pass')!r}, [[torch.ones(1)], [torch.ones(1)]])"
    odd = os.environ | {"HOSTNAME": "no.such.name", "http_proxy": "http://no.such.name:1"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, env=odd, cwd=tmp_path, check=True, timeout=120)


def test_a_machine_without_a_loopback_is_named(monkeypatch):
    def unreachable(*_, **__):
        raise OSError("Network is unreachable")

    monkeypatch.setattr("socket.create_connection", unreachable)
    with pytest.raises(RuntimeError, match=r"cannot talk over 127\.0\.0\.1 here: Network is un"):
        run(MERGE, [[torch.ones(1)]])


@pytest.mark.bad_input
def test_bad_input_is_named(explained):
    with explained(TypeError, "run: program must be Python text, got function"):
        run(test_bad_input_is_named, [[torch.ones(1)]])
    with explained(ValueError, "run: inputs must be a list of lists of tensors"):
        run(MERGE, [])
    with explained(TypeError, "run: inputs[1] must be a list of tensors, got Tensor"):
        run(MERGE, [[torch.ones(1)], torch.ones(10**6)])
    with explained(TypeError, "run: inputs[0] must hold tensors, got int"):
        run(MERGE, [[1]])
    with explained(ValueError, "run: seconds must be positive"):
        run(MERGE, [[torch.ones(1)]], seconds=0.0)
