"""Prove the committed outputs under four CPU settings: `python -m tools.strict_nbval [paths]`."""

import os
import subprocess
import sys

from tools import settings

SETTINGS = [
    {"OMP_NUM_THREADS": threads, "ATEN_CPU_CAPABILITY": capability}
    for threads in ("1", "2")
    for capability in ("default", "avx2")
]
NBVAL = "--nbval --nbval-current-env --nbval-cell-timeout=120 -p no:cacheprovider -q".split()
ONE_KERNEL_EACH = "-n 2 --dist=loadscope".split()


def passes(setting: dict[str, str], paths: list[str]) -> bool:
    """Whether every cell, run again under the setting, prints what the file says it prints."""
    command = [sys.executable, "-m", "pytest", *NBVAL, *ONE_KERNEL_EACH, *paths]
    with settings.nobodys() as environment:
        return subprocess.run(command, env=os.environ | setting | environment).returncode == 0


def main(paths: list[str]) -> None:
    for setting in SETTINGS:
        print(*(f"{name}={value}" for name, value in setting.items()), flush=True)
        if not passes(setting, paths):
            sys.exit("The committed outputs are not what the notebooks print: see above.")


if __name__ == "__main__":
    main(sys.argv[1:] or ["chapters"])
