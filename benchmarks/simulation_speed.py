"""Wall time of simulated programs: the 1024^3 GEMM, and a cold process.

./tilewright run benchmarks/simulation_speed.py
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
EXAMPLES = os.path.join(ROOT, "examples")
sys.path.insert(0, EXAMPLES)

import gemm  # noqa: E402
import ml_dtypes  # noqa: E402
import report  # noqa: E402


def gemm_call(size: int) -> None:
    kernel = gemm.matmul(size, size, size, 128, 128, 64)
    a = report.random_array((size, size), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((size, size), ml_dtypes.bfloat16, seed=2)
    for label in ("first call", "second call"):
        start = time.perf_counter()
        kernel(a, b)
        wall = time.perf_counter() - start
        cycles = kernel.last_run.cycles
        print(f"  {label:<12} {wall:6.2f} s, {cycles} cycles, {kernel.cores} cores")


def process(cache: str | None) -> float:
    """Seconds from the start of a process to the PASS of add.py at 256 x 256."""
    env = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"))
    if cache:
        env["TILEWRIGHT_CACHE_DIR"] = cache
    command = [sys.executable, "-m", "tilewright", "run", os.path.join(EXAMPLES, "add.py")]
    command += ["--M", "256", "--N", "256", "--style", "lazy", "--out", tempfile.mkdtemp()]
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024)
    options = parser.parse_args()
    print(f"GEMM {options.size}^3, bf16, with data and time (goal 2 s, at most 5 s)")
    gemm_call(options.size)
    with tempfile.TemporaryDirectory() as cache:
        cold = process(cache)
        warm = min(process(cache) for _ in range(3))
    print("add.py at 256 x 256, process start to PASS")
    print(f"  cold         {cold:6.2f} s (at most 3 s)")
    print(f"  warm         {warm:6.2f} s (at most 1.5 s)")


if __name__ == "__main__":
    main()
