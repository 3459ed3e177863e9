"""One of the processes: it joins the others, runs the program, and leaves a note of an error."""

import json
import os
import runpy
import sys
import time
from datetime import timedelta
from pathlib import Path

from torch import distributed


def main(folder, seconds):
    try:
        distributed.init_process_group("gloo", timeout=timedelta(seconds=float(seconds)))
        runpy.run_path(str(folder / "program.py"), run_name="__main__")
        distributed.destroy_process_group()
    except BaseException as error:
        if isinstance(error, SystemExit) and not error.code:
            raise
        note = [time.time(), f"{type(error).__name__}: {error}"]
        (folder / f"error-{os.environ['RANK']}").write_text(json.dumps(note), "utf-8")
        os._exit(1)  # without waiting for the others, who may wait for this one


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
