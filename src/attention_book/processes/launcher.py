"""PyTorch's launcher, told to stay on this machine; it leaves a note of the processes that died."""

import json
import sys
from pathlib import Path

from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.run import parse_args, run

from .inside import HERE


def main(folder, n, seconds):
    meeting = ["--rdzv-backend=c10d", f"--rdzv-endpoint={HERE}:0", f"--local-addr={HERE}"]
    worker = ["-m", f"{__spec__.parent}.worker", str(folder), seconds]
    size = ["--rdzv-id=book", "--nnodes=1", f"--nproc-per-node={n}"]
    try:
        run(parse_args([*meeting, *size, *worker]))
    except ChildFailedError as error:
        codes = {rank: failure.exitcode for rank, failure in error.failures.items()}
        (folder / "failures").write_text(json.dumps(codes), "utf-8")
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
