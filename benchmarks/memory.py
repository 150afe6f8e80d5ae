"""Memory of a simulated chip, and the time it takes to start one.

    ./tilewright run benchmarks/memory.py

Adds tensors of 1 GiB together on every core of a p150 and prints the peak of
resident memory of a process that does nothing else: with the caller's own arrays,
and without them. Then runs a program of one tile again and again; the least time
is what a launch costs when nothing is computed: a new chip, kernels built before.
"""

import argparse
import os
import resource
import subprocess
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "examples"))

MIB = 2**20


def peak() -> float:
    """Peak of this process's resident memory in MiB (ru_maxrss counts KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(rows: int, columns: int) -> None:
    import add
    import ml_dtypes
    import numpy as np

    kernel = add.add_lazy(rows, columns, 256, 256, "bfloat16")
    a = np.ones((rows, columns), ml_dtypes.bfloat16)
    b = np.full((rows, columns), 2, ml_dtypes.bfloat16)
    before = peak()
    c = kernel(a, b)
    after = peak()
    if not np.all(c.view(np.uint16) == np.asarray(3, ml_dtypes.bfloat16).view(np.uint16)):
        sys.exit("the sum is wrong")
    own = (a.nbytes + b.nbytes + c.nbytes) / MIB
    print(f"p150, {kernel.cores} cores, {own:.0f} MiB of tensors: peak {after:.0f} MiB,")
    print(f"  of which {before:.0f} MiB were there before the call (both inputs among them);")
    print(f"  chip, launch and output took {after - before:.0f} MiB; goal below 2048 MiB")


def start_up(repeat: int) -> None:
    import add
    import ml_dtypes
    import numpy as np

    for device in ("n150", "p150"):
        os.environ["TILEWRIGHT_DEVICE"] = device
        kernel = add.add_lazy(32, 32, 32, 32, "bfloat16")
        a = np.ones((32, 32), ml_dtypes.bfloat16)
        kernel(a, a)
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            kernel(a, a)
            times.append((time.perf_counter() - start) * 1e3)
        print(f"{device}, one tile: least {min(times):.1f} ms; goal below 50 ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=16384)
    parser.add_argument("--columns", type=int, default=10912)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        memory(options.rows, options.columns)
        return
    command = [sys.executable, "-m", "tilewright", "run", "--device", "p150", __file__, "--child"]
    command += ["--rows", str(options.rows), "--columns", str(options.columns)]
    env = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"))
    sys.exit(subprocess.run(command, env=env).returncode or start_up(options.repeat))


if __name__ == "__main__":
    main()
