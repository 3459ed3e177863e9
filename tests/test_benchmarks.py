"""The instruments of the benchmarks, in processes of their own: they run on one thread."""

import json
import re
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
    """A clock of our own: one second and two, but for bad moments; they begin pairs in turn."""
    true(
        "from statistics import median\n"
        "from benchmarks.timing import compare, fastest\n"
        "seconds, order = {}, []\n"
        "def ours(): return 1.0\n"
        "def theirs(): return 1.0\n"
        "def clock(function):\n"
        "    order.append(function)\n"
        "    bad = 5.0 if len(order) in (3, 8) else 0.0\n"
        "    return {ours: 1.0, theirs: 2.0}[function] + bad\n"
        "values, note = compare(ours, theirs, clock=clock, least=0, count=9)\n"
        "assert median(values) == 2.0 and note == '1e+03 and 2e+03 ms', (values, note)\n"
        "assert order[:4] == [ours, theirs, theirs, ours] and len(order) == 18\n"
        "assert fastest(theirs, ours, clock=clock) is ours"
    )


def test_other_numbers_are_not_compared():
    true(
        "import pytest\n"
        "from benchmarks.timing import compare\n"
        "with pytest.raises(AssertionError, match='not close'):\n"
        "    compare(lambda: 1.0, lambda: 1.1)"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's peak anew")
def test_a_peak_is_seen_after_a_higher_one():
    true(
        "import torch\n"
        "from benchmarks.memory import peak_bytes\n"
        "peaks = [peak_bytes(lambda: torch.ones(n, 2**20)) / 2**22 for n in (90, 30)]\n"
        "assert 89 < peaks[0] < 95 and 29 < peaks[1] < 35, peaks"
    )


def test_a_step_without_checks_calls_no_check():
    true(
        "import sys\n"
        "from benchmarks.checks import UNCHECKED\n"
        "from benchmarks import peers\n"
        "from benchmarks.sizes import TINY, ids_for\n"
        "from attention_book import generate\n"
        "steps = generate(peers.pair(TINY)[0], ids_for(TINY, 1, 4), 9)\n"
        "next(steps)\n"
        "called = set()\n"
        "def see(frame, event, _):\n"
        "    if event == 'call' and 'validate' in frame.f_code.co_filename:\n"
        "        if 'validate' not in frame.f_back.f_code.co_filename:\n"
        "            called.add(frame.f_code.co_name)\n"
        "sys.setprofile(see)\n"
        "next(steps)\n"
        "sys.setprofile(None)\n"
        "assert called == set(UNCHECKED), called"
    )


def test_a_missed_target_and_an_error_stand_in_the_table():
    true(
        "from benchmarks.table import Measured, Row, Skipped, attempt\n"
        "row = Row('speed', None, 1.0)\n"
        "def failing(): raise ValueError('a|b\\nc')\n"
        "def skipped(): raise Skipped('no GPU')\n"
        "def slow(): return Measured([0.4, 0.5, 0.6], 'slow')\n"
        "def fast(): return Measured([1.4, 1.5, 1.6])\n"
        "assert [attempt(row, measure) for measure in (slow, fast, failing, skipped)] == [\n"
        "    ('| speed | 0.50 × | 0.45–0.55 | ≥ 1 | missed; slow |', False),\n"
        "    ('| speed | 1.50 × | 1.45–1.55 | ≥ 1 |  |', True),\n"
        "    ('| speed |  |  | ≥ 1 | failed: ValueError: a\\\\|b c |', False),\n"
        "    ('| speed |  |  | ≥ 1 | skipped: no GPU |', True),\n"
        "]\n"
        "big = Row('memory', None, None, 5, '%')\n"
        "result = attempt(big, lambda: Measured([7]))\n"
        "assert result == ('| memory | 7.00 % |  | ≤ 5 | missed |', False)"
    )


def test_a_missed_target_ends_the_run_with_an_error():
    true(
        "import pytest\n"
        "import benchmarks.__main__ as bench\n"
        "from benchmarks.table import Measured, Row\n"
        "bench.ROWS = [Row('slow', None, 1.0), Row('fast', None, 0.1)]\n"
        "bench.in_a_process = lambda name: Measured([0.5])\n"
        "with pytest.raises(SystemExit, match='Targets missed: slow$'):\n"
        "    bench.main(['s'])\n"
        "bench.main(['fast'])"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's peak anew")
def test_a_row_is_measured_in_a_process_of_its_own():
    true(
        "import pytest\n"
        "from benchmarks.row import in_a_process\n"
        "from benchmarks.rows import MEMORY\n"
        "values, note = in_a_process(f'{MEMORY}, causal')\n"
        "assert len(values) == 1 and 0 <= values[0] < 10 and note.endswith('MiB')\n"
        "with pytest.raises(RuntimeError, match='KeyError: .tea'):\n"
        "    in_a_process('tea')"
    )


def test_unknown_words_are_an_error():
    result = run("-m", "benchmarks", "tea")
    assert result.returncode == 1
    assert "No row has the words tea" in result.stderr


def test_the_readme_has_every_row_with_its_target():
    true(
        "from benchmarks.__main__ import README, ROWS, with_table\n"
        "text = README.read_text('utf-8')\n"
        "table = [line.split(' | ') for line in text.splitlines() if line.startswith('| ')]\n"
        "found = {cells[0].removeprefix('| '): cells[3] for cells in table if len(cells) == 5}\n"
        "assert {row.name: row.target() for row in ROWS}.items() <= found.items()\n"
        "assert with_table(with_table(text, 'a'), 'b') == with_table(text, 'b')"
    )


def test_the_gpu_program_runs_small_and_has_all_rows(tmp_path):
    result = run("-m", "benchmarks.gpu", "--small", "--out", str(tmp_path / "table.md"))
    assert result.returncode == 0, result.stderr
    table = (tmp_path / "table.md").read_text("utf-8")
    assert table == result.stdout
    assert table.startswith("Tiny sizes, whose speeds mean nothing.")
    assert "failed" not in table
    true(
        "import sys\n"
        "from benchmarks.gpu.rows import rows\n"
        "from benchmarks.gpu.scale import FULL, TRIAL\n"
        f"lines = open({str(tmp_path / 'table.md')!r}, encoding='utf-8').read().splitlines()[4:]\n"
        "assert [line.split(' | ')[0] for line in lines] == [f'| {r.name}' for r in rows(TRIAL)]\n"
        "assert len([row for row in rows(FULL) if row.target()]) == 42"
    )


def test_a_wrong_kernel_stands_in_the_gpu_table(tmp_path):
    true(
        "import pytest, pathlib, attention_book as book\n"
        "import benchmarks.gpu.__main__ as bench\n"
        f"right, path = book.attention, pathlib.Path({str(tmp_path / 'table.md')!r})\n"
        "failing = 'empty rows, float64; .* float32; .* bfloat16; .* float16$'\n"
        "def broken(change, said):\n"
        "    def wrong(q, k, v, mask, causal):\n"
        "        return change(right(q, k, v, mask), q, mask.any(-1, keepdim=True))\n"
        "    book.attention = wrong\n"
        "    with pytest.raises(SystemExit, match=failing):\n"
        "        bench.main(['--small', '--out', str(path), 'empty rows'])\n"
        "    lines = path.read_text('utf-8').splitlines()[4:]\n"
        "    assert len(lines) == 4 and all(said in line for line in lines), lines\n"
        "broken(lambda out, q, sees: out * 1.2, 'missed; gradients')\n"
        "broken(lambda out, q, sees: out + ~sees, 'failed: AssertionError: a query that may see')\n"
        "broken(lambda out, q, sees: out + 0 * (q - q).sqrt().sum(), 'every gradient must be')"
    )


def test_one_more_token_is_timed_both_ways():
    true(
        "from attention_book import GPT\n"
        "from benchmarks.next_token import measure\n"
        "from benchmarks.sizes import TINY, config, ids_for\n"
        "model = GPT(config(TINY)).eval()\n"
        "times = measure(model, ids_for(TINY, 2, 9), least=0, count=3)\n"
        "assert len(times) == 2 and min(times) > 0, times"
    )


def test_chapter_9_shows_the_times_that_were_measured():
    lines = json.loads((ROOT / "benchmarks/next_token.json").read_text("utf-8"))
    chapter = (ROOT / "chapters/09-kv-cache.ipynb").read_text("utf-8")
    assert [line["texts"] for line in lines] == [1, 1, 64]
    for line in lines:
        for times in (line["tokens"], line["cached ms"], line["uncached ms"]):
            assert str(times) in chapter


def test_whole_texts_are_measured_in_three_ways(tmp_path):
    out = tmp_path / "curves.json"
    for _ in range(2):  # the second run renews the line of the first
        result = run("-m", "benchmarks.gpu.curves", "--small", "--out", str(out))
        assert result.returncode == 0, result.stderr
    (line,) = json.loads(out.read_text("utf-8"))
    assert line["tokens"] == [256, 512]
    for way in ("formula", "mask", "fused"):
        assert min(line[f"{way} ms"]) > 0
    assert line["formula MiB"] == pytest.approx([9, 34], abs=0.1)
    assert line["fused MiB"] == pytest.approx([1, 2], abs=0.1)


def test_chapter_17_shows_the_curves_that_were_measured():
    lines = json.loads((ROOT / "benchmarks/gpu/curves.json").read_text("utf-8"))
    chapter = (ROOT / "chapters/17-never-write-the-map.ipynb").read_text("utf-8")
    shown = " ".join(re.findall(r"\d+\.\d+", chapter))
    assert len(lines) == 2
    for line in lines:
        for curve in (
            f"{way} {unit}" for way in ("formula", "mask", "fused") for unit in ("ms", "MiB")
        ):
            assert " ".join(map(str, line[curve])) in shown, curve
