"""Prove the committed outputs: `python -m tools.strict_nbval [--others] [for pytest]`.

Once as this machine computes; with `--others`, as three other machines do. The options for pytest
end with the notebooks' paths; without any, it takes all chapters.
"""

import os
import subprocess
import sys

from tools import settings
from tools.execute import CELL_TIMEOUT, CHAPTERS, LATE

OLD = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
OLD |= {"ONEDNN_MAX_CPU_ISA": "SSE41", "OPENBLAS_CORETYPE": "Nehalem"}
OWN = {"OMP_NUM_THREADS": "1"}
OTHERS = [
    {"OMP_NUM_THREADS": "2"},
    {"OMP_NUM_THREADS": "1", **OLD},
    {"OMP_NUM_THREADS": "2", **OLD, "ATEN_CPU_CAPABILITY": "avx2"},
]
NBVAL = f"""
    --nbval --nbval-current-env -p no:cacheprovider -q
    --nbval-cell-timeout={CELL_TIMEOUT} --nbval-kernel-startup-timeout={10 * LATE}
""".split()
PICTURES_TOO = "-p tests.notebooks.fresh".split()
ONE_KERNEL_EACH = "-n 2 --dist=loadscope --no-loadscope-reorder".split()
LONGEST_FIRST = sorted(map(str, CHAPTERS.glob("*.ipynb")), reverse=True)  # nearly


def passes(setting: dict[str, str], arguments: list[str]) -> bool:
    """Whether every cell, run again under the setting, shows what the file says it shows."""
    print(*(f"{name}={value}" for name, value in setting.items()), flush=True)
    command = [sys.executable, "-m", "pytest", *NBVAL, *PICTURES_TOO, *ONE_KERNEL_EACH, *arguments]
    with settings.nobodys() as environment:
        return subprocess.run(command, env=os.environ | setting | environment).returncode == 0


def main(arguments: list[str]) -> None:
    others = arguments[:1] == ["--others"]
    arguments = arguments[others:] or LONGEST_FIRST
    if not all(passes(setting, arguments) for setting in (OTHERS if others else [OWN])):
        sys.exit("The committed outputs are not what the notebooks show: see above.")


if __name__ == "__main__":
    main(sys.argv[1:])
