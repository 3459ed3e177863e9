"""The instruments of the benchmarks, in processes of their own: they run on one thread."""

import subprocess
import sys

import pytest

from tools.repository import ROOT


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def true(code):
    result = run("-c", code)
    assert result.returncode == 0, result.stderr


def test_twice_the_seconds_is_half_as_fast():
    """A clock that only the two functions advance: one second, and two seconds at their best."""
    true(
        "import benchmarks.timing as timing\n"
        "clock, bad_moments = [0.0], iter([5.0, 0.0] * 99)\n"
        "timing.process_time = lambda: clock[0]\n"
        "def ours(): clock[0] += 1.0\n"
        "def theirs(): clock[0] += 2.0 + next(bad_moments)\n"
        "assert timing.times_as_fast(ours, theirs) == 2.0"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's peak anew")
def test_a_peak_is_seen_after_a_higher_one():
    true(
        "import torch\n"
        "from benchmarks.memory import peak_bytes\n"
        "peaks = [peak_bytes(lambda: torch.ones(n, 2**20)) / 2**22 for n in (90, 30)]\n"
        "assert 89 < peaks[0] < 95 and 29 < peaks[1] < 35, peaks"
    )


def test_a_missed_target_is_an_error():
    true(
        "import pytest\n"
        "import benchmarks.__main__ as bench\n"
        "from benchmarks.rows import Row\n"
        "bench.ROWS = [Row('slow', lambda: 0.5, 1.0), Row('big', lambda: 7, None, 5, '%')]\n"
        "with pytest.raises(SystemExit, match='Targets missed: slow; big'):\n"
        "    bench.main([''])\n"
        "bench.ROWS = [Row('fast', lambda: 1.5, 1.0), Row('small', lambda: 3, None, 5, '%')]\n"
        "bench.main([''])"
    )


def test_unknown_words_are_an_error():
    result = run("-m", "benchmarks", "tea")
    assert result.returncode == 1
    assert "No row has the words tea" in result.stderr


def test_the_readme_has_every_row():
    true(
        "from benchmarks.__main__ import README, START, names, with_table\n"
        "text = README.read_text('utf-8')\n"
        "assert not [name for name in names() if f'| {name} |' not in text]\n"
        "assert with_table(with_table(text, 'a'), 'b') == with_table(text, 'b')"
    )
